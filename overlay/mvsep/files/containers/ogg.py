"""Ogg streams (RFC 3533): Vorbis, Opus, FLAC and Speex, by the positions of their pages."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, pairwise
from typing import Final, NamedTuple

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile
from mvsep.files.containers.flac import stream_info
from mvsep.files.duration import Duration, unknown

_LARGEST_PAGE: Final = 27 + 255 + 255 * 255
_MOST_PAGES: Final = 6000  # whose heads are read one after the other
_PROBES: Final = 12
_PROBE: Final = 1 << 15  # bytes; pages have some four kilobytes
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
    last: bool
    packets: int  # that end on it
    start: int  # of its content
    end: int


class _Codec(NamedTuple):
    name: str
    rate: int
    skipped: int  # samples at the beginning that are not played


def of_ogg(file: BoundedFile, begin: int) -> Duration:
    """Read how long an Ogg file of one stream plays."""
    pages = list(islice(_pages(file, begin), _MOST_PAGES))
    codec = _codec(file.at(pages[0].start, 60)) if pages else None
    if codec is None or not codec.rate:
        raise unknown("its first page is of no audio that is known here")
    doubts = Doubts()
    if [page.number for page in pages] != list(range(len(pages))):
        doubts |= [_GAP]
    if len(pages) == _MOST_PAGES:
        pages += _later_pages(file, pages[-1].end, pages[0].serial)
    ours = [page for page in pages if page.serial == pages[0].serial and page.position >= 0]
    end = ours[-1] if ours else pages[0]
    if end.position <= codec.skipped:
        raise unknown("its header gives no length")
    seconds = Fraction(end.position - codec.skipped, codec.rate)
    how = f"Ogg {codec.name} positions"
    start = _start(ours)
    grows = all(one.position <= two.position for one, two in pairwise(ours))
    if not grows or any(page.serial != end.serial for page in pages):
        return Duration(seconds, how, doubts | [_SEVERAL])
    if abs(start) > codec.rate * _SLACK:
        doubts |= [_LATER]
    # What was cut off at the beginning within a page may play.
    more = max(0, -start) + (codec.rate // 25 if codec.name == "Speex" else 0)
    rest = file.size - pages[-1].end
    if rest or not end.last:
        # A page that is cut may have packets that play, all the same.
        doubts, more = doubts | [_OPEN], more + 255 * _LONGEST_PACKETS[codec.name]
    most = Fraction(end.position + more, codec.rate) if rest < _LARGEST_PAGE else None
    least = seconds - Fraction(max(0, start), codec.rate)
    return Duration(seconds, how, doubts, least=least, most=most)


def _start(pages: list[_Page]) -> int:
    """Estimate the position at which a stream begins, by the packets of the second page."""
    pages = [page for page in pages if page.position > 0]
    if len(pages) < 2 or not pages[1].packets:
        return 0
    first, second = pages[:2]
    return first.position - (second.position - first.position) * first.packets // second.packets


def _codec(head: bytes) -> _Codec | None:
    """Read the first packet of a stream."""
    if head[:7] == b"\x01vorbis":
        return _Codec("Vorbis", int.from_bytes(head[12:16], "little"), 0)
    if head[:8] == b"OpusHead":
        return _Codec("Opus", 48000, int.from_bytes(head[10:12], "little"))
    if head[:5] == b"\x7fFLAC":
        return _Codec("FLAC", stream_info(head[17:51]).rate, 0)
    if head[:8] == b"Speex   ":
        return _Codec("Speex", int.from_bytes(head[36:40], "little"), 0)
    return None


def _later_pages(file: BoundedFile, start: int, serial: bytes) -> Iterator[_Page]:
    """Find pages at some places, and all near the end: another stream begins anew."""
    tail = max(start, file.size - 2 * _LARGEST_PAGE)
    for place in range(1, _PROBES):
        at = start + (tail - start) * place // _PROBES
        yield from islice(_found_pages(file, at, _PROBE, serial), 1)
    yield from _found_pages(file, tail, file.size - tail, serial)


def _found_pages(file: BoundedFile, start: int, size: int, serial: bytes) -> Iterator[_Page]:
    content = file.at(start, size)
    at = content.find(b"OggS\0")
    while at >= 0:
        pages = _pages(file, start + at)
        first, second = next(pages, None), next(pages, None)
        # Audio may hold these letters; a page is of the stream, or followed by another one.
        if first and (second or first.serial == serial):
            yield first
            yield from [second] if second else []
            yield from pages
            return
        at = content.find(b"OggS\0", at + 1)


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
        yield _Page(serial, position, number, bool(head[5] & 4), packets, start, end)
        at = end
