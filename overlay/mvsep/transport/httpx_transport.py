"""httpx transports: they put the token in, and send again what may be sent again.

They stand below httpx's client so that every call has them: the overlay's, the facade's and those
of the generated functions. Result files are only sent on; `mvsep.downloads` goes on where it was.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Final, Generic, TypeVar

import httpx

from mvsep.core.flow import run
from mvsep.errors import ConnectionFailed, InvalidInput, MVSepError, UnexpectedResponse
from mvsep.settings.client import ClientSettings
from mvsep.settings.token import check_host, mask_in_logs, reveal
from mvsep.transport.body import AsyncWatchedBody, WatchedBody, is_sent
from mvsep.transport.retry import Attempts

#: The key in `request.extensions` that marks a link which somebody else made up: it never gets the
#: token, whatever it asks for.
LINK = "mvsep.link"

_API: Final = "/api/"
_PLAIN: Final = frozenset({"GET", "HEAD"})
# What a connection can do to a request; one that can't be sent at all is no such thing.
_BROKEN: Final = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)

Inner = TypeVar("Inner", httpx.Client, httpx.AsyncClient)


class _Base(Generic[Inner]):
    """Base of both transports, which send through a client's own.

    The private `_transport_for_url` has no public peer. Sending with the client itself would show
    the token to all that wraps `Client.send`, such as Sentry, and to the client's hooks. The row
    `httpx-hides-a-clients-transports` in contract_tests/quirks.toml says more.

    Args:
        inner: The client whose connections, proxies and certificates are used.
        settings: The token, the hosts that may see it, and the patience.
        close_inner: Whether closing this closes `inner` too.
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
        attempts = Attempts(self._settings, request)
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

    async def _read(self, attempts: Attempts) -> httpx.Response:
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
    """The transport of the sync client; see `_Base`.

    Args:
        sleep: The function that waits, in seconds.
    """

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
        sent = self._below(request, WatchedBody(request.stream, request.extensions))
        return _usable(self._inner._transport_for_url(sent.url).handle_request(sent))

    async def _read(self, attempts: Attempts) -> httpx.Response:
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
        sent = self._below(request, AsyncWatchedBody(request.stream, request.extensions))
        transport = self._inner._transport_for_url(sent.url)
        return _usable(await transport.handle_async_request(sent))

    async def _read(self, attempts: Attempts) -> httpx.Response:
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


def failure(error: httpx.HTTPError | httpx.InvalidURL, *, host: str | None) -> MVSepError:
    """Make the SDK's error for a request that got no readable answer."""
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return InvalidInput(
            f"Not an address that can be asked: {error}.",
            host=host,
            param="base_url",
            next_step="It is scheme and host, such as https://mvsep.com.",
        )
    if isinstance(error, httpx.DecodingError | httpx.TooManyRedirects):
        return UnexpectedResponse(
            f"The answer could not be read: {error}.", host=host, retryable=True
        )
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        what = "The service can't be reached"
    elif isinstance(error, httpx.TimeoutException):
        what = "The service did not answer in time"
    else:
        what = "The connection to the service was lost"
    return ConnectionFailed(
        f"{what} ({error})." if str(error) else f"{what}.",
        host=host,
        retryable=True,
        sent=_was_sent(error),
        next_step="Check the network, and the service's address if you set one; then try again.",
    )


def _was_sent(error: Exception) -> bool:
    try:
        request: httpx.Request = error.request  # type: ignore[attr-defined]  # may lack it
    except (AttributeError, RuntimeError):
        return False
    return is_sent(request)
