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
from tests.webhook_bodies import DONE, FORM, GONE, HASH, REMOTE, SECRET, VALUES, body
from tests.wire import TOKEN, Do, Wire, answer

# Asking the service


@pytest.fixture
def ask(asynchronous: bool) -> Do:
    """Call a function for either client."""

    def call(wire: Wire, name: str, *arguments: Any, **more: Any) -> Any:
        function = getattr(webhooks, name + "_async" * asynchronous)
        if name == "confirm":
            return wire.act(asynchronous, lambda client: function(client, *arguments))
        return wire.act(asynchronous, lambda client: function(*arguments, client=client, **more))

    return call


@pytest.mark.parametrize("status", ["waiting", "processing", "failed", "done", "brand_new"])
def test_the_service_is_asked_once_and_its_word_counts(ask: Do, status: str) -> None:
    for data in (DONE["data"], {}):
        wire = Wire(answer({"success": True, "status": status, "data": data}))
        state: JobState = ask(wire, "confirm", HASH)

        assert (state.status, state.hash) == (status, HASH)
        assert wire.paths == ["/api/separation/get"]
        assert wire.requests[0].url.params["hash"] == HASH
        assert wire.slept == []


DOWNLOADING = {"success": False, "message": "downloading"}


@pytest.mark.parametrize(
    ("hash", "answers", "status", "found", "asked"),
    [
        (HASH, [answer(GONE)], "not_found", HASH, ["get"]),
        (HASH, [answer(GONE, 404)], "not_found", HASH, ["get"]),
        (HASH, [answer({"success": False})], "not_found", HASH, ["get"]),
        # The job of a link is followed to its second hash, and asked for once until then.
        (
            REMOTE,
            [answer({**DONE, "data": {"hash": HASH}}), answer(DONE)],
            "done",
            HASH,
            ["get-remote", "get"],
        ),
        (REMOTE, [answer(DOWNLOADING)], "downloading", REMOTE, ["get-remote"]),
        (REMOTE, [answer(GONE)], "not_found", REMOTE, ["get-remote", "get"]),
    ],
)
def test_a_hash_is_looked_for_where_it_may_be_known(
    ask: Do, hash: str, answers: list[Any], status: str, found: str, asked: list[str]
) -> None:
    wire = Wire(*answers)
    state = ask(wire, "confirm", hash)

    assert (state.status, state.hash) == (status, found)
    assert wire.paths == [f"/api/separation/{name}" for name in asked]


FAILURES = [
    (httpx.ConnectError("no route"), ConnectionFailed),
    (answer({}, 502), UnexpectedResponse),
    (answer({}, 429), RateLimited),
    (answer({"message": "Unauthenticated."}, 401), InvalidToken),
    (answer([]), UnexpectedResponse),
]


def test_what_can_be_no_hash_is_not_asked_about(ask: Do) -> None:
    for wrong in ("", "a\0b", "a\nb", "x" * 1001, None):
        wire = Wire(answer(DONE))
        with pytest.raises(InvalidInput):
            ask(wire, "confirm", wrong)
        assert wire.requests == []


# Replying


def test_a_job_is_believed_when_the_service_says_so(ask: Do) -> None:
    claimed = body({**DONE, "status": "failed"})
    reply: Reply = ask(
        Wire(answer(DONE)), "handle", "POST", {"Content-Type": "application/json"}, claimed, ""
    )

    assert (reply.status, reply.error) == (200, None)
    assert reply.state
    assert (reply.state.status, reply.state.hash) == ("done", HASH)


def test_a_stranger_does_not_learn_which_jobs_there_are(ask: Do) -> None:
    known = ask(Wire(answer(DONE)), "handle", "POST", {}, body(DONE), "")
    unknown = ask(Wire(answer(GONE)), "handle", "POST", {}, body(DONE), "")

    assert unknown.state is None
    assert (unknown.status, unknown.body) == (known.status, known.body) == (200, b"ok")


@pytest.mark.parametrize(
    ("status", "methods", "contents"),
    [
        (200, ["GET", "HEAD", "POST", "PUT", "get"], [b"", b"ping", b"{}", b"[]"]),
        (400, ["POST"], [b"{", b"\0", b"\xff", b"[" * 100_000, b"x" * (MAX_BODY + 1)]),
        (405, ["DELETE", "PATCH", "", "POST\r\nX: y"], [body(DONE)]),
    ],
)
def test_what_names_no_job_is_answered_and_the_service_is_not_asked(
    ask: Do, status: int, methods: list[str], contents: list[bytes]
) -> None:
    wire = Wire(answer(DONE))
    for method in methods:
        for content in contents:
            reply = ask(wire, "handle", method, {}, content, "")
            assert (reply.status, reply.state, reply.error) == (status, None, None)
    assert wire.requests == []


def test_the_right_secret_lets_a_delivery_in(ask: Do) -> None:
    for query in (f"secret={SECRET}", f"x=1&secret={SECRET}".encode()):
        reply = ask(Wire(answer(DONE)), "handle", "POST", {}, body(DONE), query, secret=SECRET)
        assert reply.state
    odd = "ü&=+ %41"
    query = urlencode({"secret": odd})
    assert ask(Wire(answer(DONE)), "handle", "POST", {}, body(DONE), query, secret=odd).state


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
def test_a_wrong_secret_keeps_everything_out(ask: Do, query: str | bytes) -> None:
    wire = Wire(answer(DONE))
    for method, content in (("POST", body(DONE)), ("GET", b""), ("POST", b"{"), ("DELETE", b"")):
        reply = ask(wire, "handle", method, {}, content, query, secret=SECRET)
        assert reply == Reply(403, b"forbidden")
    assert wire.requests == []


def test_an_empty_secret_is_a_mistake_and_not_an_open_door(ask: Do) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        ask(Wire(answer(DONE)), "handle", "POST", {}, body(DONE), "secret=", secret="")


@pytest.mark.parametrize(("failure", "kind"), FAILURES)
def test_a_service_that_can_not_be_asked_has_the_sender_try_again(
    ask: Do, failure: Any, kind: type[MVSepError]
) -> None:
    reply = ask(Wire(failure), "handle", "POST", {}, body(DONE), "")

    assert (reply.status, reply.state) == (503, None)
    assert isinstance(reply.error, kind)
    assert reply.error.hash == HASH
    assert TOKEN not in str(reply)


def test_the_content_type_is_found_whatever_its_case(ask: Do) -> None:
    content = b"hash=" + HASH.encode()
    for name in ("content-type", "Content-Type", "CONTENT-TYPE"):
        assert ask(Wire(answer(DONE)), "handle", "POST", {name: FORM}, content, "").state
        assert not ask(
            Wire(answer(DONE)), "handle", "POST", {name: "text/plain"}, content, ""
        ).state


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
