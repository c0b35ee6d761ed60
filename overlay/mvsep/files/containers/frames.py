"""Streams of frames without a header of their own: MPEG audio, AAC (ADTS), AC-3 and AMR.

What they play is the sum of their frames. The head of each is read, and what is between is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Final, NamedTuple

from attrs import evolve

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile, audio_end, tag_size
from mvsep.files.duration import Duration, unknown


class Frame(NamedTuple):
    """A frame, by its head."""

    size: int  # bytes
    samples: int
    rate: int  # samples a second
    bits: int = 0  # a second


#: Reads a head of so many bytes; None where it is none.
Parse = Callable[[bytes], Frame | None]

_HEAD: Final = 7  # bytes of a head, at most
_WAVPACK_HEAD: Final = 28
_LARGEST: Final = 8192  # bytes of a frame, which may be cut at the end


class Count(NamedTuple):
    """Frames that were counted."""

    frames: int
    seconds: Fraction
    rest: int  # bytes behind them that are neither frames nor tags
    even: bool  # all of one bit rate


def count(file: BoundedFile, start: int, end: int, parse: Parse, head: int = _HEAD) -> Count:
    """Count the frames from a place on, up to the first bytes that are neither frame nor tag."""
    samples: Counter[int] = Counter()
    bits: set[int] = set()
    frames, at = 0, start
    while at < end:
        frame = parse(file.at(at, head))
        if frame and at + frame.size <= end:
            samples[frame.rate] += frame.samples
            bits.add(frame.bits)
            frames += 1
            at += frame.size
        elif tag := tag_size(file, at):
            at += tag
        else:
            break
    seconds = sum((Fraction(n, rate) for rate, n in samples.items()), Fraction(0))
    return Count(frames, seconds, max(0, end - at), len(bits) < 2)


def of_aac(file: BoundedFile, begin: int) -> Duration:
    """Read how long an AAC stream plays."""
    return _all_of(file, begin, _adts, "AAC")


def of_ac3(file: BoundedFile, begin: int) -> Duration:
    """Read how long an AC-3 or E-AC-3 stream plays."""
    return _all_of(file, begin, _ac3, "AC-3")


def of_amr(file: BoundedFile, begin: int) -> Duration:
    """Read how long an AMR or AMR-WB file plays."""
    head = file.at(begin, 9)
    if head == b"#!AMR-WB\n":
        return _all_of(file, begin + 9, _amr_wide, "AMR")
    if head[:6] == b"#!AMR\n":
        return _all_of(file, begin + 6, _amr, "AMR")
    raise unknown("it is AMR of a kind that is not known here")


def of_wavpack(file: BoundedFile, begin: int) -> Duration:
    """Read how long a WavPack file plays; its head has the samples of the whole, if they fit."""
    found = _all_of(file, begin, _wavpack, "WavPack", _WAVPACK_HEAD)
    rate, said = _wavpack_rate(file.at(begin, _WAVPACK_HEAD)), file.at(begin + 12, 4)
    length = Fraction(int.from_bytes(said, "little"), rate)
    if found.sure and (said == b"\xff" * 4 or length == found.seconds):
        return evolve(found, least=found.seconds, most=found.seconds)
    doubt = "The WavPack header does not say what its blocks play."
    most = found.most and max(found.most, length)
    return evolve(found, doubts=found.doubts | [doubt], most=most)


def _all_of(file: BoundedFile, start: int, parse: Parse, name: str, head: int = _HEAD) -> Duration:
    first = parse(file.at(start, head))
    found = count(file, start, audio_end(file), parse, head)
    # The letters of WavPack are told from chance by themselves.
    if first is None or found.frames < (2 if head == _HEAD else 1) or not found.seconds:
        raise unknown("it is no audio of a kind that is known here")
    how, frame = f"{name} frames", Fraction(first.samples, first.rate)
    if found.rest > _LARGEST:
        return Duration(found.seconds, how, Doubts([f"The {how} end before the file does."]))
    # Decoders differ in leaving out what the encoder put first, and in a frame that is cut.
    least = max(found.seconds - 2 * frame, frame)
    return Duration(found.seconds, how, least=least, most=found.seconds + frame)


#: Sample rates of AAC, by their numbers.
ADTS_RATES: Final = (
    *(rate >> octave for octave in range(4) for rate in (96000, 88200, 64000)),
    7350,
)


def _adts(head: bytes) -> Frame | None:
    """Read the head of an AAC frame (ISO 13818-7)."""
    if len(head) < _HEAD or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return None
    rate, size = head[2] >> 2 & 15, int.from_bytes(head[3:6], "big") >> 5 & 0x1FFF
    if rate >= len(ADTS_RATES) or size <= _HEAD:
        return None
    return Frame(size, 1024 * ((head[6] & 3) + 1), ADTS_RATES[rate])


_AC3_RATES: Final = (48000, 44100, 32000)
# In 8 kbit/s.
_AC3_BITS: Final = (4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 72, 80)


def _ac3(head: bytes) -> Frame | None:
    """Read the head of an AC-3 or E-AC-3 frame (ETSI TS 102 366)."""
    if len(head) < _HEAD or head[:2] != b"\x0b\x77":
        return None
    sampling, coded, version = head[4] >> 6, head[4] & 63, head[5] >> 3
    if version > 10:
        size = ((head[2] & 7) << 8 | head[3]) * 2 + 2
        blocks = 6 if sampling == 3 else (1, 2, 3, 6)[head[4] >> 4 & 3]
        rates = (24000, 22050, 16000, 0) if sampling == 3 else _AC3_RATES
        rate = rates[head[4] >> 4 & 3 if sampling == 3 else sampling]
        # Streams beside the first one play at the same time.
        first = head[2] >> 6 in (0, 2) and not head[2] >> 3 & 7
        return Frame(size, 256 * blocks * first, rate) if rate else None
    if sampling == 3 or coded >= 2 * len(_AC3_BITS):
        return None
    words = _AC3_BITS[coded >> 1] * 768000 // _AC3_RATES[sampling]
    return Frame(2 * (words + (sampling == 1 and coded & 1)), 1536, _AC3_RATES[sampling])


_AMR_SIZES: Final = (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1)  # 3GPP TS 26.101
_AMR_WIDE_SIZES: Final = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)


def _amr(head: bytes) -> Frame | None:
    """Read the head of an AMR frame."""
    size = _AMR_SIZES[head[0] >> 3 & 15] if head and not head[0] & 0x83 else 0
    return Frame(size, 160, 8000) if size else None


def _amr_wide(head: bytes) -> Frame | None:
    """Read the head of an AMR-WB frame."""
    size = _AMR_WIDE_SIZES[head[0] >> 3 & 15] if head and not head[0] & 0x83 else 0
    return Frame(size, 320, 16000) if size else None


_WAVPACK_RATES: Final = (
    *(6000, 8000, 9600, 11025, 12000, 16000, 22050, 24000),
    *(32000, 44100, 48000, 64000, 88200, 96000, 192000),
)


def _wavpack_rate(head: bytes) -> int:
    number = int.from_bytes(head[24:28], "little") >> 23 & 15
    if number == len(_WAVPACK_RATES):
        raise unknown("its sample rate is no usual one")
    return _WAVPACK_RATES[number]


def _wavpack(head: bytes) -> Frame | None:
    """Read the head of a WavPack block."""
    if len(head) < _WAVPACK_HEAD or head[:4] != b"wvpk":
        return None
    size, samples = (int.from_bytes(head[at : at + 4], "little") for at in (4, 20))
    # Blocks of other channels play at the same time as the first one.
    first = bool(head[25] & 8)
    return Frame(size + 8, samples * first, _wavpack_rate(head))
