"""`mvsep resume`: from jobs to stems."""

from __future__ import annotations

from typing import Any

import click
from attrs import define, field

from mvsep.batch.plan import Plan
from mvsep.batch.queue import Outcome
from mvsep.batch.run import is_of
from mvsep.cli.commands.follow import Followed, following
from mvsep.cli.errors import show_error
from mvsep.cli.input.arguments import Connect, offered
from mvsep.cli.input.confirm import confirm, is_terminal
from mvsep.cli.input.job_names import JOB_HELP
from mvsep.cli.input.plan import table
from mvsep.cli.input.shared import SharedOptions, journal_options, shared_options
from mvsep.cli.input.typed import typed_line
from mvsep.cli.output.results import Report, show_results
from mvsep.cli.output.streams import note
from mvsep.cli.output.text import plural, printable
from mvsep.core.values import from_arguments
from mvsep.journal.entry import NextStep
from mvsep.settings.client import netloc


@click.command(
    help=f"""Resume every unfinished job in the journal and fetch the stems; with JOB, only that
    one, as `mvsep download`.

    The stems go to the folder in the journal, unless --out is given. Songs that were never sent
    are sent only after a question with their price; without a terminal --yes answers it. {JOB_HELP}

    \b
    Examples:
      mvsep resume
      mvsep resume last --out stems
      mvsep resume 1 --timeout none
      mvsep resume --yes
    """,
)
@click.argument("job", metavar="[JOB]", required=False, shell_complete=offered("jobs"))
@click.option("-y", "--yes", is_flag=True, help="Send songs that have no job yet without asking.")
@shared_options
@journal_options
@click.pass_obj
def resume(
    connect: Connect,
    /,
    job: str | None,
    yes: bool,
    journal: str | None,
    no_journal: bool,
    **given: Any,
) -> int:
    """Resume jobs and show their stems."""
    if job is None and no_journal:
        raise click.UsageError("Without a journal the hash of a JOB is needed.")
    options = from_arguments(SharedOptions, given)
    where: dict[str, Any] = {"journal": journal, "no_journal": no_journal}
    with following(connect, options, **where, several=job is None) as followed:
        report = Report(followed.songs, options.as_json)
        if job is None:
            outcomes = _all(followed, report, _Unsent(followed, yes))
        else:
            outcomes = followed.fetch(job)
    return show_results(outcomes, options, followed.songs, single=job is not None, report=report)


def _all(followed: Followed, report: Report, unsent: _Unsent) -> list[Outcome]:
    """Go on with all that is unfinished, and tell what was left."""
    outcomes = followed.finish(None, unsent.ask)
    left, options = unsent.left, followed.options
    report.more = {"unsent": left, "next": typed_line("--yes") if left else None}
    if options.as_json:
        return outcomes
    if not outcomes and not left:
        note("No job is unfinished.")
    if left:
        note(
            f"{plural(len(left), 'song')} not sent. To send what has no job: {typed_line('--yes')}"
        )
    kept, settings = followed.journal, followed.client.settings
    unfinished = kept.unfinished(lambda _: None) if kept else []  # the outcomes have its errors
    for host in sorted({netloc(each.host) for each in unfinished if not is_of(each, settings)}):
        hint = f"To resume them: {typed_line('--base-url', host)}"
        note(f"Jobs at {printable(host)} were not resumed. {hint}")
    return outcomes


@define
class _Unsent:
    """The question about songs that were never sent.

    Args:
        followed: What is gone on with.
        yes: True where the question is answered already.

    Attributes:
        left: The songs that are not sent, by their sources.
    """

    followed: Followed
    yes: bool
    left: list[str] = field(factory=list, init=False)

    def ask(self, plan: Plan) -> bool:
        """Show the songs without a job and their price, and tell whether to send them."""
        wanted = self.yes or (bool(plan.to_pay) and self._is_wanted(plan))
        if not wanted:
            unsent = [each for each in plan.songs if each.next_step is not NextStep.LOOK]
            self.left = [str(each.source) for each in unsent]
            for song in unsent:
                if song.error and not self.followed.options.as_json:
                    show_error(song.error, about=str(song.source))
        kept = self.followed.journal
        unfinished = kept.unfinished(lambda _: None) if kept else []
        if wanted or len(unfinished) > len(self.left):
            self.followed.begin()
        return wanted

    def _is_wanted(self, plan: Plan) -> bool:
        if self.followed.options.as_json or self.followed.options.quiet or not is_terminal():
            return False
        note("No job is known of these songs:")
        for line in table(plan):
            note(line)
        return confirm("Send them? Jobs that exist go on in any case.", yes=False)
