"""The fake server: in process, on a port in a thread, or on its own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

import httpx
import uvicorn

from mvsep.testing.accounts import Account
from mvsep.testing.app import create_app
from mvsep.testing.deliveries import Deliveries
from mvsep.testing.faults import Faults
from mvsep.testing.faults.wire import WireProtocol
from mvsep.testing.report import report
from mvsep.testing.schedule import Schedule
from mvsep.testing.state import RATE_LIMIT, ServerState

HOST = "127.0.0.1"
# Seconds between looks for webhooks, and for which answers may go on after the end.
_TICK = 0.1
_PATIENCE = 2.0


class FakeServer:
    """A stateful stand-in for the MVSEP service; it never reaches out to the network.

    In process, hand `asgi_transport()` to an `httpx.AsyncClient`; on a port, use `run()`. Tests
    may read and change `state` while it runs.

    Args:
        accounts: Its accounts; by default a premium demo account and a free one.
        schedule: The stages of jobs; `state.schedule` changes it for later jobs.
        clock: Seconds since 1970; inject `ManualClock` for virtual time.
        faults: Its first faults, each written `NAME`, `NAME:ON` or `NAME:ON:TIMES`;
            `server.faults` adds more.
        rate_limit: Requests a minute that the rate-limit headers count down from.
        enforce_rate_limit: Whether a request over the limit is answered 429.
        keep_uploads: Whether inputs are kept and really separated; if not, stems are noise of
            the right length, and an upload of a gigabyte leaves none on the disk.
        state: A state to serve; it replaces all other arguments but `faults`.
    """

    def __init__(
        self,
        accounts: Iterable[Account] | None = None,
        *,
        schedule: Schedule | None = None,
        clock: Callable[[], float] = time.time,
        faults: Iterable[str] = (),
        rate_limit: int = RATE_LIMIT,
        enforce_rate_limit: bool = False,
        keep_uploads: bool = True,
        state: ServerState | None = None,
    ) -> None:
        self.state = state or ServerState(
            accounts,
            schedule=schedule or Schedule(),
            clock=clock,
            rate_limit=rate_limit,
            enforce_rate_limit=enforce_rate_limit,
            keep_uploads=keep_uploads,
        )
        self.faults = Faults(faults)
        self.deliveries = Deliveries(self.state)
        self.app = create_app(self.state, self.faults)
        self._url: str | None = None

    def region(self, name: str) -> FakeServer:
        """Make another server of the same service: accounts, queues and history are one.

        A job and its files are known only where it was created.
        """
        return FakeServer(state=self.state.sibling(name))

    def front(self) -> FakeServer:
        """Make a server that hands jobs on to this one, whose address its answers name.

        So does the service's main address, which leads each caller to a region. It knows no
        job itself. This server has to be on a port.
        """
        front = self.region("front")
        front.state.makes_at = lambda: (self.state, self.url)
        return front

    def report(self) -> dict[str, object]:
        """Report, as JSON: jobs, credits by file name, requests, faults that struck."""
        return report(self.state, self.faults)

    @property
    def url(self) -> str:
        """Scheme, host and port while it runs on a port.

        Raises:
            RuntimeError: It does not.
        """
        if self._url is None:
            raise RuntimeError("The fake server is not on a port: use `with server.run():`.")
        return self._url

    def asgi_transport(self) -> httpx.ASGITransport:
        """Return a transport that answers in process, for `httpx.AsyncClient` only."""
        return httpx.ASGITransport(self.app)

    @contextmanager
    def run(self, port: int = 0) -> Iterator[FakeServer]:
        """Serve on 127.0.0.1 from a thread of its own for as long as the block lasts.

        Args:
            port: The port, or 0 for a free one.

        Raises:
            OSError: The port is taken.
        """
        listener = _listen(port)
        ready = threading.Event()
        server = _Uvicorn(self, ready.set)
        thread = threading.Thread(target=server.run, args=([listener],), name="mvsep-fake")
        thread.start()
        try:
            ready.wait()
            self._url = _url(listener)
            yield self
        finally:
            self._url = None
            server.end()
            thread.join()
            listener.close()

    def serve(self, port: int = 0, ready: Callable[[str], None] | None = None) -> None:
        """Serve on 127.0.0.1 from the calling thread until SIGINT or SIGTERM.

        Args:
            port: The port, or 0 for a free one.
            ready: Called with the URL once requests are answered.

        Raises:
            OSError: The port is taken.
        """
        with _listen(port) as listener:
            url = _url(listener)
            _Uvicorn(self, lambda: ready(url) if ready else None).run([listener])


class _Uvicorn(uvicorn.Server):
    """Uvicorn, silent, telling when it is ready, and posting webhooks."""

    def __init__(self, server: FakeServer, ready: Callable[[], object]) -> None:
        super().__init__(
            uvicorn.Config(
                server.app,
                http=WireProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
            )
        )
        self._faults = server.faults
        self._deliveries = server.deliveries
        self._posts: set[asyncio.Task[None]] = set()
        self._ready = ready
        self._told = asyncio.Event()

    def end(self) -> None:
        """End at once, from another thread: uvicorn itself looks every 0.1 s only."""
        self.should_exit = True
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._told.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._faults.ended.close()
        try:
            await super().startup(sockets=sockets)
        finally:  # whoever waits must go on even if this failed
            self._ready()

    async def main_loop(self) -> None:
        counter = 0
        while not await self.on_tick(counter):
            counter += 1
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), _TICK)

    async def on_tick(self, counter: int) -> bool:
        for delivery in self._deliveries.due():
            post = asyncio.create_task(self._deliveries.post(delivery))
            self._posts.add(post)
            post.add_done_callback(self._posts.discard)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End as uvicorn does, but for the 0.1 s that it always waits."""
        self._faults.ended.open()  # what would never be answered need not be waited for
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        going = self.server_state
        for connection in list(going.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while (going.connections or going.tasks) and not self.force_exit:
                    await asyncio.sleep(0.005)


def _listen(port: int) -> socket.socket:
    listener = socket.create_server((HOST, port))
    # Without it every small answer waits 40 ms for the caller's acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _url(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"
