"""The other package whose command is `mvsep`."""

from __future__ import annotations

import importlib.metadata
import sys

import pytest

from mvsep.cli.other_mvsep import mention_other


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the packages that are installed."""
    found = {"mvsep-cli"}

    def distribution(name: str) -> object:
        if name not in found:
            raise importlib.metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(importlib.metadata, "distribution", distribution)
    return found


@pytest.mark.usefixtures("terminal")
def test_it_is_mentioned_once(
    capsys: pytest.CaptureFixture[str], installed: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed.clear()
    mention_other()
    assert capsys.readouterr().err == ""

    installed.add("mvsep-cli")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    mention_other()
    mention_other()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "`mvsep-sdk`, or `python -m mvsep`" in said


def test_a_program_that_reads_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    mention_other()

    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("terminal")
def test_what_can_not_be_remembered_is_not_said(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", __file__)
    mention_other()

    assert capsys.readouterr().err == ""
