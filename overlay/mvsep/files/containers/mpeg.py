"""MPEG audio: MP3, and the layers before it.

A file may have a header of its length (Xing, Info, VBRI). It is compared with the frames: of a
constant rate their number follows from the size, and otherwise they are counted.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile, audio_end
from mvsep.files.containers.frames import Count, Frame, count
from mvsep.files.duration import Duration, unknown

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
_PLACES: Final = 24  # at which the bit rate is looked at
_LARGEST: Final = 1441 + 4  # bytes of a frame, and the head after it
_UNCOUNTED: Final = 2  # frames: encoders differ in whether the header's own one counts
_PADDING: Final = 2  # bytes by which a frame may stand off: encoders fill up differently
_SMALL: Final = 1 << 17  # bytes of a file whose frames are counted rather than looked at
_SLACK: Final = 4096  # bytes of anything behind the frames


class _Stream(NamedTuple):
    start: int
    end: int
    first: Frame
    header: _Header | None


class _Header(NamedTuple):
    """A header of the length, in a frame of its own."""

    frames: int
    size: int  # bytes of all frames; 0 where not given
    silence: int  # samples that the encoder put before and behind


def of_mpeg(file: BoundedFile, begin: int) -> Duration:
    """Read how long an MP3, MP2 or MP1 plays."""
    stream = _find(file, begin)
    first, header = stream.first, stream.header
    frame = Fraction(first.samples, first.rate)
    counted = _by_size(file, stream)
    if not counted or (header and abs(counted.frames - 1 - header.frames) > _UNCOUNTED):
        counted = count(file, stream.start, stream.end, parse)
    if header is None:
        return _without_header(counted, frame)
    return _with_header(counted, header, first)


def _with_header(counted: Count, header: _Header, first: Frame) -> Duration:
    frame = Fraction(first.samples, first.rate)
    there = counted.frames - 1
    said = header.frames * frame
    if abs(there - header.frames) <= _UNCOUNTED and counted.rest <= _SLACK:
        seconds = said - Fraction(header.silence, first.rate)
        if seconds <= 0:
            raise unknown("its header gives no length")
        return Duration(seconds, "MP3 header", most=said + frame)
    doubt = "The file is longer than its MP3 header says."
    if there < header.frames:
        doubt = "The file is cut: it is shorter than its MP3 header says."
    return Duration(
        max(there, 1) * frame,
        "MP3 header and size of the file",
        Doubts([doubt]),
        most=max(said, counted.seconds + frame) if counted.rest <= _SLACK else None,
    )


def _without_header(counted: Count, frame: Fraction) -> Duration:
    how, most = "MP3 frames", counted.seconds + frame
    least = max(counted.seconds - frame, frame)  # some decoders leave out their own delay
    if counted.rest > _SLACK:
        return Duration(counted.seconds, how, Doubts(["The MP3 frames end before the file does."]))
    if counted.even:
        return Duration(counted.seconds, how, least=least, most=most)
    # A reader that goes by the bit rate of the first frames finds another length.
    doubt = "The MP3 has no header with its length, and its bit rate varies."
    return Duration(counted.seconds, how, Doubts([doubt]), most=most)


def _find(file: BoundedFile, begin: int) -> _Stream:
    audio = file.at(begin, _SEARCHED)
    at = audio.find(b"\xff")
    while at >= 0:
        first = parse(audio[at : at + 4])
        if first:
            next_one = parse(audio[at + first.size : at + first.size + 4])
            if next_one or begin + at + first.size == file.size:
                header = _header(audio[at : at + first.size])
                return _Stream(begin + at, audio_end(file), first, header)
        at = audio.find(b"\xff", at + 1)
    raise unknown("it is no audio of a kind that is known here")


def _header(frame: bytes) -> _Header | None:
    for name in (b"Xing", b"Info"):
        at = frame.find(name, 4, 50)
        if at >= 0 and frame[at + 7] & 1:
            frames = _big(frame, at + 8)
            size = _big(frame, at + 12) if frame[at + 7] & 2 else 0
            return _Header(frames, size, _silence(frame, at)) if frames else None
    at = frame.find(b"VBRI", 4, 50)
    if at < 0 or not _big(frame, at + 14):
        return None
    return _Header(_big(frame, at + 14), _big(frame, at + 10), 0)


def _big(frame: bytes, at: int) -> int:
    return int.from_bytes(frame[at : at + 4], "big")


def _silence(frame: bytes, at: int) -> int:
    """Read the samples that LAME and its kin say they put before and behind."""
    flags = frame[at + 7]
    lame = at + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1)
    lame += 4 * (flags >> 3 & 1)
    if frame[lame : lame + 4] not in (b"LAME", b"Lavf", b"Lavc", b"L3.9"):
        return 0
    both = int.from_bytes(frame[lame + 21 : lame + 24], "big")
    return (both >> 12) + (both & 0xFFF)


def _by_size(file: BoundedFile, stream: _Stream) -> Count | None:
    """Count the frames by the size of the file, where they stand as a constant rate puts them.

    Not all are looked at, but what is between them would move the later ones.
    """
    first, length = stream.first, stream.end - stream.start
    if length < _SMALL:
        return None
    size = Fraction(first.samples * first.bits, 8 * first.rate)
    last = stream.start
    for place in range(1, _PLACES + 1):
        begin = (length - 2 * _LARGEST) * place // _PLACES
        at = _frame_in(file.at(stream.start + begin, 2 * _LARGEST), first)
        if at is None or abs(begin + at - round((begin + at) / size) * size) > _PADDING:
            return None
        last = stream.start + begin + at
    # Behind the last one that was looked at there may be something else.
    if count(file, last, stream.end, parse).rest > first.size + 1:
        return None
    frames = round(length / size)
    return Count(frames, Fraction(frames * first.samples, first.rate), 0, True)


def _frame_in(content: bytes, like: Frame) -> int | None:
    """Find a frame of the same rates that another one follows."""
    at = content.find(b"\xff")
    while at >= 0:
        found = parse(content[at : at + 4])
        if found and found[1:] == like[1:]:
            follows = parse(content[at + found.size : at + found.size + 4])
            if follows and follows[1:] == like[1:]:
                return at
        at = content.find(b"\xff", at + 1)
    return None


def parse(head: bytes) -> Frame | None:
    """Read the head of an MPEG audio frame."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, sampling, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or rate in (0, 15) or sampling == 3:
        return None
    bits = 1000 * _RATES[version != 3][layer - 1][rate - 1]
    hertz = _SAMPLE_RATES[sampling] >> {3: 0, 2: 1, 0: 2}[version]
    if layer == 1:
        return Frame((12 * bits // hertz + padding) * 4, 384, hertz, bits)
    slots = 72 if layer == 3 and version != 3 else 144
    return Frame(slots * bits // hertz + padding, 8 * slots, hertz, bits)
