"""Faults of a request as a server finds them: as text, field by field.

A negative case of Schemathesis breaks a schema in Python: an integer as the text "7", a field
that nobody declared, an empty list. Written to the wire some of these are right again, or are
nothing at all. Here the request is read back, with Prism's own leniencies, each of which is a
row of quirks.toml.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import jsonschema

from contract_tests.harness.quirks import quirk
from contract_tests.harness.wire import Sent
from tools.operations import form_schema, resolve

_BASES: Final = {"x": 16, "o": 8, "b": 2}
_DECIMAL: Final = re.compile(r"[+-]?(Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)", re.ASCII)


def faults(contract: dict[str, Any], operation: dict[str, Any], sent: Sent) -> list[str]:
    """Return what a request breaks of an operation's contract."""
    quirk("prism-ignores-undeclared-fields")  # so only what is declared is looked at
    return [*_query_faults(contract, operation, sent), *_form_faults(contract, operation, sent)]


def kills_prism(sent: Sent) -> bool:
    """Return whether Prism would die of a request: of the name of one of its form fields."""
    quirk("prism-dies-of-field-names")
    return any(";" in part.name or _decoded(part.name) is None for part in sent.parts)


def is_read_otherwise(sent: Sent) -> bool:
    """Return whether Prism reads another text out of a form than was sent."""
    quirk("prism-decodes-form-texts")
    texts = [_text(part.content) for part in sent.parts if part.kind is None]
    return any(_decoded(text) not in {None, text} for text in texts)


def _query_faults(contract: dict[str, Any], operation: dict[str, Any], sent: Sent) -> Iterator[str]:
    quirk("prism-takes-empty-query-values-for-absent")
    for reference in operation.get("parameters", []):
        parameter = resolve(contract, reference)
        name = parameter["name"]
        values = [value for key, value in sent.query if key == name]
        if len(values) > 1:
            yield f"query {name}: given {len(values)} times"
        elif values and values[0]:
            yield from _value_faults(f"query {name}", values[0], parameter["schema"])
        elif parameter.get("required", False):
            yield f"query {name}: missing"


def _form_faults(contract: dict[str, Any], operation: dict[str, Any], sent: Sent) -> Iterator[str]:
    form = form_schema(contract, operation)
    quirk("prism-keeps-the-last-of-several-parts")
    last = {_decoded(part.name): part for part in sent.parts}
    for name, schema in form.get("properties", {}).items():
        if name in last:
            text = _text(last[name].content)
            decoded = _decoded(text)
            yield from _value_faults(f"form {name}", text if decoded is None else decoded, schema)
        elif name in form.get("required", []):
            yield f"form {name}: missing"


def _value_faults(place: str, text: str, schema: dict[str, Any]) -> Iterator[str]:
    value: object = text
    if schema["type"] == "integer":
        value = _integer(text)
        if value is None:
            yield f"{place}: no integer"
            return
    # Python's $ matches before a last line feed as well, JavaScript's does not.
    if "pattern" in schema:
        schema = {**schema, "pattern": re.sub(r"\$$", r"\\Z", schema["pattern"])}
    for error in jsonschema.Draft202012Validator(schema).iter_errors(value):
        yield f"{place}: {error.validator}"


def _integer(text: str) -> int | float | None:
    """Return the integer that JavaScript reads out of a text, or None."""
    quirk("prism-reads-numbers-as-javascript")
    trimmed = text.strip()
    if not trimmed:
        return 0 if text else None
    if based := re.fullmatch("0([xob])([0-9a-f]+)", trimmed.lower()):
        try:
            return int(based[2], _BASES[based[1]])
        except ValueError:
            return None
    if not _DECIMAL.fullmatch(trimmed):
        return None
    number = float(trimmed)
    return number if math.isinf(number) or number.is_integer() else None


def _decoded(text: str) -> str | None:
    """Decode a text as decodeURIComponent does; None where it fails."""
    if re.search("%(?![0-9a-fA-F]{2})", text):
        return None
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")
