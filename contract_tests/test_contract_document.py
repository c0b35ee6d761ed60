"""The contract keeps its own rules: complete, with evidence, with examples that fit.

It is strict in requests and open in answers, and a client can be generated from it.
"""

import json
import re

import openapi_spec_validator
import pytest

from contract_tests.harness.document import (
    ALL,
    ANSWER_SCHEMAS,
    COMPONENTS,
    DOC,
    FORM,
    JSON,
    REQUEST_PARTS,
    REQUEST_SCHEMAS,
    SCHEMAS,
    TEXT,
    URLENCODED,
    errors_of,
    forms,
    listed,
    media,
    nodes,
    parameters,
    resolve,
)
from tools.known_values import listed as listed_values
from tools.operations import token_place

EVIDENCE = {"captured", "observed", "documented", "inferred"}
ERRORS = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "429": "TooManyRequests",
    "default": "ServerError",
}
TOKEN_SCHEMA = {"type": "string", "minLength": 1, "pattern": "^[!-~]+$"}
IDEMPOTENT = {"separation_cancel", "separation_delete", "account_set_credit_alert"} | {
    f"app_{verb}_{what}" for verb in ("enable", "disable") for what in ("premium", "long_filenames")
}
# Names that the generated models use themselves, so that a property of that name breaks them.
TAKEN_NAMES = {
    *("d", "cls", "self", "src_dict", "from_dict", "to_dict", "to_multipart", "field_dict"),
    *("additional_properties", "additional_keys", "UNSET"),
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
def test_operation_has_one_tag_an_id_from_it_words_and_says_how_firm_it_is(path, method, operation):
    (tag,) = operation["tags"]
    assert tag in {declared["name"] for declared in DOC["tags"]}
    assert re.fullmatch(rf"{tag}_[a-z0-9_]+", operation["operationId"])
    assert re.fullmatch(r"[A-Z][^\n]+[^.\n]", operation["summary"])
    assert operation["description"].endswith((".", '."'))
    assert operation["x-evidence"] in EVIDENCE
    assert all(resolve(r)["x-evidence"] in EVIDENCE for r in operation["responses"].values())


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_operation_answers_a_success_and_the_four_shared_errors(path, method, operation):
    responses = operation["responses"]
    successes = [status for status in responses if status.startswith("2")]
    assert list(responses) == [*successes, *ERRORS]
    for status, name in ERRORS.items():
        assert responses[status] == {"$ref": f"#/components/responses/{name}"}
    if "x-adopted" not in operation:  # a stub may answer with a file, or with nothing
        assert successes == ["200"]
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
    assert shown == {known["value"] for known in SCHEMAS[status_schema]["x-known-values"]}


def test_finished_jobs_are_shown_without_files_and_with_both_kinds_of_size():
    content = DOC["paths"]["/api/separation/get"]["get"]["responses"]["200"]["content"]
    done = [
        e["value"]["data"]["files"]
        for e in content[JSON]["examples"].values()
        if e["value"].get("status") == "done"
    ]
    assert [] in done
    assert {type(f["bytes"]) for files in done for f in files if "bytes" in f} == {int, str}


def test_webhook_says_how_firm_it_is_and_has_a_tag_that_no_call_has():
    # OpenAPI Generator makes one class of a tag's webhooks and one of its calls, in one file.
    of_calls = {operation["tags"][0] for _, _, operation in listed()}
    for item in DOC["webhooks"].values():
        assert item["post"]["x-evidence"] == "inferred"
        assert all(r["x-evidence"] == "inferred" for r in item["post"]["responses"].values())
        (tag,) = item["post"]["tags"]
        assert tag in {declared["name"] for declared in DOC["tags"]} - of_calls
        assert item["post"]["operationId"].startswith(f"{tag}_")


def test_document_says_whose_it_is_and_where_the_service_is_described():
    assert DOC["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    assert DOC["info"]["contact"]["url"] == "https://mvsep.com"
    assert DOC["externalDocs"]["url"] == "https://mvsep.com/full_api"


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
        # Each generator and each page reads it in one of the two places.
        assert parameter["description"] == parameter["schema"]["description"] != ""
        if "example" in parameter:
            assert errors_of(parameter["schema"], parameter["example"]) == []


@pytest.mark.parametrize("operation_id", forms())
def test_body_example_names_only_fields_that_exist(operation_id):
    form = forms()[operation_id]
    fields = resolve(form["schema"])["properties"].keys()
    for example in form.get("examples", {}).values():
        assert example["value"].keys() <= fields


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_a_form_has_examples_and_shows_a_file_if_it_takes_one(path, method, operation):
    form = forms().get(operation["operationId"])
    if form is None or "x-adopted" in operation:
        return
    files = form.get("encoding", {}).keys()
    shown = {name for example in form["examples"].values() for name in example["value"]}
    assert shown
    assert not files or files & shown


# --- requests: strict ----------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_only_posts_have_a_body_and_it_is_one_required_form(path, method, operation):
    if "x-adopted" not in operation:  # a stub has what the official document has, where it has it
        assert ("requestBody" in operation) == (method == "post")
        assert method != "post" or not operation.get("parameters")
    if "requestBody" in operation:
        wanted = resolve(operation["requestBody"]["content"][FORM]["schema"])["required"] != []
        assert operation["requestBody"]["required"] is wanted
        assert next(iter(operation["requestBody"]["content"])) == FORM


@pytest.mark.parametrize("operation_id", forms())
def test_a_form_that_needs_no_file_may_be_urlencoded_and_its_fields_count_in_the_query(
    operation_id,
):
    (operation,) = [each for _, _, each in listed() if each["operationId"] == operation_id]
    if "x-adopted" in operation:
        return
    body = operation["requestBody"]
    schema = body["content"][FORM]["schema"]
    needs_file = "zipfile" in resolve(schema)["required"]
    other = {} if needs_file else {URLENCODED: {"schema": schema}}
    assert {kind: form for kind, form in body["content"].items() if kind != FORM} == other
    assert "Fields count in the query of the request as well" in body["description"]


def test_dates_are_written_as_in_every_saved_answer():
    texts = re.findall(r'"([^"]*\d{4}-\d\d-\d\d[T ]\d\d:[^"]*)"', TEXT)
    dates = [text for text in texts if len(text) < 30]
    assert len(dates) > 50
    assert [date for date in dates if not re.fullmatch(r"[\d-]{10} \d\d:\d\d(:\d\d)?", date)] == []


def test_files_of_a_done_job_are_named_for_the_models_key_and_their_own():
    answer = DOC["paths"]["/api/separation/get"]["get"]["responses"]["200"]["content"][JSON]
    named = r"mixture_[a-z]+_mt_(\d+)_([a-z]+)\.mp3"
    for example in answer["examples"].values():
        data = example["value"].get("data") or {}
        files = data.get("files", [])
        found = [re.fullmatch(named, file["download"]) for file in files]
        assert all(found)
        assert len({match[1] for match in found if match}) <= 1
        for file, match in zip(files, found, strict=True):
            assert file["url"].endswith(f"-{file['download']}")
            assert file.get("type", match[2].capitalize()) == match[2].capitalize()


def test_separation_types_come_by_falling_group_and_then_by_their_order():
    answer = DOC["paths"]["/api/app/algorithms"]["get"]["responses"]["200"]["content"][JSON]
    for example in answer["examples"].values():
        order = [(-row["algorithm_group_id"], row["order_id"]) for row in example["value"]]
        assert order == sorted(order)


@pytest.mark.parametrize("name", REQUEST_SCHEMAS)
def test_request_body_is_closed_and_flat_and_ends_with_the_token(name):
    schema = SCHEMAS[name]
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) <= schema["properties"].keys()
    types = {field["type"] for field in schema["properties"].values()}
    assert types <= {"string", "integer", "number"}
    assert all(field["description"] for field in schema["properties"].values())
    if "api_token" in schema["properties"]:
        assert list(schema["properties"])[-1] == "api_token"
        assert "api_token" in schema["required"]


@pytest.mark.parametrize("schema", REQUEST_PARTS)
def test_request_sends_nothing_by_itself_and_takes_plain_values(schema):
    for where, node in nodes(schema):
        if where.endswith("/properties"):
            continue
        assert not node.keys() & {"default", "enum", "const", "nullable", "anyOf", "oneOf"}, where
        assert not isinstance(node.get("type"), list), where
        assert node.get("type") != "boolean", where


@pytest.mark.parametrize(("path", "method", "operation"), ALL)
def test_security_is_the_token_where_an_operation_takes_it(path, method, operation):
    (scheme,) = COMPONENTS["securitySchemes"].items()
    assert (scheme[0], scheme[1]["in"], scheme[1]["name"]) == ("ApiToken", "query", "api_token")
    place, required = token_place(DOC, operation)
    # A form holds the token itself, so nothing else has to carry it.
    others = [] if place == "query" and required else [{}]
    assert operation["security"] == ([*others, {"ApiToken": []}] if place else [])


def test_token_is_a_plain_strict_text_everywhere():
    places = [SCHEMAS[name]["properties"].get("api_token") for name in REQUEST_SCHEMAS]
    places += [parameters(o).get("api_token", {}).get("schema") for _, _, o in listed()]
    found = [place for place in places if place]
    assert found
    for place in found:
        assert {k: v for k, v in place.items() if k != "description"} == TOKEN_SCHEMA


@pytest.mark.parametrize("operation_id", forms())
def test_every_binary_field_and_no_other_has_its_content_type(operation_id):
    form = forms()[operation_id]
    fields = resolve(form["schema"])["properties"]
    binary = {name for name, field in fields.items() if field.get("format") == "binary"}
    kinds = {"zipfile": "application/zip"}  # of any other file the service finds out itself
    expected = {name: kinds.get(name, "application/octet-stream") for name in binary}
    assert {k: v["contentType"] for k, v in form.get("encoding", {}).items()} == expected


def test_marks_say_which_posts_may_be_sent_again_and_which_answers_are_states():
    again = {o["operationId"] for _, m, o in listed() if o.get("x-idempotent") is True}
    assert again == IDEMPOTENT
    assert not [o for _, _, o in listed() if o.get("x-idempotent", True) is not True]
    states = {o["operationId"]: o["x-answer"] for _, _, o in listed() if "x-answer" in o}
    assert states == {"separation_get": "state", "separation_get_remote": "state"}


def test_known_values_fit_their_schema_and_stand_in_its_description_where_a_page_shows_them():
    found = [node for _, node in nodes(DOC) if "x-known-values" in node]
    assert len(found) > 5
    for schema in found:
        values = [known["value"] for known in schema["x-known-values"]]
        assert len(values) == len(set(values))
        assert [v for v in values if errors_of(schema, v)] == []
        assert schema["description"] == listed_values(schema)
        assert schema["description"].count("\n- `") == len(values)


@pytest.mark.parametrize("name", ["SeparationStatus", "RemoteStatus"])
def test_a_status_may_be_a_word_that_is_not_known_yet(name):
    assert errors_of(SCHEMAS[name], "queued") == []


def test_ratings_of_an_entry_are_numbers_whatever_their_stem():
    entry = SCHEMAS["QualityEntry"]
    assert errors_of(entry, {"sdr_vocals": 8.3232, "sdr_new_stem": -1000}) == []
    assert errors_of(entry, {"sdr_vocals": "8.3232"}) != []


# --- answers: true to the server, and kept whole by the generated models -------------------------


@pytest.mark.parametrize("name", ANSWER_SCHEMAS)
def test_answer_is_open_and_keeps_to_shapes_the_generated_models_hold(name):
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
def test_property_names_can_be_held_by_a_generated_model(name):
    for where, node in nodes(SCHEMAS[name], name):
        if where.endswith("/properties"):
            assert not node.keys() & TAKEN_NAMES, where
            same = {key.replace("_", "") for key in node} & {name.lower()}
            assert not same, f"{where} holds a property with the model's own name"


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_does_not_contain_itself(name):
    def reach(start, above):
        assert start not in above, " > ".join((*above, start))
        for _, node in nodes(SCHEMAS[start]):
            if "$ref" in node:
                reach(node["$ref"].rsplit("/", 1)[1], (*above, start))

    reach(name, ())


def test_every_reference_leads_somewhere_and_every_component_is_used():
    used = {node["$ref"] for _, node in nodes(DOC) if "$ref" in node}
    assert all(resolve({"$ref": target}) for target in used)
    used |= {
        f"#/components/securitySchemes/{name}"
        for _, _, o in listed()
        for each in o["security"]
        for name in each
    }
    there = {f"#/components/{kind}/{name}" for kind, named in COMPONENTS.items() for name in named}
    assert used == there


def test_file_is_written_the_one_way_that_tools_write_it():
    assert json.dumps(DOC, indent=2, ensure_ascii=False) + "\n" == TEXT
