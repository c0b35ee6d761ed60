"""Core Audio files: the packets of the audio, by their size or by their table."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile
from mvsep.files.duration import Duration, unknown

_MOST_CHUNKS: Final = 4096
_EDITS: Final = 4  # bytes before the audio

_CUT: Final = "The file is cut: it is shorter than its CAF header says."
_LONGER: Final = "The file is longer than its CAF header says."
_WRONG: Final = "The CAF header contradicts itself."


class _Chunk(NamedTuple):
    start: int
    size: int  # -1 of a stream, which goes on to the end of the file


def of_caf(file: BoundedFile, begin: int) -> Duration:
    """Read how long a Core Audio file plays."""
    listed = list(_chunks(file, begin + 8))
    chunks = dict(reversed(listed))
    described, data, table = (chunks.get(kind) for kind in (b"desc", b"data", b"pakt"))
    if not described or not data:
        raise unknown("the CAF header has no desc or data chunk")
    hertz, _, _, in_packet, samples = struct.unpack(">d4sIII", file.at(described.start, 24))
    rate = Fraction(hertz)
    there = file.size - data.start
    size = there if data.size == -1 else min(data.size, there)
    kind, last = listed[-1]
    streamed = kind == b"data" and last.size == -1
    end = file.size if streamed else last.start + last.size
    doubts = Doubts([_CUT if end > file.size else _LONGER] if end != file.size else [])
    if in_packet and samples:
        played = (size - _EDITS) // in_packet * samples
        most = max(size, data.size, there if doubts else 0) // in_packet * samples
    elif table:
        packets, played, first, rest = struct.unpack(">qqii", file.at(table.start, 24))
        most = played + first + rest
        if samples and packets * samples != most:
            doubts |= [_WRONG]
            most = max(most, packets * samples)
    else:
        raise unknown("the CAF header has no table of its packets")
    if rate <= 0 or played <= 0:
        raise unknown("its header gives no length")
    # Writers differ in whether they count what is left of the last packet.
    least = played if in_packet else max(played - samples, 0)
    most = max(played, most)
    return Duration(played / rate, "CAF header", doubts, least=least / rate, most=most / rate)


def _chunks(file: BoundedFile, at: int) -> Iterator[tuple[bytes, _Chunk]]:
    for _ in range(_MOST_CHUNKS):
        head = file.at(at, 12)
        if len(head) < 12:
            return
        kind, size = struct.unpack(">4sq", head)
        yield kind, _Chunk(at + 12, size)
        if size < 0:
            return
        at += 12 + size
