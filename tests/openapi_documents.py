"""OpenAPI documents for tests: drawn at random, or rebuilt from an outline."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tools.comparison import steps

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
METHODS = ["get", "post", "put", "delete"]
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
        "enum": st.just(["a", 1]),
        "default": st.just(0),
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
    },
)
BODIES = st.builds(
    lambda kind, fields, required: {
        "content": {
            kind: {"schema": {"type": "object", "properties": fields, "required": required}}
        }
    },
    st.sampled_from(["multipart/form-data", "application/x-www-form-urlencoded", JSON]),
    st.dictionaries(NAMES | st.just("api_token"), SCHEMAS, max_size=3),
    st.lists(NAMES, max_size=1),
)
RESPONSES = st.dictionaries(
    st.sampled_from(["200", "201", "2XX", "400", "404", "default"]),
    st.just({"description": ""})
    | SCHEMAS.map(lambda schema: {"description": "", "content": {JSON: {"schema": schema}}}),
    max_size=2,
)
OPERATIONS = st.fixed_dictionaries(
    {},
    optional={
        "summary": st.text(max_size=10),
        "description": st.text(max_size=10),
        "parameters": st.lists(PARAMETERS, max_size=3),
        "requestBody": BODIES,
        "responses": RESPONSES,
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
        "components": {
            "schemas": {
                "A": {
                    "type": "object",
                    "properties": draw(st.dictionaries(NAMES, SCHEMAS, max_size=2)),
                },
                "B": {"items": {"properties": {"a": draw(REFERENCES)}}},
            }
        },
    }


def rebuilt(outline: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document that has an outline, as the official one writes such things."""
    paths: dict[str, Any] = {}
    for key, operation in outline["operations"].items():
        method, path = key.split(" ", 1)
        node: dict[str, Any] = {"summary": "", "responses": {}}
        for name, words in operation["parameters"].items():
            place, bare = name.split(" ", 1)
            parameter = {"name": bare, "in": place, "schema": {"type": words}}
            node.setdefault("parameters", []).append(parameter)
        for status, parts in operation["responses"].items():
            schema = _schema(parts)
            node["responses"][status] = {"description": "", "content": {JSON: {"schema": schema}}}
        paths.setdefault(path, {})[method] = node
    return {
        "openapi": "3.0.0",
        "info": {"title": "MVSEP API", "version": outline["version"]},
        "servers": [{"url": url} for url in outline["servers"]],
        "paths": paths,
    }


def _schema(parts: dict[str, str]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for path, words in parts.items():
        node = root
        for step in steps(path):
            if step is None:
                node = node.setdefault("items", {})
            else:
                node = node.setdefault("properties", {}).setdefault(step, {})
        node.update({"nullable": True} if words == "any" else {"type": words})
    return root
