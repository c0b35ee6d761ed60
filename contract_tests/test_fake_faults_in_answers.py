"""Faults of the fake server in answers that arrive whole: their status, headers and body."""

import email.utils
import gzip
import json
import re
import time

import httpx
import pytest

from contract_tests.faulty import PLACES, recorded, staged
from mvsep.testing.faults import garbage, hostile, quirks, refusals, statuses

TESTED = set()
cases = recorded(TESTED)
standing, stage = staged()


def struck(stage, name, phase):
    heard = stage.struck(name, phase)
    assert heard.end == "closed"
    return heard


def data_of(heard):
    return json.loads(heard.body)


# Another answer: its status, some headers, and its body as bytes, JSON data, pattern or test


def page(name):
    status = name.split("-")[1]
    nginx = rb".*<center>nginx</center>.*"
    body = rb"%b" % nginx if int(status) < 520 else rb"(?!%b).*" % nginx
    body = re.compile(rb"(?s)(?=.*%b)%b" % (status.encode(), body))
    return int(status), {"content-type": ["text/html"], "retry-after": []}, body


def cut_json(body):
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(body)
    return body.startswith(b'{"')


def json_in_a_list(body):
    (inside,) = json.loads(body)
    return "success" in inside


def no_gzip(body):
    with pytest.raises((gzip.BadGzipFile, EOFError)):
        gzip.decompress(body)
    return True


FULL = "You already have unprocessed file in queue. Please wait before adding new file!"
PREMIUM = "Seperation type is unavailable until you purchase premium membership"
DAY_LIMIT = (
    "You have reached the limit of separations for today. Please try again tomorrow or consider "
    "signing up for a premium account."
)
REQUIRED = {"sep_type": ["The sep type field is required."]}
WORDS = {"content-type": ["application/json"]}, re.compile(rb'\{"message": ?"[^"]+"\}')
LIMITS = {"x-ratelimit-limit": ["120"], "x-ratelimit-remaining": ["0"]}
PAGES = [fault.name for fault in statuses.TABLE if re.fullmatch(r"http-\d+(-after)?", fault.name)]
ANSWERS = {
    **{name: page(name) for name in PAGES},
    "http-429-seconds": (429, {"retry-after": ["2"], **LIMITS}, None),
    "http-503-seconds": (503, {"retry-after": ["2"]}, None),
    "http-429-words": (429, {"retry-after": ["soon"]}, None),
    "http-429-ages": (429, {"retry-after": ["1000000"]}, None),
    "http-503-maintenance": (503, *WORDS),
    "http-500-json": (500, *WORDS),
    "http-500-json-after": (500, *WORDS),
    "http-502-empty": (502, {}, b""),
    # Refusals
    "queue-full": (400, {}, {"success": False, "errors": [FULL]}),
    "premium-required": (400, {}, {"success": False, "errors": [PREMIUM]}),
    "type-not-set": (400, {}, {"success": False, "errors": ["Seperation type is not set"]}),
    "quota-used-up": (400, {}, {"success": False, "errors": [DAY_LIMIT]}),
    "credits-run-out": (400, {}, {"success": False, "errors": ["You do not have enough credits"]}),
    "file-too-large": (400, {}, {"success": False, "errors": [refusals.TOO_LARGE]}),
    "file-too-long": (400, {}, {"success": False, "errors": [refusals.TOO_LONG]}),
    "token-refused": (401, {}, {"message": "Unauthenticated."}),
    "token-refused-400": (400, {}, {"success": False, "message": "Invalid API key"}),
    "errors-as-text": (400, {}, {"success": False, "errors": FULL}),
    "errors-by-field": (400, {}, {"success": False, "errors": REQUIRED}),
    "refusal-in-data": (400, {}, {"success": False, "data": {"message": FULL}}),
    "refusal-in-message": (400, {}, {"success": False, "message": FULL}),
    "refusal-in-error": (400, {}, {"success": False, "error": FULL}),
    "refusal-422": (
        422,
        {},
        {"success": False, "message": "The given data was invalid.", "errors": REQUIRED},
    ),
    "refusal-200": (200, {}, {"success": False, "errors": [FULL]}),
    "refusal-200-text": (200, {}, {"success": "false", "errors": [FULL]}),
    "refusal-without-words": (400, {}, {"success": False}),
    "ask-refused-401": (401, {}, {"message": "Unauthenticated."}),
    # Garbage
    "json-null": (200, {}, b"null"),
    "json-text": (200, {}, b'"OK"'),
    "json-number": (200, {}, b"1"),
    "json-empty-object": (200, {}, b"{}"),
    "plain-words": (200, {}, b"OK"),
    "bytes-of-nothing": (200, {}, bytes(range(256))),
    "empty-body": (200, {}, b""),
    "empty-body-after": (200, {}, b""),
    **dict.fromkeys(
        ("html-200", "html-200-after"),
        (
            200,
            {"content-type": ["text/html; charset=utf-8"]},
            re.compile(rb"(?s)<!doctype html>.*"),
        ),
    ),
    "no-content": (204, {"content-length": []}, b""),
    "truncated-json": (200, {}, cut_json),
    "oversized-json": (200, {}, re.compile(rb'\{.*\}\s*\{"success":false\}')),
    "php-warning": (200, {}, re.compile(rb"(?s)<br />.*\}")),
    "json-in-a-list": (200, {}, json_in_a_list),
    "json-deep": (200, {}, re.compile(rb"\[{100000}\]{100000}")),
    "not-gzip": (200, {"content-encoding": ["gzip"]}, no_gzip),
    "gzip-cut": (200, {"content-encoding": ["gzip"]}, no_gzip),
}


@cases(*ANSWERS)
def test_an_answer_has_the_status_the_headers_and_the_body_of_its_fault(stage, name, phase):
    heard = struck(stage, name, phase)
    status, headers, body = ANSWERS[name]
    assert heard.status == status
    expected = {"content-length": [str(len(heard.body))], **headers}
    assert {header: heard.values(header) for header in expected} == expected
    if isinstance(body, bytes):
        assert heard.body == body
    elif isinstance(body, re.Pattern):
        assert body.fullmatch(heard.body)
    elif callable(body):
        assert body(heard.body)
    elif body is not None:
        assert data_of(heard) == body


@cases("http-429-date")
def test_a_status_says_when_to_come_again_as_a_date(stage, name, phase):
    began = time.time()
    heard = struck(stage, name, phase)
    ended = time.time()
    (after,) = heard.values("retry-after")
    until = email.utils.parsedate_to_datetime(after).timestamp()
    assert heard.status == 429
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", after)
    # Dates are in whole seconds.
    assert began - 1 <= until - statuses.RETRY_SECONDS <= ended


# Redirects

TARGETS = {
    "redirect-elsewhere": (302, "http://localhost:{port}{path}"),
    "redirect-301-elsewhere": (301, "http://localhost:{port}{path}"),
    "redirect-303-elsewhere": (303, "http://localhost:{port}{path}"),
    "redirect-307-elsewhere": (307, "http://localhost:{port}{path}"),
    "redirect-308-elsewhere": (308, "http://localhost:{port}{path}"),
    "redirect-to-itself": (302, "{path}"),
    "redirect-307-to-itself": (307, "{path}"),
    "redirect-nowhere": (302, None),
    "redirect-to-a-file": (302, "file:///etc/passwd"),
    "redirect-odd": (302, "http://[:::"),
    "redirect-to-login": (302, "/login"),
    "redirect-303-after": (303, "/separations"),
    "redirect-307-after": (307, "{path}"),
}


@cases(*TARGETS)
def test_an_answer_leads_elsewhere(stage, name, phase):
    heard = struck(stage, name, phase)
    status, target = TARGETS[name]
    url = httpx.URL(stage.server.url if phase == "submit" else stage.address(phase))
    path = "/api/separation/create" if phase == "submit" else url.raw_path.decode()
    assert heard.status == status
    expected = [] if target is None else [target.format(port=url.port, path=path)]
    assert heard.values("location") == expected


@pytest.mark.parametrize("phase", ["poll", "download"])
def test_another_host_is_the_same_server_under_another_name(stage, phase):
    stage.faults.add("redirect-elsewhere", PLACES[phase])
    answer = httpx.get(stage.address(phase), follow_redirects=True)
    assert (answer.status_code, answer.url.host) == (200, "localhost")


def test_another_host_can_be_named(stage):
    stage.faults.elsewhere = "https://files.example"
    try:
        stage.faults.add("redirect-elsewhere", "separation_get")
        location = stage.ask("poll").headers["location"]
    finally:
        stage.faults.elsewhere = None
    assert location == f"https://files.example/api/separation/get?hash={stage.job}"


# Quirks: the right answer, said oddly

HEADERS = {
    "type-html": {"content-type": ["text/html; charset=UTF-8"]},
    "type-missing": {"content-type": []},
    "rate-limit-missing": {"x-ratelimit-limit": [], "x-ratelimit-remaining": []},
    "rate-limit-used-up": {"x-ratelimit-limit": ["120"], "x-ratelimit-remaining": ["0"]},
    "rate-limit-words": {"x-ratelimit-limit": ["many"], "x-ratelimit-remaining": ["-5"]},
    "set-cookie": {"set-cookie": ["mvsep_session=abc; Path=/; HttpOnly"]},
    "length-missing": {"content-length": [], "transfer-encoding": ["chunked"]},
    "hangs-up-after": {"connection": ["close"]},
}
SUCCESS = {"success-as-text": "true", "success-as-number": 1, "success-missing": "missing"}
STARTS = {
    "byte-order-mark": b"\xef\xbb\xbf{",
    "blank-lines": b"\r\n\n{",
    "pretty-json": b"{\n",
    "gzip-always": b"\x1f\x8b",
}


def same(stage, phase, body):
    """Check that a body says what it should; every create says another hash."""
    right = json.loads(stage.heard(phase).body)
    return body.keys() == right.keys() if phase == "submit" else body == right


@cases(*HEADERS)
def test_a_header_is_odd_and_the_answer_right(stage, name, phase):
    plain = stage.heard(phase)
    heard = struck(stage, name, phase)
    assert heard.status == 200
    assert {header: heard.values(header) for header in HEADERS[name]} == HEADERS[name]
    stage.faults.add(name, PLACES[phase])
    answer, after = stage.ask(phase), stage.ask(phase)
    assert ("connection" in answer.headers) == (name == "hangs-up-after")
    assert "connection" not in after.headers
    assert (
        answer.content == plain.body if phase == "download" else same(stage, phase, answer.json())
    )


@cases(*SUCCESS)
def test_success_is_another_value(stage, name, phase):
    body = data_of(struck(stage, name, phase))
    success, expected = body.pop("success", "missing"), SUCCESS[name]
    assert (type(success), success) == (type(expected), expected)
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
    assert phase == "poll" or same(stage, phase, body)


@cases(*STARTS)
def test_json_is_written_otherwise(stage, name, phase):
    heard = struck(stage, name, phase)
    packed = heard.values("content-encoding") == ["gzip"]
    assert packed == (name == "gzip-always")
    assert heard.body.startswith(STARTS[name])
    text = gzip.decompress(heard.body) if packed else heard.body
    assert same(stage, phase, json.loads(text.decode("utf-8-sig")))


@cases("slow-drip", "held-answer")
def test_an_answer_waits_at_the_gate(stage, name, phase):
    gate = stage.faults.gate
    whole = stage.heard(phase).body
    gate.close()
    before, drops = gate.passed, 3 if name == "slow-drip" else 0
    try:
        stage.faults.add(name, PLACES[phase])
        with stage.connect() as connection:
            connection.sendall(stage.request(phase))
            gate.let(drops)
            got = b""
            while drops and len(got.partition(b"\r\n\r\n")[2]) < drops * max(1, len(whole) // 16):
                got += connection.recv(1 << 16)
            for _ in range(3):
                stage.ask("poll" if phase != "poll" else "remote")
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)
            connection.settimeout(60)
            assert gate.passed - before == drops
            gate.open()
            while piece := connection.recv(1 << 16):
                got += piece
    finally:
        gate.open()
    body = got.partition(b"\r\n\r\n")[2]
    assert len(body) == len(whole)
    assert phase != "download" or body == whole


def test_every_fault_is_tested():
    tables = statuses.TABLE, refusals.TABLE, garbage.TABLE, quirks.TABLE, hostile.TABLE
    known = {fault.name for table in tables for fault in table if not fault.needs_socket}
    elsewhere = {fault.name for fault in hostile.TABLE if not fault.name.startswith("redirect")}
    assert known - elsewhere == TESTED
