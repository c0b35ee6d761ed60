"""Each generated model against its schema: the same fields, required or not, of the same types."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from contract_tests.harness.evidence import ContractBroken
from contract_tests.harness.facade import in_python
from mvsep_api.models import UserAnswer, UserData
from tools.known_values import closed
from tools.operations import resolve
from tools.regenerate import Project

CONTRACT = json.loads(Project().contract.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = closed(CONTRACT["components"]["schemas"])
PLAIN = {"integer": "int", "number": "float", "string": "str", "boolean": "bool", "null": "None"}


def inside(owner: str, key: str, schema: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Return the model's name and the schema of an object without a name; None for others.

    Our contract names every object; a stub of the official document may not.
    """
    name = owner + "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]", key))
    while schema.get("type") == "array":
        name, schema = f"{name}Item", schema["items"]
    return (name, schema) if "properties" in schema else None


def objects(name: str, schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the model of an object, and those of the objects without a name inside it."""
    if schema.get("type") == "object":
        yield name, schema
        for key, inner in schema.get("properties", {}).items():
            if found := inside(name, key, inner):
                yield from objects(*found)


OBJECTS = dict(sorted(found for item in SCHEMAS.items() for found in objects(*item)))
ENUMS = sorted(name for name, schema in SCHEMAS.items() if "enum" in schema)


def model(name: str) -> Any:
    """Return the class that a component schema became."""
    return getattr(importlib.import_module("mvsep_api.models"), name)


def fields(name: str) -> dict[str, attrs.Attribute[Any]]:
    """Return the model's fields by the contract's names: `hash` for the generator's `hash_`."""
    found = {field.name: field for field in attrs.fields(model(name))}
    found.pop("additional_properties", None)
    return {field.rstrip("_"): attribute for field, attribute in found.items()}


def types(owner: str, key: str, schema: dict[str, Any]) -> set[str]:
    """Return the Python types of a field's values, as the model's annotation names them."""
    reference = schema.get("$ref", "").rpartition("/")[2]
    if reference in OBJECTS or reference in ENUMS:
        return {reference}
    schema = resolve(CONTRACT, schema)
    if schema.get("format") == "binary":
        return {"File"}
    if schema.get("type") == "array":
        (item,) = types(owner, f"{key}_item", schema["items"])
        return {f"list[{item}]"}
    if found := inside(owner, key, schema):
        return {found[0]}
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return {PLAIN[kind] for kind in kinds} or {"Any"}


def broken(name: str, what: str) -> ContractBroken:
    return ContractBroken(what, blame="client", operation=f"model {name}")


@pytest.mark.parametrize("name", OBJECTS)
def test_a_model_has_the_fields_of_its_schema_and_no_others(name: str) -> None:
    wanted = {in_python(key) for key in OBJECTS[name].get("properties", {})}
    if wanted ^ fields(name).keys():
        raise broken(name, f"fields on one side only: {sorted(wanted ^ fields(name).keys())}")


@pytest.mark.parametrize("name", OBJECTS)
def test_a_models_fields_are_required_and_typed_as_in_its_schema(name: str) -> None:
    schema = OBJECTS[name]
    names = {in_python(key): key for key in schema.get("properties", {})}
    for known, field in fields(name).items():
        key = names[known]
        annotation = set(str(field.type).split(" | "))
        optional = {"Unset"} if key not in schema.get("required", ()) else set()
        wanted = types(name, key, schema["properties"][key]) | optional
        if annotation != wanted:
            raise broken(name, f"{key} is {field.type}, the contract says {sorted(wanted)}")


@pytest.mark.parametrize("name", ENUMS)
def test_an_enum_has_the_words_of_its_schema_and_keeps_others(name: str) -> None:
    enum = model(name)
    if {member.value for member in enum} != set(SCHEMAS[name]["enum"]):
        raise broken(name, f"its words are {[member.value for member in enum]}")
    if enum("a word not seen before").value != "a word not seen before":
        raise broken(name, "it does not keep an unknown word")


def test_there_are_objects_and_enums_to_compare() -> None:
    assert len(OBJECTS) > 40
    assert {"SeparationStatus", "RemoteStatus"} <= set(ENUMS)


@pytest.mark.parametrize(
    "pairs", [[["api_token", "email"]], [{"api_token": 1, "email": 2}], ["ab"], ["ab", "cd"], "ab"]
)
def test_a_list_of_pairs_is_no_object(pairs: Any) -> None:
    with pytest.raises(TypeError):
        UserData.from_dict(pairs)
    with pytest.raises(TypeError):
        UserAnswer.from_dict({"success": True, "data": pairs})


def test_an_empty_list_is_an_empty_object_as_the_service_writes_one() -> None:
    assert UserAnswer.from_dict({"success": True, "data": []}).data == UserData()
