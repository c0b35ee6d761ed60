"""Texts of others in the terminal: no command lets them change it, whoever wrote them."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal
from mvsep.catalog.cache import open_store
from mvsep.cli.app import run
from mvsep.errors import MVSepError
from tests.cli.scenes import HASH, WAITING, raising
from tests.wire import Wire, answer, stored

# The clipboard, the title, a link, a colour, C1's colour, a bell, a carriage return and a
# backspace, both marks that turn text round, a line separator, and markup of rich.
EVIL = (
    "\x1b]52;c;UFdO\x07\x1b]0;PWNED\x1b\\\x1b]8;;http://evil\x1b\\\x1b[7;35mX\x9b7mY\x07\r\b"
    "\u202eA\u2067\u200bB\u2028C\x85D[bold]E[/bold] :warning:"
)
# What rich and click themselves write: styles, and the moves of a display that is redrawn.
OWN = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[lh]|2K|1A)|\r(?=\x1b|\n)|(?<=\x1b\[2K)\r")
NAMES = {"name": f"Roformer{EVIL}", "group": f"Group{EVIL}", "stem": f"Voc{EVIL}"}


def option(key: str, **more: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "name": key,
        "text": f"Option{EVIL}",
        "options": json.dumps({"0": f"v1 (SDR vocals: 11.1) {EVIL}", f"1{EVIL}": "v2"}),
        "default_key": "0",
        "input_type": "select",
        "required": 1,
        "price_rules": [],
        "conditions": [],
        **more,
    }


ROW = {
    "id": 40,
    "name": NAMES["name"],
    "render_id": 40,
    "order_id": 1,
    "price_coefficient": 1,
    "is_active": 1,
    "audio_widget": "single_upload",
    "outputs": json.dumps({"vocals": NAMES["stem"], "other": "Other"}),
    "algorithm_group": {"id": 1, "name": NAMES["group"]},
    "rating": {},
    "usage": 1,
    "algorithm_descriptions": [{"lang": "en", "short_description": EVIL, "long_description": EVIL}],
    "algorithm_fields": [option("add_opt1"), option(f"add_opt2{EVIL}")],
}
LIST = [ROW, {**ROW, "id": 41, "render_id": 41}]
ACCOUNT = answer(
    {
        "success": True,
        "data": {
            "name": EVIL,
            "email": EVIL,
            "premium_minutes": f"12{EVIL}",
            "premium_enabled": 1,
            "current_queue": EVIL,
        },
    }
)


ODD_END = answer({"success": True, "status": "failed", "data": {"message": EVIL}})


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(params=["terminal", "pipe"])
def shown(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a command on a terminal or before a pipe: all it wrote, without rich's own moves."""
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("TERM", "xterm-256color")

    def running(wire: Wire | None, *arguments: object, connect: Any = None) -> str:
        kind = Terminal if request.param == "terminal" else io.StringIO
        out, err = kind(), kind()
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)

        def client(base_url: str | None) -> Any:
            assert wire is not None
            return wire.client()

        run([str(each) for each in arguments], connect=connect or client)
        return OWN.sub("", out.getvalue() + err.getvalue())

    return running


@pytest.fixture
def kept_list() -> None:
    """The newest list of types on this machine is a hostile one."""
    store = open_store("mvsep.com", local=False, environment=os.environ)
    store.keep(json.dumps(LIST).encode(), "mvsep.com")


def movers(text: str) -> set[str]:
    return {
        hex(ord(c))
        for c in text
        if c not in "\n\t" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["types"],
        ["types", "roformer"],
        ["types", "40"],
        ["types", "--best-for", "vocals"],
        ["types", "--best-for", f"vocals{EVIL}"],
        ["types", "--goals"],
        ["estimate", "--seconds", "99", "--stem", "vocals"],
        ["estimate", "--seconds", "99", "--stem", f"vocl{EVIL}"],
        ["types", f"nothing like it{EVIL}"],
        ["types", "--group", EVIL],
        ["types", "--sort", "usage", "--min-usage", "0"],
        ["show", "40"],
        ["show", f"Roformr{EVIL}"],
        ["estimate", "--seconds", "99", "--type", "40"],
        ["estimate", "--seconds", "99", "--type", "40", "--option", f"Option{EVIL}=x"],
        ["estimate", "--seconds", "99", "--type", "40", "--option", f"add_opt1={EVIL}"],
        ["estimate", "--seconds", "99", "--type", f"Rof{EVIL}"],
        ["estimate", f"no such file{EVIL}", "--type", "40"],
        ["separate", "--type", "40"],
        ["jobs", "--journal", f"no/{EVIL[:40]}"],
        ["no such command" + EVIL],
        ["types", f"--no-such-option{EVIL}"],
        ["show"],
    ],
)
@pytest.mark.usefixtures("kept_list")
def test_no_name_of_a_list_and_no_word_typed_changes_the_terminal(
    shown: Callable[..., str],
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # one of them names a folder

    text = shown(None, *arguments)

    assert text
    assert movers(text) == set()


@pytest.mark.usefixtures("kept_list")
@pytest.mark.parametrize(
    "arguments", [["types"], ["show", "40"], ["types", "--best-for", "vocals"]]
)
def test_markup_is_shown_as_it_was_written(shown: Callable[..., str], arguments: list[str]) -> None:
    text = shown(None, *arguments)

    assert "[bold]E[/bold] :warning:" in text


@pytest.mark.parametrize("arguments", [["types", "--refresh"], ["show", "40", "--refresh"]])
def test_a_fresh_list_changes_nothing_either(
    shown: Callable[..., str], arguments: list[str]
) -> None:
    assert movers(shown(Wire(answer(LIST)), *arguments)) == set()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "answers"),
    [
        (["account"], [ACCOUNT]),
        (["account"], [answer({"success": False, "message": EVIL, "errors": [EVIL]}, 400)]),
        (["account"], [httpx.Response(200, text=f"<html>{EVIL}")]),
        (["account"], [httpx.Response(502, text=EVIL)]),
        (["cancel", HASH], [answer({"success": True, "message": EVIL})]),
        (["delete", HASH, "--yes"], [answer({"success": True, "message": EVIL})]),
        (["cancel", f"{HASH}{EVIL}"], [answer({"success": True, "message": EVIL})]),
        (["resume", HASH], [answer({"success": True, "status": EVIL, "message": EVIL}), ODD_END]),
        (["resume", HASH, "--timeout=0"], [answer({"success": True, "status": EVIL})]),
        (["resume", HASH], [ODD_END]),
    ],
)
def test_no_answer_changes_the_terminal(
    shown: Callable[..., str], arguments: list[str], answers: list[Any]
) -> None:
    text = shown(Wire(*answers), *arguments)

    assert text
    assert movers(text) == set()


@pytest.mark.usefixtures("kept_list")
@pytest.mark.parametrize("more", [[], ["--no-journal"]])
def test_neither_a_job_nor_its_stems_nor_the_songs_own_name_change_the_terminal(
    shown: Callable[..., str], tmp_path: Path, song: Path, more: list[str]
) -> None:
    named = tmp_path / "so\x1b]0;x\u202eng\x07.wav"
    folder = tmp_path / "fol\x1b]0;x\u202eder"
    song.rename(named)
    evil = answer({"success": True, "data": {"hash": f"{HASH}\u202e[bold]", "link": "x"}})
    files = [
        {"type": f"Voc{EVIL}", "url": "https://s1.mvsep.com/a.wav", "download": f"{EVIL}.wav"},
        {"type": EVIL, "url": "https://s1.mvsep.com/b.wav", "download": EVIL},
    ]
    queue = {"queue_count": 7, "current_order": 3, "message": EVIL}
    waiting = answer({"success": True, "status": "waiting", "data": queue})
    odd = answer({"success": True, "status": f"thinking{EVIL}", "data": {"message": EVIL}})
    done = answer({"success": True, "status": "done", "data": {"files": files}})
    wire = Wire(evil, waiting, odd, done, stored(a=b"one", b=b"two"))
    asked = ["separate", named, "--type=40", "--format=wav", "--out", folder, *more]
    text = shown(wire, *asked)
    again = shown(wire, *asked) + shown(wire, "jobs") + shown(None, "jobs", "--all")

    assert "D[bold]E[/bold] :warning:: 2 credits" in text
    assert len(list(folder.iterdir())) == 2
    assert not any(movers(stem.name) for stem in folder.iterdir())
    # A program gets the folder's name as it is; a person need not.
    exact = str(folder)
    assert movers((text + again).replace(exact, "")) == set()


@pytest.mark.parametrize("hash", ["x; rm -rf ~", "$(reboot)", "`id`", "a b", "x' y"])
def test_a_command_that_is_shown_to_be_pasted_holds_no_other(
    shown: Callable[..., str], song: Path, tmp_path: Path, hash: str
) -> None:
    evil = answer({"success": True, "data": {"hash": hash, "link": "x"}})
    asked = ["separate", song, "--type=40", "--out", tmp_path / "stems"]
    text = shown(Wire(evil, WAITING), *asked, "--timeout=0")
    (job,) = json.loads(shown(None, "jobs", "--json"))["jobs"]
    both = f"{text}\n{job['next']}"
    commands = re.findall(r"mvsep resume (.*?)(?: --out.*)?$", both, re.MULTILINE)

    assert len(commands) == 2
    for command in commands:
        assert shlex.split(command) == [hash]


def test_no_entry_of_a_journal_changes_the_terminal(
    shown: Callable[..., str], tmp_path: Path
) -> None:
    path = tmp_path / "jobs.sqlite3"
    with Journal(path) as journal:
        entry = journal.begin(
            "key",
            name=f"a{EVIL}.wav",
            marker="mvk123456789",
            sep_type=40,
            details={"source": f"/songs/{EVIL}", "out": EVIL, "input": EVIL},
            host=f"https://mvsep.com{EVIL}",
            account="a",
        )
        journal.over(entry, EVIL)
    text = shown(None, "jobs", "--journal", path)

    assert "PWNED" in text
    assert movers(text) == set()
    assert movers(shown(Wire(WAITING), "resume", "--journal", path)) == set()


def test_no_word_of_an_error_changes_the_terminal(shown: Callable[..., str]) -> None:
    error = MVSepError(EVIL, server_text=EVIL, hash=EVIL, host=EVIL, next_step=EVIL, param="out")
    error.add_note(EVIL)
    text = shown(None, "account", connect=raising(error))
    text += shown(None, "account", connect=raising(ZeroDivisionError(EVIL)))

    assert text.count("PWNED") == 7
    assert movers(text) == set()
