"""Bodies of requests, watched on their way, to know of a break whether the end went out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Final

import httpx

#: The key in `request.extensions` that says the end of the body was about to be handed over.
BODY_SENT = "mvsep.body_sent"

_PIECE: Final = 1 << 20


def _pieces(parts: Iterable[bytes], extensions: dict[str, Any], least: int) -> Iterator[bytes]:
    """Yield a body in pieces of at least `least` bytes, and note when its end comes.

    The last part goes by itself, and the note comes before it: a connection that breaks while it
    is on its way may have delivered it.
    """
    piece, held = bytearray(), b""
    for part in filter(None, parts):
        piece += held
        held = part
        if len(piece) >= max(least, 1):
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)
    extensions[BODY_SENT] = True
    if held:
        yield held


class WatchedBody(httpx.SyncByteStream):
    """A request body that notes when its end is handed over."""

    def __init__(self, stream: httpx.SyncByteStream, extensions: dict[str, Any]) -> None:
        self._stream = stream
        self._extensions = extensions

    def __iter__(self) -> Iterator[bytes]:
        return _pieces(self._stream, self._extensions, 0)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


class AsyncWatchedBody(httpx.AsyncByteStream):
    """An async one. It reads files in a thread: a slow disk must not hold up the event loop."""

    def __init__(self, stream: Any, extensions: dict[str, Any]) -> None:
        self._stream = stream
        self._extensions = extensions

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if isinstance(self._stream, httpx.SyncByteStream):
            pieces = _pieces(self._stream, self._extensions, _PIECE)
            while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                yield piece
            return
        held = b""
        async for part in self._stream:
            if held:
                yield held
            held = part
        self._extensions[BODY_SENT] = True
        if held:
            yield held

    async def aclose(self) -> None:
        """Close the stream."""
        await self._stream.aclose()


def is_sent(request: httpx.Request) -> bool:
    """Tell whether the end of a request was about to be handed over.

    Before that the service can't have acted on it: its front end passes on whole bodies only.
    (Inferred, not confirmed by the service.)
    """
    return bool(request.extensions.get(BODY_SENT, False))
