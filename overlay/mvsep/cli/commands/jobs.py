"""`mvsep jobs`: the jobs in the journal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import click
from attrs import frozen

from mvsep.catalog.sep_type import SepType
from mvsep.cli.errors import error_json, show_error
from mvsep.cli.input.arguments import json_option, options_of, read_sep_type, reader, title
from mvsep.cli.input.confirm import confirm, is_terminal, yes_option
from mvsep.cli.input.job_names import job_of as job_of  # for `cancel` and `delete`
from mvsep.cli.input.shared import journal_options, open_journal
from mvsep.cli.output.listing import SHOWN, limit_options, limited, write_pairs, write_rows
from mvsep.cli.output.moments import read_since
from mvsep.cli.output.streams import console, note, show_json
from mvsep.cli.output.text import files_json, folder_name, plural, printable, quoted, song_name
from mvsep.errors import JournalError
from mvsep.journal import Journal
from mvsep.journal.entry import UNFINISHED, Entry, NextStep, State, may_forget, next_step
from mvsep.settings.client import netloc

_PAY_AGAIN: Final = "mvsep separate --pay-again"
_UNFINISHED: Final = "unfinished"
# Columns of a terminal that a job fits in one line.
_WIDE: Final = 120

_filter_options = options_of(
    click.option(
        "--state",
        "states",
        type=click.Choice([_UNFINISHED, *map(str, State)]),
        multiple=True,
        help="Only jobs in this state; may be given several times.",
    ),
    click.option(
        "-t",
        "--type",
        "sep_type",
        type=reader("sep_type", read_sep_type),
        metavar="NAME|NUMBER",
        help="Only jobs of this separation type.",
    ),
    click.option(
        "--since",
        type=read_since,
        metavar="WHEN",
        help="Only jobs begun since then: 2026-01-31, or 12h, 3d, 2w ago.",
    ),
)


@click.command(
    help=f"""List the jobs in the journal, the latest first, each with its next step. Nothing is
    sent.

    The number of a job stays its own. It stands for the job in `mvsep status`, `wait`, `download`,
    `resume`, `cancel` and `delete`, and `last` for the latest.

    --prune removes from the journal, among the jobs that the filters choose, those that were
    refused or never created; no file is touched. Saved stems and failed jobs stay: by them
    `mvsep separate` knows what was paid for. --paid removes these too, and then the same songs are
    paid for again.

    \b
    Examples:
      mvsep jobs --state {_UNFINISHED}
      mvsep jobs --type "BS Roformer" --since 3d --json
      mvsep jobs --prune
    """,
)
@limit_options
@_filter_options
@click.option("--prune", is_flag=True, help="Remove jobs that were refused or never created.")
@click.option("--paid", is_flag=True, help="With --prune, also what was paid for; see above.")
@yes_option
@json_option
@journal_options
def jobs(
    limit: int,
    everything: bool,
    states: tuple[str, ...],
    sep_type: SepType | None,
    since: float | None,
    prune: bool,
    paid: bool,
    yes: bool,
    as_json: bool,
    journal: str | None,
    no_journal: bool,
) -> None:
    """List the jobs, or remove some."""
    if (paid or yes) and not prune:
        raise click.UsageError("--paid and --yes go with --prune.")
    wanted = _wanted(states, sep_type, since)
    with open_journal(journal, no_journal=no_journal) as kept:
        if kept is None:
            raise click.UsageError("--no-journal leaves nothing to list.")
        if prune:
            _prune(kept, wanted, paid=paid, yes=yes, as_json=as_json)
            return
        unreadable: list[JournalError] = []
        most = limited(limit, everything=everything)
        entries = kept.entries(most, unreadable.append, where=wanted)
        found = [(entry, _next(entry, kept, journal)) for entry in entries]
    if as_json:
        told = [_json(*each) for each in found]
        failed = list(map(error_json, unreadable))
        show_json({"journal": str(kept.place), "jobs": told, "unreadable": failed})
        return
    for error in unreadable:
        show_error(error)
    _show(found)
    if not found and not unreadable:
        chosen = " of these" if wanted else ""
        note(f"The journal {printable(kept.place)} holds no job{chosen}.")
    elif len(found) == most and sys.stdout.isatty():
        note(f"The latest {most}; --all lists all.")


def _wanted(
    states: tuple[str, ...], sep_type: SepType | None, since: float | None
) -> Callable[[Entry], bool] | None:
    """Return the test of the filters; None without any."""
    if not states and sep_type is None and since is None:
        return None
    names = {*states, *(map(str, UNFINISHED) if _UNFINISHED in states else ())}

    def wanted(entry: Entry) -> bool:
        return (
            (not names or str(entry.state) in names)
            and (sep_type is None or entry.sep_type == int(sep_type))
            and (since is None or entry.began >= since)
        )

    return wanted


# What is next


@frozen
class _Next:
    """The next step of a job: a command, and a remark; None where there is none."""

    command: str | None = None
    note: str | None = None


def _next(entry: Entry, journal: Journal, place: str | None) -> _Next:
    if entry.state in UNFINISHED and journal.is_held(entry.key):
        return _Next(None, "Another process works on it.")
    step = next_step(entry, glance=True)
    if entry.state is State.OVER:
        again = f" To pay for another job: {_PAY_AGAIN}." if step is NextStep.ASK else ""
        return _Next(None, f"{entry.reason}{again}")
    known = "" if place is None else f" --journal {quoted(place)}"
    match step:
        case NextStep.SUBMIT:
            return _Next(f"mvsep resume{known}", "Nothing was sent. Asks before it sends the song.")
        case NextStep.LOOK if entry.marker:
            return _Next(f"mvsep resume{known}", "Looks for the job.")
        case NextStep.LOOK:
            return _Next("mvsep history", f"If the job is not there: {_PAY_AGAIN}.")
        case NextStep.RESUME:
            return _Next(f"mvsep resume {quoted(entry.hash or '')}{known}")
    return _Next(None, f"Saved in {folder_name(file.path for file in entry.files)}.")


# Showing


def _began(entry: Entry) -> datetime:
    return datetime.fromtimestamp(entry.began).astimezone()


def _show(found: list[tuple[Entry, _Next]]) -> None:
    if not sys.stdout.isatty():
        write_rows((), (_cells(*each) for each in found), wide={})
        return
    # With its number for its hash a job fits a line.
    rows = [(*_brief(entry), _short(entry, step)) for entry, step in found]
    if rows and console().width < _WIDE:
        write_pairs((row[:3], row[3:]) for row in rows)
    elif rows:
        heads = ("no", "began", "song", "type", "state", "next")
        write_rows(heads, rows, wide={"song": 1, "next": 1}, cut=("song",))


def _brief(entry: Entry) -> tuple[str, ...]:
    """Return the number, the time or day, the song, the type and the state of a job."""
    began, sep_type = _began(entry), title(SepType(entry.sep_type))
    is_of_today = began.date() == datetime.now().astimezone().date()
    when = began.strftime("%H:%M" if is_of_today else "%Y-%m-%d")
    return str(entry.id), when, entry.name, sep_type, str(entry.state)


def _cells(entry: Entry, step: _Next) -> tuple[str, ...]:
    return (
        str(entry.id),
        _began(entry).strftime("%Y-%m-%d %H:%M"),
        song_name(entry.details["source"] or entry.name),
        title(SepType(entry.sep_type)),
        str(entry.state),
        entry.hash or "-",
        netloc(entry.host),
        step.command or "-",
        step.note or "-",
    )


def _short(entry: Entry, step: _Next) -> str:
    if step.command is None:
        return step.note or ""
    return step.command.replace(quoted(entry.hash), str(entry.id)) if entry.hash else step.command


def _json(entry: Entry, step: _Next) -> dict[str, Any]:
    return {
        "number": entry.id,
        "began": _began(entry).isoformat(timespec="seconds"),
        "name": entry.name,
        "source": entry.details["source"],
        "sep_type": entry.sep_type,
        "sep_type_name": title(SepType(entry.sep_type)),
        "state": str(entry.state),
        "hash": entry.hash,
        "host": netloc(entry.host),
        "reason": entry.reason,
        "out": entry.details["out"],
        "files": files_json(entry.files),
        "next": step.command,
        "note": step.note,
    }


# Pruning


def _prune(
    journal: Journal,
    wanted: Callable[[Entry], bool] | None,
    *,
    paid: bool,
    yes: bool,
    as_json: bool,
) -> None:
    over = [
        entry
        for entry in journal.entries(on_error=lambda _: None, where=wanted)
        if may_forget(entry, paid=True)
    ]
    found = [entry for entry in over if may_forget(entry, paid=paid)]
    costly = [entry for entry in found if not may_forget(entry, paid=False)]
    question = f"Remove {plural(len(found), 'job')} from the journal?"
    if costly:
        question = (
            f"{len(costly)} of them may have been paid for: without the journal the next "
            f"`mvsep separate` of these songs pays again. {question}"
        )
    removed = []
    if not yes and is_terminal():
        for entry in found[:SHOWN]:
            note(printable("  ".join(_brief(entry))))
        if len(found) > SHOWN:
            note(f"... and {len(found) - SHOWN} more.")
    if found and confirm(question, yes=yes):
        removed = journal.forget(found, paid=paid)
    kept = len(over) - len(removed)
    if as_json:
        numbers = [entry.id for entry in removed]
        show_json({"journal": str(journal.place), "removed": numbers, "kept": kept})
        return
    note(f"{plural(len(removed), 'job')} removed from the journal.")
    if kept and not paid:
        note(f"{kept} that may have been paid for stayed; --paid removes them too.")
