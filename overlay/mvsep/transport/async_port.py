"""The port of the async client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar

import httpx

from mvsep.settings.client import ClientSettings
from mvsep.transport.calls import AsyncCalls
from mvsep.transport.connection import (
    FAULTS,
    File,
    auth_for,
    broken,
    check_kind,
    check_open,
    http_settings,
    settings_of,
)
from mvsep.transport.environment import clients
from mvsep.transport.httpx_transport import LINK, AsyncTransport
from mvsep.transport.port import Answer, Work, note_others
from mvsep.transport.threads import ended, in_thread
from mvsep_api import Client
from mvsep_api.api import AsyncApi

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")


def connect_async(
    settings: ClientSettings,
    http_client: httpx.AsyncClient | None,
    sleep: Callable[[float], Awaitable[object]],
) -> AsyncPort:
    """Connect an async client, through a caller's own httpx client where there is one."""
    check_kind(http_client, httpx.AsyncClient)
    if http_client:
        transport = AsyncTransport(http_client, settings, sleep)
    else:
        fresh = clients(httpx.AsyncClient, local=settings.is_local)
        transport = AsyncTransport(fresh(), settings, sleep, fresh)
    return AsyncPort(settings, transport, sleep, http_settings(http_client))


class AsyncPort:
    """The port of the async client: it awaits httpx, and sends disk work to threads."""

    def __init__(
        self,
        settings: ClientSettings,
        transport: AsyncTransport,
        sleep: Callable[[float], Awaitable[object]],
        http_settings: dict[str, Any],
    ) -> None:
        self.http = httpx.AsyncClient(
            base_url=settings.base_url, transport=transport, **http_settings
        )
        generated = Client(base_url=settings.base_url).set_async_httpx_client(self.http)
        self._calls = AsyncCalls(generated, settings.token, settings.host, settings.timing.wall)
        self._transport, self._sleep = transport, sleep
        self.settings = settings
        self.api = AsyncApi(self._calls)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.http.aclose()

    def at(self, url: str) -> AsyncPort:
        """Return the same port to another host; see `Port.at`."""
        settings = self.settings.at(url)
        if settings.host == self.settings.host:
            return self
        return AsyncPort(settings, self._transport, self._sleep, settings_of(self.http))

    async def sleep(self, seconds: float) -> None:
        """Wait in this task."""
        await self._sleep(seconds)

    async def disk(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the work in a thread; when cancelled, let it end first."""
        return await in_thread(work, *args, **kwargs)

    async def content(
        self, operation: str, function: Callable[..., Awaitable[Any]], /, **arguments: object
    ) -> bytes:
        """Return an answer as it came; see `Port.content`."""
        return await self._calls.content(operation, function, **arguments)

    @asynccontextmanager
    async def get(self, url: str, headers: Mapping[str, str]) -> AsyncIterator[Answer]:
        """Send a GET for a file; see `Port.get`."""
        host = self.settings.host
        check_open(self.http)
        try:
            request = self.http.build_request("GET", url, headers=headers, extensions={LINK: True})
            auth = auth_for(request, self.settings)
            response = await self.http.send(request, stream=True, auth=auth)
        except FAULTS as error:
            raise broken(error, host) from error
        was_read = response.is_stream_consumed  # by a hook of the caller's
        pieces = response.aiter_bytes() if was_read else response.aiter_raw()
        try:
            clock = self.settings.timing.clock
            yield File(response, host, lambda: anext(pieces, None), clock)
        finally:
            await response.aclose()

    async def workers(self, work: Work, count: int) -> None:
        """Run flows as tasks; see `Port.workers`."""
        tasks = [asyncio.create_task(work()) for _ in range(count)]
        try:
            await asyncio.gather(*tasks)
        except BaseException as first:
            for task in tasks:
                task.cancel()
            # Not before each has let go of its files.
            note_others(first, *(e for e in await ended(*tasks) if isinstance(e, Exception)))
            raise

    async def events(
        self, work: Callable[[Callable[[T], None]], Coroutine[Any, Any, R]]
    ) -> AsyncGenerator[T | R, None]:
        """Run a flow as a task; see `Port.events`."""
        told: asyncio.Queue[Any] = asyncio.Queue()
        task = asyncio.create_task(work(told.put_nowait))
        task.add_done_callback(told.put_nowait)  # at its end it gives itself
        try:
            while (event := await told.get()) is not task:
                yield event
            yield task.result()
        finally:
            if not task.done():
                task.cancel()
                await ended(task)
