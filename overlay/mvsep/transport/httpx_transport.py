"""httpx transports: they put the token in, and send with the connections of their place.

They stand below httpx's client so that every call has them: the overlay's, the facade's and those
of the generated functions. A call of the API is sent as `mvsep.transport.request` says. Result
files are only sent on; `mvsep.downloads` goes on where it was.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from functools import partial
from traceback import walk_tb
from typing import Any, Final, Generic, Self, TypeVar

import httpx

from mvsep.core.checks import check_function
from mvsep.core.flow import run
from mvsep.errors import InvalidInput, MVSepError
from mvsep.settings.client import HEADERS, ClientSettings
from mvsep.settings.token import check_host, mask_in_logs, reveal
from mvsep.transport.log import Sending
from mvsep.transport.own_clients import Line, Place, Places
from mvsep.transport.request import ApiRequest, Body, answered
from mvsep.transport.threads import running_loop

#: The key in `request.extensions` that marks a link which somebody else made up: it never gets the
#: token, whatever it asks for.
LINK = "mvsep.link"

#: The exceptions of httpx that a file may meet. It reads redirects that it does not follow, and
#: raises a UnicodeError for one whose host can't be one.
FAULTS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError)

_API: Final = "/api/"
_PLAIN: Final = frozenset({"GET", "HEAD"})
# Headers that no caller sets, beside those of `HEADERS`.
_OURS: Final = frozenset(
    {"accept-encoding", "cache-control", "connection", "content-length", "content-type"}
    | {"if-range", "range", "transfer-encoding"}
)
# Packages whose errors are those of a connection.
_WIRE: Final = frozenset(
    {"anyio", "asyncio", "h11", "h2", "hpack", "httpcore", "httpx", "hyperframe"}
    | {"idna", "socket", "socksio", "ssl"}
)

Inner = TypeVar("Inner", httpx.Client, httpx.AsyncClient)


class _Base(Generic[Inner]):
    """Base of both transports, which send through a client's own.

    The private `_transport_for_url` has no public peer. Sending with the client itself would show
    the token to all that wraps `Client.send`, such as Sentry, and to the client's hooks. The row
    `httpx-hides-a-clients-transports` in contract_tests/quirks.toml says more.

    What must not be sent twice goes out on a connection of its own, where the connections are
    ours: one that was kept open may be dead, or be that of another process.

    Args:
        inner: The client to send with, a caller's own or ours.
        settings: The settings.
        sleep: Waits before a request is sent, or sent again.
        fresh: Makes another client of ours; None where `inner` is a caller's own.
    """

    def __init__(
        self,
        inner: Inner,
        settings: ClientSettings,
        sleep: Callable[[float], Any],
        fresh: Callable[[], Inner] | None = None,
    ) -> None:
        check_function("sleep", sleep)
        mask_in_logs(settings.token)
        self._places: Places[Inner] = Places(inner, fresh, self._where)
        self._fresh: Callable[[], Inner] | None = fresh
        self._settings, self._sleep = settings, sleep
        self._shares = False

    def sharing(self, settings: ClientSettings) -> Self:
        """Return a transport with settings of its own over the same connections; see `Port`."""
        mask_in_logs(settings.token)
        twin = copy(self)
        twin._settings, twin._shares = settings, True
        return twin

    def _to_close(self) -> Place[Inner] | None:
        """Return the clients that closing closes: ours, where they are not another's."""
        return None if self._fresh is None or self._shares else self._places.leave()

    @staticmethod
    def _where() -> Hashable:
        raise NotImplementedError

    def _is_call(self, request: httpx.Request) -> bool:
        ours = request.url.netloc.decode() in self._settings.hosts
        link = request.extensions.get(LINK, False)
        return ours and not link and request.url.path.startswith(_API)

    @contextmanager
    def _noted(self, request: httpx.Request) -> Iterator[Sending]:
        """Log a request for a file that fails."""
        sending = Sending(request, self._settings.token)
        try:
            yield sending
        except FAULTS as error:
            sending.failed(error)
            raise

    def _below(self, request: httpx.Request, body: Body, **more: Any) -> httpx.Request:
        """Make a new request; the one that httpx logs and puts in errors stays as it is."""
        url, hosts = request.url, self._settings.hosts
        host, query = url.netloc.decode(), url.query
        if request.method not in _PLAIN:
            # A form carries the token in its body; a hook of the caller's may have turned it aside.
            check_host(host, hosts)
        if not request.extensions.get(LINK):
            query = reveal(query, self._settings.token, host=host, hosts=hosts)
        headers = request.headers
        if host not in self._settings.chosen:
            # A caller's own, and cookies, go to the chosen hosts only.
            kept = {name: value for name, value in headers.items() if name in _OURS}
            headers = httpx.Headers({"Host": host, **HEADERS, **kept})
        return httpx.Request(
            request.method,
            url.copy_with(query=query) if query != url.query else url,
            headers=headers,
            stream=body,
            extensions={**request.extensions, **more},
        )


class Transport(_Base[httpx.Client], httpx.BaseTransport):
    """The transport of the sync client; see `_Base`."""

    @staticmethod
    def _where() -> Hashable:
        return os.getpid()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; a call of the API until it is answered for good."""
        place = self._places.here()
        check_open(place.client)
        if not self._is_call(request):
            body = Body(request.stream, request.extensions)
            with self._noted(request) as sending, _of_httpx(request):
                response = self._send(request, body, place.client)
            sending.answered(response)
            return response
        read = partial(self._read, place)
        return run(answered(self._settings, request, read, self._wait))

    async def _read(
        self, place: Place[httpx.Client], call: ApiRequest
    ) -> tuple[httpx.Response, bytes]:
        """Send a call once, and read its answer."""
        line = self._line(call, place)
        client = line.client if line else place.client
        try:
            if call.has_deadline:
                cut = line.cut if line else None
                return call.in_time(lambda: self._whole(call, line, client), cut)
            return self._whole(call, line, client)
        finally:
            if line and not line.is_cut:
                if call.is_repeatable:
                    place.lines.append(line)
                else:
                    line.client.close()

    def _line(self, call: ApiRequest, place: Place[httpx.Client]) -> Line | None:
        """Return a client for one call at a time, where the call needs one."""
        if self._fresh is None or (call.is_repeatable and not call.has_deadline):
            return None
        if call.is_repeatable:
            with suppress(IndexError):  # there is none, or another thread took it
                return place.lines.pop()
        return Line(self._fresh())

    def _whole(
        self, call: ApiRequest, line: Line | None, client: httpx.Client
    ) -> tuple[httpx.Response, bytes]:
        trace = {"trace": line.trace} if line else {}
        with _of_httpx(call.request):
            response = self._send(call.request, call.body, client, **trace)
            if not isinstance(response.stream, httpx.SyncByteStream):
                raise TypeError("a sync client needs an answer that can be read synchronously")
            try:
                return response, call.hear(response.stream)
            finally:
                response.close()

    def _send(
        self, request: httpx.Request, body: Body, client: httpx.Client, **more: Any
    ) -> httpx.Response:
        if not isinstance(request.stream, httpx.SyncByteStream):
            raise TypeError("a sync client needs a body that can be read synchronously")
        sent = self._below(request, body, **more)
        return _usable(client._transport_for_url(sent.url).handle_request(sent))

    async def _wait(self, seconds: float) -> None:
        self._sleep(seconds)

    def close(self) -> None:
        """Close the connections, where they are ours."""
        if place := self._to_close():
            for client in (place.client, *(line.client for line in place.lines)):
                client.close()


class AsyncTransport(_Base[httpx.AsyncClient], httpx.AsyncBaseTransport):
    """The transport of the async client; see `_Base`."""

    @staticmethod
    def _where() -> Hashable:
        return running_loop()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; a call of the API until it is answered for good."""
        client = self._places.here().client
        check_open(client)
        if not self._is_call(request):
            body = Body(request.stream, request.extensions)
            with self._noted(request) as sending, _of_httpx(request):
                response = await self._send(request, body, client)
            sending.answered(response)
            return response
        read = partial(self._read, client)
        return await answered(self._settings, request, read, self._sleep)

    async def _read(
        self, client: httpx.AsyncClient, call: ApiRequest
    ) -> tuple[httpx.Response, bytes]:
        """Send a call once, and read its answer."""
        alone = None if call.is_repeatable or not self._fresh else self._fresh()
        try:
            whole = self._whole(call, alone or client)
            return await (call.in_time_async(whole) if call.has_deadline else whole)
        finally:
            if alone:
                await alone.aclose()

    async def _whole(
        self, call: ApiRequest, client: httpx.AsyncClient
    ) -> tuple[httpx.Response, bytes]:
        with _of_httpx(call.request):
            response = await self._send(call.request, call.body, client)
            if not isinstance(response.stream, httpx.AsyncByteStream):
                raise TypeError("an async client needs an answer that can be read asynchronously")
            try:
                return response, await call.hear_async(response.stream)
            finally:
                await response.aclose()

    async def _send(
        self, request: httpx.Request, body: Body, client: httpx.AsyncClient
    ) -> httpx.Response:
        sent = self._below(request, body)
        return _usable(await client._transport_for_url(sent.url).handle_async_request(sent))

    async def aclose(self) -> None:
        """Close the connections, where they are ours."""
        if place := self._to_close():
            await place.client.aclose()


def check_open(client: httpx.Client | httpx.AsyncClient) -> None:
    """Check that a client was not closed."""
    if client.is_closed:
        raise InvalidInput(
            "The client is closed.", next_step="Make a new one; `with` closes it at its end."
        )


def _usable(response: httpx.Response) -> httpx.Response:
    """Drop the headers that httpx fails on, after the request may have had its effect.

    httpx keeps any cookie, and can't send one that is not ASCII. It builds the next request of
    each redirect, and fails on a location that is no address.
    """
    headers = response.headers
    bad = set()
    if "set-cookie" in headers and not headers["set-cookie"].isascii():
        bad.add(b"set-cookie")
    if location := headers.get("location"):
        try:
            there = httpx.URL(location)
            if there.scheme and not there.host:
                bad.add(b"location")
        except ValueError:  # a name that IDNA does not allow
            bad.add(b"location")
        except httpx.InvalidURL:
            pass  # which httpx reports as a broken answer
    if bad:
        kept = [pair for pair in headers.raw if pair[0].lower() not in bad]
        response.headers = httpx.Headers(kept)
    return response


@contextmanager
def _of_httpx(request: httpx.Request) -> Iterator[None]:
    """Turn an error that a package of the wire lets through into one of httpx.

    What a caller's own code raises, such as a progress function, stays as it is.
    """
    try:
        yield
    except (*FAULTS, MVSepError, MemoryError):
        raise
    except Exception as error:
        places = [frame.f_globals.get("__name__") for frame, _ in walk_tb(error.__traceback__)]
        if str(places[-1]).partition(".")[0] not in _WIRE:
            raise
        why = f"{type(error).__name__}: {error}"
        raise httpx.RemoteProtocolError(why, request=request) from error
