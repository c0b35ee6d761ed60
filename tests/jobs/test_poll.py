from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import errors, job_state
from mvsep.core.flow import run
from mvsep.job_state import JobState, ResultFile
from mvsep.jobs.poll import Poll
from mvsep.settings.policies import PollPolicy
from mvsep_api.models import QueueSummaryAnswer, RemoteState, SeparationState
from tests.ports import Call, ScriptedPort, one_after_the_other

ASKING = ("separation_get", "separation_get_remote")
HASH = "20250131145833-a0bb276157-mixture.wav"
REMOTE = "n2AwBjy4KsFZfqqR"
POLICY = PollPolicy(initial=12, regular=8, near=4, timeout=600, empty_for=60)
FILE = {"type": "Vocals", "url": "https://de2.mvsep.com/v.wav", "bytes": "12", "download": "v.wav"}


def state(status: str | None, success: Any = True, **data: Any) -> SeparationState:
    body = {"success": success, "data": data}
    return SeparationState.from_dict(body if status is None else {**body, "status": status})


def remote(status: str | None, success: Any = True, **data: Any) -> RemoteState:
    body = {"success": success, "data": data}
    return RemoteState.from_dict(body if status is None else {**body, "status": status})


DONE = state("done", files=[FILE])


class Run:
    """Waits for a job in virtual time; the last answer stays."""

    def __init__(
        self,
        answers: Sequence[Any],
        hash: str = HASH,
        timeout: float | None = 600,
        expect: type[Exception] | None = None,
        *,
        token: str | None = None,
        **more: Any,
    ) -> None:
        self.port = ScriptedPort(one_after_the_other(*answers), token=token, polling=POLICY)
        self.shown: list[JobState] = []
        self.result: JobState | None = None
        poll = Poll(self.port, hash, timeout, **more)  # type: ignore[arg-type]
        try:
            while state := run(poll.next()):
                self.shown.append(state)
            assert expect is None
            self.result = poll.state
        except errors.MVSepError as error:
            if type(error) is not expect:
                raise
        self.slept = self.port.slept
        self.took = self.port.now - 1000

    @property
    def asked(self) -> list[Call]:
        return [call for call in self.port.calls if call.operation in ASKING]

    @property
    def others(self) -> list[str]:
        return [call.operation for call in self.port.calls if call.operation not in ASKING]


def test_a_job_is_followed_from_the_queue_to_its_files_and_each_change_is_shown_once() -> None:
    third = state("waiting", queue_count=9, current_order=3)
    first = state("waiting", queue_count=9, current_order=1)
    chunk = state("distributing", finished_chunks=1, all_chunks=4)
    run = Run([third, third, first, state("processing", message="working"), chunk, DONE])

    assert [str(shown) for shown in run.shown] == [
        "waiting, place 3 of 9 in the queue",
        "waiting, place 1 of 9 in the queue",
        "processing",
        "distributing, 1 of 4 chunks",
        "done",
    ]
    assert run.result is not None
    assert run.result.hash == HASH
    vocals = ResultFile(label="Vocals", url="https://de2.mvsep.com/v.wav", name="v.wav", size=12)
    assert run.result.files == (vocals,)


@given(st.text(min_size=1).filter(lambda word: word not in {"done", "failed", "not_found"}))
def test_a_status_never_seen_before_keeps_waiting_and_is_shown(word: str) -> None:
    run = Run([state(word), DONE])

    assert run.shown[0].status == word
    assert run.result is not None


@pytest.mark.parametrize(
    "failure",
    [
        errors.ConnectionFailed("lost", retryable=True),
        errors.RateLimited("slow", retryable=True),
        errors.UnexpectedResponse("502", status=502, retryable=True),
        errors.UnexpectedResponse("moved", status=302),
    ],
)
def test_a_day_of_failed_questions_does_not_lose_the_job(failure: Exception) -> None:
    run = Run([*[failure] * 9800, DONE], timeout=None)

    assert run.took > 24 * 3600 * 0.9
    assert run.result is not None


@pytest.mark.parametrize("kind", [errors.RateLimited, errors.UnexpectedResponse])
def test_a_pause_that_is_asked_for_is_kept_up_to_an_hour_and_the_time_of_the_wait(
    kind: Any,
) -> None:
    for asked, slept in ((33, 33), (300, 300), (3600, 3600), (10**9, 3600)):
        run = Run([kind("slow", retry_after=asked), DONE], timeout=None)
        assert run.slept == [slept]
    ages = kind("slow", retry_after=10**9)
    assert Run([ages], timeout=100, expect=errors.JobTimeout).slept == [100]


GONE = {"success": False, "message": "File or File Hash not found"}


@pytest.mark.parametrize(
    ("kind", "hash", "answers"),
    [
        (errors.InvalidToken, HASH, [errors.InvalidToken("no")]),
        (errors.JobFailed, HASH, [state("processing"), state("failed", False)]),
        (errors.JobFailed, REMOTE, [remote("failed")]),
        (errors.JobNotFound, HASH, [state("not_found", **GONE)]),
        (errors.JobNotFound, HASH, [state(None, **GONE)]),
        (errors.JobNotFound, HASH, [errors.JobNotFound("404")]),
        (errors.JobNotFound, REMOTE, [remote("not_found", False), state("not_found", False)]),
    ],
)
def test_an_end_without_files_is_an_error_that_names_the_job(
    kind: type[errors.MVSepError], hash: str, answers: list[Any]
) -> None:
    with pytest.raises(kind) as caught:
        Run(answers, hash=hash)

    assert (caught.value.hash, caught.value.host) == (hash, "mvsep.com")


def test_time_running_out_names_the_job_and_where_it_stood() -> None:
    with pytest.raises(errors.JobTimeout, match="place 2 of 5") as caught:
        Run([state("waiting", queue_count=5, current_order=2)], timeout=100)

    assert (caught.value.hash, caught.value.host) == (HASH, "mvsep.com")
    assert "Waiting ended, the job did not" in str(caught.value)


@pytest.mark.parametrize("timeout", [0, 0.5, 1, 7.5, 100])
def test_waiting_ends_when_the_time_is_up_and_no_question_has_more_of_it(timeout: float) -> None:
    run = Run([state("waiting")], timeout=timeout, expect=errors.JobTimeout)

    assert run.took == timeout
    for ask in run.asked:
        assert ask.within is not None
        assert 1 <= ask.within <= max(1, min(timeout, POLICY.within))


def test_done_without_files_is_asked_on_for_a_minute() -> None:
    run = Run([*[state("done", files=[])] * 5, DONE])
    assert run.result is not None
    assert run.result.files

    with pytest.raises(errors.NoResultFiles) as caught:
        Run([state("done", files=[])], timeout=None)
    assert caught.value.hash == HASH
    assert caught.value.charged


def test_a_list_that_holds_something_unreadable_is_asked_for_again_for_a_minute() -> None:
    half = state("done", files=[FILE, {"type": "Other", "url": ""}])
    run = Run([half, half, state("done", files=[FILE, {**FILE, "type": "Other"}])])
    assert run.result is not None
    assert len(run.result.files) == 2

    run = Run([half])
    assert run.took >= POLICY.empty_for
    assert run.result is not None
    assert (len(run.result.files), run.result.unreadable) == (1, 1)


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        (
            [remote(None, False), remote("done", hash=HASH), state("processing"), DONE],
            [*[(REMOTE, ASKING[1])] * 2, *[(HASH, ASKING[0])] * 2],
        ),
        # A hash that looks like a link's may be a job's after all.
        ([remote("not_found", False), DONE], [(REMOTE, ASKING[1]), (REMOTE, ASKING[0])]),
    ],
)
def test_the_hash_of_a_link_leads_to_its_job(answers: list[Any], asked: list[Any]) -> None:
    run = Run(answers, hash=REMOTE)

    assert [(ask.arguments["hash_"], ask.operation) for ask in run.asked] == asked
    assert run.result is not None
    assert run.result.hash == asked[-1][0]


def test_a_job_that_surely_existed_is_not_given_up_for_one_not_found() -> None:
    gone = state("not_found", success=False)

    assert Run([gone, DONE], known=True).result is not None
    assert Run([state("processing"), gone, DONE]).result is not None
    with pytest.raises(errors.JobNotFound):
        Run([state("processing"), gone, gone, DONE], known=True)
    with pytest.raises(errors.JobNotFound):
        Run([gone, DONE])


def test_trouble_is_shown_and_keeps_what_was_known() -> None:
    lost = errors.ConnectionFailed("The connection was lost.")
    run = Run([state("waiting", queue_count=5, current_order=2), lost, lost, DONE])

    assert [str(shown) for shown in run.shown] == [
        "waiting, place 2 of 5 in the queue",
        "waiting, place 2 of 5 in the queue, no news: The connection was lost.",
        "done",
    ]


def test_a_service_that_never_answers_is_not_said_to_have_the_job() -> None:
    with pytest.raises(errors.JobTimeout, match="last seen unknown, no news: lost") as caught:
        Run([errors.ConnectionFailed("lost")], timeout=30)

    assert "goes on" not in str(caught.value)


def test_the_queue_is_asked_once_how_long_it_takes() -> None:
    waiting = state("waiting", queue_count=90, current_order=40)
    eta = QueueSummaryAnswer.from_dict({"success": True, "data": {"estimated_wait_seconds": 240}})
    run = Run([waiting, eta, waiting, waiting, state("processing"), DONE], token="t")

    assert run.others == ["app_queue_summary"]
    assert run.shown[0].eta == 240
    # Half of what is left, but never longer than `far`.
    assert run.slept[:2] == [30, 30]


class Odd(QueueSummaryAnswer):
    """An estimate of any form."""

    def __init__(self, data: Any) -> None:
        super().__init__(True)
        self.odd = data

    def to_dict(self) -> dict[str, Any]:
        return {"success": True, "data": self.odd}


@pytest.mark.parametrize(
    "told",
    [
        Odd(None),
        *(Odd({"estimated_wait_seconds": odd}) for odd in (None, -1, 1e300, True, "soon")),
        errors.RateLimited("no"),
    ],
)
def test_a_queue_that_knows_no_estimate_is_not_asked_again(told: Any) -> None:
    run = Run([state("waiting"), told, state("waiting"), DONE], token="t")

    assert len(run.others) == 1
    assert run.slept == [12, 8]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (None, "It was cancelled, as asked for."),
        (errors.ConnectionFailed("lost"), "It could not be cancelled: lost"),
    ],
)
def test_a_job_is_cancelled_at_the_timeout_only_when_asked(outcome: Any, said: str) -> None:
    with pytest.raises(errors.JobTimeout) as caught:
        Run([state("waiting"), state("waiting"), outcome], timeout=2, cancel_on_timeout=True)
    assert caught.value.next_step == said

    run = Run([state("waiting")], timeout=2, expect=errors.JobTimeout)
    assert run.others == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["files", "url", "bytes", "hash", "current_order", "message"]),
                inner,
            )
        ),
    )
)
def test_odd_data_never_breaks_the_reading_of_a_state(data: Any) -> None:
    class OddState(SeparationState):
        def to_dict(self) -> dict[str, Any]:
            return {"success": True, "status": "done", "data": data}

    read = job_state.read_state(OddState(success=True))

    assert read.status == "done"
    assert all(isinstance(file.url, str) and file.url for file in read.files)
