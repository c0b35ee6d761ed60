"""A pretended service for unit tests: it keeps what it was sent and answers what it was told."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from itertools import islice
from typing import Any

import httpx
import pytest

from mvsep import NO_RETRY, AsyncMVSep, MVSep, PollPolicy
from mvsep.settings.policies import Clock
from tests.ports import End

TOKEN = "SECRETsecretSECRETsecretSECRET"
BASE_URL = "http://127.0.0.1:8000"

#: Runs a property with either client. Other tests take the fixture `asynchronous`.
BOTH = pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])

#: Calls a method of either client, or of a job of it.
Do = Callable[..., Any]

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


def answer(body: Any, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(body).encode(), headers=headers)


def stored(**contents: bytes) -> Callable[[httpx.Request], httpx.Response]:
    """Answers with the content of the file that is asked for, by its name without extension."""

    def find(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=contents[request.url.path.split("/")[-1].split(".")[0]])

    return find


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in pieces; an exception among them breaks the connection."""

    def __init__(self, *pieces: bytes | Exception, each: Callable[[], object] = int) -> None:
        self._pieces = pieces
        self._each = each

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._each()
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            await asyncio.sleep(0)
            yield piece


#: The account that is asked about before an upload, where a test says nothing of it.
ACCOUNT = answer({"success": True, "data": {"premium_minutes": 1000, "premium_enabled": 1}})


def _is_of_a_create(given: Answer) -> bool:
    told = given.content if isinstance(given, httpx.Response) else b""
    return b'"data": {"hash": ' in told or b"file in queue" in told


#: One request for each call, unless a test wants to see more.
ONCE: dict[str, Any] = {
    "retry": NO_RETRY,
    "polling": PollPolicy(retry=NO_RETRY),
    "timing": Clock(chance=lambda: 0.5),
}


class Wire:
    """Answers one request after the other; the last answer stays."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []
        self.slept: list[float] = []
        self._lock = threading.Lock()
        self._end = End(3_000)

    @property
    def next(self) -> Answer:
        """The answer that the next request gets."""
        return self._answers[0]

    def reply(self, request: httpx.Request, body: bytes) -> httpx.Response:
        if request.url.path == "/api/app/queue/summary":
            # What a wait asks on the side; it goes on without.
            return httpx.Response(404)
        if request.url.path == "/api/app/user" and _is_of_a_create(self.next):
            return httpx.Response(200, content=ACCOUNT.content)
        with self._lock:
            self._end.step()
            self.requests.append(request)
            self.bodies.append(body)
            given = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(given, Exception):
            raise given
        if isinstance(given, httpx.Response):
            # A copy: an answer can be read once.
            return httpx.Response(given.status_code, content=given.content, headers=given.headers)
        return given(request)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return self.reply(request, request.read())

    async def asked(self, request: httpx.Request) -> httpx.Response:
        return self.reply(request, await request.aread())

    def wait(self, seconds: float) -> None:
        self.slept.append(seconds)

    def client(self, token: str | None = TOKEN, **more: Any) -> MVSep:
        http = httpx.Client(transport=httpx.MockTransport(self))
        settings = {"base_url": BASE_URL, "http_client": http, **ONCE, **more}
        return MVSep(token, sleep=self.wait, **settings)

    def async_client(self, token: str | None = TOKEN, **more: Any) -> AsyncMVSep:
        async def sleep(seconds: float) -> None:
            self.wait(seconds)

        http = httpx.AsyncClient(transport=httpx.MockTransport(self.asked))
        settings = {"base_url": BASE_URL, "http_client": http, **ONCE, **more}
        return AsyncMVSep(token, sleep=sleep, **settings)

    def act(self, asynchronous: bool, act: Callable[[Any], Any], **settings: Any) -> Any:
        """Do something with either client: for the async one, `act` gives an awaitable."""
        if not asynchronous:
            with self.client(**settings) as client:
                return act(client)

        async def acted() -> Any:
            async with self.async_client(**settings) as client:
                return await act(client)

        return asyncio.run(acted())

    def each(
        self, asynchronous: bool, items: Callable[[Any], Any], most: int | None = None
    ) -> list[Any]:
        """List what a loop of either client gives, or the first of it."""
        if not asynchronous:
            with self.client() as client:
                return list(islice(items(client), most))

        async def listed() -> list[Any]:
            found = []
            async with self.async_client() as client, aclosing(aiter(items(client))) as given:
                async for item in given:
                    found.append(item)
                    if len(found) == most:
                        break
            return found

        return asyncio.run(listed())

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]
