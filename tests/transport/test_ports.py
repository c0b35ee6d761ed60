"""Both ports fetch files alike, and hand on every byte that came."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import ConnectionFailed, InvalidInput, MVSepError
from mvsep.core.flow import run
from mvsep.settings.client import find_settings
from mvsep.transport.async_port import connect_async
from mvsep.transport.port import BATCH, MOST_PIECES, Port
from mvsep.transport.sync_port import connect
from tests.wire import BOTH, Pieces

URL = "https://mvsep.com/storage/a.wav"


async def fetch(port: Port, url: str) -> tuple[list[list[bytes]], MVSepError | None]:
    batches = []
    async with port.get(url, {"Range": "bytes=0-"}) as answer:
        try:
            while batch := await answer.batch():
                batches.append(batch)
        except MVSepError as error:
            return batches, error
    return batches, None


def fetched(asynchronous: bool, reply: Any, url: str = URL) -> Any:
    """Fetch a file through a port; `reply` answers the request."""
    settings, transport = find_settings("SECRET", None, {}), httpx.MockTransport(reply)
    if not asynchronous:
        port = connect(settings, httpx.Client(transport=transport), lambda _: None)
        return run(fetch(port, url))
    http = httpx.AsyncClient(transport=transport)
    return asyncio.run(fetch(connect_async(settings, http, asyncio.sleep), url))


@BOTH
@given(
    pieces=st.lists(st.integers(0, BATCH + 1).map(bytes), max_size=6),
    tiny=st.sampled_from([0, 1000]),
    end=st.sampled_from([None, httpx.ReadError("reset"), httpx.ReadTimeout("slow")]),
)
def test_every_byte_comes_in_few_batches_and_before_what_breaks_off(
    asynchronous: bool, pieces: list[bytes], tiny: int, end: Exception | None
) -> None:
    pieces = [*pieces, *[b"x"] * tiny]
    stream = Pieces(*pieces, *([end] if end else []))
    got, error = fetched(asynchronous, lambda _: httpx.Response(200, stream=stream))

    assert b"".join(map(b"".join, got)) == b"".join(pieces)
    assert all(sum(map(len, batch)) >= BATCH or len(batch) == MOST_PIECES for batch in got[:-1])
    assert all(all(batch) and len(batch) <= MOST_PIECES for batch in got)
    assert isinstance(error, ConnectionFailed if end else type(None))


def test_a_file_is_asked_for_without_the_token_and_not_again(asynchronous: bool) -> None:
    requests: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        raise httpx.ConnectError("no route")

    with pytest.raises(ConnectionFailed, match="can't be reached") as caught:
        fetched(asynchronous, reply)

    assert caught.value.host == "mvsep.com"
    (request,) = requests
    assert (str(request.url), request.headers["Range"]) == (URL, "bytes=0-")
    assert "SECRET" not in repr(request.headers)


def test_a_link_that_is_no_address_is_an_error_of_ours(asynchronous: bool) -> None:
    with pytest.raises(InvalidInput, match="Not an address"):
        fetched(asynchronous, httpx.Response, "https://[::bad")
