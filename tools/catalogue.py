"""Comparison of an answer of app/algorithms, however odd, with the bundled catalogue.

Pure: no files, no network. What an answer does not say is not compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mvsep.catalog import Catalog, OptionField, SeparationType

Kind = Literal[
    "new", "renamed", "repriced", "options", "activity", "access", "input", "gone", "unreadable"
]


class NoCatalogue(Exception):
    """The input is no list of separation types; the message says why."""


@dataclass(frozen=True)
class Finding:
    """A difference that somebody should look at.

    Args:
        kind: Its kind.
        sep_type: The separation type's number; None where something could not be read.
        text: A sentence for a person.
    """

    kind: Kind
    sep_type: int | None
    text: str


def known(catalog: Catalog) -> dict[int, SeparationType]:
    """Return a catalogue's types by number."""
    return {int(each.sep_type): each for each in catalog}


def read(answer: Any) -> tuple[dict[int, SeparationType], list[Finding]]:
    """Read an answer of app/algorithms.

    Returns:
        The types by number, and a finding for all that could not be read.

    Raises:
        NoCatalogue: When it is no list, or not one row of it names a separation type.
    """
    if not isinstance(answer, list):
        raise NoCatalogue("it is no list of separation types")
    catalog = Catalog.from_response(answer)
    if not catalog.types:
        raise NoCatalogue("it lists no separation type")
    return known(catalog), [Finding("unreadable", None, text) for text in catalog.warnings]


def compare(
    before: Mapping[int, SeparationType], now: Mapping[int, SeparationType]
) -> list[Finding]:
    """Find what is new, gone or different in an answer.

    Args:
        before: The known types, such as `known(Catalog.bundled())`.
        now: The types of the answer. If it holds no type of some kind of input, it says
            nothing of that kind: no type of it counts as gone.
    """
    findings: list[Finding] = []
    for number, entry in now.items():
        if number in before:
            findings += _differences(before[number], entry)
        else:
            lacking = "the catalogue" if entry.sep_type.known else "the catalogue and SepType"
            findings.append(Finding("new", number, f"{_title(entry)} is new to {lacking}."))
    kinds = {
        entry.audio_widget or before.get(number, entry).audio_widget
        for number, entry in now.items()
    } - {None}
    findings += [
        Finding("gone", number, f"{_title(entry)} is gone from the answer.")
        for number, entry in before.items()
        if number not in now and entry.audio_widget in kinds and not entry.removed
    ]
    return findings


def _differences(before: SeparationType, now: SeparationType) -> Iterator[Finding]:
    title = _title(before)

    def found(kind: Kind, text: str) -> Finding:
        return Finding(kind, int(before.sep_type), f"{title}: {text}.")

    if before.removed and not now.removed:
        yield found("activity", "is listed again")
    if now.name != before.name and "name" not in now.unread:
        yield found("renamed", f"is now named {now.name!r}")
    price, was = now.price_coefficient, before.price_coefficient
    if price is not None and price != was:
        told = "not known" if was is None else was
        yield found("repriced", f"price_coefficient was {told} and is {price}")
    if now.is_active is not None and now.is_active != (before.is_active is not False):
        yield found("activity", "is offered again" if now.is_active else "is no longer offered")
    if None not in (now.orientation, before.orientation) and now.orientation != before.orientation:
        yield found("access", f"orientation was {before.orientation} and is {now.orientation}")
    widget, was_widget = now.audio_widget, before.audio_widget
    if None not in (widget, was_widget) and widget != was_widget:
        yield found("input", f"audio_widget was {was_widget} and is {widget!r}")
    yield from (found(*change) for change in _option_changes(before, now))


def _option_changes(before: SeparationType, now: SeparationType) -> Iterator[tuple[Kind, str]]:
    options = {option.key: option for option in before.fields}
    # The documentation names options, but neither their defaults nor their prices.
    documented = before.known_from != "server"
    for option in now.fields:
        if (old := options.pop(option.key, None)) is None:
            yield "options", f"the option {option.key} ({option.name}) is new"
            continue
        for kind, text in _differences_of_option(old, option, documented=documented):
            yield kind, f"the option {old.key} ({old.name}) {text}"
    if now.fields or "algorithm_fields" not in now.unread:
        for old in options.values():
            yield "options", f"the option {old.key} ({old.name}) is gone"


def _differences_of_option(
    before: OptionField, now: OptionField, *, documented: bool
) -> Iterator[tuple[Kind, str]]:
    if before.name != now.name and "text" not in now.unread:
        yield "options", f"is now labelled {now.name!r}"
    was, default = before.default or "", now.default or ""
    if was != default and not documented and "default_key" not in now.unread:
        yield "options", f"had the default {was!r} and has {default!r}"
    if "options" not in now.unread:
        for key, label in now.choices.items():
            if key not in before.choices:
                yield "options", f"has the new choice {key!r} ({label})"
            elif label != before.choices[key]:
                yield "options", f"labels the choice {key!r} now {label!r}"
        for key, label in before.choices.items():
            if key not in now.choices:
                yield "options", f"has lost the choice {key!r} ({label})"
    if before.price_known and now.price_known and not documented:
        old, new = before.factors, now.factors
        for key in {**old, **new}:
            if old.get(key, 1) != new.get(key, 1):
                change = f"by {old.get(key, 1)} for {key!r} and does by {new.get(key, 1)}"
                yield "repriced", f"multiplied the price {change}"


def _title(entry: SeparationType) -> str:
    return f"Type {int(entry.sep_type)} {entry.name}"
