"""`mvsep separate`: from songs to stems."""

from __future__ import annotations

import math
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from attrs import frozen

from mvsep.batch.plan import Plan
from mvsep.batch.queue import Outcome
from mvsep.batch.song import Listed, Song, source_of
from mvsep.catalog.sep_type import SepType
from mvsep.cli.input.arguments import (
    Connect,
    format_option,
    known_types,
    options_of,
    reader,
    seconds_option,
    title,
    type_options,
)
from mvsep.cli.input.goals import Wanted, goal_options, read_wanted
from mvsep.cli.input.inputs import (
    INPUTS_HELP,
    Inputs,
    completed,
    input_options,
    need_type,
    read_inputs,
)
from mvsep.cli.input.job_options import job_options
from mvsep.cli.input.plan import Consent, consent_options
from mvsep.cli.input.shared import (
    SharedOptions,
    journal_options,
    open_journal,
    read_timeout,
    shared_options,
)
from mvsep.cli.input.tokens import TOKEN_HELP
from mvsep.cli.output.lines import lines_option
from mvsep.cli.output.progress import choose_view
from mvsep.cli.output.results import Report, show_results
from mvsep.cli.output.songs import Songs
from mvsep.cli.output.streams import check_output, note
from mvsep.cli.output.text import printable
from mvsep.cli.output.views import View
from mvsep.client.sync import MVSep
from mvsep.core.disk import path_of
from mvsep.core.values import DEFAULT, Default, Timeout, exact, from_arguments
from mvsep.downloads.plan import check_place
from mvsep.errors import DurationUnknown, InvalidInput, JournalError
from mvsep.files import names
from mvsep.journal import Journal
from mvsep.pricing.estimate import Estimate
from mvsep.settings.policies import PollPolicy

_job_options = options_of(
    click.option(
        "--max-credits",
        type=reader("max_credits", lambda text: exact(text, "max-credits"), as_text=True),
        metavar="N",
        help="The most credits for all songs together. Nothing is uploaded that costs more, "
        "or that plan or balance do not allow.",
    ),
    seconds_option,
    click.option(
        "--allow-unknown-price",
        is_flag=True,
        help="With --max-credits, submit a job even if its price is not sure.",
    ),
    click.option(
        "--pay-again",
        "again",
        is_flag=True,
        help="Pay for another job: for saved stems, for a job that gave none, or if it is "
        "not known whether a job exists.",
    ),
    click.option(
        "--jobs",
        "at_once",
        type=click.IntRange(1),
        metavar="N",
        help="Jobs at once, of several songs.  [default: what a premium account gets, else 1]",
    ),
    click.option(
        "--queue-timeout",
        "wait_for_place",
        type=read_timeout,
        default=DEFAULT,
        metavar="SECONDS|none",
        help="Seconds to wait for a place in the account's queue.  [default: 0; for several "
        f"songs {PollPolicy().timeout:g}]",
    ),
)


# Options that are none of the library's.
_OWN = ("as_json", "quiet", "base_url")


@click.command(
    help=f"""Separate songs and fetch their stems. This spends credits.

    {INPUTS_HELP} Types that take only text need no INPUT.

    The price is shown first. Before several songs are sent there is one question with the sum;
    without a terminal --yes answers it. {TOKEN_HELP}

    A journal keeps track of jobs. After Ctrl-C, a crash or a time-out they go on at the service,
    and the same command resumes them. If the stems are already saved, it prints their paths.
    Only --pay-again pays for a song twice.

    The paths of the stems go to standard output, one a line; everything else goes to standard
    error.

    \b
    Examples:
      mvsep separate song.wav --stem vocals
      mvsep separate song.wav --type "BS Roformer" --format flac --out stems
      mvsep separate album --stem drums --dry-run
      mvsep separate album --type 40 --yes --template "{{n}} {{input}}/{{stem}}.{{ext}}"
    """,
)
@input_options
@goal_options
@type_options
@format_option
@_job_options
@job_options
@consent_options
@shared_options
@lines_option
@journal_options
@click.pass_obj
def separate(
    connect: Connect,
    /,
    inputs: tuple[str, ...],
    journal: str | None,
    no_journal: bool,
    recursive: bool,
    wait_for_place: Timeout,
    as_lines: bool,
    yes: bool,
    dry_run: bool,
    **given: Any,
) -> int:
    """Separate songs and show their stems."""
    check_output(read=True)
    options = from_arguments(SharedOptions, given)
    songs = Songs(options, kept=not no_journal, several=False)
    report = Report(songs, options.as_json, as_lines, totals=True)
    with report.ending(), songs.interruptible(), ExitStack() as stack:
        kept = stack.enter_context(open_journal(journal, no_journal=no_journal))
        stems = _Stems(kept, options.out or Path())
        found, wanted = _read(inputs, given, stems, recursive=recursive)
        report.goal = wanted.why
        client = stack.enter_context(connect(base_url=options.base_url))
        run = _Run(client, found.songs, wanted, given, options, songs, report, stack)
        consent = Consent(yes, dry_run, options.quiet, report.is_json, run.begin)
        run.note_inputs(found)
        outcomes = run.separate(kept, consent, wait_for_place)
    if consent.plan and (dry_run or consent.refused):
        return report.show_plan(consent.plan, refused=consent.refused)
    return show_results(outcomes, options, songs, single=not run.several, report=report)


@frozen
class _Run:
    """One run of the command, with all that its songs need."""

    client: MVSep
    listed: tuple[Song, ...]
    wanted: Wanted
    given: dict[str, Any]
    options: SharedOptions
    songs: Songs
    report: Report
    stack: ExitStack

    @property
    def several(self) -> bool:
        return len(self.listed) > 1

    @property
    def out(self) -> Path:
        return self.options.out or Path()

    @property
    def template(self) -> str:
        return self.options.template or names.DEFAULT_TEMPLATE

    def note_inputs(self, found: Inputs) -> None:
        """Show what was left out, and that the songs are read, which takes a while."""
        if self.options.quiet:
            return
        for remark in filter(None, (*found.remarks, self.wanted.why)):
            note(printable(remark))
        if self.several and sys.stderr.isatty():
            note(f"Reading {len(self.listed)} songs.")

    def begin(self, plan: Plan | None = None) -> None:
        """Get ready for what is sent from now on."""
        self.report.plan = plan
        check_place(self.out, self.template)
        view = choose_view(quiet=self.options.quiet, several=self.several, count=len(self.listed))
        self.songs.view = self.stack.enter_context(view)

    def separate(self, journal: Journal | None, consent: Consent, wait: Timeout) -> list[Outcome]:
        """Separate the songs, after the question if there is one."""
        songs, report = self.songs, self.report
        songs.listed, songs.several = self.listed, self.several
        songs.address, songs.price_of = self.client.settings.base_url, report.credits_of
        planned = self.several or consent.dry_run
        if not planned:
            self.begin()
            songs.show_price = self._show_price
        asked = {name: each for name, each in self.given.items() if name not in _OWN}
        return self.client.separate_many(
            self.listed,
            journal=journal,
            on_event=report.hearing(songs.on_event, self.listed),
            on_plan=consent.ask if planned else None,
            wait_for_place=_place_seconds(wait, single=not self.several),
            **{**asked, **self.wanted.arguments, "out": self.out, "template": self.template},
        )

    def _show_price(self, song: Listed, view: View) -> None:
        self.report.prices[song] = _show_price(self.client, song, self.wanted, self.given, view)


def _read(
    words: tuple[str, ...], given: dict[str, Any], stems: _Stems, *, recursive: bool
) -> tuple[Inputs, Wanted]:
    """Read the songs, and the type of those that have none of their own.

    Raises:
        UsageError: When the type or the input is missing.
        InvalidInput: As `read_inputs` and `read_wanted`.
    """
    validate = given["validate"]
    if not words:
        wanted = read_wanted(given, song=False)
        assert wanted.sep_type is not None  # noqa: S101  it was needed
        return Inputs((_no_source(wanted.sep_type, validate=validate),), ()), wanted
    found = read_inputs(words, recursive=recursive, validate=validate, is_stem=stems.has)
    return found, read_wanted(given, needed=need_type(found.songs))


class _Stems:
    """The stems of earlier runs, which are no songs though they lie among them."""

    def __init__(self, journal: Journal | None, out: Path) -> None:
        self._journal = journal
        self._out = out
        self._known: set[str] | None = None

    def has(self, path: Path, folder: Path | None) -> bool:
        """Tell whether a file that was found, in a folder or else by a pattern, is one."""
        whole = path.absolute()
        if self._known is None:
            self._known = set(self._saved())
        # A folder for the stems within that of the songs has nothing else.
        out = path_of(self._out).absolute()
        within = folder is not None and folder.absolute() in out.parents and out in whole.parents
        return within or str(whole) in self._known

    def _saved(self) -> list[str]:
        if self._journal is None:
            return []

        def pass_over(_: JournalError) -> None:
            """Go on with the others."""

        entries = self._journal.entries(on_error=pass_over)
        return [str(file.path.absolute()) for entry in entries for file in entry.files]


def _no_source(sep_type: SepType, *, validate: bool) -> Song:
    """Return the one input of a type that takes no file.

    Raises:
        UsageError: When the type takes one, or when that is not known.
    """
    entry = known_types().get(sep_type)
    widget = entry.audio_widget if entry else None
    if widget is None and validate:
        raise click.UsageError(
            f"INPUT is missing. It is not known whether {printable(title(sep_type))} needs "
            "one; if not, pass --no-validate."
        )
    if widget not in (None, "no_upload"):
        raise click.UsageError(f"INPUT is missing: {printable(title(sep_type))} takes a file.")
    return Song(source=None)


def _place_seconds(wait: Timeout, *, single: bool) -> float | None:
    """Return the seconds to wait for a place; None for the library's default for many songs."""
    if isinstance(wait, Default):
        # One song is not waited for when another client has the account's only place.
        return 0.0 if single else None
    return math.inf if wait is None else wait


def _show_price(
    client: MVSep, song: Listed, wanted: Wanted, given: dict[str, Any], view: View
) -> Estimate | None:
    """Show the price of the one song, and return it if it is known."""
    asked = {name: given[name] for name in ("seconds", "validate")}
    kind, asked["options"] = wanted.sep_type, wanted.settings["options"]
    if isinstance(song, Song):
        (song,) = completed([song], {})
        if song.sep_type is not None:
            kind, asked["options"] = SepType(int(song.sep_type)), song.options
        asked["seconds"] = song.seconds or asked["seconds"]
    assert kind is not None  # noqa: S101  checked when the songs were read
    name = printable(title(kind))
    try:
        estimate = client.estimate(source_of(song), kind, **asked)
    except DurationUnknown as error:
        view.say(f"{name}: price unknown. {printable(error.message)}")
        return None
    except InvalidInput:
        return None  # the song meets it by itself
    for warning in estimate.warnings:
        view.say(f"Warning: {printable(warning)}")
    view.say(f"{name}: {printable(estimate)}")
    return estimate
