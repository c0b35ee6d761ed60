"""The contract document keeps its own rules: complete, with evidence, with examples that fit."""

import json
import re
from typing import Any

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
OPERATIONS = {
    "separation_create": ("post", "/api/separation/create"),
    "separation_get": ("get", "/api/separation/get"),
    "separation_get_remote": ("get", "/api/separation/get-remote"),
    "separation_cancel": ("post", "/api/separation/cancel"),
    "separation_delete": ("post", "/api/separation/delete"),
    "app_algorithms": ("get", "/api/app/algorithms"),
    "app_news": ("get", "/api/app/news"),
    "app_queue": ("get", "/api/app/queue"),
    "app_queue_summary": ("get", "/api/app/queue/summary"),
    "app_demo": ("get", "/api/app/demo"),
    "app_login": ("post", "/api/app/login"),
    "app_register": ("post", "/api/app/register"),
    "app_user": ("get", "/api/app/user"),
    "app_separation_history": ("get", "/api/app/separation_history"),
    "app_enable_premium": ("post", "/api/app/enable_premium"),
    "app_disable_premium": ("post", "/api/app/disable_premium"),
    "app_enable_long_filenames": ("post", "/api/app/enable_long_filenames"),
    "app_disable_long_filenames": ("post", "/api/app/disable_long_filenames"),
    "quality_checker_queue": ("get", "/api/quality_checker/queue"),
    "quality_checker_leaderboard": ("get", "/api/quality_checker/leaderboard"),
    "quality_checker_add": ("post", "/api/quality_checker/add"),
    "quality_checker_entry": ("get", "/api/quality_checker/entry"),
    "quality_checker_delete": ("post", "/api/quality_checker/delete"),
    "account_purchases": ("get", "/api/purchases"),
    "account_credit_alert": ("get", "/api/credit_alert"),
    "account_set_credit_alert": ("post", "/api/credit_alert"),
}
# What the service's own document, version 1.1.1, offers: path, method, declared parameters.
OFFICIAL = [
    ("/api/app/enable_long_filenames", "post", ()),
    ("/api/app/enable_premium", "post", ()),
    ("/api/app/disable_premium", "post", ()),
    ("/api/app/user", "get", ("api_token",)),
    ("/api/app/disable_long_filenames", "post", ()),
    ("/api/app/separation_history", "get", ("api_token", "start", "limit")),
    ("/api/quality_checker/add", "post", ()),
    ("/api/quality_checker/delete", "post", ()),
    ("/api/app/algorithms", "get", ()),
    ("/api/app/register", "post", ()),
    ("/api/app/login", "post", ()),
    ("/api/separation/create", "post", ()),
    ("/api/separation/get", "get", ("hash",)),
    ("/api/app/news", "get", ("lang", "start", "limit")),
    ("/api/app/demo", "get", ()),
    ("/api/purchases", "get", ("api_token", "limit", "offset", "status")),
    ("/api/credit_alert", "get", ("api_token",)),
    ("/api/credit_alert", "post", ("api_token", "credit_threshold")),
]
EXAMPLES = [
    pytest.param(where, body["schema"], example, id=f"{where} {name}")
    for where, body in media()
    for name, example in body.get("examples", {}).items()
]


# --- complete ------------------------------------------------------------------------------------


def test_document_is_valid_openapi_3_1() -> None:
    assert DOC["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(DOC)


def test_document_holds_exactly_the_known_operations_and_adopted_ones_under_their_ids() -> None:
    found = [(o["operationId"], (m, p)) for p, m, o in listed() if "x-adopted" not in o]
    assert sorted(found) == sorted(OPERATIONS.items())


@pytest.mark.parametrize(("path", "method", "names"), OFFICIAL)
def test_every_operation_of_the_official_document_is_there(
    path: str, method: str, names: tuple[str, ...]
) -> None:
    operation = DOC["paths"][path][method]
    known = set(parameters(operation))
    if "requestBody" in operation:
        known |= resolve(forms()[operation["operationId"]]["schema"])["properties"].keys()
    assert set(names) <= known


def test_servers_are_the_official_ones_and_then_others_of_the_same_service() -> None:
    servers = [server["url"] for server in DOC["servers"]]
    assert all(re.fullmatch(r"https://([a-z0-9]+\.)?mvsep\.com", server) for server in servers)
    assert servers[:4] == [
        "https://mvsep.com",
        "https://de.mvsep.com",
        "https://de2.mvsep.com",
        "https://hk.mvsep.com",
    ]


def test_a_server_that_only_clients_name_says_so() -> None:
    (server,) = [each for each in DOC["servers"] if each["url"] == "https://sg.mvsep.com"]
    assert server["x-evidence"] == "observed"


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_operation_has_one_tag_an_id_from_it_and_words(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    (tag,) = operation["tags"]
    assert tag in {declared["name"] for declared in DOC["tags"]}
    assert re.fullmatch(rf"{tag}_[a-z0-9_]+", operation["operationId"])
    assert re.fullmatch(r"[A-Z][^\n]+[^.\n]", operation["summary"])
    assert operation["description"].endswith((".", '."'))


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_operation_answers_200_and_the_four_shared_errors(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    responses = operation["responses"]
    assert list(responses) == ["200", *ERRORS]
    for status, name in ERRORS.items():
        assert responses[status] == {"$ref": f"#/components/responses/{name}"}
    assert responses["200"]["content"][JSON]["examples"]


@pytest.mark.parametrize("name", ERRORS.values())
def test_shared_error_speaks_json_first_and_has_named_examples(name: str) -> None:
    content = COMPONENTS["responses"][name]["content"]
    assert next(iter(content)) == JSON
    assert content[JSON]["schema"] == {"$ref": "#/components/schemas/ErrorAnswer"}
    assert all(kind["examples"] for kind in content.values())


def test_error_examples_show_every_shape_the_service_was_seen_to_give() -> None:
    def values(name: str, kind: str = JSON) -> list[Any]:
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
def test_every_state_of_a_job_has_an_example(operation_id: str, status_schema: str) -> None:
    method, path = OPERATIONS[operation_id]
    examples = DOC["paths"][path][method]["responses"]["200"]["content"][JSON]["examples"]
    shown = {example["value"].get("status") for example in examples.values()} - {None}
    assert shown == set(SCHEMAS[status_schema]["enum"])


def test_finished_jobs_are_shown_without_files_and_with_both_kinds_of_size() -> None:
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
def test_operation_and_its_answer_say_how_firm_they_are(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    assert operation["x-evidence"] in EVIDENCE
    assert all(resolve(r)["x-evidence"] in EVIDENCE for r in operation["responses"].values())


def test_webhook_says_how_firm_it_is() -> None:
    for item in DOC["webhooks"].values():
        assert item["post"]["x-evidence"] == "inferred"
        assert all(r["x-evidence"] == "inferred" for r in item["post"]["responses"].values())


# --- examples ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("where", "schema", "example"), EXAMPLES)
def test_example_says_how_firm_it_is_and_fits_its_schema(
    where: str, schema: dict[str, Any], example: dict[str, Any]
) -> None:
    assert example["x-evidence"] in EVIDENCE
    assert example["summary"]
    assert errors_of(schema, example["value"]) == []


@pytest.mark.parametrize(("where", "schema", "example"), EXAMPLES)
def test_example_holds_only_invented_secrets(
    where: str, schema: dict[str, Any], example: dict[str, Any]
) -> None:
    text = json.dumps(example["value"])
    assert set(re.findall(r'"api_token": "([^"]*)"', text)) <= {"EXAMPLEexampleEXAMPLEexample00"}
    assert {mail.split("@")[1] for mail in re.findall(r"[\w.]+@[\w.]+", text)} <= {"example.com"}


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_parameter_is_described_and_its_example_fits(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    for parameter in parameters(operation).values():
        assert parameter["schema"]["description"]
        if "example" in parameter:
            assert errors_of(parameter["schema"], parameter["example"]) == []


@pytest.mark.parametrize("operation_id", forms())
def test_body_example_names_only_fields_that_exist(operation_id: str) -> None:
    form = forms()[operation_id]
    fields = resolve(form["schema"])["properties"].keys()
    for example in form.get("examples", {}).values():
        assert example["value"].keys() <= fields
