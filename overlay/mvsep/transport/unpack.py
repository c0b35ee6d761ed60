"""Content codings, unpacked a little at a time and within a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final

import httpx

#: The codings that the API is asked for.
ACCEPTED: Final = "gzip, deflate"

#: The codings that can be unpacked.
CODINGS: Final = frozenset({"gzip", "x-gzip", "deflate"})

#: The most values of an answer in JSON. The longest known ones have about 70,000, and what is made
#: of one takes up to half a kilobyte: a few packed ones must not fill the memory.
MOST_VALUES: Final = 400_000

_HEADER: Final = 2
_PIECE: Final = 1 << 18


class Spoilt(Exception):
    """The bytes are not of their coding."""


class Unpacker:
    """The plain bytes of coded ones. However many they are, no more than 256 KiB are in memory."""

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._inner: Any = None
        self._head = b""

    @property
    def is_over(self) -> bool:
        """True once the end of the coded bytes has come, and their checksum fits."""
        return self._inner is not None and self._inner.eof

    def unpack(self, coded: bytes) -> Iterator[bytes]:
        """Yield the plain bytes of the next coded ones.

        Raises:
            Spoilt: When they can't be unpacked.
        """
        if self._inner is None:
            coded = self._head = self._head + coded
            if len(coded) < _HEADER:
                return
            self._inner = zlib.decompressobj(_bits(self._coding, coded))
        while not self.is_over:
            try:
                plain = self._inner.decompress(coded, _PIECE)
            except zlib.error as error:
                raise Spoilt(str(error)) from error
            coded = self._inner.unconsumed_tail
            if plain:
                yield plain
            if not coded and len(plain) < _PIECE:
                return


def _bits(coding: str, head: bytes) -> int:
    """Return zlib's word for a coding."""
    if coding != "deflate":
        return zlib.MAX_WBITS | 16
    # Some servers send deflate without the header that RFC 9110 (8.4.1.2) asks for; RFC 1950 (2.2)
    # tells it.
    has_header = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:_HEADER]) % 31 == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS


def unpacked(content: bytes, coding: str, most: int) -> bytes:
    """Unpack an answer of at most `most` bytes.

    Raises:
        httpx.DecodingError: When it has more, or a coding that was not asked for.
    """
    names = [name.strip().lower() for name in coding.split(",")]
    names = [name for name in names if name not in {"", "identity"}]
    if not names or not content:
        return content
    if len(names) > 1 or names[0] not in CODINGS:
        raise httpx.DecodingError(f"It came in a coding that was not asked for: {coding!a:.40}")
    unpacker, plain = Unpacker(names[0]), bytearray()
    try:
        for piece in unpacker.unpack(content):
            plain += piece
            if len(plain) > most:
                raise too_long()
    except Spoilt:
        pass
    if not unpacker.is_over:
        raise httpx.DecodingError(f"It is no whole {names[0]}")
    return bytes(plain)


def has_too_many_values(content: bytes) -> bool:
    """Tell, before it is parsed, whether JSON has more values than any answer."""
    return sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES


def too_long() -> httpx.DecodingError:
    """Make the error for an answer that is longer than any can be."""
    return httpx.DecodingError("It is too long to be one")
