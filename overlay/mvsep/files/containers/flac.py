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
_WINDOW: Final = 1 << 16  # bytes in which a frame begins, of a file that does not say
_LARGEST_WINDOW: Final = 1 << 17
_PLACES: Final = 5  # at which frames are looked at: of songs in a row, positions begin anew
_LONGEST_HEAD: Final = 16

_CUT: Final = "The file is cut: it is shorter than its FLAC header says."
_LONGER: Final = "The file is longer than its FLAC header says."
_LATER: Final = "The FLAC stream does not begin at its first frame."
_BROKEN: Final = "The FLAC frames do not go on to the end of the file."


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
    first = file.at(start, _LONGEST_HEAD)
    tail = max(start, end - info.window)
    content = file.at(tail, end - tail)
    last = list(_frame_ends(content, first, info))
    ends = [*_early_ends(file, info, start, tail), *(samples for _, samples in last)]
    if not last or any(one >= two for one, two in pairwise(ends)):
        if not info.samples:
            raise unknown("its header gives no length")
        return Duration(Fraction(info.samples, info.rate), "FLAC header", Doubts([_BROKEN]))
    most = Fraction(max(ends[-1], info.samples), info.rate)
    number, _ = _coded_number(first)
    if number:
        begins = number if first[1] & 1 else number * info.block
        seconds = Fraction(max(1, ends[-1] - begins), info.rate)
        return Duration(seconds, "FLAC frames", Doubts([_LATER]), most=most)
    if _crc16(content[last[-1][0] :]):
        whole = ends[-2] if len(ends) > 1 else ends[-1]
        return Duration(Fraction(whole, info.rate), "FLAC frames", Doubts([_BROKEN]), most=most)
    seconds = Fraction(ends[-1], info.rate)
    if info.samples in (0, ends[-1]):
        return Duration(seconds, "FLAC header" if info.samples else "FLAC frames")
    doubt = _CUT if ends[-1] < info.samples else _LONGER
    return Duration(seconds, "FLAC frames", Doubts([doubt]), most=most)


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


def _early_ends(file: BoundedFile, info: Info, start: int, end: int) -> Iterator[int]:
    """Find the samples up to the end of frames at some places; 0 where none begins."""
    if start == end:
        return
    first = file.at(start, _LONGEST_HEAD)
    for place in range(_PLACES):
        at = start + (end - start) * place // _PLACES
        if place == 0 or start + info.window < at < end - info.window:
            found = _frame_ends(file.at(at, info.window), first, info)
            yield next(found, (0, 0))[1]


def _frame_ends(content: bytes, first: bytes, info: Info) -> Iterator[tuple[int, int]]:
    """Give the places of frames, and the samples up to their ends."""
    at = content.find(b"\xff")
    while at >= 0:
        end = _frame_end(content[at : at + _LONGEST_HEAD], first, info)
        if end is not None:
            yield at, end
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
    """Sum up a frame's head."""
    crc = 0
    for byte in body:
        crc = _CRC8[crc ^ byte]
    return crc


def _crc16(body: bytes) -> int:
    """Sum up a frame; with its own sum at its end this gives 0."""
    crc = 0
    for byte in body:
        crc = crc << 8 & 0xFFFF ^ _CRC16[crc >> 8 ^ byte]
    return crc


def _remainders(polynomial: int, bits: int) -> tuple[int, ...]:
    """Divide each byte by a polynomial over two elements, for sums byte by byte."""
    remainders = []
    for byte in range(256):
        rest = byte << bits - 8
        for _ in range(8):
            rest = rest << 1 ^ (polynomial if rest >> bits - 1 else 0)
        remainders.append(rest)
    return tuple(remainders)


_CRC8: Final = _remainders(0x107, 8)
_CRC16: Final = _remainders(0x18005, 16)
