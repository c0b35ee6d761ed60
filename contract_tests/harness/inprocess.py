"""A client in front of a fake server of its own: in process, in virtual time, breakable."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import aclosing
from pathlib import Path
from random import Random
from typing import Any, ClassVar, Final, Literal

import httpx
from attrs import frozen

from contract_tests.harness.answers import PAGE
from contract_tests.harness.evidence import scrub
from contract_tests.harness.witness import Witness
from mvsep import AsyncMVSep, JobState, MVSep
from mvsep.errors import MVSepError
from mvsep.settings.policies import Clock, PollPolicy
from mvsep.testing import Account, FakeServer, ManualClock, Schedule

BASE_URL: Final = "http://127.0.0.1:8000"
# The pauses are 2, 3, 4.5, 6.75 and 10 seconds: floats that add up exactly.
POLLING: Final = PollPolicy()

Trouble = Literal["unreachable", "upload breaks", "answer lost", "front end fails", "cut", "short"]


@frozen
class Fault:
    """A fault of the line, for as long as it is set.

    Args:
        kind: With a POST: the server can't be reached, the connection breaks during the upload,
            or after it. With any call: a front end says 502 after the server had it. With a
            result file: it breaks off with an error, or without one.
        file: Which of the files fetched is meant, from 0.
    """

    kind: Trouble
    file: int = 0


class Line:
    """A carrier of requests to an ASGI application, which shows each answer to a witness."""

    def __init__(self, app: Any, witness: Witness, secrets: Iterable[str]) -> None:
        self.fault: Fault | None = None
        self.heard: deque[str] = deque(maxlen=6)
        self._asgi = httpx.ASGITransport(app)
        self._witness = witness
        self._secrets = tuple(secrets)
        self._fetched: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self.heard) or "nothing was sent"

    def set(self, fault: Fault | None) -> None:
        """Break the line, or mend it."""
        self.fault, self._fetched = fault, []

    async def carry(self, request: httpx.Request, pieces: AsyncIterator[bytes]) -> httpx.Response:
        """Send one request."""
        posted = self.fault.kind if self.fault and request.method == "POST" else None
        if posted == "unreachable":
            raise httpx.ConnectError("refused")
        body = bytearray()
        async for piece in pieces:
            if posted == "upload breaks":
                raise httpx.WriteError("broken pipe")
            body += piece
        sent = httpx.Request(
            request.method, request.url, headers=request.headers, content=bytes(body)
        )
        answer = await self._asgi.handle_async_request(sent)
        assert isinstance(answer.stream, httpx.AsyncByteStream)
        content = b"".join([piece async for piece in answer.stream])
        whole = httpx.Response(answer.status_code, headers=answer.headers, content=content)
        self._note(request, whole)
        self._witness.see(request.method, request.url.path, whole)
        if posted == "answer lost":
            raise httpx.ReadError("connection reset")
        if self.fault and self.fault.kind == "front end fails":
            return httpx.Response(502, html=PAGE.decode())
        stream = self._stream(request.url.path, whole, content)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=stream)

    def _stream(
        self, path: str, answer: httpx.Response, content: bytes
    ) -> httpx.ByteStream | _CutOff:
        if self.fault is None or not path.startswith("/storage/"):
            return httpx.ByteStream(content)
        if path not in self._fetched:
            self._fetched.append(path)
        if self.fault.kind not in {"cut", "short"} or self._fetched.index(path) != self.fault.file:
            return httpx.ByteStream(content)
        # The second half of the file never comes, wherever the client goes on.
        start, total = 0, len(content)
        if found := re.fullmatch(r"bytes (\d+)-\d+/(\d+)", answer.headers.get("content-range", "")):
            start, total = int(found[1]), int(found[2])
        content = content[: max(0, total // 2 - start)]
        return _CutOff(content) if self.fault.kind == "cut" else httpx.ByteStream(content)

    def _note(self, request: httpx.Request, answer: httpx.Response) -> None:
        text = answer.text if "json" in answer.headers.get("content-type", "") else ""
        url = request.url.raw_path.decode()
        line = f"{request.method} {url} -> {answer.status_code} {text:.300}"
        self.heard.append(scrub(line, self._secrets))


class _CutOff(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that breaks off."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        if self._content:
            yield self._content
        raise httpx.ReadError("connection reset")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


class _Sync(httpx.BaseTransport):
    def __init__(self, line: Line, runner: asyncio.Runner) -> None:
        self._line = line
        self._runner = runner
        self._lock = threading.Lock()  # a client may ask from several threads

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        stream = request.stream
        assert isinstance(stream, httpx.SyncByteStream)

        async def pieces() -> AsyncIterator[bytes]:
            for piece in stream:
                yield piece

        async def sent() -> httpx.Response:
            async with aclosing(pieces()) as body:  # type: ignore[type-var]  # it is a generator
                return await self._line.carry(request, body)

        with self._lock:
            return self._runner.run(sent())


class _Async(httpx.AsyncBaseTransport):
    def __init__(self, line: Line) -> None:
        self._line = line

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        async with aclosing(aiter(request.stream)) as body:  # type: ignore[type-var]  # the same
            return await self._line.carry(request, body)


class Side:
    """One of the two clients, and its server."""

    name: ClassVar[str]

    def __init__(
        self,
        witness: Witness,
        folder: Path,
        accounts: Iterable[Account],
        schedule: Schedule | None = None,
    ) -> None:
        accounts = list(accounts)
        self.clock = ManualClock()
        self.server = FakeServer(accounts, schedule=schedule, clock=self.clock)
        self.line = Line(self.server.app, witness, [account.token for account in accounts])
        self.folder = folder / self.name
        self._settings: dict[str, Any] = {
            "base_url": BASE_URL,
            "polling": POLLING,
            "timing": in_virtual_time(self.clock),
        }
        self._runner = asyncio.Runner()
        self._clients: dict[str | None, Any] = {}
        self._opened: list[Any] = []

    def client(self, token: str | None, *, new: bool = False) -> Any:
        """Return an account's client; opened when first asked for, or when it is to be new."""
        if new or token not in self._clients:
            self._clients[token] = self._open(token)
            self._opened.append(self._clients[token])
        return self._clients[token]

    def call(self, method: Any, /, *arguments: Any, **more: Any) -> Any:
        """Call a method of a client or job, and wait for its value."""
        value = method(*arguments, **more)
        return value if self.name == "sync" else self._runner.run(value)

    def watch(self, job: Any, timeout: float | None, seen: list[JobState]) -> None:
        """Go through a job's events, noting each."""

        async def watched() -> None:
            async for state in job.events(timeout=timeout):
                seen.append(state)

        if self.name == "sync":
            seen.extend(job.events(timeout=timeout))
        else:
            self._runner.run(watched())

    def close(self) -> None:
        """Close the clients, the event loop and the server."""
        for client in self._opened:
            self.call(client.close)
        self._runner.close()
        self.server.state.close()

    def _open(self, token: str | None) -> Any:
        async def sleep(seconds: float) -> None:
            self.clock.advance(seconds)

        if self.name == "sync":
            http = httpx.Client(transport=_Sync(self.line, self._runner))
            return MVSep(token, http_client=http, sleep=self.clock.advance, **self._settings)
        async_http = httpx.AsyncClient(transport=_Async(self.line))
        return AsyncMVSep(token, http_client=async_http, sleep=sleep, **self._settings)


class SyncSide(Side):
    """The sync client and its server."""

    name = "sync"


class AsyncSide(Side):
    """The async client and its server."""

    name = "async"


def in_virtual_time(clock: ManualClock) -> Clock:
    """Return the clock of a client whose time goes by as a test says."""
    # The same for both clients: a seed of their own each.
    return Clock(clock=clock, wall=clock, chance=Random(0).random)


def attempted(side: Side, method: Any, /, *arguments: Any, **more: Any) -> Any:
    """Return the value of a call, or the SDK's error."""
    try:
        return side.call(method, *arguments, **more)
    except MVSepError as error:
        return error
