"""`mvsep api`: any operation by its name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep_api.operations import OPERATIONS
from tests.cli.scenes import CREATED, DONE, HASH, Run
from tests.wire import TOKEN, Wire, answer

OK = answer({"success": True})
PASSWORD = "cobalt-otter"


def test_every_operation_of_the_contract_is_listed_with_its_fields(mvsep: Run) -> None:
    code, out, _ = mvsep(None, "api")
    told = json.loads(mvsep(None, "api", "--json")[1])["operations"]

    assert code == 0
    assert {each["name"].replace(".", "_") for each in told} == OPERATIONS.keys()
    assert all(each["name"] in out and each["about"] in out for each in told)
    assert {(each["name"], each["method"]) for each in told} >= {("app.news", "GET")}
    (create,) = [each for each in told if each["name"] == "separation.create"]
    kinds = {field["name"]: (field["type"], field["required"]) for field in create["fields"]}
    assert kinds["sep_type"] == ("number", True)
    assert kinds["audiofile"] == ("file", False)
    assert kinds["add_opt1"] == ("text", False)
    assert "api_token" not in kinds


@pytest.mark.parametrize("name", ["app.news", "app_news"])
def test_an_answer_is_json_as_the_service_gave_it(mvsep: Run, name: str) -> None:
    rows = [{"id": 1, "title": "One", "unheard": [1]}]
    wire = Wire(answer(rows))
    code, out, _ = mvsep(wire, "api", name, "lang=en", "limit=3")
    told = json.loads(mvsep(wire, "api", name, "--json")[1])

    assert (code, json.loads(out)) == (0, rows)
    assert told == {"operation": "app.news", "answer": rows}
    assert dict(wire.requests[0].url.params) == {"lang": "en", "limit": "3"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("app.nwes",), "Did you mean app.news?"),
        (("nothing.alike",), "`mvsep api` lists all"),
        (("app.news", "lnag=en"), "Did you mean lang?"),
        (("app.news", "lang"), "name=value"),
        (("app.news", "lang=en", "lang=ru"), "set twice"),
        (("app.news", "limit=many"), "whole number"),
        (("app.user", "id=1"), "no fields"),
        (("separation.get",), "needs hash"),
        (("separation.create", "sep_type=40", "audiofile=song.wav", "--yes"), "audiofile=@FILE"),
        (("separation.create", "sep_type=40", "audiofile=@none.wav", "--yes"), "can't be read"),
        (("quality_checker.delete", "id=1", f"password={PASSWORD}", "--yes"), "password=@FILE"),
    ],
)
def test_what_can_not_be_sent_is_said_before(mvsep: Run, words: tuple[str], said: str) -> None:
    wire = Wire(OK)
    code, out, err = mvsep(wire, "api", *words)

    assert (code, out, wire.requests) == (2, "", [])
    assert said in " ".join(err.split())
    assert PASSWORD not in err


CHANGING = ["separation.cancel", "separation.delete"]


@pytest.mark.parametrize("name", CHANGING)
@pytest.mark.parametrize(("said", "sent"), [("n\n", 0), ("y\n", 1)])
def test_what_changes_something_is_asked_first(
    mvsep: Run, typed: Callable[[str], None], name: str, said: str, sent: int
) -> None:
    typed(said)
    wire = Wire(OK)
    code, _, err = mvsep(wire, "api", name, f"hash={HASH}")

    assert (code, len(wire.requests)) == (0, sent)
    assert "Go on?" in err


def test_where_nobody_can_be_asked_only_what_reads_is_sent(mvsep: Run) -> None:
    wire = Wire(OK)
    for name, operation in OPERATIONS.items():
        if operation.method != "GET":
            assert mvsep(wire, "api", name, *_needed(mvsep, name))[0] == 2, name
    assert mvsep(wire, "api", "separation.get", f"hash={HASH}", "mirror=1")[0] == 2
    assert wire.requests == []
    assert mvsep(Wire(DONE), "api", "separation.get", f"hash={HASH}")[0] == 0


def _needed(mvsep: Run, name: str) -> list[str]:
    """Return a word for each field that an operation needs."""
    told = json.loads(mvsep(None, "api", "--json")[1])["operations"]
    (fields,) = [each["fields"] for each in told if each["name"].replace(".", "_") == name]
    values = {"number": "1", "text": f"@{__file__}", "file": f"@{__file__}"}
    return [f"{each['name']}={values[each['type']]}" for each in fields if each["required"]]


def test_files_and_texts_are_sent_from_where_they_are(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.txt").write_text("a text\n")
    asked = ("sep_type=40", f"audiofile=@{song}", f"add_opt1=@{tmp_path / 'text.txt'}")
    wire = Wire(CREATED)
    code, out, _ = mvsep(wire, "api", "separation.create", *asked, "add_opt2=@@home", "--yes")

    assert (code, json.loads(out)["data"]["hash"]) == (0, HASH)
    assert song.read_bytes() in wire.bodies[-1]
    assert b"\r\n\r\na text\r\n" in wire.bodies[-1]
    assert b"\r\n\r\n@home\r\n" in wire.bodies[-1]


def test_a_password_that_is_left_out_is_typed_and_shown_nowhere(
    mvsep: Run, typed: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: PASSWORD)
    typed("y\n")
    wire = Wire(OK)
    code, out, err = mvsep(wire, "api", "quality_checker.delete", "id=1")

    assert code == 0
    assert PASSWORD.encode() in wire.bodies[0]
    assert PASSWORD not in out + err


def test_no_answer_shows_the_token(mvsep: Run) -> None:
    data = {"name": "A", "api_token": TOKEN, "more": [{"api_token": "another"}]}
    _, out, err = mvsep(Wire(answer({"success": True, "data": data})), "api", "app.user")

    assert json.loads(out)["data"]["name"] == "A"
    assert TOKEN not in out + err
    assert "another" not in out


def test_a_creation_that_was_interrupted_may_have_been_paid_for(mvsep: Run, song: Path) -> None:
    def interrupted(request: httpx.Request) -> Any:
        raise KeyboardInterrupt

    asked = ("sep_type=40", f"audiofile=@{song}", "--yes")
    code, _, err = mvsep(Wire(interrupted), "api", "separation.create", *asked)

    assert code == 130
    assert "not known" in err
    assert "history" in err
