"""Stubs of answers, as the generated client can hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tools.facts import is_json
from tools.outline import Operation
from tools.shapes import Shape
from tools.stub_parts import Schema, holdable, pascal, reference, with_values

EXAMPLE_TOKEN = "EXAMPLEexampleEXAMPLEexample00"  # noqa: S105  the contract's own invented one
ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "429": "TooManyRequests",
    "default": "ServerError",
}

_SCALARS = {"boolean", "integer", "number", "string", "null"}
_SUCCESS = re.compile(r"2\d\d")
# These have no body, whatever a document says.
_EMPTY = {"204", "205"}


def answer_schema(shape: Shape, model: str = "") -> Schema:
    """Return the schema of a part of an answer; leave open what no generated model could hold.

    Args:
        shape: The shape in the official document.
        model: The name of the model that it becomes.
    """
    told: Schema = {"description": shape.description} if shape.description else {}
    if shape.deprecated:
        told["deprecated"] = True
    types = {"string" if name == "binary" else name for name in shape.types}
    if types == {"object"}:
        properties: dict[str, Schema] = {}
        for name, inner in shape.properties.items():
            if holdable(name, properties, model):
                properties[name] = answer_schema(inner)
        return {"type": "object", **told, **({"properties": properties} if properties else {})}
    if types == {"array"}:
        return {"type": "array", **told, "items": answer_schema(shape.items or Shape())}
    if types - {"null"} and types <= _SCALARS:
        words = shape.words.replace("binary", "string").split("|")
        return with_values({"type": words[0] if len(words) == 1 else words, **told}, shape)
    return told


def example(schema: Schema, name: str = "") -> Any:
    """Make a value that fits a schema of an answer."""
    types = schema.get("type", [])
    word = types if isinstance(types, str) else next(iter(types), None)
    if word == "object":
        parts = schema.get("properties", {}).items()
        return {key: example(inner, key) for key, inner in parts if "type" in inner}
    if word == "array":
        return [example(schema["items"])] if "type" in schema["items"] else []
    texts = {"api_token": EXAMPLE_TOKEN, "email": "user@example.com"}
    plain = {"boolean": True, "integer": 1, "number": 1.5, "string": texts.get(name, "text")}
    # Where nothing is said, the answer most of the operations give.
    return plain[word] if word else {"success": True}


def responses(contract: dict[str, Any], operation: Operation, name: str) -> dict[str, Any]:
    """Return the answers of an operation's stub: each success, and the errors of all operations."""
    errors = {status: {"$ref": f"#/components/responses/{name}"} for status, name in ERRORS.items()}
    return {**dict(_successes(contract, operation, name)), **errors}


def _successes(
    contract: dict[str, Any], operation: Operation, name: str
) -> Iterator[tuple[str, Schema]]:
    told = {status: status for status in operation.responses if _SUCCESS.fullmatch(status)}
    # "2XX" and an operation that says nothing of its answer are taken for the usual success.
    told = told or {"200": "2XX" if "2XX" in operation.responses else ""}
    for number, (status, key) in enumerate(sorted(told.items())):
        model = f"{pascal(name)}Answer{status if number else ''}"
        shape, kinds = operation.responses.get(key), operation.media.get(key, ())
        content: Schema = {}
        if operation.method != "head" and status not in _EMPTY:
            other = not any(map(is_json, kinds)) and kinds
            content = _plain(kinds[0]) if other else _json(contract, shape, model)
        yield (
            status,
            {
                "description": "The answer, as far as the official document describes it.",
                "x-evidence": "inferred" if shape is None and not kinds else "documented",
                "headers": {
                    "X-RateLimit-Limit": {"$ref": "#/components/headers/RateLimitLimit"},
                    "X-RateLimit-Remaining": {"$ref": "#/components/headers/RateLimitRemaining"},
                },
                **({"content": content} if content else {}),
            },
        )


def _plain(kind: str) -> Schema:
    """Return the content of an answer that is no JSON: a text, or the bytes of a file."""
    if kind.startswith("text/"):
        return {kind: {"schema": {"type": "string"}, "examples": _made("text")}}
    return {kind: {"schema": {"type": "string", "format": "binary"}}}


def _json(contract: dict[str, Any], shape: Shape | None, model: str) -> Schema:
    schema = answer_schema(shape, model) if shape is not None else {}
    value = example(schema)
    if schema.get("type") == "object":
        schema = reference(contract, model, schema)
    elif schema.get("type") == "array" and schema["items"].get("type") == "object":
        items = re.sub(r"Answer(\d*)$", r"Item\1", model)
        schema["items"] = reference(contract, items, schema["items"])
    return {"application/json": {"schema": schema, "examples": _made(value)}}


def _made(value: Any) -> Schema:
    summary = "Made from the schema; never seen"
    return {"stub": {"summary": summary, "x-evidence": "inferred", "value": value}}
