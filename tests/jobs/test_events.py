from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import DownloadError, InvalidInput, JobState, Moved, MVSep, Result, errors
from mvsep.errors import JobTimeout, MVSepError
from tests.scenes import CREATED, HASH, WAITING, done, offered
from tests.wire import BASE_URL, Do, Wire, answer, stored

STEMS = done(offered("Vocals", bytes=6), offered("Other", bytes=5))
STORED = stored(vocals=b"vocals", other=b"other")
DID = answer({"success": True})
CREATE, GET, CANCEL = (f"/api/separation/{name}" for name in ("create", "get", "cancel"))


def follow(asynchronous: bool, wire: Wire, out: Path, most: int | None = None) -> list[Any]:
    """The events of a job, or the first ones."""
    return wire.each(asynchronous, lambda client: client.job(HASH).events(out, parallel=1), most)


def test_events_lead_from_the_queue_to_the_last_byte_and_the_result(
    asynchronous: bool, tmp_path: Path
) -> None:
    events = follow(asynchronous, Wire(WAITING, STEMS, STORED), tmp_path)

    states = [event.status for event in events if isinstance(event, JobState)]
    assert states == ["waiting", "done"]
    moved = [event for event in events if isinstance(event, Moved)]
    assert {(m.file.label, m.done) for m in moved if m.done == m.total} == {
        ("Vocals", 6),
        ("Other", 5),
    }
    assert isinstance(events[-1], Result)
    assert [stem.path.read_bytes() for stem in events[-1].files] == [b"vocals", b"other"]


def test_without_a_folder_no_stem_is_fetched(asynchronous: bool) -> None:
    wire = Wire(WAITING, STEMS, STORED)
    events = wire.each(asynchronous, lambda client: client.job(HASH).events())

    assert [event.status for event in events] == ["waiting", "done"]
    assert set(wire.paths) == {GET}
    with pytest.raises(InvalidInput, match="overwrite"):
        wire.each(asynchronous, lambda client: client.job(HASH).events(overwrite=True))


async def never_awaited(*_: Any) -> None:
    """What a caller may take for a callback."""


class Awaited:
    async def __call__(self, *_: Any) -> None: ...


@pytest.mark.parametrize("function", [never_awaited, partial(never_awaited, 1), Awaited()])
@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("on_state", lambda client, **on: client.job(HASH).wait(**on)),
        ("on_file", lambda client, **on: client.job(HASH).download(**on)),
        ("on_upload", lambda client, **on: client.submit(b"song", 40, **on)),
        *(
            (name, lambda client, **on: client.separate(b"song", 40, **on))
            for name in ("on_state", "on_file", "on_upload")
        ),
        ("on_event", lambda client, **on: client.separate_many([b"song"], 40, **on)),
    ],
)
def test_a_function_that_would_have_to_be_awaited_is_refused_before_anything_is_sent(
    asynchronous: bool, name: str, does: Any, function: Any, tmp_path: Path
) -> None:
    wire = Wire(CREATED, STEMS, STORED)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        with pytest.raises(InvalidInput, match=name) as caught:
            wire.act(asynchronous, lambda client: does(client, **{name: function}))

    # Of a job that exists nobody knows; before that nothing was charged.
    assert caught.value.charged is (None if caught.value.hash else False)
    assert wire.requests == []


def test_an_error_on_the_way_comes_out_of_the_events(asynchronous: bool, tmp_path: Path) -> None:
    with pytest.raises(DownloadError) as caught:
        follow(asynchronous, Wire(STEMS, httpx.Response(404)), tmp_path)

    assert caught.value.hash == HASH


def test_who_leaves_early_leaves_the_job_as_it_is(asynchronous: bool, tmp_path: Path) -> None:
    wire = Wire(WAITING, STEMS, STORED)
    follow(asynchronous, wire, tmp_path, most=1)

    assert set(wire.paths) == {GET}
    assert list(tmp_path.iterdir()) == []


def block(
    asynchronous: bool, wire: Wire, fails: BaseException | None, timeout: float | None = None
) -> None:
    """Submit within a block of the job's own, which may end by an exception."""

    def sync(client: Any) -> None:
        with client.submit(b"song", 40) as job:
            if timeout is not None:
                job.wait(timeout=timeout)
            if fails:
                raise fails

    async def with_await(client: Any) -> None:
        async with await client.submit(b"song", 40) as job:
            if timeout is not None:
                await job.wait(timeout=timeout)
            if fails:
                raise fails

    wire.act(asynchronous, with_await if asynchronous else sync)


@pytest.mark.parametrize(
    ("reply", "said"),
    [(DID, "was cancelled"), (httpx.ReadError("reset"), "could not be cancelled")],
)
@pytest.mark.parametrize("error", [ValueError, errors.ConnectionFailed])
def test_a_block_that_fails_cancels_its_job_and_says_so(
    asynchronous: bool, error: type[Exception], reply: Any, said: str
) -> None:
    wire, mine = Wire(CREATED, reply), error("mine")
    with pytest.raises(error) as caught:
        block(asynchronous, wire, mine)

    assert caught.value is mine
    assert wire.paths == [CREATE, CANCEL]
    assert said in mine.__notes__[0]


@pytest.mark.parametrize(
    ("error", "timeout", "paths"),
    [
        (KeyboardInterrupt(), None, [CREATE]),
        (asyncio.CancelledError(), None, [CREATE]),
        (SystemExit(1), None, [CREATE]),
        (JobTimeout("mine"), 0, [CREATE, GET]),  # it comes from the wait
        (None, None, [CREATE]),
    ],
)
def test_a_block_that_is_left_in_another_way_leaves_the_job_running(
    asynchronous: bool, error: BaseException | None, timeout: float | None, paths: list[str]
) -> None:
    wire, raised = Wire(CREATED, WAITING), None
    try:
        block(asynchronous, wire, error, timeout)
    except BaseException as caught:
        raised = caught
    assert type(raised) is type(error)
    assert wire.paths == paths


def test_a_job_that_is_over_is_not_cancelled(asynchronous: bool) -> None:
    wire = Wire(CREATED, STEMS)
    with pytest.raises(ValueError, match="mine"):
        block(asynchronous, wire, ValueError("mine"), timeout=10)

    assert CANCEL not in wire.paths


@pytest.mark.parametrize(("asked", "paths"), [(False, [GET]), (True, [GET, CANCEL])])
def test_a_timeout_cancels_only_when_asked(do: Do, asked: bool, paths: list[str]) -> None:
    wire = Wire(WAITING, DID)
    with pytest.raises(JobTimeout):
        do(wire, "wait", job=HASH, timeout=0, cancel_on_timeout=asked)
    assert wire.paths == paths


def test_a_job_is_named_by_its_hash_or_by_the_services_link_and_stays_at_its_host() -> None:
    query = f"/api/separation/get?hash={HASH}"
    for host in ("de", "de2", "hk", "sg"):
        with MVSep("x") as client:
            job = client.job(f"https://{host}.mvsep.com{query}")
        assert (job.hash, job.host) == (HASH, f"{host}.mvsep.com")

    with Wire(WAITING).client() as client:
        job = client.job(BASE_URL + query)
        assert (job.hash, job.host) == (HASH, "127.0.0.1:8000")
        for wrong in ("", " ", "a\nb", None, 7, f"{BASE_URL}/"):
            with pytest.raises(MVSepError, match=r"can't be the hash|names no job"):
                client.job(wrong)  # type: ignore[arg-type]
        with pytest.raises(MVSepError, match="not an address of the service"):
            client.job(HASH, host="https://evil.example")
