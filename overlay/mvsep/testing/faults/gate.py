"""A gate that a test opens bit by bit, from another thread than the server's."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading


class Gate:
    """A gate that slow answers pass piece by piece; open unless it is closed.

    Attributes:
        passed: The number of pieces that passed.
    """

    def __init__(self, *, closed: bool = False) -> None:
        self.passed = 0
        self._left: float = 0 if closed else math.inf
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = []
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let nothing pass from now on."""
        with self._lock:
            self._left = 0

    def let(self, pieces: int) -> None:
        """Let so many more pieces pass."""
        self._wake(pieces)

    def open(self) -> None:
        """Let everything pass."""
        self._wake(math.inf)

    async def passing(self) -> None:
        """Wait until one more may pass."""
        while True:
            with self._lock:
                if self._left > 0:
                    self._left -= 1
                    self.passed += 1
                    return
                turn = asyncio.get_running_loop().create_future()
                self._waiting.append((asyncio.get_running_loop(), turn))
            await turn

    def _wake(self, more: float) -> None:
        with self._lock:
            self._left += more
            waiting, self._waiting = self._waiting, []
        for loop, turn in waiting:
            with contextlib.suppress(RuntimeError):  # its loop is closed: nobody waits there
                loop.call_soon_threadsafe(_end, turn)


def _end(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)
