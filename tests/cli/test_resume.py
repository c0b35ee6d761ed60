"""`mvsep resume`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import MVSep
from mvsep.cli.app import run
from tests.cli.scenes import (
    CREATED,
    DONE,
    FAILED,
    FETCHED,
    HASH,
    HOST,
    STEMS,
    WAITING,
    WHOLE,
    Run,
    interrupt,
    user,
)
from tests.wire import TOKEN, Wire, answer


def test_resume_fetches_the_stems_of_a_hash(mvsep: Run, tmp_path: Path) -> None:
    wire = Wire(WAITING, DONE, FETCHED)
    code, out, _ = mvsep(wire, "resume", HASH, "--out", tmp_path)
    again = Wire(DONE, FETCHED)
    (told,) = json.loads(mvsep(again, "resume", HASH, "--out", tmp_path / "2", "--json")[1])[
        "songs"
    ]

    assert code == 0
    assert (told["status"], told["hash"], len(told["files"])) == ("done", HASH, 2)
    assert [Path(line).read_bytes() for line in out.splitlines()] == list(STEMS.values())
    assert "/api/separation/create" not in wire.paths


def test_the_type_in_a_name_is_that_of_the_journal_or_of_the_answer(
    mvsep: Run, separate: Any, tmp_path: Path
) -> None:
    named = ("--template", "{stem}_{type}.{ext}", "--out", tmp_path / "named")
    body = json.loads(DONE.content)
    body["data"]["algorithm"] = "MelBand Roformer (vocals, instrumental)"
    assert mvsep(Wire(answer(body), FETCHED), "resume", HASH, *named)[0] == 0
    assert mvsep(Wire(DONE, FETCHED), "resume", HASH, "--no-journal", *named)[0] == 0
    assert separate(Wire(CREATED, FAILED))[0] == 5
    assert mvsep(Wire(DONE, FETCHED), "resume", HASH, *named)[0] == 0

    types = {path.stem.partition("_")[2] for path in (tmp_path / "named").iterdir()}
    assert types == {"melband_roformer", "type", "bs_roformer"}


def test_resume_without_a_hash_finishes_what_is_unfinished(mvsep: Run, separate: Any) -> None:
    separate(Wire(CREATED, WAITING, interrupt))
    wire = Wire(DONE, FETCHED)
    code, out, err = mvsep(wire, "resume")

    assert code == 0, err
    assert len(out.splitlines()) == 2
    assert "1 of 1 song separated" in err
    assert mvsep(Wire(DONE), "resume")[::2] == (0, "No job is unfinished.\n")
    told = json.loads(mvsep(Wire(DONE), "resume", "--json")[1])
    assert told == {"songs": [], "unsent": [], "next": None, "exit_code": 0}


def test_resume_names_the_services_that_it_did_not_ask(
    separate: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    separate(Wire(CREATED, WAITING, interrupt))

    def connect(base_url: str | None) -> MVSep:
        return MVSep(TOKEN, base_url="https://mvsep.com")

    assert run(["resume"], connect=connect) == 0
    assert f"Jobs at {HOST} were not resumed" in capsys.readouterr().err


def test_resume_by_hash_is_noted_in_the_journal(mvsep: Run, separate: Any, tmp_path: Path) -> None:
    separate(Wire(CREATED, WAITING, interrupt))
    code, _, err = mvsep(Wire(DONE, FETCHED), "resume", HASH, "--out", tmp_path / "elsewhere")

    assert code == 0, err
    assert len(list((tmp_path / "elsewhere").iterdir())) == 2
    assert "2 stems already in" in separate(Wire(CREATED))[2]


def test_resume_of_stems_that_are_there_says_where_and_asks_nobody(
    mvsep: Run, separate: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first, _ = separate(Wire(*WHOLE))
    (tmp_path / "else").mkdir()
    monkeypatch.chdir(tmp_path / "else")
    wire = Wire(DONE, FETCHED)
    code, out, err = mvsep(wire, "resume", HASH)

    assert (code, out) == (0, first)
    assert f"2 stems already in {tmp_path / 'stems'}" in err
    assert wire.requests == []
    assert list(Path().iterdir()) == []

    assert mvsep(wire, "resume", HASH, "--out", "here")[0] == 0
    assert len(list(Path("here").iterdir())) == 2


def test_resume_fetches_what_is_gone_to_where_it_was(
    mvsep: Run, separate: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    separate(Wire(*WHOLE))
    (tmp_path / "stems" / "song_Vocals.wav").unlink()
    (tmp_path / "else").mkdir()
    monkeypatch.chdir(tmp_path / "else")
    wire = Wire(DONE, FETCHED)
    code, _, err = mvsep(wire, "resume", HASH)

    assert code == 0, err
    assert (tmp_path / "stems" / "song_Vocals.wav").read_bytes() == b"one"
    assert [path for path in wire.paths if "separation" not in path] == ["/Vocals.wav"]
    assert list(Path().iterdir()) == []


def test_two_jobs_of_one_file_each_have_a_row_of_their_own(
    mvsep: Run, separate: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = HASH.replace("song", "more")
    again = answer({"success": True, "data": {"hash": other, "link": "https://mvsep.com/x"}})
    separate(Wire(CREATED, WAITING), "--timeout=0")
    separate(Wire(again, WAITING), "--timeout=0", "--format=flac")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def service(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/app/user":
            return user(9)  # type: ignore[return-value]
        if request.url.path == "/api/separation/get":
            return WAITING if request.url.params["hash"] == other and not wire.paths[5:] else DONE
        return FETCHED(request)

    wire = Wire(service)
    code, out, err = mvsep(wire, "resume")

    assert code == 0, err
    assert len(out.splitlines()) == 4
    assert "2 of 2 songs" in err
