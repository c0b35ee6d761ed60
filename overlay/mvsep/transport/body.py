"""Request bodies, and how far they were handed over."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Final

import httpx
from attrs import field, frozen

from mvsep.transport.port import BEFORE_END
from mvsep.transport.threads import in_thread

#: The key in `request.extensions` that says the end of the body was about to be handed over.
BODY_SENT: Final = "mvsep.body_sent"

_PIECE: Final = 1 << 20


@frozen
class Handover:
    """The way of one body: its end is handed over, or the body is given up before; never both.

    A thread that was left behind must not send the end of a body that counts as not sent.
    """

    extensions: dict[str, Any]
    _given_up: threading.Event = field(factory=threading.Event)
    _lock: threading.Lock = field(factory=threading.Lock)

    def check(self) -> None:
        """Raise once the body was given up."""
        if self._given_up.is_set():
            raise httpx.WriteError("The request was given up.")

    def end(self) -> None:
        """Note that the end is about to be handed over, after the work of `before_end`."""
        self.check()
        if work := BEFORE_END.get():
            work()
        with self._lock:
            self.check()
            self.extensions[BODY_SENT] = True

    def give_up(self) -> None:
        """Hand over nothing more."""
        with self._lock:
            self._given_up.set()


def _pieces(parts: Iterable[bytes], way: Handover, least: int) -> Iterator[bytes]:
    """Yield a body in pieces of at least `least` bytes, and note when its end comes.

    The last part goes by itself, and the note comes before it: a connection that breaks while it
    is on its way may have delivered it.
    """
    piece, held = bytearray(), b""
    for part in filter(None, parts):
        way.check()
        piece += held
        held = part
        if len(piece) >= max(least, 1):
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)
    way.end()
    if held:
        yield held


class Watched(httpx.SyncByteStream):
    """A request body that notes when its end is handed over."""

    def __init__(self, stream: httpx.SyncByteStream, way: Handover) -> None:
        self._stream = stream
        self._way = way

    def __iter__(self) -> Iterator[bytes]:
        # Piece by piece: a file that is read ahead seems to be sent, and a Ctrl-C uncertain.
        return _pieces(self._stream, self._way, 0)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


class AsyncWatched(httpx.AsyncByteStream):
    """An async one. It reads files in a thread: a slow disk must not hold up the event loop."""

    def __init__(self, stream: Any, way: Handover) -> None:
        self._stream = stream
        self._way = way

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if isinstance(self._stream, httpx.SyncByteStream):
            pieces = _pieces(self._stream, self._way, _PIECE)
            while (piece := await in_thread(next, pieces, None)) is not None:
                yield piece
            return
        held = b""
        async for part in self._stream:
            if held:
                yield held
            held = part
        self._way.end()
        if held:
            yield held

    async def aclose(self) -> None:
        """Close the stream."""
        await self._stream.aclose()
