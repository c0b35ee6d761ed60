"""The limits of a batch, each by itself: uploads, jobs, downloads, songs that are made ready."""

from __future__ import annotations

import asyncio
import gc
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import errors
from mvsep.batch.queue import Batch, Outcome
from mvsep.jobs.submission import Submission
from mvsep.transport.places import TaskGate
from tests.profiles import profile
from tests.scenes import VOCALS
from tests.wire import Do, Wire, answer

CREATE = "create"
FULL = "You already have unprocessed file in queue. Please wait before adding new file!"


class Service(Wire):
    """A service whose answers may wait for other requests.

    Args:
        most: Jobs of the account at once; another one is refused.
        may_answer: Tells whether a request may be answered yet, by its last word.
        premium: Whether the account is one.
    """

    def __init__(
        self,
        *,
        most: int = 1000,
        may_answer: Callable[[Service, str], bool] = lambda *_: True,
        premium: bool = True,
    ) -> None:
        super().__init__(self._answer)
        self.created: list[str] = []
        self.refused = 0
        self.under_way: set[str] = set()
        self.most_under_way = 0
        self._most, self._may_answer = most, may_answer
        self._premium = premium
        self._turn = threading.Condition()
        self._waiting: list[asyncio.Future[None]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        with self._turn:
            if not self._turn.wait_for(lambda: self._may(request), timeout=30):
                pytest.fail(f"{request.url.path} waits for ever.")
            given = self.reply(request, body)
            self._turn.notify_all()
        return given

    async def asked(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        while not self._may(request):
            self._waiting.append(asyncio.get_running_loop().create_future())
            await asyncio.wait_for(self._waiting[-1], 30)
        given = self.reply(request, body)
        while self._waiting:
            self._waiting.pop().set_result(None)
        return given

    def _may(self, request: httpx.Request) -> bool:
        return self._may_answer(self, request.url.path.rpartition("/")[2])

    def _answer(self, request: httpx.Request) -> httpx.Response:
        match request.url.path.rpartition("/")[2]:
            case "user":
                return profile(
                    premium_minutes=10**6,
                    premium_enabled=int(self._premium),
                    current_queue=len(self.under_way),
                )
            case "create":
                return self._create()
            case "get":
                self.under_way.discard(request.url.params["hash"])
                return answer(VOCALS.json())
        return httpx.Response(200, content=b"RIFFvocals")

    def _create(self) -> httpx.Response:
        if len(self.under_way) >= self._most:
            self.refused += 1
            return answer({"success": False, "errors": [FULL]}, 400)
        name = re.search(rb'filename="[^"]*?(song-\d+)', self.bodies[-1])
        assert name
        self.created.append(name[1].decode())
        hash = f"20250131145833-{len(self.created):010}-song.wav"
        self.under_way.add(hash)
        self.most_under_way = max(self.most_under_way, len(self.under_way))
        return answer({"success": True, "data": {"hash": hash}})


@pytest.fixture
def songs(tmp_path: Path) -> Callable[[int], list[Path]]:
    def make(count: int) -> list[Path]:
        paths = [tmp_path / f"song-{number}.wav" for number in range(count)]
        for number, path in enumerate(paths):
            path.write_bytes(b"RIFF\0\0\0\0WAVE" + number.to_bytes(2))
        return paths

    return make


@pytest.fixture
def many(do: Do, tmp_path: Path) -> Callable[..., list[Outcome]]:
    def run(service: Service, songs: list[Path], **more: Any) -> list[Outcome]:
        outcomes: list[Outcome] = do(
            service, "separate_many", songs, 40, out=tmp_path / "out", **more
        )
        return outcomes

    return run


def test_a_premium_account_has_as_many_jobs_as_are_accepted(many: Any, songs: Any) -> None:
    # No job is done before there are twelve.
    service = Service(may_answer=lambda service, what: what != "get" or len(service.created) >= 12)
    outcomes = many(service, songs(12))

    assert [each.error for each in outcomes] == [None] * 12
    assert service.most_under_way == 12


def test_at_once_bounds_the_jobs_and_not_the_downloads(many: Any, songs: Any) -> None:
    # The first song's stem comes when the second one has a job.
    service = Service(
        may_answer=lambda service, what: what != "vocals.wav" or len(service.created) >= 2
    )
    outcomes = many(service, songs(2), at_once=1)

    assert [each.error for each in outcomes] == [None, None]
    assert service.most_under_way == 1


def test_an_account_that_refuses_gets_no_more_than_it_accepted(many: Any, songs: Any) -> None:
    # No job is done before one more was refused.
    service = Service(most=6, may_answer=lambda service, what: what != "get" or service.refused > 0)
    outcomes = many(service, songs(40))

    assert [each.error for each in outcomes] == [None] * 40
    assert sorted(service.created) == sorted(path.stem for path in songs(40))
    assert service.most_under_way == 6
    # At the first refusal three other uploads may be on their way; later ones are tried rarely.
    assert 1 <= service.refused <= 8


def test_songs_are_sent_in_their_order(many: Any, songs: Any) -> None:
    service = Service()
    many(service, songs(9), at_once=1)

    assert service.created == [path.stem for path in songs(9)]


def test_a_free_account_is_never_refused_for_a_second_job(many: Any, songs: Any) -> None:
    service = Service(most=1, premium=False)
    outcomes = many(service, songs(5))

    assert [each.error for each in outcomes] == [None] * 5
    assert service.refused == 0


def test_what_the_account_can_not_have_is_asked_about_once_for_all(many: Any, songs: Any) -> None:
    service = Service(premium=False)
    outcomes = many(service, songs(8), output_format="flac24")

    assert {type(each.error) for each in outcomes} == {errors.PremiumRequired}
    # Once for the batch, and once more by the songs that are made ready at the same time.
    assert service.paths.count("/api/app/user") <= 3
    assert service.created == []


def test_a_song_is_made_ready_when_its_turn_comes_and_only_its_outcome_is_kept(
    many: Any, songs: Any
) -> None:
    def submissions() -> int:
        gc.collect()
        return sum(isinstance(each, Submission) for each in gc.get_objects())

    ended, before, made = 0, submissions(), []

    def tell(_: object, event: object) -> None:
        nonlocal ended
        if isinstance(event, Outcome):
            ended += 1
            if ended in (30, 60):
                made.append(submissions() - before)

    many(Service(), songs(60), at_once=2, on_event=tell)

    assert ended == 60
    assert max(made) <= 25


def test_a_song_leaves_the_list_with_a_place_to_be_made_ready() -> None:
    # One that entered the line to be sent without such a place would hold up those that have one.
    class Gates:
        def gate(self) -> TaskGate:
            return TaskGate()

    async def take_all_places() -> None:
        batch = Batch(Gates(), [b""] * 100, lambda _: pytest.fail("too early"), None)
        ready = [await batch.next() for _ in range(batch.limits.ready.most)]
        another = asyncio.create_task(batch.next())
        await asyncio.sleep(0)
        assert len(batch.left) == 100 - len(ready)

        ready[0].turn.step_aside()
        assert (await another).number == len(ready)

    asyncio.run(take_all_places())
