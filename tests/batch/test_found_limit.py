"""The limit of jobs at once, as a batch finds it."""

from __future__ import annotations

import pytest

from mvsep.batch.limits import FoundLimit
from mvsep.core.flow import run


class Closed:
    """A gate at which a test sees that a flow waits."""

    async def passed(self) -> None:
        raise TimeoutError

    def open(self) -> None:
        pytest.fail("Nobody waits.")


class Port:
    def gate(self) -> Closed:
        return Closed()


def has_place(limit: FoundLimit) -> bool:
    """Take a place, where there is one."""
    try:
        run(limit.acquire())
    except TimeoutError:
        return False
    return True


def filled(limit: FoundLimit) -> int:
    """Take all places there are, and return how many."""
    taken = 0
    while has_place(limit):
        taken += 1
        assert taken < 1000
    return taken


def test_it_grows_by_one_with_each_job_that_is_accepted_while_all_places_are_taken() -> None:
    limit = FoundLimit(Port(), 4, 6)
    assert filled(limit) == 4
    for more in (1, 1, 0):
        run(limit.succeeded())
        assert filled(limit) == more


def test_it_does_not_grow_while_there_are_places() -> None:
    limit = FoundLimit(Port(), 4, 64)
    run(limit.acquire())
    for _ in range(10):
        run(limit.succeeded())

    assert filled(limit) == 3


def test_a_refusal_leaves_what_was_accepted() -> None:
    limit = FoundLimit(Port(), 8, 64)
    filled(limit)

    assert run(limit.refused())  # another job ends sooner or later
    assert filled(limit) == 0
    run(limit.release())
    assert filled(limit) == 1


def test_a_single_job_that_is_refused_waits_for_no_other_one() -> None:
    limit = FoundLimit(Port(), 1, 1)
    filled(limit)

    assert not run(limit.refused())
    assert filled(limit) == 1


def test_after_each_refusal_it_tries_one_more_ever_more_rarely() -> None:
    limit, accepted = FoundLimit(Port(), 5, 64), []
    filled(limit)
    for _ in range(3):
        run(limit.refused())
        accepted.append(0)
        while not has_place(limit):
            run(limit.succeeded())
            accepted[-1] += 1

    assert accepted == [10, 20, 40]


def test_jobs_that_exist_already_count() -> None:
    limit = FoundLimit(Port(), 2, 2)
    for _ in range(3):
        run(limit.occupy())

    assert filled(limit) == 0
    run(limit.release())
    run(limit.release())
    assert filled(limit) == 1
