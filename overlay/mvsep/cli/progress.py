"""Progress of songs on standard error: bars on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import os
import sys
from typing import Self

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from mvsep.cli.streams import console, note
from mvsep.cli.text import harmless, megabytes, printable
from mvsep.job_state import JobState, ResultFile

_STAGES = {
    "waiting": "Queue",
    "processing": "Processing",
    "distributing": "Processing in parts",
    "merging": "Merging",
    "converting": "Converting",
    "unknown": "State unknown",
}
# States that are not shown: the stems or the error that follow are.
_ENDS = frozenset({"done", "failed", "not_found"})
_NO_ANSWER = "no answer; retrying"
# Prefixes of the keys of bars. A bar of a state counts no bytes.
_STATE = "state "
_FILE = "file "


class View:
    """A view that shows nothing; the base of the others."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Finish the display."""

    def of(self, name: str) -> View:
        """Return the view of one song."""
        return self

    def say(self, line: str) -> None:
        """Show a remark."""

    def sending(self, title: str) -> None:
        """Show that the job is about to be created."""

    def uploading(self, sent: int, total: int | None) -> None:
        """Show the bytes of the upload so far."""

    def created(self, hash: str) -> None:
        """Show the new job."""
        self.say(f"Job {printable(hash)}")

    def state(self, state: JobState) -> None:
        """Show the job's state."""

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        """Show the bytes of a stem so far."""

    def ended(self, reason: str | None) -> None:
        """Show the end of the song, and why it failed if it did."""


class _Lines(View):
    """Plain lines, for logs and pipes; those of several songs begin with the song's name."""

    def __init__(self, name: str = "", *, several: bool = False) -> None:
        self._name, self._several = name, several
        self._files: set[str] = set()

    def of(self, name: str) -> View:
        return _Lines(name, several=True) if self._several else self

    def say(self, line: str) -> None:
        note(f"{printable(self._name)}: {line}" if self._name else line)

    def sending(self, title: str) -> None:
        self.say(printable(title))

    def state(self, state: JobState) -> None:
        if state.status not in _ENDS:
            self.say(_sentence(str(state)))

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        if file.url not in self._files:
            self._files.add(file.url)
            self.say(f"Download {printable(file.label or file.name)}")

    def ended(self, reason: str | None) -> None:
        if self._several:
            self.say("done" if reason is None else f"failed: {printable(reason)}")


class _Live(View):
    """A display that is redrawn until its end."""

    def __init__(self) -> None:
        self._progress = _new_progress()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._progress.stop()


class _Bars(_Live):
    """A bar for each stage of one song."""

    def __init__(self) -> None:
        super().__init__()
        self._tasks: dict[str, TaskID] = {}
        self._stage: str | None = None

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._leave()
            for key, task in self._tasks.items():
                if key.startswith(_FILE):
                    self._fill(task, in_bytes=True)
        super().__exit__(kind)

    def say(self, line: str) -> None:
        self._progress.console.print(harmless(line), soft_wrap=True)

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
        if state.status in _ENDS:
            return
        key = _STATE + state.status
        self._enter(key, _stage(state))
        task = self._tasks[key]
        if state.trouble:
            self._progress.update(task, detail=_NO_ANSWER, refresh=True)
        elif state.chunks_all:
            done = state.chunks_done or 0
            detail = f"{done} of {state.chunks_all} chunks"
            self._progress.update(
                task, total=state.chunks_all, completed=done, detail=detail, refresh=True
            )
        elif state.place is not None:
            self._progress.update(task, detail=_place(state), refresh=True)
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

    def ended(self, reason: str | None) -> None:
        if reason is not None:  # the bars stay as they are
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


class _Board(_Live):
    """A row for each of several songs."""

    def of(self, name: str) -> View:
        return _Row(self._progress, name)


class _Row(View):
    """A song's row on the board."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._name = printable(name)
        self._task = progress.add_task(self._name, total=1, detail="")

    def say(self, line: str) -> None:
        self._progress.console.print(harmless(f"{self._name}: {line}"), soft_wrap=True)

    def uploading(self, sent: int, total: int | None) -> None:
        self._update(f"up {megabytes(sent, total)}", sent, total or 0)

    def created(self, hash: str) -> None:
        super().created(hash)
        self._update("")

    def state(self, state: JobState) -> None:
        if state.status in _ENDS:
            return
        if state.trouble:
            self._update(_NO_ANSWER)
        elif state.place is not None and not state.chunks_all:
            self._update(_place(state))
        else:
            self._update(_stage(state), state.chunks_done or 0, state.chunks_all or 0)

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        self._update(f"down {printable(file.label or file.name)}", done, total or 0)

    def ended(self, reason: str | None) -> None:
        failed = reason is not None
        # The bar of a song that failed stays empty.
        self._update("failed" if failed else "", 0 if failed else 1)
        self._progress.stop_task(self._task)

    def _update(self, detail: str, done: int = 0, total: int = 0) -> None:
        # One more than all: only the end of the song fills the bar.
        self._progress.update(
            self._task, detail=detail, completed=done, total=total + 1, refresh=True
        )


def choose_view(*, quiet: bool, several: bool) -> View:
    """Choose the view that fits standard error.

    Args:
        quiet: True to show nothing.
        several: True for several songs.
    """
    if quiet:
        return View()
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return _Board() if several else _Bars()
    return _Lines(several=several)


def _new_progress() -> Progress:
    # 75 columns in all: a line that fills the terminal would be torn by the "^C" echoed on it.
    title = Column(width=24, no_wrap=True, overflow="ellipsis")
    detail = Column(width=19, no_wrap=True, overflow="ellipsis")
    ascii_only = not (sys.stderr.encoding or "").lower().startswith("utf")
    return Progress(
        SpinnerColumn(finished_text="[green]*[/]" if ascii_only else "[green]✓[/]"),
        TextColumn("{task.description}", markup=False, table_column=title),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[detail]}", markup=False, table_column=detail),
        TimeElapsedColumn(),
        console=console(err=True),
        # Standard output is the result's, and goes out as it is.
        redirect_stdout=False,
    )


def _stage(state: JobState) -> str:
    return _STAGES.get(state.status) or _sentence(state.message or state.status)


def _place(state: JobState) -> str:
    return f"place {state.place} of {state.queue or '?'}"


def _sentence(text: str) -> str:
    return printable(text.replace("_", " ")).capitalize()
