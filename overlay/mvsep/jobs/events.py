"""A job followed to its stems: one stream of events, from the queue to the last byte."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from mvsep.downloads.plan import check_place
from mvsep.downloads.result import PARALLEL, Fetching, Folder, Result
from mvsep.errors import InvalidInput
from mvsep.files.names import DEFAULT_TEMPLATE
from mvsep.job_state import JobState, ResultFile

if TYPE_CHECKING:
    from mvsep.jobs.job import AsyncJob, Job


@frozen
class Moved:
    """Bytes of a stem that are on the disk.

    Args:
        file: The stem, as the service lists it.
        done: Bytes so far.
        total: Bytes in all, where that is known.
    """

    file: ResultFile
    done: int
    total: int | None


#: What `Job.events` gives: how the job stands, how far a stem is, and at last what came of it.
Event = JobState | Moved | Result


class _GivenUp(Exception):
    """The events are not asked for any more."""


_END: Final = object()


def only_with_out(fetching: Fetching) -> None:
    """Refuse what says how stems are fetched where none are.

    Raises:
        InvalidInput: When there is any.
    """
    if fetching:
        raise InvalidInput(f"{', '.join(sorted(fetching))}: the stems are fetched with out= only.")


def follow(
    job: Job, states: Iterator[JobState], out: Folder, fetching: Fetching
) -> Iterator[Event]:
    """The events of a job; see `Job.events`.

    Args:
        job: The job.
        states: Its states, until it is done.
        out: The folder for its stems.
        fetching: What else `Job.download` takes.
    """
    check_place(out, fetching.get("template", DEFAULT_TEMPLATE), fetching.get("parallel", PARALLEL))
    yield from states
    events: queue.SimpleQueue[Any] = queue.SimpleQueue()
    given_up = threading.Event()

    def moved(file: ResultFile, done: int, total: int | None) -> None:
        if given_up.is_set():
            raise _GivenUp
        events.put(Moved(file, done, total))

    def work() -> None:
        try:
            events.put(job.download(out, on_file=moved, **fetching))
        except _GivenUp:
            pass
        except BaseException as error:
            events.put(error)

    # A daemon, as those that it starts: an interrupted program need not wait for a server.
    threading.Thread(target=work, name="mvsep-follow", daemon=True).start()
    try:
        while True:
            try:
                event = events.get(timeout=0.5)  # Ctrl-C does not end a wait without end everywhere
            except queue.Empty:
                continue
            if isinstance(event, BaseException):
                raise event
            yield event
            if isinstance(event, Result):
                return
    finally:
        given_up.set()


async def follow_async(
    job: AsyncJob, states: AsyncIterator[JobState], out: Folder, fetching: Fetching
) -> AsyncIterator[Event]:
    """The events of a job; see `AsyncJob.events`."""
    check_place(out, fetching.get("template", DEFAULT_TEMPLATE), fetching.get("parallel", PARALLEL))
    async for state in states:
        yield state
    events: asyncio.Queue[Any] = asyncio.Queue()

    def moved(file: ResultFile, done: int, total: int | None) -> None:
        events.put_nowait(Moved(file, done, total))

    task = asyncio.create_task(job.download(out, on_file=moved, **fetching))
    task.add_done_callback(lambda _: events.put_nowait(_END))
    try:
        while (event := await events.get()) is not _END:
            yield event
        yield task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
