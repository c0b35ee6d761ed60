"""What goes into the call that creates a job, and what a failure of that call means."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypedDict, Unpack

from mvsep.catalog.catalog import Catalog
from mvsep.catalog.formats import OutputFormat, RemoteType
from mvsep.catalog.options import resolve
from mvsep.catalog.sep_type import SepType
from mvsep.core.checks import check_plain, check_seconds, whole_number
from mvsep.core.values import Number, length
from mvsep.errors import (
    ConnectionFailed,
    DurationUnknown,
    InvalidInput,
    MVSepError,
    SubmitUncertain,
    UnexpectedResponse,
)
from mvsep.files.digest import digest_of
from mvsep.files.names import marked, new_marker
from mvsep.files.sources import Progress, Source, is_link, name_of, opened, size_of
from mvsep.job_state import usable_hash
from mvsep.pricing import estimate as estimates
from mvsep.pricing.estimate import Estimate
from mvsep.pricing.preflight import JobQuote
from mvsep.settings.policies import Clock
from mvsep_api.models.separation_created import SeparationCreated
from mvsep_api.models.separation_created_data import SeparationCreatedData

# What a type takes, by the service's word for it.
_INPUTS = {
    "single_upload": "one file or link, and no reference",
    "no_upload": "no file, only its options",
    "matchering_upload": "two files, the mixture and reference=",
}
_UNCERTAIN = "Don't send it again before you know: the job may be there, and paid for. "
_LOOK = "reconcile() of this error looks for it in the account's history and queue."
_LOOK_YOURSELF = "Nothing can look for what has no file: see the account's history yourself."


class Submitting(TypedDict, total=False):
    """What `submit` and `separate` take besides the mixture and its type; None is not sent.

    Args:
        reference: The second file of a matchering type.
        remote_type: Where a link leads; found from the link when absent.
        options: The type's options by name: `{"Overlap": "87.5%"}`; see
            `mvsep.catalog.options.resolve`.
        validate: False to send options, and inputs, that do not fit what the catalogue knows;
            True when absent.
        output_format: The format of the stems; the service's default is MP3.
        is_demo: Whether the result is published on the service's demo page.
        webhook_url: Where the service posts the job's state.
        preset_id: A preset saved on the service's site; what it does is not documented.
        send_mail_on_error: Whether the service mails when the job fails; not documented.
        wait_for_place: Seconds to wait for a place when the account's queue is full; without it
            `QueueFull` is raised at once.
        on_upload: Told bytes sent so far and bytes in all; a plain function.
        max_credits: The most it may cost. With it the price has to be sure, and the account is
            asked whether its plan and balance allow the job, before anything is uploaded.
        seconds: How long the mixture plays, where the file does not tell for sure; for
            `max_credits`.
        allow_unknown_price: True to submit with `max_credits` though the price is not sure.
    """

    reference: Source | None
    remote_type: RemoteType | str | None
    options: Mapping[str, object] | None
    validate: bool
    output_format: OutputFormat | int | None
    is_demo: bool | None
    webhook_url: str | None
    preset_id: int | None
    send_mail_on_error: bool | None
    wait_for_place: float | None
    on_upload: Progress | None
    max_credits: Number | None
    seconds: Number | None
    allow_unknown_price: bool


class Submission:
    """One job to be created: its form, and what is known for an error.

    Args:
        source: The mixture: a path, bytes, a binary file, a link, or None for types without one.
        sep_type: The separation type, by number or name.
        timing: What tells the time, and gives each upload a name of its own.
        catalog: What is known of the types; what came with this release if None.
        submitting: The rest.

    Attributes:
        resolved: What the type and its options come to.
        input_name: What the stems are called after; the name of the mixture unless changed.
        on_upload: Told bytes sent so far and bytes in all.
        on_offer: Called right before the end of the form may leave.

    Raises:
        InvalidInput: When these don't go together.
    """

    def __init__(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        timing: Clock,
        catalog: Catalog | None = None,
        **submitting: Unpack[Submitting],
    ) -> None:
        if unknown := submitting.keys() - Submitting.__annotations__.keys():
            # A misspelt wish must not be paid for as if it had not been made.
            raise TypeError(f"submit() takes no {', '.join(sorted(unknown))}")
        self.name = self.input_name = name_of(source)
        self.on_offer: Callable[[], object] | None = None
        self._catalog = catalog or Catalog.bundled()
        wishes, self._validate = submitting.get("options"), submitting.get("validate", True)
        self.resolved = resolve(self._catalog, sep_type, wishes, validate=self._validate)
        self.sep_type = int(self.resolved.sep_type)
        self.options = dict(self.resolved.fields)
        self.wait_for_place = submitting.get("wait_for_place")
        self.max_credits = submitting.get("max_credits")
        self.allow_unknown_price = submitting.get("allow_unknown_price", False)
        seconds = submitting.get("seconds")
        self._seconds = None if seconds is None else length(seconds)
        self.began = timing.wall()
        # What has no file carries no name that the service would keep.
        self.marker = None if source is None or is_link(source) else new_marker(timing.chance)
        self._source = source
        self._reference = reference = submitting.get("reference")
        self.on_upload = submitting.get("on_upload")
        check_plain(on_upload=self.on_upload)
        check_seconds(wait_for_place=self.wait_for_place)
        self._fields: dict[str, Any] = {
            "sep_type": self.sep_type,
            **self.options,
            "output_format": _optional("output_format", submitting.get("output_format")),
            "is_demo": _optional("is_demo", submitting.get("is_demo")),
            "webhook_url": submitting.get("webhook_url"),
            "preset_id": _optional("preset_id", submitting.get("preset_id")),
            "send_mail_on_error": _optional(
                "send_mail_on_error", submitting.get("send_mail_on_error")
            ),
        }
        remote_type = submitting.get("remote_type")
        if isinstance(source, str) and is_link(source):
            self._fields["url"] = source
            self._fields["remote_type"] = str(remote_type or RemoteType.of_url(source))
        elif remote_type is not None:
            raise InvalidInput("remote_type goes with a link only.", charged=False)
        if reference is not None and (source is None or is_link(source) or is_link(reference)):
            raise InvalidInput(
                "A reference goes with a mixture, and both are files.", charged=False
            )

    def check_inputs(self) -> None:
        """Check that the type takes what is given, where the catalogue knows what it takes.

        Raises:
            InvalidInput: When it does not; with `validate=False` nothing is checked.
        """
        given = "no_upload" if self._source is None else "single_upload"
        if self._reference is not None:
            given = "matchering_upload"
        entry = self.resolved.entry
        wanted = entry.audio_widget if entry and self._validate else None
        if entry and wanted in _INPUTS and wanted != given:
            raise InvalidInput(
                f"{entry.name} takes {_INPUTS[wanted]}.",
                charged=False,
                next_step="With validate=False it is sent as it is.",
            )

    @property
    def about(self) -> dict[str, Any]:
        """What a job's manifest can tell of how it was made."""
        told = {
            "sep_type": self.sep_type,
            "sep_type_name": SepType(self.sep_type).name,
            "options": self.options or None,
            "output_format": self._fields["output_format"],
        }
        return {name: value for name, value in told.items() if value is not None}

    def wanted(self) -> JobQuote:
        """The job as `mvsep.pricing.preflight` takes it; the file's header is read.

        Raises:
            InvalidInput: When the file or the duration can't be used.
        """
        try:
            estimate: Estimate | DurationUnknown = estimates.of(
                self.resolved, self._source, self._seconds
            )
        except DurationUnknown as error:
            estimate = error
        output_format = self._fields["output_format"]
        return JobQuote(self.resolved, estimate, size_of(self._source), output_format)

    @property
    def wishes(self) -> dict[str, Any]:
        """What was asked for besides the files, as JSON has it; `submit` takes it as it is."""
        named = {name: self._fields[name] for name in self._fields.keys() - self.options.keys()}
        named.pop("url", None)
        return {**named, "options": self.options, "validate": False}

    @property
    def choices(self) -> dict[str, Any]:
        """What of it changes the stems. A default that was chosen is the same as none."""
        entry = self.resolved.entry
        usual = entry.defaults if entry else {}
        return {
            "sep_type": self.sep_type,
            "options": {k: v for k, v in self.options.items() if v != usual.get(k)},
            "output_format": self._fields["output_format"] or 0,  # the service's default
            "preset_id": self._fields["preset_id"],
        }

    @property
    def places(self) -> dict[str, str | None]:
        """Where the mixture and the reference are, for those that can be found again."""
        return {"source": _place(self._source), "reference": _place(self._reference)}

    @property
    def expected(self) -> tuple[tuple[str, ...], str]:
        """The labels and the extension of the stems to expect; no labels where nobody knows."""
        extension = OutputFormat(self._fields["output_format"] or 0).extension
        prediction = self.resolved.prediction
        return prediction.labels if prediction.sure and extension else (), extension or "bin"

    def contents(self) -> list[str]:
        """What each input is known by: the SHA-256 of its bytes, or the link.

        Raises:
            InvalidInput: When a file can't be read.
        """
        return [_content(each) for each in (self._source, self._reference) if each is not None]

    def price(self) -> int:
        """The credits it costs at least, as far as that can be told from the file."""
        try:
            estimate = self.wanted().estimate
        except InvalidInput:  # it can't be read any more
            return 1
        return 1 if isinstance(estimate, DurationUnknown) else estimate.credits or 1

    @contextmanager
    def form(self) -> Iterator[dict[str, Any]]:
        """The form's fields, with files open; what is None is left out.

        Raises:
            InvalidInput: When a file can't be used; raised before anything is sent.
        """
        fields = {name: value for name, value in self._fields.items() if value is not None}
        with ExitStack() as stack:
            if self._source is None or is_link(self._source):
                self._offer()
                yield fields
                return
            file = stack.enter_context(opened(self._source, self._uploaded))
            if self.marker:
                file.file_name = marked(self.name, self.marker)
            if self._reference is None:
                yield {"audiofile": file, **fields}
                return
            reference = stack.enter_context(opened(self._reference))
            yield {"target_audiofile": file, "reference_audiofile": reference, **fields}

    def _uploaded(self, sent: int, total: int | None) -> None:
        # What was read has not left yet.
        if total is None or sent >= total:
            self._offer()
        if self.on_upload:
            self.on_upload(sent, total)

    def _offer(self) -> None:
        if self.on_offer:
            self.on_offer()

    def hash_of(self, created: SeparationCreated, *, host: str) -> str:
        """The new job's hash.

        Raises:
            SubmitUncertain: When the service reports success and names no hash.
        """
        data = created.data
        if hash_ := usable_hash(data.hash_ if isinstance(data, SeparationCreatedData) else None):
            return hash_
        raise self._uncertain("The service accepted the job and did not say its hash.", host=host)

    def failed(self, error: MVSepError, *, host: str) -> MVSepError:
        """The error to raise when the call failed with `error`.

        After the last byte of the form was handed over, a lost connection, a time-out, and any
        answer but a success or a clear no (a redirect, a failure, what can't be read) leave open
        whether there is a job. Before that there is none, and whatever came instead is a
        `ConnectionFailed`: the service's front end passes on whole bodies only, and the token
        comes last in the form. (Inferred; not confirmed by the service.)
        """
        if isinstance(error, ConnectionFailed):
            if error.sent:
                return self._uncertain(error.message, host=host)
            error.charged = False
        elif isinstance(error, UnexpectedResponse):
            return self._uncertain(
                error.message, host=host, status=error.status, server_text=error.server_text
            )
        return error

    def _uncertain(
        self,
        why: str,
        *,
        host: str,
        status: int | None = None,
        server_text: str | None = None,
    ) -> SubmitUncertain:
        return SubmitUncertain(
            f"It is not known whether the job for {self.name} was created. {why}",
            file_name=self.name,
            marker=self.marker,
            submitted_at=self.began,
            host=host,
            status=status,
            server_text=server_text,
            next_step=_UNCERTAIN + (_LOOK if self.marker else _LOOK_YOURSELF),
        )


def _place(source: Source | None) -> str | None:
    if isinstance(source, str) and is_link(source):
        return source
    return str(Path(source).absolute()) if isinstance(source, str | os.PathLike) else None


def _content(source: Source) -> str:
    if isinstance(source, str) and is_link(source):
        return source
    with opened(source) as file:
        return digest_of(file.payload)


def _optional(name: str, value: int | None) -> int | None:
    if value is None or isinstance(value, bool):
        return None if value is None else int(value)
    return whole_number(name, value)
