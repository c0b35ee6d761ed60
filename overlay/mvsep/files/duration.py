"""The length of an audio file in time, and WAV headers; `audio` reads the other kinds."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import BinaryIO, Final, NamedTuple

from attrs import frozen

from mvsep.core.values import SURE, Doubts
from mvsep.errors import DurationUnknown, InvalidInput

_NO_SIZE: Final = 0xFFFFFFFF
"""The size of a chunk whose writer did not know it; in RF64, one that `ds64` gives."""
_MAX_CHUNKS: Final = 4096
_MAX_HEADER: Final = 4096
"""Bytes read of one chunk, at most; `fmt ` needs 40, `ds64` 28 and 12 for each entry."""
_EXTENSIBLE: Final = 0xFFFE
# Formats of which every frame has the same size: PCM, float, A-law, mu-law.
_FIXED_FRAMES: Final = (1, 3, 6, 7)


@frozen
class Duration:
    """The time a file plays.

    Args:
        seconds: The length in seconds.
        how: The source of the number, such as "WAV header".
        doubts: Reasons why it may be wrong, such as a file that is cut short.
    """

    seconds: Fraction
    how: str
    doubts: Doubts = SURE

    @property
    def sure(self) -> bool:
        """True where the file itself gives the length and is as long as it says."""
        return not self.doubts


def unknown(why: str) -> DurationUnknown:
    """Make the error for a file whose length can't be told."""
    return DurationUnknown(
        f"How long the file plays can't be told: {why}.",
        param="seconds",
        next_step="Hand over the length as seconds=.",
    )


def read(file: BinaryIO, size: int) -> bytes:
    """Read as many bytes as asked for, or fewer at the end of the file."""
    body = b""
    while len(body) < size:
        more = file.read(size - len(body))
        if not isinstance(more, bytes):  # None of a file that would block, text of a text file
            raise unknown("the file does not hand over bytes")
        if not more:
            break
        body += more
    return body


class _Format(NamedTuple):
    tag: int
    channels: int
    sample_rate: int
    byte_rate: int
    frame_bytes: int
    bits: int


def of_wav(file: BinaryIO, total: int) -> Duration:
    """Read how long a WAV file (RIFF or RF64) of `total` bytes plays."""
    form, start, size = _find_chunks(file, total)
    there = total - start
    if size is None:
        return _played(form, there, "The WAV header gives no length.")
    if size > there:
        return _played(form, there, "The file is cut: it is shorter than its WAV header says.")
    if not _ends_well(file, start + size + size % 2, total):
        # Whether the service takes what follows for audio is not known.
        return _played(form, there, "The file is longer than its WAV header says.")
    return _played(form, size)


def _find_chunks(file: BinaryIO, total: int) -> tuple[_Format, int, int | None]:
    """Find the format, and the start and size of the audio; None for a size not given."""
    form: _Format | None = None
    data: tuple[int, int | None] | None = None
    long_sizes: dict[bytes, int] = {}
    for name, start, size in _chunks(file, total, long_sizes):
        if name == b"ds64":
            long_sizes.update(_read_long_sizes(_at(file, start, min(size, _MAX_HEADER))))
        elif name == b"fmt " and form is None:
            form = _read_format(_at(file, start, min(size, _MAX_HEADER)))
        elif name == b"data" and data is None:
            streamed = size == 0 and not _ends_well(file, start, total, named=True)
            data = start, None if size == _NO_SIZE or streamed else size
        if form and data:
            return form, *data
        if data and data[1] is None:  # all that follows is audio
            break
    missing = "data" if form else "fmt"
    raise unknown(f"the WAV header has no {missing} chunk")


def _chunks(
    file: BinaryIO, total: int, long_sizes: dict[bytes, int], start: int = 12
) -> Iterator[tuple[bytes, int, int]]:
    """Give the name, start and size of each chunk; its body may reach beyond the file's end."""
    for _ in range(_MAX_CHUNKS):
        if start + 8 > total:
            return
        name, size = struct.unpack("<4sI", _at(file, start, 8))
        if size == _NO_SIZE:
            size = long_sizes.get(name, size)
        yield name, start + 8, size
        start += 8 + size + size % 2


def _ends_well(file: BinaryIO, start: int, total: int, *, named: bool = False) -> bool:
    """Tell if nothing but whole chunks without audio follows.

    With `named`, chunks need readable names, so that silence is not taken for some.
    """
    end = start
    for name, body, size in _chunks(file, total, {}, start):
        readable = all(0x20 <= character < 0x7F for character in name)
        if name in (b"RIFF", b"RF64", b"data") or (named and not readable):
            return False
        end = body + size
    return total - 1 <= end <= total + 1  # the last byte of padding may be missing


def _read_format(body: bytes) -> _Format:
    if len(body) < 16:
        raise unknown("the fmt chunk of the WAV header is cut short")
    form = _Format(*struct.unpack_from("<HHIIHH", body))
    if form.tag == _EXTENSIBLE and len(body) >= 26:
        # The first two bytes of the sub-format's GUID.
        return form._replace(tag=int.from_bytes(body[24:26], "little"))
    return form


def _read_long_sizes(body: bytes) -> dict[bytes, int]:
    """Read the 64-bit sizes of RF64's `ds64` (EBU Tech 3306), by chunk."""
    sizes = {b"data": int.from_bytes(body[8:16], "little")}
    entries = min(int.from_bytes(body[24:28], "little"), (len(body) - 28) // 12)
    for entry in range(entries):
        name, size = struct.unpack_from("<4sQ", body, 28 + 12 * entry)
        sizes.setdefault(name, size)
    # All bits set stands for "not known" here too.
    return {name: size for name, size in sizes.items() if size != 2**64 - 1}


def _played(form: _Format, size: int, doubt: str | None = None) -> Duration:
    if not (form.channels and form.sample_rate and form.byte_rate and form.frame_bytes):
        raise unknown("the WAV header gives no channels, sample rate or byte rate")
    wrong = None
    if form.tag in _FIXED_FRAMES:
        seconds = Fraction(size // form.frame_bytes, form.sample_rate)
        frame_bytes = form.channels * -(-form.bits // 8)
        if (form.frame_bytes, form.byte_rate) != (frame_bytes, frame_bytes * form.sample_rate):
            wrong = "The WAV header contradicts itself."
    else:
        seconds = Fraction(size, form.byte_rate)
        wrong = "The WAV header of compressed audio gives the mean byte rate only."
    if seconds == 0:
        raise InvalidInput("The file holds no audio.")
    how = "WAV header and size of the file" if doubt else "WAV header"
    return Duration(seconds, how, Doubts(filter(None, (doubt, wrong))))


def _at(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return read(file, size)
