"""Places and lines that flows wait for."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from typing import Protocol


class Gate(Protocol):
    """A gate that one flow waits at until another one opens it."""

    async def passed(self) -> None:
        """Wait until it is open."""

    def open(self) -> None:
        """Open it."""


class ThreadGate:
    """The gate of a flow of the sync client, which waits in its thread."""

    def __init__(self) -> None:
        self._opened = threading.Event()

    async def passed(self) -> None:
        """Wait in this thread."""
        # In bits, for Ctrl-C does not end a wait without end on Windows.
        while not self._opened.wait(0.5):
            pass

    def open(self) -> None:
        """Open it, from any thread."""
        self._opened.set()


class TaskGate:
    """The gate of a flow of the async client, which waits in its task."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._opened = self._loop.create_future()

    async def passed(self) -> None:
        """Wait in this task."""
        await self._opened

    def open(self) -> None:
        """Open it, from any event loop."""
        with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
            self._loop.call_soon_threadsafe(self._open)

    def _open(self) -> None:
        if not self._opened.done():
            self._opened.set_result(None)


class HasGates(Protocol):
    """A port that makes gates."""

    def gate(self) -> Gate:
        """Return a new gate for the flow that calls."""


class Places:
    """Places that so many flows have at a time, in the order in which they ask.

    Args:
        port: The port of the flows.
        most: How many there are.

    Attributes:
        used: How many are taken.
    """

    def __init__(self, port: HasGates, most: float) -> None:
        self.used = 0
        self.most = most
        self._port = port
        self._line: deque[Gate] = deque()
        self._lock = threading.Lock()

    async def acquire(self, *, first: bool = False) -> None:
        """Wait for a place, and take it.

        Args:
            first: Whether to go before all others who wait.
        """
        with self._lock:
            if self.used < self.most and (first or not self._line):
                self.used += 1
                return
            gate = self._port.gate()
            if first:
                self._line.appendleft(gate)
            else:
                self._line.append(gate)
        try:
            await gate.passed()
        except BaseException:
            if not self._left_the_line(gate):
                self.release()  # the place came too late
            raise

    def occupy(self) -> None:
        """Take a place, though there may be none."""
        with self._lock:
            self.used += 1

    def release(self) -> None:
        """Give a place back."""
        with self._lock:
            self.used -= 1
            self._admit()

    def resize(self, most: float) -> None:
        """Change how many there are; who has a place keeps it."""
        with self._lock:
            self.most = most
            self._admit()

    def _admit(self) -> None:
        while self._line and self.used < self.most:
            self.used += 1
            self._line.popleft().open()

    def _left_the_line(self, gate: Gate) -> bool:
        with self._lock, suppress(ValueError):
            self._line.remove(gate)
            return True
        return False


class Line:
    """A line that flows leave in the order in which they entered it.

    Args:
        port: The port of the flows.
    """

    def __init__(self, port: HasGates) -> None:
        self._port = port
        self._waiting: dict[object, Gate | None] = {}
        self._lock = threading.Lock()

    def enter(self, who: object) -> None:
        """Enter the line, at its end."""
        with self._lock:
            self._waiting[who] = None

    async def reach_front(self, who: object) -> None:
        """Wait until all who entered before have left; who is not in line does not wait."""
        with self._lock:
            if who is self._front or who not in self._waiting:
                return
            gate = self._waiting[who] = self._port.gate()
        await gate.passed()

    def leave(self, who: object) -> None:
        """Leave the line, from any place in it."""
        with self._lock:
            self._waiting.pop(who, None)
            if gate := self._waiting.get(self._front):
                gate.open()

    @property
    def _front(self) -> object:
        return next(iter(self._waiting), None)
