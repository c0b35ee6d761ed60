from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mvsep.job_state import JobState
from mvsep.jobs.poll import PollSchedule
from mvsep.settings.policies import PollPolicy

POLICY = PollPolicy(initial=2, factor=1.5, maximum=10, far=30)
EVEN = 0.5


def waiting(place: int) -> JobState:
    return JobState("waiting", place=place, queue=100)


def chunks(done: int) -> JobState:
    return JobState("distributing", chunks_done=done, chunks_all=100)


def test_without_an_idea_of_the_end_the_pause_grows_to_its_maximum() -> None:
    tempo = PollSchedule(POLICY)

    assert [tempo.pause(0, EVEN) for _ in range(6)] == [2, 3, 4.5, 6.75, 10, 10]


def test_a_change_of_the_state_starts_with_short_pauses_again() -> None:
    tempo = PollSchedule(POLICY)
    tempo.note_state(JobState("waiting"), 0)
    [tempo.pause(0, EVEN) for _ in range(6)]
    tempo.note_state(JobState("processing"), 60)

    assert tempo.pause(60, EVEN) == 2


@pytest.mark.parametrize("state", [waiting, lambda left: chunks(100 - left)])
def test_the_pause_follows_how_fast_the_queue_or_the_chunks_move(state: object) -> None:
    tempo = PollSchedule(POLICY)
    tempo.note_state(state(100), 0)  # type: ignore[operator]
    assert not tempo.estimated
    tempo.note_state(state(90), 10)  # type: ignore[operator]  a second each: 90 s to go
    assert tempo.pause(10, EVEN) == 30
    tempo.note_state(state(8), 92)  # type: ignore[operator]  8 s to go
    assert 3 < tempo.pause(92, EVEN) < 5


def test_a_queue_that_grows_before_the_job_gives_no_estimate() -> None:
    tempo = PollSchedule(POLICY)
    for now, place in enumerate([10, 12, 15]):
        tempo.note_state(waiting(place), now)

    assert not tempo.estimated


def test_near_the_end_pauses_get_shorter_and_stay_above_the_first() -> None:
    tempo = PollSchedule(POLICY)
    tempo.note_state(waiting(5), 0)
    tempo.note_estimate(60, 0)

    now, pauses = 0.0, []
    while now < 60:
        pauses.append(tempo.pause(now, EVEN))
        now += pauses[-1]

    assert pauses == sorted(pauses, reverse=True)
    assert pauses[-1] == POLICY.initial


def test_past_the_estimate_the_usual_pauses_go_on() -> None:
    tempo = PollSchedule(POLICY)
    tempo.note_estimate(5, 0)

    assert [tempo.pause(now, EVEN) for now in (10, 12, 15)] == [2, 3, 4.5]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["waiting", "distributing", "merging"]),
            st.integers(0, 10**6),
            st.integers(0, 100),
            st.floats(0, 1e6),
        ),
        min_size=1,
    ),
    st.floats(0, 1),
)
def test_a_pause_is_never_shorter_or_longer_than_the_policy_allows(
    course: list[tuple[str, int, int, float]], chance: float
) -> None:
    tempo, now = PollSchedule(POLICY), 0.0
    for status, place, done, later in course:
        now += later
        tempo.note_state(JobState(status, place=place, chunks_done=done, chunks_all=100), now)
        pause = tempo.pause(now, chance)
        assert POLICY.initial * 0.9 <= pause <= POLICY.far * 1.1


@given(st.floats(0, 1), st.floats(0, 1))
def test_pauses_differ_from_client_to_client(one: float, other: float) -> None:
    assume(abs(one - other) > 1e-6)

    assert PollSchedule(POLICY).pause(0, one) != PollSchedule(POLICY).pause(0, other)
