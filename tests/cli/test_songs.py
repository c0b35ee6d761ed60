"""Ctrl-C, and the command that leads back to a job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import MVSep
from mvsep.cli.app import run
from tests.cli.scenes import CREATED, DONE, FETCHED, HASH, LINK, WAITING, Run, interrupt, raising
from tests.wire import ACCOUNT, TOKEN, Wire, answer


class Hasty(httpx.BaseTransport):
    """Meets Ctrl-C after the first piece of the file."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/app/user":
            return httpx.Response(200, content=ACCOUNT.content)
        assert isinstance(request.stream, httpx.SyncByteStream)
        next(piece for piece in request.stream if len(piece) > 10_000)
        raise KeyboardInterrupt


def test_ctrl_c_during_the_upload_starts_no_job(
    song: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    http = httpx.Client(transport=Hasty())

    def connect(base_url: str | None) -> MVSep:
        return MVSep(TOKEN, base_url="http://127.0.0.1:8000", http_client=http)

    code = run(["separate", str(song), "--type=40"], connect=connect)
    out, err = capsys.readouterr()

    assert (code, out) == (130, "")
    assert "before the upload ended. No job was started." in err
    assert "Nothing was charged." in err


@pytest.mark.parametrize(
    ("link", "told"), [(None, "looks for the job"), (LINK, "account's history")]
)
def test_ctrl_c_while_the_answer_is_awaited_is_uncertain_and_still_130(
    mvsep: Run, song: Path, link: str | None, told: str
) -> None:
    wire = Wire(interrupt) if link else Wire(ACCOUNT, interrupt)
    code, out, err = mvsep(wire, "separate", link or song, "--type=40")

    assert (code, out) == (130, "")
    assert "not known whether the job was created" in err
    assert "No job was started" not in err
    assert [step for step in ("looks for the job", "account's history") if step in err] == [told]
    assert ("--pay-again" in err) == bool(link)


def test_ctrl_c_before_anything_was_sent_says_so(
    song: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["separate", str(song), "--type=40"], connect=raising(KeyboardInterrupt()))

    assert code == 130
    assert "Interrupted. Nothing was sent." in capsys.readouterr().err


@pytest.mark.parametrize(
    "answers",
    [(CREATED, interrupt), (CREATED, WAITING, interrupt), (CREATED, DONE, FETCHED, interrupt)],
    ids=["waiting", "still waiting", "downloading"],
)
def test_ctrl_c_leaves_the_job_alone_and_says_how_to_come_back(
    mvsep: Run, song: Path, tmp_path: Path, answers: tuple[Any, ...]
) -> None:
    wire = Wire(*answers)
    code, out, err = mvsep(wire, "separate", song, "--type=40", "--out", tmp_path)

    assert (code, out) == (130, "")
    assert f"Come back with: mvsep resume {HASH} --out {tmp_path}" in err
    assert not any("cancel" in path or "delete" in path for path in wire.paths)


def test_ctrl_c_is_one_json_object_if_wanted(mvsep: Run, song: Path) -> None:
    code, out, _ = mvsep(Wire(CREATED, interrupt), "separate", song, "--type=40", "--json")
    error = json.loads(out)["error"]

    assert (code, error["exit_code"], error["type"]) == (130, 130, "Interrupted")
    assert error["hash"] == HASH


def test_ctrl_c_elsewhere_is_130_too(mvsep: Run) -> None:
    code, _, err = mvsep(Wire(interrupt), "account")

    assert code == 130
    assert "Traceback" not in err


@pytest.mark.parametrize("later", [False, True])
def test_ctrl_c_while_a_job_is_looked_for_does_not_say_that_there_is_none(
    separate: Any, later: bool
) -> None:
    lost = answer("Bad Gateway", 502)
    if later:
        assert separate(Wire(lost))[0] == 7
    code, _, err = separate(Wire(interrupt) if later else Wire(lost, interrupt))

    assert code == 130
    assert "not known whether the job was created" in err
    assert "Run the same command again" in err
    assert "No job was started" not in err


def test_the_way_back_names_the_region_that_has_the_job(
    song: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = "http://127.0.0.1:9000"
    linked = answer({"success": True, "data": {"hash": HASH, "link": f"{there}/api/x"}})

    def connect(base_url: str | None) -> MVSep:
        return Wire(linked, WAITING).client(regions=[there])

    arguments = ["separate", str(song), "--type=40", "--out", str(tmp_path), "--timeout=0"]
    code = run(arguments, connect=connect)

    assert code == 6
    assert f"--out {tmp_path} --base-url {there}\n" in capsys.readouterr().err
