"""The httpx clients that a transport sends with: one for each process or event loop."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, TypeVar

import httpx
from attrs import define, field, frozen

from mvsep.errors import InvalidInput

Inner = TypeVar("Inner", httpx.Client, httpx.AsyncClient)


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
    _fresh: Callable[[], Inner] | None
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
        if not first and self._fresh is None:
            raise InvalidInput(
                "The http_client was used in another process or event loop before, and its "
                "connections are of no use here.",
                next_step="Make a client, and its http_client, in each process and event loop.",
                param="http_client",
            )
        client = self._first if first or self._fresh is None else self._fresh()
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


class Line:
    """A client for one call at a time, whose connection can be cut from another thread.

    Its own connection, so that to cut it harms no other call. A thread that is left behind would
    read on for as long as bytes come.
    """

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.is_cut = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Take note of the connection, as httpx's extension `trace` tells of it."""
        if not event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            return
        with self._lock:
            self._socket = info["return_value"].get_extra_info("socket")
            if self.is_cut:
                self._shut()

    def cut(self, end: Future[Any]) -> None:
        """Cut the connection, and close the client once the call has ended."""
        with self._lock:
            self.is_cut = True
            self._shut()
        end.add_done_callback(lambda _: self.client.close())

    def _shut(self) -> None:
        # Not closed: its number could be that of another connection while a thread still reads.
        if isinstance(self._socket, socket.socket):
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
