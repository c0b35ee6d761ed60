"""`mvsep cancel` and `mvsep delete`: the end of a job at the service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from mvsep.cli.input.arguments import Connect, base_url_option, json_option
from mvsep.cli.input.confirm import confirm, yes_option
from mvsep.cli.input.job_names import JOB_HELP, find_job, job_argument, job_of
from mvsep.cli.input.shared import journal_options, open_journal
from mvsep.cli.input.tokens import TOKEN_HELP
from mvsep.cli.output.streams import keeping, note, show_json, write
from mvsep.cli.output.text import printable
from mvsep.jobs.job import Job
from mvsep.journal.entry import Entry, State
from mvsep.transport.responses import server_text


@click.command(
    help=f"""Cancel a job. Credits come back if it is not being processed yet.

    {JOB_HELP} {TOKEN_HELP}

    \b
    Examples:
      mvsep cancel last
      mvsep cancel last --json
    """,
)
@job_argument
@json_option
@base_url_option
@journal_options
@click.pass_obj
def cancel(connect: Connect, /, job: str, as_json: bool, **given: Any) -> None:
    """Cancel a job."""
    with _ending(connect, job, "It was cancelled.", **given) as found:
        said = server_text(found.cancel().to_dict())
    _show_end(found, "cancelled", said, as_json=as_json)
    if not as_json:
        write("Credits come back if it was not being processed yet; see `mvsep account`.")


@click.command(
    help=f"""Delete a job and its files at the service; stems on this machine stay. Asks first,
    on a terminal.

    {JOB_HELP} {TOKEN_HELP}

    \b
    Examples:
      mvsep delete last --yes
      mvsep delete last --yes --json
    """,
)
@job_argument
@yes_option
@json_option
@base_url_option
@journal_options
@click.pass_obj
def delete(connect: Connect, /, job: str, yes: bool, as_json: bool, **given: Any) -> None:
    """Delete a job."""

    def ask(hash: str, entry: Entry | None) -> bool:
        about = f" of {printable(entry.name)}" if entry else ""
        question = f"Delete {printable(hash)}{about} and its files at the service for good?"
        return confirm(question, yes=yes)

    try:
        with _ending(connect, job, "It was deleted.", ask, **given) as found:
            said = server_text(found.delete().to_dict())
    except _Declined:
        note("Nothing was deleted.")
        return
    _show_end(found, "deleted", said, as_json=as_json)


class _Declined(Exception):
    """The answer to the question was no."""


@contextmanager
def _ending(
    connect: Connect,
    name: str,
    reason: str,
    ask: Callable[[str, Entry | None], bool] = lambda *_: True,
    *,
    base_url: str | None,
    journal: str | None,
    no_journal: bool,
) -> Iterator[Job]:
    """Yield a job that the block ends, and note its end in the journal."""
    with connect(base_url=base_url) as client, open_journal(journal, no_journal=no_journal) as kept:
        hash, entry = find_job(kept, name)
        found = job_of(client, entry, hash, base_url)
        if not ask(hash, entry):
            raise _Declined
        yield found
        if kept and entry and entry.state is State.SUBMITTED:
            kept.over(entry, reason)


def _show_end(job: Job, end: str, said: str | None, *, as_json: bool) -> None:
    with keeping(f"The job {job.hash} was {end}."):
        if as_json:
            show_json({"hash": job.hash, "host": job.host, end: True, "server_text": said})
            return
        write(f"{end.capitalize()} {printable(job.hash)}.")
        if said:
            write(f'The service said: "{printable(said)}"')
