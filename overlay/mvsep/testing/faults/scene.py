"""A request that met a fault, and all that can be done with it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Mapping
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

from attrs import evolve, frozen
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mvsep.testing.answers import php_json
from mvsep.testing.faults.gate import Gate
from mvsep.testing.faults.wire import EXTENSION, Wire

Pieces = AsyncIterator[bytes]


@frozen
class Answer:
    """A whole answer.

    Args:
        status: The HTTP status.
        headers: Lower-case names to values; Content-Length comes by itself.
        body: The body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """Its JSON."""
        return json.loads(self.body)

    def says(self, data: object) -> Answer:
        """The same with another JSON."""
        return evolve(self, body=php_json(data))

    def with_headers(self, **more: str | None) -> Answer:
        """The same with other headers; `_` stands for `-`, and None takes one away."""
        return evolve(self, headers=changed(self.headers, **more))


@frozen
class Flow:
    """An answer on its way: its head is known, its body comes."""

    status: int
    headers: Mapping[str, str]
    pieces: Pieces

    @property
    def length(self) -> int:
        """How many bytes its body has."""
        return int(self.headers.get("content-length", "0"))


def changed(headers: Mapping[str, str], **more: str | None) -> dict[str, str]:
    """Headers with others in their place; `_` stands for `-`, and None takes one away."""
    new = {name.replace("_", "-"): value for name, value in more.items()}
    kept = {name: value for name, value in headers.items() if name not in new}
    return kept | {name: value for name, value in new.items() if value is not None}


class Scene:
    """A request that met a fault.

    Args:
        name: The fault's name.
        app: The server as it is without faults.
        scope, receive, send: As ASGI has them.
        gate: What drips pass.
        ended: Opened when the server ends.
        elsewhere: Another host, as scheme and host.
        earlier: The answer to the same request that a cache would still have.
    """

    def __init__(
        self,
        name: str,
        app: ASGIApp,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        gate: Gate,
        ended: Gate,
        elsewhere: str,
        earlier: Answer | None = None,
    ) -> None:
        self.name = name
        self.scope = scope
        self.gate = gate
        self.elsewhere = elsewhere
        self.earlier = earlier
        self.headers = Headers(scope=scope)
        self._app = app
        self._receive = receive
        self._send = send
        self._ended = ended

    @property
    def target(self) -> str:
        """The path and the query that were asked for."""
        return target_of(self.scope)

    @property
    def wire(self) -> Wire:
        """The connection.

        Raises:
            RuntimeError: There is none: the server is called in process.
        """
        wire: Wire | None = (self.scope.get("extensions") or {}).get(EXTENSION)
        if wire is None:
            raise RuntimeError(
                f"The fault {self.name!r} needs a real connection, and this server is called in "
                "process: use `with server.run()`."
            )
        return wire

    # --- the request --------------------------------------------------------------------------

    async def drain(self, upto: float = float("inf")) -> None:
        """Read the body to its end, or until so many bytes have come."""
        count = 0
        while count < upto:
            message = await self._receive()
            count += len(message.get("body", b""))
            if not message.get("more_body"):  # the end, or the client is gone
                return

    async def gone(self) -> None:
        """Wait until the client is gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def stall(self) -> None:
        """Do nothing until the client gives up or the server ends."""
        await self._either(self.gone(), self._ended.passing())
        self.wire.reset()
        await self.gone()

    async def stall_unread(self) -> None:
        """Read no more, and do nothing until the server ends."""
        await self._ended.passing()
        await self.reset()

    async def through_gate(self) -> None:
        """Wait until the gate lets one pass, or the server ends."""
        await self._either(self.gate.passing(), self._ended.passing())

    # --- the right answer ---------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def flow(self, **headers: str | None) -> AsyncGenerator[Flow]:
        """Carry the request out, with other headers where named, and take the answer as it comes.

        What is left of it when the block ends is thrown away.
        """
        kept = [
            (name, text)
            for name, text in self.scope["headers"]
            if name.decode() not in _names(headers)
        ]
        new = [
            (n.replace("_", "-").encode(), v.encode()) for n, v in headers.items() if v is not None
        ]
        scope = {**self.scope, "headers": kept + new}
        messages: asyncio.Queue[Message] = asyncio.Queue(1)
        work = asyncio.create_task(self._served(scope, messages))
        try:
            head = await self._next(messages, work)
            fields = {
                name.decode("latin-1"): text.decode("latin-1") for name, text in head["headers"]
            }
            yield Flow(head["status"], fields, self._pieces(messages, work))
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def act(self) -> Answer:
        """Carry the request out and take the whole answer, not compressed."""
        async with self.flow(accept_encoding="identity") as flow:
            body = b"".join([piece async for piece in flow.pieces])
            return Answer(flow.status, changed(flow.headers, content_length=None), body)

    async def _served(self, scope: Scope, messages: asyncio.Queue[Message]) -> None:
        await self._app(scope, self._receive, messages.put)

    async def _pieces(self, messages: asyncio.Queue[Message], work: asyncio.Task[None]) -> Pieces:
        while True:
            message = await self._next(messages, work)
            yield message.get("body", b"")
            if not message.get("more_body"):
                return

    async def _next(self, messages: asyncio.Queue[Message], work: asyncio.Task[None]) -> Message:
        getting = asyncio.create_task(messages.get())
        tasks: set[asyncio.Task[Any]] = {getting, work}
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if not getting.done():
            getting.cancel()
            work.result()  # an error of the server comes out here
            raise ConnectionError("The client went away.")
        return getting.result()

    # --- the answer that is given -------------------------------------------------------------

    async def say(self, answer: Answer) -> None:
        """Give a whole answer."""
        length = {} if answer.status == 204 else {"content-length": str(len(answer.body))}
        await self.begin(answer.status, {**length, **answer.headers})
        await self._send({"type": "http.response.body", "body": answer.body})

    async def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Give the head of an answer; without a Content-Length its body goes out in chunks."""
        raw = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in headers.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def piece(self, data: bytes) -> None:
        """Give a piece of the body."""
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self) -> None:
        """End the body."""
        await self._send({"type": "http.response.body", "body": b""})

    async def relay(
        self,
        flow: Flow,
        headers: Mapping[str, str | None] | None = None,
        change: Callable[[bytes], bytes] = bytes,
    ) -> None:
        """Give an answer on as it comes, with other headers and changed pieces where wished."""
        await self.begin(flow.status, changed(flow.headers, **headers or {}))
        async for data in flow.pieces:
            await self.piece(change(data))
        await self.end()

    async def write_head(
        self, status: int, headers: Mapping[str, str], version: str = "HTTP/1.1"
    ) -> None:
        """Write the head of an answer to the wire, whatever it says."""
        await self.wire.write(raw_head(status, headers, version))

    async def hang_up(self) -> None:
        """Close the connection once what was written is out, and wait until it is closed."""
        self.wire.close()
        await self._either(self.gone(), self._ended.passing())

    async def reset(self) -> None:
        """Break the connection off."""
        self.wire.reset()
        await self.gone()

    async def _either(self, *waits: Coroutine[Any, Any, None]) -> None:
        tasks = [asyncio.create_task(wait) for wait in waits]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


def target_of(scope: Scope) -> str:
    """The path and the query of a request, as they were sent."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return (path + (b"?" + query if query else b"")).decode("latin-1")


def raw_head(status: int, headers: Mapping[str, str], version: str = "HTTP/1.1") -> bytes:
    """The head of an answer, byte by byte."""
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = ""
    dated = {"date": formatdate(usegmt=True), **headers}
    lines = [f"{version} {status} {reason}", *(f"{n}: {text}" for n, text in dated.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _names(headers: Mapping[str, str | None]) -> set[str]:
    return {name.replace("_", "-") for name in headers}
