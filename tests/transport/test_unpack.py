"""Packed answers of the API are read in the codings that were asked for, and up to a limit."""

from __future__ import annotations

import asyncio
import gc
import gzip
import json
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mvsep import (
    NO_RETRY,
    InvalidRequest,
    InvalidToken,
    RateLimited,
    SubmitUncertain,
    UnexpectedResponse,
)
from mvsep.core.flow import run
from mvsep.settings.client import Choices, find_settings
from mvsep.transport.async_port import connect_async
from mvsep.transport.port import Port
from mvsep.transport.sync_port import connect
from tests.wire import BOTH, Wire

MOST = 1 << 16


def deflated(plain: bytes, window: int) -> bytes:
    packing = zlib.compressobj(wbits=window)
    return packing.compress(plain) + packing.flush()


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZIP , identity": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": lambda plain: deflated(plain, -zlib.MAX_WBITS),
    "identity": bytes,
    "": bytes,
}


def asked(
    asynchronous: bool, content: bytes, coding: str | None, status: int = 200, most: int = MOST
) -> tuple[Any, httpx.Request]:
    """Ask for the news: what came of it, and the request."""
    requests: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        headers = {"Content-Encoding": coding} if coding is not None else {}
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))

    async def news(port: Port) -> Any:
        try:
            return await port.api.app.news()
        except Exception as error:
            return error

    transport = httpx.MockTransport(reply)
    settings = evolve(
        find_settings("SECRET", None, {}, Choices(retry=NO_RETRY)), longest_answer=most
    )
    if asynchronous:
        http = httpx.AsyncClient(transport=transport)
        return asyncio.run(news(connect_async(settings, http, asyncio.sleep))), requests[0]
    port = connect(settings, httpx.Client(transport=transport), lambda _: None)
    return run(news(port)), requests[0]


@pytest.mark.parametrize("coding", PACKED)
def test_an_answer_is_unpacked(asynchronous: bool, coding: str) -> None:
    outcome, request = asked(asynchronous, PACKED[coding](b' [{"title": "t"}] '), coding)

    assert [item.title for item in outcome] == ["t"]
    assert request.headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize("coding", PACKED)
def test_an_answer_that_unpacks_to_more_than_the_limit_is_an_error_and_takes_no_memory(
    asynchronous: bool, coding: str
) -> None:
    bomb = PACKED[coding](bytes(32 << 20))
    tracemalloc.start()
    try:
        outcome, _ = asked(asynchronous, bomb, coding)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert isinstance(outcome, UnexpectedResponse)
    assert "too long" in outcome.message
    assert peak < 8 << 20


def test_the_limit_itself_is_allowed(asynchronous: bool) -> None:
    full = b"[]".ljust(MOST)
    for content, coding in ((full, None), (gzip.compress(full), "gzip")):
        assert asked(asynchronous, content, coding)[0] == []
    assert isinstance(asked(asynchronous, full + b" ", None)[0], UnexpectedResponse)
    over = gzip.compress(full + b" ")
    assert isinstance(asked(asynchronous, over, "gzip")[0], UnexpectedResponse)


@pytest.mark.parametrize("value", [b"{}", b"0"])
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_an_answer_of_too_many_values_is_an_error_and_takes_no_memory(
    asynchronous: bool, coding: str, value: bytes
) -> None:
    bomb = PACKED[coding](b'{"success": true, "data": [' + (value + b",") * 500_000 + b"0]}")
    tracemalloc.start()
    try:
        found = [asked(asynchronous, bomb, coding, code, most=64 << 20) for code in (200, 400)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    (success, _), (refusal, _) = found
    assert isinstance(success, UnexpectedResponse)
    assert "too long" in success.message
    assert type(refusal) is InvalidRequest
    assert refusal.server_text is None
    assert peak < 24 << 20


def test_an_answer_of_five_times_the_values_of_the_longest_known_is_read(
    asynchronous: bool,
) -> None:
    row = {"id": 1, "title": "t", "text": "u"}
    content = json.dumps([row] * (5 * 70_000 // 4)).encode()

    outcome, _ = asked(asynchronous, content, None, most=64 << 20)

    assert len(outcome) == 5 * 70_000 // 4


def test_what_was_parsed_of_an_answer_goes_with_it_when_it_can_not_be_read(
    asynchronous: bool,
) -> None:
    content = json.dumps([[{}] * 100_000, *[{"id": {}}] * 10_001]).encode()
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        outcome, _ = asked(asynchronous, content, None, most=64 << 20)
        left, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()

    assert isinstance(outcome, UnexpectedResponse)
    assert left < 4 << 20


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_an_answer_about_one_thing_has_a_lower_limit_than_a_list(
    asynchronous: bool, pack: Callable[[bytes], bytes]
) -> None:
    most = find_settings("SECRET", None, {}).longest_state

    def answered(call: Callable[[Any], Any], content: bytes) -> Any:
        headers = {"Content-Encoding": "identity" if pack is bytes else "gzip"}
        stream = httpx.ByteStream(pack(content))
        wire = Wire(lambda _: httpx.Response(200, headers=headers, stream=stream))
        return wire.act(asynchronous, call)

    def state(client: Any) -> Any:
        return client.api.separation.get(hash="h")

    def cancel(client: Any) -> Any:
        return client.api.separation.cancel(hash="h")

    yes = b'{"success": true}'.ljust(most)
    for call in (state, cancel):
        assert answered(call, yes).success is True
        with pytest.raises(UnexpectedResponse, match="too long"):
            answered(call, yes + b" ")
    assert answered(lambda client: client.api.app.news(), b"[]".ljust(most + 1)) == []


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "\x1b[31m"])
def test_a_coding_that_was_not_asked_for_is_refused_without_unpacking(
    asynchronous: bool, coding: str
) -> None:
    twice = gzip.compress(gzip.compress(b"[]"))
    outcome, _ = asked(asynchronous, twice, coding)

    assert isinstance(outcome, UnexpectedResponse)
    assert "not asked for" in outcome.message
    assert outcome.message.isprintable()


@BOTH
@given(cut=st.integers(1, 40), coding=st.sampled_from(["gzip", "deflate"]))
def test_a_packed_answer_that_is_cut_short_is_no_answer(
    asynchronous: bool, cut: int, coding: str
) -> None:
    # The end of the packed bytes is a checksum: what is before it may look whole.
    outcome, _ = asked(asynchronous, PACKED[coding](b"[]".ljust(4000))[:-cut], coding)

    assert isinstance(outcome, UnexpectedResponse)


@pytest.mark.parametrize(("status", "kind"), [(401, InvalidToken), (429, RateLimited)])
def test_a_refusal_counts_though_its_words_can_not_be_unpacked(
    asynchronous: bool, status: int, kind: type[Exception]
) -> None:
    for content, coding in ((b"no gzip", "gzip"), (b"x", "br"), (gzip.compress(bytes(99)), "gzip")):
        outcome, _ = asked(asynchronous, content, coding, status, most=64)

        assert isinstance(outcome, kind)
        assert outcome.server_text is None


@pytest.mark.parametrize("coding", ["br", "gzip", "zstd"])
def test_a_job_whose_answer_can_not_be_unpacked_is_uncertain(
    asynchronous: bool, coding: str
) -> None:
    body = json.dumps({"success": True, "data": {"hash": "20260101000000-1-song.wav"}}).encode()
    wire = Wire(
        lambda _: httpx.Response(
            200, headers={"Content-Encoding": coding}, stream=httpx.ByteStream(body)
        )
    )
    with pytest.raises(SubmitUncertain) as caught:
        wire.act(asynchronous, lambda client: client.submit(b"RIFFsong", 40))

    assert len(wire.requests) == 1
    assert caught.value.marker
