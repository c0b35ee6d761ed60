"""A fake server in virtual time, and a way to call it in process without sockets."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest

from mvsep.testing import DEMO_TOKEN, FakeServer, ManualClock, Schedule, audio, render_song


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

    def data(self, path: str, **query):
        return self.get(path, **query).json()["data"]

    # --- separations: of the demo song, with sep_type 40, unless told otherwise ---------------

    @staticmethod
    def silence(seconds: float) -> bytes:
        """Make a WAV of 8 bits and 100 frames a second: a minute is 6 kB."""
        frames = round(100 * seconds)
        return audio.wav_header(1, 1, 100, frames) + b"\x80" * frames

    def create(self, song: bytes | float | None = None, name: str = "song.wav", **form):
        """Create a separation of a song, or of so many seconds of silence."""
        song = render_song() if song is None else song
        song = song if isinstance(song, bytes) else self.silence(song)
        form = {"sep_type": 40, "output_format": 1, **form}
        return self.post("/api/separation/create", files={"audiofile": (name, song)}, **form)

    def created(self, *args, **form) -> str:
        return self.create(*args, **form).json()["data"]["hash"]

    def done(self, *args, **form) -> SimpleNamespace:
        """Create a separation and let it come to its end."""
        hash_ = self.created(*args, **form)
        self._server.state.clock.advance(5)
        return self.status(hash_)

    def status(self, hash_: str) -> SimpleNamespace:
        body = self.get("/api/separation/get", hash=hash_).json()
        return SimpleNamespace(**{"hash": hash_, **body, **body["data"]})

    def statuses(self, hash_: str, count: int) -> list[str]:
        return [self.status(hash_).status for _ in range(count)]

    def cancel(self, hash_: str, **form) -> httpx.Response:
        return self.post("/api/separation/cancel", hash=hash_, **form)

    def delete(self, hash_: str, **form) -> httpx.Response:
        return self.post("/api/separation/delete", hash=hash_, **form)

    def link(self, url: str = "https://example.com/song.wav", **form) -> SimpleNamespace:
        """Create a separation of a link; 5 s later it is fetched."""
        answer = self.post("/api/separation/create", sep_type=40, url=url, **form).json()
        return SimpleNamespace(success=answer["success"], **answer["data"])

    def remote(self, hash_: str) -> dict:
        return self.get("/api/separation/get-remote", hash=hash_).json()

    def history(self, **query) -> list:
        return self.data("/api/app/separation_history", **query)

    def credits(self, token: str = DEMO_TOKEN) -> int:
        return self.data("/api/app/user", api_token=token)["premium_minutes"]


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
