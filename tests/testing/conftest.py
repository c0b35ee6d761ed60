"""A fake server in virtual time, and a way to call it in process without sockets."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest

from mvsep.testing import DEMO_TOKEN, FakeServer, ManualClock, Schedule, render_song


class Caller:
    """Calls a fake server in process; the demo token goes along unless another is given."""

    def __init__(self, server: FakeServer, runner: asyncio.Runner) -> None:
        self._server = server
        self._runner = runner

    def send(self, method: str, path: str, **more) -> httpx.Response:
        async def sent() -> httpx.Response:
            transport = self._server.asgi_transport()
            async with httpx.AsyncClient(transport=transport, base_url="http://fake") as client:
                return await client.request(method, path, **more)

        return self._runner.run(sent())

    def get(self, path: str, **query) -> httpx.Response:
        query = {"api_token": DEMO_TOKEN, **query}
        return self.send("GET", path, params={k: v for k, v in query.items() if v is not None})

    def post(self, path: str, files=None, **form) -> httpx.Response:
        form = {"api_token": DEMO_TOKEN, **form}
        data = {k: str(v) for k, v in form.items() if v is not None}
        return self.send("POST", path, data=data, files=files)

    def create(self, audio: bytes | None = None, name: str = "song.wav", **form) -> httpx.Response:
        """Create a separation: of the demo song, with sep_type 40, unless told otherwise."""
        form = {"sep_type": 40, "output_format": 1, **form}
        audio = render_song() if audio is None else audio
        return self.post("/api/separation/create", files={"audiofile": (name, audio)}, **form)

    def created(self, *args, **form) -> str:
        return self.create(*args, **form).json()["data"]["hash"]

    def status(self, hash_: str) -> SimpleNamespace:
        body = self.get("/api/separation/get", hash=hash_).json()
        return SimpleNamespace(success=body["success"], status=body["status"], **body["data"])

    def credits(self, token: str = DEMO_TOKEN) -> int:
        return self.get("/api/app/user", api_token=token).json()["data"]["premium_minutes"]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def server(clock: ManualClock) -> Iterator[FakeServer]:
    """Jobs wait 3 s and are processed for 2 s, of the injected clock."""
    server = FakeServer(schedule=Schedule(3, 2, downloading=5), clock=clock)
    yield server
    server.state.close()


@pytest.fixture
def call(server: FakeServer) -> Iterator[Caller]:
    with asyncio.Runner() as runner:
        yield Caller(server, runner)
