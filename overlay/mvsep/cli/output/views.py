"""Views of the progress of songs: the base of all, and their words."""

from __future__ import annotations

from typing import Self

from attrs import frozen

from mvsep.cli.output.text import printable
from mvsep.job_state import JobState, ResultFile

_STAGES = {
    "waiting": "Queue",
    "processing": "Processing",
    "distributing": "Processing in parts",
    "merging": "Merging",
    "converting": "Converting",
    "unknown": "State unknown",
}
#: States that are not shown: the stems or the error that follow are.
ENDS = frozenset({"done", "failed", "not_found"})
NO_ANSWER = "no answer; retrying"


@frozen
class Ended:
    """The end of a song, in words."""

    failed: bool
    words: str
    goes_on: bool = False
    """True where only the wait for its job is over."""


class View:
    """A view that shows nothing; the base of the others."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Finish the display."""

    def of(self, name: str, credits: int | None = None, number: int = 0) -> View:
        """Return the view of one song, which may cost credits, by its number in the list."""
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

    def ended(self, end: Ended) -> None:
        """Show the end of the song."""


def stage(state: JobState) -> str:
    """Return the name of a job's stage."""
    return _STAGES.get(state.status) or sentence(state.message or state.status)


def place(state: JobState) -> str:
    """Return a job's place in the queue."""
    return f"place {state.place} of {state.queue or '?'}"


def sentence(text: str) -> str:
    """Return words of the service as a sentence begins."""
    return printable(text.replace("_", " ")).capitalize()
