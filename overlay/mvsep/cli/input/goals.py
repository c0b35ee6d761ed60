"""`--type` and `--stem`: the separation type, by itself or as the best one for a goal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import click
from attrs import frozen

from mvsep.catalog import Catalog, Goal
from mvsep.catalog.goals import NAMES, choose
from mvsep.catalog.sep_type import SepType
from mvsep.cli.input.arguments import known_types, offered, options_of, read_sep_type, reader
from mvsep.cli.input.confirm import asking
from mvsep.cli.output.streams import note
from mvsep.cli.output.text import plural, printable
from mvsep.core.text import head
from mvsep.core.values import digits
from mvsep.errors import InvalidInput

_LISTED = "`mvsep types --goals` lists goals, and `mvsep types` the types."

#: The options of a command that takes a type or a goal; `read_wanted` reads them.
goal_options = options_of(
    click.option(
        "--stem",
        metavar="GOAL",
        shell_complete=offered("goals"),
        help=f"What you want: {', '.join(NAMES)}, or another stem. The best type for it is "
        "taken; see `mvsep types --goals`.",
    ),
    click.option(
        "-t",
        "--type",
        "sep_type",
        type=reader("sep_type", read_sep_type),
        shell_complete=offered("types"),
        metavar="NAME|NUMBER",
        help="The separation type, in place of --stem; see `mvsep types`. `separate` sends a "
        "number that the service does not list only with --no-validate.",
    ),
)


@frozen
class Wanted:
    """The separation type that a command is to take.

    Args:
        sep_type: The type; None where each song has one of its own.
        goal: The goal that it was taken for; None where the type was given.
        options: The options that were given.
    """

    sep_type: SepType | None
    goal: Goal | None
    options: Mapping[str, str]

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of the library for it: `sep_type`, `best_for` and `options`."""
        sep_type = None if self.goal else self.sep_type
        return {"sep_type": sep_type, "best_for": self.goal, "options": self.options}

    @property
    def settings(self) -> dict[str, Any]:
        """The type and all options, as a song has them that was given its type by hand."""
        options = self.goal.with_options(self.options).options if self.goal else self.options
        return {"sep_type": self.sep_type, "options": options}

    @property
    def why(self) -> str | None:
        """The sentence that tells the type and the reason; None where the type was given."""
        if self.goal is None:
            return None
        return printable(f"{self.goal.name}: {self.goal.with_options(self.options)}.")


def read_wanted(given: dict[str, Any], *, song: bool = True, needed: bool = True) -> Wanted:
    """Take `sep_type` and `stem` out of a command's arguments, and return the type to take.

    Where neither is given a person on a terminal chooses a goal.

    Args:
        given: The arguments of the command.
        song: False where no song is given, which all goals need.
        needed: False where each song has a type of its own.

    Raises:
        InvalidInput: When both are given, or no type does what is wanted.
        UsageError: When neither is, and there is nobody to ask.
    """
    sep_type, stem, options = given.pop("sep_type"), given.pop("stem"), given["options"]
    if sep_type is not None and stem is None:
        return Wanted(sep_type, None, options)
    if stem is None and not needed:
        return Wanted(None, None, options)
    if stem is None and not song:
        raise click.UsageError("INPUT is missing, and --stem or --type.")
    catalog = known_types()
    goal: Goal | str = stem if stem is not None else _ask(catalog)
    choose(catalog, sep_type, goal, options)  # refuses both
    found = catalog.goal(goal) if isinstance(goal, str) else goal
    return Wanted(found.sep_type, found, options)


def price_of(goal: Goal) -> str:
    """Return the price of a goal in words."""
    price = goal.credits_per_minute
    return "price not known" if price is None else f"{plural(f'{float(price):g}', 'credit')}/min"


def premium_mark(goal: Goal) -> str:
    """Return what to add to a goal whose type needs premium."""
    return " (needs premium)" if goal.needs_premium else ""


def _ask(catalog: Catalog) -> Goal:
    """Ask for a goal, on standard error."""
    terminal = sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()
    goals = catalog.goals() if terminal else ()
    if not goals:
        raise click.UsageError(f"Pass what you want, such as --stem vocals, or a --type. {_LISTED}")
    wide = max(len(goal.name) for goal in goals)
    note("What do you want of the song?")
    for number, goal in enumerate(goals, 1):
        name = printable(head(goal.entry.name)) + premium_mark(goal)
        note(f"{number:>4}  {goal.name:<{wide}}  {price_of(goal):>12}  {name}")

    def read(text: str) -> Goal:
        number = digits(text.strip())
        try:
            if number is None:
                return catalog.goal(text.strip())
        except InvalidInput as error:
            raise click.UsageError(printable(str(error))) from error
        if not 1 <= number <= len(goals):
            raise click.UsageError(f"The numbers are 1 to {len(goals)}.")
        return goals[number - 1]

    with asking():
        chosen: Goal = click.prompt("Number, or any stem", value_proc=read, err=True)
    return chosen
