"""Adopting what is new in the official document: what is written, what is kept, what is left."""

import copy
import json

import pytest

from tests.openapi_documents import JSON
from tests.tools.scenes import FORM, KNOWN, OURS, RECORD, SPEC, UNCHANGED, adopted, answer, files
from tools import drift, stubs
from tools.adopt import run
from tools.files import as_json
from tools.operations import form_schema, operations

UNDESCRIBED = "The official document does not describe it."


def stub(official, path, method="get"):
    return adopted(official).contract["paths"][path][method]


# A new operation


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("get", "/api/app/stats", "app_stats"),
        ("post", "/api/app/stats/byMonth", "app_stats_by_month"),
        ("get", "/api/app/news/{newsId}", "app_news_by_news_id"),
        ("post", "/api/app/news", "app_post_news"),
        ("get", "/api/separation/peaks", "separation_peaks"),
        ("get", "/api/quality_checker/get-all", "quality_checker_get_all"),
        ("get", "/api/bonus", "account_bonus"),
        ("get", "/api/purchases/{id}", "account_purchases_by_id"),
        ("get", "/api/remix/start", "remix_start"),
        ("get", "/api/Re-Mix/start", "re_mix_start"),
        ("get", "/api/2fa/on", "account_get_2fa_on"),
        ("get", "/api/app/import", "app_get_import"),
        ("get", "/api/app/2fa", "app_get_2fa"),
        ("get", "/api/app", "app_app"),
        ("get", "/elsewhere", "account_elsewhere"),
        ("get", "/apiary/bees", "apiary_bees"),
    ],
)
def test_a_stub_is_named_by_its_path_under_the_tag_of_its_neighbours(official, method, path, name):
    official["paths"].setdefault(path, {})[method] = {}
    assert stub(official, path, method)["operationId"] == name


def test_a_post_keeps_its_parameters_where_the_official_document_has_them(official):
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    official["paths"]["/api/app/reset"] = {"post": {"parameters": [limit]}}
    operation = stub(official, "/api/app/reset", "post")
    assert [(each["in"], each["name"]) for each in operation["parameters"]] == [("query", "limit")]
    assert "requestBody" not in operation


def test_a_json_body_is_sent_as_a_form_which_is_accepted_with_the_reason(official):
    schema = {"properties": {"speed": {"type": "integer"}}}
    official["paths"]["/api/app/reset"] = {
        "post": {"requestBody": {"content": {JSON: {"schema": schema}}}}
    }
    found = adopted(official)
    operation = found.contract["paths"]["/api/app/reset"]["post"]
    assert list(operation["requestBody"]["content"]) == [FORM]
    reason = found.record.accepted["post /api/app/reset parameter json speed"]
    assert reason.startswith("Sent in the form")


# More of what is there


def test_what_becomes_deprecated_is_marked(official):
    news = official["paths"]["/api/app/news"]["get"]
    news["deprecated"] = news["parameters"][0]["deprecated"] = True
    found = adopted(official)
    written = found.contract["paths"]["/api/app/news"]["get"]
    assert (written["deprecated"], written["parameters"][0]["deprecated"]) == (True, True)
    assert found.left == []


def test_a_parameter_that_is_new_is_optional_though_the_official_document_requires_it(official):
    page = {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}
    official["paths"]["/api/app/news"]["get"]["parameters"].append(page)
    found = adopted(official)
    *_, added = found.contract["paths"]["/api/app/news"]["get"]["parameters"]
    assert (added["name"], added["required"]) == ("page", False)
    assert any("The official document requires it" in line for line in found.done)


def test_a_parameter_of_a_post_goes_into_its_form_and_no_other_form_changes(official):
    parameter = {"name": "minutes", "in": "query", "schema": {"type": "integer"}}
    official["paths"]["/api/app/enable_premium"]["post"]["parameters"] = [parameter]
    found = adopted(official)
    forms = {
        operation["operationId"]: list(form_schema(found.contract, operation)["properties"])
        for _, _, operation in operations(found.contract)
        if "requestBody" in operation
    }
    assert forms["app_enable_premium"] == ["minutes", "api_token"]
    assert forms["app_disable_premium"] == ["api_token"]
    body = found.contract["paths"]["/api/app/enable_premium"]["post"]["requestBody"]
    assert len({json.dumps(media["schema"]) for media in body["content"].values()}) == 1
    assert "post /api/app/enable_premium parameter query minutes" in found.record.accepted


def test_a_name_that_no_model_can_have_is_accepted_and_a_parameter_of_one_is_left_out(official):
    news = official["paths"]["/api/app/news"]["get"]
    item = news["responses"]["200"]["content"][JSON]["schema"]["items"]["properties"]
    item |= {name: {"type": "string"} for name in ("self", "Title", "NewsItem", "a b")}
    news["parameters"] += [{"name": "body", "in": "query"}, {"name": "session", "in": "cookie"}]
    found = adopted(official)
    assert found.contract == OURS
    assert [line.partition(". ")[0] for line in found.left] == [
        "GET /api/app/news: the parameter body (query) is new, and left out: "
        "it has a name that no argument can have",
        "GET /api/app/news: the parameter session (cookie) is new, and left out: "
        "it is a cookie, and our clients keep none",
    ]
    assert found.record.accepted.keys() - KNOWN.accepted.keys() == {
        *(f"get /api/app/news response 200 $[].{name}" for name in ("self", "Title", "NewsItem")),
        "get /api/app/news response 200 $[].a b",
    }


@pytest.mark.parametrize("path", ["/api/app/a b", "/api/app/{a}/{a}", "/api/app/x.{y}", "/", "/é"])
def test_a_path_that_no_client_can_be_generated_for_is_left_to_a_person(official, path):
    official["paths"][path] = {"get": {}}
    found = adopted(official)
    assert found.contract == OURS
    assert len(found.left) == 1


def test_a_header_of_a_post_is_left_to_a_person(official):
    header = {"name": "X-Reason", "in": "header"}
    official["paths"]["/api/app/enable_premium"]["post"]["parameters"] = [header]
    found = adopted(official)
    assert found.contract == OURS
    assert "the parameter X-Reason (header) is new" in "".join(found.left)


def test_models_that_differ_in_capitals_only_get_different_names(official):
    for path in ("/api/app/ab", "/api/app/a_b"):
        official["paths"][path] = {"get": {"responses": answer({"type": "object"})}}
    schemas = adopted(official).contract["components"]["schemas"]
    assert {"AppAbAnswer", "AppABAnswer2"} <= schemas.keys()


def test_what_would_act_upon_a_terminal_does_not_reach_the_contract(official):
    told = {"summary": "Reset\x1b[2J\n", "description": "One\n\x1b[2Jtwo."}
    official["paths"]["/api/app/reset"] = {"post": told}
    operation = stub(official, "/api/app/reset", "post")
    assert operation["summary"] == "Reset [2J"
    assert operation["description"].startswith("One [2Jtwo.\n\n")


def test_a_server_is_added_only_where_the_token_may_go(official):
    new = ["https://xx.mvsep.com", "http://yy.mvsep.com", "https://mvsep.com.example.net"]
    official["servers"] += [{"url": url} for url in [*new, "https://notmvsep.com"]]
    found = adopted(official)
    assert found.contract["servers"][:-1] == OURS["servers"]
    assert found.contract["servers"][-1]["url"] == "https://xx.mvsep.com"
    assert [line.split()[2] for line in found.left] == sorted([*new[1:], "https://notmvsep.com"])
    assert all("`make adopt` leaves it out" in line for line in found.left)


def test_what_is_different_is_left_to_a_person_and_stays_drift(project, official, source, capsys):
    official["paths"]["/api/app/news"]["get"]["parameters"][1]["schema"] = {"type": "string"}
    assert run(source(), project=project) == 1
    assert "Left to you: GET /api/app/news: the parameter start" in capsys.readouterr().out
    assert drift.run(source(), project=project) == 1
    assert files(project)[0] == UNCHANGED[0]


def test_what_is_gone_is_noted_and_kept(official):
    del official["paths"]["/api/app/demo"], official["paths"]["/api/credit_alert"]
    found = adopted(official)
    assert found.contract == OURS
    assert "get /api/app/demo" not in found.record.outline["operations"]
    # The accepted differences of an operation that is gone have nothing to accept.
    gone = KNOWN.accepted.keys() - found.record.accepted.keys()
    assert {subject.split(" parameter")[0] for subject in gone} == {"post /api/credit_alert"}
    assert any(line.startswith("The operation GET /api/app/demo is gone") for line in found.done)


# The command


def test_the_command_writes_both_files_and_a_second_time_nothing(project, official, source, capsys):
    official["paths"]["/api/app/stats"] = {"get": {"responses": answer({"type": "object"})}}
    assert run(source(), project=project) == 0
    assert "run `make regenerate`" in capsys.readouterr().out
    first = files(project)
    contract, record = (content.decode() for content in first)
    assert "app_stats" in contract
    assert "/api/app/stats" in record
    assert contract == as_json(json.loads(contract))
    # A diff of it shows the stub only: every line that was there still is, in the same order.
    lines = iter(contract.splitlines())
    missing = [line for line in SPEC.read_text(encoding="utf-8").splitlines() if line not in lines]
    assert [line.strip() for line in missing if line.strip() not in ("}", "]")] == []
    assert run(source(), project=project) == 0
    assert "Nothing new" in capsys.readouterr().out
    assert files(project) == first
    names = {path.name for path in project.contract.parent.iterdir()}
    assert names == {SPEC.name, RECORD.name}


@pytest.mark.parametrize("content", [b"<html>", b"{}", b""])
def test_nonsense_is_not_adopted_and_nothing_changes(project, source, capsys, content):
    assert run(source(content), project=project) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Could not adopt: ")
    assert files(project) == UNCHANGED


def test_a_contract_that_would_be_invalid_is_not_written(
    project, official, source, capsys, monkeypatch
):
    def nonsense(contract, operation, version):
        contract["paths"]["/api/app/stats"] = {"get": {"responses": {}}}

    monkeypatch.setattr(stubs, "write", nonsense)
    official["paths"]["/api/app/stats"] = {"get": {}}
    assert run(source(), project=project) == 2
    assert "is not a valid contract" in capsys.readouterr().err
    assert files(project) == UNCHANGED


def test_nothing_is_adopted_into_a_contract_that_is_invalid_already(project, source, capsys):
    broken = copy.deepcopy(OURS)
    del broken["paths"]["/api/app/news"]["get"]["tags"]
    project.contract.write_text(as_json(broken), encoding="utf-8")
    assert run(source(), project=project) == 2
    assert "/api/app/news" in capsys.readouterr().err
    assert project.contract.read_text(encoding="utf-8") == as_json(broken)
