"""The end of a job's block: what is over stays as it is, and what is left is said."""

from __future__ import annotations

from typing import Any

import pytest

from mvsep import errors
from tests.scenes import CREATED, WAITING, done, offered
from tests.wire import Wire, answer

CREATE, GET, CANCEL = (f"/api/separation/{each}" for each in ("create", "get", "cancel"))
OVER: dict[str, Any] = {
    "done": done(offered("Vocals")),
    "failed": answer({"success": True, "status": "failed", "data": {"message": "no"}}),
    "not_found": answer({"success": False, "status": "not_found", "data": {}}),
}


def block(asynchronous: bool, wire: Wire, fails: Exception | None) -> None:
    """Wait for a job within its block, which then may end by an error of the caller's."""

    def sync(client: Any) -> None:
        with client.submit(b"song", 40) as job:
            job.wait(timeout=100)
            if fails:
                raise fails

    async def with_await(client: Any) -> None:
        async with await client.submit(b"song", 40) as job:
            await job.wait(timeout=100)
            if fails:
                raise fails

    wire.act(asynchronous, with_await if asynchronous else sync)


@pytest.mark.parametrize(
    ("end", "error"),
    [
        ("done", ValueError),
        ("failed", errors.JobFailed),
        ("not_found", errors.JobNotFound),
    ],
)
def test_a_job_that_came_to_its_end_is_not_cancelled_by_its_block(
    asynchronous: bool, end: str, error: type[Exception]
) -> None:
    wire = Wire(CREATED, OVER[end])
    with pytest.raises(error) as caught:
        block(asynchronous, wire, ValueError("mine"))

    assert CANCEL not in wire.paths
    assert not [note for note in getattr(caught.value, "__notes__", ()) if "cancelled" in note]


def test_a_block_does_not_swallow_the_error_that_ends_it(asynchronous: bool) -> None:
    mine = ValueError("mine")
    with pytest.raises(ValueError, match="mine") as caught:
        block(asynchronous, Wire(CREATED, OVER["done"]), mine)

    assert caught.value is mine


def test_a_block_that_ends_well_leaves_its_job(asynchronous: bool) -> None:
    wire = Wire(CREATED, WAITING, OVER["done"])
    block(asynchronous, wire, None)

    assert wire.paths == [CREATE, GET, GET]


@pytest.mark.parametrize("method", ["cancel", "delete"])
def test_a_job_that_was_cancelled_or_deleted_is_gone_at_the_first_not_found(
    asynchronous: bool, method: str
) -> None:
    # One that surely exists is asked for once more.
    wire = Wire(CREATED, answer({"success": True}), OVER["not_found"])

    def sync(client: Any) -> None:
        job = client.submit(b"song", 40)
        getattr(job, method)()
        job.wait(timeout=100)

    async def with_await(client: Any) -> None:
        job = await client.submit(b"song", 40)
        await getattr(job, method)()
        await job.wait(timeout=100)

    with pytest.raises(errors.JobNotFound):
        wire.act(asynchronous, with_await if asynchronous else sync)
    assert wire.paths.count(GET) == 1
