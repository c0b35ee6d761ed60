"""The places for an account's jobs, which the workers of a journal share."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from mvsep.journal import Journal
from tests.postgres import RAN_OUT


def taken(stack: ExitStack, journal: Journal, most: int = 9, first: int = 2) -> int:
    """Take all places there are, and count them."""
    places, count = journal.places("account", first, most), 0
    while place := places.take():
        stack.push(place)
        count += 1
    return count


def test_workers_share_the_places_of_one_account(place: str, journal: Journal) -> None:
    with Journal(place) as other, ExitStack() as stack:
        assert taken(stack, journal) == 2
        assert other.places("account", 2, 9).take() is None
        assert other.places("another account", 2, 9).take()
        stack.close()
        assert taken(stack, other) == 2


def test_a_dead_workers_place_is_free_after_its_lease(
    place: str, journal: Journal, sql: Any
) -> None:
    with Journal(place) as other, ExitStack() as stack:
        taken(stack, journal)
        if not journal.is_shared:
            stack.close()  # as the system does
        else:
            sql(RAN_OUT)
        assert taken(stack, other) == 2


def test_places_grow_by_one_with_each_job_accepted_while_all_are_taken(
    place: str, journal: Journal
) -> None:
    places = journal.places("account", 2, 4)
    places.accepted()
    with Journal(place) as other, ExitStack() as stack:
        assert taken(stack, other) == 2  # one was free, so nothing was found out
        for more in (1, 1, 0):  # up to the most
            places.accepted()
            assert taken(stack, other, most=4) == more


def test_a_refusal_leaves_as_many_as_were_accepted_and_nobody_tries_more_for_a_while(
    place: str, journal: Journal
) -> None:
    with Journal(place, clock=lambda: 1000.0) as other, ExitStack() as stack:
        with ExitStack() as refused:
            assert taken(refused, journal, first=1) == 1
            assert taken(stack, journal, first=5) == 4
        journal.places("account", 5, 9).refused()
        other.places("account", 5, 9).accepted()
        stack.close()
        assert taken(stack, other, first=5) == 4
        other.places("account", 5, 9).accepted()
        stack.close()
        assert taken(stack, journal, first=5) == 4


def test_one_that_is_alone_and_refused_keeps_one_place(journal: Journal) -> None:
    with ExitStack() as stack:
        taken(stack, journal, first=1)
        stack.close()
        journal.places("account", 1, 9).refused()
        assert taken(stack, journal, first=1) == 1
