"""`mvsep types`: the separation types, searched, chosen, put in an order, or ranked for a stem."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, Final, TypeVar, get_args

import click
from attrs import evolve
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mvsep.catalog import Catalog, Found, Ranked, Ranking
from mvsep.catalog.search import SortKey
from mvsep.catalog.types import PLANS
from mvsep.cli.arguments import (
    Connect,
    Decorator,
    json_option,
    read_number,
    refresh_option,
)
from mvsep.cli.looking import (
    catalog_json,
    cells,
    read_catalog,
    show_options,
    type_json,
)
from mvsep.cli.words import printable, show_json
from mvsep.core.values import exact

_F = TypeVar("_F", bound=Any)


def _choosing_options(command: _F) -> _F:
    options: tuple[Decorator[Any], ...] = (
        click.option("--stem", metavar="NAME", help="Only types that give this stem."),
        click.option("--group", metavar="NAME", help="Only types that stand under this heading."),
        click.option(
            "--plan", type=click.Choice([*PLANS]), help="Only types that this plan may use."
        ),
        click.option(
            "--max-price",
            type=read_number("max-price", exact),
            metavar="N",
            help="Only types that cost at most so many credits a minute.",
        ),
        click.option(
            "--min-rating",
            type=click.FloatRange(1, 5),
            metavar="N",
            help="Only types that users rated at least so, of 1 to 5.",
        ),
        click.option(
            "--min-usage",
            type=click.IntRange(0),
            metavar="N",
            help="Only types with at least so many jobs in the last month.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(
    help="""List the separation types: number, name, group, stems, and price in credits per
    minute. They are those of this release, or newer ones that --refresh brought.

    SEARCH is a number, or words of names, stems, groups and choices that all have to occur;
    typing errors are forgiven. When one type is left, its options are listed too. With
    --best-for the types are ranked by the figures that the service has in its choices, each
    with the option that has the figure.

    \b
    Examples:
      mvsep types karaoke
      mvsep types --stem drums --plan registered --max-price 1 --sort rating
      mvsep types --best-for drums
    """,
    short_help="List the separation types, or find some.",
)
@click.argument("search", nargs=-1)
@_choosing_options
@click.option(
    "--sort",
    type=click.Choice(get_args(SortKey)),
    help="The order; by rating and usage the highest first, by order as the service has them.  "
    "[default: the best match, or as the list has them]",
)
@click.option("--best-for", metavar="STEM", help="Rank the types that are best for this stem.")
@click.option(
    "--metric",
    default="sdr",
    metavar="NAME",
    help="What --best-for goes by: sdr, fullness or bleedless.  [default: sdr]",
)
@refresh_option
@json_option
@click.pass_obj
def types(
    connect: Connect,
    /,
    search: tuple[str, ...],
    sort: SortKey | None,
    best_for: str | None,
    metric: str,
    refresh: bool,
    as_json: bool,
    **wishes: Any,
) -> None:
    """List the types that are searched for."""
    if best_for is not None and (search or sort):
        raise click.UsageError("--best-for goes without SEARCH and --sort: it has an order.")
    catalog = read_catalog(connect, refresh=refresh)
    chosen = catalog.filter(**wishes)
    if best_for is not None:
        _rank(chosen, best_for, metric, as_json=as_json)
        return
    text = " ".join(search)
    found = chosen.find(text) if text.strip() else Found(chosen.types)
    if sort:
        found = evolve(found, types=evolve(catalog, types=found.types).sort(sort).types)
    if found.did_you_mean:
        click.echo(f"Did you mean {printable(found.did_you_mean)!r}?", err=True)
    if as_json:
        listed = [type_json(entry) for entry in found]
        show_json({**catalog_json(catalog), "did_you_mean": found.did_you_mean, "types": listed})
        return
    if not found:
        what = f" matches {printable(text)!r}" if text.strip() else " is all of that"
        click.echo(f"No separation type{what}.", err=True)
        return
    more = [name for name in _MORE if sort == name or wishes[f"min_{name}"] is not None]
    rows = [(*cells(entry), *(_MORE[name](entry) for name in more)) for entry in found]
    _write(("no", "name", "group", "stems", "credits/min", *more), rows)
    if len(found) == 1:
        show_options(found[0])


# What is shown only to who asked for it.
_MORE: Final = {
    "rating": lambda entry: "?" if entry.rating is None else f"{entry.rating:.1f}",
    "usage": lambda entry: "?" if entry.usage is None else str(entry.usage),
}


def _rank(catalog: Catalog, stem: str, metric: str, *, as_json: bool) -> None:
    ranking = catalog.best_for(stem, metric=metric)
    if as_json:
        show_json({**catalog_json(catalog), **_ranking_json(ranking)})
        return
    if ranking:
        _write(("no", "name", metric, "option", "choice"), map(_ranked, ranking))
    else:
        click.echo(f"No choice has {printable(metric)!r} for {printable(stem)!r}.", err=True)
    if ranking.unplaced:
        click.echo("Not ranked, for these figures do not say of which stem they are:", err=True)
        for row in ranking.unplaced:
            number, name, value, option, choice = map(printable, _ranked(row))
            click.echo(f"  {number}  {name}: {value}  {option}  {choice}", err=True)


def _ranked(row: Ranked) -> tuple[str, ...]:
    number = "" if row.entry is None else str(int(row.entry.sep_type))
    option = " ".join(f"{key}={value}" for key, value in row.options.items())
    return number, row.name, f"{row.value:g}", option, row.label


def _ranking_json(ranking: Ranking) -> dict[str, Any]:
    def rows(ranked: Iterable[Ranked]) -> list[dict[str, Any]]:
        return [
            {
                "sep_type": None if row.entry is None else int(row.entry.sep_type),
                "name": row.name,
                "metric": row.metric,
                "value": row.value,
                "options": dict(row.options),
                "label": row.label,
            }
            for row in ranked
        ]

    return {"best": rows(ranking), "not_ranked": rows(ranking.unplaced)}


# By heading: what part of the width it gets, and whether it may be cut short.
_WIDE: Final = {"name": 5, "group": 3, "stems": 4, "choice": 5}
_CUT: Final = frozenset({"stems"})


def _write(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Rows as a table for a person, or between tabs for a program."""
    rows = list(rows)
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(map(printable, row)))
        return
    several = len(rows) > 1
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=several)
    for head in heads:
        if head in _WIDE:
            cut = several and head in _CUT
            table.add_column(head, ratio=_WIDE[head], no_wrap=cut, overflow="ellipsis")
        else:
            justify: Any = "left" if head == "option" else "right"
            table.add_column(head, justify=justify, no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)
