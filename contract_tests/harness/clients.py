"""Either client, opened for one piece of work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from mvsep import AsyncMVSep, MVSep


def run(
    shell: str,
    do: Callable[[Any], Any],
    *,
    token: str,
    http: Mapping[str, Any],
    sleep: Callable[[float], object] = time.sleep,
    **settings: Any,
) -> Any:
    """Let a client do something; `http` is for its httpx client, an async result is awaited."""
    if shell == "sync":
        with (
            httpx.Client(**http) as connection,
            MVSep(token, http_client=connection, sleep=sleep, **settings) as client,
        ):
            return do(client)

    async def async_sleep(seconds: float) -> None:
        sleep(seconds)

    async def done() -> Any:
        async with (
            httpx.AsyncClient(**http) as connection,
            AsyncMVSep(token, http_client=connection, sleep=async_sleep, **settings) as client,
        ):
            return await do(client)

    return asyncio.run(done())
