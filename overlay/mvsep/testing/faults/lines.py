"""Connections that break or hang. All need a real socket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from mvsep.testing.faults.exchange import Exchange, raw_head
from mvsep.testing.faults.fault import ANY, SUBMIT, Fault, Handler, Rows, group

# --- ways to end: reset, close, stall ---------------------------------------------------------

_End = Callable[[Exchange], Awaitable[None]]
_reset: Final[_End] = Exchange.reset
_close: Final[_End] = Exchange.close
_stall: Final[_End] = Exchange.stall


def _in_upload(end: _End) -> Handler:
    async def handle(exchange: Exchange) -> None:
        await exchange.read_body(int(exchange.headers.get("content-length", "0")) // 2)
        await end(exchange)

    return handle


def _read(end: _End, *, acts: bool) -> Handler:
    async def handle(exchange: Exchange) -> None:
        await exchange.take(acts=acts)
        await end(exchange)

    return handle


def _in_head(end: _End) -> Handler:
    async def handle(exchange: Exchange) -> None:
        async with exchange.stream() as stream:
            head = raw_head(stream.status, stream.headers)
        await exchange.wire.write(head[: len(head) // 2])
        await end(exchange)

    return handle


def _in_body(end: _End) -> Handler:
    async def handle(exchange: Exchange) -> None:
        async with exchange.stream() as stream:
            await exchange.wire.write(raw_head(stream.status, stream.headers))
            async for data in stream.first(stream.length // 2):
                await exchange.wire.write(data)
        await end(exchange)

    return handle


async def _stall_in_upload(exchange: Exchange) -> None:
    # Read a little, and then no more: what the client has left fills the buffers between them.
    await exchange.read_body(1)
    await exchange.stall_unread()


_ignored = partial(group, needs_socket=True)
_carried_out = partial(group, acts=True, needs_socket=True)

_BEFORE_READING: Final[Rows] = {
    "reset-before-reading": (
        "The connection is reset after the request's head; its body is not read.",
        _reset,
    ),
    "reset-unheeded": (
        "The whole request is read and not carried out, and the connection is reset.",
        _read(_reset, acts=False),
    ),
    "closed-before-reading": (
        "The connection is closed after the request's head; its body is not read.",
        _close,
    ),
    "closed-unheeded": (
        "The whole request is read and not carried out, and the connection is closed.",
        _read(_close, acts=False),
    ),
}
_DURING_UPLOAD: Final[Rows] = {
    "reset-during-upload": (
        "The connection is reset when half of the upload was read.",
        _in_upload(_reset),
    ),
    "closed-during-upload": (
        "The connection is closed when half of the upload was read.",
        _in_upload(_close),
    ),
}
_AFTER_UPLOAD: Final[Rows] = {
    "reset-after-upload": (
        "The request is carried out, and the connection is reset before the answer.",
        _read(_reset, acts=True),
    ),
    "closed-after-upload": (
        "The request is carried out, and the connection is closed before the answer.",
        _read(_close, acts=True),
    ),
    "reset-in-head": ("The connection is reset in the answer's head.", _in_head(_reset)),
    "closed-in-head": ("The connection is closed in the answer's head.", _in_head(_close)),
    "reset-in-body": ("The connection is reset in the answer's body.", _in_body(_reset)),
    "closed-in-body": ("The connection is closed in the answer's body.", _in_body(_close)),
}
_STALLS: Final[Rows] = {
    "never-answers": (
        "The request is read and not carried out, and no answer comes.",
        _read(_stall, acts=False),
    )
}
_STALLS_DURING_UPLOAD: Final[Rows] = {
    "stalls-during-upload": (
        "The server takes no more of the upload, and says nothing.",
        _stall_in_upload,
    )
}
_STALLS_AFTER_UPLOAD: Final[Rows] = {
    "never-answers-after": (
        "The request is carried out, and no answer comes.",
        _read(_stall, acts=True),
    )
}
_STALLS_IN_ANSWER: Final[Rows] = {
    "stalls-in-head": (
        "The answer stops in the middle of its head, and the connection stays.",
        _in_head(_stall),
    ),
    "stalls-in-body": (
        "The answer stops in the middle of its body, and the connection stays.",
        _in_body(_stall),
    ),
}

TABLE: Final[tuple[Fault, ...]] = (
    *_ignored("broken", ANY, _BEFORE_READING),
    *_ignored("broken", SUBMIT, _DURING_UPLOAD),
    *_carried_out("broken", ANY, _AFTER_UPLOAD),
    *_ignored("stall", ANY, _STALLS),
    *_ignored("stall", SUBMIT, _STALLS_DURING_UPLOAD),
    *_carried_out("stall", SUBMIT, _STALLS_AFTER_UPLOAD),
    *_carried_out("stall", ANY, _STALLS_IN_ANSWER),
)
