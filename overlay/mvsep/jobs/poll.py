"""Waiting for a job: what to ask, what a state means, and when to give up."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final, Protocol

from attrs import define, evolve, field

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
    add_job_facts,
)
from mvsep.job_state import JobState, is_remote, read_state
from mvsep.jobs.reconcile import Sought, glance
from mvsep.settings.policies import PollPolicy, calling
from mvsep.transport.port import Port

# A day; what is longer is no estimate.
_LONGEST_ESTIMATE: Final = 86400.0
# Transient while waiting: the job goes on at the service, whatever one question meets.
_TRANSIENT: Final = (ConnectionFailed, RateLimited, UnexpectedResponse)
# The longest pause that an answer can ask for, in seconds; the time of the wait bounds it too.
_LONGEST_ASKED: Final = 3600.0
# What comes right before the end, or is doubted: it lasts for moments.
_LAST: Final = frozenset({"merging", "converting", "done", "not_found"})
# Pauses differ by a tenth either way, so that many who began together don't ask together.
_JITTER: Final = 0.2
# Seconds of a link's download after which the history is looked at, each time.
_HANGS: Final = 300.0
# A question gets this many seconds at least, even when the wait is nearly over.
_LEAST: Final = 1.0


@define
class PollSchedule:
    """The pauses between questions: long while the end of the job is far, short when it is near.

    Args:
        policy: The lengths of the pauses, in seconds.
        soonest: The moment on the clock before which no such job was done yet, where one knows.
    """

    policy: PollPolicy
    soonest: float
    _status: str | None = field(default=None, init=False)
    _is_new: bool = field(default=True, init=False)
    _first_seen: tuple[float, int] | None = field(default=None, init=False)
    _fewest: int = field(default=0, init=False)
    _ready_at: float | None = field(default=None, init=False)

    @property
    def estimated(self) -> bool:
        """True when there is an idea of the end."""
        return self._ready_at is not None

    def note_state(self, state: JobState, now: float) -> None:
        """Take note of a state; `now` is in seconds on the clock."""
        if state.status != self._status:
            self._status, self._first_seen, self._ready_at = state.status, None, None
            self._is_new = True
        left = _steps_left(state)
        if left is None:
            return
        if self._first_seen is None or left > self._first_seen[1]:
            self._first_seen, self._fewest = (now, left), left
            return
        if left < self._fewest:
            # As fast as until now. A step that takes longer tells nothing new of the end.
            (since, before), self._fewest = self._first_seen, left
            self._ready_at = now + (now - since) / (before - left) * left

    def note_estimate(self, seconds: float, now: float) -> None:
        """Take note of the service's own estimate, in seconds."""
        self._ready_at = now + seconds

    def pause(self, now: float, chance: float) -> float:
        """Return the seconds until the next question; `chance` is a random number from 0 to 1."""
        policy, is_new = self.policy, self._is_new
        self._is_new = False
        if self._status in _LAST:
            pause = policy.near
        elif self._ready_at is not None and self._ready_at > now:
            # Half of what is left each time: few questions while it is far, close ones at the end.
            pause = min(max((self._ready_at - now) / 2, policy.near), policy.far)
        else:
            pause = policy.initial if is_new else policy.regular
            pause = max(pause, min(self.soonest - now, policy.far))
        return pause * (1 - _JITTER / 2 + _JITTER * chance)


def _steps_left(state: JobState) -> int | None:
    """Return the steps before a job, where it tells; only their getting fewer matters."""
    if state.chunks_all:
        return max(0, state.chunks_all - (state.chunks_done or 0))
    return state.place


class Followed(Protocol):
    """A job that is waited for.

    Attributes:
        hash: Its hash, or that of the service's own download of a link. It changes to the hash of
            the job that comes of such a download.
        state: The last state that was told.
        sought: The facts to find a link's job by in the history.
        at_least: Seconds from now before which no such job was done yet.
    """

    hash: str
    state: JobState | None
    sought: Sought | None
    at_least: float


@define
class Poll:
    """The wait for a job.

    Args:
        port: Where to ask.
        job: The job; what is learned of it is kept there at once.
        timeout: Seconds until waiting ends; None waits for ever.
        known: Whether the job surely existed: then one "not found" is asked again.
        cancel_on_timeout: Whether the job is cancelled when the time is up.
    """

    port: Port
    job: Followed
    timeout: float | None
    known: bool = False
    cancel_on_timeout: bool = False
    _told: tuple[JobState, str] | None = field(default=None, init=False)
    _latest: JobState | None = field(default=None, init=False)
    _asked: float = field(default=0.0, init=False)
    _schedule: PollSchedule = field(init=False)
    _began: float = field(init=False)
    _remote: bool = field(init=False)
    _asks_queue: bool = field(init=False)
    _seen: JobState | None = field(default=None, init=False)
    _missed: bool = field(default=False, init=False)
    _first_empty: float | None = field(default=None, init=False)
    _looks_at: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        settings = self.port.settings
        self._began = self._now()
        self._schedule = PollSchedule(settings.polling, self._began + self.job.at_least)
        self._remote = is_remote(self.job.hash)
        self._asks_queue = settings.token is not None
        self._looks_at = self._began + _HANGS

    async def next(self) -> JobState | None:
        """Return the job's state once that or its hash changes; None after it was done.

        Then the job's state is "done", with files, and its hash is the one to fetch them by.

        Raises:
            JobFailed: When the service says the separation failed.
            JobNotFound: When it knows no such job.
            JobTimeout: When the time is up; the job itself goes on.
            NoResultFiles: When the job is done and lists no files for a minute.
            MVSepError: When the API itself refuses to be asked, such as for an invalid token.
        """
        while True:
            if self._latest is not None:
                if self._latest.trouble is None and self._is_done(self._latest):
                    self.job.state = evolve(self._latest, hash=self.job.hash)
                    return None
                left = self._seconds_left()
                if self._remote and (left <= 0 or self._now() >= self._looks_at):
                    await self._look_in_history()
                if left <= 0:
                    raise await self._timed_out()
                pause = self._schedule.pause(self._now(), self.port.settings.timing.chance())
                # Here, for each coroutine around it weighs on all jobs that wait.
                await self.port.sleep(min(max(pause, self._asked), self._seconds_left()))
            self._asked = 0.0
            try:
                state = await self._look()
            except _TRANSIENT as error:
                self._asked = min(error.retry_after or 0.0, _LONGEST_ASKED)
                state = self._troubled(error.message)
            self._latest = state
            if state is not None and (state, self.job.hash) != self._told:
                self.job.state, self._told = state, (state, self.job.hash)
                return state

    async def _look(self) -> JobState | None:
        """Ask once; None where the answer leads to another question at once."""
        state = await self._ask()
        if self._remote and self._switch_to_job(state):
            return None
        self._schedule.note_state(state, self._now())
        if state.status == "waiting" and self._asks_queue and not self._schedule.estimated:
            state = await self._with_estimate(state)
        return self._doubt_first_not_found(state)

    def _switch_to_job(self, state: JobState) -> bool:
        """Turn from the download of a link to its job; False where there is none yet."""
        if state.status == "not_found":
            # A hash that looks like a download's may be a job's after all.
            self._remote = False
        elif state.status == "done" and state.hash:
            self.job.hash, self._remote, self._seen = state.hash, False, None
        return not self._remote

    async def _look_in_history(self) -> None:
        """Turn from the download of a link to its job where the history has that.

        Such a download was seen to go on for ever while its job was done.
        """
        self._looks_at = self._now() + _HANGS
        if self.job.sought is None:
            return
        within = min(self.port.settings.polling.within, max(self._seconds_left(), _LEAST))
        with calling(retry=self.port.settings.polling.retry, within=within):
            found = await glance(self.port, self.job.sought)
        if found.hash:
            self.job.hash, self._remote, self._seen = found.hash, False, None

    def _doubt_first_not_found(self, state: JobState) -> JobState:
        """Return a state, but trouble for the first "not found" of a job that surely existed."""
        gone = state.status == "not_found"
        if gone and not self._missed and (self.known or self._seen) and self._seconds_left() > 0:
            # A cache, or a service that is not quite up, must not cost a job that is paid for.
            self._missed = True
            return self._troubled("the service does not know it")
        self._missed, self._seen = gone, state
        return state

    def _in_time(self) -> AbstractContextManager[None]:
        polling = self.port.settings.polling
        within = min(polling.within, max(self._seconds_left(), _LEAST))
        return calling(retry=polling.retry, within=within)

    async def _ask(self) -> JobState:
        api = self.port.api.separation
        ask = api.get_remote if self._remote else api.get
        try:
            with self._in_time():
                return read_state(await ask(hash=self.job.hash))
        except JobNotFound:
            return JobState("not_found")
        except _TRANSIENT:
            raise
        except MVSepError as error:
            raise add_job_facts(error, self.job.hash, self._host) from None

    async def _with_estimate(self, state: JobState) -> JobState:
        """Add what the service says of its queue; it may know nothing, or not answer."""
        self._asks_queue = False
        try:
            with self._in_time():
                data = (await self.port.api.app.queue_summary()).to_dict().get("data")
        except MVSepError:
            return state
        seconds = data.get("estimated_wait_seconds") if isinstance(data, dict) else None
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            return state
        if not 0 < seconds < _LONGEST_ESTIMATE:
            return state
        self._asks_queue = True
        self._schedule.note_estimate(float(seconds), self._now())
        return evolve(state, eta=float(seconds))

    def _is_done(self, state: JobState) -> bool:
        """Tell whether the wait is over.

        Raises:
            JobError: When no stems will come.
        """
        if state.status == "failed":
            raise self._failed(state)
        if state.status == "not_found":
            raise self._not_found(state)
        if state.status != "done":
            self._first_empty = None
            return False
        if state.files and not state.unreadable:
            return True
        now = self._now()
        self._first_empty = now if self._first_empty is None else self._first_empty
        if now - self._first_empty < self.port.settings.polling.empty_for:
            return False
        if state.files:  # better some of the stems than none; the result says so
            return True
        raise self._no_files()

    def _troubled(self, why: str) -> JobState:
        return evolve(self._seen or JobState("unknown"), trouble=why)

    def _now(self) -> float:
        return self.port.settings.timing.clock()

    def _seconds_left(self) -> float:
        return float("inf") if self.timeout is None else self.timeout - (self._now() - self._began)

    @property
    def _host(self) -> str:
        return self.port.settings.host

    def _failed(self, state: JobState) -> JobFailed:
        return JobFailed(
            "The separation failed.",
            server_text=_said(state),
            hash=self.job.hash,
            host=self._host,
            next_step="Whether credits came back is not documented: look at the balance. "
            "Another type or format may work.",
        )

    def _not_found(self, state: JobState) -> JobNotFound:
        return JobNotFound(
            "The service knows no such job.",
            server_text=_said(state),
            hash=self.job.hash,
            host=self._host,
            next_step="Check the hash; results are kept for about 72 hours.",
        )

    def _no_files(self) -> NoResultFiles:
        return NoResultFiles(
            "The job is done, but the service lists no files for it.",
            hash=self.job.hash,
            host=self._host,
            charged=True,
            retryable=True,
            next_step="They may still appear: come back to it by its hash. "
            "After about 72 hours they are gone for good.",
        )

    async def _timed_out(self) -> JobTimeout:
        stands = f" It was last seen {self.job.state}." if self.job.state else ""
        next_step = "Waiting ended, the job did not; come back to it by its hash."
        if self.cancel_on_timeout:
            next_step = await self._cancelled()
        return JobTimeout(
            f"The job was not done after {self.timeout:g} seconds.{stands}",
            hash=self.job.hash,
            host=self._host,
            retryable=True,
            next_step=next_step,
            param=None if self.cancel_on_timeout else "timeout",
        )

    async def _cancelled(self) -> str:
        try:
            with calling(within=self.port.settings.polling.within):
                await self.port.api.separation.cancel(hash=self.job.hash)
        except MVSepError as error:
            return f"It could not be cancelled: {error.message}"
        return "It was cancelled, as asked for."


def _said(state: JobState) -> str | None:
    return presentable(state.message) if state.message else None
