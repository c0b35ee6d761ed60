"""The rows of overlay/mvsep/data/catalog.json, brought up to date by an answer of app/algorithms.

A fact that the answer leaves out, or has in an unreadable form, stays as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from mvsep.catalog.fields import is_option_key
from mvsep.catalog.parse import (
    changes_of,
    choice_of,
    choices_of,
    condition_of,
    keys_of,
    list_of,
    object_of,
    option_keys,
    rating_of,
    rules_of,
    text_of,
    usual_input,
    variants_of,
)
from mvsep.catalog.stems import stems_of
from mvsep.cli.output.text import number as json_number
from mvsep.core.values import flag_of, number_of, whole_of

_Read = Callable[[Any], Any]


def merged(
    document: Mapping[str, Any],
    answer: Any,
    now: Collection[int],
    gone: Collection[int | None],
    day: str,
) -> dict[str, Any]:
    """Return the catalogue with the facts of an answer.

    Args:
        document: The catalogue file's content.
        answer: An answer of app/algorithms.
        now: The numbers of the types that can be read of it.
        gone: The types that it no longer lists.
        day: The day of the answer, YYYY-MM-DD.
    """
    types = {row["sep_type"]: row for row in document["types"]}
    raws: dict[int, Mapping[str, Any]] = {}
    for raw in answer:
        number = whole_of(raw.get("render_id")) if isinstance(raw, dict) else None
        if number is not None:
            raws.setdefault(number, raw)
    for number in now:
        types[number] = _row(number, raws[number], types.get(number))
    for number in gone:
        if number is not None:
            types[number] = {**types[number], "removed": day}
    return {**document, "captured": day, "types": [types[number] for number in sorted(types)]}


def text(document: Mapping[str, Any]) -> str:
    """Return the text of the catalogue's file: one separation type a line."""
    head = {key: value for key, value in document.items() if key != "types"}
    rows = ",\n".join(map(_compact, document["types"]))
    return f'{_compact(head)[:-1]},"types":[\n{rows}\n]}}\n'


def documentation(row: Mapping[str, Any]) -> str:
    """Return the text under a type's member of SepType."""
    day = row.get("removed")
    return f"{row['name']} - no longer listed by the service since {day}" if day else row["name"]


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _texts(raw: Any) -> list[str] | None:
    found = list_of(raw)
    return found if found is not None and all(isinstance(each, str) for each in found) else None


def _rating(raw: Any) -> dict[str, Any] | None:
    found = object_of(raw)
    if found is None or whole_of(found.get("total")) is None:
        return None
    average = found.get("average") if rating_of(found) is not None else 0
    return {"average": average, "total": whole_of(found["total"])}


def _variants(raw: Any) -> dict[str, Any] | None:
    return object_of(raw) if variants_of(raw) is not None else None


def _overrides(raw: Any) -> dict[str, Any] | None:
    return object_of(raw) if changes_of(raw) is not None else None


def _rules(raw: Any) -> list[dict[str, str]] | None:
    rules = rules_of(raw)
    if rules is None:
        return None
    return [
        {"option_key": key, "mode": "multiplier", "value": value} for key, value in rules.items()
    ]


def _conditions(raw: Any, keys: Mapping[int, str]) -> list[dict[str, Any]] | None:
    found = []
    for one in list_of(raw) or ():
        condition = condition_of(one, keys)
        if condition is None:
            return None
        found.append(
            {
                "depends_on": condition.depends_on,
                "operator": condition.operator,
                "values": list(condition.values),
                "action": condition.action,
            }
        )
    return found


# How each fact of a row is read; its key in an answer is the same but for that of `_THEIRS`.
_FACTS: Mapping[str, _Read] = {
    "output_stems": _texts,
    "outputs": choices_of,
    "orientation": whole_of,
    "price_coefficient": lambda raw: json_number(number_of(raw)),
    "is_active": flag_of,
    "audio_widget": text_of,
    "audio_upload_disabled": flag_of,
    "allow_resample": flag_of,
    "algorithm_id": whole_of,
}
# These stand in a row only where they are known.
_MORE: Mapping[str, _Read] = {
    "order_id": whole_of,
    "usage": whole_of,
    "rating": _rating,
    "output_variants": _variants,
}
_THEIRS: Mapping[str, str] = {"algorithm_id": "id", "registered_only": "registered_only_keys"}


def _row(number: int, raw: Mapping[str, Any], old: Mapping[str, Any] | None) -> dict[str, Any]:
    before = old or {}
    name = text_of(raw.get("name")) or before.get("name") or f"Separation type {number}"
    stems = before.get("stems") if name == before.get("name") else list(stems_of(name)) or None
    group = text_of((object_of(raw.get("algorithm_group")) or {}).get("name"))
    row: dict[str, Any] = {
        "sep_type": number,
        "name": name,
        "group": group or before.get("group"),
        "stems": stems,
    }
    for key, read in _FACTS.items():
        row[key] = _told(raw, _THEIRS.get(key, key), read, before.get(key))
    options = {option["key"]: option for option in before.get("fields", ())}
    rows = list_of(raw.get("algorithm_fields"))
    if rows is None:
        row["fields"] = list(options.values())
        # An answer that says nothing of them leaves what was known as it was.
        unread = raw.get("algorithm_fields") is not None or not before or "unread" in before
    else:
        row["fields"] = _fields(rows, options)
        unread = len(row["fields"]) < len(rows)
    if unread:  # so that its price does not count as sure
        row["unread"] = ["algorithm_fields"]
    for key, read in _MORE.items():
        value = _told(raw, key, read, before.get(key))
        if value is not None:
            row[key] = value
    row["known_from"] = "server"
    # Keys in the order they had, so that the file changes only where a fact does.
    return {**{key: row[key] for key in before if key in row}, **row}


def _told(raw: Mapping[str, Any], key: str, read: _Read, otherwise: Any) -> Any:
    """Return a fact of an answer: None where it is null, `otherwise` where it is missing."""
    if key not in raw:
        return otherwise
    if raw[key] is None:
        return None
    value = read(raw[key])
    return otherwise if value is None else value


def _fields(rows: list[Any], known: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    keys = option_keys(rows)
    fields: dict[str, dict[str, Any]] = {}
    for row in rows:
        key = row.get("name") if isinstance(row, dict) else None
        if is_option_key(key) and key not in fields:
            fields[key] = _field(key, row, known.get(key, {}), keys)
    return list(fields.values())


def _field(
    key: str, raw: Mapping[str, Any], before: Mapping[str, Any], keys: Mapping[int, str]
) -> dict[str, Any]:
    old = {each["key"]: each["label"] for each in before.get("options", ())}
    choices = _told(raw, "options", choices_of, old if before else None)
    row: dict[str, Any] = {
        "key": key,
        "name": _told(raw, "text", text_of, before.get("name")) or key,
        "default": _told(raw, "default_key", choice_of, before.get("default")),
        "input_type": _told(raw, "input_type", text_of, before.get("input_type"))
        or usual_input(choices),
        "required": _told(raw, "required", flag_of, before.get("required")),
        "server_key": _told(raw, "server_key", text_of, before.get("server_key")),
        "options": [{"key": value, "label": label} for value, label in (choices or {}).items()],
    }
    readers: dict[str, _Read] = {
        "help_link": text_of,
        "price_rules": _rules,
        "conditions": lambda value: _conditions(value, keys),
        "output_overrides": _overrides,
        "registered_only": lambda value: sorted(keys_of(value) or ()),
    }
    for name, read in readers.items():
        value = _told(raw, _THEIRS.get(name, name), read, before.get(name))
        if value:
            row[name] = value
    if "price_rules" in raw:
        unread = rules_of(raw["price_rules"]) is None
    else:
        unread = not before or "price_rules" in before.get("unread", ())
    if unread:
        row["unread"] = ["price_rules"]
    return {**{name: row[name] for name in before if name in row}, **row}
