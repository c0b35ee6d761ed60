"""The requests that the contract shows, sent to the fake server as they are."""

import json

import pytest

from mvsep.testing import render_song
from tools.operations import form_schema, operations, resolve
from tools.regenerate import Project

CONTRACT = json.loads(Project().contract.read_text(encoding="utf-8"))
FORMS = [
    pytest.param(path, form_schema(CONTRACT, found), example["value"], id=f"{path} {name}")
    for _, path, found in operations(CONTRACT)
    if "x-adopted" not in found and "requestBody" in found
    for name, example in found["requestBody"]["content"]["multipart/form-data"]["examples"].items()
]
QUERIES = [
    pytest.param(
        path, {each["name"]: each["example"] for each in parameters if "example" in each}, id=path
    )
    for method, path, found in operations(CONTRACT)
    if "x-adopted" not in found and method == "get"
    for parameters in [[resolve(CONTRACT, each) for each in found.get("parameters", [])]]
]


@pytest.mark.parametrize(("path", "schema", "form"), FORMS)
def test_a_form_that_the_contract_shows_is_taken(call, path, schema, form):
    files = {
        name: (text, b"PK" if name == "zipfile" else render_song())
        for name, text in form.items()
        if schema["properties"][name].get("format") == "binary"
    }
    fields = {name: value for name, value in form.items() if name not in files}
    answer = call.send("POST", path, data=fields, files=files or None)
    assert answer.status_code == 200, answer.text
    assert answer.json().get("success", True) in (True, "true")


@pytest.mark.parametrize(("path", "query"), QUERIES)
def test_a_question_that_the_contract_shows_is_answered(call, path, query):
    # A long hash is none of a link's job; get-remote says so.
    hash_ = {"hash": "EXAMPLEremote001"} if path.endswith("get-remote") else {}
    answer = call.send("GET", path, params={**query, **hash_})
    assert answer.status_code == 200, answer.text
    refused = isinstance(answer.json(), dict) and answer.json().get("success", True) is not True
    assert not refused or "is being downloaded" in answer.text


def test_the_example_job_costs_nothing_and_is_nobody_elses(call):
    before = call.data("/api/app/user", api_token="EXAMPLEexampleEXAMPLEexample00")
    (job,) = [each.values[2] for each in FORMS if each.values[0].endswith("/cancel")]
    call.status(job["hash"])
    after = call.data("/api/app/user", api_token=job["api_token"])
    assert after["premium_minutes"] == before["premium_minutes"]
    assert call.cancel(job["hash"]).status_code != 200
    assert call.data("/api/app/separation_history") == []


@pytest.mark.parametrize(
    ("path", "allowed"), [("/api/credit_alert", "GET, HEAD, POST"), ("/api/app/user", "GET, HEAD")]
)
def test_a_refused_method_is_told_all_that_the_path_has(call, path, allowed):
    answer = call.send("PUT", path)
    assert answer.status_code == 405
    assert sorted(answer.headers["allow"].split(", ")) == allowed.split(", ")
