"""A job to be created: its checks, its files, and what a failure of the call means."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from mvsep.catalog import Catalog
from mvsep.catalog.formats import OutputFormat, RemoteType
from mvsep.catalog.options import Resolved, resolve
from mvsep.catalog.sep_type import SepType
from mvsep.core.checks import check_link
from mvsep.core.disk import path_of
from mvsep.core.values import length, whole_number
from mvsep.downloads.plan import plausible_size
from mvsep.errors import (
    ConnectionFailed,
    DurationUnknown,
    InvalidInput,
    MVSepError,
    Refused,
    SubmitUncertain,
    UnexpectedResponse,
)
from mvsep.files.names import marked, new_marker
from mvsep.files.sources import (
    Source,
    check_audio,
    digest_of,
    is_link,
    name_of,
    opened,
    size_of,
)
from mvsep.job_state import usable_hash
from mvsep.jobs.form import Form, JobOptions
from mvsep.jobs.lookup import Lookup
from mvsep.jobs.reconcile import Sought
from mvsep.jobs.turn import ALONE
from mvsep.pricing import estimate
from mvsep.pricing.estimate import Estimate, JobQuote
from mvsep.settings.client import ClientSettings
from mvsep.settings.policies import Clock
from mvsep_api.models.separation_created import SeparationCreated
from mvsep_api.models.separation_created_data import SeparationCreatedData

# What a type takes, by the service's word for it.
_INPUTS = {
    "single_upload": "one file or link, and no reference",
    "no_upload": "no file, only its options",
    "matchering_upload": "two files, the song and a reference",
}
_UNCERTAIN = "Don't send it again before you know: the job may be there, and paid for. "
_LOOK = "reconcile() of this error looks for it in the account's history and queue."
_LOOK_YOURSELF = (
    "Nothing can look for what has neither file nor link: see the account's history yourself."
)


class Submission:
    """One job to be created: its form, its files, and what is known for an error.

    Args:
        source: The song: a path, bytes, a binary file, a link, or None for types without one.
        sep_type: The separation type, by number or name.
        asked: The other choices.
        clock: Tells the time, and gives each upload a name of its own.
        catalog: The known types.

    Attributes:
        form: The fields to send.
        resolved: The type and its options, looked up in the catalogue.
        input_name: The name that stems are called after; the song's unless changed.
        on_offer: Called right before the end of the form may leave.
        turn: The song's turn among others.
        price_holds: Whether only the file is sent that was priced.
        lookup: The facts that find its job; None while there can be none.

    Raises:
        InvalidInput: When these don't go together.
    """

    def __init__(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        asked: JobOptions,
        clock: Clock,
        catalog: Catalog,
    ) -> None:
        for name, each in (("source", source), ("reference", asked.reference)):
            if is_link(each):
                check_link(name, each)
        self.name = self.input_name = name_of(source)
        self.asked = asked
        self.resolved: Resolved = resolve(catalog, sep_type, asked.options, validate=asked.validate)
        self._seconds = None if asked.seconds is None else length(asked.seconds)
        self.form = Form(
            sep_type=int(self.resolved.sep_type),
            options=dict(self.resolved.fields),
            output_format=_format(asked.output_format),
            is_demo=_flag(asked.is_demo),
            webhook_url=asked.webhook_url,
            preset_id=_number("preset_id", asked.preset_id),
            send_mail_on_error=_flag(asked.send_mail_on_error),
            remote_type=_remote_type(source, asked.remote_type),
        )
        self.began = clock.wall()
        # What has no file carries no name that the service would keep.
        self.marker = None if source is None or is_link(source) else new_marker(clock.chance)
        self.on_offer: Callable[[], object] | None = None
        self.turn = ALONE
        self.price_holds = asked.max_credits is not None
        self.lookup: Lookup | None = None
        self._source, self._reference = source, asked.reference
        self._contents: list[str] = []
        self._clock = clock
        self._quote: JobQuote | None = None
        self._priced: object = None
        _check_reference(source, asked.reference)

    def check_inputs(self) -> None:
        """Check that the type takes what is given, and that files can be audio.

        Raises:
            InvalidInput: When it does not, or they can't; with `validate=False` nothing is checked.
        """
        given = "no_upload" if self._source is None else "single_upload"
        if self._reference is not None:
            given = "matchering_upload"
        entry = self.resolved.entry
        wanted = entry.audio_widget if entry and self.asked.validate else None
        if entry and wanted in _INPUTS and wanted != given:
            raise InvalidInput(
                f"{entry.name} takes {_INPUTS[wanted]}.",
                next_step="With validate=False it is sent as it is.",
                param="validate",
            )
        for each in (self._source, self._reference):
            if self.asked.validate and each is not None and not is_link(each):
                check_audio(each, known=self.asked.only_audio and each is self._source)

    @property
    def sought(self) -> Sought:
        """The facts to find its job by in the account's history."""
        link = isinstance(self._source, str) and is_link(self._source)
        return Sought(self.marker, self.name if link else None, self.form.sep_type, self.began)

    @property
    def about(self) -> dict[str, Any]:
        """Facts for the job's manifest."""
        told = {
            "sep_type": self.form.sep_type,
            "sep_type_name": self.resolved.sep_type.name,
            "options": dict(self.form.options) or None,
            "output_format": self.form.output_format,
        }
        return {name: value for name, value in told.items() if value is not None}

    def quote(self) -> JobQuote:
        """Return the job with its price by the file's header, which is read once.

        From then on a job with a spending limit sends no other file: what is priced is sent.

        Raises:
            InvalidInput: When the file or the duration can't be used.
        """
        if self._quote:
            return self._quote
        self._priced = _identity(self._source)
        if self.price_holds and self._priced is None and not self._contents:
            self.contents()  # what is in memory is told from what it was by its bytes
        try:
            price: Estimate | DurationUnknown = estimate.estimate_resolved(
                self.resolved, self._source, self._seconds
            )
        except DurationUnknown as error:
            price = error
        size = size_of(self._source)
        self._quote = JobQuote(self.resolved, price, size, self.form.output_format)
        return self._quote

    def quote_or_less(self) -> JobQuote:
        """Return the job with its price, unknown where the file can't be read any more."""
        try:
            return self.quote()
        except InvalidInput as error:
            unknown = DurationUnknown(error.message)
            return JobQuote(self.resolved, unknown, None, self.form.output_format)

    def plausible_size(self) -> int | None:
        """Read the song's length, and return the bytes a stem can have; None where unknown."""
        quote = self.quote_or_less()
        if isinstance(quote.estimate, DurationUnknown):
            return None
        return plausible_size(float(quote.estimate.seconds), quote.size)

    @property
    def choices(self) -> dict[str, Any]:
        """The choices that change the stems. A default chosen by hand counts as not chosen."""
        return {
            "sep_type": self.form.sep_type,
            "options": self.resolved.chosen,
            "output_format": self.form.output_format or 0,  # the service's default
            "preset_id": self.form.preset_id,
        }

    @property
    def places(self) -> dict[str, str | None]:
        """The places of song and reference; None for one that has none."""
        return {"source": _place(self._source), "reference": _place(self._reference)}

    @property
    def expected(self) -> tuple[tuple[tuple[str, ...], ...], str]:
        """The labels of the stems to expect, in each spelling, and their extension.

        No labels where nobody knows.
        """
        extension = OutputFormat(self.form.output_format or 0).extension
        prediction = self.resolved.prediction
        return prediction.spellings if prediction.sure and extension else (), extension or "bin"

    def contents(self) -> list[str]:
        """Read the inputs, and return for each the SHA-256 of its bytes, or the link.

        From then on no other bytes are sent: the journal's key then stands for what was sent.

        Raises:
            InvalidInput: When a file can't be read.
        """
        inputs = [each for each in (self._source, self._reference) if each is not None]
        self._contents = [_content(each) for each in inputs]
        return self._contents

    @contextmanager
    def opened(self) -> Iterator[dict[str, Any]]:
        """Open the files, and give the whole form.

        Raises:
            InvalidInput: When a file can't be used; raised before anything is sent.
        """
        fields = self.form.fields()
        self.began = self._clock.wall()
        song, other = (*self._contents, None, None)[:2]
        with ExitStack() as stack:
            if isinstance(self._source, str) and is_link(self._source):
                fields["url"] = self._source
            elif self._source is not None:
                file = stack.enter_context(opened(self._source, self.asked.on_upload, song))
                self._check_priced()
                if self.marker:
                    file.file_name = marked(self.name, self.marker)
                if self._reference is None:
                    yield {"audiofile": file, **fields}
                    return
                reference = stack.enter_context(opened(self._reference, None, other))
                yield {"target_audiofile": file, "reference_audiofile": reference, **fields}
                return
            yield fields

    def _check_priced(self) -> None:
        if self.price_holds and self._quote and _identity(self._source) != self._priced:
            raise InvalidInput(
                f"{self.name} changed since its price was found, and may cost more now.",
                next_step="No job was created. Send it again when nothing writes to it any more.",
                param="max_credits" if self.asked.max_credits is not None else None,
            )

    def note_end_leaving(self, settings: ClientSettings) -> None:
        """Take note that the end of the form is about to leave for a host.

        Raises:
            InvalidInput: When a job with a spending limit would get another file than was priced.
        """
        self._check_priced()
        if self.on_offer:
            self.on_offer()
        self.lookup = Lookup(settings, self.name, marker=self.marker)

    def created(self, answer: SeparationCreated, settings: ClientSettings) -> Lookup:
        """Take note of the new job, and return where it is found.

        Args:
            answer: The service's answer.
            settings: The settings for the host that gave it.

        Raises:
            SubmitUncertain: When the service reports success and names no hash.
        """
        data = answer.data if isinstance(answer.data, SeparationCreatedData) else None
        hash_ = usable_hash(data.hash_ if data else None)
        if data is None or hash_ is None:
            why = "The service accepted the job and did not say its hash."
            raise self._uncertain(why, host=settings.host)
        there = settings.at(settings.address_of_job(data.link))
        self.lookup = Lookup(there, self.name, hash_, self.marker)
        return self.lookup

    def error_to_raise(self, error: Exception, *, host: str) -> Exception:
        """Return the error to raise when the call failed with `error`.

        After the last byte of the form was handed over, whatever is not a success or a clear no
        leaves open whether there is a job: a lost connection, a time-out, a redirect, a failure,
        what can't be read, a fault on this machine. Before that there is none, and a broken
        connection is a `ConnectionFailed`: the service's front end passes on whole bodies only,
        and the token comes last in the form. (Inferred; not confirmed by the service.)
        """
        if isinstance(error, SubmitUncertain) or (self.lookup and self.lookup.hash):
            return error
        if isinstance(error, Refused):
            self.lookup = None
            return error
        sent = isinstance(error, ConnectionFailed) and error.sent
        if isinstance(error, UnexpectedResponse) or self.lookup or sent:
            return self._uncertain(error, host=host)
        if isinstance(error, ConnectionFailed):
            error.charged = False
        return error

    def _uncertain(self, cause: Exception | str, *, host: str) -> SubmitUncertain:
        known = cause if isinstance(cause, MVSepError) else None
        why = known.message if known else cause
        if isinstance(why, Exception):
            # Its text is not ours, and may show what was sent.
            why = f"A {type(why).__name__} came in place of an answer."
        return SubmitUncertain(
            f"It is not known whether the job for {self.name} was created. {why}",
            file_name=self.name,
            marker=self.marker,
            submitted_at=self.began,
            host=host,
            status=known.status if known else None,
            server_text=known.server_text if known else None,
            next_step=_UNCERTAIN + (_LOOK_YOURSELF if self._source is None else _LOOK),
            param="source",
        )


def _remote_type(source: Source | None, remote_type: RemoteType | str | None) -> str | None:
    if isinstance(source, str) and is_link(source):
        return str(remote_type or RemoteType.of_url(source))
    if remote_type is not None:
        raise InvalidInput("remote_type goes with a link only.")
    return None


def _check_reference(source: Source | None, reference: Source | None) -> None:
    if reference is not None and (source is None or is_link(source) or is_link(reference)):
        raise InvalidInput("A reference goes with a song, and both are files.")


def _place(source: Source | None) -> str | None:
    if isinstance(source, str) and is_link(source):
        return source
    return str(path_of(source).absolute()) if isinstance(source, str | os.PathLike) else None


def _identity(source: Any) -> tuple[int, ...] | None:
    """Return what tells a file from others and from what it was; None for what is no file."""
    try:
        if isinstance(source, str | os.PathLike):
            found = path_of(source).stat()
        else:
            found = os.fstat(source.fileno())
    except (OSError, ValueError, AttributeError):
        return None
    # A time of writing (mtime) can be set back, and that sets the time of change (ctime).
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _content(source: Source) -> str:
    if isinstance(source, str) and is_link(source):
        return source
    with opened(source) as file:
        return digest_of(file.payload)


def _format(value: OutputFormat | int | str | None) -> int | None:
    if isinstance(value, str):
        value = OutputFormat.from_name(value)
    return _number("output_format", value)


def _number(name: str, value: int | None) -> int | None:
    return None if value is None else whole_number(name, value)


def _flag(value: bool | None) -> int | None:
    return None if value is None else int(value)
