"""How long a request may take: a caller's own time-outs hold, and ours are there without."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import NO_RETRY, AsyncMVSep, MVSep, PollPolicy
from tests.scenes import CREATED, HASH, VOCALS
from tests.wire import BASE_URL, TOKEN, Wire, answer, stored

#: Each kind of request: a call, a create, a poll, and a file.
DOES: dict[str, Callable[..., Any]] = {
    "news": lambda client, out: client.api.app.news(),
    "create": lambda client, out: client.submit(b"RIFFsong", 40),
    "poll": lambda client, out: client.job(HASH).wait(),
    "file": lambda client, out: client.job(HASH).download(out),
}
REPLIES: dict[str, tuple[Any, ...]] = {
    "news": (answer([]),),
    "create": (CREATED,),
    "poll": (VOCALS,),
    "file": (VOCALS, stored(vocals=b"RIFFvocals")),
}
EACH = pytest.mark.parametrize("what", DOES)


def limits(wire: Wire) -> list[dict[str, float | None]]:
    return [request.extensions["timeout"] for request in wire.requests]


@EACH
def test_a_callers_own_time_outs_and_headers_hold_for_every_request(
    asynchronous: bool, what: str, tmp_path: Path
) -> None:
    wire = Wire(*REPLIES[what])
    own: dict[str, Any] = {
        "timeout": httpx.Timeout(7.0, connect=3.0, write=5.0, pool=2.0),
        "headers": {"x-who": "me", "user-agent": "mine/1"},
    }
    if asynchronous:
        http: Any = httpx.AsyncClient(transport=httpx.MockTransport(wire.asked), **own)
    else:
        http = httpx.Client(transport=httpx.MockTransport(wire), **own)
    wire.act(asynchronous, lambda client: DOES[what](client, tmp_path), http_client=http)

    assert limits(wire) == [{"connect": 3.0, "read": 7.0, "write": 5.0, "pool": 2.0}] * len(
        wire.requests
    )
    assert wire.requests
    if what != "file":
        for request in wire.requests:
            assert (request.headers["x-who"], request.headers["user-agent"]) == ("me", "mine/1")


@EACH
def test_without_a_client_of_the_callers_every_request_has_a_time_out(
    asynchronous: bool, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(*REPLIES[what])
    settings: dict[str, Any] = {
        "base_url": BASE_URL,
        "retry": NO_RETRY,
        "polling": PollPolicy(retry=NO_RETRY),
    }

    def handle(_: Any, request: httpx.Request) -> httpx.Response:
        return wire(request)

    async def handle_async(_: Any, request: httpx.Request) -> httpx.Response:
        return await wire.asked(request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", handle)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle_async)
    if asynchronous:

        async def act() -> None:
            async with AsyncMVSep(TOKEN, **settings) as client:
                await DOES[what](client, tmp_path)

        asyncio.run(act())
    else:
        with MVSep(TOKEN, **settings) as client:
            DOES[what](client, tmp_path)

    assert wire.requests
    for limit in limits(wire):
        assert None not in limit.values()
        # The service answers a create when it has stored the song: 21 s were seen for 21 MB.
        # What is not there is known much sooner.
        assert (limit["read"] or 0) >= (90 if what == "create" else 30)
        assert (limit["connect"] or 0) <= 30
