"""The shape of a JSON value: one small tree for every way OpenAPI writes a schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.known_values import KNOWN_VALUES

#: The types of a schema that names none: no claim at all.
ANY = frozenset[str]()

#: The words of a schema that say which values of a type may come.
LIMITS = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems"),
)

_DEPTH = 40
_NODES = 50_000
_JSON_TYPES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    dict: "object",
    list: "array",
    type(None): "null",
}
_JSON_NAMES = frozenset(_JSON_TYPES.values())


class NotOpenAPI(Exception):
    """A document that is no usable OpenAPI 3; the message is a sentence that says why."""


@dataclass(frozen=True)
class Shape:
    """The shape of a value.

    Args:
        types: JSON's own words for the types it may have; empty where any may come. A file's
            bytes are "binary".
        properties: The properties of an object that are named.
        items: The shape of an array's items; None where it is not known.
        description: Its description for people.
        values: The values that are named, by an enum or as known so far; null is a type.
        limits: The words of `LIMITS` that it has.
        deprecated: True if it is.
        required: The names of the properties that have to be there.
    """

    types: frozenset[str] = ANY
    properties: Mapping[str, Shape] = field(default_factory=dict)
    items: Shape | None = None
    description: str = ""
    values: tuple[Any, ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    deprecated: bool = False
    required: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """Its types as a text: "integer|null", or "any"."""
        return "|".join(sorted(self.types, key=lambda name: (name == "null", name))) or "any"

    def facts(self, *, with_limits: bool) -> Iterator[str]:
        """Yield what is said of the value beside its types, each as a text."""
        if self.deprecated:
            yield "deprecated"
        yield from (f"value {json.dumps(value)}" for value in self.values)
        if with_limits:
            yield from (f"{word} {json.dumps(limit)}" for word, limit in self.limits.items())


def paths(shape: Shape, place: str = "$") -> Iterator[tuple[str, Shape]]:
    """Yield every part of a shape with its path, such as `$.data[].id`; the whole first."""
    yield place, shape
    for name, inner in shape.properties.items():
        yield from paths(inner, below(place, name))
    if shape.items is not None:
        yield from paths(shape.items, f"{place}[]")


def below(place: str, name: str) -> str:
    """Return the path of a property; quote a name that could be read as several steps."""
    if not name or any(character in name for character in '.[]"$') or not name.isprintable():
        name = '"' + name.encode("unicode_escape").decode().replace('"', '\\"') + '"'
    return f"{place}.{name}"


class Reader:
    """A reader of one document's schemas, which stops at one that is meant to do harm.

    Args:
        document: The whole OpenAPI document.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._nodes = 0

    def resolve(self, node: Any, where: str) -> dict[str, Any]:
        """Return an object of the document; follow its local `$ref`, if it is one.

        Raises:
            NotOpenAPI: When it is no object, or a reference that leads nowhere or outside.
        """
        seen = set()
        while isinstance(node, dict) and "$ref" in node:
            reference = node["$ref"]
            if not isinstance(reference, str) or not reference.startswith("#/"):
                raise NotOpenAPI(f"{where} refers to {reference!r:.80}, outside the document")
            if reference in seen:
                raise NotOpenAPI(f"{where} refers to itself")
            seen.add(reference)
            node = self._target(reference, where)
        if not isinstance(node, dict):
            raise NotOpenAPI(f"{where} should be an object, not {_word(node)}")
        return node

    def _target(self, reference: str, where: str) -> Any:
        target: Any = self.document
        for step in reference.removeprefix("#/").split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(target, dict) or key not in target:
                raise NotOpenAPI(f"{where} refers to {reference!r:.80}, which is not there")
            target = target[key]
        return target

    def shape(self, schema: Any, where: str, above: tuple[int, ...] = ()) -> Shape:
        """Return the shape of a schema; one that contains itself is cut where it does.

        Raises:
            NotOpenAPI: When it is no schema, or one too deep or too large to be honest.
        """
        self._nodes += 1
        if self._nodes > _NODES:
            raise NotOpenAPI(f"the schemas hold more than {_NODES:,} parts")
        if len(above) > _DEPTH:
            raise NotOpenAPI(f"{where} is nested deeper than {_DEPTH} levels")
        if isinstance(schema, bool):
            return Shape()
        schema = self.resolve(schema, where)
        if id(schema) in above:
            return Shape()
        above = (*above, id(schema))

        found = Shape(
            self._types(schema, where),
            {
                name: self.shape(inner, below(where, name), above)
                for name, inner in object_at(schema, "properties", where).items()
            },
            self.shape(schema["items"], f"{where}[]", above) if "items" in schema else None,
            _text(schema.get("description")),
            _values(schema, where),
            {word: schema[word] for word in LIMITS if word in schema},
            schema.get("deprecated") is True,
            _names(schema.get("required")),
        )
        for part in list_at(schema, "allOf", where):
            found = _both(found, self.shape(part, where, above))
        for word in ("oneOf", "anyOf"):
            variants = [self.shape(part, where, above) for part in list_at(schema, word, where)]
            if variants:
                either = variants[0]
                for variant in variants[1:]:
                    either = _either(either, variant)
                found = _both(found, either)
        return found

    def _types(self, schema: dict[str, Any], where: str) -> frozenset[str]:
        words = schema.get("type")
        named = [words] if isinstance(words, str) else [] if words is None else words
        if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
            raise NotOpenAPI(f"the type of {where} is {_word(words)}")
        types = frozenset(named)
        if not types:
            values = [schema["const"]] if "const" in schema else list_at(schema, "enum", where)
            types = frozenset(_JSON_TYPES[type(value)] for value in values)
        if not types and "properties" in schema:
            types = frozenset({"object"})
        if not types and "items" in schema:
            types = frozenset({"array"})
        if "number" in types:
            types -= {"integer"}
        if types and schema.get("nullable") is True:
            types |= {"null"}
        if "string" in types and _is_binary(schema):
            types = types - {"string"} | {"binary"}
        # A word that is none of JSON's says nothing that could be held against our contract.
        return types if types <= _JSON_NAMES | {"binary"} else ANY


def _both(one: Shape, two: Shape) -> Shape:
    """Return the shape of a value that fits both schemas."""
    return Shape(
        one.types & two.types or one.types or two.types,
        _merged(one, two, _both),
        one.items if two.items is None else two.items if one.items is None else one.items,
        one.description or two.description,
        one.values or two.values,
        {**two.limits, **one.limits},
        one.deprecated or two.deprecated,
        one.required | two.required,
    )


def _either(one: Shape, two: Shape) -> Shape:
    """Return the shape of a value that fits one of two schemas."""
    items = [shape.items for shape in (one, two) if shape.items is not None]
    return Shape(
        one.types | two.types if one.types and two.types else ANY,
        _merged(one, two, _either),
        _either(*items) if len(items) == 2 else items[0] if items else None,
        one.description or two.description,
        # A set that grows is written as an enum or any text.
        (*one.values, *(value for value in two.values if value not in one.values)),
        required=one.required & two.required,
    )


def _merged(one: Shape, two: Shape, how: Any) -> dict[str, Shape]:
    merged = {**one.properties, **two.properties}
    for name in one.properties.keys() & two.properties.keys():
        merged[name] = how(one.properties[name], two.properties[name])
    return merged


def _values(schema: dict[str, Any], where: str) -> tuple[Any, ...]:
    named = [schema["const"]] if "const" in schema else list_at(schema, "enum", where)
    known = list_at(schema, KNOWN_VALUES, where)
    named = [
        *named,
        *(each["value"] for each in known if isinstance(each, dict) and "value" in each),
    ]
    plain = [value for value in named if isinstance(value, str | int | float)]
    return tuple(value for number, value in enumerate(plain) if value not in plain[:number])


def _is_binary(schema: dict[str, Any]) -> bool:
    media = schema.get("contentMediaType")
    return schema.get("format") == "binary" or media == "application/octet-stream"


def object_at(node: dict[str, Any], key: str, where: str) -> dict[str, Any]:
    """Return an object of a node, or an empty one.

    Raises:
        NotOpenAPI: When it is something else.
    """
    value = node.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise NotOpenAPI(f"`{key}` of {where} should be an object, not {_word(value)}")
    return value


def list_at(node: dict[str, Any], key: str, where: str) -> list[Any]:
    """Return a list of a node, or an empty one.

    Raises:
        NotOpenAPI: When it is something else.
    """
    value = node.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise NotOpenAPI(f"`{key}` of {where} should be a list, not {_word(value)}")
    return value


def _names(value: Any) -> frozenset[str]:
    names = value if isinstance(value, list) else []
    return frozenset(name for name in names if isinstance(name, str))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _word(value: Any) -> str:
    return _JSON_TYPES.get(type(value), type(value).__name__)
