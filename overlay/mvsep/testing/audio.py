"""Audio in and out, and a separation that is small but real: middle and side.

It takes PCM WAV, mono or stereo. Of any other input only its length is read, and its stems are
tones of that length.

The first stem is the middle of the stereo picture, (L + R) / 2 truncated toward zero, on every
channel; the second is the mixture minus the first. So the two add up to the mixture, sample by
sample, and neither can leave the range of its width. A mono mixture is split into halves.
"""

from __future__ import annotations

import math
import operator
import struct
import sys
from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Final

from attrs import frozen

from mvsep.errors import InvalidInput
from mvsep.files.sources import measure

BLOCK_FRAMES = 1 << 16
HEADER_BYTES = 44
TONE_RATE: Final = 8000  # frames a second; each tone is a whole number of hertz

_PCM = 1
_EXTENSIBLE = 0xFFFE
_FLIP_SIGN = bytes(value ^ 0x80 for value in range(256))
_SIGN_BYTE = bytes(0xFF if value & 0x80 else 0 for value in range(256))


class UnreadableAudioError(ValueError):
    """The sandbox can make nothing of a file; the text says so for a person."""


@frozen
class Wav:
    """A PCM WAV file, or one of tones in the place of an input that can't be separated.

    Args:
        path: The file.
        channels: 1 or 2.
        width: Bytes a sample: 1, 2, 3 or 4.
        rate: Frames a second.
        frames: Frames that are really in the file, whatever its header promises.
        offset: The position of the first sample, in bytes; None where stems are tones.
    """

    path: Path
    channels: int
    width: int
    rate: int
    frames: int
    offset: int | None

    @property
    def seconds(self) -> Fraction:
        """Its exact length."""
        return Fraction(self.frames, self.rate)

    @property
    def file_bytes(self) -> int:
        """The size of a stem of this file: the header and as many samples."""
        return HEADER_BYTES + self.frames * self.channels * self.width

    @property
    def header(self) -> bytes:
        """The 44 bytes that open a stem of this file."""
        return wav_header(self.channels, self.width, self.rate, self.frames)

    def blocks(self) -> Iterator[bytes]:
        """Read the samples in blocks of at most `BLOCK_FRAMES` frames."""
        frame = self.channels * self.width
        left = self.frames * frame
        with self.path.open("rb") as file:
            file.seek(self.offset or 0)
            while left:
                block = file.read(min(left, BLOCK_FRAMES * frame))
                left -= len(block)
                yield block


def wav_header(channels: int, width: int, rate: int, frames: int) -> bytes:
    """Write the canonical 44-byte header of a PCM WAV file; `width` is bytes a sample."""
    frame = channels * width
    size = min(frames * frame, 0xFFFFFFFF - 36)
    form = struct.pack("<HHIIHH", _PCM, channels, rate, rate * frame, frame, 8 * width)
    return (
        struct.pack("<4sI4s4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16)
        + form
        + struct.pack("<4sI", b"data", size)
    )


def read_audio(path: Path) -> Wav:
    """Read the header of an input: a WAV to separate, else tones as long as it plays.

    Raises:
        UnreadableAudioError: Its length can't be told.
    """
    try:
        return read_wav(path)
    except UnreadableAudioError:
        try:
            seconds = measure(path).seconds
        except InvalidInput as error:
            raise UnreadableAudioError(
                f"The sandbox can't read this file. {error.message}"
            ) from error
        return Wav(path, 1, 2, TONE_RATE, math.ceil(seconds * TONE_RATE), None)


def read_wav(path: Path) -> Wav:
    """Read the header of a WAV file.

    Raises:
        UnreadableAudioError: It is something else, or a WAV of another kind.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        opening = file.read(12)
        if opening[:4] != b"RIFF" or opening[8:] != b"WAVE":
            raise UnreadableAudioError("this file is not a WAV.")
        form: bytes | None = None
        while len(head := file.read(8)) == 8:
            name, length = struct.unpack("<4sI", head)
            if name == b"data" and form is not None:
                return _described(path, form, file, min(length, size - file.tell()))
            if name == b"fmt ":
                form = file.read(length)
                file.seek(length & 1, 1)
            else:
                file.seek(length + (length & 1), 1)
    raise UnreadableAudioError("this WAV has no samples.")


def _described(path: Path, form: bytes, file: BinaryIO, length: int) -> Wav:
    if len(form) < 16:
        raise UnreadableAudioError("its format chunk is cut short.")
    tag, channels, rate, _, _, bits = struct.unpack("<HHIIHH", form[:16])
    if tag == _EXTENSIBLE and len(form) >= 26:
        tag = int.from_bytes(form[24:26], "little")
    if tag != _PCM or bits not in {8, 16, 24, 32} or channels not in {1, 2} or not rate:
        raise UnreadableAudioError(f"format {tag}, {bits} bits, {channels} channels.")
    width = bits // 8
    return Wav(path, channels, width, rate, length // (channels * width), file.tell())


def split(wav: Wav, first: Path, second: Path) -> None:
    """Write the middle and the rest of an input; they add up to it, sample by sample."""
    with first.open("wb") as one, second.open("wb") as two:
        one.write(wav.header)
        two.write(wav.header)
        for block in wav.blocks():
            middle, rest = split_samples(unpack(block, wav.width), wav.channels)
            one.write(pack(middle, wav.width))
            two.write(pack(rest, wav.width))


def tone(wav: Wav, path: Path, number: int) -> None:
    """Write a tone as long as the input, another one for each number of a stem."""
    hertz = 220 * (number + 1) % (TONE_RATE // 2)
    step = 2 * math.pi * hertz / TONE_RATE
    second = pack(array("h", [round(8000 * math.sin(step * n)) for n in range(TONE_RATE)]), 2)
    seconds, rest = divmod(wav.frames, TONE_RATE)
    with path.open("wb") as file:
        file.write(wav.header)
        for _ in range(seconds):
            file.write(second)
        file.write(second[: rest * wav.width])


def copy(wav: Wav, path: Path) -> None:
    """Write the mixture itself under a header of our own."""
    with path.open("wb") as file:
        file.write(wav.header)
        file.writelines(wav.blocks())


def silence(wav: Wav, path: Path) -> None:
    """Write as much silence as the mixture is long (sparse, where the file system can)."""
    with path.open("wb") as file:
        file.write(wav.header)
        if wav.width == 1:
            file.writelines(b"\x80" * len(block) for block in wav.blocks())
        else:
            file.truncate(wav.file_bytes)


def split_samples(mixture: array[int], channels: int) -> tuple[array[int], array[int]]:
    """Split interleaved samples into the middle and the rest; both have the mixture's type."""
    kind = mixture.typecode
    if channels == 1:
        middle = array(kind, [x >> 1 for x in mixture])
        return middle, array(kind, map(operator.sub, mixture, middle))
    left, right = mixture[0::2], mixture[1::2]
    # Shifting rounds down, which could overflow the rest by one; adding 1 to a negative sum
    # first truncates toward zero instead.
    center = array(kind, [(s + (s < 0)) >> 1 for s in map(operator.add, left, right)])
    middle, rest = array(kind, mixture), array(kind, mixture)
    middle[0::2] = middle[1::2] = center
    rest[0::2] = array(kind, map(operator.sub, left, center))
    rest[1::2] = array(kind, map(operator.sub, right, center))
    return middle, rest


def unpack(data: bytes, width: int) -> array[int]:
    """Turn little-endian PCM of 1 (unsigned), 2, 3 or 4 bytes a sample into signed numbers."""
    if width == 1:
        return array("b", data.translate(_FLIP_SIGN))
    if width == 3:
        wide = bytearray(len(data) // 3 * 4)
        wide[0::4], wide[1::4], wide[2::4] = data[0::3], data[1::3], data[2::3]
        wide[3::4] = data[2::3].translate(_SIGN_BYTE)
        data = bytes(wide)
    return _native(array("h" if width == 2 else "i", data))


def pack(samples: array[int], width: int) -> bytes:
    """Turn signed numbers back into PCM: the reverse of `unpack`."""
    if width == 1:
        return samples.tobytes().translate(_FLIP_SIGN)
    data = _native(array(samples.typecode, samples)).tobytes()
    if width == 3:
        narrow = bytearray(len(data) // 4 * 3)
        narrow[0::3], narrow[1::3], narrow[2::3] = data[0::4], data[1::4], data[2::4]
        return bytes(narrow)
    return data


def _native(samples: array[int]) -> array[int]:
    if sys.byteorder == "big":
        samples.byteswap()
    return samples
