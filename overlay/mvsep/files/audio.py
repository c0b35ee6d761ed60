"""The length of an audio file, by the reader for its kind."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import BinaryIO, Final

from attrs import evolve

from mvsep.errors import DurationUnknown
from mvsep.files.containers.aiff import of_aiff
from mvsep.files.containers.asf import of_asf
from mvsep.files.containers.bounded import BoundedFile, TooMuchToRead, tags_end
from mvsep.files.containers.caf import of_caf
from mvsep.files.containers.flac import of_flac
from mvsep.files.containers.frames import of_aac, of_ac3, of_amr, of_wavpack
from mvsep.files.containers.matroska import of_matroska
from mvsep.files.containers.mp4 import of_mp4
from mvsep.files.containers.mpeg import of_mpeg
from mvsep.files.containers.ogg import of_ogg
from mvsep.files.containers.wav import of_wav
from mvsep.files.duration import Duration, unknown
from mvsep.files.kinds import HEAD, not_audio

_LONGEST_SURE: Final = 10 * 3600  # seconds; headers that say "not known" by all bits set say more
_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")

_Reader = Callable[[BoundedFile, int], Duration]
_BY_BEGINNING: Final[tuple[tuple[bytes, _Reader], ...]] = (
    (b"fLaC", of_flac),
    (b"OggS", of_ogg),
    (b"\x1a\x45\xdf\xa3", of_matroska),
    (bytes.fromhex("3026b2758e66cf11"), of_asf),
    (b"\x0b\x77", of_ac3),
    (b"#!AMR", of_amr),
    (b"caff", of_caf),
    (b"wvpk", of_wavpack),
)


def length(file: BinaryIO) -> Duration:
    """Read how long a file plays; no more than `MOST_READ` bytes of it are read."""
    bounded = BoundedFile(file)
    try:
        begin = tags_end(bounded)
        found = _reader(bounded.at(begin, 12), tagged=begin > 0)(bounded, begin)
    except TooMuchToRead:
        raise unknown("it has too many parts to count") from None
    except (ArithmeticError, LookupError, struct.error) as error:
        raise unknown("its header is cut short, or is none") from error
    if found.seconds > _LONGEST_SURE:
        doubt = f"The {found.how} gives an unlikely length."
        return evolve(found, doubts=found.doubts | [doubt])
    return found


def is_audio(file: BinaryIO) -> bool:
    """Tell whether a file begins as audio of a known kind does, or as a video that has some."""
    head = file.read(HEAD)
    if not_audio(head):
        return False
    try:
        bounded = BoundedFile(file)
        begin = tags_end(bounded)
        _reader(bounded.at(begin, 12), tagged=begin > 0)
    except (DurationUnknown, TooMuchToRead, ArithmeticError, LookupError, struct.error):
        return False
    return True


def _reader(head: bytes, *, tagged: bool) -> _Reader:
    for beginning, reader in _BY_BEGINNING:
        if head.startswith(beginning):
            return reader
    if head[:4] in (b"RIFF", b"RF64", b"BW64") and head[8:12] == b"WAVE":
        return of_wav
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return of_aiff
    if head[4:8] in _BOXES:
        return of_mp4
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xF6 == 0xF0:
        return of_aac
    if head[:1] == b"\xff" or tagged:
        return of_mpeg
    raise unknown("it is no audio of a kind that is known here")
