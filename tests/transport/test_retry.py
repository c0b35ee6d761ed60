"""The rules of sending again: what, how often, and after which pause."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import RetryPolicy
from mvsep.transport.retry import LONGEST, pause, retry_after

CHANCES = st.floats(0, 1)


@given(st.integers(1, 50), st.floats(0, 100), CHANCES)
def test_a_pause_never_exceeds_what_the_policy_allows(n: int, spent: float, chance: float) -> None:
    policy = RetryPolicy(attempts=9, initial=0.5, factor=2, maximum=8, budget=30)
    wait = pause(policy, n, spent, None, chance)

    assert (wait is None) or (0 < wait <= 8 and spent + wait <= 30 and n < 9)


def test_what_the_service_asks_for_is_waited_unless_it_is_an_outage() -> None:
    policy = RetryPolicy(budget=1000)

    assert pause(policy, 1, 0, 17, 0.3) == 17
    assert pause(policy, 1, 0, 0, 0.3) == 0
    assert pause(policy, 1, 0, LONGEST + 1, 0.3) is None
    assert pause(RetryPolicy(budget=10), 1, 0, 17, 0.3) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("17", 17),
        (" 0 ", 0),
        ("999999999999999999999", 999999999),
        (formatdate(1090, usegmt=True), 90),
        (formatdate(900, usegmt=True), 0),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
        ("Thu, 99 Foo 2026", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"RETRY-AFTER": text}, now=1000) == seconds


def test_a_date_to_wait_until_counts_from_the_date_of_the_answer_itself() -> None:
    headers = {"Retry-After": formatdate(1090, usegmt=True), "date": formatdate(1060, usegmt=True)}

    assert retry_after(headers) == 30
    assert retry_after(headers, now=10**9) == 30
