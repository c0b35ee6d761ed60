"""The contract document, taken apart for the tests of its own rules."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
# Another document, such as the contract after `make adopt`, is held to the same rules.
SPEC = Path(os.environ.get("MVSEP_CONTRACT", ROOT / "spec" / "mvsep-openapi-spec.json"))
CATALOG = ROOT / "overlay" / "mvsep" / "data" / "catalog.json"
TEXT = SPEC.read_text(encoding="utf-8")
DOC: dict[str, Any] = json.loads(TEXT)
COMPONENTS: dict[str, dict[str, Any]] = DOC["components"]
SCHEMAS: dict[str, dict[str, Any]] = COMPONENTS["schemas"]
JSON, FORM = "application/json", "multipart/form-data"
URLENCODED = "application/x-www-form-urlencoded"


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """Follow a local reference to what it names; fails with KeyError if nothing is there."""
    while "$ref" in node:
        found: Any = DOC
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def listed() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOC["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def nodes(value: Any, where: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object of the document below `value`, but nothing inside example values."""
    if isinstance(value, dict):
        yield where, value
        skipped = set() if where.endswith("/properties") else {"value", "example", "x-known-values"}
        for key in value.keys() - skipped:
            yield from nodes(value[key], f"{where}/{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from nodes(inner, f"{where}/{number}")


def media() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every media type with a schema, with a name that tells a person where it stands."""
    for _, _, operation in listed():
        name = operation["operationId"]
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name} body {kind}", body
        for status, response in operation["responses"].items():
            for kind, answer in response.get("content", {}).items():
                yield f"{name} {status} {kind}", answer
    for name, response in COMPONENTS["responses"].items():
        for kind, answer in response["content"].items():
            yield f"{name} {kind}", answer
    for name, item in DOC["webhooks"].items():
        for kind, body in item["post"]["requestBody"]["content"].items():
            yield f"webhook {name} {kind}", body


def forms() -> dict[str, dict[str, Any]]:
    """Operation id to the form that the operation sends."""
    return {
        operation["operationId"]: operation["requestBody"]["content"][FORM]
        for _, _, operation in listed()
        if "requestBody" in operation
    }


def parameters(operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = [resolve(parameter) for parameter in operation.get("parameters", [])]
    return {parameter["name"]: parameter for parameter in found}


def errors_of(schema: dict[str, Any], value: Any) -> list[str]:
    rooted = {**schema, "components": COMPONENTS}
    return [e.message for e in Draft202012Validator(rooted).iter_errors(value)]


ALL = [pytest.param(p, m, o, id=o.get("operationId", f"{m} {p}")) for p, m, o in listed()]
REQUEST_SCHEMAS = sorted({f["schema"]["$ref"].rsplit("/", 1)[1] for f in forms().values()})
ANSWER_SCHEMAS = sorted(SCHEMAS.keys() - set(REQUEST_SCHEMAS))
REQUEST_PARTS = [pytest.param(SCHEMAS[name], id=name) for name in REQUEST_SCHEMAS] + [
    pytest.param(p["schema"], id=f"{o['operationId']} {p['name']}")
    for _, _, o in listed()
    for p in parameters(o).values()
]
