"""Threads, and what goes on without them where the system has no more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent import futures
from contextvars import copy_context
from functools import partial
from typing import ParamSpec, TypeVar

from mvsep.errors import InvalidInput

T = TypeVar("T")
P = ParamSpec("P")


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the running event loop.

    Raises:
        InvalidInput: When asyncio has none, as under trio.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise InvalidInput(
            "AsyncMVSep works in an event loop of asyncio, and none is running.",
            next_step="Use asyncio.run, or MVSep in a thread. trio is not supported.",
        ) from None


def begun(work: Callable[[], object], name: str | None = None) -> threading.Thread | None:
    """Begin work in a daemon thread; None where the system has no more threads."""
    thread = threading.Thread(target=copy_context().run, args=(work,), name=name, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        return None
    return thread


async def in_thread(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Do work in a thread, or here where there is none; when cancelled, let it end first."""
    # No task of its own: the end of `asyncio.run` would cancel that one, and not the thread.
    call = partial(copy_context().run, partial(work, *args, **kwargs))
    end, turn = futures.Future[T](), threading.Lock()

    def once() -> None:
        if turn.acquire(blocking=False):
            try:
                end.set_result(call())
            except BaseException as error:
                end.set_exception(error)

    loop = running_loop()
    try:
        loop.run_in_executor(None, once)
    except RuntimeError:  # no more threads; one of those there are may have taken it all the same
        once()
    future = asyncio.wrap_future(end)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await ended(future)
        raise


async def ended(*pending: asyncio.Future[T]) -> list[BaseException]:
    """Wait until all have ended, also when cancelled meanwhile, and return their errors."""
    cancelled: asyncio.CancelledError | None = None
    while not all(future.done() for future in pending):
        try:
            await asyncio.wait(pending)
        except asyncio.CancelledError as error:
            cancelled = error
    errors = [_error_of(future) for future in pending]
    if cancelled:
        raise cancelled
    return [error for error in errors if error]


def _error_of(future: asyncio.Future[T]) -> BaseException | None:
    try:
        return future.exception()
    except asyncio.CancelledError as error:  # the one it ended with, and its notes
        return error
