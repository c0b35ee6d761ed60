"""Flows: coroutines that both clients share, and the drivers that run them without an event loop.

A flow is written once, with `await`, over a port that does its work (`mvsep.transport.port`).
The async client awaits it. The sync client's port does everything at once, so its flows never
suspend: one `send(None)` brings them to their end.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    ExitStack,
    asynccontextmanager,
)
from types import TracebackType
from typing import Any, ParamSpec, Protocol, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class HasDisk(Protocol):
    """A port that does disk work."""

    async def disk(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function that touches the disk."""


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


def call_back(function: Callable[..., T], /, *given: object) -> T:
    """Call a caller's function.

    Its StopIteration would pass for the end of the flow or loop that calls it, and lose its notes.
    """
    try:
        return function(*given)
    except (StopIteration, StopAsyncIteration) as error:
        raise RuntimeError(f"A callback raised {type(error).__name__}.") from error


async def _awaited(work: Awaitable[T]) -> T:
    return await work


@asynccontextmanager
async def on_disk(port: HasDisk, manager: AbstractContextManager[T]) -> AsyncIterator[T]:
    """Enter and leave a context manager that touches the disk.

    An abandoned flow can't wait any more, so its files are closed at once.
    """
    stack = ExitStack()  # knows whether the block was entered
    try:
        yield await port.disk(stack.enter_context, manager)
    except BaseException as error:
        ended = (type(error), error, error.__traceback__)
        if isinstance(error, GeneratorExit):
            stack.__exit__(*ended)
            raise
        if not await port.disk(stack.__exit__, *ended):
            raise
    else:
        await port.disk(stack.close)
