"""The fake server's quirks: answers that are right and come oddly."""

import gzip
import json

import pytest

from contract_tests.faulty import PLACES, recorded, staged
from mvsep.testing.faults import quirks

TESTED = set()
cases = recorded(TESTED)
standing, stage = staged()


def struck(stage, name, phase):
    """The answer as it stands on the wire."""
    before = stage.jobs
    stage.faults.add(name, PLACES[phase])
    heard = stage.heard(phase)
    assert stage.faults.fired[-1].name == name
    assert (heard.status, heard.end) == (200, "closed")
    assert stage.jobs - before == (phase == "submit")
    return heard


def data_of(heard):
    return json.loads(heard.body)


HEADERS = {
    "type-html": {"content-type": ["text/html; charset=UTF-8"]},
    "type-missing": {"content-type": []},
    "rate-limit-missing": {"x-ratelimit-limit": [], "x-ratelimit-remaining": []},
    "rate-limit-used-up": {"x-ratelimit-limit": ["120"], "x-ratelimit-remaining": ["0"]},
    "rate-limit-words": {"x-ratelimit-limit": ["many"], "x-ratelimit-remaining": ["-5"]},
    "set-cookie": {"set-cookie": ["mvsep_session=abc; Path=/; HttpOnly"]},
    "length-missing": {"content-length": [], "transfer-encoding": ["chunked"]},
}


def same(stage, phase, body):
    """Whether a body says what it should; every create says another hash."""
    right = stage.heard(phase).body
    if phase == "submit":
        return body.keys() == json.loads(right).keys()
    return body == json.loads(right)


@cases(*HEADERS)
def test_a_header_is_odd_and_the_answer_right(stage, name, phase):
    plain = stage.heard(phase)
    heard = struck(stage, name, phase)
    for header, values in HEADERS[name].items():
        assert heard.values(header) == values
        assert name == "type-missing" or plain.values(header) != values or phase == "download"
    stage.faults.add(name, PLACES[phase])
    answer = stage.ask(phase)
    assert (
        answer.content == plain.body if phase == "download" else same(stage, phase, answer.json())
    )


@cases("hangs-up-after")
def test_the_server_closes_the_connection_though_nobody_asked(stage, name, phase):
    stage.faults.add(name, PLACES[phase])
    answer = stage.ask(phase)
    assert answer.headers["connection"] == "close"
    assert "connection" not in stage.ask(phase).headers


@cases("success-as-text", "success-as-number")
def test_success_is_of_another_type(stage, name, phase):
    body = data_of(struck(stage, name, phase))
    success = body.pop("success")
    assert (type(success), success) == ((str, "true") if name == "success-as-text" else (int, 1))
    assert same(stage, phase, {"success": True, **body})


@cases("success-missing")
def test_success_is_missing(stage, name, phase):
    body = data_of(struck(stage, name, phase))
    assert "success" not in body
    assert same(stage, phase, {"success": True, **body})


def numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for each in value for number in numbers(each)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


@cases("numbers-as-text")
def test_no_number_is_a_number(stage, name, phase):
    right = json.loads(stage.heard(phase).body)
    body = data_of(struck(stage, name, phase))
    assert not numbers(body)
    assert numbers(right)
    if phase == "poll":
        assert body["data"]["files"][0]["bytes"] == str(right["data"]["files"][0]["bytes"])


@cases("more-keys", "megabyte-of-filler")
def test_there_is_more_in_the_answer(stage, name, phase):
    body = data_of(struck(stage, name, phase))
    if name == "more-keys":
        assert body.pop("new_in_2027") == {"a": [1, None]}
        assert body["data"].pop("new_in_2027") == {"a": [1, None]}
    else:
        assert len(body.pop("filler")) == 1 << 20
    assert phase in {"poll"} or same(stage, phase, body)


@cases("byte-order-mark", "blank-lines", "pretty-json")
def test_json_is_written_otherwise(stage, name, phase):
    heard = struck(stage, name, phase)
    start = {"byte-order-mark": b"\xef\xbb\xbf{", "blank-lines": b"\r\n\n{", "pretty-json": b"{\n"}
    assert heard.body.startswith(start[name])
    assert same(stage, phase, json.loads(heard.body.decode("utf-8-sig")))


@cases("gzip-always")
def test_a_short_answer_is_packed(stage, name, phase):
    heard = struck(stage, name, phase)
    assert heard.values("content-encoding") == ["gzip"]
    assert same(stage, phase, json.loads(gzip.decompress(heard.body)))


@cases("slow-drip", "held-answer")
def test_an_answer_waits_at_the_gate(stage, name, phase):
    gate = stage.faults.gate
    whole = len(stage.heard(phase).body)
    gate.close()
    before = gate.passed
    try:
        stage.faults.add(name, PLACES[phase])
        with stage.connect() as connection:
            connection.sendall(stage.request(phase))
            got = b""
            if name == "slow-drip":
                gate.let(3)
                while len(got.partition(b"\r\n\r\n")[2]) < 3 * max(1, whole // 16):
                    got += connection.recv(1 << 16)
            for _ in range(3):
                stage.ask("poll" if phase != "poll" else "remote")
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)
            connection.settimeout(60)
            assert gate.passed - before == (3 if name == "slow-drip" else 0)
            gate.open()
            while piece := connection.recv(1 << 16):
                got += piece
    finally:
        gate.open()
    body = got.partition(b"\r\n\r\n")[2]
    assert len(body) == whole
    assert phase != "download" or body == stage.heard(phase).body


def test_every_quirk_is_tested():
    assert {fault.name for fault in quirks.TABLE} == TESTED
