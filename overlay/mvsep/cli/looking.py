"""`mvsep estimate` and `mvsep show`: what can be told without the service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from mvsep.catalog import Catalog, Condition, SeparationType
from mvsep.catalog.sep_type import SepType
from mvsep.cli.arguments import (
    Connect,
    json_option,
    known_types,
    refresh_option,
    seconds_option,
    sep_type_option,
    settings_option,
)
from mvsep.cli.words import number, printable, show_json
from mvsep.pricing import estimate as estimates
from mvsep.pricing.estimate import Estimate


def estimate_json(estimate: Estimate) -> dict[str, Any]:
    """An estimate as `--json` shows it."""
    return {
        "sep_type": int(estimate.sep_type),
        "credits": estimate.credits,
        "seconds": number(estimate.seconds),
        "how": estimate.how,
        "sure": estimate.sure,
        "rules": [
            {"option": rule.option, "choice": rule.choice, "factor": number(rule.factor)}
            for rule in estimate.rules
        ],
        "doubts": list(estimate.doubts),
        "captured": estimate.captured,
        "warnings": list(estimate.warnings),
        "stems": list(estimate.stems),
        "stems_sure": estimate.prediction.sure,
    }


def title(sep_type: SepType) -> str:
    """What to call a separation type: its name where it is known."""
    entry = known_types().get(sep_type)
    return entry.name if entry else f"Separation type {int(sep_type)}"


@click.command(
    help="""Estimate what FILE would cost and give. Nothing is sent, and no token is needed.

    How long FILE plays is read from its header, or taken from --seconds, with which FILE
    may be left out. `mvsep preflight` asks whether plan and balance allow it, too.
    """,
    short_help="Estimate what a separation would cost and give.",
)
@click.argument("file", required=False)
@sep_type_option
@seconds_option
@settings_option
@json_option
def estimate(
    file: str | None,
    sep_type: SepType,
    seconds: str | None,
    settings: dict[str, str],
    unchecked: bool,
    as_json: bool,
) -> None:
    """Show a price."""
    found = estimates.estimate(
        file,
        sep_type,
        options=settings,
        seconds=seconds,
        catalog=known_types(),
        validate=not unchecked,
    )
    if as_json:
        show_json(estimate_json(found))
    else:
        click.echo(f"{title(sep_type)}: {found}")
        for line in _estimate_lines(found):
            click.echo(f"  {printable(line)}")


def _estimate_lines(estimate: Estimate) -> Iterator[str]:
    yield f"{float(estimate.seconds):g} s ({estimate.how})"
    yield from map(str, estimate.rules)
    if estimate.sure:
        yield "The price is sure."
    for doubt in estimate.doubts:
        yield f"The price is not sure. {doubt}"
    yield from (f"Warning: {warning}" for warning in estimate.warnings)
    if estimate.captured:
        yield f"By the service's list of {estimate.captured}."
    if not estimate.prediction.sure:
        yield f"The stems are not sure: {estimate.prediction.doubts.text}"


@click.command(
    help="""Show all that is known of the separation type TYPE, a name or a number: its stems, its
    price, who may use it, and its options with their choices and defaults.
    """,
    short_help="Show a separation type and its options.",
)
@click.argument("sep_type", metavar="TYPE")
@refresh_option
@json_option
@click.pass_obj
def show(connect: Connect, /, sep_type: str, refresh: bool, as_json: bool) -> None:
    """Show one type."""
    catalog = read_catalog(connect, refresh=refresh)
    entry = catalog.by_name(sep_type)
    if as_json:
        show_json({**catalog_json(catalog), "type": type_json(entry)})
        return
    number, name, group, _, price = map(printable, cells(entry))
    click.echo(f"{number}  {name}")
    for label, value in (
        ("Group", group),
        ("Stems", ", ".join(entry.outputs)),
        ("Price", "not known" if price == "?" else f"{price} x minutes, in credits"),
        ("For", _FOR.get(-1 if entry.orientation is None else entry.orientation, "not known")),
        ("Input", _INPUT.get(entry.audio_widget or "", entry.audio_widget)),
        ("Rating", entry.rating and f"{entry.rating:.1f} of 5 ({entry.votes} votes)"),
        ("Offered", "no" if entry.is_active is False else None),
        ("Gone since", entry.removed),
    ):
        if value:
            click.echo(f"{label + ':':<11} {printable(value)}")
    show_options(entry)
    if about := entry.description():
        click.echo(f"\n{chr(10).join(map(printable, about.splitlines()))}")


_FOR = {0: "everyone", 1: "registered users", 2: "premium users"}
_INPUT = {
    "single_upload": "one file",
    "no_upload": "none",
    "matchering_upload": "a file and a reference",
}


def read_catalog(connect: Connect, *, refresh: bool) -> Catalog:
    """The separation types: the newest at hand, or with `refresh` the service's."""
    if not refresh:
        return known_types()
    with connect(base_url=None) as client:
        catalog = client.catalog(refresh=True)
    for warning in catalog.warnings:
        click.echo(f"Warning: {printable(warning)}", err=True)
    return catalog


def catalog_json(catalog: Catalog) -> dict[str, Any]:
    """Where a catalogue is from, as `--json` shows it."""
    return {
        "captured": catalog.captured,
        "source": catalog.source,
        "warnings": list(catalog.warnings),
    }


def cells(entry: SeparationType) -> tuple[str, ...]:
    """A type in a line: its number, name, group, stems and price."""
    price = entry.price_coefficient
    return (
        str(int(entry.sep_type)),
        entry.name,
        entry.group or "",
        ", ".join(entry.outputs),
        "?" if price is None else f"{float(price):g}",
    )


def show_options(entry: SeparationType) -> None:
    """Show what can be chosen of a type, and how it is written."""
    for option in entry.fields:
        needed = "  [required]" if option.required and option.default is None else ""
        name = printable(option.name)
        click.echo(f'\n--option "{name}=..."  or {printable(option.key)}=...{needed}')
        for condition in option.conditions:
            click.echo(f"         {_when(entry, condition)}")
        for value, label in option.choices.items():
            default = "  [default]" if value == option.default else ""
            price = option.factors.get(value)
            factor = f"  [price x {float(price):g}]" if price is not None else ""
            click.echo(f"  {printable(value):>5}  {printable(label)}{default}{factor}")
        if not option.choices:
            click.echo("         any text")


def _when(entry: SeparationType, condition: Condition) -> str:
    names = {option.key: option.name for option in entry.fields}
    name = printable(names.get(condition.depends_on, condition.depends_on))
    word = "only with" if condition.action == "show" else "not with"
    return f"{word} {name} {printable(' or '.join(condition.values))}"


def type_json(entry: SeparationType) -> dict[str, Any]:
    """A type as `--json` shows it."""
    return {
        "sep_type": int(entry.sep_type),
        "name": entry.name,
        "group": entry.group,
        "stems": list(entry.outputs),
        "credits_per_minute": number(entry.price_coefficient),
        "orientation": entry.orientation,
        "is_active": entry.is_active,
        "usage": entry.usage,
        "rating": entry.rating,
        "options": [
            {
                "key": option.key,
                "name": option.name,
                "default": option.default,
                "input_type": option.input_type,
                "required": option.required,
                "choices": dict(option.choices),
            }
            for option in entry.fields
        ],
    }
