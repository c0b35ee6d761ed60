from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import errors
from mvsep.transport import responses
from mvsep_api.models import MessageAnswer, NewsItem
from mvsep_api.operations import OPERATIONS
from mvsep_api.types import File

CREATE, GET, USER = (OPERATIONS[id] for id in ("separation_create", "separation_get", "app_user"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


def refusal(body: Any, status: int = 400, operation: Any = CREATE, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return responses.ApiAnswer(operation, status, content, headers, host="h").refusal()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"success": False, "errors": ["one", "two"]}, "one; two"),
        ({"success": False, "errors": "one"}, "one"),
        ({"errors": {"email": ["a", "b"], "password": ["c"]}}, "a; b; c"),
        ({"success": False, "data": {"message": "deep"}}, "deep"),
        ({"success": False, "message": {"email": ["a"], "password": ["b"]}}, "a; b"),
        ({"success": False, "message": "flat"}, "flat"),
        ({"message": "Unauthenticated."}, "Unauthenticated."),
        ({"error": "short"}, "short"),
        ({"errors": [], "data": {"message": ""}, "message": "last"}, "last"),
        ({"errors": ["first"], "message": "second"}, "first"),
    ],
)
def test_the_services_words_are_found_in_every_shape(body: Any, text: str) -> None:
    assert responses.server_text(body) == text
    assert refusal(body).server_text == text
    assert text in str(refusal(body))


@given(JSON, st.integers(400, 599), st.sampled_from([CREATE, GET, USER]))
def test_any_body_becomes_a_typed_error(body: Any, status: int, operation: Any) -> None:
    error = refusal(body, status, operation)

    assert isinstance(error, errors.MVSepError)
    assert error.status == status
    assert str(error)


@given(st.binary(), st.integers(100, 999).filter(lambda status: not 200 <= status < 300))
def test_any_bytes_with_any_status_become_a_typed_error(content: bytes, status: int) -> None:
    with pytest.raises(errors.MVSepError):
        responses.ApiAnswer(CREATE, status, content, {}).read()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"errors": ["Seperation type is unavailable until you purchase premium membership"]},
         errors.PremiumRequired),
        (400, {"errors": ["You already have unprocessed file in queue. Please wait before adding "
                          "new file!"]}, errors.QueueFull),
        (400, {"errors": ["You have reached the limit of separations for today. Please try again "
                          "tomorrow or consider signing up for a premium account."]},
         errors.QuotaExceeded),
        (400, {"errors": ["Seperation type is not set"]}, errors.InvalidRequest),
        (401, {"message": "Unauthenticated."}, errors.InvalidToken),
        (413, b"<html>413 Request Entity Too Large</html>", errors.FileTooLarge),
        (422, {"message": "odd"}, errors.InvalidRequest),
        (429, {}, errors.RateLimited),
        (500, b"", errors.UnexpectedResponse),
        (520, b"<html>", errors.UnexpectedResponse),
        (302, b"", errors.UnexpectedResponse)
    ]
)  # fmt: skip
def test_a_refused_job_has_its_own_kind_of_error(status: int, body: Any, kind: type) -> None:
    error = refusal(body, status)

    assert type(error) is kind
    assert error.charged is (False if 400 <= status < 500 else None)


def test_a_400_means_the_token_where_the_profile_is_asked_for_and_nowhere_else() -> None:
    assert type(refusal({"message": "?"}, 400, USER)) is errors.InvalidToken
    for id in ("app_login", "app_statistics", "account_purchases"):
        other = USER._replace(id=id)
        assert type(refusal({"success": False}, operation=other)) is errors.InvalidRequest


def test_a_rate_limit_says_how_long_to_wait() -> None:
    error = refusal({}, 429, **{"Retry-After": "17"})

    assert error.retry_after == 17
    assert error.retryable
    assert "17 seconds" in str(error)
    assert refusal({}, 429, **{"Retry-After": "soon"}).retry_after is None
    assert refusal(b"<html>", 503, GET, **{"Retry-After": "90"}).retry_after == 90
    assert refusal(b"<html>", 503, GET).retry_after is None


def test_an_unknown_hash_is_not_found_in_each_form_it_may_take() -> None:
    for status, body in (
        (404, {}),
        (400, {"success": False, "data": {"message": "File or File Hash not found"}}),
        (400, {"success": False, "status": "not_found"}),
    ):
        assert type(refusal(body, status, GET)) is errors.JobNotFound


@pytest.mark.parametrize("status", [302, 307, 400, 401, 402, 403, 405, 410, 418, 451])
@pytest.mark.parametrize("body", [b"<html>Log in to the network</html>", b"Forbidden", b"", {}])
def test_a_page_in_place_of_a_state_is_no_refusal_and_may_pass(status: int, body: Any) -> None:
    error = refusal(body, status, GET)

    assert type(error) is errors.UnexpectedResponse
    assert error.retryable
    assert error.status == status


def test_what_the_api_itself_says_of_a_job_is_a_refusal() -> None:
    refused = refusal({"message": "Unauthenticated."}, 401, GET)
    assert type(refused) is errors.InvalidToken
    assert type(refusal({"success": False}, 403, GET)) is errors.InvalidRequest


def test_an_error_page_is_quoted_briefly() -> None:
    error = refusal(b"<html>\n" + b"x" * 5000, 502)

    assert len(error.server_text) <= 200


def read(operation: Any, content: bytes, parsed: Any) -> Any:
    return responses.ApiAnswer(operation, 200, content, {}, parsed).read()


def test_success_false_is_a_refusal_where_the_contract_knows_nothing_of_the_answer() -> None:
    with pytest.raises(errors.InvalidRequest, match="No such day"):
        said = {"success": False, "message": "No such day"}
        read(USER, json.dumps(said).encode(), said)
    assert read(USER, b'{"success": true}', {"success": True}) == {"success": True}
    assert read(USER, b"[]", []) == []
    assert read(USER, b"{}", {}) == {}


@pytest.mark.parametrize(
    ("content", "parsed"),
    [
        (b"[]", MessageAnswer(success=True)),
        (b'""', MessageAnswer(success=True)),
        (b"{}", []),
        (b"", None),
        (b"null", None),
    ],
)
def test_an_answer_of_another_kind_is_not_taken_for_a_success(content: bytes, parsed: Any) -> None:
    with pytest.raises(errors.UnexpectedResponse):
        read(OPERATIONS["app_news"], content, parsed)


def test_a_list_is_read_whatever_stands_before_it() -> None:
    news = [NewsItem.from_dict({"id": 1, "title": "t"})]
    for content in (b"[{}]", b"\n [{}]", b"\xef\xbb\xbf[{}]"):
        assert read(OPERATIONS["app_news"], content, news) is news


STATUSES = {"json": 200, "any": 202, "value": 203, "text": 206, "file": 207, "nothing": 204}
ODD = USER._replace(answers={status: kind for kind, status in STATUSES.items()})


def odd(kind: str, parsed: Any, content: bytes = b"x", content_type: str = "") -> Any:
    """Return an answer of an operation whose successes are of every kind."""
    headers = {"content-type": content_type}
    return responses.ApiAnswer(ODD, STATUSES[kind], content, headers, parsed)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("text", "a;b"), ("text", ""), ("file", File(io.BytesIO(b"RIFF"))), ("value", 0)],
)
def test_an_answer_that_is_no_object_is_its_value(kind: str, value: Any) -> None:
    assert odd(kind, value).read() is value


@pytest.mark.parametrize("kind", ["nothing", "any"])
def test_an_answer_without_a_body_is_none_where_one_is_allowed(kind: str) -> None:
    assert odd(kind, None, b"").read() is None
    with pytest.raises(errors.UnexpectedResponse):
        odd("json", None, b"").read()


@pytest.mark.parametrize("kind", ["text", "file", "value", "any"])
def test_an_object_that_says_no_is_a_refusal_whatever_was_promised(kind: str) -> None:
    content = b'{"success": false, "message": "No such mix"}'
    parsed = json.loads(content) if kind == "any" else content.decode()
    with pytest.raises(errors.InvalidRequest, match="No such mix"):
        odd(kind, parsed, content, "application/json").read()


@pytest.mark.parametrize(
    ("kind", "parsed", "content"),
    [
        ("text", None, b"\xff"),
        ("file", "text", b"text"),
        ("value", {"a": 1}, b'{"a": 1}'),
        ("text", '{"a": 1}', b'{"a": 1}'),
        ("any", 7, b"7"),
    ],
)
def test_an_answer_of_another_kind_than_promised_is_unexpected(
    kind: str, parsed: Any, content: bytes
) -> None:
    with pytest.raises(errors.UnexpectedResponse):
        odd(kind, parsed, content, "application/json").read()
