"""`mvsep cancel` and `mvsep delete`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mvsep import MVSep
from mvsep.cli.app import run
from tests.cli.scenes import CREATED, DONE, HASH, HOST, WAITING, WHOLE, Run, interrupt
from tests.wire import Wire, answer


def test_cancel_tells_what_the_service_said(mvsep: Run) -> None:
    said = answer({"success": True, "data": {"message": "Done\x07."}})
    wire = Wire(said)
    code, out, _ = mvsep(wire, "cancel", HASH)
    _, json_out, _ = mvsep(wire, "cancel", HASH, "--json")

    assert code == 0
    assert "Done\ufffd." in out
    assert wire.paths == ["/api/separation/cancel"] * 2
    assert json.loads(json_out) == {
        "hash": HASH,
        "host": HOST,
        "cancelled": True,
        "server_text": "Done\x07.",
    }


def test_a_cancelled_job_is_over(mvsep: Run, separate: Any) -> None:
    separate(Wire(CREATED, WAITING, interrupt))
    mvsep(Wire(answer({"success": True})), "cancel", HASH)

    assert "It was cancelled." in mvsep(None, "jobs")[1]
    assert "No job is unfinished" in mvsep(Wire(DONE), "resume")[2]


def test_a_job_is_cancelled_where_it_is(
    song: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = "http://127.0.0.1:9000"
    linked = answer({"success": True, "data": {"hash": HASH, "link": f"{there}/api/x"}})
    cancelling = Wire(answer({"success": True}))
    wires = [Wire(linked, WAITING, interrupt), cancelling]

    def connect(base_url: str | None) -> MVSep:
        return wires.pop(0).client(regions=[there])

    run(["separate", str(song), "--type=40", "--out", str(tmp_path)], connect=connect)
    assert run(["cancel", HASH], connect=connect) == 0
    assert [request.url.port for request in cancelling.requests] == [9000]


def test_a_deleted_job_is_over(mvsep: Run, separate: Any) -> None:
    separate(Wire(CREATED, WAITING, interrupt))
    wire = Wire(answer({"success": True, "data": {"message": "Gone."}}))
    code, out, _ = mvsep(wire, "delete", HASH, "--yes")

    assert (code, wire.paths) == (0, ["/api/separation/delete"])
    assert out == f'Deleted {HASH}.\nThe service said: "Gone."\n'
    assert "It was deleted." in mvsep(None, "jobs")[1]


def test_stems_that_are_saved_outlive_their_job(mvsep: Run, separate: Any) -> None:
    _, first, _ = separate(Wire(*WHOLE))
    _, out, _ = mvsep(Wire(answer({"success": True})), "delete", HASH, "--yes", "--json")

    assert json.loads(out) == {"hash": HASH, "host": HOST, "deleted": True, "server_text": None}
    assert separate(Wire(CREATED))[1] == first


@pytest.mark.parametrize(("said", "paths"), [("y\n", ["/api/separation/delete"]), ("n\n", [])])
def test_at_a_terminal_it_is_asked_before_a_job_is_deleted(
    mvsep: Run, typed: Callable[[str], None], said: str, paths: list[str]
) -> None:
    typed(said)
    wire = Wire(answer({"success": True}))
    code, _, err = mvsep(wire, "delete", HASH)

    assert (code, wire.paths) == (0, paths)
    assert f"Delete {HASH}" in err


def test_where_nobody_can_be_asked_nothing_is_deleted(mvsep: Run) -> None:
    wire = Wire(answer({"success": True}))
    code, _, err = mvsep(wire, "delete", HASH)

    assert (code, wire.requests) == (2, [])
    assert "--yes" in err
