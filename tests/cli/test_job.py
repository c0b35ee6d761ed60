"""`mvsep status`, `mvsep wait` and `mvsep download`, and the names of jobs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.scenes import (
    CREATED,
    DONE,
    FAILED,
    FETCHED,
    GONE,
    HASH,
    HOST,
    LINK,
    STEMS,
    WAITING,
    WHOLE,
    Run,
    interrupt,
)
from tests.wire import Wire, answer

REFUSED = answer({"success": False, "errors": ["no"]}, 400)


@pytest.mark.parametrize(
    ("told", "code", "status"),
    [
        (WAITING, 0, "waiting"),
        (DONE, 0, "done"),
        (FAILED, 5, "failed"),
        (GONE, 5, "not_found"),
        (answer({"success": True, "status": "brand_new"}), 0, "brand_new"),
    ],
)
def test_status_asks_once_and_needs_no_token(mvsep: Run, told: Any, code: int, status: str) -> None:
    wire = Wire(told)
    assert mvsep(wire, "status", HASH, token=None)[0] == code
    found = json.loads(mvsep(wire, "status", HASH, "--json", token=None)[1])

    assert (found["hash"], found["host"], found["status"]) == (HASH, HOST, status)
    assert [file["label"] for file in found["files"]] == (list(STEMS) if status == "done" else [])
    assert wire.paths == ["/api/separation/get"] * 2


def test_status_says_where_the_job_stands_and_how_to_go_on(mvsep: Run) -> None:
    assert "waiting, place 3 of 7 in the queue" in mvsep(Wire(WAITING), "status", HASH)[1]
    assert f"mvsep download {HASH}\n" in mvsep(Wire(DONE), "status", HASH)[1]


def test_wait_ends_when_the_job_is_done_and_fetches_nothing(mvsep: Run) -> None:
    wire = Wire(WAITING, DONE)
    code, out, err = mvsep(wire, "wait", HASH)

    assert code == 0
    assert "place 3 of 7" in err
    assert "State: done" in out
    assert wire.paths == ["/api/separation/get"] * 2
    assert json.loads(mvsep(Wire(DONE), "wait", HASH, "--json")[1])["status"] == "done"


@pytest.mark.parametrize(
    ("told", "more", "code", "said"),
    [
        (FAILED, (), 5, "The separation failed"),
        (WAITING, ("--timeout=0",), 6, f"Come back with: mvsep resume {HASH}"),
        (interrupt, (), 130, f"Come back with: mvsep resume {HASH}"),
    ],
)
def test_wait_says_why_it_ended_without_stems(
    mvsep: Run, told: Any, more: tuple[str, ...], code: int, said: str
) -> None:
    ended, _, err = mvsep(Wire(told), "wait", HASH, *more)
    assert ended == code
    assert said in err


@pytest.mark.parametrize("command", ["status", "wait"])
def test_the_second_hash_of_a_links_job_is_kept(
    mvsep: Run, separate: Any, tmp_path: Path, command: str
) -> None:
    first = "n2AwBjy4KsFZfqqR"
    created = answer({"success": True, "data": {"hash": first, "link": "https://mvsep.com/x"}})
    asked = ("separate", LINK, "--type=40", "--out", tmp_path)
    mvsep(Wire(created, interrupt), *asked)
    fetched = answer({"success": True, "status": "done", "data": {"hash": HASH, "link": "x"}})
    assert mvsep(Wire(fetched, DONE), command, first)[0] == 0

    (job,) = json.loads(mvsep(None, "jobs", "--json")[1])["jobs"]
    assert (job["hash"], job["state"]) == (HASH, "submitted")


@pytest.mark.parametrize("name", ["last", "1", HASH[:8], HASH])
def test_a_job_goes_by_each_of_its_names(mvsep: Run, separate: Any, name: str) -> None:
    separate(Wire(CREATED, WAITING, interrupt))
    wire = Wire(WAITING, DONE, FETCHED)

    assert f"Job: {HASH} " in mvsep(wire, "status", name)[1]
    assert "State: done" in mvsep(wire, "wait", name)[1]
    code, out, _ = mvsep(Wire(DONE, FETCHED), "download", name)
    assert (code, len(out.splitlines())) == (0, 2)


def test_download_takes_the_folder_of_the_journal_and_asks_nothing_twice(
    mvsep: Run, separate: Any, tmp_path: Path
) -> None:
    separate(Wire(CREATED, WAITING, interrupt))
    _, first, _ = mvsep(Wire(DONE, FETCHED), "download", "last")
    wire = Wire(DONE)
    _, again, err = mvsep(wire, "download", "last")

    assert [Path(line).parent for line in first.splitlines()] == [tmp_path / "stems"] * 2
    assert again == first
    assert "2 stems already in" in err
    assert wire.requests == []


@pytest.mark.parametrize("name", ["last", "7"])
def test_a_short_name_that_the_journal_lacks_is_never_sent(mvsep: Run, name: str) -> None:
    wire = Wire(DONE)
    for more in ((), ("--no-journal",)):
        code, _, err = mvsep(wire, "status", name, *more)
        assert code == 2
        assert "mvsep jobs" in err
    assert wire.requests == []


def test_a_start_that_several_jobs_have_names_them(
    mvsep: Run, separate: Any, song: Path, tmp_path: Path
) -> None:
    separate(Wire(*WHOLE))
    other = tmp_path / "other.wav"
    other.write_bytes(song.read_bytes() + b"\0")
    second = HASH.replace("song", "other")
    created = answer({"success": True, "data": {"hash": second, "link": "https://mvsep.com/x"}})
    mvsep(Wire(created, interrupt), "separate", other, "--type=40", "--out", tmp_path)

    code, _, err = mvsep(Wire(DONE), "status", HASH[:12])
    assert code == 2
    assert HASH in err
    assert second in err


def test_an_attempt_without_a_job_says_so(mvsep: Run, separate: Any) -> None:
    separate(Wire(REFUSED))
    wire = Wire(DONE)
    code, _, err = mvsep(wire, "download", "last")

    assert (code, wire.requests) == (2, [])
    assert "No job is known of song.wav" in err
