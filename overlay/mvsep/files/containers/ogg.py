"""Ogg streams (RFC 3533): Vorbis, Opus, FLAC and Speex, by the positions of their pages."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from attrs import define

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile
from mvsep.files.containers.flac import stream_info
from mvsep.files.duration import Duration, unknown

_LARGEST_PAGE: Final = 27 + 255 + 255 * 255
_LONGEST_PACKETS: Final = {"Vorbis": 8192, "Opus": 5760, "FLAC": 65535, "Speex": 6400}  # samples

_SLACK: Final = Fraction(3, 20)  # seconds by which two pages of Vorbis differ

_SEVERAL: Final = "The Ogg file holds more than one stream."
_LATER: Final = "The Ogg stream does not begin at its position 0."
_GAP: Final = "A part of the Ogg stream is missing."
_OPEN: Final = "The Ogg stream does not end where the file does."


class _Page(NamedTuple):
    serial: bytes
    position: int  # of the stream after it; -1 where no packet ends on it
    number: int
    first: bool
    last: bool
    packets: int  # that end on it
    start: int  # of its content
    end: int


class _Codec(NamedTuple):
    name: str
    rate: int
    skipped: int  # samples at the beginning that are not played
    longest: int  # samples of a packet


@define
class _Stream:
    """The pages of a file, up to where another stream begins."""

    ours: list[_Page]  # that audio ends on: the first two and the last one
    end: _Page
    several: bool = False
    skips: bool = False  # the number of a page
    missing: int = 0  # samples that the packets do not have


def of_ogg(file: BoundedFile, begin: int) -> Duration:
    """Read how long an Ogg file of one stream plays."""
    pages = _pages(file, begin)
    first = next(pages, None)
    codec = _codec(file.at(first.start, 68)) if first else None
    if first is None or codec is None or not codec.rate:
        raise unknown("its first page is of no audio that is known here")
    stream = _follow(file, pages, first, codec)
    end = stream.ours[-1] if stream.ours else first
    if end.position <= codec.skipped:
        raise unknown("its header gives no length")
    seconds = Fraction(end.position - codec.skipped, codec.rate)
    how = f"Ogg {codec.name} positions"
    if stream.several:
        return Duration(seconds, how, Doubts([_SEVERAL]))
    doubts, start = Doubts(), _start(stream.ours)
    if stream.skips or stream.missing > codec.rate * _SLACK:
        doubts |= [_GAP]
    if abs(start) > codec.rate * _SLACK:
        doubts |= [_LATER]
    # What was cut off at the beginning within a page may play.
    more = max(0, -start) + (codec.rate // 25 if codec.name == "Speex" else 0)
    rest = file.size - stream.end.end
    if rest or not end.last:
        # A page that is cut may have packets that play, all the same.
        doubts, more = doubts | [_OPEN], more + 255 * _LONGEST_PACKETS[codec.name]
    most = Fraction(end.position + more, codec.rate) if rest < _LARGEST_PAGE else None
    least = seconds - Fraction(max(0, start), codec.rate)
    return Duration(seconds, how, doubts, least=least, most=most)


def _follow(file: BoundedFile, pages: Iterator[_Page], first: _Page, codec: _Codec) -> _Stream:
    stream, longest = _Stream([], first), codec.longest
    for number, page in enumerate(pages, 1):
        reached = stream.ours[-1].position if stream.ours else 0
        another = page.first or page.serial != first.serial or 0 <= page.position < reached
        if another:
            stream.several = True
            break
        stream.end = page
        stream.skips |= page.number != number
        if page.position <= 0:
            continue
        if codec.name == "Opus" and not stream.ours:
            longest = _opus_packet(file.at(page.start, 2))
        if stream.ours:
            stream.missing += max(0, page.position - reached - page.packets * longest)
        stream.ours[2:] = []
        stream.ours.append(page)
    return stream


def _opus_packet(head: bytes) -> int:
    """Return the samples of an Opus packet (RFC 6716)."""
    kind, code = head[0] >> 3, head[0] & 3
    if kind < 12:
        size = (480, 960, 1920, 2880)[kind & 3]
    else:
        size = (480, 960)[kind & 1] if kind < 16 else 120 << (kind & 3)
    return size * (head[1] & 63 if code == 3 else min(code, 1) + 1)


def _start(pages: list[_Page]) -> int:
    """Estimate the position at which a stream begins, by the packets of the second page."""
    if len(pages) < 2 or not pages[1].packets:
        return 0
    first, second = pages[:2]
    return first.position - (second.position - first.position) * first.packets // second.packets


def _codec(head: bytes) -> _Codec | None:
    """Read the first packet of a stream."""
    if head[:7] == b"\x01vorbis":
        return _Codec("Vorbis", int.from_bytes(head[12:16], "little"), 0, 1 << (head[28] >> 4) >> 1)
    if head[:8] == b"OpusHead":
        return _Codec("Opus", 48000, int.from_bytes(head[10:12], "little"), 0)
    if head[:5] == b"\x7fFLAC":
        info = stream_info(head[17:51])
        return _Codec("FLAC", info.rate, 0, info.block)
    if head[:8] == b"Speex   ":
        rate, frame, frames = (int.from_bytes(head[n : n + 4], "little") for n in (36, 56, 64))
        return _Codec("Speex", rate, 0, frame * frames)
    return None


def _pages(file: BoundedFile, at: int) -> Iterator[_Page]:
    """Give the whole pages that follow each other from there on."""
    while (head := file.at(at, 27))[:5] == b"OggS\0" and len(head) == 27:
        table = file.at(at + 27, head[26])
        start = at + 27 + len(table)
        end = start + sum(table)
        if end > file.size:
            return
        position, serial, number = struct.unpack_from("<q4sI", head, 6)
        packets = sum(part < 255 for part in table)
        yield _Page(
            serial, position, number, bool(head[5] & 2), bool(head[5] & 4), packets, start, end
        )
        at = end
