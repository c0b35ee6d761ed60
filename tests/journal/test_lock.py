"""A song's lock is kept until all work on the song has ended, also in threads."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, manifest
from mvsep.downloads.part_file import PartFile
from mvsep.downloads.progress import Progress
from tests.scenes import CREATED, VOCALS, names
from tests.wire import Wire

WHOLE = httpx.Response(200, content=b"v")
#: Turns of the event loop, for a cancelled task to come as far as it can.
TURNS = 50


class Slow:
    """Work in a thread that goes on until it may end, and then looks whether its song is held."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.began, self.may_end = threading.Event(), threading.Event()
        self.held: list[bool] = []

    def made_of(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def slowly(*arguments: Any, **named: Any) -> Any:
            if self.began.is_set():
                return work(*arguments, **named)
            self.began.set()
            self.may_end.wait()
            try:
                return work(*arguments, **named)
            finally:
                self.held.append(self.is_held)

        return slowly

    @property
    def is_held(self) -> bool:
        with Journal(self.place) as journal:
            return journal.is_held(journal.entries()[0].key)


WORK = {
    "the end of the upload": (Journal, "offered"),
    "the hash": (Journal, "submitted"),
    "a piece of a stem": (PartFile, "write"),
    "the name of a stem": (PartFile, "place"),
    "the manifest": (manifest, "write"),
    "the list of stems": (Journal, "saved"),
}


@pytest.fixture(name="slow")
def _slow(place: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    slow = Slow(place)
    yield slow
    slow.may_end.set()  # whatever fails, no thread is left waiting


def separate(slow: Slow, out: Path) -> Callable[[], Any]:
    song = out.parent / "song.wav"
    song.write_bytes(b"song")

    async def separated() -> None:
        wire = Wire(CREATED, VOCALS, WHOLE)
        async with wire.async_client() as client:
            with Journal(slow.place) as journal:
                await client.separate(song, 40, out=out, manifest=True, journal=journal)

    return separated


async def begun(slow: Slow, task: asyncio.Task[None]) -> None:
    while not (task.done() or slow.began.is_set()):
        await asyncio.sleep(0)


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
@pytest.mark.parametrize("times", [1, 3])
def test_a_cancelled_task_keeps_the_lock_until_its_threads_have_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: Slow, work: Any, times: int
) -> None:
    monkeypatch.setattr(*work, slow.made_of(getattr(*work)))

    async def main() -> None:
        task = asyncio.create_task(separate(slow, tmp_path / "o")())
        await begun(slow, task)
        for _ in range(times):
            task.cancel()
            for _ in range(TURNS):
                await asyncio.sleep(0)
        ended = task.done()
        slow.may_end.set()
        assert not ended
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert slow.held == [True]
    assert not slow.is_held


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_a_task_that_is_left_to_the_end_of_the_loop_keeps_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: Slow, work: Any
) -> None:
    monkeypatch.setattr(*work, slow.made_of(getattr(*work)))

    async def main() -> None:
        task = asyncio.create_task(separate(slow, tmp_path / "o")())
        await begun(slow, task)
        release(TURNS)

    def release(turns: int) -> None:
        if turns:
            asyncio.get_running_loop().call_soon(release, turns - 1)
        else:
            slow.may_end.set()

    asyncio.run(main())
    assert slow.held == [True]
    assert not slow.is_held


@pytest.mark.parametrize("work", [(PartFile, "write"), (PartFile, "place")])
def test_ctrl_c_keeps_it_until_no_thread_writes_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: Slow, work: Any
) -> None:
    join, settle = threading.Thread.join, Progress.settle

    def interrupted(thread: threading.Thread, timeout: float | None = None) -> None:
        if thread.name.startswith("mvsep-"):
            while thread.is_alive() and not slow.began.is_set():
                join(thread, 0.001)
            raise KeyboardInterrupt
        join(thread, timeout)

    def settled(progress: Progress) -> None:
        slow.may_end.set()
        settle(progress)

    monkeypatch.setattr(*work, slow.made_of(getattr(*work)))
    monkeypatch.setattr(threading.Thread, "join", interrupted)
    monkeypatch.setattr(Progress, "settle", settled)
    song = tmp_path / "song.wav"
    song.write_bytes(b"song")
    stems = VOCALS.json()["data"]["files"] * 2
    two = httpx.Response(200, json={"success": True, "status": "done", "data": {"files": stems}})
    with Wire(CREATED, two, WHOLE).client() as client, Journal(slow.place) as journal:
        with pytest.raises(KeyboardInterrupt):
            client.separate(song, 40, out=tmp_path / "o", journal=journal)
        monkeypatch.undo()
        assert slow.held == [True]
        before = [name for name in names(tmp_path / "o") if not name.startswith(".")]
        for thread in threading.enumerate():
            if thread.name.startswith("mvsep-"):
                thread.join()
        assert [name for name in names(tmp_path / "o") if not name.startswith(".")] == before
