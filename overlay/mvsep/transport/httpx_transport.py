"""httpx transports: they put the token in, and send again what may be sent again.

They stand below httpx's client so that every call has them: the overlay's, the facade's and those
of the generated functions. Result files are only sent on; `mvsep.downloads` goes on where it was.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Any, Final, Generic, TypeVar

import httpx
from attrs import define, field

from mvsep.core.flow import run
from mvsep.settings.client import ClientSettings
from mvsep.settings.policies import CALLING, RetryPolicy
from mvsep.settings.token import check_host, mask_in_logs, reveal
from mvsep.transport.port import BEFORE_END
from mvsep.transport.retry import PASSING, is_clear, may_repeat, pause, retry_after
from mvsep.transport.threads import in_thread

#: The key in `request.extensions` that says the end of the body was about to be handed over.
BODY_SENT = "mvsep.body_sent"

#: The key in `request.extensions` that marks a link which somebody else made up: it never gets the
#: token, whatever it asks for.
LINK = "mvsep.link"

_API: Final = "/api/"
_PIECE: Final = 1 << 20
_PLAIN: Final = frozenset({"GET", "HEAD"})
# What a connection can do to a request; one that can't be sent at all is no such thing.
_BROKEN: Final = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)
# The longest answers, lists of all separation types, have about a megabyte.
_LONGEST_ANSWER: Final = 64 << 20

Inner = TypeVar("Inner", httpx.Client, httpx.AsyncClient)


def _pieces(parts: Iterable[bytes], extensions: dict[str, Any], least: int) -> Iterator[bytes]:
    """Yield a body in pieces of at least `least` bytes, and note when its end comes.

    The last part goes by itself, and the note comes before it: a connection that breaks while it
    is on its way may have delivered it.
    """
    piece, held = bytearray(), b""
    for part in filter(None, parts):
        piece += held
        held = part
        if len(piece) >= max(least, 1):
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)
    _note_end(extensions)
    if held:
        yield held


def _note_end(extensions: dict[str, Any]) -> None:
    if work := BEFORE_END.get():
        work()
    extensions[BODY_SENT] = True


class _Watched(httpx.SyncByteStream):
    """A request body that notes when its end is handed over."""

    def __init__(self, stream: httpx.SyncByteStream, extensions: dict[str, Any]) -> None:
        self._stream = stream
        self._extensions = extensions

    def __iter__(self) -> Iterator[bytes]:
        # Piece by piece: a file that is read ahead seems to be sent, and a Ctrl-C uncertain.
        return _pieces(self._stream, self._extensions, 0)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


class _AsyncWatched(httpx.AsyncByteStream):
    """An async one. It reads files in a thread: a slow disk must not hold up the event loop."""

    def __init__(self, stream: Any, extensions: dict[str, Any]) -> None:
        self._stream = stream
        self._extensions = extensions

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if isinstance(self._stream, httpx.SyncByteStream):
            pieces = _pieces(self._stream, self._extensions, _PIECE)
            while (piece := await in_thread(next, pieces, None)) is not None:
                yield piece
            return
        held = b""
        async for part in self._stream:
            if held:
                yield held
            held = part
        _note_end(self._extensions)
        if held:
            yield held

    async def aclose(self) -> None:
        """Close the stream."""
        await self._stream.aclose()


@define
class _Attempts:
    """One request on its way, and the decisions about sending it again."""

    settings: ClientSettings
    request: httpx.Request
    attempt: int = 1
    spent: float = 0.0
    size: int = 0
    policy: RetryPolicy = field(init=False)
    ends: float | None = field(init=False)

    def __attrs_post_init__(self) -> None:
        wish = CALLING.get()
        self.policy = wish.retry or self.settings.retry
        self.ends = None if wish.within is None else self.settings.timing.clock() + wish.within
        if self.request.method == "GET":
            # A cache on the way would tell how a job stood, not how it stands.
            self.request.headers.setdefault("Cache-Control", "no-cache")

    def turn(self) -> float:
        """Take a turn, and return the seconds to wait for it."""
        pace = self.settings.pace
        return pace.reserve(self.settings.timing.clock()) if pace else 0.0

    def sending(self) -> httpx.Request:
        """Return the request, as it may be sent now; a timeout where the time for it is up."""
        self.request.extensions.pop(BODY_SENT, None)
        self.size = 0
        left = self._left()
        if left is not None:
            limits = dict(self.request.extensions.get("timeout", {}))
            for name in ("connect", "read", "write", "pool"):
                limit = limits.get(name)
                limits[name] = left if limit is None else min(limit, left)
            self.request.extensions["timeout"] = limits
        return self.request

    def heard(self, piece: bytes) -> bytes:
        """Check that the answer does not take too long, nor has too many bytes."""
        self._left()
        self.size += len(piece)
        if self.size > _LONGEST_ANSWER:
            raise httpx.DecodingError("The answer is too long to be one.", request=self.request)
        return piece

    def after_answer(self, response: httpx.Response) -> float | None:
        """Return the seconds until it is sent again, or None where the answer stands.

        An answer that is neither yes nor no, to a body that was not taken to its end, is a
        WriteError once patience has ended.
        """
        pace, timing = self.settings.pace, self.settings.timing
        if pace:
            pace.told(response.headers, timing.clock())
        status = response.status_code
        if 200 <= status < 300:
            return None
        repeatable = self._is_repeatable
        cut_short = not (repeatable or self._is_sent or is_clear(status))
        if not (cut_short or (repeatable and status in PASSING)):
            return None
        wait = self._pause(retry_after(response.headers, timing.wall()))
        if wait is None and cut_short:
            why = f"status {status} before the end of the request was sent"
            raise httpx.WriteError(why, request=self.request)
        return wait

    def after_failure(self) -> float | None:
        """Return the seconds until it is sent again, or None where the failure stands."""
        return self._pause(None) if self._is_repeatable or not self._is_sent else None

    @property
    def _is_repeatable(self) -> bool:
        url = self.request.url
        return may_repeat(self.request.method, url.path, mirror=url.params.get("mirror", "0"))

    @property
    def _is_sent(self) -> bool:
        """True once the end of the request was about to be handed over.

        Before that the service can't have acted on it: its front end passes on whole bodies
        only. (Inferred, not confirmed by the service.)
        """
        return bool(self.request.extensions.get(BODY_SENT, False))

    def _left(self) -> float | None:
        if self.ends is None:
            return None
        left = self.ends - self.settings.timing.clock()
        if left <= 0:
            raise httpx.ReadTimeout("The time for the call is up.", request=self.request)
        return left

    def _pause(self, asked: float | None) -> float | None:
        wait = pause(self.policy, self.attempt, self.spent, asked, self.settings.timing.chance())
        if wait is None:
            return None
        if self.ends is not None and self.settings.timing.clock() + wait >= self.ends:
            return None
        self.attempt += 1
        self.spent += wait
        return wait


class _Base(Generic[Inner]):
    """Base of both transports, which send through a client's own.

    The private `_transport_for_url` has no public peer. Sending with the client itself would show
    the token to all that wraps `Client.send`, such as Sentry, and to the client's hooks. The row
    `httpx-hides-a-clients-transports` in contract_tests/quirks.toml says more.
    """

    def __init__(self, inner: Inner, settings: ClientSettings, *, close_inner: bool) -> None:
        mask_in_logs(settings.token)
        self._inner: Inner = inner
        self._settings = settings
        self._close_inner = close_inner

    def _is_call(self, request: httpx.Request) -> bool:
        ours = request.url.netloc.decode() in self._settings.hosts
        link = request.extensions.get(LINK, False)
        return ours and not link and request.url.path.startswith(_API)

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        """Send a call until it is answered for good."""
        attempts = _Attempts(self._settings, request)
        while True:
            if turn := attempts.turn():
                await self._wait(turn)
            try:
                response = await self._read(attempts)
            except _BROKEN:
                wait = attempts.after_failure()
                if wait is None:
                    raise
            else:
                wait = attempts.after_answer(response)
                if wait is None:
                    return response
            await self._wait(wait)

    async def _wait(self, seconds: float) -> None:
        raise NotImplementedError

    async def _read(self, attempts: _Attempts) -> httpx.Response:
        raise NotImplementedError

    def _below(self, request: httpx.Request, stream: Any) -> httpx.Request:
        """Make a new request; the one that httpx logs and puts in errors stays as it is."""
        host, hosts = request.url.netloc.decode(), self._settings.hosts
        query = request.url.query
        if request.method not in _PLAIN:
            # A form carries the token in its body; a hook of the caller's may have turned it aside.
            check_host(host, hosts)
        if not request.extensions.get(LINK):
            query = reveal(query, self._settings.token, host=host, hosts=hosts)
        return httpx.Request(
            request.method,
            request.url.copy_with(query=query) if query != request.url.query else request.url,
            headers=request.headers,
            stream=stream,
            extensions=request.extensions,
        )


class Transport(_Base[httpx.Client], httpx.BaseTransport):
    """The transport of the sync client; see `_Base`."""

    def __init__(
        self,
        inner: httpx.Client,
        settings: ClientSettings,
        sleep: Callable[[float], object],
        *,
        close_inner: bool,
    ) -> None:
        super().__init__(inner, settings, close_inner=close_inner)
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; a call of the API until it is answered for good."""
        return run(self._answered(request)) if self._is_call(request) else self._send(request)

    def _send(self, request: httpx.Request) -> httpx.Response:
        if not isinstance(request.stream, httpx.SyncByteStream):
            raise TypeError("a sync client needs a body that can be read synchronously")
        sent = self._below(request, _Watched(request.stream, request.extensions))
        return _usable(self._inner._transport_for_url(sent.url).handle_request(sent))

    async def _read(self, attempts: _Attempts) -> httpx.Response:
        response = self._send(attempts.sending())
        if not isinstance(response.stream, httpx.SyncByteStream):
            raise TypeError("a sync client needs an answer that can be read synchronously")
        try:
            return _whole(response, [attempts.heard(piece) for piece in response.stream])
        finally:
            response.close()

    async def _wait(self, seconds: float) -> None:
        self._sleep(seconds)

    def close(self) -> None:
        """Close the connections, where they are ours."""
        if self._close_inner:
            self._inner.close()


class AsyncTransport(_Base[httpx.AsyncClient], httpx.AsyncBaseTransport):
    """The transport of the async client; see `Transport`."""

    def __init__(
        self,
        inner: httpx.AsyncClient,
        settings: ClientSettings,
        sleep: Callable[[float], Awaitable[object]],
        *,
        close_inner: bool,
    ) -> None:
        super().__init__(inner, settings, close_inner=close_inner)
        self._sleep = sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; a call of the API until it is answered for good."""
        return await (self._answered if self._is_call(request) else self._send)(request)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        sent = self._below(request, _AsyncWatched(request.stream, request.extensions))
        transport = self._inner._transport_for_url(sent.url)
        return _usable(await transport.handle_async_request(sent))

    async def _read(self, attempts: _Attempts) -> httpx.Response:
        response = await self._send(attempts.sending())
        if not isinstance(response.stream, httpx.AsyncByteStream):
            raise TypeError("an async client needs an answer that can be read asynchronously")
        try:
            return _whole(response, [attempts.heard(piece) async for piece in response.stream])
        finally:
            await response.aclose()

    async def _wait(self, seconds: float) -> None:
        await self._sleep(seconds)

    async def aclose(self) -> None:
        """Close the connections, where they are ours."""
        if self._close_inner:
            await self._inner.aclose()


def _whole(response: httpx.Response, pieces: list[bytes]) -> httpx.Response:
    """Make an answer that was read to its end, where a break can still be mended."""
    return httpx.Response(
        response.status_code,
        headers=response.headers,
        stream=httpx.ByteStream(b"".join(pieces)),
        extensions=response.extensions,
    )


def _usable(response: httpx.Response) -> httpx.Response:
    """Drop the headers that httpx fails on, after the request may have had its effect.

    httpx keeps any cookie, and can't send one that is not ASCII. It builds the next request of
    each redirect, and a location with a scheme and no host is an InvalidURL to it.
    """
    bad = {b"set-cookie"} if not response.headers.get("set-cookie", "").isascii() else set()
    with contextlib.suppress(httpx.InvalidURL):  # which httpx reports as a broken answer
        location = httpx.URL(response.headers.get("location", ""))
        if location.scheme and not location.host:
            bad.add(b"location")
    if bad:
        kept = [pair for pair in response.headers.raw if pair[0].lower() not in bad]
        response.headers = httpx.Headers(kept)
    return response
