from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mvsep.job_state import JobState
from mvsep.jobs.poll import PollSchedule
from mvsep.settings.policies import PollPolicy

POLICY = PollPolicy(initial=12, regular=8, near=4, far=30)
EVEN = 0.5


def schedule(at_least: float = 0) -> PollSchedule:
    return PollSchedule(POLICY, at_least)


def waiting(place: int) -> JobState:
    return JobState("waiting", place=place, queue=100)


def chunks(done: int) -> JobState:
    return JobState("distributing", chunks_done=done, chunks_all=100)


def course(tempo: PollSchedule, until: float) -> list[float]:
    """Return the pauses from now until a moment."""
    now, pauses = 0.0, []
    while now < until:
        pauses.append(tempo.pause(now, EVEN))
        now += pauses[-1]
    return pauses


def test_without_an_idea_of_the_end_the_first_pause_is_long_and_the_others_are_even() -> None:
    assert course(schedule(), 40) == [12, 8, 8, 8, 8]


def test_a_change_of_the_status_begins_anew() -> None:
    tempo = schedule()
    tempo.note_state(JobState("waiting"), 0)
    course(tempo, 40)
    tempo.note_state(JobState("processing"), 60)

    assert [tempo.pause(now, EVEN) for now in (60, 72)] == [12, 8]


@pytest.mark.parametrize("status", ["merging", "converting", "done", "not_found"])
def test_what_comes_right_before_the_end_has_short_pauses(status: str) -> None:
    tempo = schedule(at_least=1000)
    tempo.note_state(JobState(status), 0)

    assert course(tempo, 8) == [4, 4]


def test_before_such_a_job_was_ever_done_pauses_are_as_long_as_may_be() -> None:
    assert course(schedule(at_least=70), 80) == [30, 30, 10, 8, 8]
    assert course(schedule(at_least=5), 20) == [12, 8]


def test_what_is_seen_of_a_job_counts_more_than_what_others_took() -> None:
    tempo = schedule(at_least=1000)
    tempo.note_state(waiting(5), 0)
    tempo.note_estimate(12, 0)

    assert tempo.pause(0, EVEN) == 6


@pytest.mark.parametrize("state", [waiting, lambda left: chunks(100 - left)])
def test_the_pause_follows_how_fast_the_queue_or_the_chunks_move(state: object) -> None:
    tempo = schedule()
    tempo.note_state(state(100), 0)  # type: ignore[operator]
    assert not tempo.estimated
    tempo.note_state(state(90), 10)  # type: ignore[operator]  a second each: 90 s to go
    assert tempo.pause(10, EVEN) == 30
    tempo.note_state(state(8), 92)  # type: ignore[operator]  8 s to go
    assert 3 < tempo.pause(92, EVEN) < 5


@pytest.mark.parametrize("state", [waiting, lambda left: chunks(100 - left)])
def test_a_step_that_takes_longer_does_not_put_off_the_estimated_end(state: object) -> None:
    tempo = schedule()
    tempo.note_state(state(10), 0)  # type: ignore[operator]
    tempo.note_state(state(9), 10)  # type: ignore[operator]  ten seconds each: the end is at 100
    for now in (60, 80):
        tempo.note_state(state(9), now)  # type: ignore[operator]
    assert tempo.pause(80, EVEN) == 10


def test_a_queue_that_grows_before_the_job_gives_no_estimate() -> None:
    tempo = schedule()
    for now, place in enumerate([10, 12, 15]):
        tempo.note_state(waiting(place), now)

    assert not tempo.estimated


def test_near_the_end_pauses_get_shorter_down_to_the_shortest() -> None:
    tempo = schedule()
    tempo.note_state(waiting(5), 0)
    tempo.note_estimate(60, 0)

    pauses = course(tempo, 60)

    assert pauses == sorted(pauses, reverse=True)
    assert pauses[-1] == POLICY.near


def test_past_the_estimate_the_usual_pauses_go_on() -> None:
    tempo = schedule()
    tempo.note_estimate(5, 0)

    assert [tempo.pause(now, EVEN) for now in (10, 22, 30)] == [12, 8, 8]


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
    st.floats(0, 1e6),
)
def test_a_pause_is_never_shorter_or_longer_than_the_policy_allows(
    seen: list[tuple[str, int, int, float]], chance: float, at_least: float
) -> None:
    tempo, now = schedule(at_least), 0.0
    for status, place, done, later in seen:
        now += later
        tempo.note_state(JobState(status, place=place, chunks_done=done, chunks_all=100), now)
        pause = tempo.pause(now, chance)
        assert POLICY.near * 0.9 <= pause <= POLICY.far * 1.1


@given(st.floats(0, 1), st.floats(0, 1))
def test_pauses_differ_from_client_to_client(one: float, other: float) -> None:
    assume(abs(one - other) > 1e-6)

    assert schedule().pause(0, one) != schedule().pause(0, other)
