"""What a webhook carries is read, whatever it is."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mvsep import InvalidInput, JobState
from mvsep.job_state import usable_hash
from mvsep.webhooks import MAX_BODY, Delivery, parse
from tests.webhook_bodies import DONE, FORM, HASH, SECRET, VALUES, body

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
        body({"hash": HASH, "data": [{}] * 500_000}),
        b"ping\0",
        b"\0" * 64,
        b"\xff\xfe\xfd\x00\x01",
        b"\x89PNG\r\n\x1a\n",
        b"x" * (MAX_BODY + 1),
        *(None, "text", 5, {}),
    ],
)
def test_what_can_not_be_read_is_refused_without_repeating_it(content: Any) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(content)
    assert HASH not in str(caught.value)
    assert len(str(caught.value)) < 100


def test_a_body_of_the_longest_length_is_read() -> None:
    head = body({"hash": HASH})
    assert parse(head + b" " * (MAX_BODY - len(head))).hash == HASH


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
