"""Drift of what a document says beside types: values, limits, statuses, security, webhooks."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.openapi_documents import JSON, documents
from tests.tools.scenes import CREATE, NEWS, STATE, fields, operation
from tools.comparison import compare
from tools.outline import read

EMPTY = {"version": "", "servers": [], "operations": {}}


def as_created(it):
    responses = operation(it, STATE)["responses"]
    responses["201"] = copy.deepcopy(responses["200"])


FACTS = {
    "value of a parameter": (
        lambda it: operation(it, NEWS)["parameters"][0]["schema"].update(enum=["en", "ru", "de"]),
        'GET /api/app/news: the parameter lang (query): `value "de"` is in the official document',
    ),
    "value of an answer": (
        lambda it: fields(it, STATE)["status"].update(enum=["waiting", "queued"]),
        'GET /api/separation/get: in the answer 200, $.status: `value "queued"` is in the official',
    ),
    "limit": (
        lambda it: operation(it, NEWS)["parameters"][2]["schema"].update(minimum=1, maximum=50),
        "GET /api/app/news: the parameter limit (query): `maximum 50` is in the official document",
    ),
    "security": (
        lambda it: (
            operation(it, NEWS).update(security=[{"one": []}])
            or it.update(
                components={"securitySchemes": {"one": {"type": "http", "scheme": "bearer"}}}
            )
        ),
        "The operation GET /api/app/news: `security http bearer` is in the official document",
    ),
    "deprecated operation": (
        lambda it: operation(it, NEWS).update(deprecated=True),
        "The operation GET /api/app/news: `deprecated` is new: `make adopt`",
    ),
    "deprecated parameter": (
        lambda it: operation(it, NEWS)["parameters"][0].update(deprecated=True),
        "GET /api/app/news: the parameter lang (query): `deprecated` is new: `make adopt`",
    ),
    "deprecated field": (
        lambda it: fields(it, NEWS, None)["title"].update(deprecated=True),
        "in the answer 200, $[].title: `deprecated` is in the official document",
    ),
    "success without a body": (
        lambda it: operation(it, CREATE)["responses"].update({"202": {"description": ""}}),
        "The operation POST /api/separation/create: `answer 202` is in the official document",
    ),
    "another success": (as_created, "GET /api/separation/get: `answer 201` is in the official"),
    "error without a body": (
        lambda it: operation(it, CREATE)["responses"].update({"402": {"description": ""}}),
        "The operation POST /api/separation/create: `answer 402` is in the official document",
    ),
    "answer that is a file": (
        lambda it: operation(it, CREATE)["responses"].update(
            {"200": {"description": "", "content": {"audio/wav": {}}}}
        ),
        "The operation POST /api/separation/create: `answer 200 audio/wav` is in the official",
    ),
    "body that is no form": (
        lambda it: operation(it, CREATE).update(
            requestBody={"content": {"application/octet-stream": {}}}
        ),
        "POST /api/separation/create: `body application/octet-stream` is in the official document",
    ),
    "webhook": (
        lambda it: it.update(webhooks={"job": {"post": {}}}),
        "The webhook job is not in our contract",
    ),
    "callback": (
        lambda it: operation(it, CREATE).update(
            callbacks={"done": {"{$request.body#/url}": {"post": {}}, "x-note": "none"}}
        ),
        "The webhook done of post /api/separation/create is not in our contract",
    ),
    "callback elsewhere": (
        lambda it: (
            operation(it, CREATE).update(callbacks={"done": {"$ref": "#/components/callbacks/a"}}),
            it.setdefault("components", {}).update(callbacks={"a": {"{$url}": {"post": {}}}}),
        ),
        "The webhook done of post /api/separation/create is not in our contract",
    ),
    "part of a webhook": (
        lambda it: it.update(
            webhooks={
                "separation": {
                    "post": {
                        "requestBody": {
                            "content": {
                                JSON: {"schema": {"properties": {"attempt": {"type": "integer"}}}}
                            }
                        }
                    }
                }
            }
        ),
        "The webhook separation: $.attempt is integer in the official document",
    ),
}


@pytest.mark.parametrize(("change", "said"), FACTS.values(), ids=FACTS)
def test_a_fact_that_ours_lacks_is_one_finding_that_names_it(drift, official, change, said):
    change(official)
    code, out, _ = drift(official)
    assert code == 1
    assert said in out
    assert out.count("\n- ") == 1


@given(documents(), st.data())
def test_whatever_fact_our_contract_lacks_is_found(document, data):
    outline = read(document).outline()
    ours = copy.deepcopy(outline)
    places = [
        (facts, fact)
        for each in ours["operations"].values()
        for facts in each["facts"].values()
        for fact in facts
        # Nobody has to know more than nothing, and an error's parts are compared one by one.
        if fact != "security none" and not fact.startswith(("answer 4", "answer 5"))
    ]
    if not places:
        return
    facts, fact = data.draw(st.sampled_from(places))
    facts[:] = [each for each in facts if each != fact]
    found = compare(outline, ours, EMPTY, {})
    assert {each.about.fact for each in found} == {fact}
    assert compare(outline, ours, EMPTY, {each.subject: "why" for each in found}) == []


@given(documents(), st.data())
def test_a_fact_that_is_gone_is_told_until_it_is_recorded(document, data):
    before = read(document).outline()
    now = copy.deepcopy(before)
    places = [
        (facts, fact)
        for each in now["operations"].values()
        for where, facts in each["facts"].items()
        for fact in facts
        if where or fact == "deprecated"
    ]
    if not places:
        return
    facts, fact = data.draw(st.sampled_from(places))
    facts[:] = [each for each in facts if each != fact]
    assert {each.about.fact for each in compare(now, now, before, {})} == {fact}
    assert compare(now, now, now, {}) == []


def test_a_webhook_that_is_gone_is_told():
    before = read(
        {
            "openapi": "3.1.0",
            "paths": {"/x": {"get": {}}},
            "webhooks": {"job": {"post": {}}},
        }
    ).outline()
    now = {**before, "webhooks": {}}
    (finding,) = compare(now, before, before, {})
    assert "The webhook job is gone from the official document" in finding.text
