"""The httpx clients for the service: what they leave out makes no difference."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mvsep.transport.connection import ApiClient, AsyncApiClient
from tests.wire import BASE_URL

VALUES = st.one_of(st.text(max_size=8), st.integers(0, 1), st.booleans(), st.none())
PARAMS = st.dictionaries(st.sampled_from(["hash", "mirror", "a b"]), VALUES | st.lists(VALUES))
PATH = "/api/app/news"
PATHS = st.sampled_from([PATH, "/api/a%20b/7", "/api/ö"])


@pytest.mark.parametrize("kind", [ApiClient, AsyncApiClient])
@example(asked=[(PATH, {"a": True}), (PATH, {"a": "True"})])
@example(asked=[(PATH, {"a": None}), (PATH, {"a": "None"})])
@example(asked=[(PATH, {"a": ["b", "c"]}), (PATH, {"a": "['b', 'c']"})])
@example(asked=[(PATH, {"a": "1"}), (PATH, {"b": "1"}), ("/api/app/news/", {"a": "1"})])
@given(asked=st.lists(st.tuples(PATHS, PARAMS), min_size=1, max_size=4))
def test_every_address_is_written_as_httpx_writes_it(
    kind: type[ApiClient | AsyncApiClient], asked: list[tuple[str, dict[str, Any]]]
) -> None:
    client, plain = kind(BASE_URL), httpx.Client(base_url=BASE_URL)
    for path, params in asked * 2:
        expected = plain.build_request("GET", path, params=params).url
        assert client.build_request("GET", path, params=params).url == expected


def test_a_cookie_of_an_answer_comes_back_with_the_next_call() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"set-cookie": "a=b"}, text=str(request.headers))

    client = ApiClient(BASE_URL, transport=httpx.MockTransport(answer), cookies={"c": "d"})
    first, second = client.get("/api/app/news"), client.get("/api/app/news")

    assert "c=d" in first.text
    assert "a=b" not in first.text
    assert "a=b" in second.text
