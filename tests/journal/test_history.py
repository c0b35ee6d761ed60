"""How long jobs took tells how long the next one is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mvsep import Journal
from tests.scenes import CREATED, VOCALS, answer
from tests.wire import Do, Wire, stored

PROCESSING = answer({"success": True, "status": "processing", "data": {}})


class Times:
    """A clock that a test sets."""

    now = 1e9

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def times() -> Times:
    return Times()


@pytest.fixture
def journal(tmp_path: Path, times: Times) -> Iterator[Journal]:
    with Journal(tmp_path / "journal", clock=times) as journal:
        yield journal


def took(journal: Journal, times: Times, *seconds: float, sep_type: int = 40) -> None:
    """Write down jobs that took so long."""
    for number, each in enumerate(seconds):
        key = f"{sep_type}-{times.now}-{number}"
        entry = journal.begin(
            key, name="a.wav", marker=None, sep_type=sep_type, host="h", account="", details={}
        )
        entry = journal.submitted(entry, key, "h")
        times.now += each
        journal.saved(entry, [])


def test_the_least_of_the_latest_jobs_of_a_type_counts(journal: Journal, times: Times) -> None:
    took(journal, times, 1, *[300] * 10, 90, *[300] * 9)
    took(journal, times, *[20] * 10, sep_type=48)

    assert journal.least_seconds(40) == 90
    assert journal.least_seconds(48) == 20
    took(journal, times, 60)
    assert journal.least_seconds(40) == 60


def test_a_few_jobs_tell_nothing(journal: Journal, times: Times) -> None:
    took(journal, times, 90, 80, 90, 90)

    assert journal.least_seconds(40) == 0


def test_a_job_is_left_alone_for_as_long_as_others_took(
    do: Do, journal: Journal, times: Times, tmp_path: Path
) -> None:
    took(journal, times, *[100] * 5)
    song = tmp_path / "song.wav"
    song.write_bytes(b"RIFF\0\0\0\0WAVE")
    wire = Wire(CREATED, PROCESSING, VOCALS, stored(vocals=b"RIFFvocals"))
    do(wire, "separate", song, 40, out=tmp_path / "stems", journal=journal)

    assert wire.slept == [30]
