"""Lengths of compressed audio, by tinytag: a few kilobytes of a file of any size are read.

Needs the extra `audio`. tinytag does not say if a length can be relied on. This is found here: an
MP3 without a header of its length, a file with more audio than its header tells of, an Ogg stream
that goes on, a length beyond reason.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import BinaryIO, Final, NamedTuple, cast

from tinytag import TinyTag, TinyTagException

from mvsep.core.values import Doubts
from mvsep.errors import DurationUnknown
from mvsep.files.duration import Duration, read, unknown

#: Bytes that are read of a file, at most.
MOST_READ: Final = 1 << 20

_LARGEST_PAGE: Final = 27 + 255 + 255 * 255  # of Ogg, RFC 3533
_LONGEST_SURE: Final = 10 * 3600  # seconds; headers that say "not known" by all bits set say more
_HIGHEST_RATE: Final = 384_000  # samples a second
_MOST_BLOCKS: Final = 1000  # of a FLAC file's metadata
_FLAC_SLACK: Final = 1 << 16  # bytes of tags at its end, and of the last frame
_NAMES: Final = {
    "audio/mpeg": "MP3",
    "audio/flac": "FLAC",
    "audio/ogg": "Ogg",
    "audio/mp4": "MP4",
    "audio/aiff": "AIFF",
    "application/vnd.ms-asf": "WMA",
}


def length(file: BinaryIO) -> Duration:
    """Read how long a file plays: mp3, flac, ogg, opus, m4a, aiff or wma."""
    frugal = _Frugal(file)
    start = _after_id3(frugal)
    first = frugal.at(start, 4)
    if first == b"OggS":
        return _ogg(frugal)
    is_mp3 = first[:1] == b"\xff" or (start and first != b"fLaC")
    mp3 = _mp3(frugal, start) if is_mp3 else None
    seconds, name = _by_tinytag(frugal)
    if mp3:
        return _mp3_length(seconds, mp3)
    whole = _holds_flac(frugal, start) if first == b"fLaC" else _ends_with_it(frugal, first)
    doubt = None if whole else f"The file is longer than its {name} header says."
    return _length(seconds, f"{name} header", doubt)


class _Frugal:
    """A file that gives no more than `MOST_READ` bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)
        self._left = MOST_READ
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= self._left:
            raise unknown("its header is too long")
        found = read(self._file, size)
        self._left -= len(found)
        return found

    def at(self, start: int, size: int) -> bytes:
        self.seek(start)
        return self.read(size)


def _by_tinytag(file: _Frugal | BinaryIO) -> tuple[float | None, str]:
    file.seek(0)
    try:
        tag = TinyTag.get(file_obj=cast(BinaryIO, file), tags=False)
    except TinyTagException as error:
        if isinstance(error.__cause__, OSError | DurationUnknown):
            raise error.__cause__ from None
        raise unknown("it is no audio of a kind that is known here") from error
    name = _NAMES.get((tag.mime_type or "").partition(";")[0], "audio")
    return tag.duration, name


def _length(seconds: float | None, how: str, doubt: str | None = None) -> Duration:
    if seconds is None or not math.isfinite(seconds) or seconds <= 0:
        raise unknown("its header gives no length")
    # The quotient of two whole numbers, which a float is only near to.
    exact = Fraction(seconds).limit_denominator(_HIGHEST_RATE)
    if abs(exact - Fraction(seconds)) > 1e-9 or not exact:
        exact = Fraction(seconds)
    if exact > _LONGEST_SURE:
        doubt = f"The {how} gives an unlikely length."
    return Duration(exact, how, Doubts([doubt] if doubt else ()))


# MP3


# kbit/s of layers I, II and III: MPEG 1, then MPEG 2 and 2.5 (ISO 11172-3, 13818-3).
_RATES: Final = (
    (
        (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
        (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
        (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    ),
    (
        (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
        (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
        (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    ),
)
_SAMPLE_RATES: Final = (44100, 48000, 32000)
_SEARCHED: Final = 1 << 16  # bytes in which the first frame is looked for
# Encoders differ in whether the header's own frame counts; bytes of two of the largest frames.
_UNCOUNTED: Final = 2 * 1441
_SLOWEST, _FASTEST = 7_000, 450_000  # bits a second: of the rates above, with room


def _after_id3(file: _Frugal) -> int:
    """Find the end of an ID3v2 tag at the beginning; 0 where there is none."""
    head = file.at(0, 10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    size = 0
    for byte in head[6:]:
        size = size << 7 | (byte & 0x7F)
    return 10 + size


class _Mp3(NamedTuple):
    """Bytes of an MP3's audio: by its header, or None without one; in the file; and of its head."""

    said: int | None
    there: int
    first: int


def _mp3_length(seconds: float | None, mp3: _Mp3) -> Duration:
    by_size = "MP3 header and size of the file"
    if mp3.said is None:
        # The bit rate of the first frames gives it, and may vary after them.
        return _length(seconds, by_size, "The MP3 has no header with its length.")
    if mp3.there - mp3.said > _UNCOUNTED:
        longer = seconds and seconds * mp3.there / mp3.said
        return _length(longer, by_size, "The file is longer than its MP3 header says.")
    doubt = None
    if mp3.said > mp3.there:
        doubt = "The file is cut: it is shorter than its MP3 header says."
    elif seconds and not mp3.said * 8 / seconds >= _SLOWEST:
        doubt = "The MP3 header gives too few bytes for its length."
    elif seconds and (mp3.said - mp3.first) * 8 / seconds > _FASTEST:
        doubt = "The MP3 header gives too many bytes for its length."
    return _length(seconds, "MP3 header", doubt)


def _mp3(file: _Frugal, start: int) -> _Mp3:
    audio = file.at(start, _SEARCHED)
    at = audio.find(b"\xff")
    while at >= 0:
        size = _frame_size(audio[at : at + 4])
        follows = audio[at + size : at + size + 4]
        if size and (_frame_size(follows) or start + at + size == file.size):
            there = file.size - start - at - _tags_behind(file)
            return _Mp3(_said_by(audio[at : at + size]), there, size)
        at = audio.find(b"\xff", at + 1)
    raise unknown("it is no audio of a kind that is known here")


def _said_by(frame: bytes) -> int | None:
    """Read the bytes of audio from the header in a first frame; None without one."""
    for name in (b"Xing", b"Info"):
        at = frame.find(name, 4, 50)
        if at >= 0:
            flags, frames, size = (_big(frame, at + 4 * n) for n in (1, 2, 3))
            if flags & 3 == 3 and frames and size > len(frame):
                return size
    at = frame.find(b"VBRI", 4, 50)
    return (_big(frame, at + 10) or None) if at >= 0 and _big(frame, at + 14) else None


def _tags_behind(file: _Frugal) -> int:
    """Count the bytes of ID3v1, APEv2 and Lyrics3v2 tags at the end, from the last to the first."""
    end = file.size
    if file.at(max(0, end - 128), 3) == b"TAG":
        end -= 128
    foot = file.at(max(0, end - 32), 32)
    if foot[:8] == b"APETAGEX":
        end -= int.from_bytes(foot[12:16], "little") + (32 if foot[23] & 0x80 else 0)
    foot = file.at(max(0, end - 15), 15)
    if foot[6:] == b"LYRICS200" and foot[:6].isdigit():
        end -= int(foot[:6]) + 15
    return file.size - end


def _big(body: bytes, start: int) -> int:
    return int.from_bytes(body[start : start + 4], "big")


def _frame_size(head: bytes) -> int:
    """Return the bytes of the frame with this head; 0 where it is none."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, sampling, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or rate in (0, 15) or sampling == 3:
        return 0
    bits = 1000 * _RATES[version != 3][layer - 1][rate - 1]
    samples_a_second = _SAMPLE_RATES[sampling] >> {3: 0, 2: 1, 0: 2}[version]
    if layer == 1:
        return (12 * bits // samples_a_second + padding) * 4
    slots = 72 if layer == 3 and version != 3 else 144
    return slots * bits // samples_a_second + padding


# FLAC


def _holds_flac(file: _Frugal, start: int) -> bool:
    """Check that the bytes behind the header are no more than its samples could take."""
    info = int.from_bytes(file.at(start + 18, 8), "big")  # of STREAMINFO, RFC 9639
    channels, bits, samples = (info >> 41 & 7) + 1, (info >> 36 & 31) + 1, info & (1 << 36) - 1
    at, last = start + 4, False
    for _ in range(_MOST_BLOCKS):
        head = file.at(at, 4)
        at += 4 + int.from_bytes(head[1:], "big")
        if last := head[:1] >= b"\x80":
            break
    raw = samples * channels * -(-bits // 8)
    # What can't be compressed is kept as it is, in frames with heads of a few bytes.
    return last and file.size - at <= raw * 17 // 16 + _FLAC_SLACK


# M4A, AIFF, WMA

_MOST_BOXES: Final = 256
_ASF: Final = bytes.fromhex("3026b2758e66cf11")
_ASF_FILE: Final = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")


def _ends_with_it(file: _Frugal, first: bytes) -> bool:
    """Check that the header covers the whole file, as far as the file's form says so."""
    head = file.at(0, 12)
    if head[4:8] == b"ftyp":
        return _is_one_movie(file)
    if first == b"FORM":
        return abs(8 + _big(head, 4) - file.size) <= 1  # of padding
    if head.startswith(_ASF):
        header = file.at(0, _SEARCHED)
        at = header.find(_ASF_FILE)
        return at >= 0 and int.from_bytes(header[at + 40 : at + 48], "little") == file.size
    return True


def _is_one_movie(file: _Frugal) -> bool:
    """Check that an MP4 (ISO 14496-12) has one movie box and no fragments."""
    at, movies = 0, 0
    for _ in range(_MOST_BOXES):
        head = file.at(at, 16)
        if len(head) < 8:
            return movies == 1 and not head
        size, kind = _big(head, 0), head[4:8]
        movies += kind == b"moov"
        if kind == b"moof":
            return False
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if size == 0:  # to the end of the file
            return movies == 1
        if size < 8 or at + size > file.size:
            return False
        at += size
    return False


# Ogg

_PROBES: Final = 12
_PROBE: Final = 5 << 10  # bytes; pages have some four kilobytes


class _Page(NamedTuple):
    serial: bytes
    position: int  # of the stream after it; -1 where no packet ends on it
    last: bool
    body: bytes


def _ogg(file: _Frugal) -> Duration:
    # tinytag goes through every page, so it gets the first and the last ones only.
    first = next(_pages(file.at(0, _LARGEST_PAGE), 0), None)
    if first is None:
        raise unknown("its first page can't be read")
    begin = max(len(first.body), file.size - 2 * _LARGEST_PAGE)
    tail = file.at(begin, file.size - begin)
    pages = _last_pages(tail, first.serial)
    ours = [page for page in pages if page.serial == first.serial and page.position >= 0]
    if not ours:
        raise unknown("its end can't be read, or holds another stream")
    end = ours[-1]
    grows = all(one.position <= two.position for one, two in pairwise(ours))
    whole = end.last and tail.endswith(end.body) and grows and _is_one_stream(file, begin, end)
    # tinytag takes the last position of a page that says it is the last.
    closed = bytearray(end.body)
    closed[5] |= 4
    seconds, name = _by_tinytag(io.BytesIO(first.body + closed))
    doubt = None if whole else f"The {name} stream does not end where the file does."
    return _length(seconds, f"{name} header", doubt)


def _is_one_stream(file: _Frugal, end: int, last: _Page) -> bool:
    """Check that positions grow, at some places before the end: another stream begins anew."""
    before = 0
    for number in range(1, _PROBES):
        content = file.at(end * number // _PROBES, _PROBE)
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
        end = at + 27 + len(table) + sum(table)
        if end > len(content):
            return
        position = int.from_bytes(content[at + 6 : at + 14], "little", signed=True)
        last = bool(content[at + 5] & 4)
        yield _Page(content[at + 14 : at + 18], position, last, content[at:end])
        at = end
