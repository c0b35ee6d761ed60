"""Progress of a download that several threads or tasks share."""

from __future__ import annotations

import threading

from mvsep.downloads.result import OnFile
from mvsep.job_state import ResultFile


class Stopped(Exception):
    """The download as a whole has been given up."""


class Progress:
    """The caller's `on_file`, called one at a time; an exception of it stops the whole download."""

    def __init__(self, on_file: OnFile | None) -> None:
        self.fault: BaseException | None = None
        self._on_file = on_file
        self._stopped = False
        self._lock = threading.Lock()

    def stop(self) -> None:
        """End every file at its next step."""
        self._stopped = True

    def check(self) -> None:
        """Raise Stopped once the download is given up."""
        if self._stopped:
            raise Stopped

    def show(self, file: ResultFile, done: int, total: int | None) -> None:
        """Tell the caller how many bytes of a file have come."""
        with self._lock:
            self.check()
            if self._on_file is None:
                return
            try:
                self._on_file(file, done, total)
            except BaseException as error:
                # Kept apart: an OSError of the caller's is no failure of the download.
                self.fault = error
                self.stop()
                raise Stopped from error
