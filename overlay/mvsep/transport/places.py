"""The httpx clients below a transport: a process, or an event loop, has its own.

A connection is good in the process and the event loop that made it, and nowhere else.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import httpx
from attrs import define, field, frozen

from mvsep.errors import InvalidInput
from mvsep.transport.deadline import Line
from mvsep.transport.threads import running_loop

Inner = TypeVar("Inner", httpx.Client, httpx.AsyncClient)


def this_process() -> int:
    """Return what stands for this process."""
    return os.getpid()


def this_loop() -> asyncio.AbstractEventLoop:
    """Return the running event loop."""
    return running_loop()


@frozen
class Place(Generic[Inner]):
    """The clients of one process or event loop: one for all calls, and those for one at a time."""

    client: Inner
    lines: list[Line] = field(factory=list)


@define
class Places(Generic[Inner]):
    """The places that a transport is used in.

    Args:
        first: The client for the first one.
        fresh: Makes another client of our own; None where the first is a caller's.
        where: Returns what stands for the place at hand.
    """

    _first: Inner
    fresh: Callable[[], Inner] | None
    _where: Callable[[], Hashable]
    _owner: dict[str, Hashable] = field(factory=dict, init=False)
    _made: dict[Hashable, Place[Inner]] = field(factory=dict, init=False)

    def here(self) -> Place[Inner]:
        """Return the clients of the place at hand; of our own there are new ones in a new place.

        Raises:
            InvalidInput: When a caller's client was used elsewhere before.
        """
        place = self._where()
        if found := self._made.get(place):
            return found
        # The first of several threads has it; without a lock, which a fork could keep for ever.
        first = self._owner.setdefault("first", place) == place
        if not first and self.fresh is None:
            raise InvalidInput(
                "The http_client was used in another process or event loop before, and its "
                "connections are of no use here.",
                next_step="Make a client, and its http_client, in each process and event loop.",
                param="http_client",
            )
        client = self._first if first or self.fresh is None else self.fresh()
        self._forget_closed()
        return self._made.setdefault(place, Place(client))

    def _forget_closed(self) -> None:
        for place in list(self._made):
            if isinstance(place, asyncio.AbstractEventLoop) and place.is_closed():
                self._made.pop(place, None)

    def leave(self) -> Place[Inner] | None:
        """Return the clients that can be closed in the place at hand, if there are any."""
        if not self._owner:
            return Place(self._first)
        return self._made.pop(self._where(), None)
