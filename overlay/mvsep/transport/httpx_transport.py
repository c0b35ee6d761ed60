"""httpx transports: they put the token in, and send again what may be sent again.

They stand below httpx's client so that every call has them: the overlay's, the facade's and those
of the generated functions. Result files are only sent on; `mvsep.downloads` goes on where it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, Generic, TypeVar

import httpx

from mvsep.core.flow import run
from mvsep.settings.client import HEADERS, ClientSettings
from mvsep.settings.token import check_host, mask_in_logs, reveal
from mvsep.transport.attempts import Attempts
from mvsep.transport.body import AsyncWatched, Handover, Watched
from mvsep.transport.connection import check_open, of_httpx
from mvsep.transport.deadline import Line, in_time, in_time_async
from mvsep.transport.places import Places, this_loop, this_process

#: The key in `request.extensions` that marks a link which somebody else made up: it never gets the
#: token, whatever it asks for.
LINK = "mvsep.link"

_API: Final = "/api/"
_PLAIN: Final = frozenset({"GET", "HEAD"})
# Headers that no caller sets, beside those of `HEADERS`.
_OURS: Final = frozenset(
    {"accept-encoding", "cache-control", "connection", "content-length", "content-type"}
    | {"if-range", "range", "transfer-encoding"}
)
# What a connection can do to a request; one that can't be sent at all is no such thing.
_BROKEN: Final = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)

Inner = TypeVar("Inner", httpx.Client, httpx.AsyncClient)


class _Base(Generic[Inner]):
    """Base of both transports, which send through a client's own.

    The private `_transport_for_url` has no public peer. Sending with the client itself would show
    the token to all that wraps `Client.send`, such as Sentry, and to the client's hooks. The row
    `httpx-hides-a-clients-transports` in contract_tests/quirks.toml says more.

    What must not be sent twice goes out on a connection of its own, where the connections are
    ours: one that was kept open may be dead, or be that of another process.

    Args:
        places: The clients, a caller's own or ours.
        settings: The settings.
    """

    def __init__(self, places: Places[Inner], settings: ClientSettings) -> None:
        mask_in_logs(settings.token)
        self._places: Places[Inner] = places
        self._settings = settings

    def _is_call(self, request: httpx.Request) -> bool:
        ours = request.url.netloc.decode() in self._settings.hosts
        link = request.extensions.get(LINK, False)
        return ours and not link and request.url.path.startswith(_API)

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        """Send a call until it is answered for good."""
        attempts = Attempts(self._settings, request)
        while True:
            if turn := attempts.turn():
                await self._wait(turn)
            try:
                response, content = await self._read(attempts)
            except _BROKEN:
                wait = attempts.after_failure()
                if wait is None:
                    raise
            else:
                wait = attempts.after_answer(response)
                if wait is None:
                    return attempts.whole(response, content)
            await self._wait(wait)

    async def _wait(self, seconds: float) -> None:
        raise NotImplementedError

    async def _read(self, attempts: Attempts) -> tuple[httpx.Response, bytes]:
        raise NotImplementedError

    def _below(self, request: httpx.Request, stream: Any, **more: Any) -> httpx.Request:
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
            headers=self._headers(request),
            stream=stream,
            extensions={**request.extensions, **more},
        )

    def _headers(self, request: httpx.Request) -> httpx.Headers:
        """Return the headers to send: a caller's own, and cookies, go to the chosen hosts only."""
        host = request.url.netloc.decode()
        if host in self._settings.chosen:
            return request.headers
        kept = {name: value for name, value in request.headers.items() if name in _OURS}
        return httpx.Headers({"Host": host, **HEADERS, **kept})


class Transport(_Base[httpx.Client], httpx.BaseTransport):
    """The transport of the sync client; see `_Base`."""

    def __init__(
        self,
        inner: httpx.Client,
        settings: ClientSettings,
        sleep: Callable[[float], object],
        fresh: Callable[[], httpx.Client] | None = None,
    ) -> None:
        super().__init__(Places(inner, fresh, this_process), settings)
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; a call of the API until it is answered for good."""
        check_open(self._places.here().client)
        if self._is_call(request):
            return run(self._answered(request))
        return self._send(request, Handover(request.extensions), None)

    def _send(self, request: httpx.Request, way: Handover, line: Line | None) -> httpx.Response:
        if not isinstance(request.stream, httpx.SyncByteStream):
            raise TypeError("a sync client needs a body that can be read synchronously")
        trace = {"trace": line.trace} if line else {}
        sent = self._below(request, Watched(request.stream, way), **trace)
        client = line.client if line else self._places.here().client
        with of_httpx(request):
            return _usable(client._transport_for_url(sent.url).handle_request(sent))

    async def _read(self, attempts: Attempts) -> tuple[httpx.Response, bytes]:
        request, line = attempts.sending(), self._line(attempts)
        try:
            if attempts.ends is None:
                return self._whole(request, attempts, line)
            return in_time(lambda: self._whole(request, attempts, line), attempts, line)
        finally:
            if line and not line.is_cut:
                if attempts.is_repeatable:
                    self._places.here().lines.append(line)
                else:
                    line.client.close()

    def _line(self, attempts: Attempts) -> Line | None:
        """Return a client for one call at a time, where the call needs one."""
        fresh = self._places.fresh
        if fresh is None or (attempts.is_repeatable and attempts.ends is None):
            return None
        lines = self._places.here().lines
        return lines.pop() if lines and attempts.is_repeatable else Line(fresh())

    def _whole(
        self, request: httpx.Request, attempts: Attempts, line: Line | None
    ) -> tuple[httpx.Response, bytes]:
        response = self._send(request, attempts.way, line)
        if not isinstance(response.stream, httpx.SyncByteStream):
            raise TypeError("a sync client needs an answer that can be read synchronously")
        try:
            with of_httpx(request):
                return response, b"".join([attempts.heard(piece) for piece in response.stream])
        finally:
            response.close()

    async def _wait(self, seconds: float) -> None:
        self._sleep(seconds)

    def close(self) -> None:
        """Close the connections, where they are ours."""
        if self._places.fresh and (place := self._places.leave()):
            for client in (place.client, *(line.client for line in place.lines)):
                client.close()


class AsyncTransport(_Base[httpx.AsyncClient], httpx.AsyncBaseTransport):
    """The transport of the async client; see `Transport`."""

    def __init__(
        self,
        inner: httpx.AsyncClient,
        settings: ClientSettings,
        sleep: Callable[[float], Awaitable[object]],
        fresh: Callable[[], httpx.AsyncClient] | None = None,
    ) -> None:
        super().__init__(Places(inner, fresh, this_loop), settings)
        self._sleep = sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; a call of the API until it is answered for good."""
        client = self._places.here().client
        check_open(client)
        if self._is_call(request):
            return await self._answered(request)
        return await self._send(request, Handover(request.extensions), client)

    async def _send(
        self, request: httpx.Request, way: Handover, client: httpx.AsyncClient
    ) -> httpx.Response:
        sent = self._below(request, AsyncWatched(request.stream, way))
        transport = client._transport_for_url(sent.url)
        with of_httpx(request):
            return _usable(await transport.handle_async_request(sent))

    async def _read(self, attempts: Attempts) -> tuple[httpx.Response, bytes]:
        whole = self._whole(attempts.sending(), attempts)
        return await (whole if attempts.ends is None else in_time_async(whole, attempts))

    async def _whole(
        self, request: httpx.Request, attempts: Attempts
    ) -> tuple[httpx.Response, bytes]:
        alone = None if attempts.is_repeatable or not self._places.fresh else self._places.fresh()
        client = alone or self._places.here().client
        try:
            response = await self._send(request, attempts.way, client)
            if not isinstance(response.stream, httpx.AsyncByteStream):
                raise TypeError("an async client needs an answer that can be read asynchronously")
            try:
                with of_httpx(request):
                    pieces = [attempts.heard(piece) async for piece in response.stream]
                return response, b"".join(pieces)
            finally:
                await response.aclose()
        finally:
            if alone:
                await alone.aclose()

    async def _wait(self, seconds: float) -> None:
        await self._sleep(seconds)

    async def aclose(self) -> None:
        """Close the connections, where they are ours."""
        if self._places.fresh and (place := self._places.leave()):
            await place.client.aclose()


def _usable(response: httpx.Response) -> httpx.Response:
    """Drop the headers that httpx fails on, after the request may have had its effect.

    httpx keeps any cookie, and can't send one that is not ASCII. It builds the next request of
    each redirect, and fails on a location that is no address.
    """
    bad = {b"set-cookie"} if not response.headers.get("set-cookie", "").isascii() else set()
    try:
        location = httpx.URL(response.headers.get("location", ""))
        if location.scheme and not location.host:
            bad.add(b"location")
    except ValueError:  # a name that IDNA does not allow
        bad.add(b"location")
    except httpx.InvalidURL:
        pass  # which httpx reports as a broken answer
    if bad:
        kept = [pair for pair in response.headers.raw if pair[0].lower() not in bad]
        response.headers = httpx.Headers(kept)
    return response
