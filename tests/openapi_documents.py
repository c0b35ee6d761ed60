"""OpenAPI documents for tests: drawn at random, or rebuilt from an outline."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tools.comparison import steps
from tools.shapes import LIMITS

JSON = "application/json"
ODD_NAMES = ["d", "self", "a.b", "x[]", "$", 'q"', "", "é", "two words", "aB", "a_b", "class", "\n"]
NAMES = st.sampled_from(["id", "name", "data", "hash", *ODD_NAMES]) | st.text(max_size=5)
TYPES = ["string", "integer", "number", "boolean", "null", "object", "array", "style"]
FORMATS = ["style", "uri", "date-time", "utc-millisec", "binary"]
PATHS = [
    "/api/app/news",
    "/api/app/news/",
    "/api/app/news/{id}",
    "/api/app/v2/import",
    "/api/remix/start",
    "/api/remix/Some-Name/{a}/{b}",
    "/api/lone",
    "/elsewhere/x",
    "/api/app",
    "/",
    "/api/a b",
    "/api/credit_alert",
]
METHODS = ["get", "post", "put", "delete", "head"]
REFERENCES = st.sampled_from(["A", "B"]).map(lambda name: {"$ref": f"#/components/schemas/{name}"})


def _schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=2)
    objects = st.fixed_dictionaries(
        {"type": st.just("object"), "properties": st.dictionaries(NAMES, inner, max_size=3)},
        optional={"nullable": st.booleans(), "required": st.lists(NAMES, max_size=1)},
    )
    arrays = st.fixed_dictionaries({"type": st.just("array")}, optional={"items": inner})
    either = st.sampled_from(["oneOf", "anyOf", "allOf"])
    return objects | arrays | st.builds(lambda word, all_: {word: all_}, either, several)


PLAIN = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), max_size=2),
        "format": st.sampled_from(FORMATS),
        "nullable": st.booleans(),
        "description": st.text(max_size=8),
        "enum": st.sampled_from([["a", 1], ["en", "ru"], [1, 2.5, None, True]]),
        "default": st.just(0),
        "deprecated": st.booleans(),
        "minimum": st.integers(-1, 2),
        "maxLength": st.integers(-1, 9) | st.booleans(),
        "pattern": st.sampled_from(["^a+$", "(", 1]),
        "x-known-values": st.just([{"value": "a", "name": "A"}, {"name": "no value"}, "b"]),
    },
)
SCHEMAS = st.recursive(PLAIN | REFERENCES | st.booleans(), _schemas, max_leaves=5)
FIELDS = st.dictionaries(NAMES, SCHEMAS, max_size=2)
PARAMETERS = st.fixed_dictionaries(
    {"name": NAMES.filter(bool), "in": st.sampled_from(["query", "header", "cookie"])},
    optional={
        "schema": SCHEMAS,
        "required": st.booleans(),
        "description": st.text(max_size=8),
        "content": st.fixed_dictionaries({JSON: st.fixed_dictionaries({"schema": SCHEMAS})}),
        "style": st.sampled_from(["form", "deepObject", "simple", "pipeDelimited"]),
        "explode": st.booleans(),
        "deprecated": st.booleans(),
    },
)
FORM_BODIES = st.builds(
    lambda kind, fields, required: {
        "content": {
            kind: {"schema": {"type": "object", "properties": fields, "required": required}}
        }
    },
    st.sampled_from(["multipart/form-data", "application/x-www-form-urlencoded", JSON]),
    st.dictionaries(NAMES | st.just("api_token"), SCHEMAS, max_size=3),
    st.lists(NAMES, max_size=1),
)
BODIES = FORM_BODIES | st.builds(
    lambda kind, schema: {"content": {kind: {"schema": schema}}},
    st.sampled_from(["application/octet-stream", "text/plain", JSON]),
    SCHEMAS,
)
RESPONSES = st.dictionaries(
    st.sampled_from(["200", "201", "202", "204", "2XX", "400", "404", "default"]),
    st.just({"description": ""})
    | st.builds(
        lambda kind, schema: {"description": "", "content": {kind: {"schema": schema}}},
        st.sampled_from([JSON, JSON, JSON, "text/csv", "audio/wav", "application/octet-stream"]),
        SCHEMAS,
    ),
    max_size=2,
)
SCHEMES = {
    "token": {"type": "apiKey", "in": "query", "name": "api_token"},
    "bearer": {"type": "http", "scheme": "bearer"},
}
SECURITY = st.lists(
    st.dictionaries(st.sampled_from(sorted(SCHEMES)), st.just([]), max_size=2), max_size=2
)
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "summary": st.text(max_size=10),
        "description": st.text(max_size=10),
        "parameters": st.lists(PARAMETERS, max_size=3),
        "requestBody": BODIES,
        "responses": RESPONSES,
        "deprecated": st.booleans(),
        "security": SECURITY,
        "callbacks": st.builds(
            lambda body: {"done": {"{$request.body#/url}": {"post": {"requestBody": body}}}},
            BODIES,
        ),
    },
)
SERVERS = st.lists(
    st.sampled_from(["https://mvsep.com", "https://sg.mvsep.com", "https://{r}.mvsep.com", "/"]),
    max_size=3,
    unique=True,
).map(
    lambda urls: [
        {"url": url, "variables": {"r": {"enum": ["us", "jp"], "default": "us"}}} for url in urls
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A valid OpenAPI document with every oddity that the official one has, and more."""
    paths: dict[str, Any] = {}
    wanted = draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3))
    for path in {path.rstrip("/") or "/": path for path in wanted}.values():
        methods = draw(st.lists(st.sampled_from(METHODS), min_size=1, max_size=2, unique=True))
        paths[path] = {method: draw(OPERATIONS) for method in methods}
    return {
        "openapi": draw(st.sampled_from(["3.0.0", "3.0.3", "3.1.0", "3.1.1"])),
        "info": {"title": "MVSEP API", "version": draw(st.sampled_from(["1.1.1", "1.2.0", ""]))},
        "servers": draw(SERVERS),
        "paths": paths,
        "webhooks": {
            name: {"post": {"requestBody": {"content": {JSON: {"schema": draw(SCHEMAS)}}}}}
            for name in draw(st.sets(st.sampled_from(["job", "separation"])))
        },
        **draw(st.fixed_dictionaries({}, optional={"security": SECURITY})),
        "components": {
            "securitySchemes": SCHEMES,
            "schemas": {
                "A": {
                    "type": "object",
                    "properties": draw(st.dictionaries(NAMES, SCHEMAS, max_size=2)),
                },
                "B": {"items": {"properties": {"a": draw(REFERENCES)}}},
            },
        },
    }


def rebuilt(outline: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document that has an outline, as the official one writes such things."""
    document: dict[str, Any] = {
        "openapi": "3.0.0",
        "info": {"title": "MVSEP API", "version": outline["version"]},
        "servers": [{"url": url} for url in outline["servers"]],
        "paths": {},
        "webhooks": {
            name: {"post": {"requestBody": _content(_schema(parts, {}))}}
            for name, parts in outline.get("webhooks", {}).items()
        },
    }
    for key, operation in outline["operations"].items():
        method, path = key.split(" ", 1)
        node = _operation(document, operation, operation.get("facts", {}))
        document["paths"].setdefault(path, {})[method] = node
    return document


def _operation(
    document: dict[str, Any], operation: dict[str, Any], facts: dict[str, list[str]]
) -> dict[str, Any]:
    node: dict[str, Any] = {"summary": "", "responses": {}}
    required = operation.get("required", ())
    for key, words in operation["parameters"].items():
        place, name = key.split(" ", 1)
        schema = _typed({}, words, facts.get(key, ()))
        if place in ("form", "json"):
            kind = "multipart/form-data" if place == "form" else JSON
            body = node.setdefault("requestBody", _content({"required": []}, kind))
            body["content"][kind]["schema"].setdefault("properties", {})[name] = schema
            if key in required:
                body["content"][kind]["schema"]["required"].append(name)
        else:
            written = _written(facts.get(key, ()), schema)
            parameter = {"name": name, "in": place, "required": key in required, **written}
            node.setdefault("parameters", []).append(parameter)
    for status, parts in operation["responses"].items():
        node["responses"][status] = _content(_schema(parts, facts, f"{status} "))
    for fact in facts.get("", ()):
        _say(document, node, fact)
    return node


def _say(document: dict[str, Any], node: dict[str, Any], fact: str) -> None:
    """Put a fact of an operation into it."""
    word, _, rest = fact.partition(" ")
    if word == "deprecated":
        node["deprecated"] = True
    elif word == "answer":
        status, _, kind = rest.partition(" ")
        answer = node["responses"].setdefault(status, {"description": ""})
        if kind:
            answer.setdefault("content", {})[kind] = {"schema": {"type": "string"}}
    elif word == "body":
        kind, _, no_object = rest.partition(", ")
        body = node.setdefault("requestBody", _content({}, kind))
        (media,) = body["content"].values()
        # It may be an object as well, whose keys are parameters.
        media["schema"]["type"] = ["array", "object"] if no_object else "string"
    elif word == "security":
        ways = [way for way in rest.split(" + ") if way != "none"]
        schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
        for way in ways:
            schemes[way] = dict(zip(_scheme_words(way), way.split(), strict=True))
        node.setdefault("security", []).append({way: [] for way in ways})


def _scheme_words(way: str) -> list[str]:
    return ["type", "in", "name"] if way.startswith("apiKey") else ["type", "scheme"]


def _written(facts: Any, schema: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for word, _, rest in (fact.partition(" ") for fact in facts):
        if word == "explode":
            said["explode"] = rest == "true"
        elif word == "style":
            said["style"] = rest
        elif word == "written":
            return {"content": {rest.removeprefix("as "): {"schema": schema}}}
    return {**said, "schema": schema}


def _content(schema: dict[str, Any], kind: str = JSON) -> dict[str, Any]:
    return {"description": "", "content": {kind: {"schema": schema}}}


def _schema(parts: dict[str, str], facts: dict[str, list[str]], prefix: str = "") -> dict[str, Any]:
    root: dict[str, Any] = {}
    for path, words in parts.items():
        node = root
        for step in steps(path):
            if step is None:
                node = node.setdefault("items", {})
            else:
                node = node.setdefault("properties", {}).setdefault(step, {})
        _typed(node, words, facts.get(prefix + path, ()))
    return root


def _typed(schema: dict[str, Any], words: str, facts: Any) -> dict[str, Any]:
    """Write types and facts into a schema."""
    types = ["string" if word == "binary" else word for word in words.split("|")]
    if "null" in types and len(types) == 2:
        schema["nullable"] = True
        types.remove("null")
    if words != "any":
        schema["type"] = types[0] if len(types) == 1 else types
    if "binary" in words.split("|"):
        schema["format"] = "binary"
    for fact in facts:
        word, _, rest = fact.partition(" ")
        if word == "value":
            schema.setdefault("enum", []).append(json.loads(rest))
        elif word == "deprecated":
            schema["deprecated"] = True
        elif word in LIMITS:
            schema[word] = json.loads(rest)
    inner = [fact.removeprefix("item: ") for fact in facts if fact.startswith("item: ")]
    if inner:
        schema["items"] = _typed({}, "any", inner)
    return schema
