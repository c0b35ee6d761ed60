"""The live view of several songs: a row for each that is under way, and a line for the whole."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Self

from attrs import define, field
from rich.console import RenderableType
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column
from rich.text import Text

from mvsep.cli.output.streams import console
from mvsep.cli.output.text import clock_time, harmless, megabytes, plural, printable
from mvsep.cli.output.views import ENDS, NO_ANSWER, Ended, View, place, stage
from mvsep.job_state import JobState, ResultFile

# Lines of the terminal that are not for rows: the whole, the cursor, and one to spare.
_REST = 3
_REASON = 60


class _Mark(SpinnerColumn):
    """A spinner that ends as a green tick or a red cross."""

    def __init__(self, tick: str, cross: str) -> None:
        self._cross = cross
        spinner = "line" if tick.isascii() else "dots"
        super().__init__(spinner, finished_text=f"[green]{tick}[/]")

    def render(self, task: Task) -> RenderableType:
        """Show how a task stands."""
        if task.fields.get("failed"):
            return Text(self._cross, style="red")
        return super().render(task)


@define
class Whole:
    """The progress of all songs."""

    count: int
    done: int = 0
    failed: int = 0
    running: int = 0
    credits: int = 0

    def line(self, seconds: float | None) -> str:
        """Return it as a line, after so many seconds."""
        ended = self.done + self.failed + self.running
        known = f"{ended} of {plural(self.count, 'song')}"
        parts = [f"{known if self.count else plural(ended, 'song')} ended"]
        parts += [f"{self.failed} failed"] * bool(self.failed)
        parts += [f"{self.running} go on at the service"] * bool(self.running)
        parts += [f"{plural(self.credits, 'credit')} spent"] * bool(self.credits)
        if seconds and 0 < ended < self.count:
            parts.append(f"about {clock_time(seconds / ended * (self.count - ended))} left")
        return ", ".join(parts)


class Bars(Progress):
    """Bars on standard error, and a line below them.

    Args:
        whole: All songs, for the line.

    Attributes:
        marks: The marks of what is done and of what failed, in the encoding of the terminal.
    """

    def __init__(self, whole: Whole | None = None) -> None:
        # 75 columns in all: a line that fills the terminal would be torn by the "^C" echoed on it.
        title = Column(width=24, no_wrap=True, overflow="ellipsis")
        detail = Column(width=19, no_wrap=True, overflow="ellipsis")
        self._whole, self._console = whole, console(err=True)
        self._began: float | None = None
        # Not later, when it shows lines above the bars instead of standard error.
        is_utf = (sys.stderr.encoding or "").lower().startswith("utf")
        self.marks = ("✓", "✗") if is_utf else ("*", "x")
        super().__init__(
            _Mark(*self.marks),
            TextColumn("{task.description}", markup=False, table_column=title),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[detail]}", markup=False, table_column=detail),
            TimeElapsedColumn(),
            console=self._console,
            # Standard output is the result's, and goes out as it is.
            redirect_stdout=False,
        )
        self._began = self.get_time()

    def show(self, line: str | Text) -> None:
        """Show a line above the bars."""
        # Without the lock a refresh of another thread could come between what clears the bars
        # and the line, and would be cleared in its place: lines get lost so.
        with self.live._lock:
            self._console.print(line, soft_wrap=True)

    def get_renderables(self) -> Iterable[RenderableType]:
        """Return the rows that the terminal has room for, and the line of the whole."""
        room = max(self._console.height - _REST, 1)
        # Songs begin in any order, but are looked for in that of the list.
        shown = sorted(
            (task for task in self.tasks if task.visible),
            key=lambda task: task.fields.get("number", 0),
        )
        yield self.make_tasks_table(shown if self._whole is None else shown[:room])
        if self._whole is not None and self._began is not None:
            yield Text(self._whole.line(self.get_time() - self._began), style="bold")


@define
class _Board(View):
    """A row for each of several songs that is under way; those that ended go by above.

    Args:
        count: The number of songs.
    """

    count: int
    _whole: Whole = field(init=False)
    _bars: Bars = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._whole = Whole(self.count)
        self._bars = Bars(self._whole)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._bars.stop()

    def of(self, name: str, credits: int | None = None, number: int = 0) -> View:
        task = self._bars.add_task(printable(name), total=None, detail="", number=number)
        return _Row(self._bars, self._whole, task, printable(name), credits)


class _Row(View):
    """A song's row on the board."""

    def __init__(
        self, bars: Bars, whole: Whole, task: TaskID, name: str, credits: int | None
    ) -> None:
        self._bars, self._whole, self._task = bars, whole, task
        self._name, self._credits = name, credits

    def say(self, line: str) -> None:
        self._bars.show(harmless(f"{self._name}: {line}"))

    def sending(self, title: str) -> None:
        self._update("sending")

    def uploading(self, sent: int, total: int | None) -> None:
        self._update(f"up {megabytes(sent, total)}", sent, total)

    def created(self, hash: str) -> None:
        self._whole.credits += self._credits or 0
        self._credits = None
        self._update("accepted")

    def state(self, state: JobState) -> None:
        if state.status in ENDS:
            return
        if state.trouble:
            self._update(NO_ANSWER)
        elif state.place is not None and not state.chunks_all:
            self._update(place(state))
        else:
            self._update(stage(state), state.chunks_done or 0, state.chunks_all)

    def file(self, file: ResultFile, done: int, total: int | None) -> None:
        self._update(f"down {printable(file.label or file.name)}", done, total)

    def ended(self, end: Ended) -> None:
        self._bars.remove_task(self._task)
        self._whole.failed += end.failed
        self._whole.running += end.goes_on
        self._whole.done += not (end.failed or end.goes_on)
        words = printable(end.words)
        if len(words) > _REASON:
            words = f"{words[: _REASON - 1]}…"
        tick, cross = self._bars.marks
        line = Text(cross, style="red") if end.failed else Text(tick, style="green")
        if end.goes_on:
            line = Text(">", style="yellow")
        self._bars.show(line.append(harmless(f" {self._name}: {words}"), style="default"))

    def _update(self, detail: str, done: int = 0, total: int | None = None) -> None:
        # One more than all: only the end of the song ends its row.
        more = None if total is None else total + 1
        self._bars.update(self._task, detail=detail, completed=done, total=more, refresh=True)


def board(count: int) -> View:
    """Return the live view of so many songs; 0 where that is not known."""
    return _Board(count)
