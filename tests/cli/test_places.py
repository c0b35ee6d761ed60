"""Places on the command line: `~`, which shells leave in `--out=~/stems`, and no folder."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.scenes import DONE, FETCHED, HASH, STEMS, WHOLE, Run
from tests.wire import Wire


@pytest.fixture
def home(tmp_path: Path, song: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a song, and an empty working folder beside it."""
    folder, elsewhere = tmp_path / "home", tmp_path / "work"
    folder.mkdir()
    elsewhere.mkdir()
    song.rename(folder / "song.wav")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.chdir(elsewhere)
    return folder


def test_a_home_is_found_in_every_option(mvsep: Run, home: Path) -> None:
    asked = ["--type=40", "--format=wav", "--out=~/stems", "--journal=~/jobs.sqlite3"]
    code, out, _ = mvsep(Wire(*WHOLE), "separate", "~/song.wav", *asked)
    known, listed, _ = mvsep(None, "jobs", "--journal=~/jobs.sqlite3")

    assert (code, known) == (0, 0)
    assert out.splitlines() == [str(home / "stems" / f"song_{label}.wav") for label in STEMS]
    assert str(home / "song.wav") in listed
    assert list(Path.cwd().iterdir()) == []


def test_a_job_is_resumed_into_the_home(mvsep: Run, home: Path) -> None:
    code, out, _ = mvsep(Wire(DONE, FETCHED), "resume", HASH, "--out=~/stems")

    assert code == 0
    assert {Path(line).parent for line in out.splitlines()} == {home / "stems"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is worked in")
@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["separate", "{home}/song.wav", "--type=40"], 2, "--out"),
        (["separate", "song.wav", "--type=40", "--out={home}/stems"], 2, "no file song.wav"),
        (["separate", "{home}/song.wav", "--type=40", "--out={home}/stems"], 0, "2 stems in"),
        (["resume", HASH], 2, "--out"),
        (["jobs", "--journal=jobs.sqlite3"], 1, "jobs.sqlite3 can't be used"),
        (["jobs"], 0, "holds no job"),
        (["estimate", "{home}/song.wav", "--type=40"], 0, ""),
    ],
)
def test_a_working_folder_that_was_deleted_is_one_sentence_or_no_matter(
    mvsep: Run, home: Path, arguments: list[str], code: int, told: str
) -> None:
    Path.cwd().rmdir()
    answers = (DONE, FETCHED) if arguments[0] == "resume" else WHOLE
    ended, _, err = mvsep(Wire(*answers), *(each.format(home=home) for each in arguments))

    assert ended == code, err
    assert told in err
    assert "fault of mvsep" not in err
