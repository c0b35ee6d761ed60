"""Single values of the service's answers, in every form they were seen in.

Each function gives None for what it can't read; none of them fails.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, cast

from mvsep.catalog.stems import OutputChange, OutputVariant
from mvsep.core.values import exact
from mvsep.errors import InvalidInput

_LARGEST: Final = 2**31
_STRINGS: Final = frozenset({str})
# What json.loads does, without its looking at what it is handed each time; the latter for text with
# nothing around the value, as nearly all is.
_decode: Final = json.JSONDecoder().decode
_decode_bare: Final = json.JSONDecoder().raw_decode


def number_of(value: Any) -> Fraction | None:
    """A number of any form the service uses, not below zero; None for anything else."""
    try:
        return exact_of(value)
    except (InvalidInput, TypeError, ValueError):
        return None


def whole_of(value: Any) -> int | None:
    """A whole number from 0 that can be one of the service's; None for anything else."""
    if type(value) is int:
        return value if 0 <= value < _LARGEST else None
    found = number_of(value)
    if found is None or found.denominator != 1 or found >= _LARGEST:
        return None
    return int(found)


def flag_of(value: Any) -> bool | None:
    """A yes or no: true, 1, "1" and their contraries; None for anything else."""
    if isinstance(value, bool):
        return value
    found = whole_of(value)
    return bool(found) if found in (0, 1) else None


def exact_of(value: Any) -> Fraction:
    """A number from 0, exactly.

    Raises:
        InvalidInput: When it is none.
    """
    # Equal numbers of other types are told apart: True must not be taken for 1.
    return _exact(type(value).__name__, value)


@lru_cache(maxsize=256)
def _exact(kind: str, value: Any) -> Fraction:
    return exact(value)


def rating_of(row: Mapping[str, Any]) -> float | None:
    """The average of a rating; None without votes, of which the service writes 0."""
    try:
        average = float(row.get("average") or 0)
    except (TypeError, ValueError, OverflowError):
        return None
    return average if math.isfinite(average) and whole_of(row.get("total")) else None


def text_of(value: Any) -> str | None:
    """A text; None for anything else."""
    return value if isinstance(value, str) else None


def list_of(value: Any) -> list[Any] | None:
    """A list, or JSON text of one; None for anything else."""
    value = decoded(value)
    return value if isinstance(value, list) else None


def object_of(value: Any) -> dict[str, Any] | None:
    """An object, or JSON text of one; None for anything else."""
    value = decoded(value)
    if value == []:  # how PHP writes an empty object
        return {}
    return value if isinstance(value, dict) else None


def decoded(value: Any) -> Any:
    """What JSON in a text stands for; None where it is broken."""
    if not isinstance(value, str):
        return value
    try:
        found, end = _decode_bare(value)
        if end == len(value):
            return found
    except (ValueError, RecursionError):
        pass  # broken, or with spaces around it
    try:
        return _decode(value)
    except (ValueError, RecursionError):
        return None if value.strip() else {}


def choice_of(value: Any) -> str | None:
    """The key or label of a choice as text; None for what can be none."""
    if type(value) is str:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return str(value)
    except ValueError:  # an integer of thousands of digits
        return None


def choices_of(value: Any) -> dict[str, str] | None:
    """Key to label, from an object, a list (PHP's way to write keys 0, 1, ...) or JSON text."""
    found = decoded(value)
    if isinstance(found, list):
        found = {str(key): label for key, label in enumerate(found)}
    if not isinstance(found, dict):
        return None
    if _STRINGS.issuperset(map(type, found)) and _STRINGS.issuperset(map(type, found.values())):
        return dict(found) if found is value else found  # as nearly always
    labels = {str(key): choice_of(label) for key, label in found.items()}
    return None if None in labels.values() else cast(dict[str, str], labels)


def keys_of(value: Any) -> frozenset[str] | None:
    """Keys of choices, from a list, an object that has them as its keys, or JSON text."""
    value = decoded(value)
    if not isinstance(value, list | dict):
        return None
    found = [choice_of(key) for key in value]
    return None if None in found else frozenset(key for key in found if key is not None)


def rules_of(value: Any) -> dict[str, str] | None:
    """Choice to multiplier; None where there is any other way to change a price, or two rules."""
    rows = list_of(value)
    if rows is None:
        return None
    rules: dict[str, str] = {}
    for rule in rows:
        if not isinstance(rule, dict) or rule.get("mode", "multiplier") != "multiplier":
            return None
        key, factor = choice_of(rule.get("option_key")), rule.get("value")
        if key is None or key in rules or number_of(factor) is None:
            return None
        rules[key] = str(factor)
    return rules


def changes_of(value: Any) -> dict[str, OutputChange] | None:
    """What choices change about the stems, by choice; None where it can not be read."""
    rows = object_of(value) if value is not None else {}
    changes = {}
    for key, row in (rows or {}).items():
        outputs = choices_of(row.get("outputs")) if isinstance(row, dict) else None
        if outputs is None or not text_of(row.get("mode")):
            return None
        changes[str(key)] = OutputChange(row["mode"], outputs)
    return None if rows is None else changes


def variants_of(value: Any) -> tuple[OutputVariant, ...] | None:
    """The stems listed for certain choices; None where they can not be read."""
    rows = object_of(value) if value is not None else {}
    if rows is None or not isinstance(rows.get("variants", []), list):
        return None
    variants = []
    for row in rows.get("variants", ()):
        if not isinstance(row, dict):
            return None
        match, outputs = choices_of(row.get("match")), choices_of(row.get("outputs"))
        if match is None or outputs is None:
            return None
        variants.append(OutputVariant(match, outputs, whole_of(row.get("n"))))
    return tuple(variants)
