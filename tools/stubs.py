"""Stubs in our contract for what the official document offers, to be completed by a person.

Pure. The generator takes a stub, and the contract's own rules allow it: answers are open and hold
plain types only, requests carry text, numbers and files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from keyword import iskeyword
from typing import Any

from tools.operations import operations, token_place
from tools.outline import Field, Operation
from tools.shapes import Shape
from tools.stub_answers import responses
from tools.stub_parts import UNDESCRIBED, Schema, add_component, holdable, pascal, with_values

FORM = "multipart/form-data"
TOKEN = {"type": "string", "minLength": 1, "pattern": "^[!-~]+$"}

# A name that the generated functions use themselves; `client` and `url` they step around.
_TAKEN_ARGUMENTS = {"body"}
_PATH = re.compile(r"(/[A-Za-z0-9._~\-]+|/\{[A-Za-z][A-Za-z0-9_]*\})+/?")
# The words that limit a value, by its type.
_LIMITS = {
    "string": ("minLength", "maxLength", "pattern"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("minItems", "maxItems", "uniqueItems"),
}
_LIMITS["number"] = _LIMITS["integer"]
# The way in which our clients prove who they are.
_OWN_SECURITY = {"security none", "security apiKey query api_token"}
_SENT = {"boolean", "integer", "number", "string", "null"}


def value_schema(field: Field) -> Schema:
    """Return the schema of one value of a request."""
    told: Schema = {"description": field.shape.description or UNDESCRIBED}
    if field.shape.deprecated and field.place in ("form", "json"):
        told["deprecated"] = True
    if field.name == "api_token":
        return {**TOKEN, "description": "The account's API token."}
    types = field.shape.types - {"null"}
    if types == {"binary"} and field.place in ("form", "json"):
        return {"type": "string", "format": "binary", **told}
    if types == {"boolean"}:
        return {"type": "integer", **told, "minimum": 0, "maximum": 1}
    word = next(iter(types)) if types in ({"integer"}, {"number"}) else "string"
    # The service reads an empty text as none at all.
    least = (
        {"minLength": 1} if word == "string" and field.required and not field.shape.values else {}
    )
    return with_values({"type": word, **told, **least, **_limits(field.shape, word)}, field.shape)


def _limits(shape: Shape, word: str) -> Schema:
    """Return the limits that OpenAPI 3.1 has in the same words; 3.0 has flags for some."""
    kept = {name: shape.limits[name] for name in _LIMITS[word] if name in shape.limits}
    return {name: limit for name, limit in kept.items() if _is_limit(name, limit)}


def _is_limit(name: str, limit: Any) -> bool:
    if name == "pattern":
        return isinstance(limit, str) and _compiles(limit)
    if name == "uniqueItems":
        return isinstance(limit, bool)
    if name.endswith(("Length", "Items")):
        return type(limit) is int and limit >= 0
    return type(limit) in (int, float) and (name != "multipleOf" or limit > 0)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def unwritable(operation: Operation) -> str:
    """Return why no stub of the operation can be written; "" where one can."""
    path, names = operation.path, _placeholders(operation.path)
    if (
        _PATH.fullmatch(path) is None
        or path.rstrip("/") == "/api"
        or len(names) != len(set(names))
        or not all(holdable(name) and name not in _TAKEN_ARGUMENTS for name in names)
    ):
        return "no method can be generated for its path"
    if bodies := [fact for fact in operation.facts if fact.startswith("body ")]:
        return f"its {bodies[0]} can't be sent yet"
    has_json = any(field.place == "json" for field in operation.fields.values())
    if has_json and operation.method != "post":  # PHP reads the form of a POST only
        return "its JSON can't be sent in a form, as that of a POST can"
    ways = {fact for fact in operation.facts if fact.startswith("security ")}
    if ways and not ways & _OWN_SECURITY:
        return (
            f"it wants {min(ways).removeprefix('security ')}, and our clients have only the token"
        )
    kept = {field.key for field in _kept(operation)}
    for field in operation.fields.values():
        if field.required and field.key not in kept and field.place != "path":
            return f"it requires {field.name}, which {unsendable(field) or 'has a name too many'}"
    return ""


def unsendable(field: Field, others: Iterable[str] = ()) -> str:
    """Return why a generated method can't have an argument for a field; "" where it can.

    Args:
        field: The field.
        others: The names of its other arguments.
    """
    in_form = field.place in ("form", "json")
    if field.place == "cookie":
        return "is a cookie, and our clients keep none"
    if field.written:
        return f"is a list or object written in its own way ({', '.join(field.written)})"
    if (not in_form and field.name.lower() in _TAKEN_ARGUMENTS) or not holdable(field.name, others):
        return "has a name that no argument can have"
    if not carries(field):
        return f"is {field.shape.words}, which can't be sent yet"
    return ""


def carries(field: Field) -> bool:
    """Check that a schema of ours can say what a field may hold."""
    types = field.shape.types
    if "binary" in types:
        return types <= {"binary", "null"} and field.place in ("form", "json")
    if types == {"array"} and field.place == "query":
        items = field.shape.items
        return items is None or items.types <= _SENT
    return types <= _SENT


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
        **({"deprecated": True} if "deprecated" in operation.facts else {}),
        "x-evidence": "documented",
        "x-adopted": version or "unknown",
        "security": [],
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
    node["responses"] = responses(contract, operation, name)
    node["security"] = security(contract, node)
    contract["paths"].setdefault(operation.path, {})[operation.method] = node
    return name


def security(contract: dict[str, Any], node: dict[str, Any]) -> list[dict[str, list[str]]]:
    """Return the `security` of an operation: the token where it has one; a form holds it itself."""
    place, required = token_place(contract, node)
    if place is None:
        return []
    return [{"ApiToken": []}] if place == "query" and required else [{}, {"ApiToken": []}]


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
    return {"required": bool(schema["required"]), "content": {FORM: media}}


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
        kept = {"type": "array", "description": schema["description"], "items": inner}
        schema = {**kept, **_limits(field.shape, "array")}
    told = schema["description"]
    deprecated = {"deprecated": True} if field.shape.deprecated else {}
    return {
        "name": field.name,
        "in": field.place,
        "required": required,
        "description": told,
        **deprecated,
        "schema": schema,
    }


def _kept(operation: Operation) -> list[Field]:
    """Return the fields of the stub's request: those that a generated method can take."""
    text = Shape(frozenset({"string"}))
    kept = [
        operation.fields.get(f"path {name}", Field("path", name, True, text))
        for name in _placeholders(operation.path)
    ]
    for field in operation.fields.values():
        if field.place != "path" and not unsendable(field, [each.name for each in kept]):
            kept.append(field)
    names = {field.name for field in kept}
    if "security apiKey query api_token" in operation.facts and "api_token" not in names:
        kept.append(Field("query", "api_token", "security none" not in operation.facts, text))
    return kept


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
