"""`mvsep estimate` and `mvsep types`: what can be told without the service."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mvsep import estimates
from mvsep.catalog import Catalog, SeparationType
from mvsep.cli.arguments import json_option, sep_type_option, settings_option
from mvsep.cli.words import number, printable, show_json
from mvsep.estimates import Estimate
from mvsep.sep_types import SepType


def estimate_json(estimate: Estimate) -> dict[str, Any]:
    """An estimate as `--json` shows it."""
    return {
        "sep_type": int(estimate.sep_type),
        "credits": estimate.credits,
        "seconds": number(estimate.seconds),
        "how": estimate.how,
        "sure": estimate.sure,
        "stems": list(estimate.stems),
    }


def title(sep_type: SepType) -> str:
    """What to call a separation type: its name where it is known."""
    known = Catalog.bundled()
    return known[sep_type].name if sep_type in known else f"Separation type {int(sep_type)}"


@click.command(
    help="""Estimate what FILE would cost and give. Nothing is sent, and no token is needed.

    How long FILE plays is read from its header, or taken from --seconds, with which FILE
    may be left out.
    """,
    short_help="Estimate what a separation would cost and give.",
)
@click.argument("file", required=False)
@sep_type_option
@click.option("--seconds", metavar="N", help="How long the mixture plays.")
@settings_option
@json_option
def estimate(
    file: str | None,
    sep_type: SepType,
    seconds: str | None,
    settings: dict[str, str],
    as_json: bool,
) -> None:
    """Show a price."""
    found = estimates.estimate(file, sep_type, options=settings, seconds=seconds)
    if as_json:
        show_json(estimate_json(found))
    else:
        click.echo(f"{title(sep_type)}: {found}")


@click.command(
    help="""List the separation types, as this release knows them: number, name, group, stems,
    and price in credits per minute.

    SEARCH is a number, or words that all have to occur. When one type is left, its options are
    listed too.
    """,
    short_help="List the separation types and their options.",
)
@click.argument("search", nargs=-1)
@json_option
def types(search: tuple[str, ...], as_json: bool) -> None:
    """List the types that are searched for."""
    catalog = Catalog.bundled()
    words = [word for text in search for word in text.casefold().split()]
    found = [entry for entry in catalog if _matches(entry, words)]
    if as_json:
        show_json({"captured": catalog.captured, "types": [_type_json(entry) for entry in found]})
        return
    if not found:
        click.echo(f"No separation type matches {printable(' '.join(words))!r}.", err=True)
        return
    if not sys.stdout.isatty():
        for entry in found:
            click.echo("\t".join(_cells(entry)))
    else:
        Console(highlight=False).print(_table(found))
    if len(found) == 1:
        _show_options(found[0])


def _matches(entry: SeparationType, words: list[str]) -> bool:
    if len(words) == 1 and words[0].isdecimal():
        return int(entry.sep_type) == int(words[0])
    texts = (entry.name, entry.group or "", *entry.outputs, entry.sep_type.name)
    text = "\n".join(texts).casefold()
    return all(word in text for word in words)


def _cells(entry: SeparationType) -> tuple[str, ...]:
    price = entry.price_coefficient
    return (
        str(int(entry.sep_type)),
        entry.name,
        entry.group or "",
        ", ".join(entry.outputs),
        "?" if price is None else f"{float(price):g}",
    )


def _table(found: list[SeparationType]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=len(found) > 1)
    table.add_column("no", justify="right", no_wrap=True)
    table.add_column("name", ratio=5)
    table.add_column("group", ratio=3)
    table.add_column("stems", ratio=4, no_wrap=len(found) > 1, overflow="ellipsis")
    table.add_column("credits/min", justify="right", no_wrap=True)
    for entry in found:
        table.add_row(*(Text(cell) for cell in _cells(entry)))
    return table


def _show_options(entry: SeparationType) -> None:
    for option in entry.fields:
        click.echo(f"\n--set {option.key}=...  {option.name}")
        for value, label in option.choices.items():
            default = "  [default]" if value == option.default else ""
            price = option.price_rules.get(value)
            factor = f"  [price x {float(price):g}]" if price and float(price) != 1 else ""
            click.echo(f"  {value:>5}  {label}{default}{factor}")
        if not option.choices:
            click.echo("         any text")


def _type_json(entry: SeparationType) -> dict[str, Any]:
    return {
        "sep_type": int(entry.sep_type),
        "name": entry.name,
        "group": entry.group,
        "stems": list(entry.outputs),
        "credits_per_minute": number(entry.price_coefficient),
        "options": [
            {
                "key": option.key,
                "name": option.name,
                "default": option.default,
                "choices": dict(option.choices),
            }
            for option in entry.fields
        ],
    }
