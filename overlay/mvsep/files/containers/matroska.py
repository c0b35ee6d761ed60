"""Matroska and WebM files (RFC 9559): the header's length against the last block of audio."""

from __future__ import annotations

import math
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import islice, pairwise
from typing import Final, NamedTuple

from attrs import Factory, define

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile, TooMuchToRead
from mvsep.files.containers.steps import missing
from mvsep.files.duration import Duration, unknown

_SEGMENT, _INFO, _TRACKS, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
_SCALE, _LENGTH = 0x2AD7B1, 0x4489
_TRACK, _NUMBER, _KIND, _DELAY = 0xAE, 0xD7, 0x83, 0x56AA
_TIME, _GROUP, _BLOCK, _SIMPLE_BLOCK, _BLOCK_LENGTH = 0xE7, 0xA0, 0xA1, 0xA3, 0x9B
# What a segment or a cluster without a size may end with: cues, tags and the like besides.
_KNOWN: Final = (
    _CLUSTER,
    _GROUP,
    _SIMPLE_BLOCK,
    0x1C53BB6B,
    0x1254C367,
    0xEC,
    0x1043A770,
    0x1941A469,
    0x114D9B74,
    _INFO,
    _TRACKS,
)
_AUDIO: Final = 2
_MOST_BLOCKS: Final = 200_000  # that are looked at for gaps: of an hour
_MOST_CLUSTERS: Final = 1000
_SLACK: Final = Fraction(1, 4)  # seconds: of the last block, and of what an encoder put first
_NANO: Final = 10**9

_CUT: Final = "The file is cut: it is shorter than its header says."
_MORE: Final = "The file holds more than its header tells of."
_LATER: Final = "The audio does not begin at the beginning of the file."
_GAP: Final = "A part of the audio is missing."
_OTHER: Final = "The audio is not as long as the whole file."


class _Element(NamedTuple):
    id: int
    start: int
    end: int  # beyond the file's even; that of the file where the size is not given
    sized: bool


class _Block(NamedTuple):
    track: int
    time: int  # in units of the file
    length: int  # 0 where not given


@define
class _Segment:
    """The parts of a segment that count here."""

    scale: int = 1_000_000  # nanoseconds of a unit
    length: Fraction = Fraction(0)  # units; 0 where not given
    track: int = 0  # the number of the first one of audio
    delay: int = 0  # nanoseconds at its beginning that are not played
    clusters: list[_Element] = Factory(list)
    blocks: list[_Block] = Factory(list)  # of clusters without a size
    count: int = 0  # of segments
    last: int = 0  # the kind of the last element
    end: int = 0


def of_matroska(file: BoundedFile, begin: int) -> Duration:
    """Read how long the audio of a Matroska or WebM file plays."""
    segment = _read(file, begin)
    ours = segment.track
    early, late = _edges(file, segment)
    first = next((block.time for block in early if block.track == ours), None)
    if first is None or not segment.scale:
        raise unknown("it has no audio track that can be read")
    last, end = _last([block for block in late if block.track == ours])
    unit = Fraction(segment.scale, _NANO)
    agrees = abs(end - segment.length) * unit <= _SLACK
    # The header knows how much of the last block plays.
    plays = min(Fraction(end), segment.length) if agrees else Fraction(end)
    before = first * unit + Fraction(segment.delay, _NANO)
    seconds = plays * unit - before
    if seconds <= 0:
        raise unknown("its blocks give no length")
    ends = [end, *(block.time + block.length for block in late)]
    longest = max(segment.length, Fraction(max(ends)))
    doubts = Doubts()
    if (longest - end) * unit > _SLACK or (segment.length and not agrees):
        doubts |= [_OTHER]
    if _missing(file, segment) * unit > _SLACK:
        doubts |= [_GAP]
    if first * unit > _SLACK:
        doubts |= [_LATER]
    most: Fraction | None = longest * unit + _SLACK / 4
    if segment.count > 1 or segment.end < file.size or segment.last not in _KNOWN:
        doubts, most = doubts | [_MORE], None
    elif segment.end > file.size:
        doubts |= [_CUT]
    least = max(min(seconds, last * unit - before), Fraction(0))
    return Duration(seconds, "Matroska blocks", doubts, least=least, most=most)


def _read(file: BoundedFile, begin: int) -> _Segment:
    segment, time = _Segment(), 0
    for element in _elements(file, begin, file.size):
        segment.last, segment.end = element.id, element.end
        if element.id == _SEGMENT:
            segment.count += 1
        elif element.id == _INFO:
            _read_info(file, element, segment)
        elif element.id == _TRACKS:
            _read_tracks(file, element, segment)
        elif element.id == _CLUSTER and element.sized:
            segment.clusters.append(element)
        elif element.id == _TIME:
            time = _number(file, element)
        elif block := _block(file, element, time):
            segment.blocks.append(block)
    return segment


def _elements(file: BoundedFile, at: int, end: int) -> Iterator[_Element]:
    """Give the elements one after the other; one without a size is entered, as a segment is."""
    while at < end:
        head = file.at(at, 12)
        id_size = 9 - head[0].bit_length()
        if id_size > 4 or len(head) <= id_size:
            return
        size_size = 9 - head[id_size].bit_length()
        start = at + id_size + size_size
        if size_size > 8 or start - at > len(head):
            return
        size = int.from_bytes(head[id_size : id_size + size_size], "big") & (1 << 7 * size_size) - 1
        sized = size != (1 << 7 * size_size) - 1
        element = _Element(
            int.from_bytes(head[:id_size], "big"), start, start + size if sized else end, sized
        )
        yield element
        at = element.end if sized and element.id != _SEGMENT else start


def _number(file: BoundedFile, element: _Element) -> int:
    return file.number(element.start, min(element.end - element.start, 8))


def _read_info(file: BoundedFile, info: _Element, segment: _Segment) -> None:
    for element in _elements(file, info.start, info.end):
        if element.id == _SCALE:
            segment.scale = _number(file, element)
        elif element.id == _LENGTH:
            body = file.at(element.start, element.end - element.start if element.sized else 0)
            form = {4: ">f", 8: ">d"}.get(len(body))
            length = struct.unpack(form, body)[0] if form else 0.0
            segment.length = (
                Fraction(length) if math.isfinite(length) and length > 0 else Fraction(0)
            )


def _read_tracks(file: BoundedFile, tracks: _Element, segment: _Segment) -> None:
    for track in _elements(file, tracks.start, tracks.end):
        if track.id == _TRACK and not segment.track:
            found = {
                element.id: _number(file, element)
                for element in _elements(file, track.start, track.end)
                if element.id in (_NUMBER, _KIND, _DELAY)
            }
            if found.get(_KIND) == _AUDIO:
                segment.track, segment.delay = found.get(_NUMBER, 0), found.get(_DELAY, 0)


def _edges(file: BoundedFile, segment: _Segment) -> tuple[list[_Block], list[_Block]]:
    """Read the blocks of the first clusters with audio, and of the last ones."""
    if not segment.clusters:
        return segment.blocks, segment.blocks
    edges = []
    for clusters in (segment.clusters, segment.clusters[::-1]):
        found: list[_Block] = []
        for cluster in clusters:
            found += _blocks(file, cluster)
            if any(block.track == segment.track for block in found):
                break
        edges.append(found)
    return edges[0], edges[1]


def _missing(file: BoundedFile, segment: _Segment) -> int:
    """Sum up the gaps between blocks of audio, beyond the step that is usual."""
    steps: Counter[int] = Counter()
    before: tuple[int, int] | None = None  # the row and the time of a block
    with suppress(TooMuchToRead):  # of a long film: what was read has to do
        for row, time in islice(_times(file, segment), _MOST_BLOCKS):
            if before and before[0] == row:
                steps[time - before[1]] += 1
            before = row, time
    return missing(steps)


def _times(file: BoundedFile, segment: _Segment) -> Iterator[tuple[int, int]]:
    """Give the times of blocks of audio, with the number of their row of clusters.

    Of many clusters these are the ones that are small for the time up to the next one: what is
    missing makes them so.
    """
    yield from ((0, block.time) for block in segment.blocks if block.track == segment.track)
    clusters = segment.clusters
    chosen = list(range(len(clusters)))
    if len(clusters) > _MOST_CLUSTERS:
        begins = [_begin(file, cluster) for cluster in clusters]
        spans = [max(1, two - one) for one, two in pairwise(begins)]
        chosen = sorted(chosen[:-1], key=lambda n: (clusters[n].end - clusters[n].start) / spans[n])
        lowest = chosen[: _MOST_CLUSTERS // 3]
        chosen = sorted({near for n in lowest for near in (max(0, n - 1), n, n + 1)})
    for place, n in enumerate(chosen):
        for block in _blocks(file, clusters[n]):
            if block.track == segment.track:
                yield n - place, block.time


def _begin(file: BoundedFile, cluster: _Element) -> int:
    """Read the time of a cluster."""
    inner = islice(_elements(file, cluster.start, cluster.end), 3)  # checksums may come before it
    return next((_number(file, element) for element in inner if element.id == _TIME), 0)


def _blocks(file: BoundedFile, cluster: _Element) -> Iterator[_Block]:
    time = 0
    for element in _elements(file, cluster.start, min(cluster.end, file.size)):
        if element.id == _TIME:
            time = _number(file, element)
        elif block := _block(file, element, time):
            yield block


def _block(file: BoundedFile, element: _Element, time: int) -> _Block | None:
    if element.id == _GROUP:
        block, length = None, 0
        for each in _elements(file, element.start, element.end):
            if each.id == _BLOCK:
                block = _read_block(file, each, time)
            elif each.id == _BLOCK_LENGTH:
                length = _number(file, each)
        return block._replace(length=length) if block else None
    return _read_block(file, element, time) if element.id == _SIMPLE_BLOCK else None


def _read_block(file: BoundedFile, element: _Element, time: int) -> _Block | None:
    head = file.at(element.start, 10)
    size = 9 - head[0].bit_length() if head else 9
    if size > 8 or len(head) < size + 2 or element.end > file.size:
        return None
    track = int.from_bytes(head[:size], "big") & (1 << 7 * size) - 1
    return _Block(track, time + int.from_bytes(head[size : size + 2], "big", signed=True), 0)


def _last(blocks: list[_Block]) -> tuple[int, int]:
    """Return the beginning and the end of the last block.

    One without a length lasts as long as the one before.
    """
    before, last = blocks[-2:][0], blocks[-1]
    return last.time, last.time + (last.length or last.time - before.time)
