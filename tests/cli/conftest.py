"""What the tests of the command line share."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mvsep import MVSep
from mvsep.cli.app import run
from tests.cli.json_output import check_json, check_json_lines
from tests.cli.scenes import Run
from tests.wire import TOKEN, Wire


@pytest.fixture(autouse=True)
def _own_journal(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's own journal is touched."""
    monkeypatch.setenv("MVSEP_JOURNAL", str(tmp_path_factory.mktemp("data") / "journal.sqlite3"))


@pytest.fixture
def mvsep(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in front of a pretended service: its code, and what it wrote."""

    def running(wire: Wire | None, *arguments: object, token: str | None = TOKEN) -> Any:
        def connect(base_url: str | None, token: str | None = token, stored: bool = True) -> MVSep:
            assert wire is not None, "this command has no need of the service"
            return wire.client(token)

        words = [str(each) for each in arguments]
        code = run(words, connect=connect)
        out, err = capsys.readouterr()
        if "--json" in words and out:
            check_json(words[0], out)
        if "--json-lines" in words:
            check_json_lines(words[0], out)
        return code, out, err

    return running


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Two minutes of silence: more than one piece of an upload."""
    path = tmp_path / "song.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(120 * 8000))
    return path


@pytest.fixture
def separate(mvsep: Run, song: Path, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    def separating(wire: Wire, *more: object) -> tuple[int, str, str]:
        out = tmp_path / "stems"
        return mvsep(wire, "separate", song, "--type=40", "--format=wav", "--out", out, *more)

    return separating


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sit at a terminal, and type."""

    def typing(text: str) -> None:
        stdin = io.StringIO(text)
        monkeypatch.setattr(stdin, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", stdin)

    return typing
