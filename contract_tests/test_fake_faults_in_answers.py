"""What the fake server's faults do to an answer that arrives whole: its status, headers, body."""

import datetime
import email.utils
import gzip
import json
import re

import httpx
import pytest

from contract_tests.faulty import PLACES, recorded, staged
from mvsep.testing import FAULTS
from mvsep.testing.faults import garbage, hostile, refusals, statuses

TESTED = set()
cases = recorded(TESTED)


standing, stage = staged()


def named(table, kind=None):
    return [fault.name for fault in table if not fault.needs_socket and kind in {None, fault.kind}]


def struck(stage, name, phase, *headers):
    """The answer as it stands on the wire, and as httpx reads it."""
    before = stage.jobs
    stage.faults.add(name, PLACES[phase])
    heard = stage.heard(phase, *headers)
    assert stage.faults.fired[-1].name == name
    assert heard.end == "closed"
    if phase == "submit":
        assert stage.jobs - before == FAULTS[name].acts
    return heard


def data_of(heard):
    return json.loads(heard.body)


# Statuses


STATUS = [n for n in named(statuses.TABLE) if re.fullmatch(r"http-\d+(-after)?", n)]


@cases(*STATUS)
def test_a_status_comes_with_a_page(stage, name, phase):
    heard = struck(stage, name, phase)
    status = int(name.split("-")[1])
    assert heard.status == status
    assert heard.values("content-type") == ["text/html"]
    assert str(status).encode() in heard.body
    assert (b"<center>nginx</center>" in heard.body) == (status < 520)
    assert not heard.values("retry-after")


AFTER = {
    "http-429-seconds": r"2",
    "http-503-seconds": r"2",
    "http-429-date": r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT",
    "http-429-words": "soon",
    "http-429-ages": "1000000",
}


@cases(*AFTER)
def test_a_status_says_when_to_come_again(stage, name, phase):
    heard = struck(stage, name, phase)
    (after,) = heard.values("retry-after")
    assert heard.status == int(name.split("-")[1])
    assert re.fullmatch(AFTER[name], after)
    if name == "http-429-date":
        now = email.utils.parsedate_to_datetime(heard.values("date")[0])
        until = email.utils.parsedate_to_datetime(after)
        assert until - now <= datetime.timedelta(seconds=statuses.RETRY_SECONDS + 1)
    if name == "http-429-seconds":
        assert heard.values("x-ratelimit-limit") == ["120"]
        assert heard.values("x-ratelimit-remaining") == ["0"]


@cases("http-503-maintenance", "http-500-json", "http-500-json-after")
def test_a_failure_comes_in_json(stage, name, phase):
    heard = struck(stage, name, phase)
    assert heard.status == int(name.split("-")[1])
    assert heard.values("content-type") == ["application/json"]
    assert data_of(heard).keys() == {"message"}


@cases("http-502-empty")
def test_a_status_comes_with_nothing(stage, name, phase):
    heard = struck(stage, name, phase)
    assert (heard.status, heard.body) == (502, b"")


# Refusals

FULL = "You already have unprocessed file in queue. Please wait before adding new file!"
PREMIUM = "Seperation type is unavailable until you purchase premium membership"
REQUIRED = {"sep_type": ["The sep type field is required."]}
NOES = {
    "queue-full": (400, {"success": False, "errors": [FULL]}),
    "premium-required": (400, {"success": False, "errors": [PREMIUM]}),
    "type-not-set": (400, {"success": False, "errors": ["Seperation type is not set"]}),
    "quota-used-up": (400, {"success": False, "errors": [refusals.QUOTA]}),
    "credits-run-out": (400, {"success": False, "errors": ["You do not have enough credits"]}),
    "file-too-large": (400, {"success": False, "errors": [refusals.TOO_LARGE]}),
    "file-too-long": (400, {"success": False, "errors": [refusals.TOO_LONG]}),
    "token-refused": (401, {"message": "Unauthenticated."}),
    "token-refused-400": (400, {"success": False, "message": "Invalid API key"}),
    "errors-as-text": (400, {"success": False, "errors": FULL}),
    "errors-by-field": (400, {"success": False, "errors": REQUIRED}),
    "refusal-in-data": (400, {"success": False, "data": {"message": FULL}}),
    "refusal-in-message": (400, {"success": False, "message": FULL}),
    "refusal-in-error": (400, {"success": False, "error": FULL}),
    "refusal-422": (
        422,
        {"success": False, "message": "The given data was invalid.", "errors": REQUIRED},
    ),
    "refusal-200": (200, {"success": False, "errors": [FULL]}),
    "refusal-200-text": (200, {"success": "false", "errors": [FULL]}),
    "refusal-without-words": (400, {"success": False}),
    "ask-refused-401": (401, {"message": "Unauthenticated."}),
}


@cases(*NOES)
def test_the_service_says_no(stage, name, phase):
    heard = struck(stage, name, phase)
    assert (heard.status, data_of(heard)) == NOES[name]


def test_what_is_refused_costs_nothing(stage):
    before = stage.server.state.credits_charged
    for name in named(refusals.TABLE):
        if "submit" in FAULTS[name].phases:
            struck(stage, name, "submit")
    assert stage.server.state.credits_charged == before


# Garbage

BODIES = {
    "json-null": b"null",
    "json-text": b'"OK"',
    "json-number": b"1",
    "json-empty-object": b"{}",
    "plain-words": b"OK",
    "bytes-of-nothing": bytes(range(256)),
    "empty-body": b"",
    "empty-body-after": b"",
}


@cases(*BODIES)
def test_a_body_is_another(stage, name, phase):
    heard = struck(stage, name, phase)
    assert (heard.status, heard.body) == (200, BODIES[name])
    assert heard.values("content-length") == [str(len(heard.body))]


@cases("html-200", "html-200-after")
def test_a_page_comes_with_status_200(stage, name, phase):
    heard = struck(stage, name, phase)
    assert heard.status == 200
    assert heard.values("content-type") == ["text/html; charset=utf-8"]
    assert heard.body.startswith(b"<!doctype html>")


@cases("no-content")
def test_no_content_comes(stage, name, phase):
    heard = struck(stage, name, phase)
    assert (heard.status, heard.body) == (204, b"")


@cases("truncated-json")
def test_json_is_cut_under_the_right_length(stage, name, phase):
    heard = struck(stage, name, phase)
    assert heard.values("content-length") == [str(len(heard.body))]
    assert heard.body.startswith(b'{"')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        data_of(heard)


@cases("oversized-json", "php-warning")
def test_there_is_more_than_json(stage, name, phase):
    heard = struck(stage, name, phase)
    with pytest.raises(ValueError, match=r"Extra data|Expecting value"):
        data_of(heard)
    begins, ends = heard.body.startswith(b"<br />"), heard.body.endswith(b'{"success":false}')
    assert (begins, ends) == (name == "php-warning", name == "oversized-json")


@cases("json-in-a-list")
def test_json_is_in_a_list(stage, name, phase):
    (inside,) = data_of(struck(stage, name, phase))
    assert "success" in inside


@cases("json-deep")
def test_json_is_deep(stage, name, phase):
    assert re.fullmatch(rb"\[{100000}\]{100000}", struck(stage, name, phase).body)


@cases("not-gzip", "gzip-cut")
def test_gzip_is_broken(stage, name, phase):
    heard = struck(stage, name, phase)
    assert heard.values("content-encoding") == ["gzip"]
    with pytest.raises((gzip.BadGzipFile, EOFError)):
        gzip.decompress(heard.body)
    stage.faults.add(name, PLACES[phase])
    if name == "not-gzip":
        with pytest.raises(httpx.DecodingError):
            stage.ask(phase)


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


def test_every_fault_is_tested():
    tables = statuses.TABLE, refusals.TABLE, garbage.TABLE
    redirects = [name for name in named(hostile.TABLE) if name.startswith("redirect")]
    assert {name for table in tables for name in named(table)} | set(redirects) == TESTED
