"""What can be wrong with a stem on its way down."""

from __future__ import annotations

import re
import zlib
from typing import Final

from mvsep.testing.faults.fault import Asked, Fault, Kind, Phase
from mvsep.testing.faults.framing import EXTRA
from mvsep.testing.faults.scene import Answer, Flow, Scene
from mvsep.testing.faults.statuses import Play, nginx

_DOWNLOAD: Final[frozenset[Phase]] = frozenset({"download"})
_BREAK: Final = "closed-in-body"
_FLIPPED: Final = bytes(value ^ 0xFF for value in range(256))
OTHER_ETAG: Final = '"another-version"'


def _other(data: bytes) -> bytes:
    return data.translate(_FLIPPED)


def _asks_for_a_part(asked: Asked) -> bool:
    return asked.has_range


async def _truncated(scene: Scene) -> None:
    async with scene.flow() as flow:
        left = flow.length // 2
        headers = {**flow.headers, "content-length": str(left)}
        await scene.begin(flow.status, headers)
        async for data in flow.pieces:
            await scene.piece(data[:left])
            left -= len(data[:left])
            if not left:
                break
        await scene.end()


async def _oversized(scene: Scene) -> None:
    async with scene.flow() as flow:
        await scene.begin(flow.status, {**flow.headers, "content-length": str(flow.length + EXTRA)})
        async for data in flow.pieces:
            await scene.piece(data)
        await scene.piece(bytes(EXTRA))
        await scene.end()


async def _flipped(scene: Scene) -> None:
    async with scene.flow() as flow:
        await scene.relay(flow, change=_other)


def _packed(coding: str, bits: int) -> Play:
    async def play(scene: Scene) -> None:
        async with scene.flow(range=None, if_range=None) as flow:
            packer = zlib.compressobj(1, zlib.DEFLATED, bits)
            headers = {n: text for n, text in flow.headers.items() if n != "content-length"}
            await scene.begin(200, {**headers, "content-encoding": coding})
            async for data in flow.pieces:
                await scene.piece(packer.compress(data))
            await scene.piece(packer.flush())
            await scene.end()

    return play


def _headers(**headers: str | None) -> Play:
    async def play(scene: Scene) -> None:
        async with scene.flow() as flow:
            await scene.relay(flow, headers)

    return play


# --- parts ------------------------------------------------------------------------------------


def _whole(**headers: str | None) -> Play:
    """The whole file, whatever part was asked for."""

    async def play(scene: Scene) -> None:
        async with scene.flow(range=None, if_range=None) as flow:
            await scene.relay(flow, headers)

    return play


def _no_part(total: str | None) -> Play:
    async def play(scene: Scene) -> None:
        async with scene.flow(range=None, if_range=None) as flow:
            length = flow.length
        answer = Answer(416, {"content-type": "text/html"}, nginx(416, "Range Not Satisfiable"))
        named = None if total is None else total.format(length)
        await scene.say(answer.with_headers(content_range=named))

    return play


async def _part_of_another(scene: Scene) -> None:
    async with scene.flow(if_range=None) as flow:
        await scene.relay(flow, {"etag": OTHER_ETAG}, _other)


async def _from_the_start(scene: Scene) -> None:
    """A part as long as the one that was asked for, from the beginning of the file."""
    async with scene.flow(if_range=None) as flow:
        length, total = flow.length, flow.headers.get("content-range", "/").rpartition("/")[2]
    async with scene.flow(range=f"bytes=0-{length - 1}", if_range=None) as flow:
        await scene.relay(flow, {"content_range": f"bytes 0-{length - 1}/{total}"})


def _content_range(pattern: str) -> Play:
    """The right part under a Content-Range made of its first, last and total."""

    async def play(scene: Scene) -> None:
        async with scene.flow(if_range=None) as flow:
            first, last, total = _range_of(flow)
            text = pattern.format(
                first=first, last=last, total=total, early=first - 1, more=total + EXTRA
            )
            await scene.relay(flow, {"content_range": text})

    return play


async def _short_part(scene: Scene) -> None:
    """The right bytes, but not all: a part that a server may choose to give."""
    async with scene.flow(if_range=None) as flow:
        first, last, _ = _range_of(flow)
    last = first + max(1, (last + 1 - first) // 2) - 1
    async with scene.flow(range=f"bytes={first}-{last}", if_range=None) as flow:
        await scene.relay(flow)


async def _several_parts(scene: Scene) -> None:
    async with scene.flow(if_range=None) as flow:
        first, last, total = _range_of(flow)
        part = f"--x\r\nContent-Range: bytes {first}-{last}/{total}\r\n\r\n".encode()
        await scene.begin(206, {"content-type": "multipart/byteranges; boundary=x"})
        await scene.piece(part)
        async for data in flow.pieces:
            await scene.piece(data)
        await scene.piece(b"\r\n--x--\r\n")
        await scene.end()


def _range_of(flow: Flow) -> tuple[int, int, int]:
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", flow.headers.get("content-range", ""))
    if found is None:  # the server gave no part: there is nothing to say of one
        return 0, flow.length - 1, flow.length
    first, last, total = found.groups()
    return int(first), int(last), int(total)


def _fault(name: str, about: str, play: Play, kind: Kind) -> Fault:
    return Fault(name, about, kind, play, _DOWNLOAD, acts=True)


def _part(name: str, about: str, play: Play, kind: Kind) -> Fault:
    return Fault(
        name, about, kind, play, _DOWNLOAD, acts=True, prelude=_BREAK, applies=_asks_for_a_part
    )


TABLE: Final[tuple[Fault, ...]] = (
    _fault(
        "truncated-body",
        "The file is half as long as it should be, and Content-Length agrees.",
        _truncated,
        "garbage",
    ),
    _fault(
        "oversized-body",
        f"The file is {EXTRA} bytes longer than it should be, and Content-Length agrees.",
        _oversized,
        "garbage",
    ),
    _fault("other-bytes", "The file is another of the same length.", _flipped, "hostile"),
    _fault(
        "gzip-stem",
        "The file comes gzip-coded, though nobody needs that.",
        _packed("gzip", 31),
        "quirk",
    ),
    _fault("deflate-stem", "The file comes deflate-coded.", _packed("deflate", 15), "quirk"),
    _fault(
        "unknown-coding",
        "The file says that it is coded in a way that nobody asked for.",
        _headers(content_encoding="x-unknown"),
        "garbage",
    ),
    _fault(
        "etag-missing",
        "The file has no ETag and no date.",
        _headers(etag=None, last_modified=None),
        "quirk",
    ),
    _fault(
        "etag-weak",
        "The file has a weak ETag.",
        _headers(etag='W/"weak"', last_modified=None),
        "quirk",
    ),
    _fault(
        "ranges-unmentioned", "Accept-Ranges is missing.", _headers(accept_ranges=None), "quirk"
    ),
    _fault("ranges-none", "Accept-Ranges says none.", _headers(accept_ranges="none"), "quirk"),
    _fault(
        "disposition",
        "Content-Disposition names a file out of the folder.",
        _headers(content_disposition='attachment; filename="../../evil.sh"'),
        "quirk",
    ),
    _fault(
        "type-text",
        "The file is called text/plain.",
        _headers(content_type="text/plain; charset=utf-16"),
        "quirk",
    ),
    _part(
        "range-ignored",
        "The server gives the whole file, whatever part was asked for.",
        _whole(),
        "quirk",
    ),
    _part(
        "range-416", "416 to the rest of a file, with its length.", _no_part("bytes */{}"), "outage"
    ),
    _part(
        "range-416-bare", "416 to the rest of a file, without its length.", _no_part(None), "outage"
    ),
    _part(
        "range-416-other",
        "416 to the rest of a file, with the length of another.",
        _no_part("bytes */7{}"),
        "outage",
    ),
    _part(
        "etag-changed",
        "The file has changed in between: the whole one, with another ETag.",
        _whole(etag=OTHER_ETAG),
        "quirk",
    ),
    _part(
        "part-of-another",
        "The rest is of another version of the file: If-Range is ignored.",
        _part_of_another,
        "hostile",
    ),
    _part(
        "part-from-the-start",
        "The part is the beginning of the file, and says so.",
        _from_the_start,
        "garbage",
    ),
    _part("part-unnamed", "206 without a Content-Range.", _headers(content_range=None), "garbage"),
    _part(
        "part-misnamed",
        "206 whose Content-Range begins a byte too early.",
        _content_range("bytes {early}-{last}/{total}"),
        "garbage",
    ),
    _part(
        "part-of-more",
        f"206 whose Content-Range names a total that is {EXTRA} too high.",
        _content_range("bytes {first}-{last}/{more}"),
        "garbage",
    ),
    _part(
        "part-of-unknown",
        "206 whose Content-Range names no total.",
        _content_range("bytes {first}-{last}/*"),
        "garbage",
    ),
    _part(
        "part-short",
        "206 with fewer bytes than were asked for, correctly named.",
        _short_part,
        "quirk",
    ),
    _part("parts-several", "206 as multipart/byteranges.", _several_parts, "garbage"),
)
