"""Measuring how long an audio file plays by its header: WAV here, other kinds in `audio`."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from mvsep.core.doubts import Doubts
from mvsep.errors import DurationUnknown, InvalidInput
from mvsep.files.duration import Duration, read, unknown
from mvsep.files.sources import Rest, open_to_read

AudioSource = str | os.PathLike[str] | bytes | BinaryIO
"""A path, the bytes of a file, or a seekable binary file."""

_NO_SIZE: Final = 0xFFFFFFFF
"""The size of a chunk whose writer did not know it; in RF64, one that `ds64` gives."""
_MAX_CHUNKS: Final = 4096
_MAX_HEADER: Final = 4096
"""Bytes read of one chunk, at most; `fmt ` needs 40, `ds64` 28 and 12 for each entry."""
_EXTENSIBLE: Final = 0xFFFE
# Formats of which every frame has the same size: PCM, float, A-law, mu-law.
_FIXED_FRAMES: Final = (1, 3, 6, 7)


def measure(source: AudioSource) -> Duration:
    """Measure how long an audio file plays; a few kilobytes of a large file are read.

    Reads WAV (RIFF and RF64), and with the extra `audio` mp3, flac, ogg, opus, m4a, aiff and wma.
    The service's answer to a wrong header is not known, so a length that the header alone does
    not settle is not `sure`.

    Args:
        source: A path, the bytes of a file, or a binary file. A binary file is measured from
            where it stands, as it is uploaded from there, and put back.

    Raises:
        DurationUnknown: When the file is of another kind or its header can't be read.
        InvalidInput: When the file can't be opened, is empty, or holds no audio.
    """
    with _opened(source) as file:
        try:
            total = file.seek(0, io.SEEK_END)
            if total <= 0:
                raise InvalidInput(
                    "The file is empty.",
                    next_step="An open file is read from where it stands.",
                )
            magic = _at(file, 0, 12)
            if magic[:4] in (b"RIFF", b"RF64") and magic[8:12] == b"WAVE":
                return _measure_wav(file, total)
            return _measure_other(file)
        except (OSError, ValueError) as error:
            raise unknown(f"the file can't be read ({error})") from error


@contextmanager
def _opened(source: AudioSource) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    elif isinstance(source, (str, os.PathLike)):
        with open_to_read(Path(source)) as file:
            yield file
    else:
        try:
            position = source.tell()
            source.seek(position)  # a file that is not seekable fails here
        except (OSError, ValueError, AttributeError) as error:
            raise unknown("it is not an open file that can be moved in") from error
        try:
            yield cast(BinaryIO, Rest(source, position)) if position else source
        finally:
            source.seek(position)


def _measure_other(file: BinaryIO) -> Duration:
    try:
        from mvsep.files.audio import length
    except ModuleNotFoundError as missing:
        raise DurationUnknown(
            "How long the file plays can't be told: without the extra `audio` only WAV files "
            "can be measured.",
            param="seconds",
            next_step='Run pip install "mvsep[audio]", or hand over the length as seconds=.',
        ) from missing
    return length(file)


class _Format(NamedTuple):
    tag: int
    channels: int
    sample_rate: int
    byte_rate: int
    frame_bytes: int
    bits: int


def _measure_wav(file: BinaryIO, total: int) -> Duration:
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

    Args:
        file: The file.
        start: The place where the rest begins.
        total: The size of the file.
        named: True if chunks need readable names, so that silence is not taken for some.
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
    return Duration(seconds, how, Doubts.of(doubt, wrong))


def _at(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return read(file, size)
