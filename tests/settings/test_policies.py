"""A pace keeps the service's limit, and policies are such as can be meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import DownloadPolicy, InvalidInput, Pace, PollPolicy, RetryPolicy, calling


@given(st.lists(st.floats(0, 5), min_size=1, max_size=400), st.integers(1, 30))
def test_no_minute_holds_more_requests_than_allowed(gaps: list[float], burst: int) -> None:
    pace, now, sent = Pace(per_minute=100, burst=burst), 0.0, []
    for gap in gaps:
        now += gap
        now += pace.reserve(now)
        sent.append(now)

    for first in range(len(sent)):
        within = sum(1 for moment in sent[first:] if moment < sent[first] + 60 - 1e-6)
        assert within <= 100 + burst


def test_after_a_rest_some_go_out_at_once_and_the_next_one_waits() -> None:
    pace = Pace(per_minute=60, burst=3)

    assert [pace.reserve(100.0) for _ in range(5)] == [0, 0, 0, 1, 2]
    assert pace.reserve(200.0) == 0


def test_when_nothing_is_left_the_next_request_waits() -> None:
    pace = Pace(per_minute=60, burst=3)
    pace.told({"x-ratelimit-remaining": "0"}, 100.0)
    assert pace.reserve(100.0) >= 30

    pace = Pace(per_minute=60, burst=3)
    for left in ("5", "", "many", "-1"):
        pace.told({"x-ratelimit-remaining": left}, 100.0)
    assert pace.reserve(100.0) == 0


@pytest.mark.parametrize(
    ("make", "param"),
    [
        (lambda: RetryPolicy(attempts=0), "attempts"),
        (lambda: RetryPolicy(initial=-1), "initial"),
        (lambda: RetryPolicy(budget=float("nan")), "budget"),
        (lambda: PollPolicy(initial=0), "initial"),
        (lambda: PollPolicy(regular=float("inf")), "regular"),
        (lambda: PollPolicy(timeout="60"), "timeout"),
        (lambda: DownloadPolicy(largest=True), "largest"),
        (lambda: DownloadPolicy(patience=0), "patience"),
        (lambda: Pace(0), "per_minute"),
        (lambda: Pace(burst=1.5), "burst"),
        (lambda: calling(within=-1).__enter__(), "within"),
        (lambda: calling(retry=3).__enter__(), "retry"),
    ],
)
def test_a_policy_that_can_t_be_meant_is_refused_by_name(
    make: Callable[[], object], param: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make()

    assert refused.value.param == param


def test_a_policy_without_end_is_one() -> None:
    assert RetryPolicy(budget=float("inf")).budget == PollPolicy(timeout=float("inf")).timeout
    assert Pace(float("inf")).reserve(0.0) == 0.0
