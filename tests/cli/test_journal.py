"""`mvsep separate` with a journal: what it resumes, recognises and pays for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.scenes import (
    CREATED,
    DONE,
    FAILED,
    FETCHED,
    GONE,
    LINK,
    WAITING,
    WHOLE,
    Run,
    created,
    interrupt,
)
from tests.wire import Wire, answer

FULL = answer({"success": False, "errors": ["You already have unprocessed file in queue."]}, 400)


def test_the_second_run_says_where_the_stems_are_and_asks_nobody(
    separate: Any, tmp_path: Path
) -> None:
    _, first, _ = separate(Wire(*WHOLE))
    wire = Wire(CREATED)
    code, second, err = separate(wire)
    (told,) = json.loads(separate(wire, "--json")[1])["songs"]

    assert code == 0
    assert second == first
    assert told["status"] == "already"
    assert [each["path"] for each in told["files"]] == first.splitlines()
    assert "2 stems already in" in err
    assert str(tmp_path / "stems") in err
    assert "--pay-again" in err
    assert wire.requests == []


def test_a_stem_that_was_changed_is_told_and_replaced_only_when_asked(
    separate: Any, tmp_path: Path
) -> None:
    separate(Wire(*WHOLE))
    changed = tmp_path / "stems" / "song_Vocals.wav"
    changed.write_bytes(b"ONE")
    code, _, err = separate(Wire(DONE, FETCHED))
    kept = changed.read_bytes()
    wire = Wire(DONE, FETCHED)
    forced, _, _ = separate(wire, "--overwrite")

    assert (code, kept) == (1, b"ONE")
    assert "song_Vocals.wav was changed since it was saved" in err
    assert (forced, changed.read_bytes()) == (0, b"one")
    assert [path for path in wire.paths if "separation" not in path] == ["/Vocals.wav"]
    assert created(wire) == 0


def test_a_run_that_was_interrupted_is_gone_on_with(separate: Any) -> None:
    code, _, _ = separate(Wire(CREATED, WAITING, interrupt))
    assert code == 130

    wire = Wire(DONE, FETCHED)
    code, out, err = separate(wire)

    assert code == 0, err
    assert created(wire) == 0
    assert len(out.splitlines()) == 2
    assert "Resuming the job of an earlier run" in err


def test_a_job_that_failed_is_paid_for_again_only_when_asked(separate: Any) -> None:
    assert separate(Wire(CREATED, FAILED))[0] == 5
    wire = Wire(*WHOLE)
    code, _, err = separate(wire)
    assert (code, created(wire)) == (5, 0)
    assert "--pay-again" in err
    assert "again=True" not in err

    assert separate(wire, "--pay-again")[0] == 0
    assert created(wire) == 1


def test_without_a_journal_nothing_is_recognised(separate: Any) -> None:
    separate(Wire(*WHOLE), "--no-journal")
    wire = Wire(*WHOLE)
    assert separate(wire, "--no-journal", "--overwrite")[0] == 0
    assert created(wire) == 1


def test_a_journal_of_ones_own(separate: Any, mvsep: Run, tmp_path: Path) -> None:
    own = tmp_path / "own" / "journal"
    separate(Wire(*WHOLE), "--journal", own)
    told = json.loads(mvsep(None, "jobs", "--json", "--journal", own)[1])

    assert told["journal"] == str(own)
    assert [job["state"] for job in told["jobs"]] == ["saved"]
    assert json.loads(mvsep(None, "jobs", "--json")[1])["jobs"] == []


def test_a_journal_that_can_not_be_used_stops_it_before_anything_is_sent(
    separate: Any, tmp_path: Path
) -> None:
    (tmp_path / "text").write_bytes(b"no journal, surely not " * 50)
    wire = Wire(*WHOLE)
    code, _, err = separate(wire, "--journal", tmp_path / "text")

    assert (code, wire.requests) == (1, [])
    assert "--no-journal" in err


@pytest.mark.parametrize("later", [False, True])
def test_what_nothing_can_look_for_is_not_said_to_be_looked_for(
    mvsep: Run, tmp_path: Path, later: bool
) -> None:
    arguments = ("separate", LINK, "--type=40", "--out", tmp_path / "stems")
    code, _, err = mvsep(Wire(answer("Bad Gateway", 502)), *arguments)
    wire = Wire(CREATED)
    if later:
        code, _, err = mvsep(wire, *arguments)

    assert code == 7
    assert "/api/separation/create" not in wire.paths
    assert "not known whether credits were spent" in err
    assert "Looking for it" not in err
    assert "looks again" not in err
    assert "Look at the account's history" in err
    assert "--pay-again" in err
    step = mvsep(None, "jobs")[1].rstrip("\n").split("\t")[7:]
    assert step == ["mvsep history", "If the job is not there: mvsep separate --pay-again."]

    empty = answer({"success": True, "data": []})
    wire = Wire(empty, empty, *WHOLE)
    assert mvsep(wire, *arguments, "--pay-again")[0] == 0
    assert created(wire) == 1


def test_a_job_that_is_gone_is_paid_for_anew_when_asked(separate: Any) -> None:
    separate(Wire(CREATED, WAITING, interrupt))
    wire = Wire(GONE)
    code, _, err = separate(wire)
    assert (code, created(wire)) == (5, 0)
    assert "To pay for another job: mvsep separate --pay-again." in err

    wire = Wire(GONE, GONE, *WHOLE)
    code, _, err = separate(wire, "--pay-again")
    assert (code, created(wire)) == (0, 1), err


def test_a_full_queue_offers_to_wait_for_a_place(separate: Any) -> None:
    wire = Wire(FULL)
    code, _, err = separate(wire)

    assert (code, created(wire)) == (4, 1)
    assert "Wait for its place with --queue-timeout 600" in err
    assert "Nothing was charged" in err


@pytest.mark.parametrize("seconds", ["600", " None "])
def test_a_place_is_waited_for_when_asked(separate: Any, seconds: str) -> None:
    def places(count: int) -> httpx.Response:
        return answer({"success": True, "data": {"current_queue": count}})

    wire = Wire(FULL, places(1), places(1), places(0), *WHOLE)
    code, out, err = separate(wire, "--queue-timeout", seconds)

    assert code == 0, err
    assert len(out.splitlines()) == 2
    assert created(wire) == 2
    assert wire.paths.count("/api/app/user") == 3


def test_a_file_in_the_way_afterwards_is_left_and_the_stem_gets_a_free_name(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "song_Vocals.wav"
    taken.touch()  # no mp3, so nobody expects it
    given = ("separate", song, "--type=40", "--out", tmp_path)
    code, out, err = mvsep(Wire(*WHOLE), *given)

    assert code == 0
    assert str(tmp_path / "song_Vocals_2.wav") in out
    assert "song_Vocals_2.wav: song_Vocals.wav was taken by another file" in " ".join(err.split())
    assert taken.read_bytes() == b""
    wire = Wire(DONE)
    assert mvsep(wire, *given)[:2] == (0, out)
    assert wire.requests == []


def test_a_folder_that_can_not_be_written_to_is_found_before_paying(
    mvsep: Run, song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    wire = Wire(*WHOLE)
    code, _, err = mvsep(wire, "separate", song, "--type=40", "--out", tmp_path)

    assert (code, wire.requests) == (2, [])
    assert f"Nothing can be written to {tmp_path}" in err


def test_a_missing_token_is_found_before_anything_is_shown_or_sent(
    mvsep: Run, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MVSEP_API_TOKEN", raising=False)
    wire = Wire(*WHOLE)
    code, _, err = mvsep(wire, "separate", song, "--type=40", token=None)

    assert (code, wire.requests) == (3, [])
    assert "Upload" not in err
    assert "Run `mvsep login`." in err
    assert "MVSEP_API_TOKEN" in err
    assert "token=" not in err
