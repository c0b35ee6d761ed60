"""What holds for adopting any document at all."""

import copy
import re

from hypothesis import given
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.openapi_documents import documents
from tests.tools.scenes import OURS
from tools.adopt import adopt
from tools.comparison import compare
from tools.operations import form_schema, operations, resolve
from tools.outline import read
from tools.record import Record
from tools.shapes import Shape
from tools.stub_answers import answer_schema, example

# A contract with the least that stubs rest on: the random ones are compared with it, for speed.
SMALL = {
    **{key: OURS[key] for key in ("openapi", "info", "servers", "tags", "components")},
    "paths": {key: OURS["paths"][key] for key in ("/api/app/news", "/api/credit_alert")},
}
NOTHING = Record("", {}, {"version": "", "servers": [], "operations": {}})


@given(documents())
def test_what_was_adopted_drifts_no_more_but_for_what_is_left_to_a_person(document):
    upstream = read(document)
    found = adopt(SMALL, NOTHING, upstream)
    record = found.record
    ours = read(found.contract).outline()
    remaining = compare(upstream.outline(), ours, record.outline, record.accepted)
    assert len(remaining) == len(found.left)
    assert all(any(each.about.words in line for line in found.left) for each in remaining)
    again = adopt(found.contract, record, upstream)
    assert (again.contract, again.record, again.done) == (found.contract, record, [])
    assert again.left == found.left


def keeps(before, after, place="$"):
    """Where a document lost or changed something; what was added does not count."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in after:
                return f"{place}.{key} is lost"
            if found := keeps(value, after[key], f"{place}.{key}"):
                return found
        return None
    if isinstance(before, list) and isinstance(after, list):
        return None if after[: len(before)] == before else f"{place} changed"
    return None if before == after else f"{place} changed"


@given(documents())
def test_adopting_only_adds(document):
    handed = copy.deepcopy(SMALL)
    grown = adopt(handed, NOTHING, read(document)).contract
    assert handed == SMALL
    # A field of a POST goes before the token, which stays last.
    forms = {"required", "properties"}
    assert keeps({**SMALL, "components": {}}, grown) is None
    for name, schema in SMALL["components"]["schemas"].items():
        after = grown["components"]["schemas"][name]
        assert keeps({k: v for k, v in schema.items() if k not in forms}, after) is None
        assert set(schema.get("required", ())) <= set(after.get("required", ()))
        assert keeps(schema.get("properties", {}), after.get("properties", {})) is None


@given(documents())
def test_every_stub_keeps_the_contracts_rules(document):
    contract = adopt(SMALL, NOTHING, read(document)).contract
    ids = [operation["operationId"] for _, _, operation in operations(contract)]
    assert len(ids) == len(set(ids))
    for _, path, operation in operations(contract):
        if "x-adopted" not in operation:
            continue
        (tag,) = operation["tags"]
        assert re.fullmatch(rf"{tag}_[a-z0-9_]+", operation["operationId"])
        assert re.fullmatch(r"[A-Z][^\n]+[^.\n]", operation["summary"])
        assert operation["description"].endswith("to be completed.")
        *successes, _, _, _, _ = operation["responses"]
        assert [*successes, "400", "401", "429", "default"] == list(operation["responses"])
        assert successes
        assert all(re.fullmatch(r"2\d\d", status) for status in successes)
        parameters = [resolve(contract, each) for each in operation.get("parameters", [])]
        assert {each["in"] for each in parameters} <= {"path", "query", "header"}
        in_path = [each["name"] for each in parameters if each["in"] == "path"]
        assert in_path == re.findall(r"\{(.*?)\}", path)
        form = form_schema(contract, operation).get("properties", {})
        for schema in [*form.values(), *(each["schema"] for each in parameters)]:
            assert schema["description"]
            known = [each["value"] for each in schema.get("x-known-values", [])]
            assert schema["description"].count("\n- `") == len(known)
            assert schema["type"] in ("string", "integer", "number", "array")
        assert "api_token" not in list(form)[:-1]


@given(documents())
def test_the_grown_contract_is_valid_openapi(document):
    # Validating takes long, so only what stubs rest on is there.
    names = ("Success", "ErrorAnswer", "NewsItem")
    schemas = {name: OURS["components"]["schemas"][name] for name in names}
    bare = {**SMALL, "components": {**SMALL["components"], "schemas": schemas}}
    bare["paths"] = {"/api/app/news": SMALL["paths"]["/api/app/news"]}
    contract = adopt(bare, NOTHING, read(document)).contract
    errors = [each.message for each in OpenAPIV31SpecValidator(contract).iter_errors()]
    assert errors == []


def test_an_answer_is_made_of_what_the_generated_models_hold():
    when = Shape(frozenset({"string"}), description="When.")
    shape = Shape(
        frozenset({"object"}),
        {
            "when": when,
            "from_dict": when,
            "isNew": Shape(frozenset({"boolean"})),
            "is_new": Shape(frozenset({"boolean"})),
            "maybe": Shape(frozenset({"object", "null"}), {"a": when}),
            "list": Shape(frozenset({"array"})),
            "either": Shape(frozenset({"integer", "null", "boolean"})),
            "any": Shape(),
            "null": Shape(frozenset({"null"})),
        },
    )
    assert answer_schema(shape) == {
        "type": "object",
        "properties": {
            "when": {"type": "string", "description": "When."},
            "isNew": {"type": "boolean"},
            "maybe": {},
            "list": {"type": "array", "items": {}},
            "either": {"type": ["boolean", "integer", "null"]},
            "any": {},
            "null": {},
        },
    }
    assert example(answer_schema(shape)) == {
        "when": "text",
        "isNew": True,
        "list": [],
        "either": True,
    }
