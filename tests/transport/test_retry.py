"""The rules of sending again: what, how often, and after which pause."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import RetryPolicy
from mvsep.transport.request import may_repeat
from mvsep.transport.retry import LONGEST, pause, retry_after

CHANCES = st.floats(0, 1)


@given(st.integers(1, 50), st.floats(0, 100), CHANCES)
def test_a_pause_never_exceeds_what_the_policy_allows(n: int, spent: float, chance: float) -> None:
    policy = RetryPolicy(attempts=9, initial=0.5, factor=2, maximum=8, budget=30)
    wait = pause(policy, n, spent, None, chance)

    assert (wait is None) or (0 < wait <= 8 and spent + wait <= 30 and n < 9)


@given(CHANCES)
def test_pauses_grow_and_end(chance: float) -> None:
    policy = RetryPolicy()
    waits, spent = [], 0.0
    for attempt in range(1, 100):
        wait = pause(policy, attempt, spent, None, chance)
        if wait is None:
            break
        waits.append(wait)
        spent += wait

    assert len(waits) == policy.attempts - 1
    assert waits == sorted(waits)


def test_what_the_service_asks_for_is_waited_unless_it_is_an_outage() -> None:
    policy = RetryPolicy(budget=1000)

    assert pause(policy, 1, 0, 17, 0.3) == 17
    assert pause(policy, 1, 0, 0, 0.3) == 0
    assert pause(policy, 1, 0, LONGEST + 1, 0.3) is None
    assert pause(RetryPolicy(budget=10), 1, 0, 17, 0.3) is None


def test_creating_a_separation_is_not_repeatable_and_reading_is() -> None:
    for path in ("separation/create", "app/login", "app/register", "quality_checker/add"):
        assert not may_repeat("POST", f"/api/{path}")
    for path in ("separation/cancel", "separation/delete", "app/enable_premium"):
        assert may_repeat("POST", f"/api/{path}")
    assert may_repeat("GET", "/storage/x.wav")


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


@given(st.text())
def test_any_text_in_retry_after_is_a_number_or_nothing(text: str) -> None:
    found = retry_after({"Retry-After": text}, now=0)

    assert found is None or found >= 0
