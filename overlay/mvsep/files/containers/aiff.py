"""AIFF and AIFF-C files: the header's frames against the bytes of the audio."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile
from mvsep.files.duration import Duration, unknown

_MOST_CHUNKS: Final = 4096
_PCM: Final = {b"NONE", b"twos", b"sowt", b"in24", b"in32", b"raw "}
_BYTES: Final = {b"fl32": 4, b"fl64": 8, b"ulaw": 1, b"alaw": 1}
_IMA4: Final = 34, 64  # bytes of a packet of one channel, and its samples

_CUT: Final = "The file is cut: it is shorter than its AIFF header says."
_LONGER: Final = "The file is longer than its AIFF header says."
_WRONG: Final = "The AIFF header contradicts the size of its audio."
_FOREIGN: Final = "The AIFF file is compressed in a way that is not known here."


def of_aiff(file: BoundedFile, begin: int) -> Duration:
    """Read how long an AIFF or AIFF-C file plays."""
    common, audio, end = b"", None, begin + 12
    for name, start, size in _chunks(file, begin + 12):
        end = start + size + size % 2
        if name == b"COMM":
            common = file.at(start, min(size, 22))
        elif name == b"SSND" and audio is None:
            audio = start + 8 + file.number(start, 4), start + size
    if len(common) < 18 or not audio:
        raise unknown("the AIFF header has no COMM or SSND chunk")
    said, there = audio[1] - audio[0], file.size - audio[0]
    if said > there:
        return _played(common, there, said, _CUT)
    form_end = begin + 8 + file.number(begin + 4, 4)
    if not end - 1 <= file.size <= end or abs(form_end - file.size) > 1:  # of padding
        return _played(common, said, there, _LONGER)
    return _played(common, said, said)


def _chunks(file: BoundedFile, at: int) -> Iterator[tuple[bytes, int, int]]:
    for _ in range(_MOST_CHUNKS):
        head = file.at(at, 8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[4:], "big")
        yield head[:4], at + 8, size
        at += 8 + size + size % 2


def _played(common: bytes, size: int, most: int, doubt: str | None = None) -> Duration:
    """Make the length of so many bytes of audio, or of `most` in another reading."""
    channels, frames, bits = struct.unpack_from(">HIH", common)
    rate = _extended(common[8:18])
    if not (channels and frames and rate):
        raise unknown("its header gives no length")
    coding = common[18:22] or b"NONE"
    samples = 1
    if coding == b"ima4":
        of_frame, samples = channels * _IMA4[0], _IMA4[1]
    elif coding.lower() in _BYTES:
        of_frame = channels * _BYTES[coding.lower()]
    elif coding in _PCM:
        of_frame = channels * -(-bits // 8)
    else:
        return Duration(frames / rate, "AIFF header", Doubts([_FOREIGN]))
    if size < of_frame or not of_frame:
        raise unknown("its header gives no length")
    there = size // of_frame * samples
    # IMA4 counts packets, or samples: writers differ.
    if not doubt and not any(abs(frames * n - there) < samples for n in (1, samples)):
        doubt = _WRONG
    longest = max(there, frames * samples, most // of_frame * samples)
    how = "AIFF header and size of the file" if doubt else "AIFF header"
    return Duration(
        there / rate,
        how,
        Doubts([doubt] if doubt else ()),
        most=(longest if doubt else there) / rate,
    )


def _extended(body: bytes) -> Fraction:
    """Read a number of 80 bits (IEEE 754)."""
    exponent, mantissa = struct.unpack(">HQ", body)
    exponent = (exponent & 0x7FFF) - 16383 - 63
    # Sample rates have a few bits; what is beyond them is no rate.
    return mantissa * Fraction(2) ** exponent if -64 <= exponent <= 0 else Fraction(0)
