"""One call pays for a song again; what becomes of it never lets a plain call pay."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, errors
from mvsep.journal.entry import State
from tests.journal.test_journal import begin
from tests.scenes import CREATED, HASH, VOCALS
from tests.wire import ACCOUNT, Do, Wire, answer, stored

SONG = b"RIFF\0\0\0\0WAVE"
FULL = answer({"success": False, "errors": ["You have unprocessed file in queue"]}, 400)
FAILED = answer({"success": True, "status": "failed", "data": {"message": "no stems"}})
STEM = stored(vocals=b"RIFFvocals")
SAVED, FRUITLESS = (CREATED, VOCALS, STEM), (CREATED, FAILED)


@pytest.fixture(name="journal")
def _journal(place: str) -> Any:
    with Journal(place) as journal:
        yield journal


def refused(do: Do, journal: Journal, **more: Any) -> None:
    with pytest.raises(errors.QueueFull):
        do(Wire(FULL), "separate", SONG, 40, again=True, journal=journal, **more)


def broken_off(do: Do, journal: Journal, **more: Any) -> None:
    """Leave what a process leaves that is killed in its upload."""
    begin(journal, journal.entries()[-1].key)


def lost(do: Do, journal: Journal, **more: Any) -> None:
    """Leave what a process leaves whose answer is lost, and that is killed then."""
    key = journal.entries()[-1].key
    account = journal.entries()[-1].account
    with journal.holding(key, "song"):
        journal.offered(begin(journal, key, account=account))


@pytest.mark.parametrize("meanwhile", [refused, broken_off, lost])
@pytest.mark.parametrize("first", [SAVED, FRUITLESS])
def test_what_became_of_asking_again_hides_no_job_that_was_paid(
    do: Do, journal: Journal, tmp_path: Path, first: Any, meanwhile: Any
) -> None:
    more: dict[str, Any] = {"journal": journal, "out": tmp_path / "stems"}
    with contextlib.suppress(errors.JobFailed):
        do(Wire(*first), "separate", SONG, 40, **more)
    meanwhile(do, **{**more, "overwrite": True})

    def reply(request: httpx.Request) -> httpx.Response:
        # No other job is in the history, and the queue is empty.
        is_user = request.url.path.endswith("user")
        return answer({"success": True, "data": {"current_queue": []} if is_user else []})

    wire = Wire(reply)
    if first is SAVED:
        for out in ("stems", "elsewhere"):
            given = {**more, "out": tmp_path / out, "overwrite": True}
            assert do(wire, "separate", SONG, 40, **given).already
    else:
        with pytest.raises(errors.JobError, match="gave no stems") as caught:
            do(wire, "separate", SONG, 40, **more)
        assert caught.value.hash == HASH
    assert "/api/separation/create" not in wire.paths
    assert journal.unfinished() == []


@pytest.mark.parametrize("meanwhile", [refused, broken_off])
def test_asking_again_after_that_pays_once(
    do: Do, journal: Journal, tmp_path: Path, meanwhile: Any
) -> None:
    more: dict[str, Any] = {"journal": journal, "out": tmp_path, "overwrite": True}
    do(Wire(*SAVED), "separate", SONG, 40, **more)
    meanwhile(do, **more)
    wire = Wire(ACCOUNT, *SAVED)

    assert not do(wire, "separate", SONG, 40, again=True, **more).already
    assert wire.paths.count("/api/separation/create") == 1
    states = [entry.state for entry in journal.entries()]
    assert states == [State.SAVED, State.OVER, State.SAVED]
