"""The journal has the second hash of a link's job as soon as the job does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mvsep import Journal, errors
from mvsep.journal.entry import State
from tests.jobs.ends import ENDS, raising, reaching
from tests.scenes import HASH, VOCALS, WAITING
from tests.wire import Do, Wire, answer, stored

LINK = "https://example.com/song.wav"
FIRST = "n2AwBjy4KsFZfqqR"
CREATED = answer({"success": True, "data": {"hash": FIRST, "link": "https://mvsep.com/x"}})
TURNED = answer({"success": True, "status": "done", "data": {"hash": HASH}})


@pytest.fixture(name="journal")
def _journal(place: str) -> Any:
    with Journal(place) as journal:
        yield journal


def test_a_wait_that_runs_out_leaves_it_the_hash_to_go_on_with(
    do: Do, journal: Journal, tmp_path: Path
) -> None:
    kept = {"journal": journal, "out": tmp_path / "stems"}
    with pytest.raises(errors.JobTimeout):
        do(Wire(CREATED, TURNED, WAITING), "separate", LINK, 40, timeout=0, **kept)
    (entry,) = journal.unfinished()
    assert entry.hash == HASH

    wire = Wire(VOCALS, stored(vocals=b"RIFF"))
    do(wire, "separate", LINK, 40, **kept)
    assert wire.requests[0].url.params["hash"] == HASH
    assert journal.by_hash(HASH) == journal.latest(entry.key)
    assert [each.state for each in journal.entries()] == [State.SAVED]


@pytest.mark.parametrize("end", [*ENDS, ZeroDivisionError])
def test_whatever_ends_the_wait_before_a_state_leaves_it_the_hash(
    do: Do, asynchronous: bool, journal: Journal, tmp_path: Path, end: type[BaseException]
) -> None:
    end = reaching(end, asynchronous)
    wire = Wire(CREATED, TURNED, raising(end))
    with pytest.raises(end):
        do(wire, "separate", LINK, 40, journal=journal, out=tmp_path / "stems")

    assert [entry.hash for entry in journal.unfinished()] == [HASH]


def test_it_has_the_hash_when_the_next_state_is_told(
    do: Do, journal: Journal, tmp_path: Path
) -> None:
    told = []

    def on_state(_: object) -> None:
        told.extend(entry.hash for entry in journal.unfinished())

    wire = Wire(CREATED, WAITING, TURNED, WAITING, VOCALS, stored(vocals=b"RIFF"))
    do(wire, "separate", LINK, 40, journal=journal, out=tmp_path / "stems", on_state=on_state)

    assert told == [FIRST, HASH, HASH]
