"""The names in the contract are the service's: of fields in examples, of formats, sets and states.

A schema of an answer is open, so an example with a key that nobody knows fits it all the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from contract_tests.harness.document import DOC, ROOT, SCHEMAS, listed, media, parameters, resolve
from tools.operations import operations

EXAMPLES = [
    pytest.param(body["schema"], example, id=f"{where} {name}")
    for where, body in media()
    for name, example in body.get("examples", {}).items()
]


# Measures of many names, and the answers whose content nobody has seen.
UNTOLD = re.compile(r"(\.data)?\.sdr_\w+|\.data")


def known(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of an object's schema, through its parts."""
    schema = resolve(schema)
    found = dict(schema.get("properties", {}))
    for part in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(part, []):
            found.update(known(each))
    return found


def strange(schema: dict[str, Any], value: Any, where: str = "") -> Iterator[str]:
    """Yield the keys of an example that its schema does not know, where it knows any."""
    schema = resolve(schema)
    if isinstance(value, list):
        for each in value:
            yield from strange(schema.get("items", {}), each, where)
    if not isinstance(value, dict) or not (fields := known(schema)):
        return
    for key, inner in value.items():
        if key in fields:
            yield from strange(fields[key], inner, f"{where}.{key}")
        elif not UNTOLD.fullmatch(f"{where}.{key}"):
            yield f"{where}.{key}"


@pytest.mark.parametrize(("schema", "example"), EXAMPLES)
def test_an_example_has_no_key_that_its_schema_does_not_know(
    schema: dict[str, Any], example: dict[str, Any]
) -> None:
    assert list(strange(schema, example["value"])) == []


#: By the service's page and its answers: what a value means.
VALUES: dict[str, dict[Any, str]] = {
    "SeparationCreateBody.output_format": {
        0: "mp3 (320 kbps)",
        1: "wav (uncompressed, 16 bit)",
        2: "flac (lossless, 16 bit)",
        3: "m4a (lossy)",
        4: "wav (uncompressed, 32 bit)",
        5: "flac (lossless, 24 bit)",
    },
    "SeparationCreateBody.remote_type": {
        "direct": "Direct download",
        "mega": "MEGA",
        "drive": "Google Drive",
        "dropbox": "Dropbox",
    },
    "QualityCheckerAddBody.dataset_type": {
        "0": "Synth",
        "1": "Multi",
        "2": "Piano",
        "3": "Lead/Back vocals",
        "4": "Guitar",
    },
}
STATES = {
    "SeparationStatus": [
        *("waiting", "processing", "distributing", "merging", "converting"),
        *("done", "failed", "not_found"),
    ],
    "RemoteStatus": ["waiting", "processing", "done", "failed", "not_found"],
}


def named(field: dict[str, Any]) -> dict[Any, str]:
    return {each["value"]: each["name"] for each in field.get("x-known-values", [])}


@pytest.mark.parametrize("where", VALUES)
def test_a_value_has_the_name_that_the_service_gives_it(where: str) -> None:
    schema, _, field = where.partition(".")
    assert named(SCHEMAS[schema]["properties"][field]) == VALUES[where]


def shown(node: Any) -> set[str]:
    """Return the names of the schemas that a part of the contract shows, those within them too."""
    names, left = set[str](), [node]
    while left:
        new = {*re.findall('"#/components/schemas/([^"]+)"', json.dumps(left.pop()))} - names
        names |= new
        left += [SCHEMAS[name] for name in new]
    return names


def test_every_list_of_values_is_held_to_names() -> None:
    complete = [each for _, _, each in operations(DOC) if "x-adopted" not in each]
    listed_there = {
        f"{schema}.{name}"
        for schema in shown(complete)
        for name, field in SCHEMAS[schema].get("properties", {}).items()
        if "x-known-values" in field and "x-evidence" not in field  # a stub's field has that
    }
    assert listed_there == {*VALUES, "SeparationCreateBody.sep_type"}


def test_each_separation_type_has_its_name() -> None:
    catalogue = json.loads((ROOT / "overlay/mvsep/data/catalog.json").read_text("utf-8"))
    names = {row["sep_type"]: row["name"] for row in catalogue["types"]}
    told = named(SCHEMAS["SeparationCreateBody"]["properties"]["sep_type"])

    assert len(told) > 100
    assert {number: name for number, name in told.items() if names.get(number) != name} == {}


@pytest.mark.parametrize("name", STATES)
def test_the_states_are_the_services_words(name: str) -> None:
    schema = SCHEMAS[name]
    words = schema.get("enum") or [each["value"] for each in schema["x-known-values"]]
    assert words == STATES[name]


def test_pages_are_as_long_as_the_service_gives_them() -> None:
    found = {}
    for path, _, operation in listed():
        if limit := parameters(operation).get("limit"):
            found[path] = (limit["schema"]["minimum"], limit["schema"]["maximum"])

    assert found.pop("/api/purchases") == (1, 100)
    assert len(found) >= 5
    assert set(found.values()) == {(1, 20)}


#: What each kind of answer calls a job and its files; clients of the service read these.
FIELDS = {
    "SeparationCreatedData": {"link", "hash"},
    "SeparationFile": {"type", "url", "size", "bytes", "download", "image", "peaks"},
    "InputFile": {"url", "size", "download"},
    "SeparationData": {
        *("queue_count", "current_order", "message", "finished_chunks", "all_chunks"),
        *("hash", "algorithm", "algorithm_description", "output_format", "size", "tags"),
        *("input_file", "files", "date", "transcription"),
    },
    "HistoryItem": {
        *("id", "hash", "created_at", "updated_at", "job_exists", "credits", "time_left"),
        "algorithm",
    },
    "UserData": {
        *("name", "email", "api_token", "created_at", "updated_at", "premium_minutes"),
        *("premium_enabled", "long_filenames_enabled", "current_queue", "copy_metadata"),
    },
}


@pytest.mark.parametrize("name", FIELDS)
def test_an_answer_has_the_fields_that_were_seen(name: str) -> None:
    assert known(SCHEMAS[name]).keys() >= FIELDS[name]


#: An example of each of these shows these fields: who writes a client copies them.
SHOWN = {
    ("separation_create", "hash"): "data",
    ("separation_create", "link"): "data",
    ("separation_get", "url"): "files",
    ("separation_get", "download"): "files",
    ("separation_get", "type"): "files",
    ("separation_get_remote", "hash"): "data",
    ("app_user", "premium_minutes"): "data",
    ("app_separation_history", "hash"): "data",
    ("app_separation_history", "time_left"): "data",
    ("app_queue", "left"): "free_separations",
    ("quality_checker_add", "link"): "data",
    ("quality_checker_entry", "algo_name"): "data",
}


def objects(value: Any, key: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of an example, each with the key of it or its list."""
    if isinstance(value, dict):
        yield key, value
        for name, inner in value.items():
            yield from objects(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner, key)


@pytest.mark.parametrize(("operation_id", "field"), SHOWN)
def test_an_example_shows_the_field_where_the_service_puts_it(
    operation_id: str, field: str
) -> None:
    examples = [
        example["value"]
        for where, body in media()
        if where.startswith(f"{operation_id} 200")
        for example in body.get("examples", {}).values()
    ]
    parent = SHOWN[operation_id, field]
    shown = [each for example in examples for key, each in objects(example) if key == parent]

    assert any(field in each for each in shown)
