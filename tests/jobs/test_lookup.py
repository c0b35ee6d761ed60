"""Whatever passes through a call with a job behind it says how to find the job."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import JobState, Journal, MVSepError, errors
from mvsep.jobs.reconcile import Verdict
from mvsep.journal.entry import State
from tests.jobs.ends import (
    ENDS,
    OTHERS,
    SONG,
    Interrupted,
    callback,
    check_names_the_job,
    marker_of,
    notes,
    raising,
    reaching,
)
from tests.scenes import CREATED, HASH, HOST, VOCALS, WAITING
from tests.wire import ACCOUNT, Do, Wire, answer, stored


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Any:
    with Journal(tmp_path / "journal.sqlite3") as journal:
        yield journal


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kept", [False, True], ids=["submit", "separate with a journal"])
def test_what_ends_a_call_after_the_form_was_sent_names_host_and_marker(
    do: Do, journal: Journal, tmp_path: Path, end: type[BaseException], kept: bool
) -> None:
    wire = Wire(*[ACCOUNT] * kept, raising(end))
    more = {"journal": journal, "out": tmp_path / "stems"} if kept else {}
    with pytest.raises(end) as caught:
        do(wire, "separate" if kept else "submit", SONG, 40, **more)

    assert f"client.reconcile('{marker_of(wire)}')" in notes(caught.value)
    assert HOST in notes(caught.value)
    if kept:
        (entry,) = journal.unfinished()
        assert (entry.state, entry.marker) == (State.OFFERED, marker_of(wire))


@pytest.mark.parametrize(("source", "kind"), [("https://example.com/song.wav", 40), (None, 62)])
def test_what_has_no_marker_is_looked_up_by_hand(do: Do, source: Any, kind: int) -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        do(Wire(raising(KeyboardInterrupt)), "submit", source, kind)

    assert f"may have been created at {HOST}" in notes(caught.value)
    assert "account's history" in notes(caught.value)


@pytest.mark.parametrize("at_last", [False, True], ids=["first piece", "last piece"])
@pytest.mark.parametrize("end", OTHERS)
def test_what_breaks_an_upload_off_before_its_end_tells_of_no_job(
    do: Do, journal: Journal, tmp_path: Path, end: type[BaseException], at_last: bool
) -> None:
    def on_upload(sent: int, total: int | None) -> None:
        if sent == total or not at_last:
            raise end("stop")

    with pytest.raises(end) as caught:
        more = {"journal": journal, "out": tmp_path / "stems"}
        do(Wire(CREATED), "separate", SONG, 40, on_upload=on_upload, **more)

    assert notes(caught.value) == ""
    assert [entry.state for entry in journal.entries()] == [State.INTENT]


def test_what_ends_a_wait_for_a_place_tells_of_no_job(do: Do) -> None:
    full = answer({"success": False, "errors": ["You have unprocessed file in queue"]}, 400)
    with pytest.raises(errors.QueueFull):
        do(Wire(full), "submit", SONG, 40)
    with pytest.raises(KeyboardInterrupt) as caught:
        do(Interrupted(KeyboardInterrupt, full), "submit", SONG, 40, wait_for_place=600)

    assert notes(caught.value) == ""


Call = Callable[[Do, Wire, Path], Any]

SEPARATES: dict[str, Call] = {
    "separate": lambda do, wire, out: do(wire, "separate", SONG, 40, out=out),
    "separate with a journal": lambda do, wire, out: with_journal(do, wire, out),
}
WAITS: dict[str, Call] = {
    **SEPARATES,
    "wait": lambda do, wire, out: do(wire, "wait", job=HASH),
    "download": lambda do, wire, out: do(wire, "download", out, job=HASH),
}
ACTS: dict[str, Call] = {
    **WAITS,
    "cancel": lambda do, wire, out: do(wire, "cancel", job=HASH),
    "delete": lambda do, wire, out: do(wire, "delete", job=HASH),
}


def with_journal(do: Do, wire: Wire, out: Path, **more: Any) -> Any:
    with Journal(out.with_name("kept.sqlite3")) as journal:
        try:
            return do(wire, "separate", SONG, 40, out=out, journal=journal, **more)
        finally:
            assert [entry.hash for entry in journal.unfinished()] == [HASH]


@pytest.mark.parametrize("end", OTHERS)
@pytest.mark.parametrize("name", ACTS)
def test_what_ends_a_question_about_a_job_names_the_job(
    do: Do, asynchronous: bool, tmp_path: Path, name: str, end: type[BaseException]
) -> None:
    end = reaching(end, asynchronous)
    wire = Wire(*[CREATED] * (name in SEPARATES), raising(end))
    with pytest.raises(end) as caught:
        ACTS[name](do, wire, tmp_path / "stems")

    check_names_the_job(caught.value)


@pytest.mark.parametrize("end", OTHERS)
@pytest.mark.parametrize("name", WAITS)
def test_what_ends_a_pause_of_a_wait_names_the_job(
    do: Do, tmp_path: Path, name: str, end: type[BaseException]
) -> None:
    wire = Interrupted(end, *[CREATED] * (name in SEPARATES), WAITING)
    with pytest.raises(end) as caught:
        WAITS[name](do, wire, tmp_path / "stems")

    check_names_the_job(caught.value)


@pytest.mark.parametrize("end", OTHERS)
@pytest.mark.parametrize("parameter", ["on_state", "on_file"])
@pytest.mark.parametrize("method", ["separate", "with a journal", "of the job"])
def test_what_a_callers_function_raises_names_the_job(
    do: Do, tmp_path: Path, method: str, parameter: str, end: type[BaseException]
) -> None:
    more = {parameter: callback(end)}
    out = tmp_path / "stems"
    wire = Wire(*[CREATED] * (method != "of the job"), WAITING, VOCALS, stored(vocals=b"stem"))
    with pytest.raises(end) as caught:
        if method == "separate":
            do(wire, "separate", SONG, 40, out=out, **more)
        elif method == "with a journal":
            with_journal(do, wire, out, **more)
        elif parameter == "on_state":
            do(wire, "wait", job=HASH, **more)
        else:
            do(wire, "download", out, job=HASH, **more)

    check_names_the_job(caught.value)


@pytest.mark.parametrize("end", OTHERS)
def test_what_ends_a_loop_over_events_names_the_job(
    asynchronous: bool, end: type[BaseException]
) -> None:
    end = reaching(end, asynchronous)
    with pytest.raises(end) as caught:
        Wire(raising(end)).each(asynchronous, lambda client: client.job(HASH).events())

    check_names_the_job(caught.value)


@pytest.mark.parametrize("end", [asyncio.CancelledError, MemoryError, ZeroDivisionError])
def test_what_ends_a_loop_over_stems_names_the_job(
    asynchronous: bool, tmp_path: Path, end: type[BaseException]
) -> None:
    wire = Wire(VOCALS, raising(end))
    with pytest.raises(end) as caught:
        wire.each(asynchronous, lambda client: client.job(HASH).events(tmp_path))

    check_names_the_job(caught.value)


def test_an_error_of_ours_has_the_job_as_attributes(do: Do, tmp_path: Path) -> None:
    def on_state(_: object) -> None:
        raise MVSepError("The caller's own.", charged=False)

    with pytest.raises(MVSepError) as caught:
        do(Wire(CREATED, WAITING), "separate", SONG, 40, out=tmp_path, on_state=on_state)

    assert (caught.value.hash, caught.value.host) == (HASH, HOST)
    assert caught.value.charged is None
    assert caught.value.marker is None or caught.value.marker.startswith("mvk")
    assert notes(caught.value) == ""


DRY = pytest.mark.parametrize("end", [StopIteration, StopAsyncIteration])


@DRY
@pytest.mark.parametrize(
    ("method", "parameter"),
    [
        *((method, on) for method in ("separate", "journal") for on in ("on_state", "on_file")),
        ("separate_many", "on_event"),
    ],
)
def test_a_callback_that_runs_dry_names_the_job(
    do: Do, tmp_path: Path, method: str, parameter: str, end: type[Exception]
) -> None:
    def on_event(_: object, event: object) -> None:
        if isinstance(event, JobState):
            raise end

    wire, out = Wire(CREATED, WAITING, VOCALS, stored(vocals=b"stem")), tmp_path / "stems"
    with pytest.raises(RuntimeError, match=f"A callback raised {end.__name__}") as caught:
        if method == "journal":
            with_journal(do, wire, out, **{parameter: callback(end)})
        elif method == "separate":
            do(wire, method, SONG, 40, out=out, **{parameter: callback(end)})
        else:
            do(wire, method, [SONG], 40, out=out, on_event=on_event)

    assert isinstance(caught.value.__cause__, end)
    check_names_the_job(caught.value)


@DRY
def test_an_on_upload_that_runs_dry_is_no_lost_connection(do: Do, end: type[Exception]) -> None:
    wire = Wire(CREATED)
    with pytest.raises(RuntimeError, match=f"A callback raised {end.__name__}"):
        do(wire, "submit", SONG, 40, on_upload=callback(end))

    assert wire.paths == []


def test_the_second_hash_of_a_links_job_is_the_one_that_is_named(do: Do) -> None:
    turned = answer({"success": True, "status": "done", "hash": HASH, "data": {"hash": HASH}})
    with pytest.raises(ZeroDivisionError) as caught:
        do(Wire(turned, raising(ZeroDivisionError)), "wait", job="n2AwBjy4KsFZfqqR")

    check_names_the_job(caught.value)


def test_a_job_elsewhere_is_named_with_its_address(do: Do, tmp_path: Path) -> None:
    more = {"base_url": None, "regions": ["https://mvsep.com", "https://de.mvsep.com"]}
    created = answer(
        {"success": True, "data": {"hash": HASH, "link": "https://de.mvsep.com/get?hash=x"}}
    )
    wire = Wire(created, raising(ZeroDivisionError))

    with pytest.raises(ZeroDivisionError) as caught:
        do(wire, "separate", SONG, 40, out=tmp_path, settings=more)

    assert f"client.job('{HASH}', host='https://de.mvsep.com').download()" in notes(caught.value)


@pytest.mark.parametrize("end", [KeyboardInterrupt, asyncio.CancelledError])
def test_a_block_that_leaves_its_job_running_names_it(
    asynchronous: bool, end: type[BaseException]
) -> None:
    async def block(client: Any) -> None:
        async with client.job(HASH):
            raise end("stop")

    def act(client: Any) -> Any:
        if asynchronous:
            return block(client)
        with client.job(HASH):
            raise end("stop")

    with pytest.raises(end) as caught:
        Wire(answer({})).act(asynchronous, act)

    check_names_the_job(caught.value)


# Searching


@pytest.mark.parametrize("marked", [True, False], ids=["the marker", "the error"])
def test_a_job_is_looked_for_by_the_marker_alone(do: Do, marked: bool) -> None:
    marker = "mvk123456789"
    hash = f"20250131145833-a0bb276157-{marker}-song.wav"
    user = answer({"success": True, "data": {"current_queue": [{"hash": hash}]}})
    uncertain = marker if marked else errors.SubmitUncertain("x", marker=marker)
    found = do(Wire(user), "reconcile", uncertain)

    assert found.verdict is Verdict.FOUND
    assert found.job.hash == hash


def test_a_job_that_is_looked_for_by_marker_may_be_at_another_host(do: Do) -> None:
    hash = "20250131145833-a0bb276157-mvk123456789-song.wav"
    user = answer({"success": True, "data": {"current_queue": [{"hash": hash}]}})
    more = {"base_url": None, "regions": ["https://mvsep.com", "https://de.mvsep.com"]}
    found = do(Wire(user), "reconcile", "mvk123456789", host="https://de.mvsep.com", settings=more)

    assert found.job.host == "de.mvsep.com"


@pytest.mark.parametrize("text", ["", "wav", "mvk12345678", HASH, None, 5])
def test_what_is_no_marker_is_not_looked_for(do: Do, text: Any) -> None:
    wire = Wire(answer({}))
    with pytest.raises(errors.InvalidInput, match="no marker"):
        do(wire, "reconcile", text)

    assert wire.requests == []


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_a_search_names_the_marker(do: Do, end: type[BaseException]) -> None:
    with pytest.raises(end) as caught:
        do(Wire(raising(end)), "reconcile", "mvk123456789")

    assert "client.reconcile('mvk123456789')" in notes(caught.value)


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_the_journals_search_names_the_marker(
    do: Do, asynchronous: bool, journal: Journal, tmp_path: Path, end: type[BaseException]
) -> None:
    end = reaching(end, asynchronous)
    more = {"journal": journal, "out": tmp_path}
    wire = Wire(ACCOUNT, httpx.ReadError("reset"), raising(end))
    for _ in range(2):  # right after the upload, and by the next process
        with pytest.raises(end) as caught:
            do(wire, "separate", SONG, 40, **more)

        assert marker_of(wire) in notes(caught.value)
    assert [entry.state for entry in journal.entries()] == [State.OFFERED]
