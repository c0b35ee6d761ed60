"""Answers whose frame is wrong or odd: lengths, chunks, heads. All need a real socket."""

from __future__ import annotations

from typing import Final

from mvsep.testing.faults.fault import ANY, API, Fault, Kind, Phase
from mvsep.testing.faults.scene import Scene, changed, raw_head
from mvsep.testing.faults.statuses import Play

EXTRA: Final = 1000  # bytes that a wrong length is off by
_BOMB: Final = 1 << 20


def _length(difference: int) -> Play:
    async def play(scene: Scene) -> None:
        async with scene.flow() as flow:
            length = str(max(0, flow.length + difference))
            await scene.write_head(flow.status, changed(flow.headers, content_length=length))
            async for data in flow.pieces:
                await scene.wire.write(data)
        await scene.hang_up()

    return play


async def _two_lengths(scene: Scene) -> None:
    async with scene.flow() as flow:
        headers = {**flow.headers, "Content-Length": str(flow.length + EXTRA)}
        await scene.write_head(flow.status, headers)
        async for data in flow.pieces:
            await scene.wire.write(data)
    await scene.hang_up()


async def _negative_length(scene: Scene) -> None:
    async with scene.flow() as flow:
        await scene.write_head(flow.status, changed(flow.headers, content_length="-1"))
        async for data in flow.pieces:
            await scene.wire.write(data)
    await scene.hang_up()


def _chunks(ending: bytes) -> Play:
    async def play(scene: Scene) -> None:
        async with scene.flow() as flow:
            headers = changed(flow.headers, content_length=None, transfer_encoding="chunked")
            await scene.write_head(flow.status, headers)
            async for data in flow.pieces:
                if data:
                    await scene.wire.write(b"%x\r\n%s\r\n" % (len(data), data))
        await scene.wire.write(ending)
        await scene.hang_up()

    return play


async def _old_http(scene: Scene) -> None:
    async with scene.flow() as flow:
        headers = changed(flow.headers, content_length=None)
        await scene.write_head(flow.status, headers, "HTTP/1.0")
        async for data in flow.pieces:
            await scene.wire.write(data)
    await scene.hang_up()


async def _cut_old_http(scene: Scene) -> None:
    async with scene.flow() as flow:
        left = flow.length // 2
        await scene.write_head(flow.status, changed(flow.headers, content_length=None), "HTTP/1.0")
        async for data in flow.pieces:
            await scene.wire.write(data[:left])
            left -= len(data)
            if left <= 0:
                break
    await scene.hang_up()


def _raw(data: bytes) -> Play:
    """Write this in the place of an answer; the request was carried out."""

    async def play(scene: Scene) -> None:
        await scene.act()
        await scene.wire.write(data)
        await scene.hang_up()

    return play


async def _bad_header(scene: Scene) -> None:
    async with scene.flow() as flow:
        head = raw_head(flow.status, flow.headers)[:-2]
        await scene.wire.write(head + b"no colon at all\r\n\r\n")
        async for data in flow.pieces:
            await scene.wire.write(data)
    await scene.hang_up()


async def _endless_header(scene: Scene) -> None:
    async with scene.flow() as flow:
        head = raw_head(flow.status, flow.headers)[:-2]
        await scene.wire.write(head + b"X-Filler: " + b"x" * _BOMB + b"\r\n\r\n")
        async for data in flow.pieces:
            await scene.wire.write(data)
    await scene.hang_up()


async def _early_hints(scene: Scene) -> None:
    async with scene.flow() as flow:
        await scene.wire.write(b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n")
        await scene.write_head(flow.status, {**flow.headers, "connection": "close"})
        async for data in flow.pieces:
            await scene.wire.write(data)
    await scene.hang_up()


async def _twice(scene: Scene) -> None:
    answer = await scene.act()
    whole = raw_head(answer.status, {**answer.headers, "content-length": str(len(answer.body))})
    await scene.wire.write(2 * (whole + answer.body))
    await scene.hang_up()


def _fault(
    name: str, about: str, play: Play, phases: frozenset[Phase] = ANY, *, kind: Kind = "garbage"
) -> Fault:
    return Fault(name, about, kind, play, phases, acts=True, needs_socket=True)


TABLE: Final[tuple[Fault, ...]] = (
    _fault(
        "length-too-long",
        f"Content-Length promises {EXTRA} bytes more than come before the connection is closed.",
        _length(EXTRA),
    ),
    _fault(
        "length-too-short",
        "Content-Length promises fewer bytes than come.",
        _length(-EXTRA),
    ),
    _fault("length-negative", "Content-Length is -1.", _negative_length),
    _fault(
        "two-lengths",
        "There are two Content-Lengths, and they differ.",
        _two_lengths,
    ),
    _fault(
        "chunk-of-nonsense",
        "A chunk of the body has a length that is no number.",
        _chunks(b"nonsense\r\n\r\n"),
    ),
    _fault(
        "last-chunk-missing",
        "The body comes in chunks, and the connection is closed before the last one.",
        _chunks(b""),
        kind="broken",
    ),
    _fault(
        "status-line-broken",
        "The answer begins with a line that is no status line.",
        _raw(b"HTTP/1.1 two hundred\r\n\r\n"),
    ),
    _fault(
        "not-http",
        "What answers is no web server.",
        _raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    ),
    _fault(
        "header-broken",
        "One line of the answer's head is no header.",
        _bad_header,
    ),
    _fault(
        "header-endless",
        "A header of the answer is a megabyte long.",
        _endless_header,
    ),
    _fault(
        "http-1.0",
        "The answer is HTTP/1.0: without a length, it ends where the connection does.",
        _old_http,
        API,
        kind="quirk",
    ),
    _fault(
        "http-1.0-cut",
        "The answer is HTTP/1.0, and the connection ends in its middle.",
        _cut_old_http,
    ),
    _fault("early-hints", "A 103 comes before the answer.", _early_hints, kind="quirk"),
    _fault(
        "answer-twice",
        "The answer comes twice on one connection.",
        _twice,
        API,
        kind="quirk",
    ),
    _fault(
        "chunks-only",
        "The body comes in chunks, without a Content-Length.",
        _chunks(b"0\r\n\r\n"),
        kind="quirk",
    ),
)
