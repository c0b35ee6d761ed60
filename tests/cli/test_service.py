"""`mvsep history`, `purchases`, `queue`, `news`, `demo-page`, `leaderboard` and `quality`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.scenes import HASH, Run
from tests.wire import TOKEN, Wire, answer

ALGORITHM = {"name": "BS Roformer", "render_id": 40}
JOB = {"id": 7, "hash": HASH, "created_at": "2026-01-31 14:58:33", "credits": 4, "time_left": 41}
ENTRY = {"id": 7720, "dataset_name": "Multi", "algo_name": "Mine", "sdr_vocals": 9.1, "sdr_bass": 0}
PASSWORD = "cobalt-otter"

PURCHASE = {"id": 3, "credits": 9}
NEWS = {
    "title": "New\x07s",
    "text": "<p>One &amp; <b>two</b></p>",
    "created_at": "2026-01-02 03:04",
}
DEMO = {"hash": HASH, "date": "2026-01-02 03:04", "input_audio": "https://x.example/a"}
RATED = ["7720", "Multi", "Mine", "vocals 9.1"]

ROWS: dict[str, tuple[Any, str, list[str]]] = {
    "history": (
        {"success": True, "data": [{**JOB, "algorithm": ALGORITHM}]},
        "jobs",
        ["2026-01-31 14:58:33", "4 credits", "files for 41 h", "BS Roformer", HASH],
    ),
    "purchases": ({"success": True, "data": [PURCHASE]}, "purchases", ["id 3, credits 9"]),
    "news": (
        [NEWS],
        "news",
        ["2026-01-02", "New\ufffds", "One & two"],
    ),
    "demo-page": (
        [{**DEMO, "algorithm": ALGORITHM}],
        "separations",
        ["2026-01-02 03:04", "BS Roformer", "https://x.example/a", HASH],
    ),
    "leaderboard": ({"data": [ENTRY], "sort": "sdr_vocals"}, "entries", RATED),
    "quality list": ([ENTRY], "entries", RATED),
}


@pytest.mark.parametrize("command", ROWS)
def test_a_list_of_the_service_is_lines_for_a_program_and_whole_in_json(
    mvsep: Run, command: str
) -> None:
    body, name, cells = ROWS[command]
    code, out, _ = mvsep(Wire(answer(body)), *command.split())
    told = json.loads(mvsep(Wire(answer(body)), *command.split(), "--json")[1])

    assert code == 0
    assert out.rstrip("\n").split("\t") == cells
    assert told == {name: body["data"] if isinstance(body, dict) else body}


@pytest.mark.parametrize("command", ROWS)
def test_an_empty_list_says_so(mvsep: Run, command: str) -> None:
    body, name, _ = ROWS[command]
    empty = answer({**body, "data": []} if isinstance(body, dict) else [])
    code, out, err = mvsep(Wire(empty), *command.split())

    assert (code, out) == (0, "")
    assert err == f"The service lists no {name}.\n"


def test_a_list_is_as_long_as_was_asked_for(mvsep: Run) -> None:
    def page(request: Any) -> Any:
        start, limit = (int(request.url.params[name]) for name in ("start", "limit"))
        return answer([{**ENTRY, "id": number} for number in range(start, min(start + limit, 50))])

    def lines(*words: str) -> int:
        return len(mvsep(Wire(page), "quality", "list", *words)[1].splitlines())

    assert [lines(), lines("--limit=3"), lines("--all")] == [20, 3, 50]


def test_the_demo_page_is_asked_by_its_own_number_of_a_type(mvsep: Run) -> None:
    wire = Wire(answer([]))
    assert mvsep(wire, "demo-page", "--type=40")[0] == 0
    assert wire.requests[0].url.params["algorithm_id"] not in ("", "40")
    assert mvsep(wire, "demo-page", "--type=99999")[0] == 2


def test_queue_shows_the_plan_and_needs_no_token(mvsep: Run) -> None:
    body = {
        "queue": {"in_process": 5, "premium": 1},
        "current": {"plan": "registered", "queue": 40},
        "free_separations": {"left": 49, "max": 50},
    }
    code, out, _ = mvsep(Wire(answer(body)), "queue", token=None)
    told = json.loads(mvsep(Wire(answer(body)), "queue", "--json")[1])

    assert code == 0
    assert "In process: 5\n" in out
    assert "Free separations left today: 49 of 50\n" in out
    assert (told["plan"], told["waiting"], told["ahead"]) == ("registered", 40, None)


# The quality checker


def test_an_entry_shows_its_ratings_and_not_what_is_missing(mvsep: Run) -> None:
    wire = Wire(answer({"success": True, "data": ENTRY}))
    _, out, _ = mvsep(wire, "quality", "entry", 7720)

    assert "sdr_vocals: 9.1\n" in out
    assert "sdr_bass" not in out
    assert json.loads(mvsep(wire, "quality", "entry", 7720, "--json")[1])["entry"] == ENTRY
    assert wire.requests[0].url.params["id"] == "7720"


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "password.txt"
    path.write_text(f"{PASSWORD}\n")
    return path


def test_an_entry_is_added_with_its_file_and_the_password_of_a_file(
    mvsep: Run, tmp_path: Path, password_file: Path
) -> None:
    (tmp_path / "stems.zip").write_bytes(b"PK-stems")
    wire = Wire(answer({"success": True, "data": {"id": 7772, "link": "https://x.example"}}))
    asked = ("--name=Mine", "--text=A try", "--dataset=1", "--password-file", password_file)
    _, out, err = mvsep(wire, "quality", "add", tmp_path / "stems.zip", *asked, "--json")

    assert json.loads(out) == {"id": 7772, "link": "https://x.example"}
    for part in (b"PK-stems", b"Mine", b"A try", PASSWORD.encode(), TOKEN.encode()):
        assert part in wire.bodies[0]
    assert PASSWORD not in out + err


DELETED = answer({"success": True, "data": {"message": "successfully deleted"}})


@pytest.mark.parametrize(("said", "sent"), [("n\n", 0), (f"y\n{PASSWORD}\n", 1)])
def test_an_entry_is_deleted_after_a_question(
    mvsep: Run,
    typed: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    sent: int,
) -> None:
    # What is typed hidden comes from the terminal itself.
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: PASSWORD)
    typed(said)
    wire = Wire(DELETED)
    code, out, err = mvsep(wire, "quality", "delete", 7720)

    assert (code, len(wire.requests)) == (0, sent)
    assert "Delete the entry 7720" in err
    assert PASSWORD not in out + err
    assert all(PASSWORD.encode() in body for body in wire.bodies)


def test_where_nobody_can_be_asked_no_entry_is_deleted(mvsep: Run, password_file: Path) -> None:
    wire = Wire(DELETED)
    assert mvsep(wire, "quality", "delete", 7720, "--password-file", password_file)[0] == 2
    assert mvsep(wire, "quality", "delete", 7720, "--yes")[0] == 2
    assert wire.requests == []
    by_file = ("--yes", "--password-file", password_file, "--json")
    assert json.loads(mvsep(wire, "quality", "delete", 7720, *by_file)[1])["deleted"] is True
