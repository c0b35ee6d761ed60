"""Schedules: the state of a job after so many seconds, or after so many polls."""

from __future__ import annotations

import math
import time
from typing import Final

from attrs import evolve, field, frozen

_STAGES: Final = ("waiting", "processing", "distributing", "merging", "converting")
_LENGTHS: Final = (*_STAGES, "downloading", "unlisted")


@frozen
class Moment:
    """The state of a job at one time.

    Args:
        status: The status word that separation/get shows.
        place: The place in the queue, from 1; 0 where no queue is shown.
        finished_chunks: Parts done of a job that was split over several machines.
        all_chunks: Parts there are; 0 unless the status is `distributing`.
        listed: Whether a job that is done lists its files.
    """

    status: str
    place: int = 0
    finished_chunks: int = 0
    all_chunks: int = 0
    listed: bool = True

    @property
    def finished(self) -> bool:
        """True if the job stays as it is."""
        return self.status in {"done", "failed"}


@frozen
class Schedule:
    """The stages of a job and how long each lasts; a stage of length 0 is left out.

    Args:
        waiting: Length of the stage in the queue.
        processing: Length of the separation itself.
        distributing: Length of the stage in which a large job is worked on in parts.
        merging: Length of the stage in which those parts are put together.
        converting: Length of the stage in which the output format is made.
        downloading: Length of the fetching of a URL job's file, before the job exists.
        places: The place in the queue at the start of `waiting`; it counts down to 1.
        chunks: The number of parts shown while distributing.
        failure: The reason the job fails with after its stages; None lets it be done.
        polls: Lengths count in polls of the job instead of seconds: no clock is asked.
        unlisted: Length of the time in which a job that is done lists no files yet.
        order: Status words to be shown one after the other, each for one poll (or second), in
            the place of the stages.
    """

    waiting: float = 0.6
    processing: float = 1.0
    distributing: float = field(default=0.0, kw_only=True)
    merging: float = field(default=0.0, kw_only=True)
    converting: float = field(default=0.0, kw_only=True)
    downloading: float = field(default=0.4, kw_only=True)
    places: int = field(default=3, kw_only=True)
    chunks: int = field(default=4, kw_only=True)
    failure: str | None = field(default=None, kw_only=True)
    polls: bool = field(default=False, kw_only=True)
    unlisted: float = field(default=0.0, kw_only=True)
    order: tuple[str, ...] = field(default=(), kw_only=True)

    @classmethod
    def by_polls(cls, n: int = 1, *, failure: str | None = None) -> Schedule:
        """Make a schedule in which each stage is shown for `n` polls, whatever the clock says.

        Args:
            n: Polls that see the job waiting, and as many that see it processing (and a URL
                job being downloaded); the poll after them sees the end. 0: it ends at once.
            failure: The reason the job fails with; None lets it be done.
        """
        return cls(n, n, downloading=n, places=max(n, 1), failure=failure, polls=True)

    @classmethod
    def walk(cls, *statuses: str, failure: str | None = None) -> Schedule:
        """Make a schedule in which a job shows these statuses, one a poll, and then ends.

        Args:
            statuses: Any words in any order, back and forth; `done` and `failed` among them are
                shown too, and the job goes on.
            failure: The reason the job fails with in the end; None lets it be done.
        """
        return cls(downloading=0, failure=failure, polls=True, order=statuses)

    @classmethod
    def at_once(cls) -> Schedule:
        """Make a schedule in which a job is done as soon as it is created."""
        return cls(0, 0, downloading=0)

    def faster(self, speed: float) -> Schedule:
        """Divide every length by `speed` (greater than 0)."""
        return evolve(self, **{name: getattr(self, name) / speed for name in _LENGTHS})

    def for_large_file(self) -> Schedule:
        """Work in parts: processing becomes distributing and merging, unless those are set."""
        if self.distributing or self.merging or self.order:
            return self
        return evolve(self, processing=0, distributing=self.processing, merging=self.processing / 4)

    def at(self, elapsed: float) -> Moment:
        """Return the state of a job `elapsed` seconds (or polls) after it was created."""
        left = elapsed
        for status, length in self._stages:
            if left < length:
                return self._within(status, left / length)
            left -= length
        if self.failure is not None:
            return Moment("failed")
        return Moment("done", listed=left >= self.unlisted)

    @property
    def length(self) -> float:
        """The length of all stages of a job together, without the fetching of a URL."""
        return sum(length for _, length in self._stages)

    @property
    def _stages(self) -> tuple[tuple[str, float], ...]:
        if self.order:
            return tuple((status, 1.0) for status in self.order)
        return tuple((status, getattr(self, status)) for status in _STAGES)

    def _within(self, status: str, share: float) -> Moment:
        if status == "waiting":
            return Moment(status, place=max(1, math.ceil(self.places * (1 - share))))
        if status == "distributing":
            return Moment(
                status, place=1, finished_chunks=int(self.chunks * share), all_chunks=self.chunks
            )
        return Moment(status)


class ManualClock:
    """A clock that moves only when told: pass it as `clock=` and call `advance`.

    Args:
        start: Seconds since 1970 at the start (default: 2026-01-01 00:00:00 UTC).
    """

    def __init__(self, start: float = 1_767_225_600.0) -> None:
        self.now = start

    def __call__(self) -> float:
        """Tell the time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let `seconds` go by."""
        self.now += seconds


def server_date(seconds: float) -> str:
    """Write a moment as the service does: `YYYY-MM-DD HH:MM:SS`, no zone (here UTC)."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))
