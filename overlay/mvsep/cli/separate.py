"""`mvsep separate`: from songs to stems."""

from __future__ import annotations

import math
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from mvsep.catalog.sep_type import SepType
from mvsep.cli.arguments import (
    Connect,
    format_option,
    known_types,
    options_of,
    reader,
    seconds_option,
    title,
    type_options,
)
from mvsep.cli.goals import Wanted, goal_options, read_wanted
from mvsep.cli.job_options import job_options
from mvsep.cli.progress import View, choose_view
from mvsep.cli.results import show_results
from mvsep.cli.shared import (
    SharedOptions,
    journal_options,
    open_journal,
    read_timeout,
    shared_options,
)
from mvsep.cli.songs import Songs
from mvsep.cli.streams import check_output
from mvsep.cli.text import printable
from mvsep.client.sync import MVSep
from mvsep.core.values import DEFAULT, Default, Timeout, exact, from_arguments
from mvsep.downloads.plan import check_place
from mvsep.errors import DurationUnknown, InvalidInput
from mvsep.files import names
from mvsep.files.sources import Source
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


@click.command(
    help="""Separate each FILE_OR_LINK and fetch the stems. This spends credits.

    The price is shown first. FILE_OR_LINK is an audio file, or an http(s) link that the service
    fetches itself; types that take only text need none. The token is read from MVSEP_API_TOKEN.

    A journal keeps track of jobs. After Ctrl-C, a crash or a time-out they go on at the service,
    and the same command resumes them. If the stems are already saved, it prints their paths.
    Only --pay-again pays for a song twice.

    The paths of the stems go to standard output, one a line; everything else goes to standard
    error.
    """,
)
@click.argument("sources", metavar="[FILE_OR_LINK]...", nargs=-1)
@goal_options
@type_options
@format_option
@_job_options
@job_options
@shared_options
@journal_options
@click.pass_obj
def separate(
    connect: Connect,
    /,
    sources: tuple[str, ...],
    journal: str | None,
    no_journal: bool,
    wait_for_place: Timeout,
    **given: Any,
) -> int:
    """Separate songs and show their stems."""
    check_output(read=True)
    options = from_arguments(SharedOptions, given)
    wanted = read_wanted(given, song=bool(sources))
    inputs = sources or _no_source(wanted.sep_type, validate=given["validate"])
    single = len(inputs) == 1
    out, template = options.out or Path(), options.template or names.DEFAULT_TEMPLATE
    asked = {name: given[name] for name in given if name not in ("as_json", "quiet", "base_url")}
    prices: dict[Source | None, Estimate | None] = {}
    songs = Songs(options, kept=not no_journal, several=not single)
    with songs.interruptible(), ExitStack() as stack:
        client = stack.enter_context(connect(base_url=options.base_url))
        kept = stack.enter_context(open_journal(journal, no_journal=no_journal))
        check_place(out, template)
        songs.address = client.settings.base_url
        songs.view = stack.enter_context(choose_view(quiet=options.quiet, several=not single))
        songs.show_price = lambda source, view: prices.update(
            {source: _show_price(client, source, wanted, given, view, single=single)}
        )
        if wanted.why:
            songs.view.say(wanted.why)
        outcomes = client.separate_many(
            inputs,
            journal=kept,
            on_event=songs.on_event,
            wait_for_place=_place_seconds(wait_for_place, single=single),
            **{**asked, **wanted.arguments, "out": out, "template": template},
        )
    return show_results(outcomes, options, songs, single=single, prices=prices)


def _no_source(sep_type: SepType, *, validate: bool) -> tuple[None]:
    """Return the one input of a type that takes no file.

    Raises:
        UsageError: When the type takes one, or when that is not known.
    """
    entry = known_types().get(sep_type)
    widget = entry.audio_widget if entry else None
    if widget is None and validate:
        raise click.UsageError(
            f"FILE_OR_LINK is missing. It is not known whether {printable(title(sep_type))} needs "
            "one; if not, pass --no-validate."
        )
    if widget not in (None, "no_upload"):
        raise click.UsageError(
            f"FILE_OR_LINK is missing: {printable(title(sep_type))} takes a file."
        )
    return (None,)


def _place_seconds(wait: Timeout, *, single: bool) -> float | None:
    """Return the seconds to wait for a place; None for the library's default for many songs."""
    if isinstance(wait, Default):
        # One song is not waited for when another client has the account's only place.
        return 0.0 if single else None
    return math.inf if wait is None else wait


def _show_price(
    client: MVSep,
    source: Source | None,
    wanted: Wanted,
    given: dict[str, Any],
    view: View,
    *,
    single: bool,
) -> Estimate | None:
    """Show the price of a song, and return it if it is known.

    Raises:
        InvalidInput: When the single song can't be used.
    """
    asked = {name: given[name] for name in ("seconds", "validate")}
    name = printable(title(wanted.sep_type))
    try:
        estimate = client.estimate(source, **asked, **wanted.arguments)
    except DurationUnknown as error:
        view.say(f"{name}: price unknown. {printable(error.message)}")
        return None
    except InvalidInput as error:
        if single:
            raise
        # An error here would end the other songs too; the song meets it by itself.
        view.say(printable(error.message))
        return None
    for warning in estimate.warnings:
        view.say(f"Warning: {printable(warning)}")
    view.say(f"{name}: {printable(estimate)}")
    return estimate
