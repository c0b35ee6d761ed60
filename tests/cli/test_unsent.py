"""`mvsep resume` of songs that were never sent: nothing is paid for that nobody agreed to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal
from mvsep.journal.entry import State
from tests.cli.scenes import CREATED, DONE, FETCHED, Run, created, interrupt, user
from tests.wire import Wire, answer

#: The account is asked, and then all goes well.
ALL = (user(9), CREATED, DONE, FETCHED)


def nowhere(request: httpx.Request) -> httpx.Response:
    """The account has no job, neither in its queue nor in its history."""
    user = request.url.path == "/api/app/user"
    return answer({"success": True, "data": {"current_queue": []} if user else []})


def states() -> list[State]:
    with Journal(os.environ["MVSEP_JOURNAL"]) as journal:
        return [entry.state for entry in journal.entries()]


@pytest.fixture
def unsent(separate: Any) -> None:
    """A song whose upload was broken off before its begin."""
    separate(Wire(interrupt))
    assert states() == [State.INTENT]


@pytest.mark.usefixtures("unsent")
def test_without_a_terminal_an_unsent_song_is_left_and_the_line_to_send_it_is_named(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    wire = Wire(*ALL)
    code, out, err = mvsep(wire, "resume", "--out", tmp_path / "a b")
    told = json.loads(mvsep(wire, "resume", "--json")[1])

    assert (code, out) == (0, "")
    assert f"mvsep resume --out '{tmp_path / 'a b'}' --yes\n" in err
    assert (told["unsent"], told["next"]) == ([str(song)], "mvsep resume --json --yes")
    assert created(wire) == 0
    assert states() == [State.INTENT]


@pytest.mark.usefixtures("unsent")
@pytest.mark.parametrize(("word", "jobs"), [("n", 0), ("y", 1)])
def test_at_a_terminal_there_is_one_question_with_the_price(
    mvsep: Run, typed: Callable[[str], None], word: str, jobs: int
) -> None:
    typed(f"{word}\n")
    wire = Wire(*ALL)
    code, _, err = mvsep(wire, "resume")

    assert code == 0, err
    assert "1 song to separate for 2 credits." in err
    assert err.count("Send them?") == 1
    assert created(wire) == jobs
    assert states()[0] is (State.SAVED if jobs else State.INTENT)


@pytest.mark.usefixtures("unsent")
def test_yes_answers_the_question(mvsep: Run) -> None:
    wire = Wire(*ALL)

    assert mvsep(wire, "resume", "--yes")[0] == 0
    assert created(wire) == 1


@pytest.mark.usefixtures("unsent")
def test_jobs_tells_that_nothing_was_sent(mvsep: Run) -> None:
    (job,) = json.loads(mvsep(None, "jobs", "--json")[1])["jobs"]

    assert (job["state"], job["next"]) == ("intent", "mvsep resume")
    assert "Nothing was sent. Asks before" in job["note"]


def test_a_job_that_is_looked_for_in_vain_is_not_paid_for_unasked(
    mvsep: Run, separate: Any
) -> None:
    separate(Wire(answer("Bad Gateway", 502)))
    assert states() == [State.OFFERED]
    wire = Wire(nowhere)
    code, _, err = mvsep(wire, "resume")

    assert code == 2, err
    assert "Nothing was charged." in err
    assert created(wire) == 0
    assert states() == [State.OVER]
