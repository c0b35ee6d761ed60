"""`mvsep separate` with several songs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import MVSep
from mvsep.cli.app import run
from tests.cli.scenes import CREATED, DONE, FAILED, FETCHED, HASH, WAITING, Run, interrupt
from tests.wire import ACCOUNT, TOKEN, Wire, answer


@pytest.fixture
def two(song: Path, tmp_path: Path) -> list[Path]:
    other = tmp_path / "other.wav"
    shutil.copy(song, other)
    with other.open("ab") as file:
        file.write(b"\1")
    return [song, other]


def service(request: httpx.Request) -> httpx.Response:
    """Answers in any order: every job is done, but for that of a song called other.wav."""
    path = request.url.path
    if path == "/api/separation/create":
        name = b"other" if b"other.wav" in request.content else b"song"
        hash = f"20250131145833-a0bb276157-{name.decode()}.wav"
        return answer({"success": True, "data": {"hash": hash, "link": "https://mvsep.com/x"}})
    if path == "/api/separation/get":
        return FAILED if "other" in request.url.params["hash"] else DONE
    if path == "/api/app/user":
        return answer({"success": True, "data": {"premium_minutes": 9, "premium_enabled": 1}})
    return FETCHED(request)


def test_several_songs_end_with_a_summary_and_the_highest_code(
    mvsep: Run, two: list[Path], tmp_path: Path
) -> None:
    code, out, err = mvsep(
        Wire(service), "separate", *two, "--type=40", "--yes", "--out", tmp_path / "s"
    )

    assert code == 5
    assert [Path(line).name for line in out.splitlines()] == ["song_Vocals.wav", "song_Other.wav"]
    assert "1 of 2 songs separated; 1 failed; about 4 credits spent. Exit code 5." in err
    assert f"Error: {two[1]}: The separation failed." in err
    assert f"{two[0]}: Upload\n" in err


def test_several_songs_in_json(mvsep: Run, two: list[Path], tmp_path: Path) -> None:
    asked = ["--type=40", "--yes", "--out", tmp_path / "s", "--json"]
    code, out, _ = mvsep(Wire(service), "separate", *two, "missing.wav", *asked)
    told = json.loads(out)

    assert (code, told["exit_code"]) == (5, 5)
    sources = [Path(song["source"]) for song in told["songs"]]
    assert sources == [*two, Path("missing.wav").absolute()]
    assert len(told["songs"][0]["files"]) == 2
    assert [song["error"]["exit_code"] for song in told["songs"][1:]] == [5, 2]
    assert told["total"] == {
        "planned": 0,
        "done": 1,
        "already": 0,
        "skipped": 0,
        "running": 0,
        "failed": 2,
        "credits": 4,
        "sure": False,
        "balance": 9,
    }


@pytest.mark.parametrize(
    ("answers", "more", "told"),
    [
        ((CREATED, WAITING, interrupt), (), "`mvsep resume` for those that were begun"),
        (
            (CREATED, WAITING, interrupt),
            ("--no-journal",),
            f"  Come back with: mvsep resume {HASH} --out ",
        ),
        ((CREATED, WAITING, interrupt), (), "Interrupted. 2 credits spent: 1 goes on."),
        ((ACCOUNT, interrupt), (), "It is not known whether credits were spent."),
        (
            (ACCOUNT, CREATED, FAILED, interrupt),
            (),
            "2 credits spent: 1 failed, of 1 it is not known whether a job was created.",
        ),
        (
            (ACCOUNT, interrupt),
            ("--no-journal",),
            "Look at the account's history before you send it again",
        ),
    ],
)
def test_ctrl_c_among_several_says_how_to_go_on(
    mvsep: Run, two: list[Path], tmp_path: Path, answers: Any, more: tuple[str, ...], told: str
) -> None:
    arguments = ["separate", *two, "--type=40", "--yes", "--out", tmp_path, "--jobs=1", *more]
    code, out, err = mvsep(Wire(*answers), *arguments)
    json_out = mvsep(Wire(*answers), *arguments, "--json")[1]

    assert (code, out) == (130, "")
    assert told in err
    assert json.loads(json_out)["error"]["hash"] is None


def test_ctrl_c_before_anything_of_several_was_sent_says_so(
    two: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    class Hasty(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path == "/api/app/user":
                return httpx.Response(200, content=ACCOUNT.content)
            raise KeyboardInterrupt

    def connect(base_url: str | None) -> MVSep:
        http = httpx.Client(transport=Hasty())
        return MVSep(TOKEN, base_url="http://127.0.0.1:8000", http_client=http)

    code = run(["separate", *map(str, two), "--type=40", "--yes"], connect=connect)
    err = capsys.readouterr().err

    assert code == 130
    assert "Interrupted. Nothing was sent.\n  Nothing was charged.\n" in err
    assert "not known" not in err


def test_songs_that_time_out_are_paid_for_and_go_on(
    mvsep: Run, two: list[Path], tmp_path: Path
) -> None:
    asked = ["separate", *two, "--type=40", "--yes", "--timeout=0", "--out", tmp_path / "s"]
    code, out, err = mvsep(Wire(waiting), *asked)
    told = json.loads(mvsep(Wire(waiting), *asked, "--pay-again", "--no-journal", "--json")[1])
    later = json.loads(mvsep(Wire(waiting), *asked, "--json")[1])

    assert (code, out) == (6, "")
    assert "2 go on at the service: mvsep resume; 4 credits spent. Exit code 6." in err
    assert "failed" not in err
    assert "Error: " not in err
    assert [song["status"] for song in told["songs"]] == ["running", "running"]
    assert (told["total"]["running"], told["total"]["failed"], told["exit_code"]) == (2, 0, 6)
    assert (told["total"]["credits"], told["total"]["sure"]) == (4, True)
    assert (later["total"]["credits"], later["total"]["running"]) == (0, 2)


def waiting(request: httpx.Request) -> httpx.Response:
    return WAITING if request.url.path == "/api/separation/get" else service(request)


def test_without_a_connection_there_is_one_error(mvsep: Run, two: list[Path]) -> None:
    code, _, err = mvsep(Wire(httpx.ConnectError("no")), "separate", *two, "--type=40", "--yes")

    assert code == 1
    assert err.count("Error: ") == 1
    assert "Nothing was charged." in err
    assert "2 songs" not in err
