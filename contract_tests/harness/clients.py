"""Either client, opened for one piece of work."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from mvsep import AsyncMVSep, MVSep
from mvsep.testing import DEMO_TOKEN


def do(
    shell: str,
    act: Callable[[Any], Any],
    *,
    token: str | None = DEMO_TOKEN,
    http: Mapping[str, Any] | None = None,
    sleep: Callable[[float], object] | None = None,
    **settings: Any,
) -> Any:
    """Return what `act(client)` gives; that of the async client is awaited.

    `http` are arguments of an httpx client; `sleep` takes the seconds of each pause.
    """

    async def async_sleep(seconds: float) -> None:
        if sleep is not None:
            sleep(seconds)
        await asyncio.sleep(0)

    async def awaited() -> Any:
        async with contextlib.AsyncExitStack() as stack:
            if http is not None:
                own = httpx.AsyncClient(**http)
                settings["http_client"] = await stack.enter_async_context(own)
            client = await stack.enter_async_context(AsyncMVSep(token, **settings))
            return await act(client)

    if sleep is not None:
        settings["sleep"] = sleep if shell == "sync" else async_sleep
    if shell == "async":
        return asyncio.run(awaited())
    with contextlib.ExitStack() as stack:
        if http is not None:
            settings["http_client"] = stack.enter_context(httpx.Client(**http))
        return act(stack.enter_context(MVSep(token, **settings)))


def hook(shell: str, act: Callable[[Any], object]) -> Callable[[Any], object]:
    """Return `act` as a hook of an httpx client; the async one's responses are read before."""

    async def awaited(message: httpx.Request | httpx.Response) -> None:
        if isinstance(message, httpx.Response):
            await message.aread()
        act(message)

    return act if shell == "sync" else awaited
