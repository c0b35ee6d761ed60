"""The commands but for separate, and how their values are read."""

from __future__ import annotations

import ast
import json
import os
import shlex
import unicodedata
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import SepType
from mvsep.catalog import Catalog
from mvsep.cli import text as texts
from mvsep.cli.app import mvsep as command
from mvsep.cli.arguments import read_options, read_sep_type, read_timeout
from mvsep.cli.errors import EXIT_CODES
from mvsep.core.values import DEFAULT
from tests.cli.scenes import CREATED, DONE, FETCHED, HASH, HOST, STEMS, WAITING, Run
from tests.wire import TOKEN, Wire, answer


def test_resume_fetches_the_stems_of_a_hash(mvsep: Run, tmp_path: Path) -> None:
    wire = Wire(WAITING, DONE, FETCHED)
    code, out, _ = mvsep(wire, "resume", HASH, "--out", tmp_path)

    assert code == 0
    assert [Path(line).read_bytes() for line in out.splitlines()] == list(STEMS.values())
    assert "/api/separation/create" not in wire.paths


def test_resume_in_json(mvsep: Run, tmp_path: Path) -> None:
    _, out, _ = mvsep(Wire(DONE, FETCHED), "resume", HASH, "--out", tmp_path, "--json")

    assert json.loads(out).keys() == {"hash", "host", "files", "already", "manifest", "warnings"}


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


@pytest.mark.parametrize(
    ("data", "shown", "known"),
    [
        ({"premium_minutes": 12, "premium_enabled": 1}, "12\nPremium: on", (12, True)),
        ({"premium_minutes": 0, "premium_enabled": 0}, "0\nPremium: off", (0, False)),
        ({}, "unknown\nPremium: unknown", (None, None)),
    ],
)
def test_user_shows_credits_and_premium_and_never_the_token(
    mvsep: Run, data: dict[str, Any], shown: str, known: tuple[Any, Any]
) -> None:
    wire = Wire(answer({"success": True, "data": {"api_token": TOKEN, **data}}))
    code, out, err = mvsep(wire, "user")
    _, json_out, _ = mvsep(wire, "user", "--json")

    assert (code, out) == (0, f"Credits left: {shown}\n")
    assert json.loads(json_out) == {"credits": known[0], "premium_enabled": known[1]}
    assert TOKEN not in out + err + json_out


@pytest.mark.parametrize("token", ["SECRET secret", "SECRET\n", "SECRETsecret", "SÉCRETsecret"])
@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize("arguments", [("user",), ("cancel", HASH), ("separate", "a", "--type=1")])
def test_a_token_that_is_wrong_is_code_3_and_is_not_shown(
    mvsep: Run,
    song: Path,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    more: tuple[str, ...],
    arguments: tuple[str, ...],
) -> None:
    monkeypatch.setenv("MVSEP_API_TOKEN", token)
    wire = Wire(answer({"success": False, "message": f"Bad token {token.strip()}"}, 401))
    given = [str(song) if each == "a" else each for each in arguments]
    code, out, err = mvsep(wire, *given, *more, token=None)

    assert code == 3
    assert token.strip() not in out + err


def test_no_token_at_all_is_code_3_and_nothing_is_sent(mvsep: Run, song: Path) -> None:
    wire = Wire(CREATED)
    code, _, err = mvsep(wire, "separate", song, "--type=40", token=None)

    assert code == 3
    assert "MVSEP_API_TOKEN" in err
    assert wire.requests == []


def test_no_command_takes_a_token() -> None:
    commands = [command, *command.commands.values()]
    options = {name for each in commands for param in each.params for name in param.opts}

    assert not [name for name in options if "token" in name or "key" in name]


@pytest.mark.parametrize("name", ["", *command.commands])
def test_every_command_explains_itself_in_80_columns(mvsep: Run, name: str) -> None:
    code, out, _ = mvsep(None, *filter(None, [name]), "--help")

    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    if name in {"", "separate", "cancel", "user"}:
        assert "MVSEP_API_TOKEN" in out


def test_help_lists_every_exit_code(mvsep: Run) -> None:
    _, out, _ = mvsep(None, "--help")
    listed = out[out.index("Exit codes:") :].split()

    assert {str(code) for code in {0, *EXIT_CODES.values()}} <= set(listed)


def test_what_can_not_be_checked_of_the_options_is_told(mvsep: Run) -> None:
    code, out, _ = mvsep(None, "estimate", "--type=Bark", "--seconds=30")
    _, told, _ = mvsep(None, "estimate", "--type=Bark", "--seconds=30", "--json")

    assert code == 0
    assert "  Warning: Whether 'Text prompt' may be left out is not known." in out
    assert len(json.loads(told)["warnings"]) == 2


def test_estimate_needs_no_service_and_no_token(mvsep: Run, song: Path) -> None:
    code, out, _ = mvsep(None, "estimate", song, "--type=40", "--set", "add_opt2=8")
    _, given, _ = mvsep(None, "estimate", "--type", "demucs4_ht", "--seconds", "380", "--json")
    _, unknown, _ = mvsep(None, "estimate", song, "--type=99999")

    assert code == 0
    assert "4 credits, 2 stems: Vocals, Other" in out
    assert json.loads(given)["credits"] == 6
    assert out.splitlines()[1:] == [
        "  120 s (WAV header)",
        "  Overlap 87.5%: x2",
        "  The price is sure.",
        f"  By the service's list of {Catalog.bundled().captured}.",
    ]
    assert json.loads(given)["sure"] is True
    assert unknown.startswith("Type 99999: price unknown\n")
    assert "The price is not sure. The type is not in the catalogue." in unknown
    assert "The stems are not sure" in unknown


def test_types_are_found_by_number_or_by_words(mvsep: Run) -> None:
    _, everything, _ = mvsep(None, "types")
    _, one, _ = mvsep(None, "types", "40")
    _, several, _ = mvsep(None, "types", "ROFORMER", "vocals")

    assert len(everything.splitlines()) == len(Catalog.bundled())
    assert one.splitlines()[0] == (
        "40\tBS Roformer (vocals, instrumental)\tVocals / Instrumental\tVocals, Other\t1"
    )
    assert '--option "Overlap=..."  or add_opt2=...' in one
    assert 1 < len(several.splitlines()) < 20


def test_types_in_json_hold_what_set_takes(mvsep: Run) -> None:
    _, out, _ = mvsep(None, "types", "40", "--json")
    (entry,) = json.loads(out)["types"]

    assert (entry["sep_type"], entry["credits_per_minute"]) == (40, 1)
    overlap = next(option for option in entry["options"] if option["key"] == "add_opt2")
    assert overlap["choices"] == {"2": "50%", "8": "87.5%"}


def test_a_search_without_a_hit_is_no_error(mvsep: Run) -> None:
    code, out, err = mvsep(None, "types", "kazoo")
    _, json_out, _ = mvsep(None, "types", "kazoo", "--json")

    assert (code, out) == (0, "")
    assert "kazoo" in err
    assert json.loads(json_out)["types"] == []


# Values


@given(st.integers(min_value=0, max_value=10**60))
def test_a_bare_number_is_a_type_of_any_size(number: int) -> None:
    assert read_sep_type(f" {number} ") == number


@pytest.mark.parametrize("entry", Catalog.bundled(), ids=lambda entry: str(int(entry.sep_type)))
def test_every_type_is_found_by_its_name(entry: Any) -> None:
    assert read_sep_type(entry.name) is entry.sep_type
    assert read_sep_type("BS Roformer") is SepType.BS_ROFORMER


@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="=")).map(str.strip).filter(bool), st.text()
    )
)
def test_settings_keep_their_values_as_they_stand(settings: dict[str, str]) -> None:
    ctx, param = click.Context(command), click.Option(["--set"])
    pairs = tuple(f"{key}={value}" for key, value in settings.items())

    assert read_options(ctx, param, pairs) == settings


@given(st.floats(min_value=0, allow_infinity=False, allow_nan=False))
def test_a_timeout_is_seconds(seconds: float) -> None:
    assert read_timeout(repr(seconds)) == seconds


def test_a_timeout_is_none_or_left_to_the_library() -> None:
    assert read_timeout(" None ") is None
    assert read_timeout(DEFAULT) is DEFAULT


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "", "1 h", "-0.1"])
def test_what_is_no_time_is_no_timeout(text: str) -> None:
    with pytest.raises(click.BadParameter):
        read_timeout(text)


@given(st.text(st.characters() | st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zs"))))
def test_whatever_comes_is_printed_in_one_line_that_moves_nothing(text: str) -> None:
    line = texts.printable(text)

    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs"}
    assert len(line.splitlines()) <= 1
    line.encode()


@pytest.mark.parametrize("word", ["plain", "two words", "it's", os.fsdecode(b"m\xfcsik/it's o")])
def test_a_shell_takes_back_what_is_shown_to_be_typed(word: str) -> None:
    shown = texts.quoted(word)
    read = ast.literal_eval(f"b{shown[1:]}") if shown.startswith("$") else shlex.split(shown)[0]

    assert texts.printable(shown) == shown
    assert read in (word, os.fsencode(word))
