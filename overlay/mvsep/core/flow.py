"""Flows: coroutines that both clients share, and the drivers that run them without an event loop.

A flow is written once, with `await`, over a port that does its work (`mvsep.transport.port`).
The async client awaits it. The sync client's port does everything at once, so its flows never
suspend: one `send(None)` brings them to their end.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class HasDisk(Protocol):
    """A port that does disk work."""

    async def disk(self, work: Callable[[], T], /) -> T:
        """Do work that touches the disk."""


def run(flow: Coroutine[Any, Any, T]) -> T:
    """Run a flow of the sync client to its end, which must not wait for an event loop."""
    try:
        flow.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        flow.close()
    raise RuntimeError("a flow of the sync client waited for an event loop")


def iterate(flow: AsyncGenerator[T, None]) -> Iterator[T]:
    """Iterate over a flow of the sync client; leaving the loop early closes it."""
    try:
        while True:
            try:
                yield run(_awaited(flow.__anext__()))
            except StopAsyncIteration:
                return
    finally:
        run(flow.aclose())


class Managed(AbstractContextManager[T]):
    """A flow of the sync client that surrounds a block."""

    def __init__(self, flow: AbstractAsyncContextManager[T]) -> None:
        self._flow = flow

    def __enter__(self) -> T:
        return run(_awaited(self._flow.__aenter__()))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        return run(_awaited(self._flow.__aexit__(kind, error, traceback)))


async def _awaited(work: Awaitable[T]) -> T:
    return await work


@asynccontextmanager
async def on_disk(port: HasDisk, manager: AbstractContextManager[T]) -> AsyncIterator[T]:
    """Enter and leave a context manager that touches the disk.

    An abandoned flow can't wait any more, so its files are closed at once.
    """
    entered: list[T] = []
    try:
        await port.disk(lambda: entered.append(manager.__enter__()))
        yield entered[0]
    except BaseException as error:
        if not entered:
            raise
        leave = partial(manager.__exit__, type(error), error, error.__traceback__)
        if isinstance(error, GeneratorExit):
            leave()
            raise
        if not await port.disk(leave):
            raise
    else:
        await port.disk(lambda: manager.__exit__(None, None, None))
