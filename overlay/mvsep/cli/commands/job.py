"""`mvsep status`, `mvsep wait` and `mvsep download`: one job at the service."""

from __future__ import annotations

from typing import Any

import click

from mvsep.cli.commands.follow import following
from mvsep.cli.errors import EXIT_CODES
from mvsep.cli.input.arguments import Connect, base_url_option, json_option
from mvsep.cli.input.job_names import JOB_HELP, find_job, job_argument, job_of, keep_hash
from mvsep.cli.input.shared import (
    SharedOptions,
    journal_options,
    open_journal,
    read_timeout,
    shared_options,
)
from mvsep.cli.output.results import show_results
from mvsep.cli.output.streams import show_json, write
from mvsep.cli.output.text import printable, quoted
from mvsep.core.values import DEFAULT, from_arguments
from mvsep.errors import JobError, MVSepError
from mvsep.job_state import JobState
from mvsep.jobs.job import Job
from mvsep.journal.entry import Entry
from mvsep.settings.policies import PollPolicy

# The states of a job that gives no stems.
_FRUITLESS = frozenset({"failed", "not_found"})


@click.command(
    help=f"""Show the state of a job at the service, once.

    {JOB_HELP} The exit code is 5 if the job failed or does not exist.

    \b
    Examples:
      mvsep status last
      mvsep status 1 --json
    """,
)
@job_argument
@json_option
@base_url_option
@journal_options
@click.pass_obj
def status(
    connect: Connect,
    /,
    job: str,
    as_json: bool,
    base_url: str | None,
    journal: str | None,
    no_journal: bool,
) -> int:
    """Show the state of a job."""
    with connect(base_url=base_url) as client, open_journal(journal, no_journal=no_journal) as kept:
        hash, entry = find_job(kept, job)
        found = job_of(client, entry, hash, base_url)
        state = found.refresh()
        keep_hash(kept, entry, found)
    return _show(found, state, entry, as_json=as_json)


@click.command(
    help=f"""Wait until a job is done, and show its progress. Nothing is fetched.

    {JOB_HELP} After Ctrl-C and when the time is up the job goes on at the service.

    \b
    Examples:
      mvsep wait last
      mvsep wait 1 --timeout 600
    """,
)
@job_argument
@click.option(
    "--timeout",
    type=read_timeout,
    default=DEFAULT,
    metavar="SECONDS|none",
    help=f"Seconds to wait.  [default: {PollPolicy().timeout:g}]",
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
@json_option
@base_url_option
@journal_options
@click.pass_obj
def wait(connect: Connect, /, job: str, journal: str | None, no_journal: bool, **given: Any) -> int:
    """Wait for a job."""
    nowhere = {"out": None, "template": None, "overwrite": False, "manifest": False}
    options = from_arguments(SharedOptions, {**nowhere, **given})
    with following(connect, options, journal=journal, no_journal=no_journal) as followed:
        hash, entry = find_job(followed.journal, job)
        found = job_of(followed.client, entry, hash, options.base_url)
        followed.songs.on_event(hash, found)

        def on_state(state: JobState) -> None:
            keep_hash(followed.journal, entry, found)
            followed.songs.on_event(hash, state)

        try:
            found.wait(timeout=options.timeout, on_state=on_state)
        except MVSepError as error:
            raise followed.songs.lead_back(error, found) from None
    assert found.state is not None  # noqa: S101  waiting gives one
    return _show(found, found.state, entry, as_json=options.as_json)


@click.command(
    help=f"""Fetch the stems of a job, and wait for it first if it is not done.

    {JOB_HELP} The service keeps results for about 72 hours. The stems go to the folder in the
    journal, unless --out is given. If they are already saved, prints their paths.

    \b
    Examples:
      mvsep download last --out stems
      mvsep download 1 --manifest
    """,
)
@job_argument
@shared_options
@journal_options
@click.pass_obj
def download(
    connect: Connect, /, job: str, journal: str | None, no_journal: bool, **given: Any
) -> int:
    """Fetch the stems of a job."""
    options = from_arguments(SharedOptions, given)
    with following(connect, options, journal=journal, no_journal=no_journal) as followed:
        outcomes = followed.fetch(job)
    return show_results(outcomes, options, followed.songs, single=True)


def _show(job: Job, state: JobState, entry: Entry | None, *, as_json: bool) -> int:
    """Show the state of a job, and return the exit code."""
    if as_json:
        show_json(_json(job, state))
    else:
        write(f"Job: {printable(job.hash)} on {printable(job.host)}")
        write(f"State: {printable(state)}")
        if state.message:
            write(f'The service said: "{printable(state.message)}"')
        if state.files:
            write(f"Stems: {printable(', '.join(file.label or file.name for file in state.files))}")
            name = str(entry.id) if entry else quoted(job.hash)
            write(f"Next: mvsep download {name}")
    return EXIT_CODES[JobError] if state.status in _FRUITLESS else 0


def _json(job: Job, state: JobState) -> dict[str, Any]:
    return {
        "hash": job.hash,
        "host": job.host,
        "status": state.status,
        "message": state.message,
        "place": state.place,
        "queue": state.queue,
        "chunks_done": state.chunks_done,
        "chunks_all": state.chunks_all,
        "files": [
            {"label": file.label, "name": file.name, "size": file.size, "url": file.url}
            for file in state.files
        ],
    }
