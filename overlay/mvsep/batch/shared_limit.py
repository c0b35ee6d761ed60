"""The limit of an account's jobs that the workers of a journal share; a `limits.JobLimit`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final

from mvsep.journal.places import Places
from mvsep.transport.port import Port

#: Seconds between two looks for a place, or for a song of another worker; a job takes minutes.
LOOK: Final = 5.0


class SharedLimit:
    """The limit as one song sees it, whose place is in the journal.

    Args:
        port: The port of the song's flow.
        places: The account's places.
    """

    def __init__(self, port: Port, places: Places) -> None:
        self._port, self._places = port, places
        self._place: AbstractContextManager[object] | None = None

    async def acquire(self, *, again: bool = False) -> None:
        """Wait for a place; see `JobLimit.acquire`."""
        while self._place is None:
            await self.occupy()
            if self._place is None:
                await self._port.sleep(LOOK)

    async def occupy(self) -> None:
        """Take a place, where there is one; see `JobLimit.occupy`."""
        self._place = self._place or await self._port.disk(self._places.take)

    async def release(self) -> None:
        """Give the place back; see `JobLimit.release`."""
        place, self._place = self._place, None
        if place is not None:
            await self._port.disk(place.__exit__, None, None, None)

    async def succeeded(self) -> None:
        """Grow, where all places are taken; see `JobLimit.succeeded`."""
        await self._port.disk(self._places.accepted)

    async def refused(self) -> bool:
        """Step back; see `JobLimit.refused`."""
        await self.release()
        return await self._port.disk(self._places.refused) > 0
