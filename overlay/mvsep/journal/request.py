"""A song to separate: its form, where its stems go, and what the journal keeps of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from mvsep.core.checks import by, check_flag, check_plain, check_seconds
from mvsep.core.defaults import PARALLEL
from mvsep.core.disk import path_of
from mvsep.core.flow import call_back
from mvsep.core.objects import Brief
from mvsep.core.values import DEFAULT, Timeout
from mvsep.downloads.plan import Folder, OnFile, check_free, check_place
from mvsep.errors import InvalidInput, MVSepError, add_job_facts
from mvsep.files import names
from mvsep.files.names import DEFAULT_TEMPLATE
from mvsep.files.sources import Progress, is_link
from mvsep.jobs.base import JobBase, OnState
from mvsep.jobs.form import JobOptions
from mvsep.jobs.jobs import Jobs
from mvsep.jobs.submission import Submission
from mvsep.jobs.turn import ALONE, Turn
from mvsep.journal.entry import Entry, NextStep, key_of
from mvsep.journal.store import Journal
from mvsep.settings.client import netloc


@frozen(repr=False)
class Planned(Brief):
    """The next thing to do for a song, by its latest attempt."""

    next_step: NextStep
    entry: Entry | None


@frozen
class Callbacks:
    """Plain functions that are called on the way.

    Args:
        on_state: Called with each change of the job's state.
        on_file: Called while stems arrive, with the file, bytes so far, and bytes in all.
        on_event: Called with what is planned, and with the job once there is one.

    Raises:
        InvalidInput: When one is no plain function.
    """

    on_state: OnState | None = field(default=None, validator=by(check_plain))
    on_file: OnFile | None = field(default=None, validator=by(check_plain))
    on_event: Callable[[Planned | JobBase], object] | None = field(
        default=None, validator=by(check_plain)
    )

    def tell(self, event: Planned | JobBase) -> None:
        """Tell the caller what is planned, or that there is a job."""
        if self.on_event:
            call_back(self.on_event, event)


def _out(out: Folder) -> Path:
    return path_of(out, "out")


@frozen(kw_only=True)
class Delivery:
    """The place for the stems of a song, and the patience for its job.

    Args:
        out: The folder for the stems.
        template: The names of the files, of {input}, {stem}, {type} and {ext}.
        overwrite: Whether existing files may be replaced.
        again: Whether to pay once more; see `mvsep.journal.entry.next_step`.
        timeout: Seconds of waiting for the job; None waits for ever.
        parallel: The number of stems fetched at once.
        manifest: Whether a manifest is written beside the stems.

    Raises:
        InvalidInput: When one of them can't be meant.
    """

    out: Path = field(converter=_out, default=Path())
    template: str = DEFAULT_TEMPLATE
    overwrite: bool = field(default=False, validator=by(check_flag))
    again: bool = field(default=False, validator=by(check_flag))
    timeout: Timeout = field(default=DEFAULT, validator=by(check_seconds))
    parallel: int = PARALLEL
    manifest: bool = field(default=False, validator=by(check_flag))


@frozen
class SongRequest:
    """A song to separate.

    Without a submission the job can't be created any more; `missing` says why. With an entry an
    earlier attempt goes on, which creates no job unless it `may_pay`. In a batch it waits for its
    turn.
    """

    submission: Submission | None
    delivery: Delivery
    entry: Entry | None = None
    missing: str = ""
    turn: Turn = ALONE
    may_pay: bool = True

    def __attrs_post_init__(self) -> None:
        if self.submission:
            self.submission.turn = self.turn

    @property
    def name(self) -> str:
        """The name of the song."""
        return self.entry.name if self.entry else self.to_send.name

    @property
    def input_name(self) -> str:
        """The name that stems are called after."""
        if self.submission:
            return self.submission.input_name
        return str(self.entry.details["input"]) if self.entry else ""

    @property
    def to_send(self) -> Submission:
        """The job to create.

        Raises:
            InvalidInput: When it can't be created any more.
        """
        if self.submission is None or not self.may_pay:
            name = self.entry.name if self.entry else "the song"
            why = self.missing or "it was not asked to pay for one"
            raise InvalidInput(
                f"No job came of the last attempt at {name}, and {why}.",
                charged=False,
                next_step="Separate it anew.",
            )
        return self.submission

    def latest(self, journal: Journal, service: str) -> tuple[str, Entry | None]:
        """Return the song's key and its latest attempt; this reads the whole file.

        The list of another day may have taken another type for a goal. What the song has of that,
        stems or a job, counts for the goal: it is paid for once. The attempt has another key then.
        """
        if self.entry:
            return self.entry.key, journal.latest(self.entry.key)
        contents, asked = self.to_send.contents(), self.to_send.asked
        key, *others = (
            key_of(service, contents, {**self.to_send.choices, **other})
            for other in ({}, *asked.elsewhen)
        )
        entry = journal.latest(key)
        if self.delivery.again or (entry is not None and entry.counts):
            return key, entry
        found = filter(None, map(journal.latest, dict.fromkeys(others)))
        same = [each for each in found if each.counts and each.best_for == asked.best_for]
        return key, max(same, key=lambda each: each.began, default=entry)

    def checked(self, service: str, key: str = "", before: Entry | None = None) -> Submission:
        """Check the job right before it is created.

        Args:
            service: The service.
            key: The song's key.
            before: The attempt before; its stems' labels are the ones to expect again.

        Raises:
            InvalidInput: When it can't be created any more, or its stems have no place.
        """
        submission, delivery = self.to_send, self.delivery
        check_place(delivery.out, delivery.template, delivery.parallel)
        self.check_before(before)
        if self.entry and key_of(service, submission.contents(), submission.choices) != key:
            raise InvalidInput(
                f"No job came of the last attempt at {self.name}, and it changed since.",
                next_step="Separate it anew.",
            )
        return submission

    def check_before(self, before: Entry | None = None) -> None:
        """Check what can be known long before the upload, and write nothing.

        Args:
            before: The attempt before, as for `checked`.

        Raises:
            InvalidInput: When the input is none for its type, or a stem's name is taken.
        """
        submission, delivery = self.to_send, self.delivery
        submission.check_inputs()
        if not delivery.overwrite:
            spellings, extension = submission.expected
            if before and before.files:
                spellings = (tuple(file.label for file in before.files),)
                extension = before.files[0].path.suffix
            input = names.input_stem(submission.input_name)
            sep_type = submission.form.sep_type
            for labels in spellings:
                check_free(delivery.out, delivery.template, input, labels, extension, sep_type)

    @property
    def details(self) -> dict[str, Any]:
        """The facts that the journal keeps, so that another process can go on."""
        return {
            **self.to_send.places,
            "form": self.to_send.form.as_json(),
            "input": self.to_send.input_name,
            "out": str(self.delivery.out.absolute()),
            "template": self.delivery.template,
            "overwrite": self.delivery.overwrite,
            "best_for": self.to_send.asked.best_for,
        }


def of_another_day(jobs: Jobs[Any], request: SongRequest, entry: Entry) -> SongRequest:
    """Return a request that goes on with what another day's list took for its goal."""
    asked = request.to_send.asked
    found = going_on(
        jobs,
        entry,
        on_upload=asked.on_upload,
        wait_for_place=asked.wait_for_place,
        turn=request.turn,
        **asdict(request.delivery, recurse=False),
    )
    if found.submission:
        found.submission.input_name = request.input_name
    return found


def going_on(
    jobs: Jobs[Any],
    entry: Entry,
    *,
    on_upload: Progress | None = None,
    wait_for_place: float | None = None,
    turn: Turn = ALONE,
    may_pay: bool = True,
    **chosen: Any,
) -> SongRequest:
    """Return the request of an attempt that another process left; this reads the disk.

    Args:
        jobs: The client's jobs.
        entry: The attempt.
        on_upload: Told bytes sent so far and bytes in all.
        wait_for_place: Seconds to wait for a place in the account's queue.
        turn: The song's turn in a batch.
        may_pay: Whether a job may be created where there is none.
        chosen: Fields of the delivery that are not as the attempt has them.
    """
    details = entry.details
    submission, missing = None, "its input can't be found again"
    form = dict(details["form"])
    kind = form.pop("sep_type")
    source = details["source"]
    # What has no file is known by its options alone.
    if source is not None or not entry.marker:
        try:
            asked = JobOptions(
                reference=details["reference"],
                on_upload=on_upload,
                wait_for_place=wait_for_place,
                once=True,
                best_for=entry.best_for,
                **form,
            )
            submission = jobs.prepare(source, kind, asked)
            submission.input_name = details["input"]
            if source is not None and not is_link(source) and not Path(source).is_file():
                submission, missing = None, f"{source} is gone"
        except (MVSepError, TypeError) as error:  # a newer version knows more fields
            why = error.message if isinstance(error, MVSepError) else str(error)
            missing = f"it can't be sent any more: {why}"
    kept = {name: details[name] for name in ("out", "template", "overwrite")}
    try:
        delivery = Delivery(**{**kept, **chosen})
    except MVSepError as error:
        raise add_job_facts(error, entry.hash, netloc(entry.host), entry.marker) from None
    return SongRequest(submission, delivery, entry, missing, turn, may_pay)
