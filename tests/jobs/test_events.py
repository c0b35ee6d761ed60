from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import (
    DownloadError,
    InvalidInput,
    JobState,
    Moved,
    MVSep,
    Result,
    errors,
)
from mvsep.errors import JobTimeout, MVSepError
from tests.jobs.test_job import CREATED, HASH, WAITING, done, file
from tests.wire import Wire, answer, stored

STEMS = done(file("Vocals", "v.wav", bytes=6), file("Other", "o.wav", bytes=5))
STORED = stored(v=b"vocals", o=b"other")
DID = answer({"success": True})


def follow(shell: str, wire: Wire, out: Path, most: int = 10**6) -> list[Any]:
    """The events of a job, or the first ones."""

    def sync() -> list[Any]:
        seen = []
        with wire.client() as mvsep:
            for event in mvsep.job(HASH).events(out, parallel=1):
                seen.append(event)
                if len(seen) == most:
                    break
        return seen

    async def with_await() -> list[Any]:
        seen: list[Any] = []
        async with wire.async_client() as mvsep:
            events = mvsep.job(HASH).events(out, parallel=1)
            async for event in events:
                seen.append(event)
                if len(seen) == most:
                    break
            await events.aclose()  # type: ignore[attr-defined]  it is a generator
        return seen

    return sync() if shell == "sync" else asyncio.run(with_await())


SHELLS = pytest.mark.parametrize("shell", ["sync", "async"])


@SHELLS
def test_events_lead_from_the_queue_to_the_last_byte_and_the_result(
    shell: str, tmp_path: Path
) -> None:
    events = follow(shell, Wire(WAITING, STEMS, STORED), tmp_path)

    states = [event.status for event in events if isinstance(event, JobState)]
    assert states == ["waiting", "done"]
    moved = [event for event in events if isinstance(event, Moved)]
    assert {(m.file.label, m.done) for m in moved if m.done == m.total} == {
        ("Vocals", 6),
        ("Other", 5),
    }
    assert isinstance(events[-1], Result)
    assert [stem.path.read_bytes() for stem in events[-1].files] == [b"vocals", b"other"]


@SHELLS
def test_without_a_folder_no_stem_is_fetched(shell: str, tmp_path: Path) -> None:
    wire = Wire(WAITING, STEMS, STORED)

    async def with_await() -> list[Any]:
        async with wire.async_client() as mvsep:
            return [event async for event in mvsep.job(HASH).events()]

    def sync() -> list[Any]:
        with wire.client() as mvsep:
            return list(mvsep.job(HASH).events())

    events = sync() if shell == "sync" else asyncio.run(with_await())
    assert [event.status for event in events] == ["waiting", "done"]
    assert set(wire.paths) == {"/api/separation/get"}


def test_how_stems_are_fetched_is_said_where_they_are_only() -> None:
    with pytest.raises(InvalidInput, match="overwrite"):
        Wire(WAITING).client().job(HASH).events(overwrite=True)  # type: ignore[call-overload]
    with pytest.raises(InvalidInput, match="overwrite"):
        Wire(WAITING).async_client().job(HASH).events(overwrite=True)  # type: ignore[call-overload]


async def never_awaited(*_: Any) -> None:
    """What a caller may take for a callback."""


class Awaited:
    async def __call__(self, *_: Any) -> None: ...


@SHELLS
@pytest.mark.parametrize("function", [never_awaited, partial(never_awaited, 1), Awaited()])
@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("on_state", lambda mvsep, **on: mvsep.job(HASH).wait(**on)),
        ("on_file", lambda mvsep, **on: mvsep.job(HASH).download(**on)),
        ("on_upload", lambda mvsep, **on: mvsep.submit(b"song", 40, **on)),
        *(
            (name, lambda mvsep, **on: mvsep.separate(b"song", 40, **on))
            for name in ("on_state", "on_file", "on_upload")
        ),
        ("on_event", lambda mvsep, **on: mvsep.separate_many([b"song"], 40, **on)),
    ],
)
def test_a_function_that_would_have_to_be_awaited_is_refused_before_anything_is_sent(
    shell: str, name: str, does: Any, function: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wire = Wire(CREATED, STEMS, STORED)

    async def with_await() -> None:
        async with wire.async_client() as mvsep:
            await does(mvsep, **{name: function})

    with pytest.raises(InvalidInput, match=name) as caught:
        asyncio.run(with_await()) if shell == "async" else does(wire.client(), **{name: function})
    # Of a job that exists nobody knows; before that nothing was charged.
    assert caught.value.charged is (None if caught.value.hash else False)
    assert wire.requests == []


@SHELLS
def test_an_error_on_the_way_comes_out_of_the_events(shell: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadError) as caught:
        follow(shell, Wire(STEMS, httpx.Response(404)), tmp_path)

    assert caught.value.hash == HASH


@SHELLS
def test_who_leaves_early_leaves_the_job_as_it_is(shell: str, tmp_path: Path) -> None:
    wire = Wire(WAITING, STEMS, STORED)
    follow(shell, wire, tmp_path, most=1)

    assert set(wire.paths) == {"/api/separation/get"}
    assert list(tmp_path.iterdir()) == []


def block(shell: str, wire: Wire, fails: BaseException | None, timeout: float | None = None) -> Any:
    """Submit within a block of the job's own, which may end by an exception."""

    def sync() -> Any:
        with wire.client() as mvsep, mvsep.submit(b"song", 40) as job:
            if timeout is not None:
                job.wait(timeout=timeout)
            if fails:
                raise fails

    async def with_await() -> Any:
        async with wire.async_client() as mvsep, await mvsep.submit(b"song", 40) as job:
            if timeout is not None:
                await job.wait(timeout=timeout)
            if fails:
                raise fails

    return sync() if shell == "sync" else asyncio.run(with_await())


@SHELLS
@pytest.mark.parametrize("error", [ValueError("mine"), errors.ConnectionFailed("lost")])
def test_a_block_that_fails_cancels_its_job(shell: str, error: Exception) -> None:
    wire = Wire(CREATED, DID)
    with pytest.raises(type(error)) as caught:
        block(shell, wire, error)

    assert wire.paths == ["/api/separation/create", "/api/separation/cancel"]
    assert "was cancelled" in caught.value.__notes__[0]


@SHELLS
@pytest.mark.parametrize("error", [KeyboardInterrupt(), asyncio.CancelledError(), SystemExit(1)])
def test_ctrl_c_and_a_cancelled_task_leave_the_job_running(
    shell: str, error: BaseException
) -> None:
    wire = Wire(CREATED, DID)
    with pytest.raises(type(error)):
        block(shell, wire, error)

    assert wire.paths == ["/api/separation/create"]


@SHELLS
def test_a_wait_that_runs_out_in_a_block_leaves_the_job_running(shell: str) -> None:
    wire = Wire(CREATED, WAITING)
    with pytest.raises(JobTimeout):
        block(shell, wire, None, timeout=0)

    assert wire.paths == ["/api/separation/create", "/api/separation/get"]


@SHELLS
def test_a_block_that_ends_well_cancels_nothing(shell: str) -> None:
    wire = Wire(CREATED)
    block(shell, wire, None)

    assert wire.paths == ["/api/separation/create"]


@SHELLS
def test_a_job_that_is_over_is_not_cancelled(shell: str) -> None:
    wire = Wire(CREATED, STEMS)
    with pytest.raises(ValueError, match="mine"):
        block(shell, wire, ValueError("mine"), timeout=10)

    assert "/api/separation/cancel" not in wire.paths


@SHELLS
def test_a_job_that_can_not_be_cancelled_does_not_hide_what_happened(shell: str) -> None:
    wire = Wire(CREATED, httpx.ReadError("reset"))
    with pytest.raises(ValueError, match="mine") as caught:
        block(shell, wire, ValueError("mine"))

    assert "could not be cancelled" in caught.value.__notes__[0]


@SHELLS
def test_a_timeout_cancels_only_when_asked(shell: str) -> None:
    def waiting(wire: Wire, asked: bool) -> None:
        async def with_await() -> None:
            async with wire.async_client() as mvsep:
                await mvsep.job(HASH).wait(timeout=0, cancel_on_timeout=asked)

        if shell == "async":
            asyncio.run(with_await())
        with wire.client() as mvsep:
            mvsep.job(HASH).wait(timeout=0, cancel_on_timeout=asked)

    for asked, paths in ((False, ["get"]), (True, ["get", "cancel"])):
        wire = Wire(WAITING, DID)
        with pytest.raises(JobTimeout):
            waiting(wire, asked)
        assert wire.paths == [f"/api/separation/{path}" for path in paths]


def test_a_link_to_any_region_leads_to_its_job() -> None:
    for host in ("de", "de2", "hk", "sg"):
        link = f"https://{host}.mvsep.com/api/separation/get?hash={HASH}"
        with MVSep("x") as mvsep:
            job = mvsep.job(link)

        assert (job.hash, job.host) == (HASH, f"{host}.mvsep.com")


def test_a_job_is_named_by_its_hash_or_by_the_services_link_and_stays_at_its_host() -> None:
    wire = Wire(WAITING)
    with wire.client() as mvsep:
        job = mvsep.job(f"http://127.0.0.1:8000/api/separation/get?hash={HASH}")
        assert (job.hash, job.host) == (HASH, "127.0.0.1:8000")
        for wrong in ("", " ", "a\nb", None, 7, "http://127.0.0.1:8000/"):
            with pytest.raises(MVSepError, match=r"can't be the hash|names no job"):
                mvsep.job(wrong)  # type: ignore[arg-type]
        with pytest.raises(MVSepError, match="not an address of the service"):
            mvsep.job(HASH, host="https://evil.example")
