"""The patience that a client has unless it is told otherwise, as its documents promise it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mvsep import JobTimeout, UnexpectedResponse
from mvsep.settings.policies import Clock
from tests.scenes import HASH, done, offered
from tests.wire import Wire, answer


class Virtual(Wire):
    """A service in virtual time, asked by a client with nothing set but its clock."""

    now = 0.0

    def __init__(self, *answers: Any) -> None:
        super().__init__(*answers)
        self.moments: list[float] = []

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        self.now += seconds

    def reply(self, request: httpx.Request, body: bytes) -> httpx.Response:
        self.moments.append(self.now)
        return super().reply(request, body)

    def does(self, asynchronous: bool, act: Any) -> Any:
        clock = Clock(clock=lambda: self.now, wall=lambda: 1e9 + self.now, chance=lambda: 0.5)
        usual = {"base_url": "https://mvsep.com", "retry": None, "polling": None, "timing": clock}
        return self.act(asynchronous, act, **usual)


def test_a_wait_ends_after_an_hour_and_asks_every_few_seconds(asynchronous: bool) -> None:
    wire = Virtual(answer({"success": True, "status": "processing", "data": {}}))
    with pytest.raises(JobTimeout):
        wire.does(asynchronous, lambda client: client.job(HASH).wait())

    assert wire.now == pytest.approx(3600)
    gaps = [after - before for before, after in zip(wire.moments, wire.moments[1:], strict=False)]
    assert min(gaps[:-1]) >= 1
    # The service's documents ask for 4 to 10 seconds.
    assert all(4 <= gap <= 11 for gap in gaps[5:-1])


def test_done_without_files_is_believed_after_a_minute(asynchronous: bool) -> None:
    wire = Virtual(done(), done(), done(offered("Vocals")))
    wire.does(asynchronous, lambda client: client.job(HASH).wait())
    assert wire.now < 60

    wire = Virtual(done())
    with pytest.raises(Exception, match="lists no files"):
        wire.does(asynchronous, lambda client: client.job(HASH).wait())
    assert 60 <= wire.now <= 75


def test_a_call_is_tried_four_times_within_a_minute(asynchronous: bool) -> None:
    wire = Virtual(httpx.Response(503))
    with pytest.raises(UnexpectedResponse):
        wire.does(asynchronous, lambda client: client.api.app.news())

    assert len(wire.requests) == 4
    assert wire.slept == sorted(wire.slept)
    assert 1 <= wire.now <= 60


def test_no_minute_holds_more_than_the_service_allows(asynchronous: bool) -> None:
    wire = Virtual(answer([]))

    def sync(client: Any) -> None:
        for _ in range(400):
            client.api.app.news()

    async def with_await(client: Any) -> None:
        for _ in range(400):
            await client.api.app.news()

    wire.does(asynchronous, with_await if asynchronous else sync)
    for first in wire.moments:
        assert sum(first <= each < first + 60 for each in wire.moments) <= 120
    # And it is not much slower than it may be.
    assert wire.now <= 400 / 90 * 60
