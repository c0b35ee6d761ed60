"""Folders and a key ring of a test's own: no token of this machine is read, none is left there."""

from __future__ import annotations

from pathlib import Path

import pytest

#: platformdirs looks for these on Linux and macOS, and on Windows.
_FOLDERS = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA")


def isolate(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Lead this process and those it starts away from what the user keeps.

    Args:
        monkeypatch: It puts everything back.
        folder: Where the folders are made by what writes to them.
    """
    for name in _FOLDERS:
        monkeypatch.setenv(name, str(folder / name))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
