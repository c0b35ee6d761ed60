"""A request that met a fault, and the steps of which its answer is made."""

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
        headers: Lower-case names to values, without Content-Length.
        body: The body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """Its JSON."""
        return json.loads(self.body)

    def with_data(self, data: object) -> Answer:
        """Copy it with another JSON."""
        return evolve(self, body=php_json(data))

    def with_body(self, body: bytes, **headers: str | None) -> Answer:
        """Copy it with another body, and with other headers as `changed` makes them."""
        return evolve(self, body=body, headers=changed(self.headers, **headers))

    def with_headers(self, **headers: str | None) -> Answer:
        """Copy it with other headers, as `changed` makes them."""
        return self.with_body(self.body, **headers)


@frozen
class Stream:
    """An answer on its way: the head is known, the body comes in pieces."""

    status: int
    headers: Mapping[str, str]
    pieces: Pieces

    @property
    def length(self) -> int:
        """The number of bytes in its body."""
        return int(self.headers.get("content-length", "0"))

    async def first(self, count: float) -> Pieces:
        """Yield the pieces up to so many bytes; the last one is cut."""
        async for data in self.pieces:
            yield data if count >= len(data) else data[: int(count)]
            count -= len(data)
            if count <= 0:
                return


def changed(headers: Mapping[str, str], **more: str | None) -> dict[str, str]:
    """Replace headers; in a name `_` stands for `-`, and the value None removes."""
    new = {name.replace("_", "-"): value for name, value in more.items()}
    kept = {name: value for name, value in headers.items() if name not in new}
    return kept | {name: value for name, value in new.items() if value is not None}


class Exchange:
    """A request that met a fault.

    Args:
        name: The fault's name.
        app: The server as it is without faults.
        scope, receive, send: As ASGI has them.
        gate: The gate that slow answers pass.
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
        self.elsewhere = elsewhere
        self.earlier = earlier
        self.headers = Headers(scope=scope)
        self._app = app
        self._receive = receive
        self._send = send
        self._gate = gate
        self._ended = ended

    @property
    def target(self) -> str:
        """The path and the query of the request."""
        return target_of(self.scope)

    @property
    def wire(self) -> Wire:
        """The connection.

        Raises:
            RuntimeError: The server is called in process.
        """
        wire: Wire | None = (self.scope.get("extensions") or {}).get(EXTENSION)
        if wire is None:
            raise RuntimeError(
                f"The fault {self.name!r} needs a real connection, and this server is called in "
                "process: use `with server.run()`."
            )
        return wire

    # --- the request --------------------------------------------------------------------------

    async def read_body(self, upto: float = float("inf")) -> None:
        """Read the body to its end, or until so many bytes have come."""
        count = 0
        while count < upto:
            message = await self._receive()
            count += len(message.get("body", b""))
            if not message.get("more_body"):  # the end, or the client is gone
                return

    async def take(self, *, acts: bool) -> None:
        """Read the whole request, and carry it out if `acts`."""
        await (self.perform() if acts else self.read_body())

    async def disconnected(self) -> None:
        """Wait until the client is gone."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def stall(self) -> None:
        """Do nothing until the client gives up or the server ends."""
        await self._either(self.disconnected(), self._ended.passing())
        await self.reset()

    async def stall_unread(self) -> None:
        """Read no more, and do nothing until the server ends."""
        await self._ended.passing()
        await self.reset()

    async def through_gate(self) -> None:
        """Wait until the gate lets one pass, or the server ends."""
        await self._either(self._gate.passing(), self._ended.passing())

    # --- the right answer ---------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def stream(self, **headers: str | None) -> AsyncGenerator[Stream]:
        """Carry the request out and take the answer as it comes; drop what is left at the end.

        Args:
            headers: Headers of the request to replace, as `changed` does.
        """
        sent = {name.decode(): text.decode("latin-1") for name, text in self.scope["headers"]}
        scope = {**self.scope, "headers": _encoded(changed(sent, **headers))}
        messages: asyncio.Queue[Message] = asyncio.Queue(1)
        work = asyncio.create_task(self._serve(scope, messages))
        try:
            head = await self._next(messages, work)
            given = {name.decode("latin-1"): t.decode("latin-1") for name, t in head["headers"]}
            yield Stream(head["status"], given, self._pieces(messages, work))
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def perform(self, **headers: str | None) -> Answer:
        """Carry the request out and take the whole answer, not compressed.

        Args:
            headers: Headers of the request to replace, as `changed` does.
        """
        async with self.stream(**{"accept_encoding": "identity", **headers}) as stream:
            body = b"".join([piece async for piece in stream.pieces])
            return Answer(stream.status, changed(stream.headers, content_length=None), body)

    async def _serve(self, scope: Scope, messages: asyncio.Queue[Message]) -> None:
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

    async def respond(self, answer: Answer) -> None:
        """Give a whole answer."""
        length = {} if answer.status == 204 else {"content-length": str(len(answer.body))}
        await self.send_head(answer.status, {**length, **answer.headers})
        await self._send({"type": "http.response.body", "body": answer.body})

    async def send_head(self, status: int, headers: Mapping[str, str]) -> None:
        """Give the head of an answer; without a Content-Length its body goes out in chunks."""
        message = {"type": "http.response.start", "status": status, "headers": _encoded(headers)}
        await self._send(message)

    async def send_piece(self, data: bytes) -> None:
        """Give a piece of the body."""
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def send_end(self) -> None:
        """End the body."""
        await self._send({"type": "http.response.body", "body": b""})

    async def forward(
        self,
        stream: Stream,
        headers: Mapping[str, str | None] | None = None,
        change: Callable[[bytes], bytes] = bytes,
    ) -> None:
        """Give an answer on as it comes, with some headers replaced and its pieces changed."""
        await self.send_head(stream.status, changed(stream.headers, **headers or {}))
        async for data in stream.pieces:
            await self.send_piece(change(data))
        await self.send_end()

    async def close(self) -> None:
        """Close the connection once what was written is out, and wait until it is closed."""
        self.wire.close()
        await self._either(self.disconnected(), self._ended.passing())

    async def reset(self) -> None:
        """Break the connection off."""
        self.wire.reset()
        await self.disconnected()

    async def _either(self, *waits: Coroutine[Any, Any, None]) -> None:
        tasks = [asyncio.create_task(wait) for wait in waits]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


def target_of(scope: Scope) -> str:
    """Return the path and the query of a request, as they were sent."""
    path: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    return (path + (b"?" + query if query else b"")).decode("latin-1")


def raw_head(status: int, headers: Mapping[str, str], version: str = "HTTP/1.1") -> bytes:
    """Write the head of an answer, byte by byte, whatever it says."""
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = ""
    dated = {"date": formatdate(usegmt=True), **headers}
    lines = [f"{version} {status} {reason}", *(f"{n}: {text}" for n, text in dated.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), text.encode("latin-1")) for name, text in headers.items()]
