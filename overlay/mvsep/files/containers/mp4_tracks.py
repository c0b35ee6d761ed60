"""The tracks of an MP4 file (ISO 14496-12), from its header and its fragments."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from attrs import Factory, define

from mvsep.files.containers.bounded import BoundedFile
from mvsep.files.containers.frames import ADTS_RATES

_MOST_BOXES: Final = 20_000
_MOST_ENTRIES: Final = 10_000  # of one table
_MOST_DESCRIBED: Final = 512  # bytes
# The descriptor of a stream, of its decoder (0x40 is AAC), and the first bytes of its own header.
_AAC: Final = re.compile(rb"esds.{4}\x03\x80*..{3}\x04\x80*.\x40.{12}\x05\x80*.(..)", re.DOTALL)


class Box(NamedTuple):
    """A box: its kind, and where its content begins and ends, beyond the file's end even."""

    kind: bytes
    start: int
    end: int


@define
class Track:
    """A track.

    Args:
        number: The track's number, by which fragments name it.
        is_audio: True where it is of sound.
        units: Units of time in a second.
        header: The length in units, by the track's header; 0 where not given.
        steps: The units of each sample, by the table of samples and by fragments.
        samples: Pieces of audio, each of which is decoded by itself.
        edit: Seconds to play; None without edits.
        aac_rate: The sample rate of an AAC stream with 1024 samples a piece; 0 of others.
        last: The place of the last piece in the file.
        default: The length of a fragment's sample in units, where it does not say.
    """

    number: int
    is_audio: bool
    units: int
    header: int = 0
    steps: Counter[int] = Factory(Counter)
    samples: int = 0
    edit: Fraction | None = None
    aac_rate: int = 0
    last: int = 0
    default: int = 0

    @property
    def media(self) -> int:
        """The length in units, by its samples."""
        return sum(step * n for step, n in self.steps.items())


def boxes(file: BoundedFile, at: int, end: int) -> Iterator[Box]:
    """Give the boxes that follow each other; the last may reach beyond the end."""
    for _ in range(_MOST_BOXES):
        head = file.at(at, 16)
        size, head_size = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, head_size = int.from_bytes(head[8:16], "big"), 16
        elif size == 0 and head[4:8] == b"mdat":  # to the end
            size = end - at
        if at >= end or len(head) < 8 or size < head_size:
            return
        yield Box(head[4:8], at + head_size, at + size)
        at += size


def read_tracks(file: BoundedFile, outer: list[Box]) -> tuple[Fraction, list[Track]]:
    """Read the length of the first movie in seconds, and its tracks."""
    movie = next((box for box in outer if box.kind == b"moov"), None)
    if movie is None:
        return Fraction(0), []
    units, length = _times(file, _inside(file, movie, b"mvhd"))
    inner = list(boxes(file, movie.start, movie.end))
    tracks = [_read_track(file, box, units) for box in inner if box.kind == b"trak"]
    by_number = {track.number: track for track in reversed(tracks)}
    for box in inner:
        if box.kind == b"mvex":
            _read_defaults(file, box, by_number)
    for box in outer:
        if box.kind == b"moof":
            for part in boxes(file, box.start, box.end):
                if part.kind == b"traf":
                    _add_fragment(file, part, by_number)
    return Fraction(length, units) if units else Fraction(0), tracks


def _inside(file: BoundedFile, box: Box | None, *path: bytes) -> Box | None:
    for kind in path:
        if box is None:
            return None
        box = next((each for each in boxes(file, box.start, box.end) if each.kind == kind), None)
    return box


def _times(file: BoundedFile, box: Box | None) -> tuple[int, int]:
    """Read the units of a second and the length in them, of mvhd or mdhd."""
    if box is None:
        return 0, 0
    if file.number(box.start, 1) == 1:
        return file.number(box.start + 20, 4), file.number(box.start + 24, 8)
    return file.number(box.start + 12, 4), file.number(box.start + 16, 4)


def _read_track(file: BoundedFile, box: Box, movie_units: int) -> Track:
    header, handler = _inside(file, box, b"tkhd"), _inside(file, box, b"mdia", b"hdlr")
    number = 0
    if header:
        number = file.number(header.start + (20 if file.number(header.start, 1) else 12), 4)
    is_audio = handler is not None and file.at(handler.start + 8, 4) == b"soun"
    track = Track(number, is_audio, *_times(file, _inside(file, box, b"mdia", b"mdhd")))
    if not is_audio:
        return track
    edits = _inside(file, box, b"edts", b"elst")
    if edits and movie_units:
        track.edit = _edited(file, edits, movie_units)
    table = _inside(file, box, b"mdia", b"minf", b"stbl")
    for each in boxes(file, table.start, table.end) if table else ():
        _read_table(file, each, track)
    return track


def _read_table(file: BoundedFile, box: Box, track: Track) -> None:
    entries = file.number(box.start + 4, 4)
    if box.kind == b"stts":
        content = file.at(box.start + 8, 8 * min(entries, _MOST_ENTRIES))
        times = struct.iter_unpack(">II", content[: len(content) // 8 * 8])
        for count, units in times:
            track.steps[units] += count
    elif box.kind == b"stsz":
        track.samples = file.number(box.start + 8, 4)
    elif box.kind == b"stsd":
        track.aac_rate = _aac_rate(file.at(box.start, min(box.end - box.start, _MOST_DESCRIBED)))
    elif box.kind in (b"stco", b"co64") and entries:
        size = 4 if box.kind == b"stco" else 8
        track.last = file.number(box.start + 8 + size * (entries - 1), size)


def _edited(file: BoundedFile, box: Box, movie_units: int) -> Fraction | None:
    """Sum up the edits that play; None where they play all."""
    form = struct.Struct(">QqI" if file.number(box.start, 1) else ">IiI")
    entries = min(file.number(box.start + 4, 4), _MOST_ENTRIES)
    content = file.at(box.start + 8, form.size * entries)
    edits = form.iter_unpack(content[: len(content) // form.size * form.size])
    # At -1 nothing plays.
    return Fraction(sum(units for units, at, _ in edits if at >= 0), movie_units) or None


def _aac_rate(description: bytes) -> int:
    """Read the sample rate from an AAC stream's own header (ISO 14496-3)."""
    found = _AAC.search(description)
    if found is None:
        return 0
    kind, rate = found[1][0] >> 3, int.from_bytes(found[1], "big") >> 7 & 15
    plain = kind in (5, 29) or (kind == 2 and not found[1][1] & 4)  # with 1024 samples, not 960
    return ADTS_RATES[rate] if plain and rate < len(ADTS_RATES) else 0


def _read_defaults(file: BoundedFile, box: Box, tracks: dict[int, Track]) -> None:
    for each in boxes(file, box.start, box.end):
        track = tracks.get(file.number(each.start + 4, 4))
        if each.kind == b"trex" and track:
            track.default = file.number(each.start + 12, 4)


def _add_fragment(file: BoundedFile, box: Box, tracks: dict[int, Track]) -> None:
    """Add a fragment's samples to its track."""
    track, default = None, 0
    for each in boxes(file, box.start, box.end):
        flags = file.number(each.start + 1, 3)
        if each.kind == b"tfhd":
            track = tracks.get(file.number(each.start + 4, 4))
            at = each.start + 8 + 8 * (flags & 1) + 4 * (flags >> 1 & 1)
            default = file.number(at, 4) if flags & 8 else track.default if track else 0
        elif each.kind == b"trun" and track:
            samples = file.number(each.start + 4, 4)
            track.samples += samples
            track.steps.update(_run(file, each, flags, samples, default))


def _run(file: BoundedFile, box: Box, flags: int, samples: int, default: int) -> Counter[int]:
    """Count the units of the samples of a run."""
    if not flags & 0x100:
        return Counter({default: samples})
    at = box.start + 8 + 4 * (flags & 1) + 4 * (flags >> 2 & 1)
    size = 4 * (flags >> 8 & 15).bit_count()
    content = file.at(at, min(size * samples, box.end - at))
    return Counter(int.from_bytes(content[n : n + 4], "big") for n in range(0, len(content), size))
