"""Places and lines that flows wait for, in threads and in tasks."""

from __future__ import annotations

import asyncio
import threading

import pytest

from mvsep.core.flow import run
from mvsep.transport.places import Line, Places, TaskGate, ThreadGate


class Threads:
    gate = staticmethod(ThreadGate)


class Tasks:
    gate = staticmethod(TaskGate)


def test_a_thread_waits_until_a_place_is_given_back() -> None:
    places, taken = Places(Threads(), 1), []
    run(places.acquire())

    def second() -> None:
        run(places.acquire())
        taken.append(places.used)

    thread = threading.Thread(target=second, daemon=True)
    thread.start()
    places.release()
    thread.join(30)

    assert taken == [1]


def test_tasks_get_places_in_the_order_in_which_they_ask_and_one_may_go_first() -> None:
    got: list[str] = []

    async def flow(places: Places, name: str, first: bool = False) -> None:
        await places.acquire(first=first)
        got.append(name)
        places.release()

    async def all_of_them() -> None:
        places = Places(Tasks(), 1)
        await places.acquire()
        tasks = [asyncio.create_task(flow(places, name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(flow(places, "first", first=True)))
        await asyncio.sleep(0)
        places.release()
        await asyncio.wait_for(asyncio.gather(*tasks), 30)

    asyncio.run(all_of_them())
    assert got == ["first", "a", "b", "c"]


@pytest.mark.parametrize("given", [False, True], ids=["in line", "with its place"])
def test_a_task_that_is_cancelled_takes_no_place_from_others(given: bool) -> None:
    async def cancelled() -> int:
        places = Places(Tasks(), 1)
        await places.acquire()
        waits = asyncio.create_task(places.acquire())
        await asyncio.sleep(0)
        if given:
            places.release()  # its place, before it can take note of that
        waits.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waits
        return places.used

    assert asyncio.run(cancelled()) == (0 if given else 1)


def test_more_places_let_those_in_who_wait() -> None:
    async def waited() -> None:
        places = Places(Tasks(), 0)
        waits = asyncio.create_task(places.acquire())
        await asyncio.sleep(0)
        places.resize(1)
        await asyncio.wait_for(waits, 30)

    asyncio.run(waited())


def test_a_line_is_left_in_order_and_who_leaves_it_early_holds_up_nobody() -> None:
    passed: list[str] = []

    async def flow(line: Line, who: str) -> None:
        await line.reach_front(who)
        passed.append(who)
        line.leave(who)

    async def all_of_them() -> None:
        line = Line(Tasks())
        for who in "abcd":
            line.enter(who)
        tasks = [asyncio.create_task(flow(line, who)) for who in "dca"]
        await asyncio.sleep(0)
        line.leave("b")
        await asyncio.wait_for(asyncio.gather(*tasks), 30)

    asyncio.run(all_of_them())
    assert passed == ["a", "c", "d"]


def test_a_place_comes_free_for_a_task_of_another_event_loop() -> None:
    places, asked = Places(Tasks(), 1), threading.Event()

    async def held() -> None:
        await places.acquire()
        thread.start()
        await asyncio.to_thread(asked.wait, 30)
        places.release()

    async def waits() -> None:
        task = asyncio.ensure_future(places.acquire())
        await asyncio.sleep(0)
        asked.set()
        await asyncio.wait_for(task, 30)

    thread = threading.Thread(target=lambda: asyncio.run(waits()), daemon=True)
    asyncio.run(held())
    thread.join(30)

    assert places.used == 1
