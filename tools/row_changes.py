"""Changes of a separation type that `tools.catalogue` does not compare, in words.

Pure. Two rows of the catalogue's file are compared key by key, so that nothing changes silently,
keys that are added later included. Usage, rating and place change every day and are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Row = Mapping[str, Any]

_DAILY = frozenset({"usage", "rating", "order_id"})
# What `tools.catalogue.compare` tells, or what follows from it; stems are read from the name.
_TOLD = frozenset({"sep_type", "name", "stems", "removed"})
_TOLD_OF_OPTIONS = frozenset({"key", "name", "default", "options", "price_rules"})
# Of these it says nothing where one of the two is not known.
_TOLD_IF_KNOWN = frozenset({"price_coefficient", "is_active", "orientation", "audio_widget"})


def quiet_changes(before: Row, after: Row) -> Iterator[str]:
    """Yield each further difference of two rows of a type, to follow its name in a sentence.

    Args:
        before: The row as it was.
        after: The row as it is.
    """
    if before["known_from"] != after["known_from"]:
        yield "is in the service's list now, with its price, stems and options"
        return
    for key in _differing(before, after, _DAILY | _TOLD | {"fields"}):
        was, now = before.get(key), after.get(key)
        told = key in _TOLD_IF_KNOWN and now is not None
        if not told or (was is None and key != "price_coefficient"):
            yield _type_change(key, was, now)
    options = {option["key"]: option for option in before["fields"]}
    names = {option["key"]: option["name"] for option in after["fields"]}
    for option in after["fields"]:
        if (old := options.get(option["key"])) is not None:
            for text in _option_changes(old, option, names):
                yield f"the option {option['key']} ({option['name']}) {text}"
    if _reordered([*options], [*names]):
        yield "has its options in another order"


def _differing(before: Row, after: Row, left_out: frozenset[str]) -> list[str]:
    keys = dict.fromkeys((*before, *after))
    return [k for k in keys if k not in left_out and before.get(k) != after.get(k)]


def _type_change(key: str, was: Any, now: Any) -> str:
    match key:
        case "outputs" if _labels(was) != _labels(now):
            return f"gave {_labels(was)} and gives {_labels(now)}"
        case "outputs":
            return f"has other keys for its stems: {_listed(now)}"
        case "unread":
            return _unread(now)
        case "output_variants":
            return "has other stems listed for some options"
        case "group":
            return f"stood under {was!r} and stands under {now!r}"
    return f"{key} was {was!r} and is {now!r}"


def _option_changes(before: Row, after: Row, names: Mapping[str, str]) -> Iterator[str]:
    for key in _differing(before, after, _TOLD_OF_OPTIONS):
        was, now = before.get(key), after.get(key)
        match key:
            case "unread":
                yield _unread(now)
            case "conditions":
                offers = " and ".join(_offered(one, names) for one in now or ())
                yield f"is offered {offers or 'with all choices of the others'} now"
            case "output_overrides":
                changed = [k for k in {**(was or {}), **(now or {})} if _of(was, k) != _of(now, k)]
                yield f"changes the stems in another way with {_listed(changed)}"
            case "registered_only":
                yield f"has for registered users only: {_listed(now)}"
            case "required":
                yield "has to be given now" if now else "need not be given now"
            case _:
                yield f"has another {key}: it was {was!r} and is {now!r}"
    if _reordered(*([each["key"] for each in row["options"]] for row in (before, after))):
        yield "has its choices in another order"


def _unread(keys: Any) -> str:
    return f"does not tell {_listed(keys)} so that it can be read" if keys else "can be read whole"


def _offered(condition: Row, names: Mapping[str, str]) -> str:
    words = {"show": "only with", "hide": "except with"}
    word = words.get(condition["action"], f"by {condition['action']!r} of")
    name = names.get(condition["depends_on"], condition["depends_on"])
    return f"{word} {name} {condition['operator']} {', '.join(condition['values'])}"


def _reordered(before: list[str], after: list[str]) -> bool:
    """Check for another order of what is in both; new and gone ones are told elsewhere."""
    both = {*before} & {*after}
    return [each for each in before if each in both] != [each for each in after if each in both]


def _labels(outputs: Mapping[str, str] | None) -> str:
    return _listed(None if outputs is None else outputs.values())


def _listed(things: Any) -> str:
    return ", ".join(map(str, things)) if things else "nothing that is listed"


def _of(rows: Mapping[str, Any] | None, key: str) -> Any:
    return (rows or {}).get(key)
