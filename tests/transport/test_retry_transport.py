from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import NO_RETRY, AsyncMVSep, MVSep, Pace, RetryPolicy, calling, errors
from mvsep.settings.policies import Clock
from mvsep.transport.retry import PASSING
from tests.wire import BASE_URL, TOKEN, Wire
from tests.wire import answer as replied

URL = "https://mvsep.com"
NEWS: list[Any] = []


class Line:
    """Carries requests in virtual time; what it gives is a response, or an exception to raise.

    Args:
        given: One after the other; the last one stays.
    """

    def __init__(self, *given: Any) -> None:
        self.given = list(given)
        self.requests: list[httpx.Request] = []
        self.bodies: list[bytes] = []
        self.waits: list[float] = []
        self.now = 1000.0

    def say(self, request: httpx.Request, body: bytes = b"") -> httpx.Response:
        self.requests.append(request)
        self.bodies.append(body)
        given = self.given.pop(0) if len(self.given) > 1 else self.given[0]
        if isinstance(given, Exception):
            raise given
        if callable(given):
            given = given()
        assert isinstance(given, httpx.Response)
        return given

    def settings(self, **more: Any) -> dict[str, Any]:
        timing = Clock(clock=lambda: self.now, wall=lambda: self.now, chance=lambda: 0.5)
        return {"base_url": URL, "pace": Pace(float("inf")), "timing": timing, **more}

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class _Sync(httpx.BaseTransport):
    def __init__(self, line: Line) -> None:
        self.line = line

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.line.say(request, request.read())


class _Async(httpx.AsyncBaseTransport):
    def __init__(self, line: Line) -> None:
        self.line = line

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.line.say(request, await request.aread())


Do = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def do(request: pytest.FixtureRequest) -> Do:
    """Do something with a client on a line; `way` makes it a coroutine or a value."""

    def with_sync(line: Line, act: Callable[[Any], Any], **more: Any) -> Any:
        http = httpx.Client(transport=_Sync(line))
        with MVSep(TOKEN, http_client=http, sleep=line.wait, **line.settings(**more)) as mvsep:
            return act(mvsep)

    async def with_async(line: Line, act: Callable[[Any], Any], **more: Any) -> Any:
        async def sleep(seconds: float) -> None:
            line.wait(seconds)

        http = httpx.AsyncClient(transport=_Async(line))
        settings = line.settings(**more)
        async with AsyncMVSep(TOKEN, http_client=http, sleep=sleep, **settings) as mvsep:
            return await act(mvsep)

    if request.param == "sync":
        return with_sync
    return lambda *given, **more: asyncio.run(with_async(*given, **more))


def answer(status: int = 200, body: Any = NEWS, **headers: str) -> Callable[[], httpx.Response]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda: httpx.Response(status, json=body, headers=named)


class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes in pieces, and may break off."""

    def __init__(self, *pieces: bytes | Exception, each: Callable[[], object] = int) -> None:
        self.pieces = pieces
        self.each = each

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.each()
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def __aiter__(self) -> Any:
        for piece in self:
            yield piece


def news(mvsep: Any) -> Any:
    return mvsep.api.app.news()


def cancel(mvsep: Any) -> Any:
    return mvsep.api.separation.cancel(hash="h")


def submit(mvsep: Any) -> Any:
    return mvsep.submit(b"RIFFsong", 40)


BREAKS = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.ReadTimeout("slow"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("closed"),
]


@pytest.mark.parametrize("trouble", BREAKS, ids=lambda error: type(error).__name__)
def test_reading_is_asked_again_when_the_connection_breaks(do: Do, trouble: Exception) -> None:
    line = Line(trouble, trouble, answer())

    assert do(line, news) == []
    assert line.waits == [0.375, 0.75]


@pytest.mark.parametrize("status", sorted(PASSING))
def test_reading_is_asked_again_when_the_service_is_busy(do: Do, status: int) -> None:
    assert do(Line(answer(status), answer()), news) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 501])
def test_a_clear_answer_is_not_asked_for_again(do: Do, status: int) -> None:
    line = Line(answer(status, {}), answer())
    with pytest.raises(errors.MVSepError):
        do(line, news)

    assert len(line.requests) == 1


def test_what_the_contract_marks_may_be_sent_again_with_the_same_bytes(do: Do) -> None:
    line = Line(httpx.ReadError("reset"), answer(503), answer(200, {"success": True}))
    do(line, cancel)

    assert len(line.bodies) == 3
    assert len(set(line.bodies)) == 1
    assert b"hash" in line.bodies[0]


@pytest.mark.parametrize("trouble", [*BREAKS[2:], *map(answer, sorted(PASSING - {429}))])
def test_a_job_that_may_exist_is_never_sent_again(do: Do, trouble: Any) -> None:
    line = Line(trouble, answer(200, {"success": True, "data": {"hash": "1-2-song.wav"}}))
    with pytest.raises(errors.SubmitUncertain) as caught:
        do(line, submit)

    assert len(line.requests) == 1
    assert caught.value.charged is None
    assert caught.value.marker
    assert caught.value.marker.encode() in line.bodies[0]


def test_what_costs_a_credit_each_time_is_asked_for_once(do: Do) -> None:
    line = Line(httpx.ReadError("reset"), answer(200, {"success": True, "data": {}}))
    with pytest.raises(errors.ConnectionFailed):
        do(line, lambda mvsep: mvsep.api.separation.get(hash="h", mirror=1))

    assert len(line.requests) == 1


def test_even_a_refused_job_is_not_sent_again_by_itself(do: Do) -> None:
    line = Line(answer(429, {}, retry_after="1"), answer())
    with pytest.raises(errors.RateLimited):
        do(line, submit)

    assert len(line.requests) == 1


def test_other_calls_that_change_something_are_sent_once(do: Do) -> None:
    line = Line(httpx.ReadError("reset"), answer())
    with pytest.raises(errors.ConnectionFailed):
        do(line, lambda mvsep: mvsep.api.app.login(email="a@example.com", password="secret"))

    assert len(line.requests) == 1


@pytest.mark.parametrize(
    ("asked", "waited"), [("7", 7.0), ("0", 0.0), (formatdate(1012, usegmt=True), 12.0)]
)
def test_the_service_says_how_long_to_wait(do: Do, asked: str, waited: float) -> None:
    line = Line(answer(429, {}, retry_after=asked), answer())
    do(line, news)

    assert line.waits == [waited]


def test_patience_ends_with_the_attempts_and_with_the_budget(do: Do) -> None:
    line = Line(answer(503, {}))
    with pytest.raises(errors.UnexpectedResponse):
        do(line, news, retry=RetryPolicy(attempts=3))
    assert len(line.requests) == 3

    line = Line(answer(503, {}, retry_after="50"))
    with pytest.raises(errors.UnexpectedResponse):
        do(line, news, retry=RetryPolicy(attempts=9, budget=60))
    assert line.waits == [50]


def test_one_call_may_be_carried_out_otherwise_than_the_client_does(do: Do) -> None:
    line = Line(answer(503, {}))

    def impatient(mvsep: Any) -> Any:
        with calling(retry=NO_RETRY):
            return news(mvsep)

    async def awaited(mvsep: Any) -> Any:
        with calling(retry=NO_RETRY):
            return await news(mvsep)

    way = impatient if do.__name__ == "with_sync" else awaited
    with pytest.raises(errors.UnexpectedResponse):
        do(line, way)
    assert len(line.requests) == 1


def test_a_call_ends_when_its_time_is_up(do: Do) -> None:
    line = Line(answer(503, {}))

    def timed(mvsep: Any) -> Any:
        with calling(within=1.0):
            return news(mvsep)

    async def awaited(mvsep: Any) -> Any:
        with calling(within=1.0):
            return await news(mvsep)

    with pytest.raises(errors.UnexpectedResponse):
        do(line, timed if do.__name__ == "with_sync" else awaited)
    assert sum(line.waits) < 1.0
    assert line.requests[0].extensions["timeout"]["read"] <= 1.0


def test_an_answer_that_drips_does_not_outlast_its_time(do: Do) -> None:
    line = Line()

    def drip() -> httpx.Response:
        def later() -> None:
            line.now += 1

        return httpx.Response(200, stream=Broken(*[b" "] * 1000, each=later))

    line.given = [drip]

    def timed(mvsep: Any) -> Any:
        with calling(within=30.0):
            return news(mvsep)

    async def awaited(mvsep: Any) -> Any:
        with calling(within=30.0):
            return await news(mvsep)

    with pytest.raises(errors.ConnectionFailed):
        do(line, timed if do.__name__ == "with_sync" else awaited)
    assert 1030 <= line.now <= 1032


def test_an_answer_that_breaks_off_is_asked_for_again(do: Do) -> None:
    def broken() -> httpx.Response:
        return httpx.Response(200, stream=Broken(b"[", httpx.ReadError("reset")))

    line = Line(broken, answer())

    assert do(line, news) == []
    assert len(line.requests) == 2


def test_an_endless_answer_is_not_kept(do: Do) -> None:
    piece = b" " * (1 << 20)
    line = Line(lambda: httpx.Response(200, stream=Broken(*[piece] * 70)))
    with pytest.raises(errors.UnexpectedResponse, match="too long"):
        do(line, news)

    assert len(line.requests) == 1


def test_requests_are_spread_and_what_the_service_counts_is_heeded(do: Do) -> None:
    line = Line(answer())
    pace = Pace(per_minute=60, burst=2)
    for _ in range(3):
        do(line, news, pace=pace)
    assert line.waits == [1.0]

    line = Line(answer(x_ratelimit_remaining="0"), answer())
    pace = Pace(per_minute=60, burst=2)
    do(line, news, pace=pace)
    do(line, news, pace=pace)
    assert line.waits[0] >= 30


@given(st.lists(st.sampled_from(["lost", "busy", "refused"]), max_size=12))
def test_a_job_reaches_the_service_at_most_once_whatever_happens(troubles: list[str]) -> None:
    kinds = {
        "lost": httpx.ReadError("reset"),
        "busy": answer(503, {}),
        "refused": httpx.ConnectError("refused"),
    }
    created = answer(200, {"success": True, "data": {"hash": "20260101000000-1-song.wav"}})
    line = Line(*[kinds[each] for each in troubles], created)
    http = httpx.Client(transport=_Refusing(line))
    mvsep = MVSep(TOKEN, http_client=http, sleep=line.wait, **line.settings())
    outcome: Any
    try:
        outcome = submit(mvsep)
    except errors.MVSepError as error:
        outcome = error

    reached = [body for body in line.bodies if body]
    assert len(reached) <= 1
    if isinstance(outcome, errors.MVSepError) and outcome.charged is False:
        assert not reached


class _Refusing(httpx.BaseTransport):
    """A line that takes the body only when it can be reached."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if isinstance(self.line.given[0], httpx.ConnectError):
            return self.line.say(request)
        return self.line.say(request, request.read())


@pytest.mark.parametrize("asynchronous", [False, True])
def test_what_the_api_is_asked_for_is_not_to_come_from_a_cache(asynchronous: bool) -> None:
    hash = "20250131145833-a0bb276157-song.wav"
    link = f"{BASE_URL}/a/v.wav"
    wire = Wire(
        replied({"success": True, "data": {"hash": hash}}),
        replied({"success": True, "status": "done", "data": {"files": [{"url": link}]}}),
        httpx.Response(200, content=b"v"),
    )

    async def with_await(out: str) -> None:
        async with wire.async_client() as mvsep:
            await mvsep.separate(b"song", 40, out=out)

    with tempfile.TemporaryDirectory() as out:
        if asynchronous:
            asyncio.run(with_await(out))
        else:
            with wire.client() as mvsep:
                mvsep.separate(b"song", 40, out=out)

    sent = [(r.method, r.url.path, r.headers.get("cache-control")) for r in wire.requests]
    assert sent == [
        ("POST", "/api/separation/create", None),
        ("GET", "/api/separation/get", "no-cache"),
        ("GET", "/a/v.wav", None),
    ]
