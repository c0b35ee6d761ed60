"""Comparison of an answer of app/algorithms, however odd, with the bundled catalogue.

Pure: no files, no network. What an answer does not say stays None and is not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeVar

from mvsep.catalog import Catalog
from mvsep.catalog.fields import is_option_key
from mvsep.catalog.parse import (
    choice_of,
    choices_of,
    list_of,
    rules_of,
    text_of,
)
from mvsep.catalog.sep_type import SepType
from mvsep.core.values import exact, flag_of, number_of, whole_of

Kind = Literal[
    "new", "renamed", "repriced", "options", "activity", "access", "input", "gone", "unreadable"
]

_Value = TypeVar("_Value")


class NoCatalogue(Exception):
    """The input is no list of separation types; the message says why."""


@dataclass(frozen=True)
class Finding:
    """A difference that somebody should look at.

    Args:
        kind: Its kind.
        sep_type: The separation type's number; None where even that could not be read.
        text: A sentence for a person.
    """

    kind: Kind
    sep_type: int | None
    text: str


@dataclass(frozen=True)
class Option:
    """The known facts of one option; None where one is not known.

    Args:
        label: Its name for people.
        default: The choice taken when nothing is sent; "" where none is.
        choices: The value sent to its label.
        multipliers: The choices that change the price, and by how much.
    """

    label: str | None = None
    default: str | None = None
    choices: Mapping[str, str] | None = None
    multipliers: Mapping[str, Fraction] | None = None


@dataclass(frozen=True)
class Entry:
    """The known facts of one separation type; None where one is not known.

    Args:
        number: The value of `sep_type`.
        name: The service's name for it.
        price: Credits per minute.
        active: True while it is offered.
        orientation: 0 everyone, 1 registered users, 2 premium users.
        kind: The input it wants, such as "single_upload".
        options: Its options by form field.
        removed: True if it was found gone before.
    """

    number: int
    name: str | None = None
    price: Fraction | None = None
    active: bool | None = None
    orientation: int | None = None
    kind: str | None = None
    options: Mapping[str, Option] | None = None
    removed: bool = False


def known(catalog: Catalog) -> dict[int, Entry]:
    """Return the known facts of a catalogue's types, by number."""
    entries = {}
    for each in catalog:
        # The documentation names options, but neither their defaults nor their prices.
        told = each.known_from == "server"
        options = {
            option.key: Option(
                option.name,
                (option.default or "") if told else None,
                option.choices,
                option.factors if told and option.price_known else None,
            )
            for option in each.fields
        }
        entries[int(each.sep_type)] = Entry(
            int(each.sep_type),
            each.name,
            each.price_coefficient,
            each.is_active,
            each.orientation,
            each.audio_widget,
            options,
            each.removed is not None,
        )
    return entries


def read(answer: Any) -> tuple[dict[int, Entry], list[Finding]]:
    """Read an answer of app/algorithms.

    Returns:
        The entries by number, and a finding for all that could not be read.

    Raises:
        NoCatalogue: When it is no list, or not one row of it names a separation type.
    """
    try:
        return _read(answer)
    except RecursionError as error:
        raise NoCatalogue("it is nested too deep") from error


def _read(answer: Any) -> tuple[dict[int, Entry], list[Finding]]:
    if not isinstance(answer, list):
        raise NoCatalogue("it is no list of separation types")
    entries: dict[int, Entry] = {}
    problems: list[Finding] = []
    for place, row in enumerate(answer, 1):
        number = whole_of(row.get("render_id")) if isinstance(row, dict) else None
        if number is None:
            problems.append(
                Finding("unreadable", None, f"Row {place} of the answer has no usable render_id.")
            )
        elif number in entries:
            problems.append(
                Finding("unreadable", number, f"Type {number} is listed twice; the first counts.")
            )
        else:
            reader = _Row(number, row)
            entries[number] = reader.entry()
            problems += reader.problems
    if not entries:
        raise NoCatalogue("it lists no separation type")
    return entries, problems


def compare(before: Mapping[int, Entry], now: Mapping[int, Entry]) -> list[Finding]:
    """Find what is new, gone or different in an answer.

    Args:
        before: The known entries, such as `known(Catalog.bundled())`.
        now: The entries of the answer. If it holds no type of some kind of input, it says
            nothing of that kind: no type of it counts as gone.
    """
    findings: list[Finding] = []
    for number, entry in now.items():
        if number in before:
            findings += _differences(before[number], entry)
        else:
            lacking = "the catalogue" if SepType(number).known else "the catalogue and SepType"
            findings.append(Finding("new", number, f"{_title(entry)} is new to {lacking}."))
    kinds = {entry.kind or before.get(number, entry).kind for number, entry in now.items()} - {None}
    findings += [
        Finding("gone", number, f"{_title(entry)} is gone from the answer.")
        for number, entry in before.items()
        if number not in now and entry.kind in kinds and not entry.removed
    ]
    return findings


def _differences(before: Entry, now: Entry) -> Iterator[Finding]:
    title = _title(before)

    def found(kind: Kind, text: str) -> Finding:
        return Finding(kind, before.number, f"{title}: {text}.")

    if before.removed and not now.removed:
        yield found("activity", "is listed again")
    if now.name is not None and now.name != before.name:
        yield found("renamed", f"is now named {now.name!r}")
    if now.price is not None and now.price != before.price:
        was = "not known" if before.price is None else before.price
        yield found("repriced", f"price_coefficient was {was} and is {now.price}")
    if now.active is not None and now.active != (before.active is not False):
        yield found("activity", "is offered again" if now.active else "is no longer offered")
    if None not in (now.orientation, before.orientation) and now.orientation != before.orientation:
        yield found("access", f"orientation was {before.orientation} and is {now.orientation}")
    if None not in (now.kind, before.kind) and now.kind != before.kind:
        yield found("input", f"audio_widget was {before.kind} and is {now.kind!r}")
    if now.options is None or before.options is None:
        return
    for key, option in now.options.items():
        if key not in before.options:
            yield found("options", f"the option {key} ({option.label}) is new")
            continue
        for kind, text in _option(before.options[key], option):
            yield found(kind, f"the option {key} ({before.options[key].label}) {text}")
    for key, option in before.options.items():
        if key not in now.options:
            yield found("options", f"the option {key} ({option.label}) is gone")


def _option(before: Option, now: Option) -> Iterator[tuple[Kind, str]]:
    if None not in (before.label, now.label) and before.label != now.label:
        yield "options", f"is now labelled {now.label!r}"
    if None not in (before.default, now.default) and before.default != now.default:
        yield "options", f"had the default {before.default!r} and has {now.default!r}"
    if before.choices is not None and now.choices is not None:
        for key, label in now.choices.items():
            if key not in before.choices:
                yield "options", f"has the new choice {key!r} ({label})"
            elif label != before.choices[key]:
                yield "options", f"labels the choice {key!r} now {label!r}"
        for key, label in before.choices.items():
            if key not in now.choices:
                yield "options", f"has lost the choice {key!r} ({label})"
    if before.multipliers is not None and now.multipliers is not None:
        for key in {**before.multipliers, **now.multipliers}:
            was, value = before.multipliers.get(key, 1), now.multipliers.get(key, 1)
            if was != value:
                yield "repriced", f"multiplied the price by {was} for {key!r} and does by {value}"


class _Row:
    """A row of an answer, with its unreadable parts."""

    def __init__(self, number: int, row: Mapping[str, Any]) -> None:
        self.problems: list[Finding] = []
        self._number = number
        self._row = row

    def entry(self) -> Entry:
        return Entry(
            self._number,
            self._read(self._row, "name", text_of),
            self._read(self._row, "price_coefficient", number_of),
            self._read(self._row, "is_active", flag_of),
            self._read(self._row, "orientation", whole_of),
            self._read(self._row, "audio_widget", text_of),
            self._options(),
        )

    def _options(self) -> dict[str, Option] | None:
        rows = self._read(self._row, "algorithm_fields", list_of)
        if rows is None:
            return None
        options: dict[str, Option] = {}
        for row in rows:
            key = row.get("name") if isinstance(row, dict) else None
            if not isinstance(key, str) or key in options:
                self._problem("an option has no name, or one that is there twice")
                continue
            if not is_option_key(key):
                self._problem(f"{key!r:.40} is no field for an option")
                continue
            choices = self._read(row, "options", choices_of, key)
            rules = self._read(row, "price_rules", _factors, key)
            # A key that is there and null says that there is no default.
            default = self._read(row, "default_key", choice_of, key)
            none = "default_key" in row and row["default_key"] is None
            label = self._read(row, "text", text_of, key)
            options[key] = Option(label, "" if none else default, choices, rules)
        return options

    def _read(
        self,
        row: Mapping[str, Any],
        key: str,
        how: Callable[[Any], _Value | None],
        option: str = "",
    ) -> _Value | None:
        """Return a value of the row, or None where it is missing, null or unreadable."""
        if row.get(key) is None:
            return None
        value = how(row[key])
        if value is None:
            of = f" of the option {option}" if option else ""
            self._problem(f"{key}{of} can't be read: {row[key]!r:.60}")
        return value

    def _problem(self, text: str) -> None:
        self.problems.append(Finding("unreadable", self._number, f"Type {self._number}: {text}."))


def _title(entry: Entry) -> str:
    return f"Type {entry.number}" + (f" {entry.name}" if entry.name is not None else "")


def _factors(value: Any) -> dict[str, Fraction] | None:
    rules = rules_of(value)
    return None if rules is None else {key: exact(factor) for key, factor in rules.items()}
