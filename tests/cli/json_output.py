"""The check that what a command writes with --json fits the schema that the package has for it."""

from __future__ import annotations

import json
from importlib.resources import files

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

_SCHEMAS = {
    each.name: json.loads(each.read_text(encoding="utf-8"))
    for each in files("mvsep.cli").joinpath("schemas").iterdir()
}
_REGISTRY: Registry[object] = Registry().with_resources(
    (name, Resource.from_contents(schema)) for name, schema in _SCHEMAS.items()
)


def _schema_of(command: str, told: dict[str, object]) -> str:
    """Return the schema of a command; of a group it is the one with these keys."""
    if f"{command}.json" in _SCHEMAS:
        return f"{command}.json"
    group = [name for name in _SCHEMAS if name.startswith(f"{command}-")]
    return next(name for name in group if set(_SCHEMAS[name]["required"]) == told.keys())


def check_json(command: str, out: str) -> None:
    """Check the one JSON object that a command wrote: its result, or its error."""
    told = json.loads(out)
    name = "error.json" if told.get("error") else _schema_of(command, told)
    Draft202012Validator(_SCHEMAS[name], registry=_REGISTRY).validate(told)


def check_json_lines(command: str, out: str) -> None:
    """Check the lines of a command: its events, and at last its result or its error."""
    schema = Draft202012Validator(_SCHEMAS[f"{command}-line.json"], registry=_REGISTRY)
    for line in out.splitlines():
        schema.validate(json.loads(line))
