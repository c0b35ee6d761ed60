"""A webhook is believed when the service confirms it, and its sender gets an answer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import (
    ConnectionFailed,
    InvalidInput,
    InvalidToken,
    JobState,
    MVSepError,
    RateLimited,
    UnexpectedResponse,
    webhooks,
)
from mvsep.webhooks import MAX_BODY, Reply
from tests.webhook_bodies import DONE, FORM, GONE, HASH, REMOTE, SECRET, VALUES, Do, body
from tests.wire import TOKEN, Wire, answer

# Asking the service


@pytest.fixture(name="do", params=[False, True], ids=["sync", "async"])
def _do(request: pytest.FixtureRequest) -> Do:
    """Call a function for either client; both must behave alike."""

    def call(wire: Wire, name: str, *arguments: Any, **more: Any) -> Any:
        function = getattr(webhooks, name + "_async" * request.param)
        if name == "confirm":
            return wire.act(request.param, lambda client: function(client, *arguments))
        return wire.act(request.param, lambda client: function(*arguments, client=client, **more))

    return call


@pytest.mark.parametrize("status", ["waiting", "processing", "failed", "done", "brand_new"])
def test_the_service_is_asked_once_and_its_word_counts(do: Do, status: str) -> None:
    for data in (DONE["data"], {}):
        wire = Wire(answer({"success": True, "status": status, "data": data}))
        state: JobState = do(wire, "confirm", HASH)

        assert (state.status, state.hash) == (status, HASH)
        assert wire.paths == ["/api/separation/get"]
        assert wire.requests[0].url.params["hash"] == HASH
        assert wire.slept == []


@pytest.mark.parametrize("reply", [answer(GONE), answer(GONE, 404), answer({"success": False})])
def test_a_job_that_the_service_does_not_know_is_not_found(do: Do, reply: httpx.Response) -> None:
    assert do(Wire(reply), "confirm", HASH).status == "not_found"


def test_a_links_job_is_followed_to_its_second_hash(do: Do) -> None:
    wire = Wire(answer({"success": True, "status": "done", "data": {"hash": HASH}}), answer(DONE))
    state = do(wire, "confirm", REMOTE)

    assert (state.status, state.hash) == ("done", HASH)
    assert wire.paths == ["/api/separation/get-remote", "/api/separation/get"]


def test_a_links_job_that_is_still_fetched_is_asked_for_once(do: Do) -> None:
    wire = Wire(answer({"success": False, "message": "downloading"}))
    state = do(wire, "confirm", REMOTE)

    assert (state.status, state.hash) == ("downloading", REMOTE)
    assert wire.paths == ["/api/separation/get-remote"]


def test_a_short_hash_that_is_no_download_is_looked_for_among_the_jobs(do: Do) -> None:
    wire = Wire(answer(GONE), answer(GONE))
    assert do(wire, "confirm", REMOTE).status == "not_found"
    assert wire.paths == ["/api/separation/get-remote", "/api/separation/get"]


FAILURES = [
    (httpx.ConnectError("no route"), ConnectionFailed),
    (answer({}, 502), UnexpectedResponse),
    (answer({}, 429), RateLimited),
    (answer({"message": "Unauthenticated."}, 401), InvalidToken),
    (answer([]), UnexpectedResponse),
]


@pytest.mark.parametrize(("reply", "kind"), FAILURES)
def test_a_service_that_can_not_be_asked_confirms_nothing(
    do: Do, reply: Any, kind: type[MVSepError]
) -> None:
    with pytest.raises(kind) as caught:
        do(Wire(reply), "confirm", HASH)
    assert caught.value.hash == HASH


def test_what_can_be_no_hash_is_not_asked_about(do: Do) -> None:
    for wrong in ("", "a\0b", "a\nb", "x" * 1001, None):
        wire = Wire(answer(DONE))
        with pytest.raises(InvalidInput):
            do(wire, "confirm", wrong)
        assert wire.requests == []


# Replying


def test_a_job_is_believed_when_the_service_says_so(do: Do) -> None:
    claimed = body({**DONE, "status": "failed"})
    reply: Reply = do(
        Wire(answer(DONE)), "handle", "POST", {"Content-Type": "application/json"}, claimed, ""
    )

    assert (reply.status, reply.error) == (200, None)
    assert reply.state
    assert (reply.state.status, reply.state.hash) == ("done", HASH)


def test_a_stranger_does_not_learn_which_jobs_there_are(do: Do) -> None:
    known = do(Wire(answer(DONE)), "handle", "POST", {}, body(DONE), "")
    unknown = do(Wire(answer(GONE)), "handle", "POST", {}, body(DONE), "")

    assert unknown.state is None
    assert (unknown.status, unknown.body) == (known.status, known.body) == (200, b"ok")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "get"])
@pytest.mark.parametrize("content", [b"", b"ping", b"{}", b"[]"])
def test_pings_are_answered_and_the_service_is_not_asked(
    do: Do, method: str, content: bytes
) -> None:
    wire = Wire(answer(DONE))
    assert do(wire, "handle", method, {}, content, "") == Reply(200, b"ok")
    assert wire.requests == []


@pytest.mark.parametrize("content", [b"{", b"\0", b"\xff", b"[" * 100_000, b"x" * (MAX_BODY + 1)])
def test_what_can_not_be_read_is_a_bad_request(do: Do, content: bytes) -> None:
    wire = Wire(answer(DONE))
    assert do(wire, "handle", "POST", {}, content, "").status == 400
    assert wire.requests == []


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "", "POST\r\nX: y"])
def test_other_methods_are_refused(do: Do, method: str) -> None:
    wire = Wire(answer(DONE))
    assert do(wire, "handle", method, {}, body(DONE), "").status == 405
    assert wire.requests == []


def test_the_right_secret_lets_a_delivery_in(do: Do) -> None:
    for query in (f"secret={SECRET}", f"x=1&secret={SECRET}".encode()):
        reply = do(Wire(answer(DONE)), "handle", "POST", {}, body(DONE), query, secret=SECRET)
        assert reply.state
    odd = "ü&=+ %41"
    query = urlencode({"secret": odd})
    assert do(Wire(answer(DONE)), "handle", "POST", {}, body(DONE), query, secret=odd).state


@pytest.mark.parametrize(
    "query",
    [
        "",
        "secret",
        "secret=",
        "secret=cobalt",
        f"secret={SECRET}x",
        f"Secret={SECRET}",
        f"secret={SECRET.upper()}",
        f"secret={SECRET}&secret=other",
        "secret=%FF%00",
        "secret=\ud800",
        b"\xff\xfe",
        "&".join(["a=b"] * 1000) + f"&secret={SECRET}",
    ],
)
def test_a_wrong_secret_keeps_everything_out(do: Do, query: str | bytes) -> None:
    wire = Wire(answer(DONE))
    for method, content in (("POST", body(DONE)), ("GET", b""), ("POST", b"{"), ("DELETE", b"")):
        reply = do(wire, "handle", method, {}, content, query, secret=SECRET)
        assert reply == Reply(403, b"forbidden")
    assert wire.requests == []


def test_an_empty_secret_is_a_mistake_and_not_an_open_door(do: Do) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        do(Wire(answer(DONE)), "handle", "POST", {}, body(DONE), "secret=", secret="")


@pytest.mark.parametrize(("failure", "kind"), FAILURES)
def test_a_service_that_can_not_be_asked_has_the_sender_try_again(
    do: Do, failure: Any, kind: type[MVSepError]
) -> None:
    reply = do(Wire(failure), "handle", "POST", {}, body(DONE), "")

    assert (reply.status, reply.state) == (503, None)
    assert isinstance(reply.error, kind)
    assert TOKEN not in str(reply)


def test_the_content_type_is_found_whatever_its_case(do: Do) -> None:
    content = b"hash=" + HASH.encode()
    for name in ("content-type", "Content-Type", "CONTENT-TYPE"):
        assert do(Wire(answer(DONE)), "handle", "POST", {name: FORM}, content, "").state
        assert not do(Wire(answer(DONE)), "handle", "POST", {name: "text/plain"}, content, "").state


@given(
    method=st.text(max_size=8) | st.sampled_from(["GET", "POST"]),
    headers=st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=3),
    content=st.binary() | VALUES.map(body) | st.just(body(DONE)),
    query=st.text() | st.binary(),
    secret=st.none() | st.just(SECRET),
)
def test_a_reply_repeats_nothing_of_what_came(
    method: str, headers: dict[str, str], content: bytes, query: str | bytes, secret: str | None
) -> None:
    with Wire(answer(GONE)).client() as client:
        reply = webhooks.handle(method, headers, content, query, client=client, secret=secret)

    assert (reply.status, reply.body) in {
        (200, b"ok"),
        (400, b"bad request"),
        (403, b"forbidden"),
        (405, b"method not allowed"),
        (503, b"try again later"),
    }
    assert reply.state is None
