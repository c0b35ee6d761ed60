"""The port of the sync client."""

from __future__ import annotations

import queue
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

import httpx

from mvsep.core.flow import run
from mvsep.settings.client import ClientSettings
from mvsep.transport.calls import CallsAtOnce, SyncCalls
from mvsep.transport.connection import ApiClient, check_own, http_settings, settings_of
from mvsep.transport.environment import clients
from mvsep.transport.httpx_transport import Transport
from mvsep.transport.places import Gate, ThreadGate
from mvsep.transport.port import AtOnce, PortBase, Work, note_others
from mvsep.transport.threads import Behind, NewThread, begun
from mvsep_api import Client
from mvsep_api.api import Api

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")


def connect(
    settings: ClientSettings, http_client: httpx.Client | None, sleep: Callable[[float], object]
) -> SyncPort:
    """Connect a sync client, through a caller's own httpx client where there is one."""
    check_own(http_client, httpx.Client, settings.connection)
    if http_client:
        transport = Transport(http_client, settings, sleep)
    else:
        fresh = clients(httpx.Client, local=settings.is_local, chosen=settings.connection)
        transport = Transport(fresh(), settings, sleep, fresh)
    return SyncPort(settings, transport, sleep, http_settings(http_client, settings.connection))


class SyncPort(PortBase[httpx.Client]):
    """The port of the sync client: it does everything at once.

    `facade` has every operation for callers, at once.
    """

    def __init__(
        self,
        settings: ClientSettings,
        transport: Transport,
        sleep: Callable[[float], object],
        http_settings: dict[str, Any],
    ) -> None:
        http = ApiClient(settings.base_url, transport=transport, **http_settings)
        generated = Client(base_url=settings.base_url).set_httpx_client(http)
        calls = CallsAtOnce(generated, settings.token, settings.host, settings.timing.wall)
        super().__init__(settings, http, calls)
        self._transport, self._sleep = transport, sleep
        self.facade = Api(SyncCalls(calls))

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def at(self, url: str) -> SyncPort:
        """Return the same port to another host; see `Port.at`."""
        settings = self.settings.at(url)
        if settings.host == self.settings.host:
            return self
        return SyncPort(settings, self._transport, self._sleep, settings_of(self.http))

    def with_settings(self, settings: ClientSettings) -> SyncPort:
        """Return a port with settings of its own and the same connections; see `Port`."""
        http = settings_of(self.http, settings.connection.timeout)
        return SyncPort(settings, self._transport.sharing(settings), self._sleep, http)

    async def sleep(self, seconds: float) -> None:
        """Wait in this thread."""
        self._sleep(seconds)

    async def disk(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the work in this thread."""
        return work(*args, **kwargs)

    def behind(self) -> Behind:
        """Return what does disk work in a thread; see `Port.behind`."""
        return Behind(NewThread)

    async def _send(
        self, request: httpx.Request, auth: Any
    ) -> tuple[httpx.Response, AsyncIterator[bytes]]:
        response = self.http.send(request, stream=True, auth=auth)
        was_read = response.is_stream_consumed  # by a hook of the caller's
        return response, AtOnce(response.iter_bytes() if was_read else response.iter_raw())

    async def _close(self, response: httpx.Response) -> None:
        response.close()

    async def workers(self, work: Work, count: int) -> None:
        """Run flows in daemon threads; see `Port.workers`."""
        if count <= 1:
            return await work()
        faults: list[BaseException] = []

        def worker() -> None:
            try:
                run(work())
            except BaseException as error:
                faults.append(error)  # a thread has nobody to raise it to

        tried = [begun(worker, f"mvsep-{number}") for number in range(count)]
        threads = list(filter(None, tried))
        if not threads:
            worker()
        for thread in threads:
            # In bits, for Ctrl-C does not end a wait without end on Windows.
            while thread.is_alive():
                thread.join(0.5)
        if faults:
            note_others(*faults)
            raise faults[0]
        return None

    def gate(self) -> Gate:
        """Return a gate for one flow; see `Port.gate`."""
        return ThreadGate()

    async def events(
        self, work: Callable[[Callable[[T], None]], Coroutine[Any, Any, R]]
    ) -> AsyncGenerator[T | R, None]:
        """Run a flow in a daemon thread; see `Port.events`."""
        told: queue.SimpleQueue[Any] = queue.SimpleQueue()
        closed, end = threading.Event(), Future[R]()

        def tell(event: T) -> None:
            if closed.is_set():
                raise _Closed
            told.put(event)

        def worker() -> None:
            try:
                end.set_result(run(work(tell)))
            except BaseException as error:
                end.set_exception(error)
            told.put(end)

        def next_told() -> Any:
            while True:
                # In bits: Ctrl-C does not end a wait without end on every system.
                with suppress(queue.Empty):
                    return told.get(timeout=0.5)

        if not begun(worker):
            worker()  # better told late than not done
        try:
            while (event := next_told()) is not end:
                yield event
            yield end.result()
        finally:
            closed.set()


class _Closed(Exception):
    """The events are not asked for any more."""
