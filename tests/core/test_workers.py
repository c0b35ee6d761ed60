"""Work of a flow in other threads: workers, events, deadlines, and work beside it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import pytest

from mvsep.core.flow import run
from mvsep.settings.policies import CALLING, calling
from tests.core.flows import WIRE, Drive, Never


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
