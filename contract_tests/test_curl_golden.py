"""The curl calls of the service's API page, and what both clients put on the wire for them.

The order of a form's fields is not compared, with one exception: the token comes last.
"""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import httpx
import pytest

from contract_tests.harness.facade import ADOPTED
from mvsep_api.operations import OPERATIONS

TOKEN = "EXAMPLEexampleEXAMPLEexample00"  # in place of the page's "<your API token>"
HASH = "20230327071601-0e3e5c6c85-13-dimensions.mp3"
SITE = "https://mvsep.com"
CONTENT = b"ID3\x04\x00\r\n\r\n--+++\r\n\xff\xfb\x90"


class Curl(NamedTuple):
    """One curl call of the page, and the facade's arguments that say the same.

    Attributes:
        operation: the contract's name for it.
        method: the HTTP method.
        url: the URL, query and all.
        call: the arguments of the facade's method, without the files.
        form: the `--form 'name="value"'` fields.
        files: the `--form 'name=@"path"'` fields.
        page_says: what the page has in another way, and is wrong in.
    """

    operation: str
    method: str
    url: str
    call: Mapping[str, Any]
    form: Mapping[str, str] = {}
    files: Mapping[str, str] = {}
    page_says: str = ""


CALLS = [
    Curl(
        "separation_create",
        "POST",
        f"{SITE}/api/separation/create",
        call={"sep_type": 9, "add_opt1": "0", "add_opt2": "1", "output_format": 1, "is_demo": 1},
        form={
            "api_token": TOKEN,
            "sep_type": "9",
            "add_opt1": "0",
            "add_opt2": "1",
            "output_format": "1",
            "is_demo": "1",
        },
        files={"audiofile": "/path/to/file.mp3"},
    ),
    Curl(
        "separation_get",
        "GET",
        f"{SITE}/api/separation/get?hash={HASH}",
        call={"hash": HASH},
    ),
    Curl(
        "separation_get_remote",
        "GET",
        f"{SITE}/api/separation/get-remote?hash=n2AwBjy4KsFZfqqR",
        call={"hash": "n2AwBjy4KsFZfqqR"},
    ),
    Curl(
        "separation_cancel",
        "POST",
        f"{SITE}/api/separation/cancel",
        call={"hash": HASH},
        form={"api_token": TOKEN, "hash": HASH},
    ),
    Curl("app_algorithms", "GET", f"{SITE}/api/app/algorithms", call={}),
    Curl(
        "app_news",
        "GET",
        f"{SITE}/api/app/news?lang=en&start=2&limit=1",
        call={"lang": "en", "start": 2, "limit": 1},
    ),
    Curl("app_queue", "GET", f"{SITE}/api/app/queue", call={}),
    Curl(
        "app_demo",
        "GET",
        f"{SITE}/api/app/demo?start=0&limit=2",
        call={"start": 0, "limit": 2},
    ),
    Curl(
        "app_login",
        "POST",
        f"{SITE}/api/app/login",
        call={"email": "asdf@example.com", "password": "ASDFQWEr123"},
        form={"email": "asdf@example.com", "password": "ASDFQWEr123"},
    ),
    Curl(
        "app_register",
        "POST",
        f"{SITE}/api/app/register",
        call={
            "name": "user",
            "email": "asdf@example.com",
            "password": "ASDFQWEr123",
            "password_confirmation": "ASDFQWEr123",
        },
        form={
            "name": "user",
            "email": "asdf@example.com",
            "password": "ASDFQWEr123",
            "password_confirmation": "ASDFQWEr123",
        },
        page_says="--request GET, with form fields; its text says POST, and so does a saved answer",
    ),
    Curl("app_user", "GET", f"{SITE}/api/app/user?api_token={TOKEN}", call={}),
    Curl(
        "app_separation_history",
        "GET",
        f"{SITE}/api/app/separation_history?api_token={TOKEN}&start=1&limit=2",
        call={"start": 1, "limit": 2},
    ),
    *(
        Curl(f"app_{name}", "POST", f"{SITE}/api/app/{name}", call={}, form={"api_token": TOKEN})
        for name in (
            "enable_premium",
            "disable_premium",
            "enable_long_filenames",
            "disable_long_filenames",
        )
    ),
    Curl(
        "quality_checker_queue",
        "GET",
        f"{SITE}/api/quality_checker/queue?&start=1&limit=2",
        call={"start": 1, "limit": 2},
    ),
    Curl(
        "quality_checker_leaderboard",
        "GET",
        f"{SITE}/api/quality_checker/leaderboard?&start=1&limit=2&algo_name_filter=MVSep",
        call={"start": 1, "limit": 2, "algo_name_filter": "MVSep"},
    ),
    Curl(
        "quality_checker_add",
        "POST",
        f"{SITE}/api/quality_checker/add",
        call={
            "algo_name": "Test Algorithm Name",
            "main_text": "Test Algorithm Description",
            "dataset_type": "2",
            "ensemble": 1,
            "password": "test",
        },
        form={
            "algo_name": "Test Algorithm Name",
            "main_text": "Test Algorithm Description",
            "dataset_type": "2",
            "ensemble": "1",
            "password": "test",
            "api_token": TOKEN,
        },
        files={"zipfile": "/path/to/zipfile"},
        page_says="no api_token, which its own table calls required",
    ),
    Curl(
        "quality_checker_entry",
        "GET",
        f"{SITE}/api/quality_checker/entry?id=7675",
        call={"id": 7675},
    ),
    Curl(
        "quality_checker_delete",
        "POST",
        f"{SITE}/api/quality_checker/delete",
        call={"id": 7720, "password": "test"},
        form={"id": "7720", "password": "test"},
        page_says="GET in its text; the curl call has form fields and no method, and so sends POST",
    ),
]

# What newer documents and clients know beside the page.
NOT_ON_THE_PAGE = {
    "separation_delete",
    "app_queue_summary",
    "account_purchases",
    "account_credit_alert",
    "account_set_credit_alert",
}


@pytest.fixture(params=CALLS, ids=lambda call: call.operation)
def curl(request):
    return request.param


@pytest.fixture
def sent(curl, shell, wire, upload):
    """What the client sends when it is asked for the same."""
    bare = httpx.URL(curl.url).path.endswith(("algorithms", "news", "demo", "checker/queue"))
    wire.answer = httpx.Response(200, json=[] if bare else {"success": True, "data": {}})
    files = {name: upload(CONTENT, PurePosixPath(path).name) for name, path in curl.files.items()}
    token = TOKEN if TOKEN in f"{curl.url} {curl.form}" else None
    wire.call(shell, curl.operation, token=token, **curl.call, **files)
    return wire.only


def test_every_operation_is_on_the_page_or_is_known_from_elsewhere():
    assert len(CALLS) == 21
    assert {call.operation for call in CALLS} | NOT_ON_THE_PAGE == set(OPERATIONS) - ADOPTED
    assert not {call.operation for call in CALLS} & NOT_ON_THE_PAGE


def test_the_method_and_the_address_are_those_of_curl(curl, sent):
    assert sent.method == curl.method
    assert sent.url.copy_with(query=None) == httpx.URL(curl.url).copy_with(query=None)


def test_the_query_has_the_names_and_values_of_curl(curl, sent):
    asked = parse_qsl(sent.url.query.decode(), keep_blank_values=True, strict_parsing=True)
    assert sorted(asked) == sorted(parse_qsl(curl.url.partition("?")[2]))


def test_the_form_has_the_fields_and_files_of_curl_each_once(curl, sent, wire):
    expected = [(name, None, value.encode()) for name, value in curl.form.items()]
    expected += [(name, PurePosixPath(path).name, CONTENT) for name, path in curl.files.items()]
    if curl.method == "GET":
        assert expected == []
        assert sent.content == b""
        assert "content-type" not in sent.headers
    else:
        assert sorted(wire.parts()) == sorted(expected)


@pytest.mark.parametrize(
    "curl",
    [call for call in CALLS if "api_token" in call.form],
    ids=lambda call: call.operation,
)
def test_the_token_is_the_last_field_of_a_form(curl, sent, wire):
    assert wire.parts()[-1] == ("api_token", None, TOKEN.encode())


def test_the_token_is_where_curl_has_it_and_nowhere_else(curl, sent):
    body = sent.content.decode("latin-1")
    headers = "\n".join(sent.headers.values())
    places = [str(sent.url).count(TOKEN), body.count(TOKEN), headers.count(TOKEN)]
    assert places == [curl.url.count(TOKEN), "".join(curl.form.values()).count(TOKEN), 0]
    assert not re.search("authorization|cookie", " ".join(sent.headers), re.IGNORECASE)
