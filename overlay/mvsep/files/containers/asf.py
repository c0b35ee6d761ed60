"""WMA files (ASF): the header's length against the last packet."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Final, NamedTuple

from mvsep.core.values import Doubts
from mvsep.files.containers.bounded import BoundedFile
from mvsep.files.duration import Duration, unknown

_SEARCHED: Final = 1 << 16  # bytes in which the header's objects begin
_FILE: Final = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_DATA: Final = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_DATA_HEAD: Final = 50
_MILLI, _TICKS = 1000, 10**7
_FRAME: Final = Fraction(1, 4)  # seconds: of the last packet, with room
_BROADCAST: Final = 1


class _Header(NamedTuple):
    size: int  # bytes of the file
    length: Fraction  # seconds, with the preroll
    preroll: Fraction
    packet: int  # bytes


def of_asf(file: BoundedFile, begin: int) -> Duration:
    """Read how long a WMA file plays."""
    content = file.at(begin, _SEARCHED)
    header = _header(content)
    seconds = header.length - header.preroll
    if seconds <= 0:
        raise unknown("its header gives no length")
    end = _end_of_packets(file, begin, content, header)
    doubt = None
    if begin + header.size != file.size:
        doubt = "The file is longer than its WMA header says."
        if begin + header.size > file.size:
            doubt = "The file is cut: it is shorter than its WMA header says."
    elif end is None or not -header.preroll - 1 <= end - seconds <= 1:
        # Packets are sent before they play, by the preroll at most.
        doubt = "The WMA header contradicts its packets."
    longest = max(seconds, end or seconds)
    if doubt:
        most = None if begin + header.size < file.size else longest
        return Duration(seconds, "WMA header", Doubts([doubt]), most=most)
    least = end if end and abs(end - seconds) < _FRAME else seconds - _FRAME
    return Duration(seconds, "WMA header", least=min(least, seconds), most=longest)


def _header(content: bytes) -> _Header:
    at = content.find(_FILE)
    if at < 0 or len(content) < at + 104:
        raise unknown("the WMA header has no properties of the file")
    size, _, _, length, _, preroll, flags, packet = struct.unpack_from(
        "<QQQQQQII", content, at + 40
    )
    if flags & _BROADCAST or not size:
        raise unknown("its header gives no length")
    return _Header(size, Fraction(length, _TICKS), Fraction(preroll, _MILLI), packet)


def _end_of_packets(
    file: BoundedFile, begin: int, content: bytes, header: _Header
) -> Fraction | None:
    """Read when the last packet ends, in seconds; None where that can't be read."""
    at = content.find(_DATA)
    if at < 0 or not header.packet:
        return None
    packets = int.from_bytes(content[at + 40 : at + 48], "little")
    last = begin + at + _DATA_HEAD + (packets - 1) * header.packet
    if packets < 1 or last + header.packet > file.size:
        return None
    head = file.at(last, 32)
    if not head[0] & 0x80:
        return None
    at = 1 + (head[0] & 15)  # error correction
    kinds, at = head[at], at + 2
    # The packet's length, its sequence and its padding have 0, 1, 2 or 4 bytes each.
    at += sum((0, 1, 2, 4)[kinds >> shift & 3] for shift in (5, 1, 3))
    sent, lasts = struct.unpack_from("<IH", head, at)
    return Fraction(sent + lasts, _MILLI)
