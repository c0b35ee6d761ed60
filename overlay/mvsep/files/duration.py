"""How long an audio file plays, read from its header alone."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple, cast

from attrs import frozen

from mvsep.errors import DurationUnknown, InvalidInput
from mvsep.files.sources import Rest, open_to_read

AudioSource = str | os.PathLike[str] | bytes | BinaryIO
"""A path, the bytes of a file, or a binary file that can be moved in."""

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
    """How long a file plays.

    Args:
        seconds: The length in seconds, exact as far as `sure` goes.
        how: Where the number comes from, in words.
        sure: Whether the file says so itself and is as long as it says.
    """

    seconds: Fraction
    how: str
    sure: bool


class _Format(NamedTuple):
    tag: int
    channels: int
    sample_rate: int
    byte_rate: int
    frame_bytes: int
    bits: int


class _Data(NamedTuple):
    start: int
    size: int | None
    """Bytes the header gives it; None where it gives none."""


def measure(source: AudioSource) -> Duration:
    """How long an audio file plays, by its header; of a large file a few kilobytes are read.

    Reads WAV (RIFF and RF64), and with the extra `audio` mp3, flac, ogg, opus, m4a, aiff and wma.
    What the service does with a file whose header is wrong is not
    known, so a length that the header alone does not settle is marked not `sure`.

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
                    charged=False,
                    next_step="An open file is read from where it stands.",
                )
            magic = _read(file, 0, 12)
            if magic[:4] in (b"RIFF", b"RF64") and magic[8:12] == b"WAVE":
                return _measure_wav(file, total)
            return _measure_other(file)
        except (OSError, ValueError) as error:
            raise _unknown(f"the file can't be read ({error})") from error


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
            source.seek(position)  # so that what can't be moved in fails here
        except (OSError, ValueError, AttributeError) as error:
            raise _unknown("it is not an open file that can be moved in") from error
        try:
            yield cast(BinaryIO, Rest(source, position)) if position else source
        finally:
            source.seek(position)


def _measure_other(file: BinaryIO) -> Duration:
    try:
        from mvsep.files import audio
    except ModuleNotFoundError as missing:
        raise DurationUnknown(
            "How long the file plays can't be told: without the extra `audio` only WAV files "
            'can be measured. To install it: pip install "mvsep[audio]".',
            next_step="Hand over the length as seconds=.",
            param="seconds",
        ) from missing
    try:
        return Duration(*audio.length(file))
    except audio.Unreadable as error:
        raise _unknown(str(error)) from error


def _measure_wav(file: BinaryIO, total: int) -> Duration:
    form, data = _find_chunks(file, total)
    there = total - data.start
    if data.size is None:
        return _played(form, there, "WAV header without a length, by the size of the file", False)
    if data.size > there:
        return _played(form, there, "WAV header, cut to the bytes that are there", False)
    if not _ends_well(file, data.start + data.size + data.size % 2, total):
        # Whether the service takes what follows for audio is not known.
        return _played(form, there, "WAV header of a longer file, by the size of the file", False)
    return _played(form, data.size, "WAV header", True)


def _find_chunks(file: BinaryIO, total: int) -> tuple[_Format, _Data]:
    form: _Format | None = None
    data: _Data | None = None
    long_sizes: dict[bytes, int] = {}
    for name, start, size in _chunks(file, total, long_sizes):
        if name == b"ds64":
            long_sizes.update(_read_long_sizes(_read(file, start, min(size, _MAX_HEADER))))
        elif name == b"fmt " and form is None:
            form = _read_format(_read(file, start, min(size, _MAX_HEADER)))
        elif name == b"data" and data is None:
            unsized = size == _NO_SIZE or (
                size == 0 and not _ends_well(file, start, total, named=True)
            )
            data = _Data(start, None if unsized else size)
        if form and data:
            return form, data
        if data and data.size is None:  # all that follows is audio
            break
    missing = "data" if form else "fmt"
    raise _unknown(f"the WAV header has no {missing} chunk")


def _chunks(
    file: BinaryIO, total: int, long_sizes: dict[bytes, int], start: int = 12
) -> Iterator[tuple[bytes, int, int]]:
    """The name, start and size of each chunk, whose body may reach beyond the end of the file."""
    for _ in range(_MAX_CHUNKS):
        if start + 8 > total:
            return
        head = _read(file, start, 8)
        name, size = head[:4], _number(head, 4, 4)
        if size == _NO_SIZE:
            size = long_sizes.get(name, size)
        yield name, start + 8, size
        start += 8 + size + size % 2


def _ends_well(file: BinaryIO, start: int, total: int, *, named: bool = False) -> bool:
    """Whether nothing but whole chunks that hold no audio follows.

    Args:
        file: The file.
        start: Where what follows begins.
        total: The size of the file.
        named: Whether the chunks need readable names, so that silence is not taken for some.
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
        raise _unknown("the fmt chunk of the WAV header is cut short")
    tag = _number(body, 0, 2)
    if tag == _EXTENSIBLE and len(body) >= 26:
        tag = _number(body, 24, 2)  # the first two bytes of the sub-format's GUID
    return _Format(
        tag=tag,
        channels=_number(body, 2, 2),
        sample_rate=_number(body, 4, 4),
        byte_rate=_number(body, 8, 4),
        frame_bytes=_number(body, 12, 2),
        bits=_number(body, 14, 2),
    )


def _read_long_sizes(body: bytes) -> dict[bytes, int]:
    """The 64-bit sizes of RF64's `ds64` (EBU Tech 3306), by chunk."""
    sizes = {b"data": _number(body, 8, 8)}
    entries = min(_number(body, 24, 4), (len(body) - 28) // 12)
    for entry in range(entries):
        at = 28 + 12 * entry
        sizes.setdefault(body[at : at + 4], _number(body, at + 4, 8))
    # All bits set stands for "not known" here too.
    return {name: size for name, size in sizes.items() if size != 2**64 - 1}


def _played(form: _Format, size: int, how: str, sure: bool) -> Duration:
    if not (form.channels and form.sample_rate and form.byte_rate and form.frame_bytes):
        raise _unknown("the WAV header gives no channels, sample rate or byte rate")
    if form.tag in _FIXED_FRAMES:
        seconds = Fraction(size // form.frame_bytes, form.sample_rate)
        agrees = (
            form.frame_bytes == form.channels * -(-form.bits // 8)
            and form.byte_rate == form.frame_bytes * form.sample_rate
        )
    else:
        # Of compressed audio the header gives the mean rate only.
        seconds = Fraction(size, form.byte_rate)
        how, agrees = f"{how}, by its mean byte rate", False
    if seconds == 0:
        raise InvalidInput("The file holds no audio.")
    return Duration(seconds, how, sure and agrees)


def _read(file: BinaryIO, start: int, size: int) -> bytes:
    """The bytes asked for, or fewer at the end of the file."""
    file.seek(start)
    body = b""
    while len(body) < size:
        more = file.read(size - len(body))
        if not isinstance(more, bytes):  # None of a file that would block, text of a text file
            raise _unknown("the file does not hand over bytes")
        if not more:
            break
        body += more
    return body


def _number(body: bytes, start: int, size: int) -> int:
    return int.from_bytes(body[start : start + size], "little")


def _unknown(why: str) -> DurationUnknown:
    return DurationUnknown(
        f"How long the file plays can't be told: {why}.",
        next_step="Hand over the length as seconds=.",
        param="seconds",
    )
