"""`mvsep jobs`: the jobs in the journal."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from mvsep.catalog.sep_type import SepType
from mvsep.cli.arguments import json_option
from mvsep.cli.errors import error_json, show_error
from mvsep.cli.shared import journal_options, open_journal
from mvsep.cli.streams import note, show_json, write
from mvsep.cli.text import files_json, folder_name, printable, quoted, song_name
from mvsep.client.sync import MVSep
from mvsep.errors import JournalError
from mvsep.jobs.job import Job
from mvsep.journal import Journal
from mvsep.journal.entry import Entry, NextStep, State, next_step
from mvsep.settings.client import netloc

_SHOWN = 20
_LOOK = "mvsep resume (looks for the job)"
_LOOK_YOURSELF = "see the account's history; if it is not there, mvsep separate --pay-again"


@click.command(
    help="""List the jobs in the journal, the latest first, each with its next step. Nothing is
    sent.""",
)
@click.option(
    "--all", "everything", is_flag=True, help=f"List all jobs, not only the latest {_SHOWN}."
)
@json_option
@journal_options
def jobs(everything: bool, as_json: bool, journal: str | None, no_journal: bool) -> None:
    """List the jobs."""
    with open_journal(journal, no_journal=no_journal) as kept:
        if kept is None:
            raise click.UsageError("--no-journal leaves nothing to list.")
        unreadable: list[JournalError] = []
        entries = kept.entries(None if everything else _SHOWN, unreadable.append)
        found = [(entry, _next(entry, kept)) for entry in entries]
        path = kept.place
    if as_json:
        show_json(
            {
                "journal": str(path),
                "jobs": [_json(*each) for each in found],
                "unreadable": list(map(error_json, unreadable)),
            }
        )
        return
    for error in unreadable:
        show_error(error)
    if not found and not unreadable:
        note(f"The journal {printable(path)} holds no job.")
    for entry, step in found:
        _show(tuple(map(printable, (*_cells(entry), step))))


def job_of(client: MVSep, entry: Entry | None, hash: str, base_url: str | None) -> Job:
    """Return a job by its hash, at the host in the journal unless another is given."""
    if entry and not base_url:
        return client.job(hash, host=entry.host, input_name=entry.details["input"])
    return client.job(hash)


def _next(entry: Entry, journal: Journal) -> str:
    unfinished = entry.state in (State.INTENT, State.OFFERED, State.SUBMITTED)
    if unfinished and journal.is_held(entry.key):
        return "nothing (another process works on it)"
    step = next_step(entry, glance=True)
    if entry.state is State.OVER:
        again = " --pay-again" if step is NextStep.ASK else ""
        return f"mvsep separate{again} ({entry.reason})"
    return {
        NextStep.SUBMIT: "mvsep resume (submits the song)",
        NextStep.LOOK: _LOOK if entry.marker else _LOOK_YOURSELF,
        NextStep.RESUME: f"mvsep resume {quoted(entry.hash or '')}",
        NextStep.NOTHING: f"nothing (stems in {folder_name(f.path for f in entry.files)})",
        NextStep.ASK: "",
    }[step]


def _began(entry: Entry) -> datetime:
    return datetime.fromtimestamp(entry.began).astimezone()


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        _began(entry).strftime("%Y-%m-%d %H:%M"),
        song_name(entry.details["source"] or entry.name),
        str(entry.sep_type),
        str(entry.state),
        entry.hash or "-",
        netloc(entry.host),
    )


def _show(cells: tuple[str, ...]) -> None:
    if not sys.stdout.isatty():
        write("\t".join(cells))
        return
    # A hash is there to be copied: a table would break it in two.
    began, name, sep_type, state, job, host, step = cells
    write(f"  type {sep_type}, {state}", title=f"{began}  {name}")
    write(f"  {job} on {host}")
    write(f"  next: {step}")


def _json(entry: Entry, step: str) -> dict[str, Any]:
    return {
        "began": _began(entry).isoformat(timespec="seconds"),
        "name": entry.name,
        "source": entry.details["source"],
        "sep_type": entry.sep_type,
        "sep_type_name": SepType(entry.sep_type).name,
        "state": str(entry.state),
        "hash": entry.hash,
        "host": netloc(entry.host),
        "reason": entry.reason,
        "out": entry.details["out"],
        "files": files_json(entry.files),
        "next": step,
    }
