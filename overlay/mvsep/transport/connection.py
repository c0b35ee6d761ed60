"""Connections of a client: httpx with the token below it, and the facade above it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from attrs import field, frozen

from mvsep.settings.client import HEADERS, ClientSettings
from mvsep.transport.calls import AsyncCalls, CallsAtOnce, SyncCalls
from mvsep.transport.httpx_transport import AsyncTransport, Transport
from mvsep_api import Client
from mvsep_api.api import Api, AsyncApi

#: Seconds to connect, and between two pieces of an answer. The service answers a create call only
#: when it has stored the upload, which for large files takes a while.
TIMEOUT = httpx.Timeout(120.0, connect=15.0)


@frozen
class Connection:
    """The connections of a sync client and its jobs.

    Args:
        session: The settings.
        http: For result files; the token does not go along.
        api: For the service's operations.
        sleep: The function that waits, in seconds.
        transport: The transport below both.
        calls: For flows, and for answers as they come.
    """

    session: ClientSettings
    http: httpx.Client
    api: Api
    sleep: Callable[[float], object]
    transport: httpx.BaseTransport = field(repr=False)
    calls: CallsAtOnce = field(repr=False)

    def at(self, url: str) -> Connection:
        """Return the same connections to another of the service's hosts.

        Raises:
            InvalidInput: When it is not the service's.
        """
        session = self.session.at(url)
        if session.host == self.session.host:
            return self
        return _connection(session, self.transport, self.sleep, _of_client(self.http))


@frozen
class AsyncConnection:
    """The connections of an async client and its jobs; see `Connection`."""

    session: ClientSettings
    http: httpx.AsyncClient
    api: AsyncApi
    sleep: Callable[[float], Awaitable[object]]
    transport: httpx.AsyncBaseTransport = field(repr=False)
    calls: AsyncCalls = field(repr=False)

    def at(self, url: str) -> AsyncConnection:
        """Return the same connections to another of the service's hosts; see `Connection.at`."""
        session = self.session.at(url)
        if session.host == self.session.host:
            return self
        return _async_connection(session, self.transport, self.sleep, _of_client(self.http))


def connect(
    session: ClientSettings, http_client: httpx.Client | None, sleep: Callable[[float], object]
) -> Connection:
    """Connect a sync client, through a caller's own httpx client where there is one."""
    # A server on this machine is not behind the proxy that the environment may name.
    inner = http_client or httpx.Client(trust_env=not session.is_local)
    transport = Transport(inner, session, sleep, close_inner=http_client is None)
    return _connection(session, transport, sleep, _settings(http_client))


def connect_async(
    session: ClientSettings,
    http_client: httpx.AsyncClient | None,
    sleep: Callable[[float], Awaitable[object]],
) -> AsyncConnection:
    """Connect an async client, through a caller's own httpx client where there is one."""
    inner = http_client or httpx.AsyncClient(trust_env=not session.is_local)
    transport = AsyncTransport(inner, session, sleep, close_inner=http_client is None)
    return _async_connection(session, transport, sleep, _settings(http_client))


def _connection(
    session: ClientSettings,
    transport: httpx.BaseTransport,
    sleep: Callable[[float], object],
    settings: dict[str, Any],
) -> Connection:
    http = httpx.Client(base_url=session.base_url, transport=transport, **settings)
    generated = Client(base_url=session.base_url).set_httpx_client(http)
    calls = CallsAtOnce(generated, session.token, session.host, session.timing.wall)
    return Connection(session, http, Api(SyncCalls(calls)), sleep, transport, calls)


def _async_connection(
    session: ClientSettings,
    transport: httpx.AsyncBaseTransport,
    sleep: Callable[[float], Awaitable[object]],
    settings: dict[str, Any],
) -> AsyncConnection:
    http = httpx.AsyncClient(base_url=session.base_url, transport=transport, **settings)
    generated = Client(base_url=session.base_url).set_async_httpx_client(http)
    calls = AsyncCalls(generated, session.token, session.host, session.timing.wall)
    return AsyncConnection(session, http, AsyncApi(calls), sleep, transport, calls)


def _settings(client: httpx.Client | httpx.AsyncClient | None) -> dict[str, Any]:
    """Return the settings besides the connections, those of a caller's own client among them."""
    if client is None:
        return {"timeout": TIMEOUT, "headers": HEADERS}
    headers = httpx.Headers(HEADERS)
    # Not httpx's own defaults: ours say who asks, and what can be read.
    headers.update(
        {
            name: value
            for name, value in client.headers.items()
            if not value.startswith("python-httpx/") and (name, value) != ("accept", "*/*")
        }
    )
    return {**_of_client(client), "headers": headers}


def _of_client(client: httpx.Client | httpx.AsyncClient) -> dict[str, Any]:
    """Return the settings of a client that another one is made with."""
    return {
        "timeout": client.timeout,
        "headers": client.headers,
        "cookies": client.cookies,
        "event_hooks": client.event_hooks,
        "auth": client.auth,
    }
