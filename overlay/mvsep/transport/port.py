"""The port of the flows: calls, waits, files, disk; and what the two clients' ports share."""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
    Mapping,
)
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, Final, Generic, ParamSpec, Protocol, TypeVar

import httpx

from mvsep.errors import MVSepError
from mvsep.settings.client import ClientSettings
from mvsep.transport.calls import AsyncCalls
from mvsep.transport.connection import broken
from mvsep.transport.httpx_transport import FAULTS, LINK, check_open
from mvsep.transport.places import Gate
from mvsep.transport.request import BEFORE_END
from mvsep.transport.threads import Behind
from mvsep_api.api import AsyncApi

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")
Http = TypeVar("Http", httpx.Client, httpx.AsyncClient)

#: Starts one flow; `Port.workers` runs several at once.
Work = Callable[[], Coroutine[Any, Any, None]]

#: Bytes of a file that go to the disk at once, at least; httpx reads 64 KiB at a time.
BATCH: Final = 1 << 20

#: Pieces that go to the disk at once, at most: of a server's single bytes a megabyte would be many.
MOST_PIECES: Final = 256

#: Seconds after which the bytes that came go to the disk, however few they are.
LATE: Final = 1.0


@contextmanager
def before_end(work: Callable[[], object]) -> Iterator[None]:
    """Do some work right before the last piece of each body that a block sends is handed over.

    The async port does it in a thread. Where it raises, the body is broken off before its end.
    """
    token = BEFORE_END.set(work)
    try:
        yield
    finally:
        BEFORE_END.reset(token)


class Port(Protocol):
    """The work that a flow has done for it: calls, waits, files, disk."""

    @property
    def settings(self) -> ClientSettings:
        """The client's settings."""

    @property
    def api(self) -> AsyncApi:
        """Every operation of the service, typed."""

    def at(self, url: str) -> Port:
        """Return the same port to another of the service's hosts."""

    def with_settings(self, settings: ClientSettings) -> Port:
        """Return a port with settings of its own and the same connections.

        To close it leaves the connections open; to close this one closes those of both.
        """

    def sleep(self, seconds: float) -> Awaitable[object]:
        """Wait."""

    async def disk(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function that touches the disk; a cancelled flow lets it end first."""

    def behind(self) -> Behind:
        """Return what does disk work while the flow goes on, one piece of it at a time.

        The end of the block waits for it, whatever ends the block.
        """

    async def content(
        self, operation: str, function: Callable[..., Awaitable[Any]], /, **arguments: object
    ) -> bytes:
        """Call a generated async function, and return its 2xx answer as it came."""

    def get(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Answer]:
        """Send a GET for a file; the token does not go along."""

    async def workers(self, work: Work, count: int) -> None:
        """Run `count` flows at once, or as many as there are threads for, and wait for all.

        The first error of a flow is raised at the end, with a note for each of another flow. An
        error cancels the other flows of the async port; the threads of the sync port run on.
        Ctrl-C leaves them as daemons.
        """

    def gate(self) -> Gate:
        """Return a new gate for the flow that calls; another flow opens it."""

    def events(
        self, work: Callable[[Callable[[T], None]], Coroutine[Any, Any, R]]
    ) -> AsyncGenerator[T | R, None]:
        """Run one flow in the background and yield what it tells, then its result.

        The flow is started with the function that it tells things to. Once the generator is closed,
        that function raises and the flow ends.
        """


class Answer:
    """A streamed answer to a GET for a file.

    Its bytes are as they came over the wire, for a content coding is the reader's matter. They are
    gathered, for each trip to the disk costs time, and not joined. Measured: to join them took 5 to
    18 % more of the processor.

    Attributes:
        status: The HTTP status.
        headers: The headers, by any spelling.
        http_version: The version of HTTP, such as "HTTP/1.1".
    """

    def __init__(
        self, response: httpx.Response, pieces: AsyncIterator[bytes], settings: ClientSettings
    ) -> None:
        self.status, self.headers = response.status_code, httpx.Headers(response.headers)
        if response.is_stream_consumed and "content-encoding" in self.headers:
            # Who read it has unpacked it.
            for name in ("content-encoding", "content-length"):
                self.headers.pop(name, None)
        self.http_version = response.http_version
        self._pieces, self._settings = pieces, settings
        self._fault: MVSepError | None = None

    async def batch(self) -> list[bytes]:
        """Return the next pieces, as many as go to the disk at once; none at the end.

        What breaks off is raised after the bytes that came.
        """
        if self._fault:
            raise self._fault
        clock, held, size = self._settings.timing.clock, list[bytes](), 0
        began = clock()
        try:
            async for piece in self._pieces:
                if piece:
                    held.append(piece)
                    size += len(piece)
                if size >= BATCH or len(held) >= MOST_PIECES or clock() - began >= LATE:
                    break
        except FAULTS as error:
            self._fault = broken(error, self._settings.host)
            if not held:
                raise self._fault from error
        return held


class AtOnce(AsyncIterator[bytes]):
    """The pieces of a sync answer, for a flow that awaits them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    async def __anext__(self) -> bytes:
        try:
            return next(self._pieces)
        except StopIteration:
            raise StopAsyncIteration from None


class PortBase(Generic[Http]):
    """Base of both ports.

    Attributes:
        http: The httpx client below all of it.
        api: Every operation of the service, for flows to await.
    """

    def __init__(self, settings: ClientSettings, http: Http, calls: AsyncCalls) -> None:
        self.http: Http = http
        self.settings, self._calls = settings, calls
        self.api = AsyncApi(calls)

    async def content(
        self, operation: str, function: Callable[..., Awaitable[Any]], /, **arguments: object
    ) -> bytes:
        """Return an answer as it came; see `Port.content`."""
        return await self._calls.content(operation, function, **arguments)

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answer]:
        """Send a GET for a file; see `Port.get`."""
        settings = self.settings
        check_open(self.http)
        try:
            request = self.http.build_request("GET", url, headers=headers, extensions={LINK: True})
            # A caller's own auth is for the hosts that the caller asks.
            chosen = request.url.netloc.decode() in settings.chosen
            auth = httpx.USE_CLIENT_DEFAULT if chosen else None
            response, pieces = await self._send(request, auth)
        except FAULTS as error:
            raise broken(error, settings.host) from error
        try:
            yield Answer(response, pieces, settings)
        finally:
            await self._close(response)

    async def _send(
        self, request: httpx.Request, auth: Any
    ) -> tuple[httpx.Response, AsyncIterator[bytes]]:
        """Send a request, and return its answer and the pieces of its body."""
        raise NotImplementedError

    async def _close(self, response: httpx.Response) -> None:
        raise NotImplementedError


def note_others(first: BaseException, *others: BaseException) -> None:
    """Note on the first error of several flows each other one, and what is noted on it."""
    for other in others:
        if other is first:
            continue
        if isinstance(other, Exception):  # others were cancelled because of the first
            first.add_note(f"Another one failed at the same time: {other!r}")
        for note in getattr(other, "__notes__", ()):
            if note not in getattr(first, "__notes__", ()):
                first.add_note(note)
