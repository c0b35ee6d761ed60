"""A call with a deadline ends when its time is up, whatever the other side does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mvsep import ConnectionFailed, Pace, calling
from mvsep.settings.policies import Clock
from tests.wire import BASE_URL, Wire, answer

# Looks at a body that never ends, after which a deadline that does not hold is seen to fail.
MANY = 2000


class Endless(Wire):
    """A service that takes seconds of a made-up clock and does not end."""

    def __init__(self) -> None:
        super().__init__(answer([]))
        self.now = 1000.0
        self.released = threading.Event()
        self.is_over = threading.Event()

    def ticks(self, seconds: float = 1.0) -> None:
        for _ in range(MANY):
            self.now += seconds
            if self.released.wait(0.01):
                return

    def __call__(self, request: httpx.Request) -> httpx.Response:
        try:
            self.ticks()
            return super().__call__(request)
        finally:
            self.is_over.set()

    async def asked(self, request: httpx.Request) -> httpx.Response:
        for _ in range(MANY):
            self.now += 1
            await asyncio.sleep(0.01)
        return await super().asked(request)

    def act(self, asynchronous: bool, act: Callable[[Any], Any], **settings: Any) -> Any:
        try:
            timing = Clock(clock=lambda: self.now, chance=lambda: 0.5)
            return super().act(asynchronous, act, **{"timing": timing, **settings})
        finally:
            self.released.set()


def news(client: Any) -> Any:
    return client.api.app.news()


def test_a_call_ends_when_its_time_is_up_though_no_answer_begins(asynchronous: bool) -> None:
    line = Endless()
    with pytest.raises(ConnectionFailed, match="time for the call is up"), calling(within=4):
        line.act(asynchronous, news)

    assert line.now < 1000 + MANY
    assert line.requests == []


def test_a_turn_that_comes_after_the_deadline_is_not_waited_for(asynchronous: bool) -> None:
    wire = Wire(answer([]))
    pace = Pace(per_minute=1, burst=1)
    wire.act(asynchronous, news, pace=pace)
    with pytest.raises(ConnectionFailed, match="turn"), calling(within=4):
        wire.act(asynchronous, news, pace=pace)

    assert wire.slept == []
    assert len(wire.requests) == 1


def test_what_an_own_auth_sends_more_counts_to_the_same_call(asynchronous: bool) -> None:
    class Asking(httpx.Auth):
        def auth_flow(self, request: httpx.Request) -> Any:
            for _ in range(100):
                yield request

    class Slow(Wire):
        now = 0.0

        def reply(self, request: httpx.Request, body: bytes) -> httpx.Response:
            self.now += 1
            return super().reply(request, body)

    wire = Slow(answer([]))
    mock = httpx.MockTransport(wire.asked if asynchronous else wire)
    kind: Any = httpx.AsyncClient if asynchronous else httpx.Client
    http = kind(transport=mock, auth=Asking())
    with pytest.raises(ConnectionFailed), calling(within=4.5):
        wire.act(asynchronous, news, http_client=http, timing=Clock(clock=lambda: wire.now))

    assert len(wire.requests) == 5


def test_a_thread_that_is_left_behind_sends_nothing_more_of_a_body() -> None:
    line, sent = Endless(), []

    class Slow(httpx.BaseTransport):
        """Takes the first part of a body, and asks for the next when the call is long over."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, httpx.SyncByteStream)
            try:
                for part in request.stream:
                    sent.append(part)
                    line.ticks()
            finally:
                line.is_over.set()
            return answer({"success": True, "data": {"hash": "1-a.wav"}})

    http = httpx.Client(transport=Slow())
    with pytest.raises(ConnectionFailed) as caught, calling(within=4):
        line.act(False, lambda client: client.submit(b"RIFFsong", 40), http_client=http)

    assert line.is_over.wait(30)
    assert caught.value.sent is False
    assert caught.value.charged is False
    assert sent
    assert not b"".join(sent).endswith(b"--\r\n")


def test_what_is_called_in_a_call_with_a_deadline_sees_the_callers_context_and_errors() -> None:
    wire = Wire(answer({"success": True, "data": {"hash": "1-a.wav"}}))

    def stop(*_: object) -> None:
        raise KeyError(threading.current_thread().name)

    with pytest.raises(KeyError), calling(within=9):
        wire.act(False, lambda client: client.submit(b"RIFFsong", 40, on_upload=stop))
    with pytest.raises(KeyboardInterrupt), calling(within=9):
        Wire(lambda _: _interrupt()).act(False, news, base_url=BASE_URL)


def _interrupt() -> httpx.Response:
    raise KeyboardInterrupt
