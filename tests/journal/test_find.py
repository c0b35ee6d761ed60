"""The names that people give an attempt, and the attempts that are forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from mvsep.errors import InvalidInput
from mvsep.journal import Entry, Journal, State
from tests.journal.test_journal import begin, stem

FIRST = "20260131145833-a0bb276157-song.wav"
SECOND = "20260131145834-b0bb276157-song_100%.wav"
HOST = "https://mvsep.com"


@pytest.fixture
def two(journal: Journal) -> tuple[Entry, Entry]:
    """Two attempts with jobs, of which the second is the latest."""
    first = journal.submitted(begin(journal, "one"), FIRST, HOST)
    return first, journal.submitted(begin(journal, "two"), SECOND, HOST)


@pytest.mark.parametrize(
    ("name", "which"),
    [
        (FIRST, 0),
        (SECOND, 1),
        ("last", 1),
        ("20260131145833", 0),
        (SECOND[:-4], 1),
        ("20260131145834-b0bb276157-song_100%.wav.not", None),
        ("%", None),
        ("30", None),
        ("", None),
        ("Last", None),
    ],
)
def test_an_attempt_is_found_by_each_of_its_names(
    journal: Journal, two: tuple[Entry, Entry], name: str, which: int | None
) -> None:
    found = journal.find(name)
    assert (found and found.id) == (None if which is None else two[which].id)


def test_the_number_of_an_attempt_stays_its_own(journal: Journal, two: tuple[Any, Any]) -> None:
    begin(journal, "three")
    assert [journal.find(str(each.id)) for each in two] == list(two)


def test_the_start_of_several_hashes_names_them_all(journal: Journal, two: object) -> None:
    with pytest.raises(InvalidInput) as caught:
        journal.find("20260131")
    assert FIRST in caught.value.message
    assert SECOND in caught.value.message


def test_two_attempts_of_one_job_are_no_two_jobs(journal: Journal, two: tuple[Any, Any]) -> None:
    journal.over(two[0], "It is gone.")
    again = journal.submitted(begin(journal, "one"), FIRST, HOST)
    assert journal.find(FIRST[:20]) == again


def test_of_an_empty_journal_nothing_is_the_last(journal: Journal) -> None:
    assert journal.find("last") is None


def test_only_what_is_wanted_is_listed_up_to_the_limit(
    journal: Journal, two: tuple[Any, Any]
) -> None:
    for number in range(3):
        journal.over(begin(journal, f"over {number}"), "Refused.")
    submitted = journal.entries(1, where=lambda entry: entry.state is State.SUBMITTED)
    assert submitted == [two[1]]
    assert len(journal.entries(2)) == 2


@pytest.fixture
def each_state(journal: Journal, tmp_path: Path) -> dict[str, Entry]:
    """An attempt in each state, those that are over with a job and without one."""

    def submitted(key: str) -> Entry:
        return journal.submitted(begin(journal, key), f"{key}.wav", HOST)

    return {
        "intent": begin(journal, "intent"),
        "offered": _offered(journal),
        "submitted": submitted("submitted"),
        "saved": journal.saved(submitted("saved"), [stem(tmp_path)]),
        "refused": journal.over(begin(journal, "refused"), "Refused."),
        "failed": journal.over(submitted("failed"), "It failed."),
    }


def _offered(journal: Journal) -> Entry:
    with journal.holding("offered", "song"):
        return journal.offered(begin(journal, "offered"))


def test_no_attempt_that_keeps_a_song_from_being_paid_twice_is_forgotten(
    journal: Journal, each_state: dict[str, Entry]
) -> None:
    assert journal.forget(journal.entries()) == [each_state["refused"]]
    left = {entry.key for entry in journal.entries()}
    assert left == each_state.keys() - {"refused"}


def test_what_is_paid_is_forgotten_where_that_is_said_and_no_file_is_touched(
    journal: Journal,
    each_state: dict[str, Entry],
    sql: Callable[..., Sequence[Any]],
) -> None:
    gone = {entry.key for entry in journal.forget(journal.entries(), paid=True)}

    assert gone == {"saved", "refused", "failed"}
    assert {entry.key for entry in journal.entries()} == {"intent", "offered", "submitted"}
    assert [file.path.exists() for file in each_state["saved"].files] == [True]
    assert [tuple(row) for row in sql("SELECT count(*) FROM files")] == [(0,)]


def test_a_song_that_somebody_works_on_is_not_forgotten(
    journal: Journal, place: str, each_state: dict[str, Entry]
) -> None:
    with Journal(place) as other, other.holding("saved", "song"):
        gone = journal.forget([each_state["saved"], each_state["failed"]], paid=True)
    assert [entry.key for entry in gone] == ["failed"]


def test_an_attempt_that_changed_since_it_was_read_is_not_forgotten(
    place: str, tmp_path: Path
) -> None:
    ticks = iter(range(1000, 2000))
    with Journal(place, clock=lambda: float(next(ticks))) as journal:
        over = journal.over(begin(journal), "Refused.")
        journal.submitted(over, FIRST, HOST)  # its worker was late
        assert journal.forget([over], paid=True) == []
        assert journal.find("last") is not None


def test_the_number_of_a_removed_attempt_is_given_to_no_other(journal: Journal) -> None:
    over = journal.over(begin(journal), "Refused.")
    assert journal.forget([over]) == [over]

    assert begin(journal).id > over.id
    assert journal.find(str(over.id)) is None
