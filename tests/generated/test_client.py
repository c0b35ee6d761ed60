"""The generated client by itself hands on what it was made with."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from mvsep.transport.connection import TIMEOUT as TIMEOUT_OF_THE_LIBRARY
from mvsep_api.api.app import app_news
from mvsep_api.client import AuthenticatedClient, Client

TIMEOUT = httpx.Timeout(7.0, connect=3.0)
KINDS = pytest.mark.parametrize(
    "kind", [Client, lambda **more: AuthenticatedClient(token="t", **more)], ids=["plain", "token"]
)


@KINDS
@pytest.mark.parametrize("late", [False, True], ids=["made with", "changed later"])
def test_everything_it_was_made_with_reaches_each_request(
    asynchronous: bool, kind: Any, late: bool
) -> None:
    requests: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        if request.url.path == "/elsewhere":
            return httpx.Response(200, json=[])
        return httpx.Response(307, headers={"location": "https://mvsep.com/elsewhere"})

    made = kind(
        base_url="https://mvsep.com",
        follow_redirects=True,
        httpx_args={"transport": httpx.MockTransport(reply)},
        **({} if late else {"timeout": TIMEOUT, "headers": {"x-a": "1"}, "cookies": {"c": "2"}}),
    )
    if late:
        # The httpx client that is there already has to know it too.
        made.get_httpx_client()
        made.get_async_httpx_client()
        clients = [
            made,
            made.with_timeout(TIMEOUT).with_headers({"x-a": "1"}).with_cookies({"c": "2"}),
        ]
        made.with_headers({"x-a": "1"})
        made.with_cookies({"c": "2"})
    else:
        clients = [made]
    for client in clients:
        requests.clear()
        if asynchronous:
            news = asyncio.run(app_news.asyncio(client=client))
        else:
            news = app_news.sync(client=client)

        assert news == []
        assert [request.url.path for request in requests] == ["/api/app/news", "/elsewhere"]
        for request in requests:
            assert request.extensions["timeout"] == TIMEOUT.as_dict()
            assert request.headers["x-a"] == "1"
            assert request.headers["cookie"] == "c=2"


@KINDS
def test_without_a_time_out_of_its_callers_it_has_that_of_the_library(
    asynchronous: bool, kind: Any
) -> None:
    requests: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=[])

    transport = {"transport": httpx.MockTransport(reply)}
    for more in ({}, {"timeout": None}):
        client = kind(base_url="https://mvsep.com", httpx_args=transport, **more)
        if asynchronous:
            asyncio.run(app_news.asyncio(client=client))
        else:
            app_news.sync(client=client)

    ours, none = (request.extensions["timeout"] for request in requests)
    assert ours == TIMEOUT_OF_THE_LIBRARY.as_dict()
    assert (ours["connect"], ours["read"]) == (15, 120)
    assert set(none.values()) == {None}
