"""Ogg streams (RFC 3533): Vorbis, Opus, FLAC and Speex, by the positions of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile
from mvsep.files.containers.flac import stream_info
from mvsep.files.duration import Duration, unknown

_LARGEST_PAGE: Final = 27 + 255 + 255 * 255
_PROBES: Final = 12
_PROBE: Final = 5 << 10  # bytes; pages have some four kilobytes
_LONGEST_PACKETS: Final = {"Vorbis": 8192, "Opus": 5760, "FLAC": 65535, "Speex": 6400}  # samples


class _Page(NamedTuple):
    serial: bytes
    position: int  # of the stream after it; -1 where no packet ends on it
    last: bool
    packets: int  # that end on it
    content: bytes
    body: bytes


class _Codec(NamedTuple):
    name: str
    rate: int
    skipped: int  # samples at the beginning that are not played


def of_ogg(file: BoundedFile, begin: int) -> Duration:
    """Read how long an Ogg file of one stream plays."""
    first = next(_pages(file.at(begin, _LARGEST_PAGE), 0), None)
    codec = _codec(first.content) if first else None
    if first is None or codec is None or not codec.rate:
        raise unknown("its first page is of no audio that is known here")
    # Only the first and the last pages are read: a file has thousands.
    tail_start = max(begin + len(first.body), file.size - 2 * _LARGEST_PAGE)
    tail = file.at(tail_start, file.size - tail_start)
    pages = _last_pages(tail, first.serial)
    ours = [page for page in pages if page.serial == first.serial and page.position >= 0]
    if not ours:
        raise unknown("its end can't be read, or holds another stream")
    end = ours[-1]
    if end.position <= codec.skipped:
        raise unknown("its header gives no length")
    seconds = Fraction(end.position - codec.skipped, codec.rate)
    how = f"Ogg {codec.name} positions"
    grows = all(one.position <= two.position for one, two in pairwise(ours))
    alone = all(page.serial == first.serial for page in pages)
    if not alone or not grows or not _is_one_stream(file, begin, tail_start, end):
        return Duration(seconds, how, Doubts(["The Ogg file holds more than one stream."]))
    if not _begins_at_zero(file, begin, first.serial, codec):
        doubt = "The Ogg stream does not begin at its position 0."
        return Duration(seconds, how, Doubts([doubt]), most=seconds)
    if not end.last or not tail.endswith(end.body):
        # A page that is cut may have packets that play, all the same.
        packets = Fraction(255 * _LONGEST_PACKETS[codec.name], codec.rate)
        near = file.size - tail_start - tail.rfind(end.body) - len(end.body) < _LARGEST_PAGE
        doubt = "The Ogg stream does not end where the file does."
        return Duration(seconds, how, Doubts([doubt]), most=seconds + packets if near else None)
    more = codec.rate // 25 if codec.name == "Speex" else 0  # a decoder plays its delay
    return Duration(seconds, how, most=Fraction(end.position + more, codec.rate))


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


def _begins_at_zero(file: BoundedFile, begin: int, serial: bytes, codec: _Codec) -> bool:
    """Check that the first page of audio has no more samples before its end than it can hold."""
    for page in _pages(file.at(begin, 2 * _LARGEST_PAGE), 0):
        if page.serial == serial and page.position > 0:
            return page.position <= page.packets * _LONGEST_PACKETS[codec.name]
    return True  # the heads alone are larger: pictures


def _is_one_stream(file: BoundedFile, begin: int, end: int, last: _Page) -> bool:
    """Check that positions grow, at some places before the end: another stream begins anew."""
    before = 0
    for number in range(1, _PROBES):
        content = file.at(begin + (end - begin) * number // _PROBES, _PROBE)
        at = content.find(b"OggS\0")
        if at < 0 or len(content) < at + 18:
            continue
        position = int.from_bytes(content[at + 6 : at + 14], "little", signed=True)
        if content[at + 14 : at + 18] != last.serial:
            return False
        if position >= 0 and not before <= position <= last.position:
            return False
        before = max(before, position)
    return True


def _last_pages(tail: bytes, serial: bytes) -> list[_Page]:
    at = tail.find(b"OggS\0")
    while at >= 0:
        pages = list(_pages(tail, at))
        # Audio may hold these letters; a page is of the stream, or followed by another one.
        if len(pages) > 1 or (pages and pages[0].serial == serial):
            return pages
        at = tail.find(b"OggS\0", at + 1)
    return []


def _pages(content: bytes, at: int) -> Iterator[_Page]:
    """Give the whole pages that follow each other from there on."""
    while content[at : at + 5] == b"OggS\0" and len(content) >= at + 27:
        table = content[at + 27 : at + 27 + content[at + 26]]
        start = at + 27 + len(table)
        end = start + sum(table)
        if end > len(content):
            return
        position = int.from_bytes(content[at + 6 : at + 14], "little", signed=True)
        packets = sum(part < 255 for part in table)
        serial, last = content[at + 14 : at + 18], bool(content[at + 5] & 4)
        yield _Page(serial, position, last, packets, content[start:end], content[at:end])
        at = end
