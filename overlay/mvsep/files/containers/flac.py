"""FLAC files (RFC 9639): the header's samples against the place of the last frame."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile, audio_end
from mvsep.files.duration import Duration, unknown

_MOST_BLOCKS: Final = 1000  # of metadata
_WINDOW: Final = 1 << 15  # bytes in which a frame begins, of a file that does not say
_LARGEST_WINDOW: Final = 1 << 17
_PLACES: Final = 5  # at which frames are looked at: of songs in a row, positions begin anew
_LONGEST_HEAD: Final = 16


class Info(NamedTuple):
    """The header of a stream."""

    rate: int
    samples: int  # 0 where not given
    block: int  # samples of a frame, of streams that number their frames
    window: int  # bytes in which a frame begins


def of_flac(file: BoundedFile, begin: int) -> Duration:
    """Read how long a FLAC file plays."""
    info = stream_info(file.at(begin + 8, 34))
    start, end = _after_metadata(file, begin + 4), audio_end(file)
    ends = _ends(file, info, start, end)
    if not ends or any(one >= two for one, two in pairwise(ends)):
        if not info.samples:
            raise unknown("its header gives no length")
        doubt = "The FLAC frames do not go on to the end of the file."
        return Duration(Fraction(info.samples, info.rate), "FLAC header", Doubts([doubt]))
    seconds = Fraction(ends[-1], info.rate)
    if info.samples in (0, ends[-1]):
        return Duration(seconds, "FLAC header" if info.samples else "last FLAC frame")
    doubt = "The file is longer than its FLAC header says."
    if ends[-1] < info.samples:
        doubt = "The file is cut: it is shorter than its FLAC header says."
    most = max(seconds, Fraction(info.samples, info.rate))
    return Duration(seconds, "last FLAC frame", Doubts([doubt]), most=most)


def stream_info(body: bytes) -> Info:
    """Read STREAMINFO."""
    facts = int.from_bytes(body[10:18], "big")
    rate = facts >> 44
    if len(body) < 18 or not rate:
        raise unknown("its header gives no sample rate")
    largest = int.from_bytes(body[7:10], "big")
    window = min(2 * largest or _WINDOW, _LARGEST_WINDOW)
    return Info(rate, facts & (1 << 36) - 1, int.from_bytes(body[2:4], "big"), window)


def _after_metadata(file: BoundedFile, at: int) -> int:
    for _ in range(_MOST_BLOCKS):
        head = file.at(at, 4)
        at += 4 + int.from_bytes(head[1:], "big")
        if head[:1] >= b"\x80" or not head:
            break
    return at


def _ends(file: BoundedFile, info: Info, start: int, end: int) -> list[int]:
    """Find the samples up to the end of frames at some places; the last is the last frame's.

    Empty where the first or the last frame is not found.
    """
    first = file.at(start, _LONGEST_HEAD)
    tail = max(start, end - info.window)
    ends = [_frame_end(first, first, info)] if tail > start else []
    for place in range(1, _PLACES):
        at = start + (tail - start) * place // _PLACES
        if start + info.window < at < tail - info.window:
            ends.append(next(_frame_ends(file.at(at, info.window), first, info), None))
    last = list(_frame_ends(file.at(tail, end - tail), first, info))
    return [each for each in (*ends, *last) if each is not None] if last else []


def _frame_ends(content: bytes, first: bytes, info: Info) -> Iterator[int]:
    at = content.find(b"\xff")
    while at >= 0:
        end = _frame_end(content[at : at + _LONGEST_HEAD], first, info)
        if end is not None:
            yield end
        at = content.find(b"\xff", at + 1)


def _frame_end(head: bytes, first: bytes, info: Info) -> int | None:
    """Return the samples of the stream up to the end of the frame with this head."""
    if len(head) < 6 or head[0] != 0xFF or head[1] & 0xFE != 0xF8:
        return None
    # Of one stream all have the same numbering, sample rate and sample size.
    if (head[1], head[2] & 15, head[3] & 15) != (first[1], first[2] & 15, first[3] & 15):
        return None
    number, at = _coded_number(head)
    code = head[2] >> 4
    if code in (6, 7):
        block = int.from_bytes(head[at : at + code - 5], "big") + 1
        at += code - 5
    else:
        block = {0: 0, 1: 192}.get(code, 576 << code - 2 if code < 6 else 256 << code - 8)
    at += {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    if number is None or not block or at >= len(head) or _crc8(head[:at]) != head[at]:
        return None
    return (number if head[1] & 1 else number * info.block) + block


def _coded_number(head: bytes) -> tuple[int | None, int]:
    """Read the number of a frame, or of its first sample, and find the end of it."""
    ones = 8 - (head[4] ^ 0xFF).bit_length()
    if ones in (1, 8):
        return None, 5
    number = head[4] & 0x7F >> ones
    for byte in head[5 : 4 + ones]:
        number = number << 6 | byte & 0x3F
    return number, 4 + max(1, ones)


def _crc8(body: bytes) -> int:
    """Sum up a frame's head by x^8 + x^2 + x + 1."""
    crc = 0
    for byte in body:
        crc ^= byte
        for _ in range(8):
            crc = crc << 1 ^ (0x107 if crc & 0x80 else 0)
    return crc
