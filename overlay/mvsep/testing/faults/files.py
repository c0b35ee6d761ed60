"""Stems that go wrong on their way down."""

from __future__ import annotations

import re
import zlib
from typing import Final

from mvsep.testing.faults.exchange import Answer, Exchange, Stream, changed
from mvsep.testing.faults.fault import DOWNLOAD, Fault, Handler, Kind, Rows, group
from mvsep.testing.faults.framing import EXTRA
from mvsep.testing.faults.handlers import HTML, nginx, with_headers

OTHER_ETAG: Final = '"another-version"'
_FLIPPED: Final = bytes(value ^ 0xFF for value in range(256))


def _flip(data: bytes) -> bytes:
    return data.translate(_FLIPPED)


async def _truncated(exchange: Exchange) -> None:
    async with exchange.stream() as stream:
        half = stream.length // 2
        await exchange.send_head(stream.status, {**stream.headers, "content-length": str(half)})
        async for data in stream.first(half):
            await exchange.send_piece(data)
        await exchange.send_end()


async def _oversized(exchange: Exchange) -> None:
    async with exchange.stream() as stream:
        length = str(stream.length + EXTRA)
        await exchange.send_head(stream.status, {**stream.headers, "content-length": length})
        async for data in stream.pieces:
            await exchange.send_piece(data)
        await exchange.send_piece(bytes(EXTRA))
        await exchange.send_end()


async def _flipped(exchange: Exchange) -> None:
    async with exchange.stream() as stream:
        await exchange.forward(stream, change=_flip)


def _packed(coding: str, bits: int) -> Handler:
    async def handle(exchange: Exchange) -> None:
        async with exchange.stream(range=None, if_range=None) as stream:
            packer = zlib.compressobj(1, zlib.DEFLATED, bits)
            headers = changed(stream.headers, content_length=None, content_encoding=coding)
            await exchange.send_head(200, headers)
            async for data in stream.pieces:
                await exchange.send_piece(packer.compress(data))
            await exchange.send_piece(packer.flush())
            await exchange.send_end()

    return handle


# --- answers to a request for a part ----------------------------------------------------------


def _whole(**headers: str | None) -> Handler:
    """Give the whole file, whatever part was asked for."""

    async def handle(exchange: Exchange) -> None:
        async with exchange.stream(range=None, if_range=None) as stream:
            await exchange.forward(stream, headers)

    return handle


def _no_part(total: str | None) -> Handler:
    async def handle(exchange: Exchange) -> None:
        async with exchange.stream(range=None, if_range=None) as stream:
            length = stream.length
        answer = Answer(416, HTML, nginx(416, "Range Not Satisfiable"))
        named = None if total is None else total.format(length)
        await exchange.respond(answer.with_headers(content_range=named))

    return handle


async def _part_of_another(exchange: Exchange) -> None:
    async with exchange.stream(if_range=None) as stream:
        await exchange.forward(stream, {"etag": OTHER_ETAG}, _flip)


async def _from_the_start(exchange: Exchange) -> None:
    async with exchange.stream(if_range=None) as stream:
        length, total = stream.length, stream.headers.get("content-range", "/").rpartition("/")[2]
    async with exchange.stream(range=f"bytes=0-{length - 1}", if_range=None) as stream:
        await exchange.forward(stream, {"content_range": f"bytes 0-{length - 1}/{total}"})


def _content_range(pattern: str) -> Handler:
    """Give the right part under a Content-Range made of its first, last and total."""

    async def handle(exchange: Exchange) -> None:
        async with exchange.stream(if_range=None) as stream:
            first, last, total = _range_of(stream)
            text = pattern.format(
                first=first, last=last, total=total, early=first - 1, more=total + EXTRA
            )
            await exchange.forward(stream, {"content_range": text})

    return handle


async def _short_part(exchange: Exchange) -> None:
    """Give the right bytes, but not all of them: a server may choose to."""
    async with exchange.stream(if_range=None) as stream:
        first, last, _ = _range_of(stream)
    last = first + max(1, (last + 1 - first) // 2) - 1
    async with exchange.stream(range=f"bytes={first}-{last}", if_range=None) as stream:
        await exchange.forward(stream)


async def _several_parts(exchange: Exchange) -> None:
    async with exchange.stream(if_range=None) as stream:
        first, last, total = _range_of(stream)
        part = f"--x\r\nContent-Range: bytes {first}-{last}/{total}\r\n\r\n".encode()
        await exchange.send_head(206, {"content-type": "multipart/byteranges; boundary=x"})
        await exchange.send_piece(part)
        async for data in stream.pieces:
            await exchange.send_piece(data)
        await exchange.send_piece(b"\r\n--x--\r\n")
        await exchange.send_end()


def _range_of(stream: Stream) -> tuple[int, int, int]:
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", stream.headers.get("content-range", ""))
    if found is None:  # the server gave no part: there is nothing to say of one
        return 0, stream.length - 1, stream.length
    first, last, total = found.groups()
    return int(first), int(last), int(total)


def _parts(kind: Kind, rows: Rows) -> tuple[Fault, ...]:
    """Make faults that only a resumed download meets, so one breaks it off first."""
    return group(
        kind,
        DOWNLOAD,
        rows,
        acts=True,
        prelude="closed-in-body",
        applies=lambda request: request.has_range,
    )


_UNEQUAL: Final[Rows] = {
    "truncated-body": (
        "The file is half as long as it should be, and Content-Length agrees.",
        _truncated,
    ),
    "oversized-body": (
        f"The file is {EXTRA} bytes longer than it should be, and Content-Length agrees.",
        _oversized,
    ),
    "unknown-coding": (
        "The file's coding is one that nobody asked for.",
        with_headers(content_encoding="x-unknown"),
    ),
}
_OTHER: Final[Rows] = {"other-bytes": ("The file is another of the same length.", _flipped)}
_ODD: Final[Rows] = {
    "gzip-stem": ("The file comes gzip-coded, though it need not.", _packed("gzip", 31)),
    "deflate-stem": ("The file comes deflate-coded.", _packed("deflate", 15)),
    "etag-missing": (
        "The file has no ETag and no date.",
        with_headers(etag=None, last_modified=None),
    ),
    "etag-weak": ("The file has a weak ETag.", with_headers(etag='W/"weak"', last_modified=None)),
    "ranges-unmentioned": ("Accept-Ranges is missing.", with_headers(accept_ranges=None)),
    "ranges-none": ("Accept-Ranges says none.", with_headers(accept_ranges="none")),
    "disposition": (
        "Content-Disposition names a file out of the folder.",
        with_headers(content_disposition='attachment; filename="../../evil.sh"'),
    ),
    "type-text": (
        "The file is called text/plain.",
        with_headers(content_type="text/plain; charset=utf-16"),
    ),
}
_PART_ODD: Final[Rows] = {
    "range-ignored": ("The whole file comes, whatever part was asked for.", _whole()),
    "etag-changed": (
        "The file has changed in between: the whole one, with another ETag.",
        _whole(etag=OTHER_ETAG),
    ),
    "part-short": ("206 with fewer bytes than asked for, correctly named.", _short_part),
}
_PART_REFUSED: Final[Rows] = {
    "range-416": ("416 to the rest of a file, with its length.", _no_part("bytes */{}")),
    "range-416-bare": ("416 to the rest of a file, without its length.", _no_part(None)),
    "range-416-other": (
        "416 to the rest of a file, with the length of another.",
        _no_part("bytes */7{}"),
    ),
}
_PART_UNTRUE: Final[Rows] = {
    "part-of-another": (
        "The rest is of another version of the file: If-Range is ignored.",
        _part_of_another,
    )
}
_PART_GARBAGE: Final[Rows] = {
    "part-from-the-start": ("The part is the beginning of the file, and says so.", _from_the_start),
    "part-unnamed": ("206 without a Content-Range.", with_headers(content_range=None)),
    "part-misnamed": (
        "206 whose Content-Range begins a byte too early.",
        _content_range("bytes {early}-{last}/{total}"),
    ),
    "part-of-more": (
        f"206 whose Content-Range names a total that is {EXTRA} too high.",
        _content_range("bytes {first}-{last}/{more}"),
    ),
    "part-of-unknown": (
        "206 whose Content-Range names no total.",
        _content_range("bytes {first}-{last}/*"),
    ),
    "parts-several": ("206 as multipart/byteranges.", _several_parts),
}

TABLE: Final[tuple[Fault, ...]] = (
    *group("garbage", DOWNLOAD, _UNEQUAL, acts=True),
    *group("hostile", DOWNLOAD, _OTHER, acts=True),
    *group("quirk", DOWNLOAD, _ODD, acts=True),
    *_parts("quirk", _PART_ODD),
    *_parts("outage", _PART_REFUSED),
    *_parts("hostile", _PART_UNTRUE),
    *_parts("garbage", _PART_GARBAGE),
)
