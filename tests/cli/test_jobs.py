"""`mvsep jobs`."""

from __future__ import annotations

import json
import os
import re
import shlex
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from tests.cli.scenes import (
    CREATED,
    DONE,
    FAILED,
    FETCHED,
    HASH,
    WAITING,
    WHOLE,
    Run,
    interrupt,
)
from tests.wire import Wire, answer

TYPE = "BS Roformer (vocals, instrumental)"
RESUME = f"mvsep resume {HASH}"
AGAIN = "To pay for another job: mvsep separate --pay-again."


@pytest.mark.parametrize(
    ("answers", "state", "step", "remark"),
    [
        ((CREATED, WAITING, interrupt), "submitted", RESUME, None),
        (WHOLE, "saved", None, "Saved in "),
        ((CREATED, FAILED), "over", None, AGAIN),
        ((answer({"success": False, "errors": ["no"]}, 400),), "over", None, "no"),
        ((answer("Bad Gateway", 502),), "offered", "mvsep resume", "Looks for the job."),
    ],
)
def test_jobs_tells_what_to_do_next(
    mvsep: Run,
    separate: Any,
    song: Path,
    answers: Any,
    state: str,
    step: str | None,
    remark: str | None,
) -> None:
    separate(Wire(*answers))
    code, out, _ = mvsep(None, "jobs")
    cells = out.rstrip("\n").split("\t")
    (job,) = json.loads(mvsep(None, "jobs", "--json")[1])["jobs"]

    assert code == 0
    assert cells[0] == str(job["number"])
    assert cells[2:5] == [str(song), TYPE, state]
    assert (job["sep_type"], job["sep_type_name"], job["state"]) == (40, TYPE, state)
    assert (cells[7], cells[8]) == (job["next"] or "-", job["note"] or "-")
    assert job["next"] == step
    assert (remark or "") in (job["note"] or "")
    assert ("--pay-again" in (job["note"] or "")) == (remark == AGAIN)


def test_a_next_command_has_the_journal_that_was_named(
    mvsep: Run, separate: Any, tmp_path: Path
) -> None:
    named = tmp_path / "my jobs.sqlite3"
    separate(Wire(CREATED, WAITING, interrupt), "--journal", named)
    (job,) = json.loads(mvsep(None, "jobs", "--journal", named, "--json")[1])["jobs"]

    words = shlex.split(job["next"])
    assert words[0] == "mvsep"
    assert mvsep(Wire(DONE, FETCHED), *words[1:])[0] == 0


def listed(mvsep: Run, *words: object) -> list[str]:
    told = json.loads(mvsep(None, "jobs", "--json", *words)[1])
    return [job["name"] for job in told["jobs"]]


@pytest.fixture
def three(mvsep: Run, separate: Any, tmp_path: Path, song: Path) -> list[str]:
    """A job that goes on, one whose stems are saved, and one that was refused, the latest first."""
    separate(Wire(CREATED, WAITING, interrupt))
    for name, sep_type, answers in (
        ("saved.wav", 20, WHOLE),
        ("refused.wav", 40, (answer({"success": False, "errors": ["no"]}, 400),)),
    ):
        other = tmp_path / name
        other.write_bytes(song.read_bytes() + name.encode())
        mvsep(
            Wire(*answers), "separate", other, f"--type={sep_type}", "--out", tmp_path / name[:-4]
        )
    return ["refused.wav", "saved.wav", "song.wav"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ((), ["refused.wav", "saved.wav", "song.wav"]),
        (("--limit=2",), ["refused.wav", "saved.wav"]),
        (("--state=unfinished",), ["song.wav"]),
        (("--state=saved", "--state=over"), ["refused.wav", "saved.wav"]),
        (("--type=40", "--limit=1"), ["refused.wav"]),
        (("--type", "BS Roformer (vocals, instrumental)"), ["refused.wav", "song.wav"]),
        (("--since=1h",), ["refused.wav", "saved.wav", "song.wav"]),
        (("--since=2999-01-01",), []),
    ],
)
def test_jobs_are_filtered(
    mvsep: Run, three: object, words: tuple[str, ...], names: list[str]
) -> None:
    assert listed(mvsep, *words) == names


@pytest.mark.parametrize("when", ["yesterday", "3", "3y", "2026-13-01", ""])
def test_a_moment_that_is_none_is_refused(mvsep: Run, when: str) -> None:
    code, _, err = mvsep(None, "jobs", "--since", when)
    assert code == 2
    assert "2026-01-31" in err


def test_pruning_keeps_what_says_that_a_song_is_paid_for(mvsep: Run, three: object) -> None:
    code, _, err = mvsep(None, "jobs", "--prune", "--yes")

    assert code == 0
    assert err.startswith("1 job removed from the journal.\n1 that may have been paid for stayed")
    assert listed(mvsep) == ["saved.wav", "song.wav"]


def test_what_was_paid_for_is_pruned_only_after_a_question_that_says_what_it_costs(
    mvsep: Run, three: object, typed: Callable[[str], None]
) -> None:
    typed("n\n")
    _, _, err = mvsep(None, "jobs", "--prune", "--paid")
    names, _, question = err.partition("may have been paid for")
    assert ["refused.wav" in names, "saved.wav" in names, "song.wav" in names] == [1, 1, 0]
    assert "pays again" in question
    assert len(listed(mvsep)) == 3

    typed("y\n")
    _, out, _ = mvsep(None, "jobs", "--prune", "--paid", "--json")
    assert len(json.loads(out)["removed"]) == 2
    assert listed(mvsep) == ["song.wav"]


def test_filters_choose_what_is_pruned(mvsep: Run, three: object) -> None:
    mvsep(None, "jobs", "--prune", "--paid", "--yes", "--state=saved")
    assert listed(mvsep) == ["refused.wav", "song.wav"]


def test_where_nobody_can_be_asked_nothing_is_pruned(mvsep: Run, three: object) -> None:
    code, _, err = mvsep(None, "jobs", "--prune")

    assert (code, len(listed(mvsep))) == (2, 3)
    assert "--yes" in err
    assert mvsep(None, "jobs", "--paid")[0] == 2


def test_on_a_terminal_a_job_fits_a_line_and_is_called_by_its_number(
    mvsep: Run, three: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    out = click.unstyle(mvsep(None, "jobs", "--state=unfinished")[1])
    _, head, _, row, _ = out.splitlines()

    assert max(map(len, out.splitlines())) <= 120
    assert head.split() == ["no", "began", "song", "type", "state", "next"]
    assert re.match(rf" *1 +\d\d:\d\d +song.wav +{re.escape(TYPE)} ", row)
    assert row.rstrip().endswith("mvsep resume 1")


@pytest.mark.parametrize(("columns", "kind"), [(40, "BS Rofor…"), (80, TYPE)])
def test_on_a_narrow_terminal_a_job_has_two_lines_and_its_command_is_whole(
    mvsep: Run, three: object, monkeypatch: pytest.MonkeyPatch, columns: int, kind: str
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", str(columns))
    out = click.unstyle(mvsep(None, "jobs", "--state=unfinished")[1])
    first, second = out.splitlines()

    assert re.fullmatch(r"1  \d\d:\d\d  song.wav", first.rstrip())
    assert second.rstrip() == f"    {kind}  submitted  mvsep resume 1"
    assert len(second) <= columns


def test_jobs_of_an_empty_journal(mvsep: Run) -> None:
    code, out, err = mvsep(None, "jobs")

    assert (code, out) == (0, "")
    assert "holds no job" in err


def test_one_entry_that_can_not_be_read_hides_no_other(
    mvsep: Run, separate: Any, tmp_path: Path
) -> None:
    separate(Wire(CREATED, WAITING, interrupt))
    other = tmp_path / "other.wav"
    other.write_bytes((tmp_path / "song.wav").read_bytes() + b"\0")
    lost = (CREATED, DONE, answer({}, 400))
    mvsep(Wire(*lost), "separate", other, "--type=40", "--out", tmp_path / "more")
    with sqlite3.connect(os.environ["MVSEP_JOURNAL"]) as journal:
        journal.execute("UPDATE entries SET state = 'later' WHERE id = 2")
    journal.close()

    code, out, err = mvsep(None, "jobs")
    assert (code, len(out.splitlines())) == (0, 1)
    assert "song.wav" in out
    assert "Entry 2 of the journal" in " ".join(err.split())

    told = json.loads(mvsep(None, "jobs", "--json")[1])
    assert [job["name"] for job in told["jobs"]] == ["song.wav"]
    assert [error["type"] for error in told["unreadable"]] == ["JournalError"]
    assert told["unreadable"][0]["hash"] == HASH

    code, out, err = mvsep(Wire(DONE, FETCHED), "resume")
    assert code == 1
    assert len(out.splitlines()) == 2
    assert "Entry 2 of the journal" in " ".join(err.split())
