from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mvsep import errors
from mvsep.jobs.reconcile import Verdict
from tests.wire import Wire, answer


def history(*hashes: str) -> httpx.Response:
    return answer({"success": True, "data": [{"hash": each} for each in hashes]})


def user(queue: Any = None) -> httpx.Response:
    return answer({"success": True, "data": {"current_queue": queue}})


Lookup = Callable[..., tuple[errors.SubmitUncertain, Any]]


class Service:
    """Loses the answer to a job, and then tells of it, or not."""

    def __init__(self, *, queue: Any = None, rows: Any = ()) -> None:
        self.queue, self.rows, self.marker = queue, rows, ""
        self.wire = Wire(self.reply)

    def reply(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("create"):
            name = self.wire.bodies[-1].split(b'filename="')[1].split(b'"')[0].decode()
            self.marker = name.partition("-")[0]
            raise httpx.ReadError("reset")
        named = f"20260101000000-1234567890-{self.marker}-song.wav"
        if path.endswith("user"):
            return user(self.queue and [{"hash": named}])
        if isinstance(self.rows, httpx.Response):
            return self.rows
        return history(*[named if row == "it" else row for row in self.rows])


@pytest.fixture(params=["sync", "async"])
def look(request: pytest.FixtureRequest) -> Lookup:
    def with_sync(service: Service) -> Any:
        with service.wire.client() as mvsep:
            with pytest.raises(errors.SubmitUncertain) as caught:
                mvsep.submit(b"RIFFsong", 40)
            return caught.value, caught.value.reconcile()

    async def with_async(service: Service) -> Any:
        async with service.wire.async_client() as mvsep:
            with pytest.raises(errors.SubmitUncertain) as caught:
                await mvsep.submit(b"RIFFsong", 40)
            return caught.value, await caught.value.reconcile()

    if request.param == "sync":
        return with_sync
    return lambda service: asyncio.run(with_async(service))


@pytest.mark.parametrize("where", [{"queue": True}, {"rows": ["other.wav", "it"]}])
def test_a_job_that_is_there_is_found_by_its_marker(look: Lookup, where: Any) -> None:
    service = Service(**where)
    error, found = look(service)

    assert found.verdict is Verdict.FOUND
    assert found.job.hash == f"20260101000000-1234567890-{error.marker}-song.wav"
    assert service.wire.paths.count("/api/separation/create") == 1
    # The marker stays out of what the stems are called.
    assert found.job._input == "mixture"


def test_a_job_that_is_not_there_is_looked_for_twice_a_minute_apart(look: Lookup) -> None:
    service = Service(rows=["20260101000000-9999999999-another.wav"])
    _, found = look(service)

    assert (found.verdict, found.job) == (Verdict.NOT_THERE, None)
    assert service.wire.slept == [60.0]
    assert service.wire.paths.count("/api/app/separation_history") == 2


def test_when_the_account_can_not_be_asked_nobody_can_tell(look: Lookup) -> None:
    _, found = look(Service(rows=httpx.Response(502)))

    assert (found.verdict, found.job) == (Verdict.CANT_TELL, None)


def test_an_error_from_another_process_is_looked_up_by_any_client() -> None:
    service = Service(queue=True)
    with service.wire.client() as mvsep:
        with pytest.raises(errors.SubmitUncertain) as caught:
            mvsep.submit(b"RIFFsong", 40)
        other = pickle.loads(pickle.dumps(caught.value))
        with pytest.raises(errors.InvalidInput, match="no longer knows its client"):
            other.reconcile()

        assert mvsep.reconcile(other).verdict is Verdict.FOUND


def test_a_link_has_no_name_to_be_known_by() -> None:
    wire = Wire(httpx.ReadError("reset"))
    with wire.client() as mvsep:
        with pytest.raises(errors.SubmitUncertain) as caught:
            mvsep.submit("https://example.com/song.mp3", 40)

        assert caught.value.reconcile().verdict is Verdict.CANT_TELL
