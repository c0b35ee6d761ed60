"""The driver of the sync client, and what both ports promise to flows."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

import pytest

from mvsep.core.flow import Managed, iterate, on_disk, run
from mvsep.settings.policies import CALLING, calling
from tests.wire import Wire, answer

WIRE = Wire(answer({"success": True}))
Drive = Callable[[Callable[[Any], Coroutine[Any, Any, Any]]], Any]


@pytest.fixture
def drive(asynchronous: bool) -> Drive:
    """Run a flow, given the port of either client."""

    def act(flow: Any, client: Any) -> Any:
        return flow(client._port) if asynchronous else run(flow(client._port))

    return lambda flow: WIRE.act(asynchronous, partial(act, flow))


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


class Never:
    def __await__(self) -> Generator[None]:
        yield


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


def test_workers_run_at_once_and_all_come_to_their_end(drive: Drive) -> None:
    meeting = threading.Barrier(3)
    met: list[int] = []

    async def flow(port: Any) -> None:
        async def work() -> None:
            await port.disk(lambda: met.append(meeting.wait(30)))

        await port.workers(work, 3)

    drive(flow)
    assert sorted(met) == [0, 1, 2]


@contextmanager
def threads_left(most: int) -> Iterator[None]:
    """Make a system that has no more threads than these."""
    begin, left = threading.Thread.start, iter(range(most))

    def start(thread: threading.Thread) -> None:
        if next(left, None) is None:
            raise RuntimeError("can't start new thread")
        begin(thread)

    with pytest.MonkeyPatch.context() as patch:  # not while asyncio ends
        patch.setattr(threading.Thread, "start", start)
        yield


@pytest.mark.parametrize("left", [0, 1])
def test_without_threads_workers_and_events_do_their_work_all_the_same(
    drive: Drive, left: int
) -> None:
    songs, done = list(range(20)), list[int]()

    async def flow(port: Any) -> list[Any]:
        async def work() -> None:
            while songs:
                song = songs.pop()
                await port.disk(done.append, song)

        async def telling(tell: Any) -> int:
            tell(await port.disk(int, "1"))
            return 2

        with threads_left(left):
            await port.workers(work, 3)
            return [event async for event in port.events(telling)]

    assert drive(flow) == [1, 2]
    assert sorted(done) == list(range(20))


@pytest.mark.parametrize("left", [0, 1])
def test_without_threads_a_call_with_a_deadline_is_made_all_the_same(
    drive: Drive, left: int
) -> None:
    async def flow(port: Any) -> list[Any]:
        with threads_left(left), calling(within=60):
            return [await port.api.separation.get(hash="h") for _ in range(3)]

    assert [state.success for state in drive(flow)] == [True] * 3


@pytest.mark.parametrize("left", [0, 1])
def test_an_error_of_the_work_that_has_no_thread_is_raised(drive: Drive, left: int) -> None:
    async def flow(port: Any) -> None:
        async def work() -> None:
            await port.disk(lambda: 1 // 0)

        with threads_left(left):
            await port.workers(work, 2)

    with pytest.raises(ZeroDivisionError):
        drive(flow)


@pytest.mark.parametrize("ending", [None, ZeroDivisionError, GeneratorExit])
def test_work_behind_a_flow_goes_on_beside_it_and_ends_before_its_block(
    drive: Drive, ending: type[BaseException] | None
) -> None:
    goes_on, done = threading.Event(), list[str]()

    def work() -> None:
        assert goes_on.wait(30)
        for _ in range(100):
            time.sleep(0)  # lets the others run
        done.append("work")

    async def block(port: Any) -> None:
        async with port.behind() as behind:
            behind.begin(work)
            if ending is GeneratorExit:
                await Never()
            goes_on.set()
            if ending:
                raise ending

    async def flow(port: Any) -> None:
        if ending is GeneratorExit:
            held = block(port)
            held.send(None)
            goes_on.set()
            held.close()
        else:
            with pytest.raises(ending) if ending else nullcontext():
                await block(port)
        assert done == ["work"]

    drive(flow)


@pytest.mark.parametrize("left", [0, 9])
def test_an_error_of_work_behind_a_flow_is_raised_at_its_end(drive: Drive, left: int) -> None:
    async def flow(port: Any) -> None:
        with threads_left(left):
            async with port.behind() as behind:
                behind.begin(lambda: 1 // 0)
                with pytest.raises(ZeroDivisionError):
                    await behind.end()
                await behind.end()

    drive(flow)


def test_workers_that_raise_end_the_wait_and_none_of_their_errors_is_lost(drive: Drive) -> None:
    numbers = iter("12")

    async def flow(port: Any) -> None:
        async def work() -> None:
            raise ZeroDivisionError(next(numbers))

        await port.workers(work, 2)

    with pytest.raises(ZeroDivisionError) as caught:
        drive(flow)
    (other,) = {"1", "2"} - {str(caught.value)}
    assert caught.value.__notes__ == [
        f"Another one failed at the same time: ZeroDivisionError('{other}')"
    ]


def test_what_is_noted_on_the_other_errors_is_not_lost(drive: Drive) -> None:
    numbers = iter("12")

    async def flow(port: Any) -> None:
        async def work() -> None:
            error = ZeroDivisionError()
            error.add_note(f"The job {next(numbers)} exists.")
            raise error

        await port.workers(work, 2)

    with pytest.raises(ZeroDivisionError) as caught:
        drive(flow)
    assert {"The job 1 exists.", "The job 2 exists."} <= set(caught.value.__notes__)


@pytest.mark.parametrize("outside", [True, False], ids=["from outside", "by another's error"])
def test_what_cancelled_workers_note_on_their_end_is_not_lost(outside: bool) -> None:
    numbers = iter(range(3))

    async def work() -> None:
        number = next(numbers)
        try:
            await asyncio.sleep(0)
            if number == 0 and not outside:
                raise ZeroDivisionError
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            error.add_note(f"The job {number} exists.")
            raise

    async def cancel() -> set[str]:
        async with WIRE.async_client() as client:
            task = asyncio.create_task(client._port.workers(work, 3))
            for _ in range(3):
                await asyncio.sleep(0)
            if outside:
                task.cancel()
            with pytest.raises((asyncio.CancelledError, ZeroDivisionError)) as caught:
                await task
            return set(caught.value.__notes__)

    expected = range(3) if outside else range(1, 3)
    assert asyncio.run(cancel()) == {f"The job {number} exists." for number in expected}


def test_workers_call_as_their_caller_does(drive: Drive) -> None:
    heard: list[float | None] = []

    async def flow(port: Any) -> None:
        async def work() -> None:
            heard.append(CALLING.get().within)

        with calling(within=7):
            await port.workers(work, 2)

    drive(flow)
    assert heard == [7, 7]


def test_the_threads_of_the_sync_client_are_daemons() -> None:
    kinds: list[bool] = []

    async def flow(port: Any) -> None:
        async def work() -> None:
            kinds.append(threading.current_thread().daemon)

        await port.workers(work, 2)

    with WIRE.client() as client:
        run(flow(client._port))
    assert kinds == [True, True]


def test_events_come_in_order_and_the_result_at_last(drive: Drive) -> None:
    async def flow(port: Any) -> list[Any]:
        async def work(tell: Callable[[int], None]) -> str:
            for number in range(3):
                tell(number)
            return "done"

        return [event async for event in port.events(work)]

    assert drive(flow) == [0, 1, 2, "done"]


def test_an_error_of_the_work_comes_after_its_events(drive: Drive) -> None:
    seen: list[int] = []

    async def flow(port: Any) -> None:
        async def work(tell: Callable[[int], None]) -> None:
            tell(1)
            raise ZeroDivisionError

        async for event in port.events(work):
            seen.append(event)

    with pytest.raises(ZeroDivisionError):
        drive(flow)
    assert seen == [1]


def test_work_ends_at_its_next_word_when_nobody_listens_any_more(drive: Drive) -> None:
    ended = threading.Event()

    async def flow(port: Any) -> None:
        async def work(tell: Callable[[int], None]) -> None:
            try:
                while True:
                    tell(1)
                    await port.disk(lambda: None)
            finally:
                ended.set()

        events = port.events(work)
        assert await anext(events) == 1
        await events.aclose()

    drive(flow)
    assert ended.wait(30)
