"""Below httpx's client: the token, the body on its way, and what a broken connection means."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Final

import httpx

from mvsep.errors import ConnectionFailed, InvalidInput, MVSepError, UnexpectedResponse
from mvsep.settings.token import Token, elsewhere, hidden, reveal

#: The key in `request.extensions` that says the end of the body was about to be handed over.
BODY_SENT = "mvsep.body_sent"

#: The key in `request.extensions` that marks a link which somebody else made up: it never gets the
#: token, whatever it asks for.
LINK = "mvsep.link"

# What logs of the connections shows what goes over them.
_TALKING: Final = (
    *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")),
    *("hpack.hpack", "hpack.table"),
)
_PIECE = 1 << 20
_PLAIN = frozenset({"GET", "HEAD"})


def _pieces(parts: Iterable[bytes], extensions: dict[str, Any], least: int) -> Iterator[bytes]:
    """A body in pieces of at least `least` bytes, noting when its end is about to be handed over.

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
    extensions[BODY_SENT] = True
    if held:
        yield held


class _Watched(httpx.SyncByteStream):
    """A request's body that notes when its end is handed over."""

    def __init__(self, stream: httpx.SyncByteStream, extensions: dict[str, Any]) -> None:
        self._stream = stream
        self._extensions = extensions

    def __iter__(self) -> Iterator[bytes]:
        return _pieces(self._stream, self._extensions, 0)

    def close(self) -> None:
        self._stream.close()


class _AsyncWatched(httpx.AsyncByteStream):
    """The same, reading from files in a thread: a slow disk must not hold up the event loop."""

    def __init__(self, stream: Any, extensions: dict[str, Any]) -> None:
        self._stream = stream
        self._extensions = extensions

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if isinstance(self._stream, httpx.SyncByteStream):
            pieces = _pieces(self._stream, self._extensions, _PIECE)
            while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                yield piece
            return
        held = b""
        async for part in self._stream:
            if held:
                yield held
            held = part
        self._extensions[BODY_SENT] = True
        if held:
            yield held

    async def aclose(self) -> None:
        await self._stream.aclose()


def _below_the_logs(
    request: httpx.Request, stream: Any, token: Token | None, hosts: frozenset[str]
) -> httpx.Request:
    # A new request: the one that httpx logs, keeps in answers and puts in errors stays as it is.
    host = request.url.netloc.decode()
    if request.method not in _PLAIN and host not in hosts:
        # A form carries the token in its body; a hook of the caller's may have turned it aside.
        raise elsewhere(host)
    query = request.url.query
    if not request.extensions.get(LINK):
        query = reveal(query, token, host=host, hosts=hosts)
    return httpx.Request(
        request.method,
        request.url.copy_with(query=query) if query != request.url.query else request.url,
        headers=request.headers,
        stream=stream,
        extensions=request.extensions,
    )


def _with_plain_cookies(response: httpx.Response) -> httpx.Response:
    # httpx keeps any cookie, and then fails to send one that is not ASCII with each later request.
    raw = response.headers.raw
    if any(name.lower() == b"set-cookie" and not value.isascii() for name, value in raw):
        response.headers = httpx.Headers([pair for pair in raw if pair[0].lower() != b"set-cookie"])
    return response


class _Masking(logging.Filter):
    """Masks tokens in what the connections log at DEBUG.

    A redirect may repeat the query it answers, and HTTP/2 logs each header, the path among them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tokens: set[Token] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        masked = text
        for token in self.tokens:
            masked = hidden(masked, token)
        if masked != text:
            record.msg, record.args = masked, ()
        return True


_masking: Final = _Masking()


def mask_in_logs(token: Token | None) -> None:
    """Keep a token out of the log of the connections, which shows answers' headers as they are."""
    if token is not None:
        _masking.tokens.add(token)
        for name in _TALKING:
            logging.getLogger(name).addFilter(_masking)


class TokenTransport(httpx.BaseTransport):
    """Sends requests through another client's transports, with the token put in.

    Args:
        inner: The client whose connections, proxies and certificates are used.
        token: The API token, or None.
        hosts: The hosts (with port, where it is not the usual one) that may see the token.
        close_inner: Whether closing this closes `inner` too.
    """

    def __init__(
        self, inner: httpx.Client, token: Token | None, hosts: frozenset[str], *, close_inner: bool
    ) -> None:
        self._inner = inner
        self._token = token
        self._hosts = hosts
        self._close_inner = close_inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        if not isinstance(request.stream, httpx.SyncByteStream):
            raise TypeError("a sync client needs a body that can be read synchronously")
        stream = _Watched(request.stream, request.extensions)
        sent = _below_the_logs(request, stream, self._token, self._hosts)
        # httpx has no public way to ask a client for the transport that fits a URL.
        return _with_plain_cookies(self._inner._transport_for_url(sent.url).handle_request(sent))

    def close(self) -> None:
        """Close the connections, where they are ours."""
        if self._close_inner:
            self._inner.close()


class AsyncTokenTransport(httpx.AsyncBaseTransport):
    """The same for the async client."""

    def __init__(
        self,
        inner: httpx.AsyncClient,
        token: Token | None,
        hosts: frozenset[str],
        *,
        close_inner: bool,
    ) -> None:
        self._inner = inner
        self._token = token
        self._hosts = hosts
        self._close_inner = close_inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        stream = _AsyncWatched(request.stream, request.extensions)
        sent = _below_the_logs(request, stream, self._token, self._hosts)
        transport = self._inner._transport_for_url(sent.url)
        return _with_plain_cookies(await transport.handle_async_request(sent))

    async def aclose(self) -> None:
        """Close the connections, where they are ours."""
        if self._close_inner:
            await self._inner.aclose()


def failure(error: httpx.HTTPError | httpx.InvalidURL, *, host: str | None) -> MVSepError:
    """The SDK's error for a request that got no readable answer."""
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return InvalidInput(
            f"Not an address that can be asked: {error}.",
            host=host,
            charged=False,
            next_step="base_url is scheme and host, such as https://mvsep.com.",
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
        sent=body_was_sent(error),
        next_step="Check the network, and base_url if you set it; then try again.",
    )


def body_was_sent(error: Exception) -> bool:
    """Whether the whole request had been handed over when `error` came up."""
    try:
        request: httpx.Request = error.request  # type: ignore[attr-defined]  # may lack it
    except (AttributeError, RuntimeError):
        return False
    return bool(request.extensions.get(BODY_SENT, False))
