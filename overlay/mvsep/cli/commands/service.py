"""Lists of the service: `history`, `news`, `demo-page`, `leaderboard`, `purchases`; and `queue`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import click
from attrs import field, frozen

from mvsep.catalog.sep_type import SepType
from mvsep.catalog.types import plain
from mvsep.cli.input.arguments import (
    Connect,
    base_url_option,
    json_option,
    known_types,
    options_of,
    read_sep_type,
    reader,
)
from mvsep.cli.input.tokens import TOKEN_HELP
from mvsep.cli.output.listing import limit_options, limited, write_rows
from mvsep.cli.output.streams import note, show_json, write
from mvsep.cli.output.text import plural, printable
from mvsep.client.sync import MVSep
from mvsep.errors import InvalidInput, MVSepError

Row = Mapping[str, Any]

_list_options = options_of(limit_options, json_option, base_url_option)


@frozen
class List:
    """A list of the service, as the command line shows it.

    Args:
        name: The name of the rows in JSON, where they are as the service gives them.
        heads: The heads of the columns.
        cells: Returns the cells of a row.
        wide: The columns that share the width of the terminal; see `write_rows`.
        cut: Those of them that are cut.
        blocks: True to write the last cell in a line of its own.
    """

    name: str
    heads: tuple[str, ...]
    cells: Callable[[Row], tuple[object, ...]]
    wide: Mapping[str, int] = field(factory=dict)
    cut: tuple[str, ...] = ()
    blocks: bool = False

    def show(self, rows: Iterable[Any], *, as_json: bool, **more: object) -> None:
        """Show rows: models of the contract, or plain objects.

        Args:
            rows: The rows.
            as_json: True for one JSON object.
            more: Further values of that object.
        """
        found = [row if isinstance(row, dict) else row.to_dict() for row in rows]
        if as_json:
            show_json({self.name: found, **more})
        elif found:
            write_rows(
                self.heads,
                map(self.cells, found),
                wide=self.wide,
                cut=self.cut,
                blocks=self.blocks,
            )
        else:
            note(f"The service lists no {self.name}.")


def text_of(value: object) -> object:
    """Return a cell: a dash for what the service did not say."""
    return "-" if value in (None, "") else value


# The account


def _history_cells(row: Row) -> tuple[object, ...]:
    left = row.get("time_left")
    kept = "-"
    if isinstance(left, int):
        kept = f"files for {left} h" if left > 0 else "files gone"
    return (
        text_of(row.get("created_at")),
        "-" if row.get("credits") is None else plural(row["credits"], "credit"),
        kept,
        type_name(row),
        text_of(row.get("hash")),
    )


def type_name(row: Row) -> object:
    """Return the name of the separation type of a row."""
    about = row.get("algorithm")
    return text_of(about.get("name") if isinstance(about, dict) else None)


_HISTORY: Final = List(
    "jobs",
    ("created", "credits", "files", "type", "hash"),
    _history_cells,
    blocks=True,
)


@click.command(
    help=f"""List the account's jobs at the service, the latest first, also those of other machines
    and of the site.

    Each with its credits, and for how long the service still has the files. `mvsep download HASH`
    fetches them. {TOKEN_HELP}

    \b
    Examples:
      mvsep history
      mvsep history --limit 5 --json
    """,
)
@_list_options
@click.pass_obj
def history(
    connect: Connect, limit: int, everything: bool, as_json: bool, base_url: str | None
) -> None:
    """List the account's jobs."""
    with connect(base_url=base_url) as client:
        rows = client.history(limit=limited(limit, everything=everything))
        _HISTORY.show(rows, as_json=as_json)


_PURCHASES: Final = List(
    "purchases",
    ("purchase",),
    lambda row: (", ".join(f"{name} {text_of(value)}" for name, value in row.items()),),
    {"purchase": 1},
)


@click.command(
    help=f"""List the account's purchases, the latest first.

    The fields of a purchase are not documented; they are shown as they come. {TOKEN_HELP}

    \b
    Examples:
      mvsep purchases
      mvsep purchases --status succeeded --json
    """,
)
@click.option("--status", metavar="WORD", help="Only those in this state: succeeded, unpaid.")
@_list_options
@click.pass_obj
def purchases(
    connect: Connect,
    /,
    status: str | None,
    limit: int,
    everything: bool,
    as_json: bool,
    base_url: str | None,
) -> None:
    """List the account's purchases."""
    with connect(base_url=base_url) as client:
        rows = client.purchases(status=status, limit=limited(limit, everything=everything))
        _PURCHASES.show(rows, as_json=as_json)


@click.command(
    help=f"""Show the queues of the service, and the place of the account's own job in them.

    Without a token it is the queue of guests. {TOKEN_HELP}

    \b
    Examples:
      mvsep queue
      mvsep queue --json
    """,
)
@json_option
@base_url_option
@click.pass_obj
def queue(connect: Connect, as_json: bool, base_url: str | None) -> None:
    """Show the queues."""
    with connect(base_url=base_url) as client:
        quota = client.quota()
        ahead, seconds = _own_place(client)
    sizes = quota.raw.get("queue") or {}
    if as_json:
        show_json(
            {
                "plan": quota.plan,
                "waiting": quota.queue,
                "queues": sizes,
                "free_left": quota.free_left,
                "free_most": quota.free_most,
                "ahead": ahead,
                "seconds": seconds,
            }
        )
        return
    for name, size in sizes.items():
        write(f"{printable(name.replace('_', ' ')).capitalize()}: {printable(size)}")
    if quota.plan:
        write(f"Your plan: {printable(quota.plan)}")
    if quota.free_left is not None:
        most = "" if quota.free_most is None else f" of {quota.free_most}"
        write(f"Free separations left today: {quota.free_left}{most}")
    if seconds is not None:
        write(f"Your job: {plural(ahead or 0, 'job')} ahead of it, about {seconds:g} s to wait")


def _own_place(client: MVSep) -> tuple[int | None, float | None]:
    """Return the jobs ahead of the account's own, and the seconds to wait; None for unknown."""
    if client.settings.token is None:
        return None, None
    try:
        data = client.api.app.queue_summary().to_dict().get("data")
    except MVSepError:  # the operation is not documented; the rest is known without
        return None, None
    told = data if isinstance(data, dict) else {}
    ahead, seconds = told.get("ahead"), told.get("estimated_wait_seconds")
    return (
        ahead if isinstance(ahead, int) else None,
        seconds if isinstance(seconds, int | float) else None,
    )


# The site

_NEWS: Final = List(
    "news",
    ("date", "title", "text"),
    lambda row: (
        str(row.get("created_at") or "-")[:10],
        text_of(row.get("title")),
        text_of(plain(str(row.get("text") or ""))),
    ),
    {"title": 1, "text": 2},
)


@click.command(
    help="""List the news of the service, the latest first. No token is needed.

    \b
    Examples:
      mvsep news
      mvsep news --lang ru --limit 3
    """,
)
@click.option("--lang", default="en", metavar="en|ru", help="The language.  [default: en]")
@_list_options
@click.pass_obj
def news(
    connect: Connect,
    /,
    lang: str,
    limit: int,
    everything: bool,
    as_json: bool,
    base_url: str | None,
) -> None:
    """List the news."""
    with connect(base_url=base_url) as client:
        _NEWS.show(
            client.news(lang=lang, limit=limited(limit, everything=everything)), as_json=as_json
        )


_DEMOS: Final = List(
    "separations",
    ("date", "type", "input", "hash"),
    lambda row: (
        text_of(row.get("date")),
        type_name(row),
        text_of(row.get("input_audio")),
        text_of(row.get("hash")),
    ),
    blocks=True,
)


@click.command(
    help="""List the separations that users published on the demo page, the latest first.

    `mvsep separate --publish` puts one there, and `mvsep download HASH` fetches one. No token is
    needed.

    \b
    Examples:
      mvsep demo-page --limit 5
      mvsep demo-page --type "BS Roformer" --json
    """,
)
@click.option(
    "-t",
    "--type",
    "sep_type",
    type=reader("sep_type", read_sep_type),
    metavar="NAME|NUMBER",
    help="Only those of this separation type.",
)
@_list_options
@click.pass_obj
def demo_page(
    connect: Connect,
    /,
    sep_type: SepType | None,
    limit: int,
    everything: bool,
    as_json: bool,
    base_url: str | None,
) -> None:
    """List published separations."""
    number = None if sep_type is None else _algorithm_id(sep_type)
    with connect(base_url=base_url) as client:
        rows = client.demo(algorithm_id=number, limit=limited(limit, everything=everything))
        _DEMOS.show(rows, as_json=as_json)


def _algorithm_id(sep_type: SepType) -> int:
    """Return the number that the demo page has for a type, which is another one.

    Raises:
        InvalidInput: When it is not known.
    """
    entry = known_types().get(sep_type)
    if entry is None or entry.algorithm_id is None:
        raise InvalidInput(
            f"The demo page's number of type {int(sep_type)} is not known.",
            next_step="Get today's list: mvsep types --refresh.",
            param="sep_type",
        )
    return entry.algorithm_id
