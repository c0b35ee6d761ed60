"""One request to the API: its turn, its body, its time, its answer, and whether it goes again.

Begin at `answered`. Both transports send with it; they differ in `read`, which sends once and
brings the answer, and in how they wait.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
)
from concurrent import futures
from contextvars import ContextVar
from typing import Any, Final, TypeVar

import httpx

from mvsep.settings.client import ClientSettings
from mvsep.settings.policies import CALLING
from mvsep.transport.log import LOG, Sending
from mvsep.transport.retry import PASSING, is_clear, pause, retry_after
from mvsep.transport.threads import begun, in_thread
from mvsep.transport.unpack import ACCEPTED, has_too_many_values, too_long, unpacked
from mvsep_api.operations import OPERATIONS

T = TypeVar("T")

#: The key in `request.extensions` that says the end of the body was about to be handed over.
BODY_SENT: Final = "mvsep.body_sent"
# The key in `request.extensions` for the end of a call's time: a call may take several requests.
_ENDS: Final = "mvsep.ends"
# What a connection can do to a request; one that can't be sent at all is no such thing.
_BROKEN: Final = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)
_REPEATABLE: Final = frozenset(
    (operation.method, operation.path) for operation in OPERATIONS.values() if operation.idempotent
)
# The calls whose answer is about one thing; the others may answer with long lists.
_SINGLE: Final = frozenset(
    (operation.method, operation.path)
    for operation in OPERATIONS.values()
    if operation.is_state or operation.method == "POST"
)
# Bytes of a body that are read in one trip to a thread, at least. Measured: in pieces of a megabyte
# each page is taken from the system anew, which costs more than the trips.
_TRIP: Final = 1 << 19
# Seconds between two looks at the clock.
_LOOK: Final = 0.1

#: The work of `port.before_end`.
BEFORE_END: Final[ContextVar[Callable[[], object] | None]] = ContextVar(
    "mvsep_before_end", default=None
)


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A request's body on its way: its end is handed over, or it is given up before; never both.

    A thread that was left behind must not send the end of a body that counts as not sent.

    Args:
        stream: The body of httpx.
        extensions: Those of its request, where `BODY_SENT` is put.
    """

    def __init__(self, stream: Any, extensions: dict[str, Any]) -> None:
        self._stream, self._extensions = stream, extensions
        self._given_up, self._lock = False, threading.Lock()

    def __iter__(self) -> Iterator[bytes]:
        # Piece by piece: a file that is read ahead seems to be sent, and a Ctrl-C uncertain.
        return self._pieces(0)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the pieces; files are read in a thread, for a disk must not hold up the loop."""
        if isinstance(self._stream, httpx.ByteStream) and not BEFORE_END.get():
            for piece in self:  # all of it is in memory
                yield piece
        elif isinstance(self._stream, httpx.SyncByteStream):
            pieces = self._pieces(_TRIP)
            while piece := await in_thread(next, pieces, b""):
                yield piece
        else:
            held = b""
            async for part in self._stream:
                if held:
                    yield held
                held = part
            self._end()
            if held:
                yield held

    def _pieces(self, least: int) -> Iterator[bytes]:
        """Yield a body in pieces of at least `least` bytes, and note when its end comes.

        The last part goes by itself, and the note comes before it: a connection that breaks while
        it is on its way may have delivered it.
        """
        parts, size, held = list[bytes](), 0, b""
        for part in filter(None, self._stream):
            self._check()
            if held:
                parts.append(held)
                size += len(held)
            held = part
            if parts and size >= least:
                yield b"".join(parts)  # one alone is not copied
                parts, size = [], 0
        if parts:
            yield b"".join(parts)
        self._end()
        if held:
            yield held

    def _check(self) -> None:
        if self._given_up:
            raise httpx.WriteError("The request was given up.")

    def _end(self) -> None:
        """Note that the end is about to be handed over, after the work of `before_end`."""
        self._check()
        if work := BEFORE_END.get():
            work()
        with self._lock:
            self._check()
            self._extensions[BODY_SENT] = True

    def give_up(self) -> None:
        """Hand over nothing more."""
        with self._lock:
            self._given_up = True


def may_repeat(method: str, path: str, *, mirror: str = "0") -> bool:
    """Tell whether a request may be sent again after it reached the service.

    Reading may; of the rest only what the contract marks with `x-idempotent`. Creating a
    separation is not among them. Results from another mirror cost a credit each time (by the
    service's page), so a GET with a `mirror` is not repeated either.
    """
    if method in {"GET", "HEAD"}:
        return mirror == "0"
    return (method, path) in _REPEATABLE


async def answered(
    settings: ClientSettings,
    request: httpx.Request,
    read: Callable[[ApiRequest], Awaitable[tuple[httpx.Response, bytes]]],
    wait: Callable[[float], Awaitable[object]],
) -> httpx.Response:
    """Send a request to the API until it is answered for good.

    Args:
        settings: The client's settings.
        request: The request.
        read: Sends it once, and reads the answer.
        wait: Waits some seconds.
    """
    call = ApiRequest(settings, request)
    while True:
        if turn := call.turn():
            LOG.debug("waiting %.2f s for its turn", turn)
            await wait(turn)
        sending = call.begin()
        try:
            response, content = await read(call)
        except _BROKEN as error:
            sending.failed(error)
            again = call.after_failure()
            if again is None:
                raise
        else:
            sending.answered(response)
            again = call.after_answer(response)
            if again is None:
                return call.whole(response, content)
        LOG.debug("sending it again in %.2f s", again)
        await wait(again)


class ApiRequest:
    """One request to the API, and the decisions about sending it again.

    Attributes:
        request: The request of httpx, which stays as it is for logs and errors.
        body: The body of the sending at hand.
        has_deadline: Whether the call must end at some moment, whatever the bytes do. httpx bounds
            the time between two bytes, not the time of all.
        is_repeatable: Whether it may be sent again after it reached the service.
    """

    body: Body

    def __init__(self, settings: ClientSettings, request: httpx.Request) -> None:
        wish, url = CALLING.get(), request.url
        self._settings, self._clock = settings, settings.timing.clock
        self._policy = wish.retry or settings.retry
        self._attempt, self._spent = 1, 0.0
        ends = math.inf if wish.within is None else self._clock() + wish.within
        self._ends: float = request.extensions.setdefault(_ENDS, ends)
        method, path = request.method, url.path
        single = (method, path) in _SINGLE
        self._most = settings.longest_state if single else settings.longest_answer
        self.request, self.has_deadline = request, self._ends < math.inf
        mirror = url.params.get("mirror", "0") if b"mirror" in url.query else "0"
        self.is_repeatable = may_repeat(method, path, mirror=mirror)
        request.headers["Accept-Encoding"] = ACCEPTED
        if method == "GET":
            # A cache on the way would tell how a job stood, not how it stands.
            request.headers.setdefault("Cache-Control", "no-cache")

    # Its turn

    def turn(self) -> float:
        """Take a turn, and return the seconds to wait for it; a timeout where it comes too late."""
        pace = self._settings.pace
        wait = pace.reserve(self._clock()) if pace else 0.0
        if wait >= self._left():
            raise httpx.PoolTimeout("Its turn comes after its time.", request=self.request)
        return wait

    def begin(self) -> Sending:
        """Make it ready to be sent; a timeout where the time for it is up."""
        extensions, left = self.request.extensions, self._left()
        extensions.pop(BODY_SENT, None)
        self.body = Body(self.request.stream, extensions)
        if self.has_deadline:
            limits = dict(extensions.get("timeout", {}))
            for name in ("connect", "read", "write", "pool"):
                limit = limits.get(name)
                limits[name] = left if limit is None else min(limit, left)
            extensions["timeout"] = limits
        return Sending(self.request, self._settings.token, self._attempt)

    # Its time

    def _left(self) -> float:
        """Return the seconds that are left; a timeout where there are none."""
        left = self._ends - self._clock()
        if left <= 0:
            raise self._late()
        return left

    def _late(self) -> httpx.ReadTimeout:
        return httpx.ReadTimeout("The time for the call is up.", request=self.request)

    def in_time(
        self, work: Callable[[], T], cut: Callable[[futures.Future[Any]], object] | None
    ) -> T:
        """Do the work in a thread; leave it behind once the time is up, and cut its connection.

        Where there is no thread, httpx and `hear` look at the time.
        """
        end: futures.Future[T] = futures.Future()

        def worker() -> None:
            try:
                end.set_result(work())
            except BaseException as error:
                end.set_exception(error)

        if not begun(worker):
            worker()
        try:
            while not end.done():
                futures.wait({end}, min(self._left(), _LOOK))
        except BaseException:
            self.body.give_up()
            if cut:
                cut(end)
            raise
        return end.result()

    async def in_time_async(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work, and cancel it once the time is up.

        Not in a task of its own: Ctrl-C would end the event loop past those who wait for it.
        """
        loop, limit = asyncio.get_running_loop(), asyncio.timeout(None)
        next_look: asyncio.Handle | None = None

        def look() -> None:
            nonlocal next_look
            try:
                next_look = loop.call_later(min(self._left(), _LOOK), look)
            except httpx.ReadTimeout:
                limit.reschedule(loop.time())

        try:
            async with limit:
                look()
                return await work
        except TimeoutError:
            self._left()
            raise
        finally:
            if next_look:
                next_look.cancel()

    # Its answer

    def hear(self, pieces: Iterable[bytes]) -> bytes:
        """Read an answer that takes neither too long nor too many bytes."""
        heard, size = list[bytes](), 0
        for piece in pieces:
            size += len(piece)
            if size > self._most or self._clock() >= self._ends:
                raise self._endless()
            heard.append(piece)
        return b"".join(heard)

    async def hear_async(self, pieces: AsyncIterable[bytes]) -> bytes:
        """Read an async answer; see `hear`."""
        heard, size = list[bytes](), 0
        async for piece in pieces:
            size += len(piece)
            if size > self._most or self._clock() >= self._ends:
                raise self._endless()
            heard.append(piece)
        return b"".join(heard)

    def _endless(self) -> httpx.HTTPError:
        return self._late() if self._clock() >= self._ends else too_long()

    def whole(self, response: httpx.Response, content: bytes) -> httpx.Response:
        """Make the answer that stands: read to its end, unpacked, and not too much to parse.

        Of one that is no success the status tells enough, if the rest can't be read.
        """
        coding = response.headers.pop("content-encoding", "")
        try:
            content = unpacked(content, coding, self._most)
            if has_too_many_values(content):
                raise too_long()
        except httpx.DecodingError as error:
            if 200 <= response.status_code < 300:
                error.request = self.request
                raise
            content = b""
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(content),
            extensions=response.extensions,
        )

    # Again?

    def after_answer(self, response: httpx.Response) -> float | None:
        """Return the seconds until it is sent again, or None where the answer stands.

        An answer that is neither yes nor no, to a body that was not taken to its end, is a
        WriteError once patience has ended.
        """
        pace, status = self._settings.pace, response.status_code
        if pace:
            pace.told(response.headers, self._clock())
        if 200 <= status < 300:
            return None
        cut_short = not (self.is_repeatable or self._is_sent or is_clear(status))
        if not (cut_short or (self.is_repeatable and status in PASSING)):
            return None
        wait = self._pause(retry_after(response.headers, self._settings.timing.wall()))
        if wait is None and cut_short:
            why = f"status {status} before the end of the request was sent"
            raise httpx.WriteError(why, request=self.request)
        return wait

    def after_failure(self) -> float | None:
        """Return the seconds until it is sent again, or None where the failure stands."""
        return self._pause(None) if self.is_repeatable or not self._is_sent else None

    @property
    def _is_sent(self) -> bool:
        """True once the end of the request was about to be handed over.

        Before that the service can't have acted on it: its front end passes on whole bodies
        only. (Inferred, not confirmed by the service.)
        """
        return bool(self.request.extensions.get(BODY_SENT, False))

    def _pause(self, asked: float | None) -> float | None:
        timing = self._settings.timing
        wait = pause(self._policy, self._attempt, self._spent, asked, timing.chance())
        if wait is None or self._clock() + wait >= self._ends:
            return None
        self._attempt += 1
        self._spent += wait
        return wait
