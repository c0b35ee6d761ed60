"""Either client, opened for one thing that a test does with it."""

import asyncio
import contextlib

import httpx

from mvsep import AsyncMVSep, MVSep
from mvsep.testing import DEMO_TOKEN


def do(shell, act, *, token=DEMO_TOKEN, http=None, slept=None, **settings):
    """Return what `act(client)` gives; that of the async client is awaited.

    Args:
        shell: "sync" or "async".
        act: A function of the client.
        token: The account's.
        http: Arguments of an httpx client, in place of the client's own.
        slept: A list that takes the seconds of each pause; without one, pauses are slept.
        settings: Those of the client.
    """

    async def sleep(seconds):
        slept.append(seconds)
        await asyncio.sleep(0)

    async def awaited():
        async with contextlib.AsyncExitStack() as stack:
            if http is not None:
                own = httpx.AsyncClient(**http)
                settings["http_client"] = await stack.enter_async_context(own)
            client = await stack.enter_async_context(AsyncMVSep(token, **settings))
            return await act(client)

    if slept is not None:
        settings["sleep"] = slept.append if shell == "sync" else sleep
    if shell == "async":
        return asyncio.run(awaited())
    with contextlib.ExitStack() as stack:
        if http is not None:
            settings["http_client"] = stack.enter_context(httpx.Client(**http))
        return act(stack.enter_context(MVSep(token, **settings)))
