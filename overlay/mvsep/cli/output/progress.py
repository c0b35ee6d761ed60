"""Progress of songs on standard error: bars on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import os
import sys
from typing import Self

from rich.progress import TaskID

from mvsep.cli.output.board import Bars, board
from mvsep.cli.output.streams import note
from mvsep.cli.output.text import harmless, megabytes, printable
from mvsep.cli.output.views import ENDS, NO_ANSWER, Ended, View, place, sentence, stage
from mvsep.job_state import JobState, ResultFile

# Prefixes of the keys of bars. A bar of a state counts no bytes.
_STATE = "state "
_FILE = "file "


class _Stages(View):
    """A bar for each stage of one song."""

    def __init__(self) -> None:
        self._progress = Bars()
        self._tasks: dict[str, TaskID] = {}
        self._stage: str | None = None

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._leave()
            for key, task in self._tasks.items():
                if key.startswith(_FILE):
                    self._fill(task, in_bytes=True)
        self._progress.stop()

    def say(self, line: str) -> None:
        self._progress.show(harmless(line))

    def sending(self, title: str) -> None:
        self._enter("upload", printable(title))

    def uploading(self, sent: int, total: int | None) -> None:
        whole = total is not None and sent >= total
        self._progress.update(
            self._tasks["upload"],
            completed=sent,
            # One more: it is not done before the service has answered.
            total=None if total is None else total + 1,
            detail="awaiting the answer" if whole else megabytes(sent, total),
        )

    def created(self, hash: str) -> None:
        super().created(hash)
        self._leave()

    def state(self, state: JobState) -> None:
        if state.status in ENDS:
            return
        key = _STATE + state.status
        self._enter(key, stage(state))
        task = self._tasks[key]
        if state.trouble:
            self._progress.update(task, detail=NO_ANSWER, refresh=True)
        elif state.chunks_all:
            done = state.chunks_done or 0
            detail = f"{done} of {state.chunks_all} chunks"
            self._progress.update(
                task, total=state.chunks_all, completed=done, detail=detail, refresh=True
            )
        elif state.place is not None:
            self._progress.update(task, detail=place(state), refresh=True)
        else:
            self._progress.update(task, detail="")

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        # Several arrive at once, so that none of them is the stage.
        key = f"{_FILE}{file.url}"
        if key not in self._tasks:
            self._leave()
            title = f"Download {printable(file.label or file.name)}"
            self._tasks[key] = self._progress.add_task(title, total=None, detail="")
        self._progress.update(
            self._tasks[key], completed=done, total=total, detail=megabytes(done, total)
        )

    def ended(self, end: Ended) -> None:
        if end.failed or end.goes_on:
            for task in self._progress.tasks:
                if not task.finished:
                    self._progress.stop_task(task.id)
                    self._progress.update(task.id, failed=True, refresh=True)
            self._tasks.clear()
            self._stage = None

    def _enter(self, key: str, title: str) -> None:
        """Begin a stage and end the one before; a stage can come again."""
        if self._stage == key:
            return
        self._leave()
        self._stage = key
        if key in self._tasks:
            self._progress.reset(self._tasks[key])
        else:
            self._tasks[key] = self._progress.add_task(title, total=None, detail="")

    def _leave(self) -> None:
        if self._stage is not None:
            self._fill(self._tasks[self._stage], in_bytes=not self._stage.startswith(_STATE))
            self._stage = None

    def _fill(self, task: TaskID, *, in_bytes: bool) -> None:
        """Fill a bar; its detail says only how much has moved."""
        moved = int(next(each.completed for each in self._progress.tasks if each.id == task))
        detail = megabytes(moved, None) if moved and in_bytes else ""
        self._progress.update(task, total=moved or 1, completed=moved or 1, detail=detail)


class _Lines(View):
    """Plain lines, for logs and pipes; those of several songs begin with the song's name."""

    def __init__(self, name: str = "", *, several: bool = False) -> None:
        self._name, self._several = name, several
        self._files: set[str] = set()

    def of(self, name: str, credits: int | None = None, number: int = 0) -> View:
        return _Lines(name, several=True) if self._several else self

    def say(self, line: str) -> None:
        note(f"{printable(self._name)}: {line}" if self._name else line)

    def sending(self, title: str) -> None:
        self.say(printable(title))

    def state(self, state: JobState) -> None:
        if state.status not in ENDS:
            self.say(sentence(str(state)))

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        if file.url not in self._files:
            self._files.add(file.url)
            self.say(f"Download {printable(file.label or file.name)}")

    def ended(self, end: Ended) -> None:
        if self._several:
            self.say(printable(end.words))


def choose_view(*, quiet: bool, several: bool, count: int = 0) -> View:
    """Choose the view that fits standard error.

    Args:
        quiet: True to show nothing.
        several: True for several songs.
        count: The number of songs; 0 where it is not known.
    """
    if quiet:
        return View()
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return board(count) if several else _Stages()
    return _Lines(several=several)
