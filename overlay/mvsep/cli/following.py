"""Songs on their way, as the commands show them, and what an error or a Ctrl-C has to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path

import click
from attrs import define

from mvsep.batch.queue import Event, Outcome, Sent
from mvsep.cli.arguments import Waiting
from mvsep.cli.outcome import Interrupted
from mvsep.cli.progress import Silent
from mvsep.errors import InvalidInput, JobFailed, JobNotFound, MVSepError
from mvsep.files.sources import Source, is_link, name_of
from mvsep.job_state import JobState
from mvsep.jobs.events import Moved
from mvsep.jobs.job import Job
from mvsep.journal.entry import NextStep
from mvsep.journal.request import Planned


class _Far(Enum):
    """How much of the request that creates a job has left."""

    NOTHING = auto()
    A_PART = auto()
    MAYBE_ALL = auto()


@define
class _Song:
    show: Silent
    job: Job | None = None
    far: _Far = _Far.NOTHING
    over: bool = False
    traceable: bool = True


class Errands:
    """The songs of one command.

    Args:
        waiting: What was asked for.
        kept: Whether a journal keeps them.
        price: Shows what a song will cost, before it is submitted.

    Attributes:
        show: What shows them.
        usual: The address that is talked to when none is given.
    """

    def __init__(
        self,
        waiting: Waiting,
        *,
        kept: bool,
        price: Callable[[Source | None, Silent], object] | None = None,
    ) -> None:
        self.show = Silent()
        self.usual = ""
        self._waiting = waiting
        self._kept = kept
        self._price = price
        self._songs: dict[Source | None, _Song] = {}

    def told(self, source: Source | None, event: Event) -> None:
        """Show what the library tells of a song."""
        if source not in self._songs:
            shown = self.show.of(shown_name(source))
            # A link, and a text, has no name that its job could be known by.
            traceable = source is not None and not is_link(source)
            self._songs[source] = _Song(shown, traceable=traceable)
        song = self._songs[source]
        show = song.show
        if isinstance(event, Planned):
            self._planned(source, song, event)
        elif isinstance(event, Sent):
            if song.far is _Far.NOTHING:
                show.sending(f"Upload {name_of(source)}")
            whole = event.total is None or event.done >= event.total
            song.far = _Far.MAYBE_ALL if whole else _Far.A_PART
            show.uploading(event.done, event.total)
        elif isinstance(event, Job):
            song.job = event
            show.created(event.hash)
        elif isinstance(event, JobState):
            show.state(event)
        elif isinstance(event, Moved):
            show.file(event.file, event.done, event.total)
        elif isinstance(event, Outcome):
            song.over = True
            show.ended(failed=event.error is not None)

    def _planned(self, source: Source | None, song: _Song, planned: Planned) -> None:
        if planned.entry:
            song.traceable = planned.entry.marker is not None
        # Until a look has ended, nobody knows.
        song.far = _Far.MAYBE_ALL if planned.next_step is NextStep.LOOK else _Far.NOTHING
        if planned.next_step is NextStep.SUBMIT:
            if self._price:
                self._price(source, song.show)
            if source is None or is_link(source):
                # A link or a text is sent in one go, a file in pieces.
                song.far = _Far.MAYBE_ALL
                song.show.sending(f"Link {name_of(source)}" if source else "Send the text")
        elif planned.next_step is NextStep.LOOK:
            looking = "Looking for it, which can take a minute or two."
            if not song.traceable:
                looking = "What was sent has no file, so nothing can look for it."
            song.show.say(f"It is not known whether a job was created. {looking}")
        elif planned.next_step is NextStep.RESUME:
            song.show.say("Going on with a job that is there already.")

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """What ends the block, a Ctrl-C or a fault, tells how to come back to what is under way."""
        try:
            yield
        except KeyboardInterrupt:
            raise self._interrupted() from None
        except (MVSepError, click.ClickException):
            raise
        except Exception as error:
            fault = MVSepError(
                f"A fault of mvsep itself: {type(error).__name__}: {error}.",
                next_step="Please report it.",
            )
            jobs = [song.job for song in self._songs.values() if song.job and not song.over]
            raise self.leading_back(fault, jobs[0] if len(jobs) == 1 else None) from error

    def _interrupted(self) -> Interrupted:
        songs = [song for song in self._songs.values() if not song.over]
        if len(self._songs) > 1:
            return self._several(songs)
        if not songs:
            return Interrupted("Interrupted. No job was started.", charged=False, retryable=True)
        (song,) = songs
        if song.job is not None:
            error = Interrupted(
                "Interrupted. Nothing was cancelled: the job stays at the service.", retryable=True
            )
            self.leading_back(error, song.job)
            return error
        if song.far is _Far.MAYBE_ALL:
            step = (
                "Look at the account's history before you send it again: "
                "the job may be there, and paid for."
            )
            if self._kept and song.traceable:
                step = "Run the same command again: it looks for the job before it sends anything."
            elif self._kept:
                step += " Then --again sends it once more."
            return Interrupted(
                "Interrupted before the service's answer came: "
                "it is not known whether the job was created.",
                next_step=step,
            )
        upload = " before the upload ended" if song.far is _Far.A_PART else ""
        return Interrupted(
            f"Interrupted{upload}. No job was started.", charged=False, retryable=True
        )

    def _several(self, songs: list[_Song]) -> Interrupted:
        if self._kept:
            return Interrupted(
                "Interrupted. Nothing was cancelled: jobs that exist stay at the service.",
                retryable=True,
                next_step="Run the same command again to go on with all songs, "
                "or `mvsep resume` for those that were begun.",
            )
        error = Interrupted(
            "Interrupted. Nothing was cancelled: jobs that exist stay at the service.",
            retryable=True,
        )
        for song in songs:
            self._note_way_back(error, song.job)
        return error

    def leading_back(self, error: MVSepError, job: Job | None) -> MVSepError:
        """The same error, saying how to come back to its job."""
        if job is None:
            return error
        error.hash, error.host = error.hash or job.hash, error.host or job.host
        if not isinstance(error, JobFailed | JobNotFound | InvalidInput):
            self._note_way_back(error, job)
        return error

    def _note_way_back(self, error: MVSepError, job: Job | None) -> None:
        if job is not None:
            error.add_note(f"Come back with: {self._waiting.way_back(job, usual=self.usual)}")


def shown_name(source: Source | None) -> str:
    """What to call a song among others: as it was given, a link by its end."""
    return name_of(source) if source is None or is_link(source) else str(source)


def shown_folder(files: list[Path]) -> str:
    """The folder that files are in, as somebody would type it."""
    folders = {file.parent for file in files}
    if len(folders) != 1:
        return "several folders"
    folder = folders.pop()
    try:
        return str(folder.relative_to(Path.cwd()))
    except ValueError:
        return str(folder)
