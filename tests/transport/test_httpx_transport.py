"""The token goes to the service's hosts only, and nowhere a person may read it."""

from __future__ import annotations

import logging

import httpx
import pytest

from mvsep import InvalidInput, MVSep
from tests.wire import BASE_URL, TOKEN, Wire, answer


def test_http2_logs_no_token() -> None:
    with Wire(answer({})).client():
        pass
    for name in ("hpack.hpack", "hpack.table"):
        record = logging.LogRecord(
            name, logging.DEBUG, "", 0, "Adding %s", (f"/x?api_token={TOKEN}".encode(),), None
        )
        assert logging.getLogger(name).filter(record)
        assert TOKEN not in record.getMessage()


def test_the_callers_own_httpx_client_is_used_and_left_open() -> None:
    calls: list[str] = []
    wire = Wire(answer({"success": True, "data": {}}))
    http = httpx.Client(
        transport=httpx.MockTransport(wire),
        headers={"X-Mine": "yes"},
        event_hooks={"request": [lambda request: calls.append(str(request.url))]},
    )
    with MVSep(TOKEN, base_url=BASE_URL, http_client=http) as client:
        client.api.app.user()

    assert calls == [f"{BASE_URL}/api/app/user?api_token=TOKEN"]
    assert wire.requests[0].url.params["api_token"] == TOKEN
    assert wire.requests[0].headers["X-Mine"] == "yes"
    assert wire.requests[0].headers["User-Agent"].startswith("mvsep-python/")
    assert not http.is_closed


def test_a_request_turned_to_a_host_of_stems_by_a_hook_takes_no_token_along() -> None:
    wire = Wire(answer({"success": True}))

    def turn(request: httpx.Request) -> None:
        request.url = request.url.copy_with(scheme="https", host="cdn.example.com", port=None)

    http = httpx.Client(transport=httpx.MockTransport(wire), event_hooks={"request": [turn]})
    with MVSep(
        TOKEN, base_url=BASE_URL, http_client=http, result_hosts=["cdn.example.com"]
    ) as client:
        for call in (client.api.app.user, client.api.app.enable_premium):
            with pytest.raises(InvalidInput, match="own hosts only"):
                call()

    assert wire.requests == []
