"""`mvsep resume`: from jobs to stems."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from mvsep.batch.queue import Outcome
from mvsep.batch.run import is_of
from mvsep.cli.arguments import Connect
from mvsep.cli.jobs import job_of
from mvsep.cli.progress import choose_view
from mvsep.cli.results import show_results
from mvsep.cli.shared import SharedOptions, journal_options, open_journal, shared_options
from mvsep.cli.songs import Songs
from mvsep.cli.streams import note
from mvsep.cli.text import printable
from mvsep.client.sync import MVSep
from mvsep.core.values import from_arguments
from mvsep.errors import MVSepError
from mvsep.files import names
from mvsep.jobs.base import Moved
from mvsep.journal import Journal
from mvsep.settings.client import netloc


@click.command(
    help="""Resume the job HASH and fetch its stems; without HASH, every unfinished job in the
    journal.

    A job given by its HASH can come from anywhere; the service keeps results for about 72 hours.
    The stems go to the folder in the journal, unless --out is given. If they are already saved,
    prints their paths. Without HASH, songs that were not submitted yet are submitted, if their
    files have not changed.
    """,
)
@click.argument("hash", required=False)
@shared_options
@journal_options
@click.pass_obj
def resume(
    connect: Connect,
    /,
    hash: str | None,
    journal: Path | None,
    no_journal: bool,
    **given: Any,
) -> int:
    """Resume jobs and show their stems."""
    if hash is None and no_journal:
        raise click.UsageError("Without a journal a HASH is needed.")
    options, skipped = from_arguments(SharedOptions, given), set()
    songs = Songs(options, kept=not no_journal, several=hash is None)
    with songs.interruptible(), ExitStack() as stack:
        client = stack.enter_context(connect(base_url=options.base_url))
        kept = stack.enter_context(open_journal(journal, no_journal=no_journal))
        songs.address = client.settings.base_url
        view = choose_view(quiet=options.quiet, several=hash is None)
        songs.view = stack.enter_context(view)
        outcomes = _from_journal(client, kept, hash, options, songs) if kept else []
        if kept and hash is None:
            left = kept.unfinished(lambda _: None)  # the outcomes have its errors
            skipped = {netloc(each.host) for each in left if not is_of(each, client.settings)}
        if hash and not outcomes:
            outcomes = [_by_hash(client, kept, hash, options, songs)]
    if not options.as_json:
        if not outcomes:
            note("No job is unfinished.")
        for host in sorted(skipped):
            hint = "Pass its address as --base-url."
            note(f"Jobs at {printable(host)} were not resumed. {hint}")
    return show_results(outcomes, options, songs, single=hash is not None)


def _from_journal(
    client: MVSep, journal: Journal, hash: str | None, options: SharedOptions, songs: Songs
) -> list[Outcome]:
    return client.finish(
        journal,
        hash=hash,
        out=options.out,
        template=options.template,
        overwrite=options.overwrite or None,
        manifest=options.manifest,
        timeout=options.timeout,
        on_event=songs.on_event,
    )


def _by_hash(
    client: MVSep, journal: Journal | None, hash: str, options: SharedOptions, songs: Songs
) -> Outcome:
    """Follow a job that is not unfinished in the journal, or not there at all."""
    entry = journal.by_hash(hash) if journal else None
    job = job_of(client, entry, hash, options.base_url)
    songs.on_event(hash, job)
    known = entry.details if entry else {}
    if entry:
        job.about["sep_type"] = entry.sep_type
    try:
        job.wait(timeout=options.timeout, on_state=lambda state: songs.on_event(hash, state))
        result = job.download(
            options.out or known.get("out") or Path(),
            template=options.template or known.get("template") or names.DEFAULT_TEMPLATE,
            overwrite=options.overwrite,
            manifest=options.manifest,
            on_file=lambda *moved: songs.on_event(hash, Moved(*moved)),
        )
    except MVSepError as error:
        return Outcome(hash, error=error, job=job)
    return Outcome(hash, result=result, job=job)
