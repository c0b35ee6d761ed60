"""Download of a job's stems: plan, fetch several files at once, write the manifest."""

from __future__ import annotations

import threading
from functools import partial

from mvsep.downloads.fetch import Progress, Stopped, fetch
from mvsep.downloads.plan import OnFile, Order, Place, Record, Result, finish, plan
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
    order = await port.disk(partial(plan, place, state, port.settings, record))
    files = await fetch_all(port, order, parallel=parallel, on_file=on_file)
    return await port.disk(partial(finish, order, state, files, record, manifest))


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
        raise
    if progress.fault:
        raise progress.fault
    finished = tuple(stem for _, stem in sorted(stems.items()))
    if faults:
        raise _told(faults[min(faults)], finished, len(order.wanted))
    return finished


def _told(error: DownloadError, finished: tuple[StemFile, ...], wanted: int) -> DownloadError:
    error.finished = finished
    if finished:
        saved = f"{len(finished)} of {wanted} stems are saved."
        error.next_step = f"{error.next_step} {saved}" if error.next_step else saved
    return error
