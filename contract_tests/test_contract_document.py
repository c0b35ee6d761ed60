"""The contract document keeps its own rules: complete, strict in requests, open in answers."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openapi_spec_validator
import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[1]
# Another document, such as the contract after `make adopt`, is held to the same rules.
SPEC = Path(os.environ.get("MVSEP_CONTRACT", ROOT / "spec" / "mvsep-openapi-spec.json"))
CATALOG = ROOT / "overlay" / "mvsep" / "data" / "catalog.json"

TEXT = SPEC.read_text(encoding="utf-8")
DOC: dict[str, Any] = json.loads(TEXT)
COMPONENTS: dict[str, dict[str, Any]] = DOC["components"]
SCHEMAS: dict[str, dict[str, Any]] = COMPONENTS["schemas"]

EVIDENCE = {"captured", "observed", "documented", "inferred"}
JSON, FORM = "application/json", "multipart/form-data"
TOKEN_SCHEMA = {"type": "string", "minLength": 1, "pattern": "^[!-~]+$"}
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
IDEMPOTENT = {"separation_cancel", "separation_delete", "account_set_credit_alert"} | {
    f"app_{verb}_{what}" for verb in ("enable", "disable") for what in ("premium", "long_filenames")
}
# Names that the generated models use themselves, so that a property of that name breaks them.
TAKEN_NAMES = {
    *("d", "cls", "self", "src_dict", "from_dict", "to_dict", "to_multipart", "field_dict"),
    *("additional_properties", "additional_keys", "UNSET"),
}


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
        for kind, answer in operation["responses"]["200"]["content"].items():
            yield f"{name} 200 {kind}", answer
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
EXAMPLES = [
    pytest.param(where, body["schema"], example, id=f"{where} {name}")
    for where, body in media()
    for name, example in body.get("examples", {}).items()
]
REQUEST_SCHEMAS = sorted({f["schema"]["$ref"].rsplit("/", 1)[1] for f in forms().values()})
ANSWER_SCHEMAS = sorted(SCHEMAS.keys() - set(REQUEST_SCHEMAS))
REQUEST_PARTS = [pytest.param(SCHEMAS[name], id=name) for name in REQUEST_SCHEMAS] + [
    pytest.param(p["schema"], id=f"{o['operationId']} {p['name']}")
    for _, _, o in listed()
    for p in parameters(o).values()
]


# --- complete ------------------------------------------------------------------------------------


def test_document_is_valid_openapi_3_1() -> None:
    assert DOC["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(DOC)


def test_document_holds_exactly_the_known_operations_and_adopted_ones_under_their_ids() -> None:
    found = [(o["operationId"], (m, p)) for p, m, o in listed() if "x-adopted" not in o]
    assert sorted(found) == sorted(OPERATIONS.items())
    assert len(found) == 26


@pytest.mark.parametrize(("path", "method", "names"), OFFICIAL)
def test_every_operation_of_the_official_document_is_there(
    path: str, method: str, names: tuple[str, ...]
) -> None:
    operation = DOC["paths"][path][method]
    known = set(parameters(operation))
    if "requestBody" in operation:
        known |= resolve(forms()[operation["operationId"]]["schema"])["properties"].keys()
    assert set(names) <= known


def test_servers_are_the_four_official_ones_and_adopted_ones_of_the_same_service() -> None:
    servers = [server["url"] for server in DOC["servers"]]
    assert all(re.fullmatch(r"https://([a-z0-9]+\.)?mvsep\.com", server) for server in servers)
    assert servers[:4] == [
        "https://mvsep.com",
        "https://de.mvsep.com",
        "https://de2.mvsep.com",
        "https://hk.mvsep.com",
    ]


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


# --- requests: strict ----------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_only_posts_have_a_body_and_it_is_one_required_form(
    path: str, method: str, operation: dict[str, Any]
) -> None:
    if "x-adopted" not in operation:  # a stub has what the official document has, where it has it
        assert ("requestBody" in operation) == (method == "post")
        assert method != "post" or not operation.get("parameters")
    if "requestBody" in operation:
        assert operation["requestBody"]["required"] is True
        assert list(operation["requestBody"]["content"]) == [FORM]


@pytest.mark.parametrize("name", REQUEST_SCHEMAS)
def test_request_body_is_closed_and_flat(name: str) -> None:
    schema = SCHEMAS[name]
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) <= schema["properties"].keys()
    types = {field["type"] for field in schema["properties"].values()}
    assert types <= {"string", "integer", "number"}
    assert all(field["description"] for field in schema["properties"].values())


@pytest.mark.parametrize("schema", REQUEST_PARTS)
def test_request_sends_nothing_by_itself_and_takes_plain_values(schema: dict[str, Any]) -> None:
    for where, node in nodes(schema):
        if where.endswith("/properties"):
            continue
        assert not node.keys() & {"default", "enum", "const", "nullable", "anyOf", "oneOf"}, where
        assert not isinstance(node.get("type"), list), where
        assert node.get("type") != "boolean", where


def test_token_is_a_plain_strict_text_everywhere_and_no_security_scheme_is_declared() -> None:
    places = [SCHEMAS[name]["properties"].get("api_token") for name in REQUEST_SCHEMAS]
    places += [parameters(o).get("api_token", {}).get("schema") for _, _, o in listed()]
    found = [place for place in places if place]
    assert found
    for place in found:
        assert {k: v for k, v in place.items() if k != "description"} == TOKEN_SCHEMA
    assert "securitySchemes" not in COMPONENTS
    assert not [where for where, node in nodes(DOC) if "security" in node]


@pytest.mark.parametrize("name", REQUEST_SCHEMAS)
def test_token_is_the_last_field_of_a_body_and_required(name: str) -> None:
    properties = list(SCHEMAS[name]["properties"])
    if "api_token" in properties:
        assert properties[-1] == "api_token"
        assert "api_token" in SCHEMAS[name]["required"]


@pytest.mark.parametrize("operation_id", forms())
def test_every_binary_field_and_no_other_has_a_content_type(operation_id: str) -> None:
    form = forms()[operation_id]
    fields = resolve(form["schema"])["properties"]
    binary = {name for name, field in fields.items() if field.get("format") == "binary"}
    assert {k for k, v in form.get("encoding", {}).items() if v["contentType"]} == binary


def test_marks_say_which_posts_may_be_sent_again_and_which_answers_are_states() -> None:
    again = {o["operationId"] for _, m, o in listed() if o.get("x-idempotent") is True}
    assert again == IDEMPOTENT
    assert not [o for _, _, o in listed() if o.get("x-idempotent", True) is not True]
    states = {o["operationId"]: o["x-answer"] for _, _, o in listed() if "x-answer" in o}
    assert states == {"separation_get": "state", "separation_get_remote": "state"}


def test_known_separation_types_are_those_of_the_catalogue() -> None:
    types = json.loads(CATALOG.read_text(encoding="utf-8"))["types"]
    known = SCHEMAS["SeparationCreateBody"]["properties"]["sep_type"]["x-known-values"]
    assert known == [{"value": t["sep_type"], "name": t["name"]} for t in types]


@pytest.mark.parametrize("schema", REQUEST_PARTS)
def test_known_values_fit_the_field_they_belong_to(schema: dict[str, Any]) -> None:
    for _, field in nodes(schema):
        values = [known["value"] for known in field.get("x-known-values", [])]
        assert len(values) == len(set(values))
        assert [v for v in values if errors_of(field, v)] == []


# --- answers: true to the server, and kept whole by the generated models -------------------------


@pytest.mark.parametrize("name", ANSWER_SCHEMAS)
def test_answer_is_open_and_keeps_to_shapes_the_generated_models_hold(name: str) -> None:
    for where, node in nodes(SCHEMAS[name], name):
        if where.endswith("/properties"):
            continue
        assert node.get("additionalProperties", True) is not False, where
        assert not node.keys() & {"format", "const", "anyOf", "oneOf", "default", "nullable"}, where
        kinds = node.get("type", [])
        if kinds == "array":
            assert "items" in node, where
        if isinstance(kinds, list):
            assert not {"array", "object"} & set(kinds), where
            assert "enum" not in node, where


@pytest.mark.parametrize("name", SCHEMAS)
def test_property_names_can_be_held_by_a_generated_model(name: str) -> None:
    for where, node in nodes(SCHEMAS[name], name):
        if where.endswith("/properties"):
            assert not node.keys() & TAKEN_NAMES, where
            same = {key.replace("_", "") for key in node} & {name.lower()}
            assert not same, f"{where} holds a property with the model's own name"


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_does_not_contain_itself(name: str) -> None:
    def reach(start: str, above: tuple[str, ...]) -> None:
        assert start not in above, " > ".join((*above, start))
        for _, node in nodes(SCHEMAS[start]):
            if "$ref" in node:
                reach(node["$ref"].rsplit("/", 1)[1], (*above, start))

    reach(name, ())


def test_every_reference_leads_somewhere_and_every_component_is_used() -> None:
    used = {node["$ref"] for _, node in nodes(DOC) if "$ref" in node}
    assert all(resolve({"$ref": target}) for target in used)
    there = {f"#/components/{kind}/{name}" for kind, named in COMPONENTS.items() for name in named}
    assert used == there


def test_file_is_written_the_one_way_that_tools_write_it() -> None:
    assert json.dumps(DOC, indent=2, ensure_ascii=False) + "\n" == TEXT
