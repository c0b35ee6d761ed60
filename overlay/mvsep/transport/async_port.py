"""The port of the async client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

import httpx

from mvsep.settings.client import ClientSettings
from mvsep.transport.calls import AsyncCalls
from mvsep.transport.connection import AsyncApiClient, check_own, http_settings, settings_of
from mvsep.transport.environment import clients
from mvsep.transport.httpx_transport import AsyncTransport
from mvsep.transport.places import Gate, TaskGate
from mvsep.transport.port import PortBase, Work, note_others
from mvsep.transport.threads import Behind, InThread, ended, in_thread
from mvsep_api import Client

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")


def connect_async(
    settings: ClientSettings,
    http_client: httpx.AsyncClient | None,
    sleep: Callable[[float], Awaitable[object]],
) -> AsyncPort:
    """Connect an async client, through a caller's own httpx client where there is one."""
    check_own(http_client, httpx.AsyncClient, settings.connection)
    if http_client:
        transport = AsyncTransport(http_client, settings, sleep)
    else:
        fresh = clients(httpx.AsyncClient, local=settings.is_local, chosen=settings.connection)
        transport = AsyncTransport(fresh(), settings, sleep, fresh)
    return AsyncPort(settings, transport, sleep, http_settings(http_client, settings.connection))


class AsyncPort(PortBase[httpx.AsyncClient]):
    """The port of the async client: it awaits httpx, and sends disk work to threads."""

    def __init__(
        self,
        settings: ClientSettings,
        transport: AsyncTransport,
        sleep: Callable[[float], Awaitable[object]],
        http_settings: dict[str, Any],
    ) -> None:
        http = AsyncApiClient(settings.base_url, transport=transport, **http_settings)
        generated = Client(base_url=settings.base_url).set_async_httpx_client(http)
        calls = AsyncCalls(generated, settings.token, settings.host, settings.timing.wall)
        super().__init__(settings, http, calls)
        self._transport, self._sleep = transport, sleep

    async def aclose(self) -> None:
        """Close the connections."""
        await self.http.aclose()

    def at(self, url: str) -> AsyncPort:
        """Return the same port to another host; see `Port.at`."""
        settings = self.settings.at(url)
        if settings.host == self.settings.host:
            return self
        return AsyncPort(settings, self._transport, self._sleep, settings_of(self.http))

    def with_settings(self, settings: ClientSettings) -> AsyncPort:
        """Return a port with settings of its own and the same connections; see `Port`."""
        http = settings_of(self.http, settings.connection.timeout)
        return AsyncPort(settings, self._transport.sharing(settings), self._sleep, http)

    def sleep(self, seconds: float) -> Awaitable[object]:
        """Wait in this task."""
        return self._sleep(seconds)

    async def disk(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the work in a thread; when cancelled, let it end first."""
        return await in_thread(work, *args, **kwargs)

    def behind(self) -> Behind:
        """Return what does disk work in a thread; see `Port.behind`."""
        return Behind(InThread)

    async def _send(
        self, request: httpx.Request, auth: Any
    ) -> tuple[httpx.Response, AsyncIterator[bytes]]:
        response = await self.http.send(request, stream=True, auth=auth)
        was_read = response.is_stream_consumed  # by a hook of the caller's
        return response, response.aiter_bytes() if was_read else response.aiter_raw()

    async def _close(self, response: httpx.Response) -> None:
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
            note_others(first, *await ended(*tasks))
            raise

    def gate(self) -> Gate:
        """Return a gate for one flow; see `Port.gate`."""
        return TaskGate()

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
