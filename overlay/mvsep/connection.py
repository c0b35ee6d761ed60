"""A client's connections: httpx with the token below it, and the facade above it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from attrs import frozen

from mvsep.calls import AsyncCalls, SyncCalls
from mvsep.session import HEADERS, Session
from mvsep.transport import AsyncTokenTransport, TokenTransport
from mvsep_api import Client
from mvsep_api.api import Api, AsyncApi

#: Seconds to connect, and between two pieces of an answer. The service answers a create call only
#: when it has stored the upload, which for large files takes a while.
TIMEOUT = httpx.Timeout(120.0, connect=15.0)


@frozen
class Connection:
    """What a sync client and its jobs talk through.

    Args:
        session: The settings.
        http: For result files; the token does not go along.
        api: For the service's operations.
        sleep: What waits, in seconds.
    """

    session: Session
    http: httpx.Client
    api: Api
    sleep: Callable[[float], object]


@frozen
class AsyncConnection:
    """The same for the async client."""

    session: Session
    http: httpx.AsyncClient
    api: AsyncApi
    sleep: Callable[[float], Awaitable[object]]


def connect(
    session: Session, http_client: httpx.Client | None, sleep: Callable[[float], object]
) -> Connection:
    """Connect a sync client, through a caller's own httpx client where there is one."""
    # A server on this machine is not behind the proxy that the environment may name.
    inner = http_client or httpx.Client(trust_env=not session.is_local)
    transport = TokenTransport(inner, session.token, session.hosts, close_inner=http_client is None)
    http = httpx.Client(base_url=session.base_url, transport=transport, **_settings(http_client))
    generated = Client(base_url=session.base_url).set_httpx_client(http)
    return Connection(session, http, Api(SyncCalls(generated, session.token, session.host)), sleep)


def connect_async(
    session: Session,
    http_client: httpx.AsyncClient | None,
    sleep: Callable[[float], Awaitable[object]],
) -> AsyncConnection:
    """Connect an async client, through a caller's own httpx client where there is one."""
    inner = http_client or httpx.AsyncClient(trust_env=not session.is_local)
    transport = AsyncTokenTransport(
        inner, session.token, session.hosts, close_inner=http_client is None
    )
    http = httpx.AsyncClient(
        base_url=session.base_url, transport=transport, **_settings(http_client)
    )
    generated = Client(base_url=session.base_url).set_async_httpx_client(http)
    calls = AsyncCalls(generated, session.token, session.host)
    return AsyncConnection(session, http, AsyncApi(calls), sleep)


def _settings(client: httpx.Client | httpx.AsyncClient | None) -> dict[str, Any]:
    """What a caller's own httpx client brings along besides its connections."""
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
    return {
        "timeout": client.timeout,
        "headers": headers,
        "cookies": client.cookies,
        "event_hooks": client.event_hooks,
        "auth": client.auth,
    }
