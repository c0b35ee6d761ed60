"""`mvsep separate` and `mvsep resume`: a job from its creation, or from its hash, to its stems."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

import click

from mvsep.cli.arguments import (
    Connect,
    Waiting,
    format_option,
    sep_type_option,
    settings_option,
    waiting_options,
)
from mvsep.cli.looking import estimate_json, title
from mvsep.cli.outcome import Interrupted
from mvsep.cli.paying import limit_options
from mvsep.cli.progress import Silent, choose
from mvsep.cli.words import plural, printable, show_json
from mvsep.client import MVSep
from mvsep.errors import DurationUnknown, JobFailed, JobNotFound, JobTimeout, MVSepError
from mvsep.estimates import Estimate
from mvsep.formats import OutputFormat
from mvsep.jobs import Job
from mvsep.results import Result, check_place
from mvsep.sep_types import SepType
from mvsep.transfer import is_link, name_of


class _Sent(Enum):
    """How much of the request that creates a job has left."""

    NOTHING = auto()
    A_PART = auto()
    MAYBE_ALL = auto()


class _Errand:
    """One job's way, as far as an error or a Ctrl-C has to tell about it.

    Args:
        waiting: What was asked for.
    """

    def __init__(self, waiting: Waiting) -> None:
        self.job: Job | None = None
        self._waiting = waiting
        self._sent = _Sent.NOTHING

    def sending(self, source: str) -> None:
        """The job is being created. A link is sent in one go, a file in pieces."""
        self._sent = _Sent.MAYBE_ALL if is_link(source) else _Sent.A_PART

    def uploading(self, sent: int, total: int | None) -> None:
        """Bytes of the file were handed over."""
        if total is None or sent >= total:
            self._sent = _Sent.MAYBE_ALL

    @contextmanager
    def told(self) -> Iterator[None]:
        """Whatever ends the block, the job's hash is in the error, and how to come back to it."""
        try:
            yield
        except KeyboardInterrupt:
            raise self._leading_back(self._interrupted()) from None
        except MVSepError as error:
            raise self._leading_back(error) from error.__cause__
        except Exception as error:
            fault = MVSepError(
                f"A fault of mvsep itself: {type(error).__name__}: {error}.",
                next_step="Please report it.",
            )
            raise self._leading_back(fault) from error

    def _interrupted(self) -> Interrupted:
        if self.job is not None:
            return Interrupted(
                "Interrupted. Nothing was cancelled: the job stays at the service.", retryable=True
            )
        if self._sent is _Sent.MAYBE_ALL:
            return Interrupted(
                "Interrupted before the service's answer came: "
                "it is not known whether the job was created.",
                next_step="Look at the account's history before you send it again: "
                "the job may be there, and paid for.",
            )
        upload = " before the upload ended" if self._sent is _Sent.A_PART else ""
        return Interrupted(
            f"Interrupted{upload}. No job was started.", charged=False, retryable=True
        )

    def _leading_back(self, error: MVSepError) -> MVSepError:
        if self.job is None:
            return error
        error.hash, error.host = error.hash or self.job.hash, error.host or self.job.host
        if isinstance(error, JobFailed | JobNotFound):
            return error
        if isinstance(error, JobTimeout):
            error.next_step = "It goes on at the service."
        way = f"Come back with: {self._waiting.way_back(error.hash)}"
        error.next_step = f"{error.next_step} {way}" if error.next_step else way
        return error


@click.command(
    help="""Separate FILE_OR_LINK and fetch the stems. This spends credits.

    What it will cost is shown first. FILE_OR_LINK is an audio file, or an http(s) link that
    the service fetches itself. Ctrl-C leaves the job running at the service, and says how to
    come back to it. The token is read from MVSEP_API_TOKEN.

    At the end the stems' paths are written to standard output, one a line; everything else
    goes to standard error.
    """,
    short_help="Separate a song and fetch its stems.",
)
@click.argument("source", metavar="FILE_OR_LINK")
@sep_type_option
@settings_option
@format_option
@limit_options
@waiting_options
@click.pass_obj
def separate(
    connect: Connect,
    /,
    source: str,
    sep_type: SepType,
    settings: dict[str, str],
    unchecked: bool,
    output_format: OutputFormat | None,
    max_credits: str | None,
    seconds: str | None,
    allow_unknown_price: bool,
    **options: Any,
) -> None:
    """Create a job, and follow it to its end."""
    waiting = Waiting(**options)
    errand = _Errand(waiting)
    with (
        errand.told(),
        connect(base_url=waiting.base_url) as client,
        choose(quiet=waiting.quiet) as show,
    ):
        check_place(waiting.out, waiting.template)
        estimate = _estimate(client, source, sep_type, show, settings, seconds, unchecked=unchecked)

        def uploading(sent: int, total: int | None) -> None:
            errand.uploading(sent, total)
            show.uploading(sent, total)

        show.sending(f"{'Link' if is_link(source) else 'Upload'} {name_of(source)}")
        errand.sending(source)
        errand.job = job = client.submit(
            source,
            sep_type,
            options=settings,
            validate=not unchecked,
            output_format=output_format,
            on_upload=uploading,
            max_credits=max_credits,
            seconds=seconds,
            allow_unknown_price=allow_unknown_price,
        )
        show.created(job.hash)
        result = _follow(job, waiting, show)
    _tell(result, job.host, waiting, {"estimate": estimate and estimate_json(estimate)})


@click.command(
    help="""Wait for the job HASH and fetch its stems.

    It can have been created anywhere and at any time; the service keeps results for about
    72 hours.
    """
)
@click.argument("hash")
@waiting_options
@click.pass_obj
def resume(connect: Connect, /, hash: str, **options: Any) -> None:
    """Follow a job that exists to its end."""
    waiting = Waiting(**options)
    errand = _Errand(waiting)
    with (
        errand.told(),
        connect(base_url=waiting.base_url) as client,
        choose(quiet=waiting.quiet) as show,
    ):
        errand.job = job = client.job(hash)
        show.created(hash)
        result = _follow(job, waiting, show)
    _tell(result, job.host, waiting, {})


def _estimate(
    client: MVSep,
    source: str,
    sep_type: SepType,
    show: Silent,
    settings: dict[str, str],
    seconds: str | None,
    *,
    unchecked: bool,
) -> Estimate | None:
    try:
        estimate = client.estimate(
            source, sep_type, options=settings, seconds=seconds, validate=not unchecked
        )
    except DurationUnknown as error:
        show.say(f"{printable(title(sep_type))}: price unknown. {printable(error.message)}")
        return None
    show.say(f"{printable(title(sep_type))}: {printable(estimate)}")
    return estimate


def _follow(job: Job, waiting: Waiting, show: Silent) -> Result:
    job.wait(timeout=waiting.timeout, on_state=show.state)
    return job.download(
        waiting.out, template=waiting.template, overwrite=waiting.overwrite, on_file=show.file
    )


def _tell(result: Result, host: str, waiting: Waiting, more: dict[str, Any]) -> None:
    if waiting.as_json:
        files = [
            {"label": stem.label, "path": str(stem.path), "size": stem.size, "sha256": stem.sha256}
            for stem in result.files
        ]
        warnings = list(result.warnings)
        show_json({"hash": result.hash, "host": host, "files": files, "warnings": warnings, **more})
        return
    for warning in result.warnings:
        click.echo(f"Warning: {printable(warning)}", err=True)
    if not waiting.quiet:
        click.echo(f"{plural(len(result.files), 'stem')} in {printable(waiting.out)}:", err=True)
    for stem in result.files:
        click.echo(click.format_filename(stem.path))
