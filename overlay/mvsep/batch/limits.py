"""The limits of a batch: songs made ready, uploads, jobs and downloads, each by itself.

A song that is processed holds no place of an upload, and one that is fetched none of a job.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, Protocol

from mvsep.jobs.turn import Turn
from mvsep.transport.places import HasGates, Line, Places

#: Songs whose bytes go up at once: while one waits for its answer, others fill the line.
UPLOADS: Final = 4
#: Songs whose stems come down at once, each over several connections.
DOWNLOADS: Final = 4
#: Jobs at once that an account which may have several begins with.
FIRST: Final = 4
#: Jobs at once, at most, unless a caller says more. The service's documents say "unlimited", but
#: all questions share 100 requests a minute: with 64 jobs each is asked about every 38 s.
MOST: Final = 64
# Jobs accepted after a refusal before one place more is tried; after each other refusal twice as
# many, for the service refuses a song only after its whole upload.
_PROBE: Final = 10


def ready_at_once() -> int:
    """Return how many songs are made ready at once: their reading and hashing takes a core each."""
    return max(2, os.cpu_count() or 1)


class JobLimit(Protocol):
    """The limit of an account's jobs under way."""

    async def acquire(self, *, again: bool = False) -> None:
        """Wait until one more job may be created.

        Args:
            again: Whether the song was refused before; it goes before the others.
        """

    async def occupy(self) -> None:
        """Take note of a job that exists already."""

    async def release(self) -> None:
        """Take note that a job is over, or that none came."""

    async def succeeded(self) -> None:
        """Take note that the service accepted a job."""

    async def refused(self) -> bool:
        """Take note that the service refused a job for a full queue, and release its place.

        Returns:
            Whether `acquire` waits for the end of another job.
        """


class FoundLimit:
    """The limit that is found from what the service answers.

    It grows by one with each job that is accepted while all places are taken. A refusal leaves as
    many as are taken without it: the least step back, for those jobs were accepted. From then on
    it grows ever more slowly.

    Args:
        port: The port of the songs' flows.
        first: Jobs at once, to begin with.
        most: Jobs at once, at most.
    """

    def __init__(self, port: HasGates, first: int, most: int) -> None:
        self.most = most
        self._places = Places(port, first)
        self._between = self._songs_to_growth = 0

    async def acquire(self, *, again: bool = False) -> None:
        """Wait for a place; see `JobLimit.acquire`."""
        await self._places.acquire(first=again)

    async def occupy(self) -> None:
        """Take a place, though there may be none."""
        self._places.occupy()

    async def release(self) -> None:
        """Give a place back."""
        self._places.release()

    async def succeeded(self) -> None:
        """Grow, where all places are taken."""
        places = self._places
        self._songs_to_growth -= 1
        if places.most <= places.used and places.most < self.most and self._songs_to_growth <= 0:
            places.resize(places.most + 1)
            self._songs_to_growth = self._between

    async def refused(self) -> bool:
        """Step back."""
        self._between = self._songs_to_growth = max(_PROBE, 2 * self._between)
        others = self._places.used - 1
        self._places.resize(max(1, min(others, self._places.most)))
        self._places.release()
        return others > 0


class Limits:
    """The limits of one batch.

    Args:
        port: The port of the songs' flows.

    Attributes:
        jobs: The limit of the account's jobs: one at a time unless another is set.
        line: The songs that are not sent yet; they are sent in the order of the list, so that
            the first ones are done where credits run out.
        beside: The songs that are on their way at once beside those with a job.
    """

    def __init__(self, port: HasGates) -> None:
        ready = ready_at_once()
        self.jobs: JobLimit = FoundLimit(port, 1, 1)
        self.ready = Places(port, ready)
        self.line = Line(port)
        self.uploads = Places(port, UPLOADS)
        self.downloads = Places(port, DOWNLOADS)
        self.beside = ready + DOWNLOADS


class SongTurn(Turn):
    """The turn of a song in a batch.

    Args:
        limits: The limits of the batch.
        check: Called when its turn to be sent has come; what it raises keeps it from that.
    """

    def __init__(self, limits: Limits, check: Callable[[], object]) -> None:
        self._limits = limits
        self._check = check
        self._held: list[Places] = []
        self._has_job = self._was_refused = False

    def begin(self) -> None:
        """Enter the line of those to send, with the place to be made ready that it was given."""
        self._held.append(self._limits.ready)
        self._limits.line.enter(self)

    async def to_send(self) -> None:
        """Wait for the place of a job, then for that of an upload."""
        if not self._has_job:
            if not self._was_refused:
                await self._limits.line.reach_front(self)
            await self._limits.jobs.acquire(again=self._was_refused)
            self._has_job = True
            self._limits.line.leave(self)
        if self._limits.uploads not in self._held:
            await self._take(self._limits.uploads)
        self._leave(self._limits.ready)
        self._check()

    def step_aside(self) -> None:
        """Let the others go on, for it takes a while until it is known whether it is to be sent."""
        self._limits.line.leave(self)
        self._leave(self._limits.ready)

    async def refused(self) -> bool:
        """Give the place of its job back."""
        self._leave(self._limits.uploads)
        self._has_job, self._was_refused = False, True
        return await self._limits.jobs.refused()

    async def to_wait(self) -> None:
        """Give the place of its upload back; a job that existed before counts, too."""
        if self._limits.uploads in self._held:
            await self._limits.jobs.succeeded()
        elif not self._has_job:
            await self._limits.jobs.occupy()
        self._has_job = True
        self._leave(self._limits.uploads)
        self.step_aside()

    async def to_fetch(self) -> None:
        """Give the place of its job back, and wait for that of a download."""
        await self._end_job()
        await self._take(self._limits.downloads)

    async def end(self) -> None:
        """Give back all places."""
        self._limits.line.leave(self)
        for places in tuple(self._held):
            self._leave(places)
        await self._end_job()

    async def _end_job(self) -> None:
        if self._has_job:
            self._has_job = False
            await self._limits.jobs.release()

    async def _take(self, places: Places) -> None:
        await places.acquire()
        self._held.append(places)

    def _leave(self, places: Places) -> None:
        if places in self._held:
            self._held.remove(places)
            places.release()
