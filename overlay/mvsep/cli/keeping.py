"""`mvsep jobs`: what the journal holds."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from mvsep.catalog.sep_type import SepType
from mvsep.cli.arguments import Keeping, journal_options, json_option
from mvsep.cli.following import shown_folder, shown_name
from mvsep.cli.words import printable, show_json
from mvsep.client.sync import MVSep
from mvsep.jobs.job import Job
from mvsep.journal import Journal
from mvsep.journal.entry import Entry, NextStep, State, next_step
from mvsep.settings.client import netloc

_SHOWN = 20
_LOOK = "mvsep resume: looks for the job"
_LOOK_YOURSELF = "see the account's history; if it is not there, mvsep separate --again"


@click.command(
    help="""List the jobs in the journal, the latest first, and what to do next for each.
    Nothing is sent.""",
    short_help="List the jobs in the journal.",
)
@click.option("--all", "everything", is_flag=True, help=f"Not only the latest {_SHOWN}.")
@json_option
@journal_options
def jobs(everything: bool, as_json: bool, journal: Path | None, no_journal: bool) -> None:
    """Show the journal."""
    kept = Keeping(journal=journal, no_journal=no_journal).open()
    if kept is None:
        raise click.UsageError("There is nothing to list without a journal.")
    with kept:
        found = [(e, _next(e, kept)) for e in kept.entries(None if everything else _SHOWN)]
        place = kept.path
    if as_json:
        show_json({"journal": str(place), "jobs": [_json(*each) for each in found]})
    elif not found:
        click.echo(f"The journal {printable(place)} holds no job.", err=True)
    for each in [] if as_json else found:
        cells = _cells(*each)
        if sys.stdout.isatty():
            # A hash is there to be copied: a table would break it in two.
            when, name, sep_type, state, job, host, step = cells
            click.secho(f"{when}  {name}", bold=True, nl=False)
            click.echo(f"  type {sep_type}, {state}\n  {job} on {host}\n  next: {step}")
        else:
            click.echo("\t".join(cells))


def job_of(client: MVSep, entry: Entry | None, hash: str, base_url: str | None) -> Job:
    """A job by its hash: at the host where the journal has it, unless another is given."""
    if entry and not base_url:
        return client.job(hash, host=entry.host, input_name=entry.details["input"])
    return client.job(hash)


def _next(entry: Entry, journal: Journal) -> str:
    """What to do next for a song."""
    unfinished = entry.state in (State.INTENT, State.OFFERED, State.SUBMITTED)
    if unfinished and journal.is_held(entry.key):
        return "nothing: another process has it in work"
    what = next_step(entry, glance=True)
    if entry.state is State.OVER:
        again = " --again" if what is NextStep.ASK else ""
        return f"mvsep separate{again}: {entry.reason}"
    return {
        NextStep.SUBMIT: "mvsep resume: no job was created",
        NextStep.LOOK: _LOOK if entry.marker else _LOOK_YOURSELF,
        NextStep.RESUME: f"mvsep resume {entry.hash}",
        NextStep.NOTHING: f"nothing: the stems are in {_folder(entry)}",
        NextStep.ASK: "",
    }[what]


def _folder(entry: Entry) -> str:
    return shown_folder([file.path for file in entry.files])


def _when(entry: Entry) -> str:
    return datetime.fromtimestamp(entry.began).astimezone().strftime("%Y-%m-%d %H:%M")


def _cells(entry: Entry, step: str) -> tuple[str, ...]:
    cells = (
        _when(entry),
        shown_name(entry.details["source"] or entry.name),
        str(entry.sep_type),
        str(entry.state),
        entry.hash or "-",
        netloc(entry.host),
        step,
    )
    return tuple(map(printable, cells))


def _json(entry: Entry, step: str) -> dict[str, Any]:
    return {
        "began": datetime.fromtimestamp(entry.began).astimezone().isoformat(timespec="seconds"),
        "name": entry.name,
        "source": entry.details["source"],
        "sep_type": entry.sep_type,
        "sep_type_name": SepType(entry.sep_type).name,
        "state": str(entry.state),
        "hash": entry.hash,
        "host": netloc(entry.host),
        "reason": entry.reason,
        "out": entry.details["out"],
        "files": [
            {"label": f.label, "path": str(f.path), "size": f.size, "sha256": f.sha256}
            for f in entry.files
        ],
        "next": step,
    }
