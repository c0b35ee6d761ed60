"""Reading OpenAPI documents: however they are written, and nonsense in their place."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.openapi_documents import JSON, documents
from tests.tools.scenes import SPEC, damage
from tools.comparison import compare
from tools.drift import run
from tools.outline import read
from tools.shapes import NotOpenAPI

OURS = SPEC.read_bytes()


# However it is written


PLAIN = {"a": {}, "b": {}}
FORM = "multipart/form-data"


def with_paths(paths, **more):
    return {"openapi": "3.1.0", "paths": paths, **more}


def with_schema(schema, **components):
    answer = {"content": {JSON: {"schema": schema}}}
    paths = {"/x": {"get": {"responses": {"200": answer}}}}
    return with_paths(paths, components={"schemas": components})


def test_every_way_to_write_the_same_has_the_same_outline():
    text = {"type": "string", "format": "style", "enum": ["en", "ru"]}
    schema = {
        "type": "object",
        "properties": {
            "a": {"type": "string", "nullable": True},
            "b": {"type": "array", "items": {"type": "integer"}},
        },
    }
    news = {
        "parameters": [{"name": "lang", "in": "query", "schema": text}],
        "responses": {"200": {"content": {JSON: {"schema": schema}}}},
    }
    plain = {
        **with_paths({"/api/app/news": {"get": news}}, servers=[{"url": "https://mvsep.com"}]),
        "openapi": "3.0.0",
    }
    either = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    both = [
        {"$ref": "#/components/schemas/A"},
        {"properties": {"b": {"items": {"type": ["integer"]}}}},
    ]
    words = {"anyOf": [{"const": "en"}, {"enum": ["ru"]}]}
    lang = {"name": "lang", "in": "query", "explode": True, "schema": words}
    item = {
        "parameters": [
            {"$ref": "#/components/parameters/Lang"},
            {"name": "Accept", "in": "header"},
        ],
        "get": {"responses": {"200": {"$ref": "#/components/responses/News"}}},
    }
    other = with_paths(
        {"app/news/": {"$ref": "#/components/pathItems/News"}, "x-note": 1},
        servers=[{"url": "https://mvsep.com/api/"}],
        components={
            "pathItems": {"News": item},
            "parameters": {"Lang": lang},
            "responses": {
                "News": {"content": {f"{JSON}; charset=utf-8": {"schema": {"allOf": both}}}}
            },
            "schemas": {"A": {"properties": {"a": either, "b": {"type": "array"}}}},
        },
    )
    assert read(other).outline() == read(plain).outline()


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "any"),
        (True, "any"),
        ({"type": "style"}, "any"),
        ({"type": ["string", "style"]}, "any"),
        ({"type": "integer", "nullable": True}, "integer|null"),
        ({"type": ["null", "string", "boolean"]}, "boolean|string|null"),
        ({"type": ["integer", "number"]}, "number"),
        ({"enum": [1, None]}, "integer|null"),
        ({"const": False}, "boolean"),
        ({"type": "string", "format": "binary"}, "binary"),
        ({"type": "string", "contentMediaType": "application/octet-stream"}, "binary"),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "integer|string"),
        ({"oneOf": [{"type": "string"}, {}]}, "any"),
        ({"type": "string", "allOf": [{"type": ["string", "null"]}, {}]}, "string"),
    ],
)
def test_a_schema_is_boiled_down_to_the_words_of_its_types(schema, words):
    operation = read(with_schema(schema)).outline()["operations"]["get /x"]
    assert operation["responses"]["200"]["$"] == words


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": PLAIN, "required": ["a"]},
        {"properties": PLAIN, "allOf": [{"required": ["a", 1]}, {}]},
        {"allOf": [{"$ref": "#/components/schemas/A"}, {"properties": {"b": {}}}]},
        {"anyOf": [{"properties": PLAIN, "required": ["a", "b"]}, {"required": ["a"]}]},
    ],
)
def test_what_a_body_requires_is_known_in_any_way_it_is_written(schema):
    post = {"requestBody": {"content": {FORM: {"schema": schema}}}}
    schemas = {"A": {"properties": {"a": {}}, "required": ["a"]}}
    document = with_paths({"/x": {"post": post}}, components={"schemas": schemas})

    fields = read(document).operations["post /x"].fields
    assert {key: field.required for key, field in fields.items()} == {
        "form a": True,
        "form b": False,
    }


def test_servers_are_origins_with_their_variables_replaced_and_their_path_goes_to_the_operations():
    document = {
        "openapi": "3.1.0",
        "servers": [
            {
                "url": "https://{region}.mvsep.com/{base}/",
                "variables": {
                    "region": {"enum": ["de", "hk"], "default": "de"},
                    "base": {"default": "api"},
                },
            },
            {"url": "/api"},
            {"url": "HTTPS://MVSEP.com"},
        ],
        "paths": {"/": {"get": {}}, "/app/news/": {"get": {}}},
    }
    found = read(document)
    assert found.servers == ("https://de.mvsep.com", "https://hk.mvsep.com", "https://mvsep.com")
    assert list(found.operations) == ["get /api", "get /api/app/news"]


def test_a_schema_that_holds_itself_is_cut():
    tree = {"properties": {"child": {"$ref": "#/components/schemas/Tree"}, "n": {"const": 1}}}
    document = with_schema({"$ref": "#/components/schemas/Tree"}, Tree=tree)
    parts = read(document).outline()["operations"]["get /x"]["responses"]["200"]
    assert parts == {"$": "object", "$.child": "any", "$.n": "integer"}


# Nonsense


def bomb():
    """A document whose schemas would unfold to a thousand million parts."""
    names = [f"S{number}" for number in range(30)]
    references = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    schemas = {
        name: {"properties": {"a": reference, "b": reference}}
        for name, reference in zip(names, [*references[1:], {}], strict=True)
    }
    return with_schema(references[0], **schemas)


def deep(levels):
    schema = {}
    for _ in range(levels):
        schema = {"items": schema}
    return with_schema(schema)


NO_DOCUMENTS = {
    "nothing": (b"", "is empty"),
    "HTML": (b"\n<!DOCTYPE html><html><body>Just a moment...</body></html>", "is an HTML page"),
    "YAML without paths": (b"openapi: 3.0.0\n", "names no operation"),
    "YAML that grows": (
        b"a0: &a0 [x, x]\n"
        + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 40)),
        "is not YAML: its aliases make more than",
    ),
    "YAML that holds itself": (b"a: &a [*a]\n", "is not YAML: its aliases make more than"),
    "YAML of two documents": (b"a: 1\n---\nb: 1\n", "is not YAML"),
    "YAML with an object": (b"!!python/object/apply:os.getcwd []\n", "is not YAML"),
    "YAML with bytes": (b"a: !!binary YQ==\n", "is not YAML"),
    "one text": (b"not found\n", "is not YAML: it is one text"),
    "half of it": (OURS[:-40], "is not JSON"),
    "other text": (b'{"openapi": "\xe9"}', "not text in UTF-8"),
    "NaN": (b'{"openapi": NaN}', "NaN"),
    "half a character": (b'{"openapi": "\\ud800"}', "is not JSON"),
    "a long number": (b'{"openapi": ' + b"9" * 5000 + b"}", "is not JSON"),
    "a deep list": (b"[" * 100_000, "is not JSON"),
    "a deep list in YAML": (b"a: " + b"[" * 10_000, "is not YAML"),
    "a number beyond all": (b'{"openapi": 1e999}', "is not JSON"),
    "a list": ([], "no JSON object"),
    "null": (None, "no JSON object"),
    "an error of the API": ({"success": False, "message": "x"}, "not OpenAPI 3"),
    "Swagger 2": ({"swagger": "2.0", "paths": {}}, "Swagger 2"),
    "OpenAPI 4": ({"openapi": "4.0.0"}, "not OpenAPI 3"),
    "a number for a version": ({"openapi": 3.1}, "not OpenAPI 3"),
    "no paths": ({"openapi": "3.1.0", "webhooks": {}}, "names no operation"),
    "a list of paths": (with_paths([]), "`paths`"),
    "a path that is text": (with_paths({"/x": "get"}), "/x"),
    "an operation that is text": (with_paths({"/x": {"get": "y"}}), "get /x"),
    "one operation twice": (with_paths({"/x": {"get": {}}, "/x/": {"get": {}}}), "twice"),
    "a parameter without a name": (
        with_paths({"/x": {"get": {"parameters": [{"in": "query"}]}}}),
        "of get /x",
    ),
    "a server without a url": (with_paths({"/x": {"get": {}}}, servers=[{}]), "server"),
    "a reference to nowhere": (with_schema({"$ref": "#/components/schemas/No"}), "not there"),
    "a reference to the web": (with_schema({"$ref": "https://example.com/x"}), "outside"),
    "a reference to itself": (
        with_schema({"$ref": "#/components/schemas/A"}, A={"$ref": "#/components/schemas/A"}),
        "itself",
    ),
    "a schema that is text": (with_schema("string"), "should be an object, not string"),
    "a type that is a number": (with_schema({"type": 1}), "the type of"),
    "properties in a list": (with_schema({"properties": []}), "`properties` of"),
    "a deep schema": (deep(100), "deeper than"),
    "a schema bomb": (bomb(), "parts"),
}


@pytest.mark.parametrize(("document", "reason"), NO_DOCUMENTS.values(), ids=NO_DOCUMENTS)
def test_what_is_no_openapi_document_can_not_be_compared_and_a_sentence_says_why(
    tmp_path, capsys, document, reason
):
    path = tmp_path / "official.json"
    path.write_bytes(document if isinstance(document, bytes) else json.dumps(document).encode())
    assert run(["--upstream", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Could not compare: ")
    assert reason in err
    assert err.count("\n") == 1


@given(documents(), st.data())
def test_a_document_damaged_anywhere_is_read_or_refused(document, data):
    damage(data, document)
    with contextlib.suppress(NotOpenAPI):
        outline = read(document).outline()
        assert compare(outline, outline, outline, {}) == []
