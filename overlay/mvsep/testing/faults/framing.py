"""Answers whose frame is wrong or odd: lengths, chunks, heads. All need a real socket."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from mvsep.testing.faults.exchange import Exchange, Stream, changed, raw_head
from mvsep.testing.faults.fault import ANY, API, Fault, Handler, Rows, group

EXTRA: Final = 1000  # bytes that a wrong length is off by
_MEGABYTE: Final = 1 << 20


def _written(head: Callable[[Stream], bytes], *, cut: bool = False) -> Handler:
    """Write a head of our own and the right body or half of it, and close the connection."""

    async def handle(exchange: Exchange) -> None:
        async with exchange.stream() as stream:
            await exchange.wire.write(head(stream))
            most = stream.length // 2 if cut else float("inf")
            async for data in stream.first(most):
                await exchange.wire.write(data)
        await exchange.close()

    return handle


def _length(count: Callable[[int], int]) -> Handler:
    def head(stream: Stream) -> bytes:
        length = str(count(stream.length))
        return raw_head(stream.status, changed(stream.headers, content_length=length))

    return _written(head)


def _two_lengths(stream: Stream) -> bytes:
    second = {"Content-Length": str(stream.length + EXTRA)}
    return raw_head(stream.status, {**stream.headers, **second})


def _old_http(stream: Stream) -> bytes:
    return raw_head(stream.status, changed(stream.headers, content_length=None), "HTTP/1.0")


def _line(line: bytes) -> Handler:
    """Put a line at the end of the head."""
    return _written(lambda s: raw_head(s.status, s.headers)[:-2] + line + b"\r\n\r\n")


def _early_hints(stream: Stream) -> bytes:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n"
    return hints + raw_head(stream.status, {**stream.headers, "connection": "close"})


def _chunks(ending: bytes) -> Handler:
    """Give the body in chunks, and this in the place of the last one."""

    async def handle(exchange: Exchange) -> None:
        async with exchange.stream() as stream:
            headers = changed(stream.headers, content_length=None, transfer_encoding="chunked")
            await exchange.wire.write(raw_head(stream.status, headers))
            async for data in stream.pieces:
                if data:
                    await exchange.wire.write(b"%x\r\n%s\r\n" % (len(data), data))
        await exchange.wire.write(ending)
        await exchange.close()

    return handle


def _raw(data: bytes) -> Handler:
    """Carry the request out and write this in the place of an answer."""

    async def handle(exchange: Exchange) -> None:
        await exchange.perform()
        await exchange.wire.write(data)
        await exchange.close()

    return handle


async def _twice(exchange: Exchange) -> None:
    answer = await exchange.perform()
    length = str(len(answer.body))
    head = raw_head(answer.status, {**answer.headers, "content-length": length})
    await exchange.wire.write(2 * (head + answer.body))
    await exchange.close()


_faults = partial(group, acts=True, needs_socket=True)

_WRONG: Final[Rows] = {
    "length-too-long": (
        f"Content-Length promises {EXTRA} bytes more than come before the connection closes.",
        _length(lambda length: length + EXTRA),
    ),
    "length-too-short": (
        "Content-Length promises fewer bytes than come.",
        _length(lambda length: max(0, length - EXTRA)),
    ),
    "length-negative": ("Content-Length is -1.", _length(lambda length: -1)),
    "two-lengths": ("There are two Content-Lengths, and they differ.", _written(_two_lengths)),
    "chunk-of-nonsense": (
        "A chunk of the body has a length that is no number.",
        _chunks(b"nonsense\r\n\r\n"),
    ),
    "status-line-broken": (
        "The answer begins with a line that is no status line.",
        _raw(b"HTTP/1.1 two hundred\r\n\r\n"),
    ),
    "not-http": ("The other side is no web server.", _raw(b"SSH-2.0-OpenSSH_9.6\r\n")),
    "header-broken": ("One line of the head is no header.", _line(b"no colon at all")),
    "header-endless": (
        "A header of the answer is a megabyte long.",
        _line(b"X-Filler: " + b"x" * _MEGABYTE),
    ),
    "http-1.0-cut": (
        "The answer is HTTP/1.0, and the connection ends in its middle.",
        _written(_old_http, cut=True),
    ),
}
_CUT: Final[Rows] = {
    "last-chunk-missing": (
        "The body comes in chunks, and the connection is closed before the last one.",
        _chunks(b""),
    )
}
_ODD: Final[Rows] = {
    "early-hints": ("A 103 comes before the answer.", _written(_early_hints)),
    "chunks-only": ("The body comes in chunks, without a length.", _chunks(b"0\r\n\r\n")),
}
_ODD_API: Final[Rows] = {
    "http-1.0": ("The answer is HTTP/1.0: it ends with the connection.", _written(_old_http)),
    "answer-twice": ("The answer comes twice on one connection.", _twice),
}

TABLE: Final[tuple[Fault, ...]] = (
    *_faults("garbage", ANY, _WRONG),
    *_faults("broken", ANY, _CUT),
    *_faults("quirk", ANY, _ODD),
    *_faults("quirk", API, _ODD_API),
)
