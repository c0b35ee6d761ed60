"""What all unit tests share: no sockets, and no settings of the machine they run on."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
import pytest_socket


@pytest.fixture(autouse=True)
def _no_sockets() -> Iterator[None]:
    # asyncio's own loop needs a pair of local sockets.
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    # Made by what writes to it.
    folder = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("MVSEP_CACHE_DIR", str(folder / secrets.token_hex(8)))
    monkeypatch.delenv("MVSEP_API_TOKEN", raising=False)
    monkeypatch.delenv("MVSEP_BASE_URL", raising=False)
