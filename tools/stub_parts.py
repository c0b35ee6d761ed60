"""Parts that stubs of requests and of answers share: names, known values, components."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from tools.console import one_line
from tools.known_values import KNOWN_VALUES, listed
from tools.shapes import Shape

Schema = dict[str, Any]

UNDESCRIBED = "The official document does not describe it."

# Names that the generated models use themselves.
_TAKEN = {
    *("d", "cls", "self", "src_dict", "from_dict", "to_dict", "to_multipart", "field_dict"),
    *("additional_properties", "additional_keys"),
}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-\[\]]*")
_PYTHON = {"boolean": bool, "integer": int, "number": int | float, "string": str}


def holdable(name: str, others: Iterable[str] = (), model: str = "") -> bool:
    """Check that a generated model or method can have something of this name.

    Args:
        name: The name.
        others: The names beside it; two may not become the same in Python.
        model: The name of the model.
    """
    own = plain(name)
    taken = {*map(plain, others), *map(plain, _TAKEN), model.lower()}
    return _NAME.fullmatch(name) is not None and own not in taken


def with_values(schema: Schema, shape: Shape) -> Schema:
    """Return a schema with the values that are named of a shape, as known so far."""
    words = schema.get("type", ())
    wanted = tuple(
        _PYTHON[word] for word in ([words] if isinstance(words, str) else words) if word in _PYTHON
    )
    values = [each for each in shape.values if any(_is(each, kind) for kind in wanted)]
    if not values:
        return schema
    known = [{"value": each, "name": one_line(str(each))} for each in values]
    told = schema.get("description", UNDESCRIBED)
    grown = {**schema, "description": told, KNOWN_VALUES: known}
    return {**grown, "description": listed(grown)}


def _is(value: Any, kind: Any) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def plain(name: str) -> str:
    """Return a name as far as two names differ in Python."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def pascal(name: str) -> str:
    """Return the start of the names of an operation's models."""
    return "".join(part.capitalize() for part in name.split("_"))


def add_component(contract: dict[str, Any], wanted: str, schema: Schema) -> str:
    """Put a schema among the components, under the name wanted or one like it."""
    schemas = contract["components"]["schemas"]
    taken = {name.lower() for name in schemas}
    name, number = wanted, 2
    while name.lower() in taken:
        name, number = f"{wanted}{number}", number + 1
    schemas[name] = schema
    return name


def reference(contract: dict[str, Any], wanted: str, schema: Schema) -> Schema:
    """Put a schema among the components and return a `$ref` to it."""
    return {"$ref": f"#/components/schemas/{add_component(contract, wanted, schema)}"}
