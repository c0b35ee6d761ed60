"""Deadlines: a call is left behind once its time is up, whatever the bytes do.

httpx bounds the time between two bytes, not the time of all. So a call that has a deadline is made
in a thread of its own by the sync client, and cancelled by the async one.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent import futures
from contextlib import suppress
from contextvars import copy_context
from typing import Any, Final, TypeVar

import httpx

from mvsep.transport.attempts import Attempts

T = TypeVar("T")

# Seconds between two looks at the clock.
_LOOK: Final = 0.1


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
                _shut(self._socket)

    def cut(self, end: futures.Future[Any]) -> None:
        """Cut the connection, and close the client once the call has ended."""
        with self._lock:
            self.is_cut = True
            _shut(self._socket)
        end.add_done_callback(lambda _: self.client.close())


def _shut(connection: socket.socket | None) -> None:
    # Not closed: its number could be that of another connection while a thread still reads.
    if isinstance(connection, socket.socket):
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


def in_time(work: Callable[[], T], attempts: Attempts, line: Line | None) -> T:
    """Do the work in a thread, and leave it behind once the time is up."""
    end: futures.Future[T] = futures.Future()

    def worker() -> None:
        try:
            end.set_result(work())
        except BaseException as error:
            end.set_exception(error)

    threading.Thread(target=copy_context().run, args=(worker,), daemon=True).start()
    try:
        while not end.done():
            futures.wait({end}, min(attempts.left() or _LOOK, _LOOK))
    except BaseException:
        attempts.way.give_up()
        if line:
            line.cut(end)
        raise
    return end.result()


async def in_time_async(work: Coroutine[Any, Any, T], attempts: Attempts) -> T:
    """Do the work, and cancel it once the time is up.

    Not in a task of its own: Ctrl-C would end the event loop past those who wait for it.
    """
    loop, limit = asyncio.get_running_loop(), asyncio.timeout(None)
    next_look: asyncio.Handle | None = None

    def look() -> None:
        nonlocal next_look
        try:
            next_look = loop.call_later(min(attempts.left() or _LOOK, _LOOK), look)
        except httpx.ReadTimeout:
            limit.reschedule(loop.time())

    try:
        async with limit:
            look()
            return await work
    except TimeoutError:
        attempts.left()
        raise
    finally:
        if next_look:
            next_look.cancel()
