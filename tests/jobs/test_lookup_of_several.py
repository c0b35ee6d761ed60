"""What ends several calls at once says how to find each job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, errors
from tests.jobs.ends import SONG, check_names_the_job, marker_of, notes, raising
from tests.scenes import CREATED, HASH, HOST, WAITING
from tests.wire import ACCOUNT, Do, Wire


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Any:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        yield journal


class Hanging:
    """A service that takes the whole form and never answers."""

    def __init__(self, then: Callable[[], object]) -> None:
        self.then, self.body = then, b""

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.body = await request.aread()
        self.then()
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    def submit(self) -> Any:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self))
        client = Wire().async_client(http_client=http)
        return client.submit(SONG, 40)


def test_a_timeout_has_the_marker_in_the_notes_of_its_cause() -> None:
    async def timed() -> None:
        async with asyncio.timeout(None) as limit:
            now = asyncio.get_running_loop().time()
            await Hanging(lambda: limit.reschedule(now)).submit()

    with pytest.raises(TimeoutError) as caught:
        asyncio.run(timed())

    assert isinstance(caught.value.__cause__, asyncio.CancelledError)
    assert "client.reconcile('mvk" in notes(caught.value.__cause__)


def test_a_task_that_its_group_cancels_keeps_the_marker() -> None:
    async def grouped() -> BaseException | None:
        sent = asyncio.Event()

        async def fail() -> None:
            await sent.wait()
            raise ZeroDivisionError

        with pytest.raises(ExceptionGroup):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(Hanging(sent.set).submit())
                group.create_task(fail())
        with pytest.raises(asyncio.CancelledError) as caught:
            task.result()
        return caught.value

    assert "client.reconcile('mvk" in notes(asyncio.run(grouped()))


@pytest.mark.parametrize("end", [KeyboardInterrupt, asyncio.CancelledError, ZeroDivisionError])
def test_what_ends_a_batch_names_each_job_under_way(
    do: Do, tmp_path: Path, end: type[BaseException]
) -> None:
    def on_event(source: object, event: object) -> None:
        if getattr(event, "status", None) == "waiting":
            raise end("stop")

    with pytest.raises(end) as caught:
        wire = Wire(CREATED, WAITING)
        do(wire, "separate_many", [SONG, SONG], 40, out=tmp_path, on_event=on_event, at_once=1)

    check_names_the_job(caught.value)


@pytest.mark.parametrize("end", [KeyboardInterrupt, asyncio.CancelledError])
def test_what_ends_a_batch_after_a_form_was_sent_names_its_marker(
    do: Do, tmp_path: Path, end: type[BaseException]
) -> None:
    wire = Wire(ACCOUNT, raising(end))
    with pytest.raises(end) as caught:
        do(wire, "separate_many", [SONG], 40, out=tmp_path)

    assert marker_of(wire) in notes(caught.value)


def test_a_fault_in_a_song_of_a_batch_names_its_job(do: Do, tmp_path: Path) -> None:
    wire = Wire(CREATED, raising(ZeroDivisionError))
    (outcome,) = do(wire, "separate_many", [SONG], 40, out=tmp_path)

    assert (outcome.error.hash, outcome.error.host) == (HASH, HOST)


@pytest.mark.parametrize("end", [KeyboardInterrupt, ZeroDivisionError])
def test_what_ends_a_finish_names_the_job(
    do: Do, journal: Journal, tmp_path: Path, end: type[BaseException]
) -> None:
    def on_event(source: object, event: object) -> None:
        if getattr(event, "status", None) == "waiting":
            raise end("stop")

    with pytest.raises(errors.JobTimeout):
        wire = Wire(CREATED, WAITING)
        do(wire, "separate", SONG, 40, journal=journal, out=tmp_path, timeout=0)
    with pytest.raises(end) as caught:
        do(Wire(WAITING), "finish", journal, on_event=on_event)

    check_names_the_job(caught.value)


def test_a_song_that_another_process_has_is_refused_with_its_job(
    do: Do, journal: Journal, tmp_path: Path
) -> None:
    wire = Wire(CREATED, WAITING)
    kept = {"journal": journal, "out": tmp_path}
    with pytest.raises(errors.JobTimeout):
        do(wire, "separate", SONG, 40, timeout=0, **kept)
    (entry,) = journal.unfinished()
    with journal.holding(entry.key, "song"), pytest.raises(errors.AlreadyUnderWay) as caught:
        do(wire, "separate", SONG, 40, **kept)

    assert (caught.value.hash, caught.value.charged) == (HASH, None)
