"""Standard output and standard error that can't take what is written."""

from __future__ import annotations

import errno
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mvsep.cli.app import run
from tests.cli.scenes import DONE, FETCHED, HASH, WHOLE, user
from tests.wire import Wire, answer

FULL = OSError(errno.ENOSPC, "No space left on device")
FAULTS = {
    "full": FULL,
    "gone": BrokenPipeError(errno.EPIPE, "Broken pipe"),
    "hung up": OSError(errno.EIO, "Input/output error"),
    "busy": BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
    "closed": ValueError("I/O operation on closed file"),
}


class Broken(io.StringIO):
    """A stream that fails when something is written."""

    def __init__(self, fault: Exception, *, terminal: bool = False) -> None:
        super().__init__()
        self.fault, self.terminal = fault, terminal

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        if text:
            raise self.fault
        return 0


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """Run a command over the streams given; by default over two that keep all."""

    def running(
        wire: Wire, *arguments: object, out: Any = "whole", err: Any = "whole"
    ) -> tuple[int, str, str]:
        out, err = (io.StringIO() if each == "whole" else each for each in (out, err))
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        code = run([str(each) for each in arguments], connect=lambda base_url: wire.client())
        return code, *(each.getvalue() if each else "" for each in (out, err))

    return running


@pytest.fixture
def asked(song: Path, tmp_path: Path) -> list[object]:
    return ["separate", song, "--type=40", "--format=wav", "--out", tmp_path / "stems"]


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_job_goes_on_when_its_progress_can_not_be_shown(
    over: Any, asked: list[object], tmp_path: Path, fault: str, terminal: bool
) -> None:
    code, out, _ = over(Wire(*WHOLE), *asked, err=Broken(FAULTS[fault], terminal=terminal))

    assert code == 0
    assert [Path(line).read_bytes() for line in out.splitlines()] == [b"one", b"three"]


def test_a_job_goes_on_without_any_standard_error(over: Any, asked: list[object]) -> None:
    code, out, _ = over(Wire(*WHOLE), *asked, err=None)

    assert (code, len(out.splitlines())) == (0, 2)


@pytest.mark.parametrize("more", [[], ["--json"], ["--quiet"]])
@pytest.mark.parametrize("fault", FAULTS)
def test_stems_whose_paths_can_not_be_written_are_told_on_standard_error(
    over: Any, asked: list[object], tmp_path: Path, fault: str, more: list[str]
) -> None:
    code, _, err = over(Wire(*WHOLE), *asked, *more, out=Broken(FAULTS[fault]))

    assert code == 1
    assert "Standard output can't be written" in err
    assert HASH in err
    assert str(tmp_path / "stems") in err
    assert "fault of mvsep" not in err
    assert (tmp_path / "stems" / "song_Vocals.wav").read_bytes() == b"one"


def test_with_several_songs_each_has_its_word_when_the_paths_can_not_be_written(
    over: Any, asked: list[object], tmp_path: Path
) -> None:
    more = ["no-such-song.wav", "--yes", "--queue-timeout=0", "--jobs=1"]
    code, _, err = over(Wire(*WHOLE), *asked, *more, out=Broken(FULL))

    assert code == 1
    assert "There is no file" in err
    assert HASH in err


@pytest.mark.parametrize("end", ["cancel", "delete"])
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_an_end_that_can_not_be_written_is_told_on_standard_error(
    over: Any, end: str, more: list[str]
) -> None:
    wire = Wire(answer({"success": True, "message": "ok"}))
    yes = ["--yes"] if end == "delete" else []
    code, _, err = over(wire, end, HASH, *yes, *more, out=Broken(FULL))

    assert code == 1
    assert f"The job {HASH} was {end.removesuffix('e')}" in err


@pytest.mark.parametrize(
    "arguments", [["types"], ["show", "40"], ["account"], ["jobs", "--json"], ["--help"]]
)
def test_a_reader_that_has_read_enough_is_told_nothing(over: Any, arguments: list[str]) -> None:
    code, _, err = over(Wire(user(7)), *arguments, out=Broken(FAULTS["gone"]))

    assert (code, err) == (1, "")


@pytest.mark.parametrize(
    "arguments", [["types"], ["types", "--json"], ["estimate", "--json"], ["--help"], ["show", "x"]]
)
def test_a_full_disk_is_one_sentence(over: Any, arguments: list[str]) -> None:
    code, _, err = over(Wire(), *arguments, out=Broken(FULL))

    assert code in (1, 2)
    assert err.startswith(("Error: ", "Usage: "))
    assert "fault of mvsep" not in err


@pytest.mark.parametrize("kind", [None, "closed"])
def test_nothing_is_sent_while_standard_output_is_closed(
    over: Any, asked: list[object], kind: str | None
) -> None:
    wire = Wire(*WHOLE)
    code, _, err = over(wire, *asked, out=Shut() if kind else None)

    assert code == 2
    assert "Standard output can't be written: it is closed." in err
    assert wire.requests == []


class Shut(io.StringIO):
    """A closed stream, which holds nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.close()

    def getvalue(self) -> str:
        return ""


class Encoded(io.TextIOWrapper):
    """A pipe of another encoding, as on Windows."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="\n")

    def getvalue(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "shift_jis", "cp437"])
def test_a_path_that_the_encoding_lacks_is_written_with_its_numbers_after_paying(
    over: Any, asked: list[object], song: Path, tmp_path: Path, encoding: str
) -> None:
    named = song.rename(tmp_path / "sóng ♫ 歌🎵.wav")
    asked[1] = named
    code, out, err = over(Wire(*WHOLE), *asked, out=Encoded(encoding))
    told = over(Wire(*WHOLE), *asked, "--json", out=Encoded(encoding))[1]

    assert code == 0
    paths = [tmp_path / "stems" / f"sóng ♫ 歌🎵_{label}.wav" for label in ("Vocals", "Other")]
    assert [path.read_bytes() for path in paths] == [b"one", b"three"]
    expected = [str(path).encode(encoding, "backslashreplace").decode(encoding) for path in paths]
    assert out.splitlines() == expected
    assert f"{encoding} lacks some characters" in err
    assert [file["path"] for file in json.loads(told)["songs"][0]["files"]] == list(map(str, paths))


def test_a_path_that_the_encoding_has_is_written_as_it_is(
    over: Any, asked: list[object], song: Path, tmp_path: Path
) -> None:
    asked[1] = song.rename(tmp_path / "Sängerin.wav")
    _, out, err = over(Wire(*WHOLE), *asked, out=Encoded("cp1252"))

    assert [Path(line).exists() for line in out.splitlines()] == [True, True]
    assert "lacks" not in err


@pytest.mark.parametrize("name", ["♫.wav", "歌.wav", "\u202e.wav"])
@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_every_command_writes_a_name_that_the_encoding_lacks(
    over: Any, asked: list[object], song: Path, tmp_path: Path, name: str, encoding: str
) -> None:
    asked[1] = song.rename(tmp_path / name)
    streams = {"out": Encoded(encoding), "err": Encoded(encoding)}

    assert over(Wire(*WHOLE), *asked, **streams)[0] == 0
    for arguments in (
        ["jobs"],
        ["resume", HASH, "--overwrite"],
        ["estimate", asked[1], "--type=40"],
    ):
        assert over(Wire(DONE, FETCHED), *arguments, **streams)[0] == 0


def test_a_table_fits_a_terminal_of_another_encoding(over: Any) -> None:
    class Terminal(Encoded):
        def isatty(self) -> bool:
            return True

    code, out, err = over(Wire(), "types", out=Terminal("cp1252"))

    assert (code, err) == (0, "")
    assert "\\u" not in out
