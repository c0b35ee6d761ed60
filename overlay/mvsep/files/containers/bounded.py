"""Reading with a limit, and the tags that any kind of audio file may have."""

from __future__ import annotations

import io
from typing import BinaryIO, Final

from mvsep.files.duration import read

#: Bytes that are read of a file, at most. Where nothing tells of all parts, their heads are read to
#: the end: an hour takes half a second. Half a day fits; beyond that no length is told.
MOST_READ: Final = 1 << 24

_ID3V1: Final = 128
_APE_HEAD: Final = 32


class TooMuchToRead(Exception):
    """The length can't be found within `MOST_READ` bytes."""


class BoundedFile:
    """A file that gives no more than `MOST_READ` bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)
        self._left = MOST_READ

    def at(self, start: int, size: int) -> bytes:
        """Read bytes from a place; fewer at the end of the file."""
        if start >= self.size or start < 0 or size <= 0:
            return b""
        size = min(size, self.size - start)
        if size > self._left:
            raise TooMuchToRead
        self._file.seek(start)
        found = read(self._file, size)
        self._left -= len(found)
        return found

    def number(self, start: int, size: int) -> int:
        """Read a big-endian number."""
        return int.from_bytes(self.at(start, size), "big")


def tag_size(file: BoundedFile, at: int) -> int:
    """Return the bytes of an ID3 or APEv2 tag that begins here; 0 where none does."""
    head = file.at(at, _APE_HEAD)
    if head[:3] == b"ID3" and len(head) > 10:
        size = 10 + (10 if head[5] & 0x10 else 0)  # a foot, of ID3v2.4
        return size + sum((byte & 0x7F) << 7 * (3 - n) for n, byte in enumerate(head[6:10]))
    if head[:3] == b"TAG":
        return _ID3V1
    if head[:8] == b"APETAGEX":
        return _APE_HEAD + int.from_bytes(head[12:16], "little")
    return 0


def tags_end(file: BoundedFile) -> int:
    """Find the end of the ID3v2 tags at the beginning; 0 without one."""
    at = 0
    while file.at(at, 3) == b"ID3" and (size := tag_size(file, at)):
        at += size
    return at


def audio_end(file: BoundedFile) -> int:
    """Find where the tags at the end begin: ID3v1, APEv2 and Lyrics3v2, in this order."""
    end = file.size
    if file.at(end - _ID3V1, 3) == b"TAG":
        end -= _ID3V1
    foot = file.at(end - _APE_HEAD, _APE_HEAD)
    if foot[:8] == b"APETAGEX":
        whole = _APE_HEAD if foot[23] & 0x80 else 0
        end -= int.from_bytes(foot[12:16], "little") + whole
    foot = file.at(end - 15, 15)
    if foot[6:] == b"LYRICS200" and foot[:6].isdigit():
        end -= int(foot[:6]) + 15
    return max(0, end)
