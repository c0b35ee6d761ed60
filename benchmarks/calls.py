"""Typed calls for a job's state, against httpx alone."""

from __future__ import annotations

import asyncio
from typing import Final

import httpx

from benchmarks.measure import Lab, Pair, Row, seconds
from mvsep import AsyncMVSep, MVSep
from mvsep.testing import DEMO_TOKEN

#: The hash of a job that goes on for ever, as that of a file looks; others are those of links.
FOREVER: Final = "20260101000000-0000000000-forever.wav"


def _sync(lab: Lab) -> Pair:
    client, raw, calls = (
        MVSep(DEMO_TOKEN, base_url=lab.server.url),
        httpx.Client(),
        lab.size(400, 2),
    )
    url = f"{lab.server.url}/api/separation/get?hash={FOREVER}"

    def ours() -> None:
        for _ in range(calls):
            client.api.separation.get(hash=FOREVER)

    def peer() -> None:
        for _ in range(calls):
            raw.get(url).json()

    return Pair(lambda: seconds(ours), lambda: seconds(peer))


def _async(lab: Lab) -> Pair:
    client, raw, calls = (
        AsyncMVSep(DEMO_TOKEN, base_url=lab.server.url),
        httpx.AsyncClient(),
        lab.size(400, 2),
    )
    url = f"{lab.server.url}/api/separation/get?hash={FOREVER}"
    loop = asyncio.Runner()

    async def ours() -> None:
        for _ in range(calls):
            await client.api.separation.get(hash=FOREVER)

    async def peer() -> None:
        for _ in range(calls):
            (await raw.get(url)).json()

    return Pair(
        lambda: seconds(lambda: loop.run(ours())), lambda: seconds(lambda: loop.run(peer()))
    )


ROWS: Final = (
    Row("typed status calls", "httpx.get().json()", "speed", 0.95, _sync, 15),
    Row("typed status calls, async", "async httpx.get().json()", "speed", 0.95, _async, 15),
)
