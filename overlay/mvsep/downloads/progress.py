"""Progress of a download: calls to the caller's function, the end of all files, and speed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from mvsep.core.flow import call_back
from mvsep.downloads.plan import OnFile
from mvsep.job_state import ResultFile
from mvsep.settings.client import ClientSettings


class Stopped(Exception):
    """The download as a whole has been given up."""


class Progress:
    """The caller's `on_file`, called one at a time; an exception of it stops the whole download."""

    def __init__(self, on_file: OnFile | None) -> None:
        self.fault: BaseException | None = None
        self._on_file = on_file
        self._stopped = False
        self._lock = threading.Lock()
        self._writing, self._changed = 0, threading.Condition()

    def stop(self) -> None:
        """End every file at its next step."""
        with self._changed:
            self._stopped = True

    def settle(self) -> None:
        """Wait until no file is written to any more, once the download is given up."""
        with self._changed:
            while self._writing:
                self._changed.wait(0.5)  # in bits: Ctrl-C does not end a long wait everywhere

    def check(self) -> None:
        """Raise Stopped once the download is given up."""
        if self._stopped:
            raise Stopped

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write to a file, which `settle` waits for."""
        with self._changed:
            self.check()
            self._writing += 1
        try:
            yield
        finally:
            with self._changed:
                self._writing -= 1
                self._changed.notify_all()

    def show(self, file: ResultFile, done: int, total: int | None) -> None:
        """Tell the caller how many bytes of a file have come."""
        with self._lock:
            self.check()
            if self._on_file is None:
                return
            try:
                call_back(self._on_file, file, done, total)
            except BaseException as error:
                # Kept apart: an OSError of the caller's is no failure of the download.
                self.fault = error
                self.stop()
                raise Stopped from error


class Speed:
    """Watch over a file's bytes, which may not come too slowly.

    Args:
        settings: Those of the client, with its clock.
        size: The bytes of the file so far.

    Attributes:
        stalls: How often in a row too few bytes had come when it was time to look.
    """

    def __init__(self, settings: ClientSettings, size: int) -> None:
        self.stalls = 0
        self._policy, self._clock = settings.downloads, settings.timing.clock
        self._seen, self._had = self._clock(), size

    def begin(self) -> None:
        """Take note that the file starts from nothing."""
        self._had = 0

    def leave_out(self, seconds: float) -> None:
        """Leave out a pause, in which no bytes are expected."""
        self._seen += seconds

    def note(self, size: int) -> bool:
        """Take note of the bytes so far; True where it is time to look and they are too few."""
        policy, now = self._policy, self._clock()
        if now - self._seen < policy.patience:
            return False
        too_few = size - self._had < policy.slowest * policy.patience
        self.stalls = self.stalls + 1 if too_few else 0
        self._seen, self._had = now, size
        return too_few
