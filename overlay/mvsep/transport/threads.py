"""Threads that are always waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
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


async def in_thread(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Do work in a thread; when cancelled, however often, let it end first."""
    # No task of its own: the end of `asyncio.run` would cancel that one, and not the thread.
    call = partial(copy_context().run, partial(work, *args, **kwargs))
    future = running_loop().run_in_executor(None, call)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await ended(future)
        raise


async def ended(*futures: asyncio.Future[T]) -> list[BaseException]:
    """Wait until all have ended, also when cancelled meanwhile, and return their errors."""
    cancelled: asyncio.CancelledError | None = None
    while not all(future.done() for future in futures):
        try:
            await asyncio.wait(futures)
        except asyncio.CancelledError as error:
            cancelled = error
    errors = [_error_of(future) for future in futures]
    if cancelled:
        raise cancelled
    return [error for error in errors if error]


def _error_of(future: asyncio.Future[T]) -> BaseException | None:
    try:
        return future.exception()
    except asyncio.CancelledError as error:  # the one it ended with, and its notes
        return error
