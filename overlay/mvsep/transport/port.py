"""The port of the flows, sync and async: calls, waits, files, disk."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
    Mapping,
)
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import copy_context
from typing import Any, Final, Protocol, TypeVar

import httpx

from mvsep.core.flow import run
from mvsep.settings.client import ClientSettings
from mvsep.settings.token import without_frames
from mvsep.transport.connection import AsyncConnection, Connection
from mvsep.transport.httpx_transport import LINK, failure
from mvsep_api.api import AsyncApi

T = TypeVar("T")
R = TypeVar("R")

#: Starts one flow; `Port.workers` runs several at once.
Work = Callable[[], Coroutine[Any, Any, None]]

_FAULTS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)


class Answer(Protocol):
    """A streamed answer to a GET for a file."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by any spelling."""

    @property
    def http_version(self) -> str:
        """The version of HTTP, such as "HTTP/1.1"."""

    async def piece(self) -> bytes | None:
        """Return the next bytes of the body, or None at its end.

        Raises:
            MVSepError: When the connection breaks.
        """


class Port(Protocol):
    """The work that a flow has done for it: calls, waits, files, disk."""

    @property
    def settings(self) -> ClientSettings:
        """The client's settings."""

    @property
    def api(self) -> AsyncApi:
        """Every operation of the service, typed."""

    def at(self, url: str) -> Port:
        """Return the same port to another of the service's hosts.

        Raises:
            InvalidInput: When the host is not the service's.
        """

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def disk(self, work: Callable[[], T], /) -> T:
        """Do work that touches the disk; a cancelled flow lets it end first."""

    async def content(
        self, operation: str, function: Callable[..., Awaitable[Any]], **arguments: object
    ) -> bytes:
        """Call a generated async function, and return its 2xx answer as it came."""

    def get(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Answer]:
        """Send a GET for a file; the token does not go along.

        Raises:
            MVSepError: When no answer comes.
        """

    async def workers(self, work: Work, count: int) -> None:
        """Run `count` flows at once, and wait for all.

        What interrupts the wait, or a flow that raises, ends it. The async port cancels the
        others and waits for their end; the sync port leaves them as daemon threads.
        """

    def events(
        self, work: Callable[[Callable[[T], None]], Coroutine[Any, Any, R]]
    ) -> AsyncGenerator[T | R, None]:
        """Run one flow in the background and yield what it tells, then its result.

        Args:
            work: Starts the flow, given the function that it tells things to. Once the
                generator is closed, that function raises and the flow ends.
        """


class SyncPort:
    """The port of the sync client: it does everything at once."""

    def __init__(self, connection: Connection) -> None:
        self.settings = connection.session
        self.api = AsyncApi(connection.calls)
        self._connection = connection

    def at(self, url: str) -> SyncPort:
        """Return the same port to another host; see `Port.at`."""
        connection = self._connection.at(url)
        return self if connection is self._connection else SyncPort(connection)

    async def sleep(self, seconds: float) -> None:
        """Wait in this thread."""
        self._connection.sleep(seconds)

    async def disk(self, work: Callable[[], T], /) -> T:
        """Do the work in this thread."""
        return work()

    async def content(
        self, operation: str, function: Callable[..., Awaitable[Any]], **arguments: object
    ) -> bytes:
        """Return an answer as it came; see `Port.content`."""
        return await self._connection.calls.content(operation, function, **arguments)

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answer]:
        """Send a GET for a file; see `Port.get`."""
        http, host = self._connection.http, self.settings.host
        with _translated(host):
            response = http.send(_request(http, url, headers), stream=True)
        try:
            yield _SyncAnswer(response, host)
        finally:
            response.close()

    async def workers(self, work: Work, count: int) -> None:
        """Run flows in daemon threads; see `Port.workers`."""
        if count <= 1:
            return await work()
        faults: list[BaseException] = []

        def worker() -> None:
            try:
                run(work())
            except BaseException as error:
                faults.append(error)  # a thread has nobody to raise it to

        _wait_for(
            [
                threading.Thread(
                    target=copy_context().run, args=(worker,), name=f"mvsep-{number}", daemon=True
                )
                for number in range(count)
            ]
        )
        if faults:
            raise faults[0]
        return None

    async def events(
        self, work: Callable[[Callable[[T], None]], Coroutine[Any, Any, R]]
    ) -> AsyncGenerator[T | R, None]:
        """Run a flow in a daemon thread; see `Port.events`."""
        told: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        closed = threading.Event()

        def tell(event: T) -> None:
            if closed.is_set():
                raise _Closed
            told.put(("event", event))

        def worker() -> None:
            try:
                told.put(("result", run(work(tell))))
            except BaseException as error:
                told.put(("error", error))

        threading.Thread(target=copy_context().run, args=(worker,), daemon=True).start()
        try:
            while True:
                try:
                    # In bits: Ctrl-C does not end a wait without end on every system.
                    kind, value = told.get(timeout=0.5)
                except queue.Empty:
                    continue
                if kind == "error":
                    raise value
                yield value
                if kind == "result":
                    return
        finally:
            closed.set()


class AsyncPort:
    """The port of the async client: it awaits httpx, and sends disk work to threads."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.settings = connection.session
        self.api = connection.api
        self._connection = connection

    def at(self, url: str) -> AsyncPort:
        """Return the same port to another host; see `Port.at`."""
        connection = self._connection.at(url)
        return self if connection is self._connection else AsyncPort(connection)

    async def sleep(self, seconds: float) -> None:
        """Wait in this task."""
        await self._connection.sleep(seconds)

    async def disk(self, work: Callable[[], T], /) -> T:
        """Do the work in a thread; when cancelled, let it end first."""
        future = asyncio.ensure_future(asyncio.to_thread(work))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            while not future.done():
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait({future})
            if not future.cancelled():
                future.exception()  # nobody asks for it any more
            raise

    async def content(
        self, operation: str, function: Callable[..., Awaitable[Any]], **arguments: object
    ) -> bytes:
        """Return an answer as it came; see `Port.content`."""
        return await self._connection.calls.content(operation, function, **arguments)

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answer]:
        """Send a GET for a file; see `Port.get`."""
        http, host = self._connection.http, self.settings.host
        with _translated(host):
            response = await http.send(_request(http, url, headers), stream=True)
        try:
            yield _AsyncAnswer(response, host)
        finally:
            await response.aclose()

    async def workers(self, work: Work, count: int) -> None:
        """Run flows as tasks; see `Port.workers`."""
        tasks = [asyncio.create_task(work()) for _ in range(count)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            # Not before each has let go of its files.
            await asyncio.gather(*tasks, return_exceptions=True)

    async def events(
        self, work: Callable[[Callable[[T], None]], Coroutine[Any, Any, R]]
    ) -> AsyncGenerator[T | R, None]:
        """Run a flow as a task; see `Port.events`."""
        told: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        task = asyncio.create_task(work(lambda event: told.put_nowait(("event", event))))
        task.add_done_callback(lambda _: told.put_nowait(("end", None)))
        try:
            while (item := await told.get())[0] == "event":
                yield item[1]
            yield task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


class _Closed(Exception):
    """The events are not asked for any more."""


class _SyncAnswer:
    def __init__(self, response: httpx.Response, host: str) -> None:
        self.status, self.headers = response.status_code, response.headers
        self.http_version = response.http_version
        self._host, self._pieces = host, response.iter_bytes()

    async def piece(self) -> bytes | None:
        with _translated(self._host):
            return next(self._pieces, None)


class _AsyncAnswer:
    def __init__(self, response: httpx.Response, host: str) -> None:
        self.status, self.headers = response.status_code, response.headers
        self.http_version = response.http_version
        self._host, self._pieces = host, response.aiter_bytes()

    async def piece(self) -> bytes | None:
        with _translated(self._host):
            return await anext(self._pieces, None)


def _wait_for(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        # In bits, for Ctrl-C does not end a wait without end on Windows.
        while thread.is_alive():
            thread.join(0.5)


def _request(
    http: httpx.Client | httpx.AsyncClient, url: str, headers: Mapping[str, str]
) -> httpx.Request:
    return http.build_request("GET", url, headers=dict(headers), extensions={LINK: True})


@contextlib.contextmanager
def _translated(host: str) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        known = error if isinstance(error, httpx.HTTPError | httpx.InvalidURL) else None
        fault = failure(known or httpx.ReadError(str(error)), host=host)
        fault.__cause__ = error
        raise without_frames(fault)  # noqa: B904  it has its cause
