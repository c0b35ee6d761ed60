"""Shared by both ports: the settings of their httpx clients, and requests for files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx

from mvsep.settings.client import HEADERS
from mvsep.settings.token import without_frames
from mvsep.transport.httpx_transport import LINK, failure

#: Seconds to connect, and between two pieces of an answer. The service answers a create call only
#: when it has stored the upload, which for large files takes a while.
TIMEOUT = httpx.Timeout(120.0, connect=15.0)

_FAULTS: Final = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError)


def http_settings(client: httpx.Client | httpx.AsyncClient | None) -> dict[str, Any]:
    """Return the settings of an httpx client, those of a caller's own among them."""
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
    return {**settings_of(client), "headers": headers}


def settings_of(client: httpx.Client | httpx.AsyncClient) -> dict[str, Any]:
    """Return the settings of a client that another one is made with."""
    return {
        "timeout": client.timeout,
        "headers": client.headers,
        "cookies": client.cookies,
        "event_hooks": client.event_hooks,
        "auth": client.auth,
    }


def file_request(
    http: httpx.Client | httpx.AsyncClient, url: str, headers: Mapping[str, str]
) -> httpx.Request:
    """Make a GET for a file; the token does not go along."""
    return http.build_request("GET", url, headers=dict(headers), extensions={LINK: True})


@contextlib.contextmanager
def translated(host: str) -> Iterator[None]:
    """Turn what httpx raises into an error of ours."""
    try:
        yield
    except _FAULTS as error:
        known = error if isinstance(error, httpx.HTTPError | httpx.InvalidURL) else None
        fault = failure(known or httpx.ReadError(str(error)), host=host)
        fault.__cause__ = error
        raise without_frames(fault)  # noqa: B904  it has its cause
