"""The contract document keeps its own rules: complete, with evidence, with examples that fit."""

import json
import re

import openapi_spec_validator
import pytest

from contract_tests.harness.document import (
    ALL,
    COMPONENTS,
    DOC,
    JSON,
    SCHEMAS,
    errors_of,
    forms,
    listed,
    media,
    parameters,
    resolve,
)

EVIDENCE = {"captured", "observed", "documented", "inferred"}
ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "429": "TooManyRequests",
    "default": "ServerError",
}
EXAMPLES = [
    pytest.param(where, body["schema"], example, id=f"{where} {name}")
    for where, body in media()
    for name, example in body.get("examples", {}).items()
]


# --- complete ------------------------------------------------------------------------------------


def test_document_is_valid_openapi_3_1():
    assert DOC["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(DOC)


def test_servers_are_the_official_ones_and_then_others_of_the_same_service():
    servers = {server["url"]: server.get("x-evidence") for server in DOC["servers"]}
    assert all(re.fullmatch(r"https://([a-z0-9]+\.)?mvsep\.com", server) for server in servers)
    official = ("mvsep.com", "de.mvsep.com", "de2.mvsep.com", "hk.mvsep.com")
    assert list(servers)[:4] == [f"https://{host}" for host in official]
    assert servers["https://sg.mvsep.com"] == "observed"  # only clients name it


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_operation_has_one_tag_an_id_from_it_and_words(path, method, operation):
    (tag,) = operation["tags"]
    assert tag in {declared["name"] for declared in DOC["tags"]}
    assert re.fullmatch(rf"{tag}_[a-z0-9_]+", operation["operationId"])
    assert re.fullmatch(r"[A-Z][^\n]+[^.\n]", operation["summary"])
    assert operation["description"].endswith((".", '."'))


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_operation_answers_200_and_the_four_shared_errors(path, method, operation):
    responses = operation["responses"]
    assert list(responses) == ["200", *ERRORS]
    for status, name in ERRORS.items():
        assert responses[status] == {"$ref": f"#/components/responses/{name}"}
    assert responses["200"]["content"][JSON]["examples"]


@pytest.mark.parametrize("name", ERRORS.values())
def test_shared_error_speaks_json_first_and_has_named_examples(name):
    content = COMPONENTS["responses"][name]["content"]
    assert next(iter(content)) == JSON
    assert content[JSON]["schema"] == {"$ref": "#/components/schemas/ErrorAnswer"}
    assert all(kind["examples"] for kind in content.values())


def test_error_examples_show_every_shape_the_service_was_seen_to_give():
    def values(name, kind=JSON):
        examples = COMPONENTS["responses"][name]["content"][kind]["examples"]
        return [example["value"] for example in examples.values()]

    bad = values("BadRequest")
    assert {type(v["errors"]) for v in bad if "errors" in v} == {list, str, dict}
    assert {type(v["message"]) for v in bad if "message" in v} == {str, dict}
    assert any("message" in v.get("data", {}) for v in bad)
    assert {"message": "Unauthenticated."} in values("Unauthorized")
    for kind in ("text/html", "text/plain"):
        pages = " ".join(values("ServerError", kind))
        assert all(code in pages for code in ("413", "502", "503"))


@pytest.mark.parametrize(
    ("operation_id", "status_schema"),
    [("separation_get", "SeparationStatus"), ("separation_get_remote", "RemoteStatus")],
)
def test_every_state_of_a_job_has_an_example(operation_id, status_schema):
    (operation,) = [each for _, _, each in listed() if each["operationId"] == operation_id]
    examples = operation["responses"]["200"]["content"][JSON]["examples"]
    shown = {example["value"].get("status") for example in examples.values()} - {None}
    assert shown == set(SCHEMAS[status_schema]["enum"])


def test_finished_jobs_are_shown_without_files_and_with_both_kinds_of_size():
    content = DOC["paths"]["/api/separation/get"]["get"]["responses"]["200"]["content"]
    done = [
        e["value"]["data"]["files"]
        for e in content[JSON]["examples"].values()
        if e["value"].get("status") == "done"
    ]
    assert [] in done
    assert {type(f["bytes"]) for files in done for f in files if "bytes" in f} == {int, str}


# --- evidence ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_operation_and_its_answer_say_how_firm_they_are(path, method, operation):
    assert operation["x-evidence"] in EVIDENCE
    assert all(resolve(r)["x-evidence"] in EVIDENCE for r in operation["responses"].values())


def test_webhook_says_how_firm_it_is():
    for item in DOC["webhooks"].values():
        assert item["post"]["x-evidence"] == "inferred"
        assert all(r["x-evidence"] == "inferred" for r in item["post"]["responses"].values())


# --- examples ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("where", "schema", "example"), EXAMPLES)
def test_example_says_how_firm_it_is_and_fits_its_schema(where, schema, example):
    assert example["x-evidence"] in EVIDENCE
    assert example["summary"]
    assert errors_of(schema, example["value"]) == []


@pytest.mark.parametrize(("where", "schema", "example"), EXAMPLES)
def test_example_holds_only_invented_secrets(where, schema, example):
    text = json.dumps(example["value"])
    assert set(re.findall(r'"api_token": "([^"]*)"', text)) <= {"EXAMPLEexampleEXAMPLEexample00"}
    assert {mail.split("@")[1] for mail in re.findall(r"[\w.]+@[\w.]+", text)} <= {"example.com"}


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_parameter_is_described_and_its_example_fits(path, method, operation):
    for parameter in parameters(operation).values():
        assert parameter["schema"]["description"]
        if "example" in parameter:
            assert errors_of(parameter["schema"], parameter["example"]) == []


@pytest.mark.parametrize("operation_id", forms())
def test_body_example_names_only_fields_that_exist(operation_id):
    form = forms()[operation_id]
    fields = resolve(form["schema"])["properties"].keys()
    for example in form.get("examples", {}).values():
        assert example["value"].keys() <= fields
