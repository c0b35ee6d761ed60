"""WAV files: RIFF, RF64 and BW64, of PCM and of the usual compressed forms."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from mvsep.core.values import Doubts
from mvsep.errors import InvalidInput
from mvsep.files.containers.bounded import BoundedFile
from mvsep.files.duration import Duration, unknown

_NO_SIZE: Final = 0xFFFFFFFF
"""The size of a chunk whose writer did not know it; in RF64, one that `ds64` gives."""
_MAX_CHUNKS: Final = 4096
_MAX_HEADER: Final = 4096
"""Bytes read of one chunk, at most; `fmt ` needs 40, `ds64` 28 and 12 for each entry."""
_PCM: Final = 1
_FLOAT: Final = 3
_EXTENSIBLE: Final = 0xFFFE
# Formats of which every frame has the same size: PCM, float, A-law, mu-law.
_FIXED_FRAMES: Final = (1, 3, 6, 7)

_CUT: Final = "The file is cut: it is shorter than its WAV header says."
_LONGER: Final = "The file is longer than its WAV header says."
_WRONG: Final = "The WAV header contradicts itself."


class _Format(NamedTuple):
    tag: int
    channels: int
    sample_rate: int
    byte_rate: int
    frame_bytes: int
    bits: int


class _Header(NamedTuple):
    form: _Format
    start: int  # of the audio
    size: int | None  # of the audio; None where it is not given
    fact: int | None  # samples, by the `fact` chunk


def of_wav(file: BoundedFile, begin: int) -> Duration:
    """Read how long a WAV file plays."""
    header = _find_chunks(file, begin)
    there = file.size - header.start
    size = header.size
    if size is None:
        # Every reader takes a stream's audio to go on to the end; RF64 has a place for the size.
        streamed = file.at(begin, 4) == b"RIFF"
        return _played(header, there, None if streamed else "The WAV header gives no length.")
    if size > there:
        return _played(header, there, _CUT)
    if not _ends_well(file, header.start + size + size % 2):
        # Whether the service takes what follows for audio is not known.
        return _played(header, there, _LONGER)
    return _played(header, size)


class Samples(NamedTuple):
    """The plain samples of a WAV file.

    Attributes:
        start: The place of the first one.
        size: The bytes of all that are there.
        frame_bytes: The bytes of one moment, of all channels.
        width: The bytes of one sample.
        is_float: True for floating point.
    """

    start: int
    size: int
    frame_bytes: int
    width: int
    is_float: bool


def samples_of(file: BoundedFile) -> Samples | None:
    """Find the samples of a WAV file; None for what has none that are plain numbers.

    Raises:
        DurationUnknown: When its header can't be read.
    """
    if file.at(0, 4) not in (b"RIFF", b"RF64", b"BW64") or file.at(8, 4) != b"WAVE":
        return None
    header = _find_chunks(file, 0)
    form, is_float = header.form, header.form.tag == _FLOAT
    width = form.frame_bytes // form.channels
    if form.tag not in (_PCM, _FLOAT) or width not in ((4, 8) if is_float else (1, 2, 3, 4)):
        return None
    there = max(0, file.size - header.start)
    size = there if header.size is None else min(header.size, there)
    return Samples(header.start, size, form.frame_bytes, width, is_float)


def _find_chunks(file: BoundedFile, begin: int) -> _Header:
    form: _Format | None = None
    data: tuple[int, int | None] | None = None
    fact: int | None = None
    long_sizes: dict[bytes, int] = {}
    for name, start, size in _chunks(file, begin + 12, long_sizes):
        if name == b"ds64":
            long_sizes.update(_read_long_sizes(file.at(start, min(size, _MAX_HEADER))))
        elif name == b"fmt " and form is None:
            form = _read_format(file.at(start, min(size, _MAX_HEADER)))
        elif name == b"fact":
            fact = int.from_bytes(file.at(start, 4), "little")
        elif name == b"data" and data is None:
            streamed = size == 0 and not _ends_well(file, start, named=True)
            data = start, None if size == _NO_SIZE or streamed else size
        if form and data:
            return _Header(form, *data, fact or None)
        if data and data[1] is None:  # all that follows is audio
            break
    missing = "data" if form else "fmt"
    raise unknown(f"the WAV header has no {missing} chunk")


def _chunks(
    file: BoundedFile, start: int, long_sizes: dict[bytes, int]
) -> Iterator[tuple[bytes, int, int]]:
    """Give the name, start and size of each chunk; its body may reach beyond the file's end."""
    for _ in range(_MAX_CHUNKS):
        if start + 8 > file.size:
            return
        name, size = struct.unpack("<4sI", file.at(start, 8))
        if size == _NO_SIZE:
            size = long_sizes.get(name, size)
        yield name, start + 8, size
        start += 8 + size + size % 2


def _ends_well(file: BoundedFile, start: int, *, named: bool = False) -> bool:
    """Tell if nothing but whole chunks without audio follows.

    With `named`, chunks need readable names, so that silence is not taken for some.
    """
    end = start
    for name, body, size in _chunks(file, start, {}):
        readable = all(0x20 <= character < 0x7F for character in name)
        if name in (b"RIFF", b"RF64", b"data") or (named and not readable):
            return False
        end = body + size
    return file.size - 1 <= end <= file.size + 1  # the last byte of padding may be missing


def _read_format(body: bytes) -> _Format:
    if len(body) < 16:
        raise unknown("the fmt chunk of the WAV header is cut short")
    form = _Format(*struct.unpack_from("<HHIIHH", body))
    if form.tag == _EXTENSIBLE and len(body) >= 26:
        # The first two bytes of the sub-format's GUID.
        form = form._replace(tag=int.from_bytes(body[24:26], "little"))
    if not (form.channels and form.sample_rate and form.frame_bytes):
        raise unknown("the WAV header gives no channels, sample rate or frame size")
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


def _played(header: _Header, size: int, doubt: str | None = None) -> Duration:
    """Make the length of so many bytes of audio."""
    form, fact = header.form, header.fact
    how = "WAV header and size of the file" if doubt or header.size is None else "WAV header"
    in_block = _samples_in_block(form)
    if in_block is None or not form.byte_rate:
        return _by_byte_rate(header, size, how, doubt)
    samples = _count(form, size, in_block)
    if samples == 0:
        raise InvalidInput("The file holds no audio.")
    said = _count(form, header.size or size, in_block)
    if in_block > 1:
        # The last block may be filled up, and only the fact chunk knows with how much.
        agrees = fact is None or said - in_block <= fact <= said
        # A stream has whole blocks, and what is behind them is none.
        agrees = agrees and (header.size is not None or size % form.frame_bytes == 0)
        played = fact if fact and agrees and not doubt else samples
    else:
        frame_bytes = form.channels * -(-form.bits // 8)
        agrees = form.frame_bytes == frame_bytes
        agrees = agrees and form.byte_rate == frame_bytes * form.sample_rate
        played = samples
    return Duration(
        Fraction(played, form.sample_rate),
        how,
        Doubts(filter(None, (doubt, None if agrees else _WRONG))),
        most=Fraction(max(samples, said), form.sample_rate) if agrees else None,
    )


def _count(form: _Format, size: int, in_block: int) -> int:
    """Count the samples of so many bytes; a block that is cut plays, and a frame does not."""
    whole = size if in_block == 1 else size + form.frame_bytes - 1
    return whole // form.frame_bytes * in_block


def _samples_in_block(form: _Format) -> int | None:
    """Return the samples of a block, of a form whose blocks are all the same; 1 of PCM."""
    of_channel = form.frame_bytes // form.channels
    match form.tag:
        case tag if tag in _FIXED_FRAMES:
            return 1
        case 0x02:  # Microsoft ADPCM: 7 bytes of head, with two samples
            samples = (of_channel - 7) * 2 + 2
        case 0x11:  # IMA ADPCM: 4 bytes of head, with one sample
            samples = (of_channel - 4) * 2 + 1
        case 0x20:  # Yamaha ADPCM
            samples = of_channel * 2
        case 0x31:  # GSM 6.10
            samples = form.frame_bytes // 65 * 320
        case _:
            return None
    return samples if samples > 1 and form.bits in (0, 4) else None


def _by_byte_rate(header: _Header, size: int, how: str, doubt: str | None) -> Duration:
    form = header.form
    if header.fact:
        seconds = Fraction(header.fact, form.sample_rate)
        wrong = "The WAV header of compressed audio tells its samples, which nothing confirms."
    elif form.byte_rate:
        seconds = Fraction(size, form.byte_rate)
        wrong = "The WAV header of compressed audio gives the mean byte rate only."
    else:
        raise unknown("the WAV header gives no byte rate")
    if not seconds:
        raise InvalidInput("The file holds no audio.")
    return Duration(seconds, how, Doubts(filter(None, (doubt, wrong))))
