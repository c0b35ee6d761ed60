"""Reading of separation types: from the file of this release, and from any app/algorithms answer.

The service's answers have JSON within text, flags as 0 and 1, numbers as text, and were simpler in
2024. Values that can't be read are left out, with a warning; nothing here fails. The functions for
single values return None for what they can't read.
"""

from __future__ import annotations

import json
import math
import reprlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar, cast

from attrs import evolve

from mvsep.catalog.fields import Condition, OptionField, OutputChange, is_option_key
from mvsep.catalog.sep_type import SepType
from mvsep.catalog.stems import OutputVariant, stems_of
from mvsep.catalog.types import Description, SeparationType
from mvsep.core.values import exact, flag_of, number_of, whole_of

_Value = TypeVar("_Value")
_MOST_WARNINGS: Final = 100
_STRINGS: Final = frozenset({str})


def from_file(row: Mapping[str, Any]) -> SeparationType:
    """Read a row of the catalogue that comes with this release. It is trusted."""
    labels: dict[str, str] = row["outputs"] or {}
    coefficient, rating = row["price_coefficient"], row.get("rating") or {}
    return SeparationType(
        sep_type=SepType(row["sep_type"]),
        name=row["name"],
        group=row["group"],
        outputs=tuple(labels.values()),
        output_labels=labels,
        orientation=row["orientation"],
        price_coefficient=None if coefficient is None else exact(coefficient),
        is_active=row["is_active"],
        audio_widget=row["audio_widget"],
        algorithm_id=row["algorithm_id"],
        fields=tuple(_field_from_file(option) for option in row["fields"]),
        known_from=row["known_from"],
        stems=tuple(row["stems"] or ()),
        usage=row.get("usage"),
        rating=rating_of(rating),
        votes=rating.get("total"),
        order=row.get("order_id"),
        variants=variants_of(row.get("output_variants")) or (),
        removed=row.get("removed"),
        unread=frozenset(row.get("unread", ())),
    )


def _field_from_file(row: Mapping[str, Any]) -> OptionField:
    return OptionField(
        key=row["key"],
        name=row["name"],
        default=row["default"],
        input_type=row["input_type"],
        required=row["required"],
        choices={choice["key"]: choice["label"] for choice in row["options"]},
        # "multiplier" is the only mode the service was seen to use.
        price_rules={rule["option_key"]: rule["value"] for rule in row.get("price_rules", ())},
        server_key=row["server_key"],
        conditions=tuple(
            Condition(one["depends_on"], tuple(one["values"]), one["action"], one["operator"])
            for one in row.get("conditions", ())
        ),
        output_changes=changes_of(row.get("output_overrides")) or {},
        registered_only=frozenset(row.get("registered_only") or ()),
        help_link=row.get("help_link"),
        unread=frozenset(row.get("unread", ())),
    )


def from_answer(answer: object) -> tuple[tuple[SeparationType, ...], list[str]]:
    """Read an answer of app/algorithms, of any year and however odd.

    Returns:
        The separation types in the answer's order, and sentences about what was left out.
    """
    warnings: list[str] = []
    types: dict[int, SeparationType] = {}
    for place, row in enumerate(_rows(answer, warnings), 1):
        number = whole_of(row.get("render_id")) if isinstance(row, dict) else None
        if number is None:
            warnings.append(f"Row {place} of the answer has no usable render_id.")
        elif number in types:
            warnings.append(f"Type {number} is listed twice; the first counts.")
            first = types[number]
            types[number] = evolve(first, unread=first.unread | {"render_id"})
        else:
            types[number] = _Row(number, row, warnings).entry()
    if not types and not warnings:
        warnings.append("The answer lists no separation type.")
    if (more := len(warnings) - _MOST_WARNINGS) > 0:
        warnings[_MOST_WARNINGS:] = [f"And {more} more things that could not be read."]
    return tuple(types.values()), warnings


def _rows(answer: object, warnings: list[str]) -> list[Any]:
    if isinstance(answer, bytes | bytearray | str):
        text = answer
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError) as error:
            page = text[:200].lstrip()[:1] in ("<", b"<")
            kind = "an HTML page" if page else f"not JSON ({type(error).__name__})"
            warnings.append(f"The answer is {kind}.")
            return []
    if isinstance(answer, dict):
        # PHP writes an array whose keys have gaps as an object.
        inner = answer.get("data", answer)
        answer = list(inner.values()) if isinstance(inner, dict) else inner
    if isinstance(answer, list | tuple):
        return [row.to_dict() if hasattr(row, "to_dict") else row for row in answer]
    warnings.append("The answer is no list of separation types.")
    return []


class _Row:
    """One row of an answer; adds a warning for each value that can't be read."""

    def __init__(self, number: int, row: Mapping[str, Any], warnings: list[str]) -> None:
        self._number = number
        self._row = row
        self._warnings = warnings
        self._keys: Mapping[int, str] = {}
        # The keys that could not be read, of the type ("") and of each option.
        self._unread: dict[str, set[str]] = {}

    def entry(self) -> SeparationType:
        read, row = self._read, self._row
        name = read(row, "name", text_of)
        if not name:
            self._lost("name")
            self._warn("it has no name")
            name = f"Separation type {self._number}"
        labels = read(row, "outputs", choices_of) or {}
        group = read(row, "algorithm_group", object_of) or {}
        rating = read(row, "rating", object_of) or {}
        return SeparationType(
            sep_type=SepType(self._number),
            name=name,
            group=read(group, "name", text_of),
            outputs=tuple(labels.values()),
            output_labels=labels,
            orientation=read(row, "orientation", whole_of),
            price_coefficient=read(row, "price_coefficient", number_of),
            is_active=read(row, "is_active", flag_of),
            audio_widget=read(row, "audio_widget", text_of),
            algorithm_id=read(row, "id", whole_of),
            fields=self._fields(),
            known_from="server",
            stems=stems_of(name),
            usage=read(row, "usage", whole_of),
            rating=rating_of(rating),
            votes=read(rating, "total", whole_of),
            order=read(row, "order_id", whole_of),
            variants=read(row, "output_variants", variants_of) or (),
            descriptions=tuple(self._descriptions()),
            unread=frozenset(self._unread.get("", ())),
        )

    def _fields(self) -> tuple[OptionField, ...]:
        rows = self._read(self._row, "algorithm_fields", list_of)
        self._keys = option_keys(rows or ())
        fields: dict[str, OptionField] = {}
        for row in rows or ():
            key = row.get("name") if isinstance(row, dict) else None
            if not isinstance(key, str) or key in fields:
                self._warn("an option has no name, or one that is there twice")
            elif not is_option_key(key):  # it would be sent as that field of the form
                self._warn(f"{key!r:.40} is no field for an option")
            else:
                fields[key] = self._field(key, row)
        if rows is None or len(fields) < len(rows):
            self._lost("algorithm_fields")
        return tuple(fields.values())

    def _field(self, key: str, row: Mapping[str, Any]) -> OptionField:
        read = self._read
        choices = read(row, "options", choices_of, key)
        rules = read(row, "price_rules", rules_of, key)
        if rules is None:  # answers of 2024 have none, whatever the price
            self._lost("price_rules", key)
        for fact in ("text", "options"):
            if row.get(fact) is None:
                self._lost(fact, key)
        if "default_key" not in row:  # null says that it has no default
            self._lost("default_key", key)
        return OptionField(
            key=key,
            name=read(row, "text", text_of, key) or key,
            default=read(row, "default_key", choice_of, key),
            input_type=read(row, "input_type", text_of, key) or usual_input(choices),
            required=read(row, "required", flag_of, key),
            choices=choices or {},
            price_rules=rules or {},
            server_key=read(row, "server_key", text_of, key),
            conditions=tuple(self._conditions(key, row)),
            output_changes=read(row, "output_overrides", changes_of, key) or {},
            registered_only=read(row, "registered_only_keys", keys_of, key) or frozenset(),
            help_link=read(row, "help_link", text_of, key),
            unread=frozenset(self._unread.get(key, ())),
        )

    def _conditions(self, key: str, row: Mapping[str, Any]) -> Iterator[Condition]:
        for one in self._read(row, "conditions", list_of, key) or ():
            if condition := condition_of(one, self._keys):
                yield condition
            else:
                self._lost("conditions", key)
                self._warn(f"a condition of the option {key} can't be read")

    def _descriptions(self) -> Iterator[Description]:
        texts = self._read(self._row, "algorithm_descriptions", list_of)
        for one in texts or ():
            language = one.get("lang") if isinstance(one, dict) else None
            if isinstance(language, str):
                short, long = one.get("short_description"), one.get("long_description")
                yield Description(language, text_of(short) or "", text_of(long) or "")
        if not texts and (brief := text_of(self._row.get("description"))):
            yield Description("en", brief, "")

    def _read(
        self,
        row: Mapping[str, Any],
        key: str,
        how: Callable[[Any], _Value | None],
        option: str = "",
    ) -> _Value | None:
        """Read a value of a row; None where it is missing, null or unreadable."""
        raw = row.get(key)
        if raw is None:
            return None
        value = how(raw)
        if value is None:
            self._lost(key, option)
            of = f" of the option {option}" if option else ""
            self._warn(f"{key}{of} can't be read: {_shown(raw)}")
        return value

    def _lost(self, key: str, option: str = "") -> None:
        self._unread.setdefault(option, set()).add(key)

    def _warn(self, text: str) -> None:
        self._warnings.append(f"Type {self._number}: {text}.")


def usual_input(choices: Mapping[str, str] | None) -> str:
    """Return the input of an option that names none: text where it has no choices."""
    return "text" if choices is not None and not choices else "select"


def _shown(raw: object) -> str:
    try:
        return f"{reprlib.repr(raw):.60}"
    except ValueError:  # an integer of thousands of digits
        return f"a {type(raw).__name__}"


def rating_of(row: Mapping[str, Any]) -> float | None:
    """Read the average of a rating; None without votes, for which the service writes 0."""
    try:
        average = float(row.get("average") or 0)
    except (TypeError, ValueError, OverflowError):
        return None
    return average if math.isfinite(average) and whole_of(row.get("total")) else None


def text_of(value: Any) -> str | None:
    """Return a text; None for anything else."""
    return value if isinstance(value, str) else None


def list_of(value: Any) -> list[Any] | None:
    """Read a list, or JSON text of one."""
    value = decoded(value)
    return value if isinstance(value, list) else None


def object_of(value: Any) -> dict[str, Any] | None:
    """Read an object, or JSON text of one."""
    value = decoded(value)
    if value == []:  # how PHP writes an empty object
        return {}
    return value if isinstance(value, dict) else None


def decoded(value: Any) -> Any:
    """Decode JSON in a text; empty text is an empty object, and broken JSON is None."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None if value.strip() else {}


def choice_of(value: Any) -> str | None:
    """Read the key or label of a choice as text."""
    if type(value) is str:
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return str(value)
    except ValueError:  # an integer of thousands of digits
        return None


def choices_of(value: Any) -> dict[str, str] | None:
    """Read key to label from an object, a list (PHP's form of keys 0, 1, ...) or JSON text."""
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
    """Read keys of choices from a list, the keys of an object, or JSON text."""
    value = decoded(value)
    if not isinstance(value, list | dict):
        return None
    found = [choice_of(key) for key in value]
    return None if None in found else frozenset(key for key in found if key is not None)


def option_keys(rows: Iterable[Any]) -> dict[int, str]:
    """Read the form fields of a type's options, by the service's id of each."""
    named = [row for row in rows if isinstance(row, dict) and is_option_key(row.get("name"))]
    idents = [(whole_of(row.get("id")), row["name"]) for row in named]
    return {ident: key for ident, key in idents if ident is not None}


def condition_of(value: Any, keys: Mapping[int, str]) -> Condition | None:
    """Read a condition of an option, with the form fields of `option_keys`."""
    row = value if isinstance(value, dict) else {}
    depends_on = keys.get(whole_of(row.get("depends_on_field_id")) or -1)
    values = keys_of(row.get("value_json"))
    action, operator = text_of(row.get("action")), text_of(row.get("operator"))
    if not depends_on or values is None or not action or not operator:
        return None
    return Condition(depends_on, tuple(sorted(values)), action, operator)


def rules_of(value: Any) -> dict[str, str] | None:
    """Read choice to multiplier; None for any other kind of rule, or two for one choice."""
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
    """Read the stems that choices bring, by choice."""
    rows = object_of(value) if value is not None else {}
    changes = {}
    for key, row in (rows or {}).items():
        outputs = choices_of(row.get("outputs")) if isinstance(row, dict) else None
        if outputs is None or not text_of(row.get("mode")):
            return None
        changes[str(key)] = OutputChange(row["mode"], outputs)
    return None if rows is None else changes


def variants_of(value: Any) -> tuple[OutputVariant, ...] | None:
    """Read the stems listed for certain choices."""
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
