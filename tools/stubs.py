"""Stubs in our contract for what the official document offers, to be completed by a person.

Pure. The generator takes a stub, and the contract's own rules allow it: answers are open and hold
plain types only, requests carry text, numbers and files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from keyword import iskeyword
from typing import Any

from tools.operations import operations
from tools.outline import Field, Operation
from tools.shapes import Shape

Schema = dict[str, Any]

FORM = "multipart/form-data"
EXAMPLE_TOKEN = "EXAMPLEexampleEXAMPLEexample00"  # noqa: S105  the contract's own invented one
TOKEN = {"type": "string", "minLength": 1, "pattern": "^[!-~]+$"}
ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "429": "TooManyRequests",
    "default": "ServerError",
}

_SCALARS = {"boolean", "integer", "number", "string", "null"}
_UNDESCRIBED = "The official document does not describe it."
# Names that the generated models use themselves.
_TAKEN = {
    *("d", "cls", "self", "src_dict", "from_dict", "to_dict", "to_multipart", "field_dict"),
    *("additional_properties", "additional_keys"),
}
# A name that the generated functions use themselves; `client` and `url` they step around.
_TAKEN_ARGUMENTS = {"body"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-\[\]]*")
_PATH = re.compile(r"(/[A-Za-z0-9._~\-]+|/\{[A-Za-z][A-Za-z0-9_]*\})+")


def holdable(name: str, others: Iterable[str] = (), model: str = "") -> bool:
    """Check that a generated model or method can have something of this name.

    Args:
        name: The name.
        others: The names beside it; two may not become the same in Python.
        model: The name of the model.
    """
    plain = _plain(name)
    taken = {*map(_plain, others), *map(_plain, _TAKEN), model.lower()}
    return _NAME.fullmatch(name) is not None and plain not in taken


def answer_schema(shape: Shape, model: str = "") -> Schema:
    """Return the schema of a part of an answer; leave open what no generated model could hold.

    Args:
        shape: The shape in the official document.
        model: The name of the model that it becomes.
    """
    told = {"description": shape.description} if shape.description else {}
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
        return {"type": words[0] if len(words) == 1 else words, **told}
    return told


def value_schema(field: Field) -> Schema:
    """Return the schema of one value of a request."""
    told = {"description": field.shape.description or _UNDESCRIBED}
    if field.name == "api_token":
        return {**TOKEN, "description": "The account's API token."}
    types = field.shape.types - {"null"}
    if types == {"binary"} and field.place in ("form", "json"):
        return {"type": "string", "format": "binary", **told}
    if types == {"boolean"}:
        return {"type": "integer", **told, "minimum": 0, "maximum": 1}
    if types in ({"integer"}, {"number"}):
        return {"type": next(iter(types)), **told}
    return {"type": "string", **told}


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


def writable(operation: Operation) -> bool:
    """Check that a stub of the operation can be written: its path has to be a plain one."""
    names = _placeholders(operation.path)
    return (
        _PATH.fullmatch(operation.path) is not None
        and operation.path != "/api"
        and len(names) == len(set(names))
        and all(holdable(name) and name not in _TAKEN_ARGUMENTS for name in names)
    )


def sendable(field: Field, others: Iterable[str] = ()) -> bool:
    """Check that a generated method can have an argument for a field.

    Args:
        field: The field.
        others: The names of its other arguments.
    """
    in_form = field.place in ("form", "json")
    plain = in_form or field.name.lower() not in _TAKEN_ARGUMENTS
    return plain and field.place not in ("path", "cookie") and holdable(field.name, others)


def write(contract: dict[str, Any], operation: Operation, version: str) -> str:
    """Write a stub of an operation into the contract.

    Args:
        contract: The contract; changed in place.
        operation: The operation of the official document.
        version: The official document's version.

    Returns:
        The operationId.
    """
    tag = _tag(contract, operation.path)
    name = _operation_id(contract, operation, tag)
    if tag not in {each["name"] for each in contract["tags"]}:
        text = "Adopted from the official document; to be described."
        contract["tags"].append({"name": tag, "description": text})
    stub = f"A stub made of the official document, version {version or 'unknown'}; to be completed."
    told = operation.description
    node: dict[str, Any] = {
        "tags": [tag],
        "operationId": name,
        "summary": _summary(operation),
        "description": f"{told}\n\n{stub}" if told else stub,
        "x-evidence": "documented",
        "x-adopted": version or "unknown",
    }
    kept = _kept(operation)
    parameters = [
        parameter(field, required=field.required)
        for field in kept
        if field.place not in ("form", "json")
    ]
    if parameters:
        node["parameters"] = parameters
    fields = [field for field in kept if field.place in ("form", "json")]
    if fields:
        node["requestBody"] = body(contract, name, fields)
    node["responses"] = {
        "200": _answer(contract, operation, name),
        **{
            status: {"$ref": f"#/components/responses/{response}"}
            for status, response in ERRORS.items()
        },
    }
    contract["paths"].setdefault(operation.path, {})[operation.method] = node
    return name


def body(contract: dict[str, Any], name: str, fields: Collection[Field]) -> dict[str, Any]:
    """Make the `requestBody` of the operation `name`: a form with some fields."""
    schema: Schema = {
        "type": "object",
        "description": "The fields that the official document names.",
        "required": [],
        "properties": {},
        "additionalProperties": False,
    }
    model = add_component(contract, f"{pascal(name)}Body", schema)
    media: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{model}"}}
    for field in fields:
        add_field(schema, media, field, required=field.required)
    return {"required": True, "content": {FORM: media}}


def add_field(schema: Schema, media: dict[str, Any], field: Field, *, required: bool) -> None:
    """Add a field to a form; the token stays the last."""
    properties: dict[str, Schema] = schema["properties"]
    token = properties.pop("api_token", None)
    value = properties[field.name] = value_schema(field)
    if token is not None:
        properties["api_token"] = token
    if required or field.name == "api_token":
        schema["required"] = [key for key in properties if key in {*schema["required"], field.name}]
    if value.get("format") == "binary":
        content = {"contentType": "application/octet-stream"}
        media.setdefault("encoding", {})[field.name] = content


def parameter(field: Field, *, required: bool) -> dict[str, Any]:
    """Make a parameter in the path, the query or a header."""
    if field.name == "api_token" and field.place == "query":
        token = "ApiToken" if required else "OptionalApiToken"
        return {"$ref": f"#/components/parameters/{token}"}
    schema = value_schema(field)
    items = field.shape.items
    if field.place == "query" and field.shape.types == {"array"} and items and items.types:
        inner = value_schema(Field("query", "", required, items))
        told = schema["description"]
        schema = {"type": "array", "description": told, "items": {"type": inner["type"]}}
    return {"name": field.name, "in": field.place, "required": required, "schema": schema}


def add_component(contract: dict[str, Any], wanted: str, schema: Schema) -> str:
    """Put a schema among the components, under the name wanted or one like it."""
    schemas = contract["components"]["schemas"]
    taken = {name.lower() for name in schemas}
    name, number = wanted, 2
    while name.lower() in taken:
        name, number = f"{wanted}{number}", number + 1
    schemas[name] = schema
    return name


def _kept(operation: Operation) -> list[Field]:
    """Return the fields of the stub's request: those that a generated method can take."""
    text = Shape(frozenset({"string"}))
    kept = [
        operation.fields.get(f"path {name}", Field("path", name, True, text))
        for name in _placeholders(operation.path)
    ]
    for field in operation.fields.values():
        if sendable(field, [each.name for each in kept]):
            kept.append(field)
    return kept


def _answer(contract: dict[str, Any], operation: Operation, name: str) -> dict[str, Any]:
    given = {s: shape for s, shape in operation.responses.items() if s.startswith("2") and shape}
    shape = given.get("200", next(iter(given.values()), None))
    schema: Schema = {}
    if shape is not None:
        schema = answer_schema(shape, f"{pascal(name)}Answer")
    value = example(schema)
    if schema.get("type") == "object":
        schema = reference(contract, f"{pascal(name)}Answer", schema)
    elif schema.get("type") == "array" and schema["items"].get("type") == "object":
        model = f"{pascal(name)}Item"
        schema["items"] = reference(contract, model, schema["items"])
    evidence = "inferred" if shape is None else "documented"
    return {
        "description": "The answer, as far as the official document describes it.",
        "x-evidence": evidence,
        "headers": {
            "X-RateLimit-Limit": {"$ref": "#/components/headers/RateLimitLimit"},
            "X-RateLimit-Remaining": {"$ref": "#/components/headers/RateLimitRemaining"},
        },
        "content": {
            "application/json": {
                "schema": schema,
                "examples": {
                    "stub": {
                        "summary": "Made from the schema; never seen",
                        "x-evidence": "inferred",
                        "value": value,
                    }
                },
            }
        },
    }


def reference(contract: dict[str, Any], wanted: str, schema: Schema) -> Schema:
    """Put a schema among the components and return a `$ref` to it."""
    return {"$ref": f"#/components/schemas/{add_component(contract, wanted, schema)}"}


def _tag(contract: dict[str, Any], path: str) -> str:
    """Choose the tag by the path: the neighbours', its own, or `account` for a lone name."""
    first, *more = _segments(path)
    for _, known, operation in operations(contract):
        if _segments(known)[0] == first:
            return str(operation["tags"][0])
    return _snake(first) if more and _is_name(_snake(first)) else "account"


def _operation_id(contract: dict[str, Any], operation: Operation, tag: str) -> str:
    words = [
        f"by_{_snake(part)}" if part.startswith("{") else _snake(part)
        for part in _segments(operation.path)
    ]
    if words[0] == tag and len(words) > 1:
        words = words[1:]
    name = "_".join(filter(None, words))
    taken = {each["operationId"] for _, _, each in operations(contract)}
    wanted = [f"{tag}_{name}"] if _is_name(name) else []
    wanted += [f"{tag}_{operation.method}_{name}".rstrip("_")]
    wanted += [f"{wanted[-1]}_{number}" for number in range(2, len(taken) + 3)]
    return next(each for each in wanted if each not in taken)


def _segments(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return parts[1:] if parts[0] == "api" and len(parts) > 1 else parts


def _placeholders(path: str) -> list[str]:
    return re.findall(r"\{(.*?)\}", path)


def _is_name(text: str) -> bool:
    """Check that a facade can have a method or a tag of this name."""
    return text.isidentifier() and not iskeyword(text)


def _summary(operation: Operation) -> str:
    text = operation.summary.rstrip(" .")[:120].rstrip(" .")
    text = text[:1].upper() + text[1:]
    if re.fullmatch(r"[A-Z][^\n]+[^.\n]", text):
        return text
    return f"{operation.method.upper()} {operation.path}"


def _snake(text: str) -> str:
    text = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def pascal(name: str) -> str:
    """Return the start of the names of an operation's models."""
    return "".join(part.capitalize() for part in name.split("_"))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
