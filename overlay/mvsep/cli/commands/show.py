"""`mvsep show`: one separation type with its options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from mvsep.catalog import Catalog, Condition, SeparationType
from mvsep.cli.input.arguments import Connect, json_option, known_types, offered, refresh_option
from mvsep.cli.output.streams import show_json, warn, write
from mvsep.cli.output.text import number, plural, printable, quoted
from mvsep.errors import InvalidInput

_OPTION_FACTS = ("key", "name", "default", "input_type", "required", "choices")
_USERS = {0: "everyone", 1: "registered users", 2: "premium users"}
_INPUTS = {
    "single_upload": "one file",
    "no_upload": "none",
    "matchering_upload": "a file and a reference",
}


@click.command(
    help="""Show the separation type TYPE, a name or a number: its stems, its price, who may use
    it, and its options with their choices and defaults.

    \b
    Examples:
      mvsep show "BS Roformer"
      mvsep show 40 --json
    """,
)
@click.argument("sep_type", metavar="TYPE", shell_complete=offered("types"))
@refresh_option
@json_option
@click.pass_obj
def show(connect: Connect, /, sep_type: str, refresh: bool, as_json: bool) -> None:
    """Show one type."""
    catalog = read_catalog(connect, refresh=refresh)
    try:
        entry = catalog.by_name(sep_type)
    except InvalidInput as error:
        error.param = None  # here it is an argument, not the option of other commands
        raise
    if as_json:
        show_json({**catalog_json(catalog), "type": type_json(entry)})
        return
    write(f"{int(entry.sep_type)}  {printable(entry.name)}")
    for label, value in _facts(entry):
        if value:
            write(f"{label + ':':<11} {printable(value)}")
    show_options(entry)
    if about := entry.description():
        write()
        for line in about.splitlines():
            write(printable(line))


def _facts(entry: SeparationType) -> Iterator[tuple[str, object]]:
    price, users = entry.price_coefficient, entry.orientation
    yield "Group", entry.group
    yield "Stems", ", ".join(entry.outputs)
    rate = None if price is None else plural(f"{float(price):g}", "credit")
    yield "Price", f"{rate} per minute" if rate else "not known"
    yield "For", _USERS.get(-1 if users is None else users, "not known")
    yield "Input", _INPUTS.get(entry.audio_widget or "", entry.audio_widget)
    yield "Rating", entry.rating and f"{entry.rating:.1f} of 5 ({plural(entry.votes, 'vote')})"
    yield "Offered", "no" if entry.is_active is False else None
    yield "Gone since", entry.removed


def read_catalog(connect: Connect, *, refresh: bool) -> Catalog:
    """Return the newest list of types on this machine, or with `refresh` the service's."""
    if not refresh:
        return known_types()
    with connect(base_url=None) as client:
        catalog = client.catalog(refresh=True)
    warn(catalog.warnings)
    return catalog


def show_options(entry: SeparationType) -> None:
    """Show the options of a type as they are written on a command line."""
    for option in entry.fields:
        needed = "  [required]" if option.required and option.default is None else ""
        write()
        write(f"--option {_word(option.name)}  or {printable(option.key)}=...{needed}")
        for condition in option.conditions:
            write(f"         {_condition(entry, condition)}")
        for value, label in option.choices.items():
            default = "  [default]" if value == option.default else ""
            price = option.factors.get(value)
            factor = f"  [price x {float(price):g}]" if price is not None else ""
            write(f"  {printable(value):>5}  {printable(label)}{default}{factor}")
        if not option.choices:
            write("         any text")


def _word(name: str) -> str:
    """Return an option's name as a word of a command, which a shell takes for nothing else."""
    word = f"{name}=..."
    return quoted(word) if set(word) & set('"$`\\!') else f'"{printable(word)}"'


def _condition(entry: SeparationType, condition: Condition) -> str:
    names = {option.key: option.name for option in entry.fields}
    name = printable(names.get(condition.depends_on, condition.depends_on))
    word = "only with" if condition.action == "show" else "not with"
    return f"{word} {name} {printable(' or '.join(condition.values))}"


def catalog_json(catalog: Catalog) -> dict[str, Any]:
    """Return the origin of a catalogue for JSON."""
    return {
        "captured": catalog.captured,
        "source": catalog.source,
        "warnings": list(catalog.warnings),
    }


def type_json(entry: SeparationType) -> dict[str, Any]:
    """Return a type for JSON."""
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
            {name: getattr(option, name) for name in _OPTION_FACTS} for option in entry.fields
        ],
    }
