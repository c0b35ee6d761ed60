"""The curl calls of the service's API page, and the requests of both clients that say the same.

The order of a form's fields is not compared, with one exception: the token comes last.
"""

import inspect
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import parse_qsl

import attrs
import httpx
import pytest

from contract_tests.harness.facade import ADOPTED, method
from mvsep import MVSep
from mvsep_api.operations import OPERATIONS

TOKEN = "EXAMPLEexampleEXAMPLEexample00"  # in place of the page's "<your API token>"
HASH = "20230327071601-0e3e5c6c85-13-dimensions.mp3"
SITE = "https://mvsep.com"
CONTENT = b"ID3\x04\x00\r\n\r\n--+++\r\n\xff\xfb\x90"


@attrs.frozen
class Curl:
    """One curl call of the page, with its `--form` fields of texts and of files."""

    operation: str
    path: str
    form: Mapping[str, str] | None = None
    files: Mapping[str, str] = MappingProxyType({})

    @property
    def method(self):
        return "GET" if self.form is None else "POST"

    @property
    def query(self):
        return parse_qsl(self.path.partition("?")[2])

    def arguments(self):
        """Return what the facade's method takes for the same; numbers where it wants numbers."""
        with MVSep(TOKEN) as mvsep:
            known = inspect.signature(method(mvsep, self.operation)).parameters
        said = dict(self.query) | dict(self.form or {})
        said.pop("api_token", None)
        return {
            name: int(text) if "int" in str(known[name].annotation) else text
            for name, text in said.items()
        }


ENTRY = {
    "algo_name": "Test Algorithm Name",
    "main_text": "Test Algorithm Description",
    "dataset_type": "2",
    "ensemble": "1",
    "password": "test",
}
LOGIN = {"email": "asdf@example.com", "password": "ASDFQWEr123"}
CREATE = {"sep_type": "9", "add_opt1": "0", "add_opt2": "1", "output_format": "1", "is_demo": "1"}
CALLS = [
    Curl(
        "separation_create",
        "/api/separation/create",
        {"api_token": TOKEN, **CREATE},
        {"audiofile": "/path/to/file.mp3"},
    ),
    Curl("separation_get", f"/api/separation/get?hash={HASH}"),
    Curl("separation_get_remote", "/api/separation/get-remote?hash=n2AwBjy4KsFZfqqR"),
    Curl("separation_cancel", "/api/separation/cancel", {"api_token": TOKEN, "hash": HASH}),
    Curl("app_algorithms", "/api/app/algorithms"),
    Curl("app_news", "/api/app/news?lang=en&start=2&limit=1"),
    Curl("app_queue", "/api/app/queue"),
    Curl("app_demo", "/api/app/demo?start=0&limit=2"),
    Curl("app_login", "/api/app/login", LOGIN),
    # The page: --request GET, with form fields. Its text says POST, and so does a saved answer.
    Curl(
        "app_register",
        "/api/app/register",
        {"name": "user", **LOGIN, "password_confirmation": "ASDFQWEr123"},
    ),
    Curl("app_user", f"/api/app/user?api_token={TOKEN}"),
    Curl(
        "app_separation_history", f"/api/app/separation_history?api_token={TOKEN}&start=1&limit=2"
    ),
    Curl("app_enable_premium", "/api/app/enable_premium", {"api_token": TOKEN}),
    Curl("app_disable_premium", "/api/app/disable_premium", {"api_token": TOKEN}),
    Curl("app_enable_long_filenames", "/api/app/enable_long_filenames", {"api_token": TOKEN}),
    Curl("app_disable_long_filenames", "/api/app/disable_long_filenames", {"api_token": TOKEN}),
    Curl("quality_checker_queue", "/api/quality_checker/queue?&start=1&limit=2"),
    Curl(
        "quality_checker_leaderboard",
        "/api/quality_checker/leaderboard?&start=1&limit=2&algo_name_filter=MVSep",
    ),
    # The page has no api_token here, which its own table calls required.
    Curl(
        "quality_checker_add",
        "/api/quality_checker/add",
        {**ENTRY, "api_token": TOKEN},
        {"zipfile": "/path/to/zipfile"},
    ),
    Curl("quality_checker_entry", "/api/quality_checker/entry?id=7675"),
    # The page: GET in its text. The curl call has form fields and no method, and so sends POST.
    Curl(
        "quality_checker_delete", "/api/quality_checker/delete", {"id": "7720", "password": "test"}
    ),
]

# What newer documents and clients know beside the page.
NOT_ON_THE_PAGE = {
    *("separation_delete", "app_queue_summary"),
    *("account_purchases", "account_credit_alert", "account_set_credit_alert"),
}


@pytest.fixture(params=CALLS, ids=lambda call: call.operation)
def curl(request):
    return request.param


@pytest.fixture
def sent(curl, shell, wire, upload):
    """Return the request that the client sends when it is asked for the same."""
    bare = curl.path.partition("?")[0].endswith(("algorithms", "news", "demo", "checker/queue"))
    wire.answer = httpx.Response(200, json=[] if bare else {"success": True, "data": {}})
    files = {name: upload(CONTENT, PurePosixPath(path).name) for name, path in curl.files.items()}
    token = TOKEN if TOKEN in f"{curl.path} {curl.form}" else None
    wire.call(shell, curl.operation, token=token, **curl.arguments(), **files)
    return wire.only


def test_every_operation_is_on_the_page_or_is_known_from_elsewhere():
    assert len(CALLS) == 21
    assert {call.operation for call in CALLS} | NOT_ON_THE_PAGE == set(OPERATIONS) - ADOPTED
    assert not {call.operation for call in CALLS} & NOT_ON_THE_PAGE


def test_the_method_and_the_address_are_those_of_curl(curl, sent):
    assert sent.method == curl.method
    assert str(sent.url.copy_with(query=None)) == SITE + curl.path.partition("?")[0]


def test_the_query_has_the_names_and_values_of_curl(curl, sent):
    asked = parse_qsl(sent.url.query.decode(), keep_blank_values=True, strict_parsing=True)
    assert sorted(asked) == sorted(curl.query)


def test_the_form_has_the_fields_and_files_of_curl_each_once(curl, sent, wire):
    if curl.form is None:
        assert sent.content == b""
        assert "content-type" not in sent.headers
        return
    expected = [(name, None, value.encode()) for name, value in curl.form.items()]
    expected += [(name, PurePosixPath(path).name, CONTENT) for name, path in curl.files.items()]
    assert sorted(wire.parts()) == sorted(expected)
    if "api_token" in curl.form:
        assert wire.parts()[-1] == ("api_token", None, TOKEN.encode())
