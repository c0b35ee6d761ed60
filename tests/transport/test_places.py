"""A caller's connections are used in one process and one event loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

import pytest

from mvsep import AsyncMVSep, InvalidInput
from tests.scenes import CREATED
from tests.wire import Wire

SONG = b"RIFF\0\0\0\0WAVE"

CALLS: list[Callable[[Any], Any]] = [
    lambda client: client.submit(SONG, 40),
    lambda client: client.submit("https://example.com/song.wav", 40),
    lambda client: client.job("20250131145833-a0bb276157-song.wav").wait(timeout=None),
    lambda client: client.api.app.news(),
]


@pytest.mark.parametrize("call", CALLS)
def test_a_callers_client_is_refused_in_a_second_event_loop(call: Callable[[Any], Any]) -> None:
    wire = Wire(CREATED)
    client = wire.async_client()

    async def submit() -> None:
        await client.submit(SONG, 40)

    async def again() -> None:
        await call(client)

    asyncio.run(submit())
    with pytest.raises(InvalidInput, match="another process or event loop") as caught:
        asyncio.run(again())

    assert caught.value.param == "http_client"
    assert len(wire.requests) == 1
    asyncio.run(client.close())


@pytest.mark.parametrize("call", CALLS)
def test_a_callers_client_is_refused_in_a_second_process(
    call: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = Wire(CREATED)
    with wire.client() as client:
        client.submit(SONG, 40)
        monkeypatch.setattr(os, "getpid", lambda: 1)
        with pytest.raises(InvalidInput, match="another process or event loop") as caught:
            call(client)

        assert caught.value.param == "http_client"
        assert len(wire.requests) == 1


@pytest.mark.parametrize("own", [False, True], ids=["a caller's", "our own"])
@pytest.mark.parametrize("call", [*CALLS, lambda client: client.account()])
def test_without_an_event_loop_of_asyncio_nothing_is_sent(
    call: Callable[[Any], Any], own: bool
) -> None:
    wire = Wire(CREATED)
    client = AsyncMVSep("token") if own else wire.async_client()
    with pytest.raises(InvalidInput, match="event loop of asyncio"):
        call(client).send(None)  # as another library of event loops does

    assert wire.requests == []
