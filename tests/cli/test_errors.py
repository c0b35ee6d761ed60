"""Errors: exit codes, options, next steps."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from mvsep import errors
from mvsep.cli.app import run
from mvsep.cli.errors import NEXT_STEPS, OPTIONS, Interrupted
from tests.cli.scenes import HASH, HOST, WHOLE, Run, commands, interrupt, raising
from tests.wire import Wire, answer

KINDS = {
    errors.MVSepError: 1,
    errors.ConnectionFailed: 1,
    errors.DownloadError: 1,
    errors.UnexpectedResponse: 1,
    errors.InvalidInput: 2,
    errors.DurationUnknown: 2,
    errors.PriceUnknown: 2,
    errors.TooExpensive: 2,
    errors.InvalidToken: 3,
    errors.Refused: 4,
    errors.FileTooLarge: 4,
    errors.InsufficientCredits: 4,
    errors.InvalidRequest: 4,
    errors.PremiumRequired: 4,
    errors.QueueFull: 4,
    errors.QuotaExceeded: 4,
    errors.RateLimited: 4,
    errors.JobError: 5,
    errors.JobFailed: 5,
    errors.JobNotFound: 5,
    errors.NoResultFiles: 5,
    errors.JobTimeout: 6,
    errors.AlreadyUnderWay: 1,
    errors.JournalError: 1,
    errors.SubmitUncertain: 7,
}


def descendants(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for below in kind.__subclasses__():
        yield from descendants(below)


@pytest.mark.parametrize("token", ["SECRET secret", "SECRET\n", "SECRETsecret", "SÉCRETsecret"])
@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize(
    "arguments", [("account",), ("cancel", HASH), ("separate", "a", "--type=1")]
)
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


def test_the_table_below_knows_every_error() -> None:
    public = {kind for kind in descendants(errors.MVSepError) if kind.__module__ == errors.__name__}
    assert public == set(KINDS)
    assert Interrupted not in public


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "arguments", [["account"], ["resume", HASH], ["separate", "a", "--type=1"]]
)
def test_each_error_has_its_exit_code_and_is_told_in_words(
    kind: type[errors.MVSepError], arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    error = kind(
        "It broke.", server_text="No.", hash=HASH, host=HOST, charged=True, next_step="Wait a bit."
    )
    code = run(arguments, connect=raising(error))
    out, err = capsys.readouterr()

    assert code == KINDS[kind]
    assert out == ""
    for told in ("It broke.", 'The service said: "No."', HASH, "Credits were spent.", "Wait a bit"):
        assert told in err
    assert "Traceback" not in err


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_error_is_one_json_object_if_wanted(
    kind: type[errors.MVSepError], capsys: pytest.CaptureFixture[str]
) -> None:
    error = kind("It broke.", server_text="No.", status=400, host=HOST, charged=False)
    code = run(["account", "--json"], connect=raising(error))
    out, err = capsys.readouterr()

    assert json.loads(out) == {
        "error": {
            "type": kind.__name__,
            "message": "It broke.",
            "option": None,
            "server_text": "No.",
            "status": 400,
            "hash": None,
            "host": HOST,
            "charged": False,
            "retryable": False,
            "next_step": None,
            "exit_code": code,
        }
    }
    assert (code, err) == (KINDS[kind], "")


@pytest.mark.parametrize(("param", "option"), OPTIONS.items())
def test_an_error_about_a_parameter_names_its_option(
    param: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error = errors.Refused("It broke.", next_step="Wait a bit.", param=param)
    run(["account"], connect=raising(error))
    _, err = capsys.readouterr()
    run(["account", "--json"], connect=raising(error))
    told = json.loads(capsys.readouterr().out)["error"]

    assert f"  Option: {option}\n  Wait a bit.\n" in err
    assert (told["option"], told["next_step"]) == (option, "Wait a bit.")
    taken = {name for each in commands().values() for p in each.params for name in p.opts}
    assert option.split(",")[0] in taken


@pytest.mark.parametrize(("kind", "param"), NEXT_STEPS, ids=str)
def test_a_next_step_in_the_words_of_python_is_not_shown(
    kind: type[errors.MVSepError], param: str, capsys: pytest.CaptureFixture[str]
) -> None:
    class Narrower(kind):  # type: ignore[misc, valid-type]
        """A kind of it meets the same words."""

    error = Narrower("It broke.", next_step="Pass it as again=True.", param=param)
    run(["account"], connect=raising(error))
    err = capsys.readouterr().err

    assert NEXT_STEPS[kind, param] in err
    assert "=True" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["separate"],
        ["separate", "song.wav"],
        ["separate", "song.wav", "--type"],
        ["separate", "song.wav", "--type", "40", "--token", "x"],
        ["separate", "song.wav", "--type", "no such type"],
        ["separate", "song.wav", "--type", "9" * 5000],
        ["separate", "song.wav", "--type", "40", "--format", "ogg"],
        ["separate", "song.wav", "--type", "40", "--set", "add_opt1"],
        ["separate", "song.wav", "--type", "40", "--set", "=1"],
        ["separate", "song.wav", "--type", "40", "--set", "add_opt1=1", "--set", "add_opt1=2"],
        *(
            ["separate", "song.wav", "--type", "40", "--timeout", wrong]
            for wrong in ("soon", "", "1 h", "-0.1", "nan", "inf")
        ),
        ["separate", "song.wav", "--type", "40", "--queue-timeout", "-1"],
        ["separate", "song.wav", "--type", "40", "--template", "{nothing}"],
        ["separate", "song.wav", "--type", "40", "--template", "../{stem}"],
        ["separate", "song.wav", "--type", "40", "--out", __file__],
        ["separate", "no-such-file.wav", "--type", "40"],
        ["estimate", "--type", "40"],
        ["estimate", "--type", "40", "--seconds", "-1"],
        ["nothing-like-it"],
    ],
)
def test_what_can_not_be_used_is_code_2_and_nothing_is_sent(
    mvsep: Run, song: Path, arguments: list[str]
) -> None:
    wire = Wire(interrupt)
    given = [str(song) if each == "song.wav" else each for each in arguments]
    code, out, err = mvsep(wire, *given)
    json_code, json_out, json_err = mvsep(wire, *given, "--json")

    assert (code, out) == (2, "")
    assert "Error: " in err
    assert (json_code, json_err) == (2, "")
    told = json.loads(json_out)
    assert [each["error"]["exit_code"] for each in told.get("songs", [told])] == [2]
    assert wire.requests == []


def test_a_fault_of_our_own_is_told_without_a_traceback(
    mvsep: Run, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("halves")

    monkeypatch.setattr("mvsep.jobs.base.download", breaks)
    code, out, err = mvsep(Wire(*WHOLE), "separate", song, "--type=40")

    assert (code, out) == (1, "")
    assert "ZeroDivisionError: halves" in err
    assert f"mvsep resume {HASH}" in err


@pytest.mark.parametrize(
    "error",
    [
        ssl.SSLError(1, "no certificate"),
        ImportError("Using SOCKS proxy, but the 'socksio' package is not installed."),
        ValueError("Unknown scheme for proxy URL"),
        FileNotFoundError(2, "No such file or directory"),
        UnicodeEncodeError("cp1252", "♫", 0, 1, "character maps to <undefined>"),
        RecursionError("maximum recursion depth exceeded"),
        MemoryError(),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize(
    "arguments",
    [
        ["account"],
        ["types", "--refresh"],
        ["show", "40", "--refresh"],
        ["check", "--seconds=9", "--type=40"],
        ["separate", "song.wav", "--type=40"],
        ["resume"],
        ["cancel", HASH],
        ["delete", HASH, "--yes"],
    ],
    ids=" ".join,
)
def test_whatever_a_client_raises_is_one_sentence_of_every_command(
    capsys: pytest.CaptureFixture[str], arguments: list[str], more: list[str], error: Exception
) -> None:
    code = run([*arguments, *more], connect=raising(error))
    out, err = capsys.readouterr()

    assert code == 1
    assert type(error).__name__ in (out if more else err)
    assert "Traceback" not in out + err
    assert (json.loads(out)["error"]["exit_code"] == 1) if more else out == ""


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["--type", "no such type"], "--type"),
        (["--type", "40", "--format", "ogg"], "--format"),
        (["--type", "40", "--template", "{nothing}"], "--template"),
        (["--type", "40", "--max-credits", "much"], "--max-credits"),
        (["--type", "40", "--max-credits", "nan"], "--max-credits"),
        (["--type", "40", "--seconds", "0"], "--seconds"),
        (["--type", "40", "--option", "Overlap=5"], "--option"),
    ],
)
def test_a_value_that_is_no_good_names_its_option(
    mvsep: Run, song: Path, arguments: list[str], option: str
) -> None:
    code, _, err = mvsep(Wire(), "separate", song, *arguments)

    assert code == 2
    assert f"  Option: {option}\n" in err


@pytest.mark.parametrize(
    ("typed", "meant"), [("--stm", "--stem"), ("--templat", "--template"), ("--typ", "--type")]
)
def test_of_the_options_that_resemble_a_wrong_one_the_best_comes_first(
    mvsep: Run, typed: str, meant: str
) -> None:
    code, _, err = mvsep(None, "separate", "song.wav", typed, "vocals")
    told = json.loads(mvsep(None, "separate", "song.wav", typed, "vocals", "--json")[1])

    assert code == 2
    assert f"Did you mean {meant}" in err
    assert f"Did you mean {meant}" in told["error"]["message"]


def test_an_argument_is_not_called_an_option(mvsep: Run) -> None:
    code, _, err = mvsep(None, "show", "Roformr")

    assert code == 2
    assert "Was one of these meant? 40 BS Roformer" in err
    assert "Option:" not in err
