"""Fetch of a job's stems, several at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mvsep.core.disk import Busy
from mvsep.core.flow import on_disk
from mvsep.downloads.part_file import PartFile
from mvsep.downloads.plan import OnFile, Order, Place, Record, Result, Wanted, finish, plan
from mvsep.downloads.progress import Progress, Stopped
from mvsep.downloads.transfer import Transfer
from mvsep.errors import DownloadError
from mvsep.files.stem_file import StemFile
from mvsep.job_state import JobState
from mvsep.transport.port import Port


async def download(
    port: Port,
    state: JobState,
    place: Place,
    *,
    parallel: int,
    on_file: OnFile | None,
    manifest: bool,
    record: Record | None,
) -> Result:
    """Fetch the stems of a job that is done, write its manifest, and hand them to the record.

    `on_file` is called by one thread at a time, or in the event loop.
    """
    order = await port.disk(plan, place, state, port.settings, record)
    files = await fetch_all(port, order, parallel=parallel, on_file=on_file)
    return await port.disk(finish, order, state, files, record, manifest)


async def fetch_all(
    port: Port, order: Order, *, parallel: int, on_file: OnFile | None
) -> tuple[StemFile, ...]:
    """Fetch the files of an order, several at once, and return them in the service's order.

    When a file fails, those under way go on to their end, and no other one begins.
    """
    progress = Progress(on_file)
    numbers, lock = iter(range(len(order.wanted))), threading.Lock()
    stems: dict[int, StemFile] = {}
    faults: dict[int, DownloadError] = {}

    def begin() -> int | None:
        with lock:
            return None if faults else next(numbers, None)

    async def work() -> None:
        while (number := begin()) is not None:
            try:
                stems[number] = await fetch(port, order, order.wanted[number], progress)
            except DownloadError as error:
                faults[number] = error
            except Stopped:
                return
            except BaseException:
                progress.stop()
                raise

    try:
        await port.workers(work, min(parallel, len(order.wanted)))
    except BaseException:
        progress.stop()
        # Ctrl-C leaves threads behind: they may read from the network, and touch no file any more.
        progress.settle()
        raise
    if progress.fault:
        raise progress.fault
    finished = tuple(stem for _, stem in sorted(stems.items()))
    if faults:
        raise _with_finished(faults[min(faults)], finished, len(order.wanted))
    return finished


def _with_finished(
    error: DownloadError, finished: tuple[StemFile, ...], count: int
) -> DownloadError:
    error.finished = finished
    if finished:
        saved = f"{len(finished)} of {count} stems are saved."
        error.next_step = f"{error.next_step} {saved}" if error.next_step else saved
    return error


async def fetch(port: Port, order: Order, wanted: Wanted, progress: Progress) -> StemFile:
    """Fetch one file, going on with what is on the disk of it.

    When it did not arrive whole, its name is free, or has the file it had before.
    """
    name = wanted.path.name
    part = PartFile(wanted.path, label=wanted.label, job=order.place.hash, url=wanted.file.url)
    try:
        async with on_disk(port, _held(part, order, wanted, progress)):
            shown = None
            if part.stem is None:
                shown = await Transfer(port, order, wanted, part, progress).run()
    except Busy as error:
        raise order.error(
            f"{name} is being downloaded by another process.",
            "Wait for that download to end.",
            retryable=True,
        ) from error
    except FileExistsError as error:
        raise order.error(
            f"{error} was changed since it was saved.",
            "Pass overwrite=True to replace it, or choose another folder.",
            param="overwrite",
        ) from error
    except OSError as error:
        raise order.error(
            f"{name} could not be written to {wanted.path.parent}: {error.strerror or error}.",
            "Make room there, or choose another folder, and download again.",
            retryable=True,
        ) from error
    stem = part.stem
    assert stem is not None  # noqa: S101  found, or placed
    if shown != stem.size:
        progress.show(wanted.file, stem.size, stem.size)
    return stem


@contextmanager
def _held(part: PartFile, order: Order, wanted: Wanted, progress: Progress) -> Iterator[None]:
    """Hold a part for a block: look for its stem before, and give it its name after.

    Each is one trip to the disk then, together with opening and closing.
    """
    overwrite = order.place.overwrite
    with part:
        part.find(wanted.known, overwrite=overwrite)
        yield
        if part.stem is None:
            with progress.writing():
                part.place(overwrite=overwrite, reserved=order.names)
