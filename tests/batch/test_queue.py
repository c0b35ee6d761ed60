"""The turns of a batch's songs."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import AsyncMVSep, Journal, errors
from mvsep.batch.queue import Outcome
from tests.scenes import CREATED, VOCALS, WAITING
from tests.wire import ACCOUNT, BASE_URL, ONCE, TOKEN, Do, Wire, answer, stored


def service(request: httpx.Request) -> httpx.Response:
    """Answers in any order: the next song may be sent while the stem of the last one comes."""
    given = {"create": CREATED, "get": VOCALS, "user": ACCOUNT}
    found = given.get(request.url.path.rpartition("/")[2])
    return answer(found.json()) if found else stored(vocals=b"RIFFvocals")(request)


def test_a_song_that_another_process_holds_comes_again_once_after_the_others(
    do: Do, tmp_path: Path
) -> None:
    one, two, three = (tmp_path / f"{name}.wav" for name in ("one", "two", "three"))
    for path in (one, two, three):
        path.write_bytes(b"RIFF\0" + path.name.encode())
    told: list[Any] = []

    def tell(source: Any, event: Any) -> None:
        told.append((source, event))
        if len(told) > 100:
            pytest.fail("The batch does not end.")

    given: dict[str, Any] = {"out": tmp_path / "stems", "at_once": 1, "on_event": tell}
    with Journal(tmp_path / "journal") as journal:
        do(Wire(service), "separate", one, 40, out=tmp_path / "stems", journal=journal)
        (saved,) = journal.entries()
        with journal.holding(saved.key, "one.wav"):
            wire = Wire(service)
            held, *others = do(
                wire, "separate_many", [one, two, three], 40, journal=journal, **given
            )
        assert isinstance(held.error, errors.AlreadyUnderWay)
        assert [each.error for each in others] == [None, None]

    ends = [source for source, event in told if isinstance(event, Outcome)]
    assert (sorted(ends[:2]), ends[2:]) == (sorted([two, three]), [one])
    assert wire.paths.count("/api/separation/create") == 2


def test_a_batch_that_is_cancelled_notes_each_job_once(tmp_path: Path) -> None:
    numbers, waiting = count(1), list[asyncio.Future[None]]()

    def reply(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            return answer({"success": True, "data": {"hash": f"2025013114583{next(numbers)}-a"}})
        return httpx.Response(200, content=WAITING.content)

    async def cancelled() -> list[str]:
        async def sleep(_: float) -> None:
            waiting.append(asyncio.get_running_loop().create_future())
            if len(waiting) == 2:
                task.cancel()
            await asyncio.wait_for(waiting[-1], 30)

        http = httpx.AsyncClient(transport=httpx.MockTransport(Wire(reply).asked))
        async with AsyncMVSep(
            TOKEN, base_url=BASE_URL, http_client=http, sleep=sleep, **ONCE
        ) as client:
            many = client.separate_many([b"RIFF1", b"RIFF2"], 40, out=tmp_path, at_once=2)
            task = asyncio.ensure_future(many)
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
        return caught.value.__notes__

    notes = asyncio.run(cancelled())
    named = [note.split()[2] for note in notes]
    assert sorted(named) == ["20250131145831-a", "20250131145832-a"]
