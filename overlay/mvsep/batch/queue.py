"""The songs of a batch: turns, events and outcomes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from attrs import evolve, field, frozen

from mvsep.batch.limits import Limits, SongTurn
from mvsep.batch.song import Listed
from mvsep.core.checks import check_plain
from mvsep.core.flow import call_back
from mvsep.core.objects import Brief, Plain
from mvsep.downloads.plan import Result
from mvsep.errors import (
    AlreadyUnderWay,
    InsufficientCredits,
    InvalidInput,
    InvalidToken,
    MVSepError,
    PremiumRequired,
    QuotaExceeded,
    Refused,
    own_fault,
)
from mvsep.job_state import JobState
from mvsep.jobs.base import JobBase, Moved
from mvsep.jobs.job import AsyncJob, Job
from mvsep.jobs.lookup import Lookup
from mvsep.journal.entry import NextStep
from mvsep.journal.request import Callbacks, Planned, SongRequest
from mvsep.transport.port import Port


@frozen(repr=False)
class Sent(Brief):
    """Bytes of a song were handed over: so far, and in all where that is known."""

    done: int
    total: int | None


def _told(of: object) -> object:
    """Return what an error or a job tells: that of another process is another object."""
    notes = tuple(getattr(of, "__notes__", ()))
    return type(of), repr(of), str(of), notes


@frozen(repr=False)
class Outcome(Plain):
    """The end of a song: its result, or its error.

    Args:
        source: The song, as it was handed over; of a journal's attempt its path, or its name.
            None for a type that takes no file.
        result: The stems, where all went well.
        error: What went wrong, else.
        job: The job, where there is one.
    """

    _keys = "source ok result error job"

    source: Listed
    result: Result | None = None
    error: MVSepError | None = field(default=None, eq=_told)
    job: Job | AsyncJob | None = field(default=None, eq=_told)

    @property
    def ok(self) -> bool:
        """True where all went well."""
        return self.error is None


#: What is told of a song: what is planned, how far it is, and at the end what became of it.
Event = Planned | Sent | Job | AsyncJob | JobState | Moved | Outcome
OnEvent = Callable[[Listed, Event], object]


# What is true of the next song too, until the account changes.
_OF_THE_ACCOUNT: Final = (InsufficientCredits, InvalidToken, QuotaExceeded)


def _holds_for_all(refused: Refused) -> bool:
    """Tell whether the other songs would be refused, too.

    Without a status it was no answer to an upload: the account has no such type or format at all.
    """
    own = isinstance(refused, PremiumRequired) and refused.status is None
    return own or isinstance(refused, _OF_THE_ACCOUNT)


class _Stopped(Exception):
    """The batch is given up as a whole."""


class QueuedSong:
    """One song of a batch: what to do, and what is told of it."""

    def __init__(self, batch: Batch, number: int) -> None:
        self.number = number
        self.source = batch.sources[number]
        self.job: Job | AsyncJob | None = None
        self.request: SongRequest | None = None
        self.was_deferred = False
        self.turn = SongTurn(batch.limits, batch.check_account)
        self._batch = batch

    def tell(self, event: Event | JobBase) -> None:
        """Tell the caller something of the song."""
        if isinstance(event, JobBase):
            assert isinstance(event, Job | AsyncJob)  # noqa: S101  a client makes no others
            self.job = event
        elif isinstance(event, Planned) and event.next_step is NextStep.SUBMIT:
            self._batch.check_account()
        elif isinstance(event, Planned) and event.next_step is NextStep.LOOK:
            self.turn.step_aside()
        self._batch.tell(self.source, event)

    @property
    def lookup(self) -> Lookup | None:
        """The facts that find its job; None while there can be none."""
        if self.job:
            return self.job.lookup
        submission = self.request.submission if self.request else None
        return submission.lookup if submission else None

    @property
    def callbacks(self) -> Callbacks:
        """The functions that tell the caller about the song."""
        return Callbacks(
            on_event=self.tell,
            on_state=self.tell,
            on_file=lambda file, done, total: self.tell(Moved(file, done, total)),
        )

    def sent(self, done: int, total: int | None) -> None:
        """Tell how far its upload is."""
        self.tell(Sent(done, total))


class Batch:
    """The songs of a batch, and their common state.

    A song is made when its turn comes, and of a finished one only the outcome is kept.

    Args:
        port: The port of their flows.
        sources: The songs.
        request: Makes one ready; it reads the disk.
        on_event: Told of each song.

    Raises:
        InvalidInput: When on_event is no plain function.
    """

    def __init__(
        self,
        port: Port,
        sources: Sequence[Listed],
        request: Callable[[QueuedSong], SongRequest],
        on_event: OnEvent | None,
    ) -> None:
        check_plain("on_event", on_event)
        self.sources, self.limits = sources, Limits(port)
        self.outcomes: list[Outcome | None] = [None] * len(sources)
        self.fault: BaseException | None = None
        self.left = deque(range(len(sources)))
        self._request = request
        self._made: dict[int, QueuedSong] = {}
        self._unfit: dict[int, InvalidInput] = {}
        self._refused: Refused | None = None
        self._later: list[int] = []
        self._working = 0
        self._on_event = on_event
        self._lock = threading.RLock()

    def song(self, number: int) -> QueuedSong:
        """Return a song that is not finished, from now on always the same."""
        with self._lock:
            return self._made.setdefault(number, QueuedSong(self, number))

    def request(self, song: QueuedSong) -> SongRequest:
        """Return a song made ready; this reads the disk.

        Raises:
            InvalidInput: When it can't be, or the plan said that it can't be sent.
        """
        if unfit := self._unfit.get(song.number):
            raise unfit
        song.request = song.request or self._request(song)
        return song.request

    def hold_back(self, number: int, reason: InvalidInput) -> None:
        """Send a song in no case: who agreed to the plan did not agree to it."""
        self._unfit[number] = reason

    def tell(self, source: Listed, event: Event) -> None:
        """Tell the caller something of a song.

        Raises:
            _Stopped: When the batch is given up.
        """
        with self._lock:
            if self.fault is not None:
                raise _Stopped
            if self._on_event:
                try:
                    call_back(self._on_event, source, event)
                except BaseException as error:
                    self.fault = error
                    raise _Stopped from error

    def check_account(self) -> None:
        """Hold back an upload that the account's refusal of another song speaks for.

        Raises:
            Refused: The same, where there was one.
            _Stopped: When the batch is given up.
        """
        if self.fault is not None:
            raise _Stopped
        if refused := self._refused:
            raise type(refused)(
                f"It was not sent, for another song was refused: {refused.message}",
                status=refused.status,
                host=refused.host,
                server_text=refused.server_text,
                charged=False,
                next_step=refused.next_step,
            )

    async def next(self) -> QueuedSong | None:
        """Wait until a song may be made ready, and return the next one; None after the last.

        A song that another process held comes again once, at the end.
        """
        # First the place, then the song: the front of the line of those to send has a place.
        await self.limits.ready.acquire()
        song = self._next()
        if song is None:
            self.limits.ready.release()
        return song

    def _next(self) -> QueuedSong | None:
        with self._lock:
            if not self.left and not self._working:
                self.left.extend(self._later)
                self._later.clear()
            if self.fault is not None or not self.left:
                return None
            self._working += 1
            song = self.song(self.left.popleft())
            song.turn.begin()
            return song

    def ended(self, song: QueuedSong, end: Result | BaseException) -> None:
        """Keep how a song ended."""
        with self._lock:
            self._working -= 1
            self.is_refused_for_all(end)
            if isinstance(end, AlreadyUnderWay) and not song.was_deferred:
                song.was_deferred = True
                self._later.append(song.number)
                return
            if isinstance(end, Result):
                outcome = Outcome(song.source, result=end, job=song.job)
            elif isinstance(end, Exception) and not isinstance(end, _Stopped):
                error = end if isinstance(end, MVSepError) else own_fault(end)
                if lookup := song.lookup:
                    lookup.put_on(error)
                outcome = Outcome(song.source, error=error, job=song.job)
            else:
                self.fault = self.fault or end
                return
            self.outcomes[song.number] = outcome
            del self._made[song.number]
        with suppress(_Stopped):
            self.tell(song.source, outcome)

    def is_refused_for_all(self, end: object) -> bool:
        """Tell whether a song's end is a refusal that holds for the others too, and remember it."""
        if not (isinstance(end, Refused) and _holds_for_all(end)):
            return False
        self._refused = self._refused or end
        return True

    def end(self, number: int, outcome: Outcome) -> None:
        """Keep and tell how a song ended that was not made here."""
        outcome = self.outcomes[number] = evolve(outcome, source=self.sources[number])
        self.tell(outcome.source, outcome)

    def stop(self, error: BaseException) -> None:
        """Begin no other song, and end those under way at their next word."""
        with self._lock:
            self.fault = self.fault or error
            self._note_jobs(error)

    def _note_jobs(self, error: BaseException) -> None:
        """Note on what ends the batch each job that is under way."""
        for song in self._made.values():
            if (lookup := song.lookup) and lookup.note not in getattr(error, "__notes__", ()):
                error.add_note(lookup.note)

    def settled(self) -> list[Outcome]:
        """Return the outcomes, in the order of the songs.

        Raises:
            BaseException: What the caller's own function raised.
        """
        if self.fault is not None:
            self._note_jobs(self.fault)
            raise self.fault
        return [outcome for outcome in self.outcomes if outcome is not None]
