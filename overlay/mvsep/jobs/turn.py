"""The turn of a song among others: what it waits for on its way."""

from __future__ import annotations


class Turn:
    """The turn of a song. One that is separated by itself never waits."""

    async def to_send(self) -> None:
        """Wait until a job may be created for it."""

    async def refused(self) -> bool:
        """Take note that the account's queue was full.

        Returns:
            Whether `to_send` waits for the end of another song's job.
        """
        return False

    async def to_wait(self) -> None:
        """Take note that its job exists."""

    async def to_fetch(self) -> None:
        """Take note that its job is over, and wait until its stems may be fetched."""


#: The turn of a song by itself.
ALONE = Turn()
