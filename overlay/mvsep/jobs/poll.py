"""How a job is waited for: what a state means, what to ask next, and when.

Nothing here asks, sleeps or reads a clock. `watch` is a rule made of steps, see `mvsep.core.flow`;
the sync and the async client carry them out, so both take the same decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Final

from attrs import evolve, frozen

from mvsep.core.steps import Sleep
from mvsep.core.values import presentable
from mvsep.errors import (
    ConnectionFailed,
    JobFailed,
    JobNotFound,
    JobTimeout,
    MVSepError,
    NoResultFiles,
    RateLimited,
    UnexpectedResponse,
    about,
)
from mvsep.job_state import JobState, is_remote, read_state
from mvsep.jobs.poll_schedule import PollSchedule
from mvsep.settings.policies import PollPolicy

# A day; what is longer is no estimate.
_LONGEST_ESTIMATE: Final = 86400.0


@frozen
class Ask:
    """Ask the operation `separation.get`, or `get_remote`, about `hash`.

    Args:
        hash: The hash.
        remote: Whether it is that of the service's own download of a link.
        within: Seconds for the question, its repetitions included.
    """

    hash: str
    remote: bool
    within: float


@frozen
class AskSummary:
    """Ask how long the queue takes, within so many seconds; answered with seconds or None."""

    within: float


@frozen
class Cancel:
    """Cancel the job `hash` at the service."""

    hash: str


@frozen
class Show:
    """Show the caller how the job stands."""

    state: JobState


Step = Ask | AskSummary | Cancel | Sleep | Show
Watch = Generator[Step, Any, JobState]

# Transient while waiting: the job goes on at the service, whatever one question meets.
_TRANSIENT = (ConnectionFailed, RateLimited, UnexpectedResponse)
# The longest pause that an answer can ask for, in seconds; the time of the wait bounds it too.
_LONGEST_ASKED: Final = 3600.0
# A question gets that many seconds at least, even when the wait is nearly over.
_LEAST = 1.0


def watch(
    hash: str,
    *,
    policy: PollPolicy,
    timeout: float | None,
    clock: Callable[[], float],
    chance: Callable[[], float] = lambda: 0.5,
    host: str | None = None,
    known: bool = False,
    summary: bool = False,
    cancel_on_timeout: bool = False,
) -> Watch:
    """The steps of waiting for a job.

    Args:
        hash: The job's hash, or that of the service's own download of a link.
        policy: When to ask.
        timeout: Seconds until waiting ends; None waits for ever.
        clock: Seconds from any fixed moment, never running backwards.
        chance: A random number from 0 to 1.
        host: For errors: where the job is.
        known: Whether the job surely existed: then one "not found" is asked again.
        summary: Whether the queue can be asked how long it takes.
        cancel_on_timeout: Whether the job is cancelled when the time is up.

    Yields:
        What to do next. A question is answered with the facade's answer, or by throwing its error.

    Returns:
        The state `done`, with files; its `hash` is the one to fetch them by.

    Raises:
        JobFailed: When the service says the separation failed.
        JobNotFound: When it knows no such job.
        JobTimeout: When the time is up; the job itself goes on.
        NoResultFiles: When the job is done and lists no files for a minute.
        MVSepError: When the API itself refuses to be asked, such as for an invalid token.
    """
    began, tempo = clock(), PollSchedule(policy)
    remote, doubted, missed = is_remote(hash), False, False
    first_empty: float | None = None
    seen: JobState | None = None
    shown: JobState | None = None

    def left() -> float:
        return float("inf") if timeout is None else timeout - (clock() - began)

    while True:
        asked = 0.0
        try:
            within = min(policy.within, max(left(), _LEAST))
            state = read_state((yield Ask(hash, remote, within)))
        except _TRANSIENT as error:
            asked = min(error.retry_after or 0.0, _LONGEST_ASKED)
            state = evolve(seen or JobState("unknown"), trouble=error.message)
        except JobNotFound:
            state = JobState("not_found")
        except MVSepError as error:
            raise about(error, hash, host) from None
        if state.trouble is None:
            if state.status == "not_found" and remote and not doubted:
                # A hash that looks like a download's may be a job's after all.
                remote, doubted = False, True
                continue
            if remote and state.status == "done" and state.hash:
                hash, remote, seen = state.hash, False, None
                continue
            tempo.heard(state, clock())
            if state.status == "waiting" and summary and not tempo.estimated:
                eta = yield from _estimate(within)
                summary = eta is not None
                if eta is not None:
                    tempo.told(eta, clock())
                    state = evolve(state, eta=eta)
            gone = state.status == "not_found"
            if gone and not missed and (known or seen) and left() > 0:
                # A cache, or a service that is not quite up, must not cost a job that is paid for.
                missed = True
                state = evolve(seen or JobState("unknown"), trouble="the service does not know it")
            else:
                missed, seen = gone, state
        if state != shown:
            shown = state
            yield Show(state)
        if state.trouble is None:
            if state.status == "done" and state.files and not state.unreadable:
                return evolve(state, hash=hash)
            _raise_if_over(state, hash, host)
            if state.status == "done":
                first_empty = clock() if first_empty is None else first_empty
                if clock() - first_empty >= policy.empty_for:
                    if state.files:  # better some of the stems than none; the result says so
                        return evolve(state, hash=hash)
                    raise _no_files(hash, host)
            else:
                first_empty = None
        if left() <= 0:
            cancelled = (yield from _cancelled(hash)) if cancel_on_timeout else None
            raise _timed_out(hash, host, timeout, shown, cancelled)
        yield Sleep(min(max(tempo.pause(clock(), chance()), asked), left()))


def _estimate(within: float) -> Generator[Step, Any, float | None]:
    """What the service says of its queue; it may know nothing, or not answer."""
    try:
        answer = yield AskSummary(within)
    except MVSepError:
        return None
    data = answer.to_dict().get("data")
    seconds = data.get("estimated_wait_seconds") if isinstance(data, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return float(seconds) if 0 < seconds < _LONGEST_ESTIMATE else None


def _cancelled(hash: str) -> Generator[Step, Any, str]:
    try:
        yield Cancel(hash)
    except MVSepError as error:
        return f"It could not be cancelled: {error.message}"
    return "It was cancelled, as asked for."


def _raise_if_over(state: JobState, hash: str, host: str | None) -> None:
    if state.status == "failed":
        raise JobFailed(
            "The separation failed.",
            server_text=_said(state),
            hash=hash,
            host=host,
            next_step="Whether credits came back is not documented: look at the balance. "
            "Another type or format may work.",
        )
    if state.status == "not_found":
        raise JobNotFound(
            "The service knows no such job.",
            server_text=_said(state),
            hash=hash,
            host=host,
            next_step="Check the hash; results are kept for about 72 hours.",
        )


def _said(state: JobState) -> str | None:
    return presentable(state.message) if state.message else None


def _no_files(hash: str, host: str | None) -> NoResultFiles:
    return NoResultFiles(
        "The job is done, but the service lists no files for it.",
        hash=hash,
        host=host,
        charged=True,
        retryable=True,
        next_step="They may still appear: come back to it by its hash. "
        "After about 72 hours they are gone for good.",
    )


def _timed_out(
    hash: str,
    host: str | None,
    timeout: float | None,
    shown: JobState | None,
    cancelled: str | None,
) -> JobTimeout:
    stands = f" It was last seen {shown}." if shown else ""
    return JobTimeout(
        f"The job was not done after {timeout:g} seconds.{stands}",
        hash=hash,
        host=host,
        retryable=True,
        next_step=cancelled or "Waiting ended, the job did not; come back to it by its hash.",
    )
