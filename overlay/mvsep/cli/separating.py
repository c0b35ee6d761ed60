"""`mvsep separate` and `mvsep resume`: from songs, hashes or the journal to stems."""

from __future__ import annotations

import math
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from mvsep.batch.queue import Outcome
from mvsep.batch.run import is_of
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.sep_type import SepType
from mvsep.cli.arguments import (
    Connect,
    Keeping,
    Waiting,
    format_option,
    journal_options,
    known_types,
    read_timeout,
    sep_type_option,
    settings_option,
    waiting_options,
)
from mvsep.cli.following import Errands, shown_folder, shown_name
from mvsep.cli.keeping import job_of
from mvsep.cli.looking import estimate_json, title
from mvsep.cli.outcome import exit_code, show, told
from mvsep.cli.paying import limit_options
from mvsep.cli.progress import Silent, choose
from mvsep.cli.words import plural, printable, show_json, written
from mvsep.client.sync import MVSep
from mvsep.core.values import DEFAULT, Default, Timeout
from mvsep.downloads.plan import Result, check_place
from mvsep.errors import DurationUnknown, InvalidInput, MVSepError
from mvsep.files import names
from mvsep.files.sources import Source
from mvsep.jobs.events import Moved
from mvsep.jobs.job import Job
from mvsep.journal import Journal
from mvsep.pricing.estimate import Estimate
from mvsep.settings.client import netloc
from mvsep.settings.policies import PollPolicy
from mvsep.settings.token import required


@click.command(
    help="""Separate each FILE_OR_LINK and fetch the stems. This spends credits.

    What it will cost is shown first. FILE_OR_LINK is an audio file, or an http(s) link that
    the service fetches itself; types that are given only text go without. The token is read
    from MVSEP_API_TOKEN.

    A journal keeps what was submitted. Ctrl-C, a crash or a time-out leaves jobs running at the
    service; the same command goes on with them. It says so when the stems are there already,
    and pays for a song twice only with --again.

    At the end the stems' paths are written to standard output, one a line; everything else
    goes to standard error.
    """,
    short_help="Separate songs and fetch their stems.",
)
@click.argument("sources", metavar="[FILE_OR_LINK]...", nargs=-1)
@sep_type_option
@settings_option
@format_option
@limit_options
@click.option(
    "--again",
    is_flag=True,
    help="Pay once more: for stems that are there, for a job that gave none, or where it can't "
    "be told whether there is a job.",
)
@click.option(
    "--at-once",
    type=click.IntRange(1),
    metavar="N",
    help="Jobs at once, of several songs.  [default: 4 for premium accounts, else 1]",
)
@click.option(
    "--wait-for-place",
    type=read_timeout,
    default=DEFAULT,
    metavar="SECONDS|none",
    help="How long to wait where the account's queue is full.  [default: 0; of several songs "
    f"{PollPolicy().timeout:g}]",
)
@waiting_options
@journal_options
@click.pass_obj
def separate(
    connect: Connect,
    /,
    sources: tuple[str, ...],
    sep_type: SepType,
    settings: dict[str, str],
    unchecked: bool,
    output_format: OutputFormat | None,
    max_credits: str | None,
    seconds: str | None,
    allow_unknown_price: bool,
    again: bool,
    at_once: int | None,
    wait_for_place: Timeout,
    journal: Path | None,
    no_journal: bool,
    **options: Any,
) -> int:
    """Create jobs, and follow each to its end."""
    waiting = Waiting(**options)
    inputs: tuple[Source | None, ...] = sources or _none(sep_type, unchecked=unchecked)
    prices: dict[Source | None, Estimate | None] = {}

    def price(source: Source | None, shown: Silent) -> None:
        try:
            prices[source] = _estimate(
                client, source, sep_type, shown, settings, seconds, unchecked=unchecked
            )
        except InvalidInput as error:
            if len(inputs) == 1:
                raise
            # What is raised here would end the others' jobs; the song meets its error by itself.
            shown.say(printable(error.message))

    errands = Errands(waiting, kept=not no_journal, price=price)
    with errands.interruptible(), ExitStack() as stack:
        client = stack.enter_context(connect(base_url=waiting.base_url))
        required(client.settings.token)
        kept = Keeping(journal=journal, no_journal=no_journal).open()
        if kept:
            stack.enter_context(kept)
        check_place(waiting.folder, waiting.template or names.DEFAULT_TEMPLATE)
        errands.usual = client.settings.base_url
        errands.show = stack.enter_context(choose(quiet=waiting.quiet, many=len(inputs) > 1))
        outcomes = client.separate_many(
            inputs,
            sep_type,
            journal=kept,
            again=again,
            at_once=at_once,
            out=waiting.folder,
            template=waiting.template or names.DEFAULT_TEMPLATE,
            overwrite=waiting.overwrite,
            manifest=waiting.manifest,
            timeout=waiting.timeout,
            on_event=errands.told,
            options=settings,
            validate=not unchecked,
            output_format=output_format,
            max_credits=max_credits,
            seconds=seconds,
            allow_unknown_price=allow_unknown_price,
            wait_for_place=_for_place(wait_for_place, many=len(inputs) > 1),
        )
    more = [{"estimate": (found := prices.get(s)) and estimate_json(found)} for s in inputs]
    return _tell(outcomes, waiting, errands, more, single=len(inputs) == 1)


def _none(sep_type: SepType, *, unchecked: bool) -> tuple[None]:
    """The one input of a type that takes no file.

    Raises:
        UsageError: When the type takes one, or nobody knows and it was not said to go on.
    """
    entry = known_types().get(sep_type)
    if (entry is None or entry.audio_widget is None) and not unchecked:
        raise click.UsageError(
            f"FILE_OR_LINK is missing, and whether {printable(title(sep_type))} goes without is "
            "not known. If it does, add --unchecked."
        )
    if entry is not None and entry.audio_widget not in (None, "no_upload"):
        raise click.UsageError(f"FILE_OR_LINK is missing: {printable(entry.name)} takes a file.")
    return (None,)


@click.command(
    help="""Go on with the job HASH and fetch its stems; without HASH, with every job in the
    journal that is not finished.

    A job given by its HASH can have been created anywhere and at any time; the service keeps
    results for about 72 hours. The stems go where they were to go by the journal, unless --out is
    given; of stems that are there already it is said where. Without HASH a song that was not
    submitted yet is, where its file is still the same.
    """,
    short_help="Go on with a job, or with all that are not finished.",
)
@click.argument("hash", required=False)
@waiting_options
@journal_options
@click.pass_obj
def resume(
    connect: Connect,
    /,
    hash: str | None,
    journal: Path | None,
    no_journal: bool,
    **options: Any,
) -> int:
    """Follow jobs that exist to their end."""
    waiting = Waiting(**options)
    errands = Errands(waiting, kept=not no_journal)
    with errands.interruptible(), ExitStack() as stack:
        client = stack.enter_context(connect(base_url=waiting.base_url))
        kept = Keeping(journal=journal, no_journal=no_journal).open()
        if kept:
            stack.enter_context(kept)
        elif hash is None:
            raise click.UsageError("Without a journal a HASH is needed.")
        errands.usual = client.settings.base_url
        errands.show = stack.enter_context(choose(quiet=waiting.quiet, many=hash is None))
        outcomes: list[Outcome] = []
        if kept:
            outcomes = client.finish(
                kept,
                hash=hash,
                out=waiting.out,
                template=waiting.template,
                overwrite=waiting.overwrite or None,
                manifest=waiting.manifest,
                timeout=waiting.timeout,
                on_event=errands.told,
            )
        if not outcomes and hash is not None:
            outcomes = [_by_hash(client, kept, hash, waiting, errands)]
        elsewhere = {
            netloc(entry.host)
            for entry in (kept.unfinished() if kept and hash is None else ())
            if not is_of(entry, client.settings)
        }
    if not waiting.as_json:
        if not outcomes:
            click.echo("Nothing is unfinished.", err=True)
        for host in sorted(elsewhere):
            click.echo(
                f"Not asked for: what is at {printable(host)}. Give its address as --base-url.",
                err=True,
            )
    return _tell(outcomes, waiting, errands, [{}] * len(outcomes), single=hash is not None)


def _by_hash(
    client: MVSep, journal: Journal | None, hash: str, waiting: Waiting, errands: Errands
) -> Outcome:
    """Follow a job that the journal does not know as unfinished."""
    entry = journal.by_hash(hash) if journal else None
    job = job_of(client, entry, hash, waiting.base_url)
    errands.told(hash, job)
    known = entry.details if entry else {}
    template = waiting.template or known.get("template") or names.DEFAULT_TEMPLATE
    try:
        job.wait(timeout=waiting.timeout, on_state=lambda state: errands.told(hash, state))
        result = job.download(
            waiting.out or known.get("out") or waiting.folder,
            template=template,
            overwrite=waiting.overwrite,
            manifest=waiting.manifest,
            on_file=lambda *arrived: errands.told(hash, Moved(*arrived)),
        )
    except MVSepError as error:
        return Outcome(hash, error=error, job=job)
    return Outcome(hash, result=result, job=job)


def _for_place(wait: Timeout, *, many: bool) -> float | None:
    """Seconds to wait for a place; None for what is usual for many songs."""
    if isinstance(wait, Default):
        # One song is not waited for when another client has the account's only place.
        return None if many else 0.0
    return math.inf if wait is None else wait


def _estimate(
    client: MVSep,
    source: Source | None,
    sep_type: SepType,
    shown: Silent,
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
        shown.say(f"{printable(title(sep_type))}: price unknown. {printable(error.message)}")
        return None
    for warning in estimate.warnings:
        shown.say(f"Warning: {printable(warning)}")
    shown.say(f"{printable(title(sep_type))}: {printable(estimate)}")
    return estimate


def _tell(
    outcomes: list[Outcome],
    waiting: Waiting,
    errands: Errands,
    more: list[dict[str, Any]],
    *,
    single: bool,
) -> int:
    for outcome in outcomes:
        if outcome.error:
            errands.leading_back(
                outcome.error, outcome.job if isinstance(outcome.job, Job) else None
            )
    if single:
        (outcome,) = outcomes
        if outcome.error:
            raise outcome.error
        assert outcome.result is not None  # noqa: S101  one of both
        _tell_one(outcome, outcome.result, waiting, more[0])
        return 0
    code = max((exit_code(each.error) for each in outcomes if each.error), default=0)
    if waiting.as_json:
        songs = [
            {"source": str(each.source), **_json(each, known)}
            for each, known in zip(outcomes, more, strict=True)
        ]
        show_json({"songs": songs, "exit_code": code})
        return code
    for outcome in outcomes:
        if outcome.error:
            show(outcome.error, about=shown_name(outcome.source))
        elif outcome.result:
            for warning in outcome.result.warnings:
                text = f"Warning: {shown_name(outcome.source)}: {warning}"
                click.echo(printable(text), err=True)
            for stem in outcome.result.files:
                click.echo(written(stem.path))
    if outcomes and not waiting.quiet:
        click.echo(_summary(outcomes), err=True)
    return code


def _tell_one(outcome: Outcome, result: Result, waiting: Waiting, more: dict[str, Any]) -> None:
    if waiting.as_json:
        show_json({**_json(outcome, more)})
        return
    for warning in result.warnings:
        click.echo(f"Warning: {printable(warning)}", err=True)
    if not waiting.quiet:
        count = plural(len(result.files), "stem")
        where = printable(shown_folder([stem.path for stem in result.files]))
        if result.already:
            click.echo(
                f"{count} there already, in {where}. To fetch them elsewhere: "
                f"mvsep resume {printable(result.hash)} --out DIR. To pay once more: --again.",
                err=True,
            )
        else:
            click.echo(f"{count} in {where}:", err=True)
    for stem in result.files:
        click.echo(written(stem.path))


def _json(outcome: Outcome, more: dict[str, Any]) -> dict[str, Any]:
    if outcome.error:
        return {"error": told(outcome.error)}
    result = outcome.result
    assert result is not None  # noqa: S101  one of both
    files = [
        {"label": stem.label, "path": str(stem.path), "size": stem.size, "sha256": stem.sha256}
        for stem in result.files
    ]
    host = outcome.job.host if outcome.job else None
    return {
        "hash": result.hash,
        "host": host,
        "files": files,
        "already": result.already,
        "manifest": result.manifest and str(result.manifest),
        "warnings": list(result.warnings),
        **more,
    }


def _summary(outcomes: list[Outcome]) -> str:
    results = [each.result for each in outcomes if each.result]
    already = sum(result.already for result in results)
    parts = [f"{len(results)} of {plural(len(outcomes), 'song')} separated"]
    if already:
        parts[0] += f", {already} of them before"
    if failed := len(outcomes) - len(results):
        parts.append(f"{failed} not")
    return f"{'; '.join(parts)}."
