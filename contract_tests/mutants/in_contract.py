"""Mutants of the contract. The client is not generated again: the two drift apart."""

from __future__ import annotations

from typing import Final

from contract_tests.mutants.mutant import Edit, Key, Mutant, add, change, drop, rename
from contract_tests.mutants.tests import (
    asks,
    enough,
    facade,
    fields,
    node,
    sends,
    types,
)

_SCHEMAS: Final = ("components", "schemas")
_CREATE: Final = (*_SCHEMAS, "SeparationCreateBody")
_FORM: Final = ("requestBody", "content", "multipart/form-data")
_ARGUMENTS = "test_the_arguments_are_those_of_the_contract_and_the_token_is_never_one"
_METHODS = "test_every_operation_of_the_contract_is_a_method_under_its_name_without_the_tag"
_STATUSES = "test_every_operation_has_an_example_of_success_and_of_each_error"
_MARKS = "test_marks_say_which_posts_may_be_sent_again_and_which_answers_are_states"
_PAGES = "test_as_many_rows_are_asked_for_at_once_as_the_contract_allows"
_TABLE = "test_the_table_of_operations_says_what_the_contract_says"
_TIME_TO_WAIT = "test_the_time_to_wait_is_read_from_the_header_that_the_contract_shows"
_WRONG_ARGUMENT = node("examples_against_prism", "test_a_wrong_argument_is_refused_by_prism")
_START = "#/components/parameters/Start"


def _at(method: str, path: str, *more: Key) -> tuple[Key, ...]:
    return ("paths", path, method, *more)


def _mutant(id: str, what: str, *edits: Edit, tests: tuple[str, ...], survives: str = "") -> Mutant:
    return Mutant(f"contract-{id}", "contract", what, edits, tests, survives)


_JSON_200: Final = ("responses", "200", "content", "application/json")

MUTANTS: Final = (
    # What is sent
    _mutant(
        "form-field-gone",
        "separation_create has no field is_demo any more.",
        drop(*_CREATE, "properties", "is_demo"),
        tests=(fields("SeparationCreateBody"),),
    ),
    _mutant(
        "form-field-renamed",
        "output_format of separation_create is called format.",
        rename(*_CREATE, "properties", "output_format", to="format"),
        tests=(sends("POST /api/separation/create"),),
    ),
    _mutant(
        "form-field-of-another-type",
        "sep_type is a text.",
        change(*_CREATE, "properties", "sep_type", "type", old="integer", new="string"),
        tests=(types("SeparationCreateBody"),),
    ),
    _mutant(
        "form-field-new-and-required",
        "separation_cancel wants a reason.",
        add(*_SCHEMAS, "SeparationCancelBody", "properties", "reason", value={"type": "string"}),
        add(*_SCHEMAS, "SeparationCancelBody", "required", "reason", value="reason"),
        tests=(sends("POST /api/separation/cancel"),),
    ),
    _mutant(
        "form-field-new-and-optional",
        "separation_create takes a priority.",
        add(*_CREATE, "properties", "priority", value={"type": "integer"}),
        tests=(facade(f"{_ARGUMENTS}[separation_create]"),),
    ),
    _mutant(
        "form-field-required",
        "separation_create can't do without an output_format.",
        add(*_CREATE, "required", "output_format", value="output_format"),
        tests=(types("SeparationCreateBody"),),
    ),
    _mutant(
        "form-field-narrower",
        "The links of separation_create lead to YouTube.",
        change(
            *(*_CREATE, "properties", "url", "pattern"),
            old="^https?://",
            new="^https://youtube\\.com/",
        ),
        tests=(
            node("states_against_prism", "test_a_link_may_be_a_job_at_once[sync]"),
            node("states_against_prism", "test_a_link_may_be_a_job_at_once[async]"),
        ),
    ),
    _mutant(
        "encoding-gone",
        "audiofile has no content type.",
        drop(*_at("post", "/api/separation/create", *_FORM, "encoding", "audiofile")),
        tests=(sends("POST /api/separation/create"),),
    ),
    _mutant(
        "form-urlencoded",
        "app_login takes an URL-encoded form.",
        rename(
            *_at("post", "/api/app/login", *_FORM),
            to="application/x-www-form-urlencoded",
        ),
        tests=(facade(f"{_ARGUMENTS}[app_login]"),),
    ),
    _mutant(
        "parameter-renamed",
        "lang of app_news is called language.",
        change(*_at("get", "/api/app/news", "parameters", 0, "name"), old="lang", new="language"),
        tests=(sends("GET /api/app/news"),),
    ),
    _mutant(
        "parameter-new-and-required",
        "account_purchases wants a currency.",
        add(
            *_at("get", "/api/purchases", "parameters", "-"),
            value={
                "name": "currency",
                "in": "query",
                "required": True,
                "schema": {"type": "string", "pattern": "^[A-Z]{3}$"},
            },
        ),
        tests=(sends("GET /api/purchases"),),
    ),
    _mutant(
        "parameter-of-another-type",
        "start of a list is a word.",
        change("components", "parameters", "Start", "schema", "type", old="integer", new="string"),
        drop("components", "parameters", "Start", "schema", "minimum"),
        add("components", "parameters", "Start", "schema", "pattern", value="^[a-z]+$"),
        tests=(sends("GET /api/app/news"),),
    ),
    _mutant(
        "parameter-narrower",
        "50 purchases may be asked for at once, and not 100.",
        change(
            *_at("get", "/api/purchases", "parameters", "limit", "schema", "maximum"),
            old=100,
            new=50,
        ),
        tests=(node("account_against_the_fake", _PAGES),),
    ),
    _mutant(
        "parameter-looser",
        "A hash may be empty.",
        drop("components", "parameters", "Hash", "schema", "minLength"),
        tests=(sends("GET /api/separation/get"),),
    ),
    _mutant(
        "parameter-in-a-header",
        "start of app_separation_history travels in a header.",
        change(
            *_at("get", "/api/app/separation_history", "parameters", _START),
            old={"$ref": _START},
            new={"name": "start", "in": "header", "schema": {"type": "integer", "minimum": 0}},
        ),
        tests=(sends("GET /api/app/separation_history"),),
    ),
    _mutant(
        "token-required",
        "app_queue can't be asked without a token.",
        change(
            *_at("get", "/api/app/queue", "parameters", 0),
            old={"$ref": "#/components/parameters/OptionalApiToken"},
            new={"$ref": "#/components/parameters/ApiToken"},
        ),
        tests=(facade(_TABLE),),
    ),
    # Where it goes
    _mutant(
        "path-changed",
        "app_news is under /api/app/newest.",
        rename("paths", "/api/app/news", to="/api/app/newest"),
        tests=(asks("app_news > 200 > news"),),
    ),
    _mutant(
        "method-changed",
        "app_register is a PUT.",
        rename("paths", "/api/app/register", "post", to="put"),
        tests=(asks("app_register > 200 > registered"),),
    ),
    _mutant(
        "operation-gone",
        "There is no app_queue_summary any more.",
        drop("paths", "/api/app/queue/summary"),
        tests=(facade(_METHODS),),
    ),
    # What is answered
    _mutant(
        "answer-field-gone",
        "A result file has no bytes.",
        drop(*_SCHEMAS, "SeparationFile", "properties", "bytes"),
        tests=(fields("SeparationFile"),),
    ),
    _mutant(
        "answer-field-of-another-type",
        "The number of a news item is a text.",
        change(*_SCHEMAS, "NewsItem", "properties", "id", "type", old="integer", new="string"),
        tests=(enough("app_news"),),
    ),
    _mutant(
        "answer-field-required",
        "A result file always has a colour.",
        add(*_SCHEMAS, "SeparationFile", "properties", "colour", value={"type": "string"}),
        add(*_SCHEMAS, "SeparationFile", "required", "-", value="colour"),
        tests=(enough("separation_get"),),
    ),
    _mutant(
        "answer-never-null",
        "An account always has a token.",
        change(
            *(*_SCHEMAS, "UserData", "properties", "api_token", "type"),
            old=["string", "null"],
            new="string",
        ),
        tests=(asks("app_login > 200 > without_token"),),
    ),
    _mutant(
        "answer-success-is-no-text",
        "success is a boolean or a number, and never the text true.",
        change(
            *(*_SCHEMAS, "Success", "type"),
            old=["boolean", "string", "integer"],
            new=["boolean", "integer"],
        ),
        tests=(asks("separation_create > 200 > created_from_url"),),
    ),
    _mutant(
        "answer-in-an-envelope",
        "The news come as an object with data.",
        change(
            *_at("get", "/api/app/news", *_JSON_200, "schema"),
            old={"type": "array", "items": {"$ref": "#/components/schemas/NewsItem"}},
            new={
                "type": "object",
                "required": ["data"],
                "properties": {
                    "data": {"type": "array", "items": {"$ref": "#/components/schemas/NewsItem"}}
                },
            },
        ),
        tests=(asks("app_news > 200 > news"),),
    ),
    _mutant(
        "error-of-another-shape",
        "Every error has a list of errors.",
        add(*_SCHEMAS, "ErrorAnswer", "required", value=["errors"]),
        tests=(asks("app_login > 401 > unauthenticated"),),
    ),
    _mutant(
        "state-gone",
        "No job is ever converting.",
        drop(*_SCHEMAS, "SeparationStatus", "enum", "converting"),
        tests=(
            node(
                "models_match_schemas",
                "test_an_enum_has_the_words_of_its_schema_and_keeps_others[SeparationStatus]",
            ),
        ),
    ),
    _mutant(
        "state-new",
        "A link may be blocked.",
        add(*_SCHEMAS, "RemoteStatus", "enum", "-", value="blocked"),
        tests=(
            node(
                "contract_document",
                "test_every_state_of_a_job_has_an_example[separation_get_remote-RemoteStatus]",
            ),
        ),
    ),
    _mutant(
        "status-gone",
        "separation_cancel never answers 401.",
        drop(*_at("post", "/api/separation/cancel", "responses", "401")),
        tests=(node("examples_against_prism", _STATUSES),),
    ),
    _mutant(
        "header-of-another-type",
        "Retry-After is a date.",
        change(
            *("components", "headers", "RetryAfter", "schema"),
            old={"type": "integer", "minimum": 0},
            new={"type": "string", "format": "date-time"},
        ),
        change(
            "components", "headers", "RetryAfter", "example", old=20, new="2026-01-01T00:00:00Z"
        ),
        tests=(node("examples_against_prism", f"{_TIME_TO_WAIT}[app_news-sync]"),),
    ),
    # What it shows and says of itself
    _mutant(
        "evidence-too-firm",
        "What the answer to account_purchases is like was seen, and not only documented.",
        change(*_at("get", "/api/purchases", "x-evidence"), old="documented", new="captured"),
        tests=(facade(_TABLE),),
    ),
    _mutant(
        "create-idempotent",
        "separation_create is marked as fit to be sent again.",
        add(*_at("post", "/api/separation/create", "x-idempotent"), value=True),
        tests=(node("contract_document", _MARKS),),
    ),
    _mutant(
        "state-unmarked",
        "The answer of separation_get_remote is not marked as a state.",
        drop(*_at("get", "/api/separation/get-remote", "x-answer")),
        tests=(node("contract_document", _MARKS),),
    ),
)
