"""The songs of one command: progress on the way, and what Ctrl-C or an error leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

import click
from attrs import define, evolve

from mvsep.batch.queue import Event, Outcome, Sent
from mvsep.batch.song import Listed, Song, source_of
from mvsep.cli.errors import Interrupted
from mvsep.cli.input.shared import SharedOptions
from mvsep.cli.output.text import plural, song_name
from mvsep.cli.output.views import Ended, View
from mvsep.errors import (
    AlreadyUnderWay,
    InvalidInput,
    JobFailed,
    JobNotFound,
    JobTimeout,
    MVSepError,
    SubmitUncertain,
    own_fault,
)
from mvsep.files import names
from mvsep.files.sources import Source, is_link, name_of
from mvsep.job_state import JobState
from mvsep.jobs.base import JobBase, Moved
from mvsep.jobs.job import Job
from mvsep.journal.entry import NextStep
from mvsep.journal.request import Planned


class _Upload(IntEnum):
    """The part of a create request that has left: only after all of it a job may exist."""

    NOTHING = 0
    PART = 1
    MAYBE_ALL = 2


@define
class _Song:
    listed: Listed
    view: View
    traceable: bool
    job: Job | None = None
    upload: _Upload = _Upload.NOTHING
    submits: bool = False
    outcome: Outcome | None = None

    @property
    def created(self) -> bool:
        """True where its job was created in this run."""
        return self.submits and self.job is not None

    @property
    def is_unsure(self) -> bool:
        """True where it is not known whether a job was created: the upload's end may have left."""
        if self.outcome:
            return isinstance(self.outcome.error, SubmitUncertain)
        return self.upload is _Upload.MAYBE_ALL and self.job is None


class Songs:
    """The songs of one command.

    Args:
        options: The command's options.
        kept: True if a journal keeps the jobs.
        several: True for more than one song.

    Attributes:
        view: The view that shows progress.
        address: The address that the client talks to.
        show_price: Shows the price of a song before it is submitted.
        price_of: Returns the credits that a song is to cost.
        several: True for more than one song.
        kept: True if a journal keeps the jobs.
        listed: The songs in their order.
    """

    def __init__(self, options: SharedOptions, *, kept: bool, several: bool) -> None:
        self.view = View()
        self.address = ""
        self.show_price: Callable[[Listed, View], object] = lambda song, view: None
        self.price_of: Callable[[Listed], int | None] = lambda song: None
        self.listed: Sequence[Listed] = ()
        self._options = options
        self.kept = kept
        self.several = several
        # By identity: two attempts may be of one file.
        self._songs: dict[int, _Song] = {}

    def on_event(self, listed: Listed, event: Event) -> None:
        """Show an event of a song."""
        source = source_of(listed)
        if id(listed) not in self._songs:
            # A link and a text have no name to find their job by.
            traceable = source is not None and not is_link(source)
            number = self.listed.index(listed) if listed in self.listed else 0
            view = self.view.of(song_name(source), self.price_of(listed), number)
            self._songs[id(listed)] = _Song(listed, view, traceable)
        song = self._songs[id(listed)]
        match event:
            case Planned():
                self._plan(listed, song, event)
            case Sent(done, total):
                if song.upload is _Upload.NOTHING:
                    song.view.sending(self._titled("Upload", source))
                whole = total is None or done >= total
                song.upload = _Upload.MAYBE_ALL if whole else _Upload.PART
                song.view.uploading(done, total)
            case Job():
                song.job = event
                song.view.created(event.hash)
            case JobState():
                song.view.state(event)
            case Moved(file, done, total):
                song.view.file(file, done, total)
            case Outcome():
                song.outcome = event
                song.view.ended(_end(event))

    def created(self, listed: Listed) -> bool:
        """Tell whether the job of a song was created in this run."""
        song = self._songs.get(id(listed))
        return song is not None and song.created

    def _plan(self, listed: Listed, song: _Song, planned: Planned) -> None:
        source = source_of(listed)
        if planned.entry:
            song.traceable = planned.entry.marker is not None
        song.upload = _Upload.NOTHING
        match planned.next_step:
            case NextStep.SUBMIT:
                song.submits = True
                self.show_price(listed, song.view)
                if source is None or is_link(source):
                    # A link or a text is sent in one go, a file in pieces.
                    song.upload = _Upload.MAYBE_ALL
                    song.view.sending(self._titled("Link", source) if source else "Send the text")
            case NextStep.LOOK:
                song.upload = _Upload.MAYBE_ALL
                look = "Looking for it; this takes up to two minutes."
                if not song.traceable:
                    look = "A job without a file can't be looked for."
                song.view.say(f"It is not known whether a job was created. {look}")
            case NextStep.RESUME:
                song.view.say("Resuming the job of an earlier run.")

    def _titled(self, doing: str, source: Source | None) -> str:
        # Among several songs each line begins with its name.
        return doing if self.several else f"{doing} {name_of(source)}"

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Raise an error that leads back to the jobs when Ctrl-C or a fault ends the block."""
        try:
            yield
        except KeyboardInterrupt:
            raise self._interrupted() from None
        except (MVSepError, click.ClickException):
            raise
        except Exception as error:
            jobs = [song.job for song in self._songs.values() if song.job and not song.outcome]
            raise self.lead_back(own_fault(error), jobs[0] if len(jobs) == 1 else None) from error

    def _interrupted(self) -> Interrupted:
        begun = list(self._songs.values())
        songs = [song for song in begun if not song.outcome]
        several = self.several and bool(begun)
        if any(song.job or (several and song.outcome) for song in (begun if several else songs)):
            return self._interrupted_with_jobs(songs, several=several)
        upload = max((song.upload for song in songs), default=_Upload.NOTHING)
        if upload is _Upload.MAYBE_ALL:
            if several:
                return self._interrupted_with_jobs(songs, several=True)
            param = "source"
            if self.kept:
                param = "journal" if songs[0].traceable else "again"
            return Interrupted(
                "Interrupted before the service answered. "
                "It is not known whether the job was created.",
                param=param,
            )
        during = upload is _Upload.PART
        told = " before the upload ended. No job was started." if during else ". Nothing was sent."
        return Interrupted(f"Interrupted{told}", charged=False, retryable=True)

    def _interrupted_with_jobs(self, songs: list[_Song], *, several: bool) -> Interrupted:
        unsure = [song for song in self._songs.values() if song.is_unsure]
        created = any(song.created for song in self._songs.values())
        nothing_paid = False if several and not unsure else None
        error = Interrupted(
            f"Interrupted. {self._so_far(len(unsure)) if several else ''}"
            "Nothing was cancelled: jobs stay at the service.",
            retryable=True,
            charged=True if several and created and not self._is_free else nothing_paid,
            param="source" if unsure and not self.kept else None,
        )
        if several and self.kept:
            error.next_step = (
                "Run the same command again to go on with all songs, or `mvsep resume` for "
                "those that were begun."
            )
            return error
        for song in songs:
            self._note_command(error, song.job, song.listed)
        if not several and (job := songs[0].job):
            error.hash, error.host = job.hash, job.host
        return error

    @property
    def _is_free(self) -> bool:
        """True where each job that was created is known to cost nothing."""
        return all(self.price_of(song.listed) == 0 for song in self._created)

    @property
    def _created(self) -> list[_Song]:
        return [song for song in self._songs.values() if song.created]

    def _so_far(self, unsure: int) -> str:
        """Return the credits spent so far, and how the songs stand."""
        begun = self._songs.values()
        ends = [song.outcome for song in begun if song.outcome]
        done = sum(end.error is None for end in ends)
        over = sum(end.error is not None and not _goes_on(end.error) for end in ends)
        running = sum(song.job is not None and not song.outcome for song in begun)
        running += len(ends) - done - over
        counts = [f"{done} done"] * bool(done)
        counts += [f"{running} {'goes' if running == 1 else 'go'} on"] * bool(running)
        counts += [f"{over} failed"] * bool(over)
        counts += [f"of {unsure} it is not known whether a job was created"] * bool(unsure)
        prices = [self.price_of(song.listed) for song in self._created]
        known = sum(price or 0 for price in prices)
        spent = plural(known, "credit") if known or None not in prices else "unknown credits"
        about = "about " if known and None in prices else ""
        return f"{about}{spent} spent: {', '.join(counts)}. "

    def lead_back(
        self, error: MVSepError, job: JobBase | None, listed: Listed = None
    ) -> MVSepError:
        """Add a song's job to an error, with the command that resumes it if that can help."""
        if job is None:
            return error
        error.hash, error.host = error.hash or job.hash, error.host or job.host
        if self._can_resume(error):
            self._note_command(error, job, listed)
        return error

    def way_back(self, outcome: Outcome) -> str | None:
        """Return the command that fetches the stems of a song that has a job but no stems yet."""
        error, job = outcome.error, outcome.job
        if error is None or job is None or not self._can_resume(error):
            return None
        return self._command(error, job, outcome.source)

    def _can_resume(self, error: MVSepError) -> bool:
        return not isinstance(error, JobFailed | JobNotFound | InvalidInput)

    def _note_command(self, error: MVSepError, job: JobBase | None, listed: Listed) -> None:
        if job is not None:
            error.add_note(f"Come back with: {self._command(error, job, listed)}")

    def _command(self, error: MVSepError, job: JobBase, listed: Listed) -> str:
        options = self._options
        if isinstance(listed, Song) and listed.out is not None:
            options = evolve(options, out=Path(listed.out))
        if options.template and listed in self.listed:
            number = self.listed.index(listed) + 1
            template = names.with_number(options.template, number, len(self.listed))
            options = evolve(options, template=template)
        command = options.resume_command(job, address=self.address)
        return f"{command} --overwrite" if error.param == "overwrite" else command


def _goes_on(error: MVSepError) -> bool:
    """Tell whether only the wait for a job is over."""
    return isinstance(error, JobTimeout)


def _end(outcome: Outcome) -> Ended:
    """Return the end of a song in words."""
    error, result = outcome.error, outcome.result
    if isinstance(error, AlreadyUnderWay):
        return Ended(failed=True, words=f"skipped: {error.message}")
    if error and _goes_on(error):
        words = f"goes on at the service: {error.message}"
        return Ended(failed=False, goes_on=True, words=words)
    if error:
        return Ended(failed=True, words=f"failed: {error.message}")
    stems = plural(len(result.files) if result else 0, "stem")
    already = " (saved before)" if result and result.already else ""
    return Ended(failed=False, words=f"done, {stems}{already}")
