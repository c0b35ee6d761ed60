"""`mvsep jobs`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.scenes import CREATED, FAILED, HASH, WAITING, WHOLE, Run, interrupt
from tests.wire import Wire, answer


@pytest.mark.parametrize(
    ("answers", "state", "step"),
    [
        ((CREATED, WAITING, interrupt), "submitted", f"mvsep resume {HASH}"),
        (WHOLE, "saved", "nothing (stems in "),
        ((CREATED, FAILED), "over", "mvsep separate --again ("),
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
