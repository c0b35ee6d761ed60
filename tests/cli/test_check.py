"""`mvsep check`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.scenes import QUEUE, Run, user
from tests.wire import Wire, answer


def test_preflight_tells_what_the_account_may_have(mvsep: Run, song: Path) -> None:
    wire = Wire(user(9), QUEUE)
    code, out, err = mvsep(wire, "check", song, "--type=40", "--set", "Overlap=87.5%")

    assert (code, err) == (0, "")
    assert "Can be submitted: 4 credits" in out
    assert wire.paths == ["/api/app/user", "/api/app/queue"]


def test_preflight_of_what_would_be_refused_ends_like_a_refusal(mvsep: Run, song: Path) -> None:
    asked = ("check", song, "--type=28", "--format=flac24")
    code, out, _ = mvsep(Wire(user(0), QUEUE), *asked)
    json_code, json_out, _ = mvsep(Wire(user(0), QUEUE), *asked, "--json")
    told = json.loads(json_out)
    (checked,) = told["songs"]

    assert code == json_code == told["exit_code"] == 4
    assert "Would be refused" in out
    assert "Premium needs credits" in out
    assert (checked["ok"], told["plan"], told["credits"]) == (False, "registered", 0)
    failed = {check["name"] for check in checked["checks"] if check["verdict"] == "fail"}
    assert failed == {"type", "format"}
    assert told["total"]["credits"] >= 1


def test_preflight_tells_what_can_not_be_checked_of_the_options(mvsep: Run) -> None:
    code, out, _ = mvsep(Wire(user(9), QUEUE), "check", "--type=Bark")

    assert code == 0
    assert "warning: options. Whether 'Text prompt' may be left out is not known." in out


def test_preflight_needs_no_file_with_seconds(mvsep: Run) -> None:
    code, out, _ = mvsep(Wire(user(9), QUEUE), "check", "--type=40", "--seconds=240")

    assert code == 0
    assert "4 credits" in out


def test_preflight_names_options_of_the_command_line(mvsep: Run) -> None:
    account = {"premium_minutes": 0, "premium_enabled": 0, "current_queue": ["a job"]}
    busy = answer({"success": True, "data": account})
    link = "https://example.com/song.wav"
    _, out, _ = mvsep(Wire(busy, QUEUE), "check", link, "--type=40")
    _, json_out, _ = mvsep(Wire(busy, QUEUE), "check", link, "--type=40", "--json")

    (checked,) = json.loads(json_out)["songs"]
    for way_out in ("Pass the length as --seconds.", "separate with --queue-timeout 600."):
        assert way_out in out
        assert any(way_out in (each["way_out"] or "") for each in checked["checks"])
    assert "seconds=" not in out
    assert "wait_for_place=" not in out
