"""The driver of the sync client, and what both ports promise to flows."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mvsep.core.flow import Managed, iterate, on_disk, run
from tests.core.flows import WIRE


class Guarded:
    """Something that is entered and left, and remembers how."""

    def __init__(self, *, suppresses: bool = False) -> None:
        self.suppresses = suppresses
        self.left: list[type[BaseException] | None] = []
        self.threads: list[int] = []

    def __enter__(self) -> Guarded:
        self.threads.append(threading.get_ident())
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self.left.append(kind)
        self.threads.append(threading.get_ident())
        return self.suppresses


class Port:
    async def disk(self, work: Any, /, *args: Any) -> Any:
        return work(*args)


def cancelled(flow: Callable[[Any], Coroutine[Any, Any, None]], *events: threading.Event) -> None:
    """Cancel a flow of the async client once it has begun, and let it end then."""
    begun, may_end = events

    async def cancel() -> None:
        async with WIRE.async_client() as client:
            task = asyncio.create_task(flow(client._port))
            await asyncio.to_thread(begun.wait, 30)
            task.cancel()
            await asyncio.sleep(0)
            assert not task.done()
            may_end.set()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(cancel())


def test_a_flow_of_the_sync_client_may_not_wait_for_a_loop() -> None:
    left: list[str] = []

    async def flow() -> None:
        try:
            await asyncio.sleep(0)
        finally:
            left.append("left")

    waiting = flow()  # held, so that nothing but `run` closes it
    with pytest.raises(RuntimeError, match="waited for an event loop"):
        run(waiting)
    assert left == ["left"]


async def counting(left: list[str]) -> AsyncGenerator[int, None]:
    try:
        for number in range(5):
            yield number
    finally:
        left.append("left")


def test_a_loop_that_is_left_early_closes_its_flow() -> None:
    left: list[str] = []
    flow = counting(left)  # held, as above
    for number in iterate(flow):
        if number == 2:
            break
    gc.collect()

    assert left == ["left"]
    assert list(iterate(counting([]))) == [0, 1, 2, 3, 4]


def test_a_managed_flow_sees_the_end_of_its_block_and_may_suppress_its_error() -> None:
    guarded = Guarded()
    with Managed(on_disk(Port(), guarded)) as given:
        assert given is guarded
    with pytest.raises(ZeroDivisionError), Managed(on_disk(Port(), guarded)):
        raise ZeroDivisionError
    assert guarded.left == [None, ZeroDivisionError]

    with Managed(on_disk(Port(), Guarded(suppresses=True))):
        raise ZeroDivisionError


def test_what_could_not_be_entered_is_not_left() -> None:
    class Shut(Guarded):
        def __enter__(self) -> Guarded:
            raise ZeroDivisionError

    shut = Shut()
    with pytest.raises(ZeroDivisionError), Managed(on_disk(Port(), shut)):
        pass
    assert shut.left == []


def test_disk_work_ends_before_a_cancelled_flow_does_and_stays_off_the_loop() -> None:
    begun, may_end = threading.Event(), threading.Event()
    guarded, done = Guarded(), list[str]()

    def work() -> None:
        begun.set()
        assert may_end.wait(30)
        done.append("work")

    async def flow(port: Any) -> None:
        async with on_disk(port, guarded):
            await port.disk(work)

    cancelled(flow, begun, may_end)
    assert done == ["work"]
    assert guarded.left == [asyncio.CancelledError]
    assert threading.get_ident() not in guarded.threads


def test_what_was_entered_while_the_flow_was_cancelled_is_left_again() -> None:
    begun, may_end, left = threading.Event(), threading.Event(), list[str]()

    @contextmanager
    def slow() -> Iterator[None]:
        begun.set()
        assert may_end.wait(30)
        try:
            yield
        finally:
            left.append("left")

    async def flow(port: Any) -> None:
        async with on_disk(port, slow()):
            raise AssertionError("the flow was cancelled before")

    cancelled(flow, begun, may_end)
    assert left == ["left"]


def test_a_flow_that_nobody_goes_on_with_closes_its_files_at_once() -> None:
    guarded = Guarded()

    async def flow() -> None:
        async with on_disk(Port(), guarded):
            await asyncio.get_running_loop().create_future()

    async def abandoned() -> None:
        never = flow()
        never.send(None)
        never.close()

    asyncio.run(abandoned())
    assert guarded.left == [GeneratorExit]
