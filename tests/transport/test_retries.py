"""Calls are sent again where that is safe, after the right pause, and not too fast."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import NO_RETRY, MVSep, Pace, RetryPolicy, calling, errors
from mvsep.settings.policies import Clock
from mvsep.transport.retry import PASSING
from tests.wire import BASE_URL, TOKEN, Pieces, Wire
from tests.wire import answer as replied

NEWS: list[Any] = []


class Line(Wire):
    """A service in virtual time; the client is as patient as usual."""

    now = 1000.0

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self.now += seconds

    def act(self, asynchronous: bool, act: Callable[[Any], Any], **settings: Any) -> Any:
        return super().act(asynchronous, act, **{**self.settings(), **settings})

    def settings(self) -> dict[str, Any]:
        timing = Clock(clock=lambda: self.now, wall=lambda: self.now, chance=lambda: 0.5)
        url = "https://mvsep.com"
        return {"base_url": url, "pace": Pace(float("inf")), "timing": timing, "retry": None}


def answer(status: int = 200, body: Any = NEWS, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replied(body, status, **named)


def news(client: Any) -> Any:
    return client.api.app.news()


def cancel(client: Any) -> Any:
    return client.api.separation.cancel(hash="h")


def mirror(client: Any) -> Any:
    """Ask for what costs a credit each time."""
    return client.api.separation.get(hash="h", mirror=1)


def login(client: Any) -> Any:
    return client.api.app.login(email="a@example.com", password="secret")


def submit(client: Any) -> Any:
    return client.submit(b"RIFFsong", 40)


BREAKS = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.ReadTimeout("slow"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("closed"),
]


@pytest.mark.parametrize("trouble", [*BREAKS, *map(answer, sorted(PASSING))])
def test_reading_is_asked_again_when_the_connection_breaks_or_the_service_is_busy(
    asynchronous: bool, trouble: Any
) -> None:
    line = Line(trouble, trouble, answer())

    assert line.act(asynchronous, news) == []
    assert line.slept == [0.375, 0.75]


def test_what_the_contract_marks_may_be_sent_again_with_the_same_bytes(asynchronous: bool) -> None:
    line = Line(httpx.ReadError("reset"), answer(503), answer(200, {"success": True}))
    line.act(asynchronous, cancel)

    assert len(line.bodies) == 3
    assert len(set(line.bodies)) == 1
    assert b"hash" in line.bodies[0]


RESET = httpx.ReadError("reset")


@pytest.mark.parametrize(
    ("call", "trouble", "kind"),
    [
        *((news, answer(status, {}), errors.MVSepError) for status in (400, 401, 403, 404, 501)),
        (mirror, RESET, errors.ConnectionFailed),
        (login, RESET, errors.ConnectionFailed),
        (submit, answer(429, {}, retry_after="1"), errors.RateLimited),
    ],
)
def test_a_clear_answer_and_what_changes_something_are_not_asked_for_again(
    asynchronous: bool, call: Any, trouble: Any, kind: type[Exception]
) -> None:
    line = Line(trouble, answer())
    with pytest.raises(kind):
        line.act(asynchronous, call)

    assert len(line.requests) == 1


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7.0), ("0", 0.0), (formatdate(1012, usegmt=True), 12.0)]
)
def test_the_service_says_how_long_to_wait(asynchronous: bool, asked: str, waited: float) -> None:
    line = Line(answer(429, {}, retry_after=asked), answer())
    line.act(asynchronous, news)

    assert line.slept == [waited]


def test_patience_ends_with_the_attempts_and_with_the_budget(asynchronous: bool) -> None:
    line = Line(answer(503, {}))
    with pytest.raises(errors.UnexpectedResponse):
        line.act(asynchronous, news, retry=RetryPolicy(attempts=3))
    assert len(line.requests) == 3

    line = Line(answer(503, {}, retry_after="50"))
    with pytest.raises(errors.UnexpectedResponse):
        line.act(asynchronous, news, retry=RetryPolicy(attempts=9, budget=60))
    assert line.slept == [50]


def test_one_call_may_be_carried_out_otherwise_than_the_client_does(asynchronous: bool) -> None:
    line = Line(answer(503, {}))
    with pytest.raises(errors.UnexpectedResponse), calling(retry=NO_RETRY):
        line.act(asynchronous, news)
    assert len(line.requests) == 1

    with pytest.raises(errors.UnexpectedResponse), calling(within=1.0):
        line.act(asynchronous, news)
    assert sum(line.slept) < 1.0
    assert line.requests[1].extensions["timeout"]["read"] <= 1.0


def test_an_answer_that_drips_does_not_outlast_its_time(asynchronous: bool) -> None:
    def later() -> None:
        line.now += 1

    line = Line(lambda _: httpx.Response(200, stream=Pieces(*[b" "] * 1000, each=later)))
    with pytest.raises(errors.ConnectionFailed), calling(within=30.0):
        line.act(asynchronous, news)
    assert 1030 <= line.now <= 1032


def test_an_answer_that_breaks_off_is_asked_for_again(asynchronous: bool) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Pieces(b"[", httpx.ReadError("reset")))

    line = Line(broken, answer())

    assert line.act(asynchronous, news) == []
    assert len(line.requests) == 2


def test_an_endless_answer_is_not_kept(asynchronous: bool) -> None:
    piece = b" " * (1 << 20)
    line = Line(lambda _: httpx.Response(200, stream=Pieces(*[piece] * 70)))
    with pytest.raises(errors.UnexpectedResponse, match="too long"):
        line.act(asynchronous, news)

    assert len(line.requests) == 1


def test_requests_are_spread_and_what_the_service_counts_is_heeded(asynchronous: bool) -> None:
    line = Line(answer())
    pace = Pace(per_minute=60, burst=2)
    for _ in range(3):
        line.act(asynchronous, news, pace=pace)
    assert line.slept == [1.0]

    line = Line(answer(x_ratelimit_remaining="0"), answer())
    pace = Pace(per_minute=60, burst=2)
    line.act(asynchronous, news, pace=pace)
    line.act(asynchronous, news, pace=pace)
    assert line.slept[0] >= 30


@given(st.lists(st.sampled_from(["lost", "busy", "refused"]), max_size=12))
def test_a_job_reaches_the_service_at_most_once_whatever_happens(troubles: list[str]) -> None:
    kinds = {
        "lost": httpx.ReadError("reset"),
        "busy": answer(503, {}),
        "refused": httpx.ConnectError("refused"),
    }
    created = answer(200, {"success": True, "data": {"hash": "20260101000000-1-song.wav"}})
    line = Line(*[kinds[each] for each in troubles], created)

    class Refusing(httpx.BaseTransport):
        """Takes the body only when the service can be reached."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            refused = isinstance(line.next, httpx.ConnectError)
            return line.reply(request, b"" if refused else request.read())

    http = httpx.Client(transport=Refusing())
    client = MVSep(TOKEN, http_client=http, sleep=line.wait, **line.settings())
    outcome: Any
    try:
        outcome = submit(client)
    except errors.MVSepError as error:
        outcome = error

    reached = [body for body in line.bodies if body]
    assert len(reached) <= 1
    if isinstance(outcome, errors.MVSepError) and outcome.charged is False:
        assert not reached


def test_what_the_api_is_asked_for_is_not_to_come_from_a_cache(
    asynchronous: bool, tmp_path: Path
) -> None:
    hash = "20250131145833-a0bb276157-song.wav"
    link = f"{BASE_URL}/a/v.wav"
    wire = Wire(
        replied({"success": True, "data": {"hash": hash}}),
        replied({"success": True, "status": "done", "data": {"files": [{"url": link}]}}),
        httpx.Response(200, content=b"v"),
    )
    wire.act(asynchronous, lambda client: client.separate(b"song", 40, out=tmp_path))

    sent = [(r.method, r.url.path, r.headers.get("cache-control")) for r in wire.requests]
    assert sent == [
        ("POST", "/api/separation/create", None),
        ("GET", "/api/separation/get", "no-cache"),
        ("GET", "/a/v.wav", None),
    ]
