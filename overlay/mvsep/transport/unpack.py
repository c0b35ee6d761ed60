"""Content codings of the API's answers, unpacked within a limit."""

from __future__ import annotations

import zlib
from typing import Final

import httpx

#: The codings that the API is asked for.
ACCEPTED: Final = "gzip, deflate"

_GZIP: Final = zlib.MAX_WBITS | 16
# "deflate" is sent with zlib's frame, as its RFC says, and without it.
_WINDOWS: Final = {
    "gzip": (_GZIP,),
    "x-gzip": (_GZIP,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}


def unpacked(content: bytes, coding: str, most: int) -> bytes:
    """Unpack an answer of at most `most` bytes.

    Raises:
        httpx.DecodingError: When it has more, or a coding that was not asked for.
    """
    names = [name.strip().lower() for name in coding.split(",")]
    names = [name for name in names if name not in {"", "identity"}]
    if not names or not content:
        return content
    if len(names) > 1 or names[0] not in _WINDOWS:
        raise httpx.DecodingError(f"It came in a coding that was not asked for: {coding!a:.40}")
    for window in _WINDOWS[names[0]]:
        inflate = zlib.decompressobj(window)
        try:
            plain = inflate.decompress(content, most + 1)
        except zlib.error:
            continue
        if len(plain) > most:
            raise too_long()
        if inflate.eof:
            return plain
        break
    raise httpx.DecodingError(f"It is no whole {names[0]}")


def too_long() -> httpx.DecodingError:
    """Make the error for an answer that is longer than any can be."""
    return httpx.DecodingError("It is too long to be one")
