"""The logger `mvsep`, and what is told of each answer."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

import mvsep
from mvsep import NO_RETRY, InvalidInput, ResponseInfo, RetryPolicy
from tests.wire import TOKEN, Wire, answer

HASH = "20250131145833-a0bb276157-song.wav"
USER = answer({"success": True, "data": {"premium_minutes": 5}}, **{"x-request-id": "r1"})
AGAIN: dict[str, Any] = {"retry": RetryPolicy(attempts=3, initial=0.5)}


def user(client: Any) -> Any:
    return client.account()


def lines(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[str]:
    found = [r for r in caplog.records if r.name == "mvsep" and r.levelno >= level]
    return [re.sub(r"\d+\.\d\d s", "N s", each.getMessage()) for each in found]


def test_each_sending_is_a_line_with_its_status_seconds_and_attempt(
    asynchronous: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "mvsep")
    wire = Wire(answer({}, 503), httpx.ConnectError("secret words"), USER)
    wire.act(asynchronous, user, **AGAIN)

    assert lines(caplog) == [
        "GET 127.0.0.1:8000/api/app/user 503 in N s, attempt 1",
        "GET 127.0.0.1:8000/api/app/user failed in N s, attempt 2: ConnectError",
        "GET 127.0.0.1:8000/api/app/user 200 in N s, attempt 3",
    ]


def test_debug_tells_of_waits_and_sendings_again(
    asynchronous: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "mvsep")
    Wire(answer({}, 503), USER).act(asynchronous, user, **AGAIN)
    said = lines(caplog, logging.DEBUG)

    assert "sending it again in N s" in said
    assert "answered with HTTP/1.1" in said


def test_no_line_has_the_token_wherever_it_stands(
    asynchronous: bool, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    link = f"https://s1.mvsep.com/{TOKEN}/a%0Ab.wav?key={TOKEN}"
    done = answer({"success": True, "status": "done", "data": {"files": [{"url": link}]}})
    wire = Wire(done, httpx.Response(200, content=b"x"))
    told: list[ResponseInfo] = []
    with mvsep.calling(on_response=told.append):
        wire.act(asynchronous, lambda client: client.job(HASH).download(tmp_path))
    Wire(USER).act(asynchronous, user)
    said = lines(caplog, logging.DEBUG)

    assert "GET s1.mvsep.com/***/a%0Ab.wav 200 in N s, attempt 1" in said
    assert [each for each in said if "/app/user 200" in each]
    assert told[-1].path == "/***/a%0Ab.wav"
    assert TOKEN not in str(told)
    assert TOKEN not in "\n".join(said)
    assert all(each.isprintable() for each in said)


def test_it_is_silent_unless_the_program_sets_up_logging() -> None:
    code = (
        "import logging, httpx, mvsep\n"
        "http = httpx.Client(transport=httpx.MockTransport(lambda r: httpx.Response(503)))\n"
        "client = mvsep.MVSep(http_client=http, base_url='http://127.0.0.1:1', max_retries=0)\n"
        "logging.getLogger('mvsep').setLevel(logging.DEBUG)\n"
        "try: client.api.app.news()\n"
        "except mvsep.MVSepError: pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert done.stdout + done.stderr == b""


# on_response


def test_each_answer_is_told_with_its_status_and_headers(asynchronous: bool) -> None:
    told: list[ResponseInfo] = []
    with mvsep.calling(on_response=told.append):
        Wire(answer({}, 503), USER).act(asynchronous, user, **AGAIN)

    assert [(each.status, each.attempt) for each in told] == [(503, 1), (200, 2)]
    assert told[1].headers["X-Request-Id"] == "r1"
    assert (told[1].method, told[1].host, told[1].path) == (
        *("GET", "127.0.0.1:8000", "/api/app/user"),
    )
    assert told[1].seconds >= 0


def test_it_ends_with_the_block_and_an_inner_block_keeps_it(asynchronous: bool) -> None:
    told: list[ResponseInfo] = []
    wire = Wire(USER)
    with mvsep.calling(on_response=told.append), mvsep.calling(retry=NO_RETRY):
        wire.act(asynchronous, user)
    wire.act(asynchronous, user)

    assert len(told) == 1


def test_the_token_in_a_header_is_masked(asynchronous: bool) -> None:
    told: list[ResponseInfo] = []
    echo = answer({"success": True, "data": {}}, **{"x-echo": f"q={TOKEN}"})
    with mvsep.calling(on_response=told.append):
        Wire(echo).act(asynchronous, user)

    assert told[0].headers["x-echo"] == "q=***"
    assert TOKEN not in f"{told[0]!r} {dict(told[0].headers)}"


def test_an_error_of_the_function_does_not_end_a_call_that_costs(
    asynchronous: bool, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_: object) -> None:
        raise ValueError(f"broken {TOKEN}")

    wire = Wire(answer({"success": True, "data": {"hash": HASH}}))
    with mvsep.calling(on_response=breaks):
        job = wire.act(asynchronous, lambda client: client.submit(b"RIFFsong", 40))

    assert job.hash == HASH
    assert "on_response failed: ValueError: broken ***" in lines(caplog)


@pytest.mark.parametrize("wrong", [5, "text"])
def test_what_is_no_function_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidInput) as caught, mvsep.calling(on_response=wrong):
        pass
    assert caught.value.param == "on_response"
