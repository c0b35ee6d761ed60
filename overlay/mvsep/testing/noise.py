"""Stems on no disk: each byte follows from its position.

For uploads of gigabytes whose separation would take minutes and as much disk again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Iterator

from attrs import frozen
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

_BLOCK = 1 << 20
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@frozen
class Noise:
    """A WAV file of noise: its seed, its header, and its size in bytes with the header."""

    seed: str
    header: bytes
    size: int

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `stop`, at most a megabyte at a time."""
        stop = self.size if stop is None else stop
        while start < stop:
            number, offset = divmod(start, _BLOCK)
            length = min(_BLOCK, self.size - number * _BLOCK)
            block = hashlib.shake_128(f"{self.seed} {number}".encode()).digest(length)
            if number == 0:
                block = self.header + block[len(self.header) :]
            piece = block[offset : offset + stop - start]
            start += len(piece)
            yield piece

    def sha256(self) -> str:
        """Compute the checksum, in hexadecimal. Takes some seconds for each gigabyte."""
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()

    def response(self, request: Request, etag: str) -> Response:
        """Answer a GET for it; knows Range (one of them) and If-Range."""
        headers = {"Accept-Ranges": "bytes", "ETag": etag}
        asked = _RANGE.fullmatch(request.headers.get("range", ""))
        if (
            asked is None
            or request.headers.get("if-range", etag) != etag
            or not any(asked.groups())
        ):
            return self._answer(200, 0, self.size, headers)
        first, last = asked.groups()
        if first:
            start, stop = int(first), min(int(last) + 1, self.size) if last else self.size
        else:
            start, stop = max(0, self.size - int(last)), self.size
        if start >= stop:
            return Response(status_code=416, headers={"Content-Range": f"bytes */{self.size}"})
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{self.size}"
        return self._answer(206, start, stop, headers)

    def _answer(self, status: int, start: int, stop: int, headers: dict[str, str]) -> Response:
        headers["Content-Length"] = str(stop - start)
        pieces = _handed_over(self.pieces(start, stop))
        return StreamingResponse(pieces, status, headers, media_type="audio/x-wav")


async def _handed_over(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    # An iterator that is not async would be taken to a thread for each piece.
    for piece in pieces:
        yield piece
