"""`mvsep jobs`."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.scenes import (
    CREATED,
    DONE,
    FAILED,
    FETCHED,
    HASH,
    WAITING,
    WHOLE,
    Run,
    interrupt,
)
from tests.wire import Wire, answer


@pytest.mark.parametrize(
    ("answers", "state", "step"),
    [
        ((CREATED, WAITING, interrupt), "submitted", f"mvsep resume {HASH}"),
        (WHOLE, "saved", "nothing (stems in "),
        ((CREATED, FAILED), "over", "mvsep separate --pay-again ("),
        ((answer({"success": False, "errors": ["no"]}, 400),), "over", "mvsep separate ("),
        ((answer("Bad Gateway", 502),), "offered", "mvsep resume (looks for the job)"),
    ],
)
def test_jobs_tells_what_to_do_next(
    mvsep: Run, separate: Any, song: Path, answers: Any, state: str, step: str
) -> None:
    separate(Wire(*answers))
    code, out, _ = mvsep(None, "jobs")
    cells = out.rstrip("\n").split("\t")

    assert code == 0
    assert cells[1:4] == [str(song), "40", state]
    assert cells[6].startswith(step)


def test_jobs_of_an_empty_journal(mvsep: Run) -> None:
    code, out, err = mvsep(None, "jobs")

    assert (code, out) == (0, "")
    assert "holds no job" in err


def test_one_entry_that_can_not_be_read_hides_no_other(
    mvsep: Run, separate: Any, tmp_path: Path
) -> None:
    separate(Wire(CREATED, WAITING, interrupt))
    other = tmp_path / "other.wav"
    other.write_bytes((tmp_path / "song.wav").read_bytes() + b"\0")
    lost = (CREATED, DONE, answer({}, 400))
    mvsep(Wire(*lost), "separate", other, "--type=40", "--out", tmp_path / "more")
    with sqlite3.connect(os.environ["MVSEP_JOURNAL"]) as journal:
        journal.execute("UPDATE entries SET state = 'later' WHERE id = 2")
    journal.close()

    code, out, err = mvsep(None, "jobs")
    assert (code, len(out.splitlines())) == (0, 1)
    assert "song.wav" in out
    assert "Entry 2 of the journal" in " ".join(err.split())

    told = json.loads(mvsep(None, "jobs", "--json")[1])
    assert [job["name"] for job in told["jobs"]] == ["song.wav"]
    assert [error["type"] for error in told["unreadable"]] == ["JournalError"]
    assert told["unreadable"][0]["hash"] == HASH

    code, out, err = mvsep(Wire(DONE, FETCHED), "resume")
    assert code == 1
    assert len(out.splitlines()) == 2
    assert "Entry 2 of the journal" in " ".join(err.split())
