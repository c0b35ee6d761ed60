"""What is shown while a job runs: bars on a terminal, plain lines elsewhere, or nothing.

All of it goes to standard error; standard output is for the result.
"""

from __future__ import annotations

import os
import sys
from typing import Self

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from mvsep.cli.words import megabytes, printable
from mvsep.job_state import JobState, ResultFile

_TITLES = {
    "waiting": "Queue",
    "processing": "Processing",
    "distributing": "Processing in parts",
    "merging": "Merging",
    "converting": "Converting",
}
# States that need no showing: what comes of them, stems or an error, is shown next.
_ENDS = frozenset({"done", "failed", "not_found"})
# What begins the key of a stage that is a state of the job, where the others count bytes.
_STATE = "state "
_FILE = "file "


class Silent:
    """Shows nothing; the base of the others.

    `uploading`, `state` and `file` are what the library calls with the state of things.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End what is shown."""

    def of(self, name: str) -> Silent:
        """What shows one song; of several, each by its name."""
        return self

    def say(self, line: str) -> None:
        """Show a remark."""

    def ended(self, *, failed: bool) -> None:
        """The song is done, or something went wrong."""

    def sending(self, title: str) -> None:
        """The job is about to be created from a file or a link."""

    def uploading(self, sent: int, total: int | None) -> None:
        """Bytes of the mixture were handed over."""

    def created(self, hash: str) -> None:
        """There is a job."""
        self.say(f"Job {printable(hash)}")

    def state(self, state: JobState) -> None:
        """The job's state changed."""

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        """Bytes of a stem arrived."""


class Lines(Silent):
    """Plain lines, for logs and pipes: no bars, nothing that moves."""

    def __init__(self) -> None:
        self._files: set[str] = set()

    def say(self, line: str) -> None:
        """Show a remark."""
        click.echo(line, err=True)

    def sending(self, title: str) -> None:
        """The job is about to be created from a file or a link."""
        self.say(printable(title))

    def state(self, state: JobState) -> None:
        """The job's state changed."""
        if state.status not in _ENDS:
            self.say(_spoken(str(state)))

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        """Bytes of a stem arrived."""
        if file.url not in self._files:
            self._files.add(file.url)
            self.say(f"Fetching {printable(file.label or file.name)}")


class NamedLines(Lines):
    """Plain lines for several songs, each with its name in front."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self._name = name

    def of(self, name: str) -> Silent:
        """What shows one song."""
        return NamedLines(name)

    def say(self, line: str) -> None:
        """Show a remark."""
        super().say(f"{printable(self._name)}: {line}" if self._name else line)

    def ended(self, *, failed: bool) -> None:
        """The song is done, or something went wrong."""
        self.say("not separated" if failed else "done")


class Bars(Silent):
    """A line for each stage of the job, with a bar."""

    def __init__(self) -> None:
        self._progress = _progress()
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
        """Show a remark above the bars."""
        self._progress.console.print(line, markup=False, soft_wrap=True)

    def sending(self, title: str) -> None:
        """The job is about to be created from a file or a link."""
        self._enter("upload", printable(title))

    def uploading(self, sent: int, total: int | None) -> None:
        """Bytes of the mixture were handed over."""
        whole = total is not None and sent >= total
        self._progress.update(
            self._tasks["upload"],
            completed=sent,
            # One more: it is not done before the service has answered.
            total=None if total is None else total + 1,
            detail="awaiting the answer" if whole else megabytes(sent, total),
        )

    def created(self, hash: str) -> None:
        """There is a job."""
        super().created(hash)
        self._leave()

    def state(self, state: JobState) -> None:
        """The job's state changed."""
        if state.status in _ENDS:
            return
        key = _STATE + state.status
        self._enter(key, _TITLES.get(state.status) or _spoken(state.message or state.status))
        task = self._tasks[key]
        if state.chunks_all:
            self._progress.update(
                task,
                total=state.chunks_all,
                completed=state.chunks_done or 0,
                detail=f"{state.chunks_done or 0} of {state.chunks_all} chunks",
                refresh=True,
            )
        elif state.place is not None:
            place = f"place {state.place} of {state.queue or '?'}"
            self._progress.update(task, detail=place, refresh=True)

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        """Bytes of a stem arrived."""
        # Several arrive at once, so that none of them is the stage.
        key = f"{_FILE}{file.url}"
        if key not in self._tasks:
            self._leave()
            title = f"Download {printable(file.label or file.name)}"
            self._tasks[key] = self._progress.add_task(title, total=None, detail="")
        self._progress.update(
            self._tasks[key], completed=done, total=total, detail=megabytes(done, total)
        )

    def _enter(self, key: str, title: str) -> None:
        """Go over to a stage, ending the one before; a stage can come again."""
        if self._stage == key:
            return
        self._leave()
        self._stage = key
        if key in self._tasks:
            self._progress.reset(self._tasks[key])
        else:
            self._tasks[key] = self._progress.add_task(title, total=None, detail="")

    def _leave(self) -> None:
        """End the stage: its bar is full, and its detail says no more than what has moved."""
        if self._stage is None:
            return
        self._fill(self._tasks[self._stage], in_bytes=not self._stage.startswith(_STATE))
        self._stage = None

    def _fill(self, task: TaskID, *, in_bytes: bool) -> None:
        moved = int(next(each.completed for each in self._progress.tasks if each.id == task))
        self._progress.update(
            task,
            total=moved or 1,
            completed=moved or 1,
            detail=megabytes(moved, None) if moved and in_bytes else "",
        )


class Board(Silent):
    """A line for each of several songs, with its stage."""

    def __init__(self) -> None:
        self._progress = _progress()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._progress.stop()

    def of(self, name: str) -> Silent:
        """What shows one song."""
        return _Row(self._progress, name)


class _Row(Silent):
    """One song on the board."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._name = name
        self._task = progress.add_task(printable(name), total=1, detail="")

    def say(self, line: str) -> None:
        """Show a remark above the board."""
        self._progress.console.print(
            f"{printable(self._name)}: {line}", markup=False, soft_wrap=True
        )

    def uploading(self, sent: int, total: int | None) -> None:
        """Bytes of the mixture were handed over."""
        self._update(f"up {megabytes(sent, total)}", sent, total or 0)

    def created(self, hash: str) -> None:
        """There is a job."""
        super().created(hash)
        self._update("")

    def state(self, state: JobState) -> None:
        """The job's state changed."""
        if state.status in _ENDS:
            return
        if state.place is not None and not state.chunks_all:
            self._update(f"place {state.place} of {state.queue or '?'}")
        else:
            stage = _TITLES.get(state.status) or _spoken(state.message or state.status)
            self._update(stage, state.chunks_done or 0, state.chunks_all or 0)

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        """Bytes of a stem arrived."""
        self._update(f"down {printable(file.label or file.name)}", done, total or 0)

    def ended(self, *, failed: bool) -> None:
        """The song is done, or something went wrong."""
        # A row that stays empty is one that went wrong.
        self._update("not separated" if failed else "", 0 if failed else 1)
        self._progress.stop_task(self._task)

    def _update(self, detail: str, done: int = 0, total: int = 0) -> None:
        # One more than all: only the end of the song is its end.
        self._progress.update(
            self._task, detail=detail, completed=done, total=total + 1, refresh=True
        )


def choose(*, quiet: bool, many: bool = False) -> Silent:
    """What fits where standard error goes.

    Args:
        quiet: Whether nothing is wanted.
        many: Whether there are several songs.
    """
    if quiet:
        return Silent()
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        return Board() if many else Bars()
    return NamedLines() if many else Lines()


def _progress() -> Progress:
    # 75 columns in all: a line that fills the terminal would be torn by the "^C" echoed on it.
    title = Column(width=24, no_wrap=True, overflow="ellipsis")
    detail = Column(width=19, no_wrap=True, overflow="ellipsis")
    return Progress(
        SpinnerColumn(finished_text="[green]*[/]" if _ascii_only() else "[green]✓[/]"),
        TextColumn("{task.description}", markup=False, table_column=title),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[detail]}", markup=False, table_column=detail),
        TimeElapsedColumn(),
        console=Console(stderr=True, highlight=False, emoji=False),
        # Standard output is the result's, and goes out as it is.
        redirect_stdout=False,
    )


def _spoken(text: str) -> str:
    return printable(text.replace("_", " ")).capitalize()


def _ascii_only() -> bool:
    return not (sys.stderr.encoding or "").lower().startswith("utf")
