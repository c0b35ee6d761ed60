"""Fetching a job's files, several at a time: what carries out the steps of `downloads.fetch`.

The first file that fails lets those under way go to their end, and no other one is begun.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import httpx

from mvsep.core.steps import Sleep
from mvsep.downloads.fetch import Ask, End, Fetch, Get, Order, Read, Show, Wanted, fetch, settled
from mvsep.downloads.response import Head
from mvsep.downloads.result import OnFile, StemFile
from mvsep.errors import MVSepError
from mvsep.settings.client import ClientSettings
from mvsep.transport.connection import AsyncConnection, Connection
from mvsep.transport.token_transport import LINK, failure

_T = TypeVar("_T")
_FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)
_Outcomes = list[StemFile | BaseException | None]


class _Stopped(Exception):
    """The download is given up as a whole."""


def _next(steps: Fetch, answer: Any) -> Any:
    """The next step, or the file, which ends them."""
    try:
        return steps.throw(answer) if isinstance(answer, MVSepError) else steps.send(answer)
    except StopIteration as finished:
        return finished.value


def _request(http: httpx.Client | httpx.AsyncClient, step: Get) -> httpx.Request:
    return http.build_request("GET", step.url, headers=step.headers, extensions={LINK: True})


def _head(response: httpx.Response, session: ClientSettings) -> Head:
    came = session.timing.wall()
    return Head(response.status_code, response.headers, response.http_version, came)


def _fault(error: Exception, order: Order) -> MVSepError:
    known = error if isinstance(error, httpx.HTTPError | httpx.InvalidURL) else None
    return failure(known or httpx.ReadError(str(error)), host=order.host)


class _Fetching:
    """What the files of one download share.

    Args:
        order: What is fetched.
        on_file: Told how far each file is; by one thread at a time.
    """

    def __init__(self, order: Order, on_file: OnFile | None) -> None:
        self.order = order
        self.outcomes: _Outcomes = [None] * len(order.wanted)
        self._left = iter(enumerate(order.wanted))
        self._on_file = on_file
        self._closed = False
        self._stopped = False
        self._lock = threading.Lock()

    def next(self) -> tuple[int, Wanted] | None:
        """The next file to be begun, with its number."""
        with self._lock:
            return None if self._closed else next(self._left, None)

    def ended(self, number: int, outcome: StemFile | BaseException) -> None:
        """Keep how a file ended."""
        if isinstance(outcome, BaseException):
            self._closed = True
            # What is none of ours came from the caller's own function, or from a fault of ours.
            self._stopped |= not isinstance(outcome, MVSepError)
        self.outcomes[number] = None if isinstance(outcome, _Stopped) else outcome

    def stop(self) -> None:
        """Have all end at their next step."""
        self._closed = self._stopped = True

    def check(self) -> None:
        """End here where all is given up."""
        if self._stopped:
            raise _Stopped

    def show(self, wanted: Wanted, step: Show) -> None:
        """Tell the caller."""
        if self._on_file:
            with self._lock:
                self._on_file(wanted.file, step.done, step.total)


# Sync: threads


def fetch_all(
    connection: Connection, order: Order, *, parallel: int, on_file: OnFile | None
) -> tuple[StemFile, ...]:
    """Fetch the files of an order.

    Args:
        connection: What to talk through.
        order: The files.
        parallel: How many are fetched at once, each in a thread of its own; with 1 it is the
            caller's.
        on_file: Told after each piece; by one thread at a time.

    Returns:
        The stems, in the service's order.

    Raises:
        DownloadError: When one is missing; its `finished` has those that are whole.
    """
    fetching = _Fetching(order, on_file)
    work = partial(_work, connection, fetching)
    count = min(parallel, len(order.wanted))
    if count <= 1:
        work()
        return settled(order, fetching.outcomes)
    # Daemons: an interrupted program need not wait for a server that says no more.
    threads = [
        threading.Thread(target=work, name=f"mvsep-download-{number}", daemon=True)
        for number in range(count)
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            # In bits, for Ctrl-C does not end a wait without end on Windows.
            while thread.is_alive():
                thread.join(0.5)
    except BaseException:
        fetching.stop()
        raise
    return settled(order, fetching.outcomes)


def _work(connection: Connection, fetching: _Fetching) -> None:
    """Fetch one file after the other until none is left."""
    while (found := fetching.next()) is not None:
        number, wanted = found
        try:
            fetching.ended(number, _fetch(connection, fetching, wanted))
        except BaseException as error:
            # A thread has nobody to raise it to.
            fetching.ended(number, error)


def _fetch(connection: Connection, fetching: _Fetching, wanted: Wanted) -> StemFile:
    steps = fetch(fetching.order, wanted)
    response: httpx.Response | None = None
    pieces: Iterator[bytes] = iter(())
    answer: Any = None
    try:
        while True:
            fetching.check()
            step, answer = _next(steps, answer), None
            if isinstance(step, StemFile):
                return step
            if isinstance(step, Show):
                fetching.show(wanted, step)
            elif isinstance(step, Read):
                try:
                    answer = next(pieces, None)
                except _FAULTS as error:
                    answer = _fault(error, fetching.order)
            elif isinstance(step, Sleep):
                connection.sleep(step.seconds)
            elif isinstance(step, Ask):
                try:
                    answer = connection.api.separation.get(hash=step.hash)
                except MVSepError as error:
                    answer = error
            elif isinstance(step, End):
                if response is not None:
                    response.close()
            elif isinstance(step, Get):
                try:
                    request = _request(connection.http, step)
                    response = connection.http.send(request, stream=True)
                    answer, pieces = _head(response, connection.session), response.iter_bytes()
                except _FAULTS as error:
                    answer = _fault(error, fetching.order)
    finally:
        steps.close()
        if response is not None:
            response.close()


# Async: tasks, and the disk in threads


async def fetch_all_async(
    connection: AsyncConnection, order: Order, *, parallel: int, on_file: OnFile | None
) -> tuple[StemFile, ...]:
    """Fetch the files of an order; see `fetch_all`. `on_file` is called in the event loop."""
    fetching = _Fetching(order, on_file)
    count = min(parallel, len(order.wanted))
    tasks = [asyncio.create_task(_work_async(connection, fetching)) for _ in range(count)]
    try:
        await asyncio.gather(*tasks)
    finally:
        fetching.stop()
        for task in tasks:
            task.cancel()
        # Not before each has let go of its file.
        await asyncio.gather(*tasks, return_exceptions=True)
    return settled(order, fetching.outcomes)


async def _work_async(connection: AsyncConnection, fetching: _Fetching) -> None:
    while (found := fetching.next()) is not None:
        number, wanted = found
        try:
            fetching.ended(number, await _fetch_async(connection, fetching, wanted))
        except Exception as error:
            fetching.ended(number, error)


async def _fetch_async(
    connection: AsyncConnection, fetching: _Fetching, wanted: Wanted
) -> StemFile:
    steps = fetch(fetching.order, wanted)
    response: httpx.Response | None = None
    pieces: AsyncIterator[bytes] = _nothing()
    answer: Any = None
    try:
        while True:
            fetching.check()
            # A slow disk must not hold up the event loop.
            step, answer = await in_thread(partial(_next, steps, answer)), None
            if isinstance(step, StemFile):
                return step
            if isinstance(step, Show):
                fetching.show(wanted, step)
            elif isinstance(step, Read):
                try:
                    answer = await anext(pieces, None)
                except _FAULTS as error:
                    answer = _fault(error, fetching.order)
            elif isinstance(step, Sleep):
                await connection.sleep(step.seconds)
            elif isinstance(step, Ask):
                try:
                    answer = await connection.api.separation.get(hash=step.hash)
                except MVSepError as error:
                    answer = error
            elif isinstance(step, End):
                if response is not None:
                    await response.aclose()
            elif isinstance(step, Get):
                try:
                    request = _request(connection.http, step)
                    response = await connection.http.send(request, stream=True)
                    answer, pieces = _head(response, connection.session), response.aiter_bytes()
                except _FAULTS as error:
                    answer = _fault(error, fetching.order)
    finally:
        steps.close()
        if response is not None:
            await response.aclose()


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


async def in_thread(work: Callable[[], _T]) -> _T:
    """Do some work in a thread; when cancelled, let it come to its end first."""
    future = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        while not future.done():
            try:
                await asyncio.wait({future})
            except asyncio.CancelledError:
                continue
        if not future.cancelled():
            future.exception()  # it is of no interest any more
        raise
