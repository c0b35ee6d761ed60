"""What a stub carries of an operation, and what adopting leaves out with a word."""

import json

import pytest

from tests.openapi_documents import JSON
from tests.tools.scenes import FORM, UNCHANGED, adopted, answer, files
from tools import drift
from tools.adopt import run


def query(name="x", **more):
    return {"parameters": [{"name": name, "in": "query", **more}]}


def with_body(kind, schema):
    return {"requestBody": {"content": {kind: {"schema": schema}}}}


ARRAY = {"type": "array", "items": {"type": "string"}}
BEARER = {"security": [{"bearer": []}]}
LEFT_OUT = {
    "a body of bytes": (
        with_body("application/octet-stream", {"type": "string", "format": "binary"}),
        "its body application/octet-stream can't be sent yet",
    ),
    "a JSON list as body": (with_body(JSON, ARRAY), "its body application/json, no object can't"),
    "another kind of token": (BEARER, "it wants http bearer, and our clients have only the token"),
    "a list written with commas": (
        query(required=True, schema=ARRAY, explode=False),
        "it requires x, which is a list or object written in its own way (explode false)",
    ),
    "a deep object": (
        query(required=True, schema={"type": "object"}, style="deepObject"),
        "which is a list or object written in its own way (style deepObject, object)",
    ),
    "a list of lists": (
        query(required=True, schema={"type": "array", "items": ARRAY}),
        "it requires x, which is array, which can't be sent yet",
    ),
    "a list in a form": (
        with_body(FORM, {"properties": {"x": ARRAY}, "required": ["x"]}),
        "it requires x, which is array, which can't be sent yet",
    ),
}


@pytest.mark.parametrize(("node", "why"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_an_operation_that_our_clients_could_not_call_rightly_is_left_out_with_the_reason(
    project, official, source, capsys, node, why
):
    official["components"] = {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
    official["paths"]["/api/app/stats"] = {"post": node}
    assert run(source(), project=project) == 1
    out = capsys.readouterr().out
    assert "Left to you: The operation POST /api/app/stats is new, and left out: " in out
    assert why in out
    assert files(project)[0] == UNCHANGED[0]
    # It stays drift until a person has done something about it.
    assert drift.run(source(), project=project) == 1


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_json_is_not_made_a_form_where_no_form_would_be_read(official, method):
    schema = {"properties": {"x": {"type": "string"}}}
    official["paths"]["/api/app/stats"] = {method: with_body(JSON, schema)}
    official["paths"]["/api/app/sums"] = {"post": with_body(JSON, schema)}
    adoption = adopted(official)

    assert [line for line in adoption.left if "its JSON can't be sent in a form" in line]
    assert "/api/app/stats" not in adoption.contract["paths"]
    assert "/api/app/sums" in adoption.contract["paths"]


@pytest.mark.parametrize(
    "parameter",
    [
        {"schema": ARRAY, "explode": False},
        {"schema": {"type": "object"}, "style": "deepObject"},
        {"content": {JSON: {"schema": {"type": "string"}}}},
        {"name": "body", "schema": {"type": "string"}},
    ],
)
@pytest.mark.parametrize("path", ["/api/app/stats", "/api/app/news"])
def test_an_optional_parameter_that_can_not_be_sent_is_left_out_with_a_word(
    project, official, source, capsys, parameter, path
):
    node = official["paths"].setdefault(path, {}).setdefault("get", {})
    node.setdefault("parameters", []).append({"name": "x", "in": "query", **parameter})
    assert run(source(), project=project) == 1
    name = parameter.get("name", "x")
    said = f"Left to you: GET {path}: the parameter {name} (query) is new, and left out: it "
    assert said in capsys.readouterr().out
    written = json.loads(project.contract.read_text())["paths"][path]["get"]
    assert name not in {each.get("name") for each in written.get("parameters", ())}


def test_values_limits_and_deprecated_come_with_a_stub(official):
    parameters = [
        {"name": "lang", "in": "query", "schema": {"type": "string", "enum": ["en", "de"]}},
        {
            "name": "page",
            "in": "query",
            "deprecated": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": 9, "exclusiveMinimum": True},
        },
        {
            "name": "ids",
            "in": "query",
            "schema": {
                "type": "array",
                "maxItems": 3,
                "items": {"type": "integer", "enum": [1, 2]},
            },
        },
    ]
    state = {"type": "object", "properties": {"state": {"type": "string", "enum": ["on", "off"]}}}
    official["paths"]["/api/app/stats/"] = {
        "get": {"deprecated": True, "parameters": parameters, "responses": answer(state)}
    }
    found = adopted(official)
    # 3.0 writes an exclusive limit as a flag, which 3.1 has not.
    assert [line.partition(" is in the official")[0] for line in found.left] == [
        "GET /api/app/stats: the parameter page (query): `exclusiveMinimum true`"
    ]
    operation = found.contract["paths"]["/api/app/stats/"]["get"]
    assert operation["deprecated"] is True
    lang, page, ids = operation["parameters"]
    assert [each["value"] for each in lang["schema"]["x-known-values"]] == ["en", "de"]
    assert lang["description"] == lang["schema"]["description"]
    assert lang["description"].endswith("Known so far:\n\n- `en`\n- `de`")
    assert page["deprecated"] is True
    assert (page["schema"]["minimum"], page["schema"]["maximum"]) == (1, 9)
    assert "exclusiveMinimum" not in page["schema"]
    assert ids["schema"]["maxItems"] == 3
    assert [each["value"] for each in ids["schema"]["items"]["x-known-values"]] == [1, 2]
    kept = found.contract["components"]["schemas"]["AppStatsAnswer"]["properties"]["state"]
    assert [each["value"] for each in kept["x-known-values"]] == ["on", "off"]


def test_the_token_as_security_becomes_an_argument(official):
    scheme = {"type": "apiKey", "in": "query", "name": "api_token"}
    official["components"] = {"securitySchemes": {"key": scheme}}
    official["paths"]["/api/app/stats"] = {"get": {"security": [{"key": []}]}}
    found = adopted(official)
    operation = found.contract["paths"]["/api/app/stats"]["get"]
    assert operation["parameters"] == [{"$ref": "#/components/parameters/ApiToken"}]
    assert operation["security"] == [{"ApiToken": []}]
    assert found.left == []


def test_each_success_is_an_answer_of_the_stub_in_its_own_kind(official):
    def says(kind, schema):
        return {"description": "", "content": {kind: {"schema": schema}}}

    official["paths"]["/api/app/stats"] = {
        "post": {
            "responses": {
                "200": says("text/csv", {"type": "string"}),
                "201": says("audio/wav", {"type": "string", "format": "binary"}),
                "202": {"description": ""},
                "204": {"description": ""},
                "404": {"description": ""},
            }
        },
        "head": {"responses": {"200": says(JSON, {"type": "object"})}},
    }
    found = adopted(official)
    assert found.left == []
    assert (
        "`default` stands for" in found.record.accepted["operation post /api/app/stats: answer 404"]
    )
    paths = found.contract["paths"]["/api/app/stats"]
    kinds = {
        status: list(each.get("content", {})) for status, each in paths["post"]["responses"].items()
    }
    assert kinds["200"] == ["text/csv"]
    assert kinds["201"] == ["audio/wav"]
    assert kinds["202"] == [JSON]
    assert kinds["204"] == []
    assert "404" not in kinds
    assert "content" not in paths["head"]["responses"]["200"]
