"""How a song is separated so that it is paid for once, whatever happens: by the journal.

A rule made of steps, see `mvsep.core.flow`, which both clients carry out. It reads and writes the
journal between its steps, and holds the song while it goes on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from mvsep.downloads.part_file import forget
from mvsep.downloads.plan import check_free
from mvsep.downloads.result import Record, Result, StemFile
from mvsep.errors import (
    InvalidInput,
    JobError,
    JobFailed,
    JobNotFound,
    JournalError,
    MVSepError,
    NoResultFiles,
    SubmitUncertain,
    about,
)
from mvsep.files import names
from mvsep.files.digest import Written
from mvsep.files.sources import is_link
from mvsep.jobs.job import AsyncJob, Job
from mvsep.jobs.reconcile import Reconciled, Verdict
from mvsep.jobs.submission import Submission
from mvsep.journal.entry import Entry, NextStep, Saved, State, key_of, todo
from mvsep.journal.store import Journal
from mvsep.settings.client import ClientSettings
from mvsep.settings.token import fingerprint
from mvsep.settings.urls import netloc

AnyJob = Job | AsyncJob

#: Seconds for which the service keeps results: about 72 hours.
KEPT: Final = 72 * 3600.0

_AGAIN: Final = "To pay for another job, ask for it with again=True."
_LOOK_YOURSELF: Final = f"Look at the account's history: the job may be there. {_AGAIN}"
_LOOK_AGAIN: Final = "Separating it once more with the same journal looks again first."

# What tells that a job gives no stems.
_FRUITLESS: Final = (JobFailed, JobNotFound, NoResultFiles)


@frozen
class SongRequest:
    """A song that is to be separated, and where its stems go.

    Args:
        submission: The job to be created; None where it can't be created any more.
        missing: Why it can't.
        out: The folder.
        template: What the files are called.
        overwrite: Whether files that are there may be replaced.
        again: Whether to pay once more, see `mvsep.journal.entry.todo`.
        entry: The attempt that is gone on with; None for what is asked for now.
    """

    submission: Submission | None
    out: Path
    template: str = names.DEFAULT_TEMPLATE
    overwrite: bool = False
    again: bool = False
    entry: Entry | None = None
    missing: str = ""

    @property
    def name(self) -> str:
        """The name of the song."""
        return self.entry.name if self.entry else self._submission.name

    @property
    def input_name(self) -> str:
        """What the stems are called after."""
        return self.submission.input_name if self.submission else self._details["input"]

    @property
    def about(self) -> dict[str, Any]:
        """What a manifest can tell."""
        return self.submission.about if self.submission else {}

    @property
    def _submission(self) -> Submission:
        if self.submission is None:
            raise InvalidInput(
                f"No job came of the last attempt at {self.name}, and {self.missing}.",
                charged=False,
                next_step="Separate it anew.",
            )
        return self.submission

    @property
    def _details(self) -> Any:
        return self.entry.details if self.entry else {}

    def key(self, service: str) -> str:
        """The song's key; this reads the whole file."""
        if self.entry:
            return self.entry.key
        return key_of(service, self._submission.contents(), self._submission.choices)

    def to_submit(self, service: str, key: str, before: Entry | None) -> Submission:
        """The job to be created, once that is decided.

        Args:
            service: The service.
            key: The song's key.
            before: The attempt before; its stems tell how the next ones will be called.

        Raises:
            InvalidInput: When it can't be created any more, or its stems have no place.
        """
        submission = self._submission
        submission.check_inputs()
        if self.entry and key_of(service, submission.contents(), submission.choices) != key:
            raise InvalidInput(
                f"No job came of the last attempt at {self.name}, and it changed since.",
                charged=False,
                next_step="Separate it anew.",
            )
        if not self.overwrite:
            labels, extension = submission.expected
            if before and before.files:
                labels = tuple(file.label for file in before.files)
                extension = before.files[0].path.suffix
            input = names.input_stem(submission.input_name)
            check_free(self.out, self.template, input, labels, extension)
        return submission

    @property
    def details(self) -> dict[str, Any]:
        """What the journal keeps, so that another process can go on."""
        return {
            **self._submission.places,
            "wishes": self._submission.wishes,
            "input": self._submission.input_name,
            "out": str(Path(self.out).absolute()),
            "template": self.template,
            "overwrite": self.overwrite,
        }


@frozen
class Planned:
    """What is about to be done for a song, by its latest attempt."""

    todo: NextStep
    entry: Entry | None


@frozen
class Create:
    """Create the job; answered with it."""

    submission: Submission


@frozen
class Look:
    """Look for a job that may be there; answered with what was found."""

    uncertain: SubmitUncertain


@frozen
class Find:
    """Come back to a job; answered with it."""

    hash: str
    address: str
    input_name: str
    about: dict[str, Any]


@frozen
class Wait:
    """Wait for a job."""

    job: AnyJob


@frozen
class Fetch:
    """Fetch a job's stems; answered with the result."""

    job: AnyJob
    errand: SongRequest
    record: Record | None = None


@frozen
class Tell:
    """Tell the caller: what is planned, or that there is a job."""

    event: Planned | AnyJob


Step = Create | Look | Find | Wait | Fetch | Tell
Keeping = Generator[Step, Any, Result]


def separate(errand: SongRequest, journal: Journal | None, session: ClientSettings) -> Keeping:
    """The steps of separating a song, or of going on where an earlier process ended.

    Args:
        errand: The song.
        journal: Where attempts are written down; without one it is simply separated.
        session: The service and the account.

    Yields:
        What to do next. It is answered with what came of it, or by throwing the error.

    Raises:
        AlreadyUnderWay: When another process has the song in work.
        SubmitUncertain: When it is not known whether a job exists.
        JobError: When an earlier job gave no stems, and it was not said to pay for another.
        JournalError: When the journal can't be used; nothing is sent then.
        MVSepError: As the steps.
    """
    if journal is None:
        yield Tell(Planned(NextStep.SUBMIT, None))
        job = yield Create(errand.to_submit(session.service, "", None))
        yield Tell(job)
        yield Wait(job)
        result: Result = yield Fetch(job, errand)
        return result
    key = errand.key(session.service)
    with journal.holding(key, errand.name):
        entry = journal.latest(key)
        what = todo(entry, again=errand.again)
        if errand.entry and entry and entry.state is State.OVER:
            what = NextStep.ASK  # ended by somebody else meanwhile; nobody asked for another one
        yield Tell(Planned(what, entry))
        if what is NextStep.LOOK and entry:
            entry = yield from _looked_for(entry, journal, session, errand)
            what = NextStep.RESUME if entry else NextStep.SUBMIT
            yield Tell(Planned(what, entry))
        if what is NextStep.NOTHING and entry:
            return _there(entry)
        if what is NextStep.ASK and entry:
            raise JobError(
                f"The job for {errand.name} gave no stems: {entry.reason}",
                hash=entry.hash,
                host=netloc(entry.host),
                next_step=_AGAIN,
            )
        gone: MVSepError | None = None
        if what is NextStep.RESUME and entry:
            try:
                job = yield Find(entry.hash or "", entry.host, errand.input_name, errand.about)
                return (yield from _followed(entry, job, errand, journal))
            except _FRUITLESS as error:
                if not errand.again:
                    raise
                gone = error
                yield Tell(Planned(NextStep.SUBMIT, entry))
        elif entry and entry.state is State.INTENT:
            journal.over(entry, "It was broken off before the end of the upload.")
        submission = errand.to_submit(session.service, key, entry)
        if entry and gone:
            journal.over(entry, gone.server_text or gone.message)
        entry, job = yield from _created(submission, key, errand, journal, session)
        return (yield from _followed(entry, job, errand, journal))


def _created(
    submission: Submission, key: str, errand: SongRequest, journal: Journal, session: ClientSettings
) -> Generator[Step, Any, tuple[Entry, AnyJob]]:
    entry = journal.begin(
        key,
        name=submission.name,
        marker=submission.marker,
        sep_type=submission.sep_type,
        host=session.base_url,
        account=fingerprint(session.token),
        details=errand.details,
    )
    submission.on_offer = lambda: journal.offered(entry)
    try:
        job = yield Create(submission)
    except SubmitUncertain as error:
        with contextlib.suppress(JournalError):
            # Written down before, but for an answer that came before the end was asked for.
            journal.offered(entry)
        yield Tell(Planned(NextStep.LOOK, entry))
        found: Reconciled[AnyJob] = yield Look(error)
        if found.job is None:
            error.next_step = f"{found.reason} {_LOOK_AGAIN if entry.marker else _LOOK_YOURSELF}"
            raise
        job = found.job
    except MVSepError as error:
        with contextlib.suppress(JournalError):
            journal.over(entry, error.message)
        raise
    try:
        return journal.submitted(entry, job.hash, job.address), job
    except JournalError as error:
        error.next_step = "The job exists: come back to it by its hash."
        raise about(error, job.hash, job.host) from error.__cause__


def _looked_for(
    entry: Entry, journal: Journal, session: ClientSettings, errand: SongRequest
) -> Generator[Step, Any, Entry | None]:
    """The attempt with its job, or None where there is none and one may be created.

    Whoever offered the upload is gone, and its song is asked for anew: "not there", which takes
    two looks a minute apart and is inferred, lets it be submitted.
    """
    uncertain = SubmitUncertain(
        f"It is not known whether the last attempt at {entry.name} created a job.",
        file_name=entry.details["input"],
        marker=entry.marker,
        submitted_at=entry.began,
        host=netloc(entry.host),
    )
    if entry.account != fingerprint(session.token):
        reason = "It was sent with another token, so only that one's history tells."
        found: Reconciled[AnyJob] = Reconciled(Verdict.CANT_TELL, None, reason)
    else:
        found = yield Look(uncertain)
    if found.job is not None:
        return journal.submitted(entry, found.job.hash, found.job.address)
    if found.verdict is Verdict.CANT_TELL and not errand.again:
        uncertain.next_step = f"{found.reason} {_LOOK_YOURSELF}"
        raise uncertain
    journal.over(entry, f"No job was found. {found.reason}")
    return None


def _followed(
    entry: Entry, job: AnyJob, errand: SongRequest, journal: Journal
) -> Generator[Step, Any, Result]:
    yield Tell(job)

    def whole(files: tuple[StemFile, ...]) -> None:
        journal.saved(entry, (Saved(f.label, f.path, f.size, f.sha256) for f in files))

    record = Record(whole, {f.path: Written(f.size, f.sha256) for f in entry.files})
    try:
        yield Wait(job)
        if job.hash != entry.hash:
            # A link's job has two; by the first one nobody finds it when the second is there.
            entry = journal.submitted(entry, job.hash, job.address)
        result: Result = yield Fetch(job, errand, record)
    except _FRUITLESS as error:
        # What is paid for is not given up for one wrong answer: only when its time is over.
        if isinstance(error, JobFailed) or journal.age(entry) > KEPT:
            journal.over(entry, error.server_text or error.message)
        error.next_step = " ".join(filter(None, (error.next_step, _AGAIN)))
        raise
    return result


def _there(entry: Entry) -> Result:
    for file in entry.files:
        forget(file.path, entry.hash or "")
    stems = tuple(StemFile(f.label, f.path, f.size, f.sha256) for f in entry.files)
    return Result(entry.hash or "", stems, already=True)


def going_on(entry: Entry, prepare: Callable[..., Submission]) -> SongRequest:
    """The errand of an attempt that another process left.

    Args:
        entry: The attempt.
        prepare: What prepares a submission.
    """
    details = entry.details
    submission, missing = None, "its input can't be found again"
    wishes = dict(details["wishes"])
    kind = wishes.pop("sep_type")
    source = details["source"]
    # What has no file is known by its options alone.
    if source is not None or not entry.marker:
        try:
            submission = prepare(source, kind, reference=details["reference"], **wishes)
            if source is not None and not is_link(source) and not Path(source).is_file():
                submission, missing = None, f"{source} is gone"
        except MVSepError as error:
            missing = f"it can't be sent any more: {error.message}"
    if submission:
        submission.input_name = details["input"]
    return SongRequest(
        submission,
        Path(details["out"]),
        details["template"],
        details["overwrite"],
        entry=entry,
        missing=missing,
    )
