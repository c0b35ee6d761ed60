"""`mvsep resume`: from jobs to stems."""

from __future__ import annotations

from typing import Any

import click

from mvsep.batch.run import is_of
from mvsep.cli.commands.follow import following
from mvsep.cli.input.arguments import Connect
from mvsep.cli.input.job_names import JOB_HELP
from mvsep.cli.input.shared import SharedOptions, journal_options, shared_options
from mvsep.cli.output.results import show_results
from mvsep.cli.output.streams import note
from mvsep.cli.output.text import printable
from mvsep.core.values import from_arguments
from mvsep.settings.client import netloc


@click.command(
    help=f"""Resume every unfinished job in the journal and fetch the stems; with JOB, only that
    one, as `mvsep download`.

    The stems go to the folder in the journal, unless --out is given. Songs that were not submitted
    yet are submitted, if their files have not changed. {JOB_HELP}

    \b
    Examples:
      mvsep resume
      mvsep resume last --out stems
      mvsep resume 1 --timeout none
    """,
)
@click.argument("job", metavar="[JOB]", required=False)
@shared_options
@journal_options
@click.pass_obj
def resume(
    connect: Connect,
    /,
    job: str | None,
    journal: str | None,
    no_journal: bool,
    **given: Any,
) -> int:
    """Resume jobs and show their stems."""
    if job is None and no_journal:
        raise click.UsageError("Without a journal the hash of a JOB is needed.")
    options, skipped = from_arguments(SharedOptions, given), set()
    several = job is None
    where: dict[str, Any] = {"journal": journal, "no_journal": no_journal}
    with following(connect, options, **where, several=several) as followed:
        outcomes = followed.finish(None) if job is None else followed.fetch(job)
        if job is None and (kept := followed.journal):
            left = kept.unfinished(lambda _: None)  # the outcomes have its errors
            settings = followed.client.settings
            skipped = {netloc(each.host) for each in left if not is_of(each, settings)}
    if not options.as_json:
        if not outcomes:
            note("No job is unfinished.")
        for host in sorted(skipped):
            hint = "Pass its address as --base-url."
            note(f"Jobs at {printable(host)} were not resumed. {hint}")
    return show_results(outcomes, options, followed.songs, single=not several)
