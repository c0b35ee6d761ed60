from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import example, given
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
from mvsep.states import usable_hash
from mvsep.webhooks import MAX_BODY, Delivery, Reply, parse
from tests.wire import BASE_URL, TOKEN, Wire, answer

HASH = "20250131145833-a0bb276157-song.wav"
REMOTE = "n2AwBjy4KsFZfqqR"
SECRET = "cobalt-otter-37"
FILE = {"type": "Vocals", "url": f"{BASE_URL}/storage/v.wav", "download": "v.wav"}
DONE = {"success": True, "status": "done", "data": {"hash": HASH, "files": [FILE]}}
GONE = {"success": False, "status": "not_found", "data": {"message": "File or File Hash not found"}}
FORM = "application/x-www-form-urlencoded"
Do = Callable[..., Any]


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


# Reading


@pytest.mark.parametrize(
    "content",
    [
        body(DONE),
        body({"status": "done", "data": {"hash": HASH}}),
        body({"status": "done", "hash": HASH}),
        body({"status": "done", "hash": HASH, "data": None}),
        body({"status": "done", "hash": HASH, "data": []}),
        body({"status": "done", "hash": "another", "data": {"hash": HASH}}),
        b"\xef\xbb\xbf" + body(DONE),
        json.dumps(DONE).encode("utf-16"),
        urlencode({"status": "done", "hash": HASH}).encode(),
        urlencode(
            {"status": "done", "data[hash]": HASH, "data[files][0][type]": "Vocals"}
        ).encode(),
    ],
)
@pytest.mark.parametrize("content_type", [None, "application/json", f"{FORM}; charset=UTF-8"])
def test_a_job_is_found_in_every_form(content: bytes, content_type: str | None) -> None:
    if content_type == "application/json" and b"=" in content[:10]:
        content_type = FORM
    found = parse(content, content_type)

    assert (found.kind, found.hash, found.status) == ("job", HASH, "done")


def test_an_answer_of_separation_get_gives_the_state_in_full() -> None:
    found = parse(body(DONE))

    assert found.state
    assert (found.state.status, found.state.hash) == ("done", HASH)
    assert [file.label for file in found.state.files] == ["Vocals"]
    assert found.raw == DONE


@pytest.mark.parametrize(
    "content",
    [
        {"hash": HASH, "status": "done", "data": "text"},
        {"hash": HASH, "status": "done", "data": [1, 2]},
        {"hash": HASH, "status": "done", "data": {"files": 5}},
        {"hash": HASH, "status": "done", "data": {"files": ["a"]}},
    ],
)
def test_a_state_that_can_not_be_read_leaves_the_hash(content: Any) -> None:
    found = parse(body(content))
    assert (found.kind, found.hash, found.state) == ("job", HASH, None)


def test_a_job_without_a_status_has_no_state() -> None:
    for status in (None, "", 5, ["done"], "do\nne", "do\0ne", "x" * 65):
        assert parse(body({"hash": HASH, "status": status})) == Delivery(HASH, None, None, "job")


def test_a_status_beside_the_hash_is_state_enough() -> None:
    state = JobState("brand_new", hash=HASH)
    assert parse(body({"hash": HASH, "status": "brand_new"})).state == state


def test_a_hash_may_stand_in_the_address() -> None:
    for query in (f"secret={SECRET}&hash={HASH}&status=done", f"hash={HASH}&status=done".encode()):
        found = parse(b"", None, query)
        assert (found.kind, found.hash, found.status) == ("job", HASH, "done")
    assert parse(body({"hash": HASH}), None, "hash=another").hash == HASH


@pytest.mark.parametrize("content", [b"", b" \r\n", b"ping", "Grüße, hallo".encode(), b"null"])
def test_nothing_and_plain_words_are_a_ping(content: bytes) -> None:
    for content_type in (None, "text/plain", "application/json", FORM):
        assert parse(content, content_type).kind == "ping"
    assert parse(b"1 + 1 = 2", "text/plain").kind == "ping"


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        [DONE],
        5,
        {"event": "test"},
        {"hash": 5},
        {"hash": ""},
        {"hash": "a\0b"},
        {"hash": "a\nb"},
        {"hash": "\ud800"},
        {"hash": "x" * 1001},
        {"hash": [HASH]},
        {"data": {"data": {"hash": HASH}}},
    ],
)
def test_json_that_names_no_job_is_unknown(content: Any) -> None:
    found = parse(body(content))
    assert (found.kind, found.hash, found.state) == ("unknown", None, None)


@pytest.mark.parametrize(
    "content",
    [
        b'{"hash": "' + HASH.encode(),
        b"[1, 2",
        b"\xef\xbb\xbf[1, 2",
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b"ping\0",
        b"\0" * 64,
        b"\xff\xfe\xfd\x00\x01",
        b"\x89PNG\r\n\x1a\n",
        b"x" * (MAX_BODY + 1),
    ],
)
def test_what_can_not_be_read_is_refused_without_repeating_it(content: bytes) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(content)
    assert HASH not in str(caught.value)
    assert len(str(caught.value)) < 100


def test_a_body_of_the_longest_length_is_read() -> None:
    head = body({"hash": HASH})
    assert parse(head + b" " * (MAX_BODY - len(head))).hash == HASH


@pytest.mark.parametrize("content", [None, "text", 5, {}])
def test_a_body_is_bytes(content: Any) -> None:
    with pytest.raises(InvalidInput):
        parse(content)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["hash", "status", "data", "files", "url", "bytes", "success"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(
    content=st.binary()
    | st.text().map(str.encode)
    | VALUES.map(body)
    | st.dictionaries(st.text(), st.text()).map(lambda fields: urlencode(fields).encode()),
    content_type=st.none() | st.text() | st.sampled_from(["application/json", FORM]),
    query=st.none() | st.text() | st.binary(),
)
@example(content=b"", content_type=None, query="&".join(["a=b"] * 1000))
@example(content=b"&".join([b"a=b"] * 1000), content_type=FORM, query=None)
def test_nothing_that_can_be_sent_raises_anything_else(
    content: bytes, content_type: str | None, query: str | bytes | None
) -> None:
    try:
        found = parse(content, content_type, query)
    except InvalidInput:
        return
    assert (found.kind == "job") == (found.hash is not None)
    assert found.state is None or found.state.hash == found.hash
    assert found.hash is None or usable_hash(found.hash)
    assert found.status is None or found.status.isprintable()


@given(VALUES)
def test_json_is_kept_as_it_came(value: Any) -> None:
    assert json.dumps(parse(body(value)).raw) == json.dumps(value)


# Asking the service


@pytest.fixture(name="do", params=["sync", "async"])
def _do(request: pytest.FixtureRequest) -> Do:
    """Call a function for either client; both must behave alike."""

    def with_sync(wire: Wire, name: str, *arguments: Any, **more: Any) -> Any:
        with wire.client() as mvsep:
            if name == "confirm":
                return webhooks.confirm(mvsep, *arguments)
            return webhooks.handle(*arguments, client=mvsep, **more)

    async def with_async(wire: Wire, name: str, *arguments: Any, **more: Any) -> Any:
        async with wire.async_client() as mvsep:
            if name == "confirm":
                return await webhooks.confirm_async(mvsep, *arguments)
            return await webhooks.handle_async(*arguments, client=mvsep, **more)

    if request.param == "sync":
        return with_sync
    return lambda *arguments, **more: asyncio.run(with_async(*arguments, **more))


@pytest.mark.parametrize("status", ["waiting", "processing", "failed", "done", "brand_new"])
def test_the_service_is_asked_once_and_its_word_counts(do: Do, status: str) -> None:
    wire = Wire(answer({**DONE, "status": status}))
    state: JobState = do(wire, "confirm", HASH)

    assert (state.status, state.hash) == (status, HASH)
    assert wire.paths == ["/api/separation/get"]
    assert wire.requests[0].url.params["hash"] == HASH
    assert wire.slept == []


@pytest.mark.parametrize("reply", [answer(GONE), answer(GONE, 404), answer({"success": False})])
def test_a_job_that_the_service_does_not_know_is_not_found(do: Do, reply: httpx.Response) -> None:
    state = do(Wire(reply), "confirm", HASH)
    assert state.status == "not_found"


def test_a_links_job_is_followed_to_its_second_hash(do: Do) -> None:
    wire = Wire(answer({"success": True, "status": "done", "data": {"hash": HASH}}), answer(DONE))
    state = do(wire, "confirm", REMOTE)

    assert (state.status, state.hash) == ("done", HASH)
    assert wire.paths == ["/api/separation/get-remote", "/api/separation/get"]


def test_a_short_hash_that_is_no_download_is_looked_for_among_the_jobs(do: Do) -> None:
    wire = Wire(answer(GONE), answer(GONE))
    assert do(wire, "confirm", REMOTE).status == "not_found"
    assert wire.paths == ["/api/separation/get-remote", "/api/separation/get"]


FAILURES = [
    (httpx.ConnectError("no route"), ConnectionFailed),
    (answer({}, 502), UnexpectedResponse),
    (answer({}, 429), RateLimited),
    (answer({}, 401), InvalidToken),
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
    with Wire(answer(GONE)).client() as mvsep:
        reply = webhooks.handle(method, headers, content, query, client=mvsep, secret=secret)

    assert (reply.status, reply.body) in {
        (200, b"ok"),
        (400, b"bad request"),
        (403, b"forbidden"),
        (405, b"method not allowed"),
        (503, b"try again later"),
    }
    assert reply.state is None
