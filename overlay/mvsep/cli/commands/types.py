"""`mvsep types`: search, filter, sort and rank the separation types."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

import click
from attrs import evolve

from mvsep.catalog import Catalog, Found, Goal, Ranked, SeparationType
from mvsep.catalog.search import SortKey
from mvsep.catalog.types import PLANS
from mvsep.cli.commands.show import catalog_json, read_catalog, show_options, type_json
from mvsep.cli.input.arguments import Connect, json_option, options_of, reader, refresh_option
from mvsep.cli.input.goals import premium_mark, price_of
from mvsep.cli.output.streams import console, note, show_json, write
from mvsep.cli.output.text import number, printable
from mvsep.core.values import exact

# Columns that appear only if they are asked for.
_EXTRA: Final = {
    "rating": lambda entry: "?" if entry.rating is None else f"{entry.rating:.1f}",
    "usage": lambda entry: "?" if entry.usage is None else str(entry.usage),
}
# The share of the width that a column gets, and the columns that may be cut.
_WIDTHS: Final = {"name": 5, "group": 3, "stems": 4, "choice": 5, "reason": 6}
_CUT: Final = frozenset({"stems"})
_LEFT: Final = frozenset({"goal", "option"})


_filter_options = options_of(
    click.option("--stem", metavar="NAME", help="Only types with this stem."),
    click.option("--group", metavar="NAME", help="Only types of this group."),
    click.option("--plan", type=click.Choice([*PLANS]), help="Only types that this plan may use."),
    click.option(
        "--max-price",
        type=reader("max_price", lambda text: exact(text, "max-price"), as_text=True),
        metavar="N",
        help="Only types of at most N credits per minute.",
    ),
    click.option(
        "--min-rating",
        type=click.FloatRange(1, 5),
        metavar="N",
        help="Only types that users rated N or better, from 1 to 5.",
    ),
    click.option(
        "--min-usage",
        type=click.IntRange(0),
        metavar="N",
        help="Only types with at least N jobs in the last month.",
    ),
)


@click.command(
    help="""List the separation types: number, name, group, stems, and credits per minute. The
    list comes with this release; --refresh gets the service's.

    SEARCH is a number, or words that must all occur in names, stems, groups and choices; typing
    errors are forgiven. A single match is listed with its options. --best-for ranks the types by
    the figures in the service's own list, each with the option that reaches it. --goals lists
    what `mvsep separate --stem` takes.

    \b
    Examples:
      mvsep types karaoke
      mvsep types --stem drums --plan registered --max-price 1 --sort rating
      mvsep types --best-for drums
      mvsep types --goals
    """,
)
@click.argument("search", nargs=-1)
@_filter_options
@click.option(
    "--sort",
    type=click.Choice(get_args(SortKey)),
    help="The order; rating and usage list the highest first.  "
    "[default: the best match, or the service's order]",
)
@click.option("--best-for", metavar="STEM", help="Rank the types for this stem.")
@click.option(
    "--metric",
    default="sdr",
    metavar="NAME",
    help="The figure that --best-for ranks by: sdr, fullness or bleedless.  [default: sdr]",
)
@click.option("--goals", is_flag=True, help="List the goals, each with the type it takes.")
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
    goals: bool,
    refresh: bool,
    as_json: bool,
    **filters: Any,
) -> None:
    """List the types that match."""
    if (best_for is not None or goals) and (search or sort):
        name = "--goals" if goals else "--best-for"
        raise click.UsageError(f"{name} has its own order; omit SEARCH and --sort.")
    if goals and best_for is not None:
        raise click.UsageError("Pass either --goals or --best-for.")
    catalog = read_catalog(connect, refresh=refresh)
    matching = catalog.filter(**filters)
    if goals:
        _show_goals(matching, as_json=as_json)
    elif best_for is not None:
        _rank(matching, best_for, metric, as_json=as_json)
    else:
        _show_types(catalog, matching, search, sort, filters, as_json=as_json)


def _show_types(
    catalog: Catalog,
    matching: Catalog,
    search: tuple[str, ...],
    sort: SortKey | None,
    filters: Mapping[str, Any],
    *,
    as_json: bool,
) -> None:
    text = " ".join(search).strip()
    found = matching.find(text) if text else Found(matching.types)
    if sort:
        found = evolve(found, types=evolve(catalog, types=found.types).sort(sort).types)
    if found.did_you_mean:
        note(f"Did you mean {printable(found.did_you_mean)!r}?")
    if as_json:
        listed = [type_json(entry) for entry in found]
        show_json({**catalog_json(catalog), "did_you_mean": found.did_you_mean, "types": listed})
    elif not found:
        matches = repr(printable(text)) if text else "these filters"
        note(f"No type matches {matches}.")
    else:
        extra = [name for name in _EXTRA if sort == name or filters[f"min_{name}"] is not None]
        rows = [(*_cells(entry), *(_EXTRA[name](entry) for name in extra)) for entry in found]
        _write(("no", "name", "group", "stems", "credits/min", *extra), rows)
        if len(found) == 1:
            show_options(found[0])
        elif len(found) == len(catalog) and sys.stdout.isatty() and sys.stderr.isatty():
            note("To see what to take for vocals, drums, karaoke and more: mvsep types --goals")


def _show_goals(catalog: Catalog, *, as_json: bool) -> None:
    found = catalog.goals()
    if as_json:
        show_json({**catalog_json(catalog), "goals": list(map(_goal_json, found))})
    elif found:
        rows = [
            (
                each.name,
                str(int(each.entry.sep_type)),
                # On a terminal the goal says the stems; with them the table would not fit it.
                each.entry.name.split(" (")[0] if sys.stdout.isatty() else each.entry.name,
                price_of(each),
                each.reason + premium_mark(each),
            )
            for each in found
        ]
        _write(("goal", "no", "name", "price", "reason"), rows)
        note("Take one with: mvsep separate song.wav --stem vocals")
    else:
        note("No type of these does what a goal wants.")


def _goal_json(goal: Goal) -> dict[str, Any]:
    return {
        "goal": goal.name,
        "sep_type": int(goal.sep_type),
        "name": goal.entry.name,
        "options": dict(goal.options),
        "credits_per_minute": number(goal.credits_per_minute),
        "needs_premium": goal.needs_premium,
        "reason": goal.reason,
    }


def _cells(entry: SeparationType) -> tuple[str, ...]:
    price = entry.price_coefficient
    return (
        str(int(entry.sep_type)),
        entry.name,
        entry.group or "",
        ", ".join(entry.outputs),
        "?" if price is None else f"{float(price):g}",
    )


def _rank(catalog: Catalog, stem: str, metric: str, *, as_json: bool) -> None:
    ranking = catalog.best_for(stem, metric=metric)
    if as_json:
        ranks = {"best": _ranks_json(ranking), "not_ranked": _ranks_json(ranking.unplaced)}
        show_json({**catalog_json(catalog), **ranks})
        return
    if ranking:
        _write(("no", "name", metric, "option", "choice"), map(_rank_cells, ranking))
    else:
        note(f"No choice has {printable(metric)!r} for {printable(stem)!r}.")
    if ranking.unplaced:
        note("Not ranked: these figures do not name their stem.")
        for rank in ranking.unplaced:
            no, name, value, option, choice = map(printable, _rank_cells(rank))
            note(f"  {no}  {name}: {value}  {option}  {choice}")


def _rank_cells(rank: Ranked) -> tuple[str, ...]:
    no = "" if rank.entry is None else str(int(rank.entry.sep_type))
    option = " ".join(f"{key}={value}" for key, value in rank.options.items())
    return no, rank.name, f"{rank.value:g}", option, rank.label


def _ranks_json(ranks: Iterable[Ranked]) -> list[dict[str, Any]]:
    return [
        {
            "sep_type": None if rank.entry is None else int(rank.entry.sep_type),
            "name": rank.name,
            "metric": rank.metric,
            "value": rank.value,
            "options": dict(rank.options),
            "label": rank.label,
        }
        for rank in ranks
    ]


def _write(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write rows as a table on a terminal, and between tabs for a program."""
    rows = [tuple(map(printable, row)) for row in rows]
    if not sys.stdout.isatty():
        for row in rows:
            write("\t".join(row))
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    several = len(rows) > 1
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=several)
    for head in heads:
        if head in _WIDTHS:
            cut = several and head in _CUT
            table.add_column(head, ratio=_WIDTHS[head], no_wrap=cut, overflow="ellipsis")
        else:
            justify: Any = "left" if head in _LEFT else "right"
            table.add_column(head, justify=justify, no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    console().print(table)
