"""Threads, and what goes on without them where the system has no more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent import futures
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Generic, ParamSpec, Self, TypeVar

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
    return await InThread(partial(work, *args, **kwargs)).wait()


class InThread(Generic[T]):
    """Work that a thread of the event loop does, or this one where the system has no more."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._context, self._work = copy_context(), work
        self._end, self._turn = futures.Future[T](), threading.Lock()
        loop = running_loop()
        # No task of its own: the end of `asyncio.run` would cancel that one, and not the thread.
        try:
            self._future = loop.run_in_executor(None, self._once)
        except RuntimeError:
            # No more threads; one of those there are may have taken it all the same.
            self.wait_here()
            self._future = asyncio.wrap_future(self._end)

    def _once(self) -> T:
        with self._turn:
            if not self._end.done():
                try:
                    self._end.set_result(self._context.run(self._work))
                except BaseException as error:
                    self._end.set_exception(error)
        return self._end.result()

    async def wait(self) -> T:
        """Return its result; when cancelled, let it end first."""
        try:
            return await asyncio.shield(self._future)
        except asyncio.CancelledError:
            await ended(self._future)
            raise

    def wait_here(self) -> None:
        """Wait in this thread until it has ended; where no thread has begun it, do it here."""
        with suppress(Exception):  # which `wait` raises
            self._once()


class NewThread(Generic[T]):
    """Work that a new daemon thread does, or this one where the system has no more."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work, self._end = work, futures.Future[T]()
        if not begun(self._run):
            self._run()

    def _run(self) -> None:
        try:
            self._end.set_result(self._work())
        except BaseException as error:
            self._end.set_exception(error)

    async def wait(self) -> T:
        """Wait in this thread, and return its result."""
        return self._end.result()

    def wait_here(self) -> None:
        """Wait in this thread until it has ended."""
        futures.wait([self._end])


class Behind:
    """Work behind a flow, one piece of it at a time; the end of the block waits for it.

    Args:
        start: Starts some work in a thread.
    """

    def __init__(
        self, start: Callable[[Callable[[], object]], InThread[object] | NewThread[object]]
    ) -> None:
        self._start = start
        self._work: InThread[object] | NewThread[object] | None = None

    def begin(self, work: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Begin some work; call `end` before more of it."""
        self._work = self._start(partial(work, *args, **kwargs))

    async def end(self) -> None:
        """Wait for the work that was begun, if any, and raise its error."""
        if work := self._work:
            self._work = None
            await work.wait()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._work and kind is GeneratorExit:  # an abandoned flow can't await any more
            self._work.wait_here()
        else:
            with suppress(Exception):  # what ends the block is told
                await self.end()


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
