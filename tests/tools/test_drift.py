"""Drift: what is said of the official document, and the exit code."""

import copy
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.openapi_documents import JSON, NAMES, documents, rebuilt
from tests.tools.scenes import CREATE, KNOWN, NEWS, RECORD, SPEC, STATE, fields, form, operation
from tools.comparison import compare, parent, steps
from tools.drift import run
from tools.outline import read
from tools.record import OFFICIAL, RecordError, read_record
from tools.regenerate import Project
from tools.shapes import below

EMPTY = {"version": "", "servers": [], "operations": {}}


# Nothing new


def test_the_official_document_as_it_was_last_compared_is_no_drift(drift, official):
    code, out, err = drift(official)
    assert (code, err) == (0, "")
    version = official["info"]["version"]
    assert out.startswith(f"The official document ({version}) against our contract: nothing new.\n")


def test_the_record_is_written_the_one_way_that_tools_write_it():
    assert KNOWN.document == OFFICIAL
    assert KNOWN.text() == RECORD.read_text(encoding="utf-8")


@given(documents())
def test_an_outline_is_plain_json_the_same_every_time_and_no_drift_from_itself(document):
    outline = read(document).outline()
    assert json.loads(json.dumps(outline)) == outline == read(copy.deepcopy(document)).outline()
    assert compare(outline, outline, outline, {}) == []


@given(st.lists(st.none() | NAMES | st.text(), max_size=6))
def test_a_path_leads_back_to_its_steps(names):
    path = "$"
    for name in names:
        above, path = path, f"{path}[]" if name is None else below(path, name)
        assert parent(path) == above
    assert steps(path) == names
    assert path.isprintable()


# New, different, changed, gone


FINDINGS = {
    "operation": (
        lambda it: it["paths"].update({"/api/app/stats/": {"get": {}}}),
        "GET /api/app/stats is new: `make adopt`",
    ),
    "method": (
        lambda it: it["paths"]["/api/app/user"].update(delete={}),
        "DELETE /api/app/user is new",
    ),
    "parameter": (
        lambda it: operation(it, NEWS)["parameters"].append(
            {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}
        ),
        "GET /api/app/news: the parameter page (query) is new (integer, required): `make",
    ),
    "parameter of the path": (
        lambda it: it["paths"]["/api/app/demo"].update(
            parameters=[{"name": "page", "in": "query"}]
        ),
        "GET /api/app/demo: the parameter page (query) is new (any)",
    ),
    "form field": (
        lambda it: operation(it, CREATE).update(requestBody=form(speed={})),
        "POST /api/separation/create: the parameter speed (form) is new",
    ),
    "field": (
        lambda it: fields(it, STATE, "data").update(
            eta={"type": "object", "properties": {"seconds": {"type": "integer"}}}
        ),
        "GET /api/separation/get: in the answer 200, $.data.eta is new (object): `make adopt`",
    ),
    "field of an error": (
        lambda it: operation(it, "get /api/app/user")["responses"].update(
            {"403": {"content": {JSON: {"schema": {"properties": {"code": {}}}}}}}
        ),
        "GET /api/app/user: in the answer 403, $.code is new",
    ),
    "server": (
        lambda it: it["servers"].append({"url": "https://xx.mvsep.com/"}),
        "The server https://xx.mvsep.com is new: `make adopt`",
    ),
    "field where we take anything": (
        lambda it: fields(it, "post /api/app/login", "message", status="400").update(
            captcha={"type": "string"}
        ),
        "$.message.captcha is described (string), where our contract takes any shape",
    ),
    "type of a parameter": (
        lambda it: operation(it, NEWS)["parameters"][1].update(schema={"type": "string"}),
        "the parameter start (query) is string in the official document and integer in our",
    ),
    "type of a field": (
        lambda it: fields(it, NEWS, None)["title"].update(type="object", properties={"en": {}}),
        "$[].title is object in the official document and string in our contract",
    ),
    "null": (
        lambda it: fields(it, NEWS, None)["title"].update(nullable=True),
        "$[].title is string|null in the official document and string in our contract",
    ),
    "place": (
        lambda it: operation(it, "post /api/app/enable_premium").update(
            parameters=[{"name": "api_token", "in": "query"}]
        ),
        "the parameter api_token (query) is in the form in our contract",
    ),
    "type that ours allows too": (
        lambda it: fields(it, "get /api/app/separation_history", "data", None)["job_exists"].update(
            type="integer"
        ),
        "$.data[].job_exists was boolean when last compared and is integer",
    ),
    "operation gone": (
        lambda it: it["paths"].pop("/api/app/demo"),
        "The operation GET /api/app/demo is gone from the official document",
    ),
    "parameter gone": (
        lambda it: operation(it, NEWS)["parameters"].pop(0),
        "GET /api/app/news: the parameter lang (query) is gone",
    ),
    "object gone": (lambda it: fields(it, STATE).pop("data"), "in the answer 200, $.data is gone"),
    "responses gone": (
        lambda it: operation(it, "post /api/quality_checker/delete").pop("responses"),
        "in the answer 200, $ is gone",
    ),
    "server gone": (lambda it: it["servers"].pop(0), "The server https://mvsep.com is gone"),
}


@pytest.mark.parametrize(("change", "said"), FINDINGS.values(), ids=FINDINGS)
def test_a_difference_is_one_finding_that_names_it_and_says_what_to_do(
    drift, official, change, said
):
    change(official)
    code, out, _ = drift(official)
    assert code == 1
    assert said in out
    assert out.count("\n- ") == 1


def test_what_the_official_document_has_of_ours_by_now_is_no_finding(drift, official):
    official["paths"]["/api/app/queue"] = {
        "get": {"parameters": [{"name": "api_token", "in": "query", "schema": {"type": "string"}}]}
    }
    code, out, _ = drift(official)
    assert code == 0
    assert "`make adopt` renews" in out


def as_bytes(it):
    # In an answer that was not there: a type that is another now would be a change.
    schema = {"items": {"properties": {"text": {"type": "string", "format": "binary"}}}}
    operation(it, NEWS)["responses"]["2XX"] = {"content": {JSON: {"schema": schema}}}


def with_our_security(it):
    scheme = {"type": "apiKey", "in": "query", "name": "api_token"}
    it["components"] = {"securitySchemes": {"key": scheme}}
    operation(it, "get /api/app/user")["security"] = [{"key": []}, {}]


SAME = {
    "a flag, which goes out as 0 or 1": lambda it: operation(it, CREATE).update(
        requestBody=form(is_demo={"type": "boolean", "nullable": True})
    ),
    "text of bytes in an answer": as_bytes,
    "the token as security": with_our_security,
    "an error that is described": lambda it: operation(it, NEWS)["responses"].update(
        {"403": {"content": {JSON: {"schema": {"properties": {"message": {}}}}}}}
    ),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_what_our_contract_has_in_its_own_way_is_no_finding(drift, official, change):
    change(official)
    assert drift(official)[0] == 0


def test_a_document_in_yaml_is_the_same(drift, official):
    official["info"]["version"] = "1.1"  # a number, if one lets YAML guess
    official["paths"]["/api/app/stats"] = {"get": {"responses": {"404": {"description": "no"}}}}
    # One object in two places is written as an alias.
    shared = {"description": "no"}
    official["paths"]["/api/app/stats"]["get"]["responses"] = {"404": shared, "410": shared}
    said = drift(official)
    assert said[0] == 1
    assert b"*id001" in yaml.safe_dump(official).encode()
    assert drift(yaml.safe_dump(official).encode()) == said


@given(documents())
def test_a_document_that_is_made_of_an_outline_has_it(document):
    outline = read(document).outline()
    assert compare(outline, read(rebuilt(outline)).outline(), EMPTY, {}) == []


@given(documents(), st.data())
def test_whatever_our_contract_lacks_is_found(document, data):
    outline = read(document).outline()
    ours = copy.deepcopy(outline)
    places = [(ours["operations"], key) for key in ours["operations"]]
    for each in ours["operations"].values():
        places += [(each["parameters"], name) for name in each["parameters"]]
        for parts in each["responses"].values():
            places += [(parts, path) for path in parts]
    places += [(ours["webhooks"], name) for name in ours["webhooks"]]
    table, key = data.draw(st.sampled_from(places))
    del table[key]
    findings = compare(outline, ours, EMPTY, {})
    assert findings
    assert all(key in each.subject or key in each.text for each in findings)
    # With each of them accepted, nothing is left to say.
    assert compare(outline, ours, EMPTY, {each.subject: "why" for each in findings}) == []


# Accepted, required


def test_an_accepted_difference_that_is_none_any_more_is_told(drift, official):
    del operation(official, "post /api/credit_alert")["parameters"][1:]
    code, out, _ = drift(official)
    assert code == 1
    assert "post /api/credit_alert parameter query credit_threshold: the accepted difference" in out


def test_a_parameter_that_becomes_required_is_told_unless_ours_is():
    document = {"paths": {"/api/app/x": {"get": {"parameters": [{"name": "q", "in": "query"}]}}}}
    document |= {"openapi": "3.1.0"}
    before = read(document).outline()
    document["paths"]["/api/app/x"]["get"]["parameters"][0]["required"] = True
    now = read(document).outline()
    (finding,) = compare(now, before, before, {})
    assert "the parameter q (query) is required now" in finding.text
    assert compare(now, now, before, {}) == []
    # What the record says nothing of is not held against the document.
    del before["operations"]["get /api/app/x"]["required"]
    assert compare(now, before, before, {}) == []


# For people, for machines, and our own files


def test_what_the_document_says_can_not_act_upon_the_terminal(drift, official):
    official["paths"]["/api/app/\x1b[2Jx\n::error::"] = {"get": {}}
    code, out, _ = drift(official)
    assert code == 1
    assert "\x1b" not in out
    assert "\\x1b[2Jx\\n::error::" in out


def test_json_for_machines_has_the_same_findings_and_the_exit_code(drift, official):
    official["paths"]["/api/app/stats"] = {"get": {}}
    code, out, _ = drift(official, "--json")
    said = json.loads(out)
    assert code == said["exit"] == 1
    (finding,) = said["reports"][0]["findings"]
    assert (finding["kind"], finding["subject"]) == ("new", "operation get /api/app/stats")
    code, out, _ = drift(b"<html>", "--json")
    said = json.loads(out)
    assert code == said["exit"] == 2
    assert "HTML" in said["failures"][0]


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.pop("accepted"),
        lambda it: it["accepted"][0].pop("reason"),
        lambda it: it["accepted"][0].update(reason=" "),
        lambda it: it["accepted"].append(it["accepted"][0]),
        lambda it: it["outline"].pop("servers"),
        lambda it: it["outline"]["servers"].append(1),
        lambda it: it["outline"]["operations"]["get /api/app/user"].pop("parameters"),
        lambda it: it.update(outline=[]),
        lambda it: it["outline"]["webhooks"].update(job={"$": 1}),
        lambda it: it["outline"]["operations"]["get /api/app/news"]["facts"][""].append(1),
    ],
)
def test_a_damaged_record_is_refused(tmp_path, change):
    content = json.loads(RECORD.read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / "upstream.json"
    path.write_text(json.dumps(content))
    with pytest.raises(RecordError, match=r"upstream\.json"):
        read_record(path)


def test_a_project_without_a_record_can_not_be_compared(tmp_path, capsys):
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / SPEC.name).write_bytes(SPEC.read_bytes())
    assert run(["--upstream", str(SPEC)], project=Project(tmp_path)) == 2
    assert "upstream.json" in capsys.readouterr().err
