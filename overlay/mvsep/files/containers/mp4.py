"""MP4, M4A and QuickTime files: the audio track, against its edits and the whole file."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile
from mvsep.files.containers.mp4_tracks import Track, boxes, read_tracks
from mvsep.files.containers.steps import missing
from mvsep.files.duration import Duration, unknown

# Seconds by which edits leave out what an encoder puts before and behind, at most.
_SLACK: Final = Fraction(1, 4)
_FRAME: Final = Fraction(2048, 44_100)

_WRONG: Final = "The MP4 header contradicts itself."
_CUT: Final = "The file is cut: it is shorter than its MP4 header says."
_MORE: Final = "The file holds more than its MP4 header tells of."
_MOVED: Final = "A tag before the MP4 header moves the audio from its place."
_GAP: Final = "A part of the audio is missing."
_OTHER: Final = "The audio is not as long as the whole file."
_EDITED: Final = "The MP4 header leaves out a part of the audio."


def of_mp4(file: BoundedFile, begin: int) -> Duration:
    """Read how long the audio of an MP4 file plays."""
    outer = list(boxes(file, begin, file.size))
    movie, tracks = read_tracks(file, outer)
    track = next((track for track in tracks if track.is_audio), None)
    if track is None:
        raise unknown("it has no audio track")
    if not (track.units and track.media):
        raise unknown("its header gives no length")
    media = Fraction(track.media, track.units)
    seconds = media if track.edit is None else min(track.edit, media)
    others = [_longest(each) for each in tracks]
    doubts = Doubts(_doubts(track, seconds, max([movie, *others])))
    most: Fraction | None = max([movie, seconds + _FRAME, *others])
    kinds = [box.kind for box in outer]
    if kinds.count(b"moov") > 1 or outer[-1].end < file.size:
        doubts, most = doubts | [_MORE], None
    elif begin:  # the places of the audio are counted from the beginning of the file
        doubts |= [_MOVED]
    elif max(outer[-1].end, track.last + 1) > file.size or b"mdat" not in kinds:
        doubts |= [_CUT]
    least = min(seconds, max(media - _SLACK, seconds - _FRAME))
    return Duration(seconds, "MP4 header", doubts, least=least, most=most)


def _longest(track: Track) -> Fraction:
    if not track.units:
        return Fraction(0)
    return max(Fraction(max(track.header, track.media), track.units), track.edit or Fraction(0))


def _doubts(track: Track, seconds: Fraction, longest: Fraction) -> Iterator[str]:
    media = Fraction(track.media, track.units)
    tells = [Fraction(track.header, track.units)] if track.header else []
    if track.aac_rate:
        tells.append(Fraction(track.samples * 1024, track.aac_rate))
    if missing(track.steps) > track.units * _SLACK:
        yield _GAP
    if any(abs(length - media) > _SLACK for length in tells):
        yield _WRONG
    if abs(_longest(track) - seconds) > _SLACK:
        yield _EDITED
    elif longest - seconds > _SLACK:
        yield _OTHER
