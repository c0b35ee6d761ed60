"""The check that what a command writes with --json fits the schema that the package has for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
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


def check_json(words: Sequence[str], out: str) -> None:
    """Check the one JSON object that a command wrote: its result, or its error."""
    told = json.loads(out)
    names = (f"{'-'.join(words[:count])}.json" for count in (2, 1))
    name = "error.json" if "error" in told and words[0] != "webhook" else _first(names)
    Draft202012Validator(_SCHEMAS[name], registry=_REGISTRY).validate(told)


def _first(names: Iterable[str]) -> str:
    """Return the schema of a command of a group, or of a command by itself."""
    return next(name for name in names if name in _SCHEMAS)
