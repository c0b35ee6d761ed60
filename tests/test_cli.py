from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import MVSep, SepType, errors
from mvsep.catalog import Catalog
from mvsep.cli import words
from mvsep.cli.app import mvsep as command
from mvsep.cli.app import run
from mvsep.cli.arguments import read_sep_type, read_settings, read_timeout
from mvsep.cli.outcome import EXIT_CODES, Interrupted
from mvsep.polling import DEFAULT
from tests.wire import TOKEN, Wire, answer, stored

HASH = "20250131145833-a0bb276157-song.wav"
HOST = "127.0.0.1:8000"
CREATED = answer({"success": True, "data": {"hash": HASH, "link": "https://mvsep.com/x"}})
WAITING = answer(
    {"success": True, "status": "waiting", "data": {"queue_count": 7, "current_order": 3}}
)
FAILED = answer({"success": True, "status": "failed", "data": {"message": "out of \x1b[31mmemory"}})
STEMS = {"Vocals": b"one", "Other": b"three"}
DONE = answer(
    {
        "success": True,
        "status": "done",
        "data": {
            "files": [
                {"type": label, "url": f"https://s1.mvsep.com/{label}.wav", "download": "x.wav"}
                for label in STEMS
            ]
        },
    }
)
FETCHED = stored(**STEMS)  # in whatever order they are asked for
WHOLE = (CREATED, WAITING, DONE, FETCHED)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def mvsep(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in front of a pretended service: its code, and what it wrote."""

    def running(wire: Wire | None, *arguments: object, token: str | None = TOKEN) -> Any:
        def connect(base_url: str | None) -> MVSep:
            assert wire is not None, "this command has no need of the service"
            return wire.client(token)

        code = run([str(each) for each in arguments], connect=connect)
        out, err = capsys.readouterr()
        return code, out, err

    return running


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Two minutes of silence: more than one piece of an upload."""
    path = tmp_path / "song.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes(120 * 8000))
    return path


def interrupt(_: object) -> httpx.Response:
    raise KeyboardInterrupt


# How a run ends

KINDS = {
    errors.MVSepError: 1,
    errors.ConnectionFailed: 1,
    errors.DownloadError: 1,
    errors.UnexpectedResponse: 1,
    errors.InvalidInput: 2,
    errors.DurationUnknown: 2,
    errors.PriceUnknown: 2,
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
    errors.SubmitUncertain: 7,
}


def descendants(kind: type[Exception]) -> Iterator[type[Exception]]:
    yield kind
    for below in kind.__subclasses__():
        yield from descendants(below)


def raising(error: BaseException) -> Callable[..., MVSep]:
    def connect(base_url: str | None) -> MVSep:
        raise error

    return connect


def test_the_table_below_knows_every_error() -> None:
    public = {kind for kind in descendants(errors.MVSepError) if kind.__module__ == errors.__name__}
    assert public == set(KINDS)
    assert Interrupted not in public


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("arguments", [["user"], ["resume", HASH], ["separate", "a", "--type=1"]])
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
    code = run(["user", "--json"], connect=raising(error))
    out, err = capsys.readouterr()

    assert json.loads(out) == {
        "error": {
            "type": kind.__name__,
            "message": "It broke.",
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
        ["separate", "song.wav", "--type", "40", "--timeout", "soon"],
        ["separate", "song.wav", "--type", "40", "--template", "{nothing}"],
        ["separate", "song.wav", "--type", "40", "--template", "a/{stem}"],
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
    assert json.loads(json_out)["error"]["exit_code"] == 2
    assert wire.requests == []


def test_a_fault_of_our_own_is_told_without_a_traceback(
    mvsep: Run, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("halves")

    monkeypatch.setattr("mvsep.jobs.Job.download", breaks)
    code, out, err = mvsep(Wire(*WHOLE), "separate", song, "--type=40")

    assert (code, out) == (1, "")
    assert "ZeroDivisionError: halves" in err
    assert f"mvsep resume {HASH}" in err


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_its_extra_it_says_in_a_line_what_to_install(missing: str) -> None:
    # A process of its own: modules imported twice would be two of everything.
    program = (
        f"import sys; sys.modules[{missing!r}] = None; "
        "from mvsep.cli import main; sys.exit(main(['--version']))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == f'The command line needs {missing}: pip install "mvsep[cli]"\n'


# Separate


def test_stems_land_on_disk_and_standard_output_is_their_paths(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    out_folder = tmp_path / "stems"
    wire = Wire(*WHOLE)
    code, out, err = mvsep(wire, "separate", song, "--type", "BS Roformer", "--out", out_folder)

    paths = [out_folder / f"song_{label}.wav" for label in STEMS]
    assert code == 0
    assert out.splitlines() == [str(path) for path in paths]
    assert [path.read_bytes() for path in paths] == list(STEMS.values())
    lines = err.splitlines()
    # The stems are fetched at the same time, in no order.
    lines[4:6] = sorted(lines[4:6])
    assert lines == [
        "BS Roformer (vocals, instrumental): 2 credits, 2 stems: Vocals, Other",
        "Upload song.wav",
        f"Job {HASH}",
        "Waiting, place 3 of 7 in the queue",
        "Fetching Other",
        "Fetching Vocals",
        f"2 stems in {out_folder}:",
    ]


def test_without_a_terminal_nothing_moves(mvsep: Run, song: Path, tmp_path: Path) -> None:
    _, out, err = mvsep(Wire(*WHOLE), "separate", song, "--type=40", "--out", tmp_path)

    controls = {c for c in out + err if unicodedata.category(c) == "Cc"}
    assert controls == {"\n"}


def test_quiet_leaves_only_the_paths(mvsep: Run, song: Path, tmp_path: Path) -> None:
    code, out, err = mvsep(
        Wire(*WHOLE), "separate", song, "--type=40", "--out", tmp_path, "--quiet"
    )

    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 2


def test_json_is_one_object_with_all_there_is_to_know(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    code, out, _ = mvsep(Wire(*WHOLE), "separate", song, "--type=40", "--out", tmp_path, "--json")

    assert code == 0
    assert json.loads(out) == {
        "hash": HASH,
        "host": HOST,
        "files": [
            {
                "label": "Vocals",
                "path": str(tmp_path / "song_Vocals.wav"),
                "size": 3,
                "sha256": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
            },
            {
                "label": "Other",
                "path": str(tmp_path / "song_Other.wav"),
                "size": 5,
                "sha256": "8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f",
            },
        ],
        "estimate": {
            "sep_type": 40,
            "credits": 2,
            "seconds": 120,
            "how": json.loads(out)["estimate"]["how"],
            "sure": True,
            "stems": ["Vocals", "Other"],
        },
    }


def test_what_is_asked_for_is_what_is_sent(mvsep: Run, song: Path, tmp_path: Path) -> None:
    wire = Wire(*WHOLE)
    mvsep(
        wire, "separate", song, "--type=40", "--set", "add_opt1=81", "--set", "add_opt2=a=b",
        "--format", "FLAC24", "--template", "{stem}.{ext}", "--out", tmp_path,
    )  # fmt: skip

    for name, value in {
        "sep_type": "40",
        "add_opt1": "81",
        "add_opt2": "a=b",
        "output_format": "5",
    }.items():
        head = f'name="{name}"\r\nContent-Type: text/plain\r\n\r\n'
        assert f"{head}{value}\r\n".encode() in wire.bodies[0]
    assert (tmp_path / "Vocals.wav").exists()


def test_a_price_that_is_unknown_is_only_a_remark(mvsep: Run, tmp_path: Path) -> None:
    link = "https://example.com/song.wav"
    code, _, err = mvsep(Wire(*WHOLE), "separate", link, "--type=40", "--out", tmp_path)
    wire = Wire(*WHOLE)
    json_code, out, _ = mvsep(
        wire, "separate", link, "--type=40", "--out", tmp_path, "--overwrite", "--json"
    )

    assert (code, json_code) == (0, 0)
    assert "price unknown" in err
    assert json.loads(out)["estimate"] is None


def test_an_error_after_the_job_was_created_leads_back_to_it(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "my stems"
    folder.mkdir()
    (folder / "song_Vocals.wav").touch()
    code, out, _ = mvsep(
        Wire(*WHOLE), "separate", song, "--type=40", "--out", folder, "--template",
        "{input}_{stem}.wav", "--base-url", "http://127.0.0.1:8000", "--json",
    )  # fmt: skip
    error = json.loads(out)["error"]

    assert (code, error["type"]) == (1, "DownloadError")
    assert (error["hash"], error["host"]) == (HASH, HOST)
    assert error["next_step"].endswith(
        f"mvsep resume {HASH} --out '{folder}' --template '{{input}}_{{stem}}.wav' "
        "--base-url http://127.0.0.1:8000"
    )


def test_time_that_ran_out_leads_back_to_the_job(mvsep: Run, song: Path) -> None:
    code, _, err = mvsep(Wire(CREATED, WAITING), "separate", song, "--type=40", "--timeout", "0")

    assert code == 6
    assert f"Come back with: mvsep resume {HASH} --out ." in err


def test_a_job_that_failed_leads_nowhere_and_the_servers_words_move_no_cursor(
    mvsep: Run, song: Path
) -> None:
    code, _, err = mvsep(Wire(CREATED, FAILED), "separate", song, "--type=40")

    assert code == 5
    assert "mvsep resume" not in err
    assert "\x1b" not in err
    assert "memory" in err


def test_an_answer_that_is_lost_is_uncertain(mvsep: Run, song: Path) -> None:
    wire = Wire(answer("Bad Gateway", 502))
    code, _, err = mvsep(wire, "separate", song, "--type=40")

    assert code == 7
    assert len(wire.requests) == 1
    assert "not known whether credits were spent" in err


# Ctrl-C


class Hasty(httpx.BaseTransport):
    """Meets Ctrl-C after the first piece of the file."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
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


@pytest.mark.parametrize("linked", [False, True])
def test_ctrl_c_while_the_answer_is_awaited_is_uncertain_and_still_130(
    mvsep: Run, song: Path, linked: bool
) -> None:
    source = "https://example.com/song.wav" if linked else song
    code, out, err = mvsep(Wire(interrupt), "separate", source, "--type=40")

    assert (code, out) == (130, "")
    assert "not known whether the job was created" in err
    assert "No job was started" not in err


def test_ctrl_c_before_anything_was_sent_says_so(
    song: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["separate", str(song), "--type=40"], connect=raising(KeyboardInterrupt()))

    assert code == 130
    assert "Interrupted. No job was started." in capsys.readouterr().err


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
    code, _, err = mvsep(Wire(interrupt), "user")

    assert code == 130
    assert "Traceback" not in err


# The other commands


def test_resume_fetches_the_stems_of_a_hash(mvsep: Run, tmp_path: Path) -> None:
    wire = Wire(WAITING, DONE, FETCHED)
    code, out, _ = mvsep(wire, "resume", HASH, "--out", tmp_path)

    assert code == 0
    assert [Path(line).read_bytes() for line in out.splitlines()] == list(STEMS.values())
    assert "/api/separation/create" not in wire.paths


def test_resume_in_json(mvsep: Run, tmp_path: Path) -> None:
    _, out, _ = mvsep(Wire(DONE, FETCHED), "resume", HASH, "--out", tmp_path, "--json")

    assert json.loads(out).keys() == {"hash", "host", "files"}


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


def test_estimate_needs_no_service_and_no_token(mvsep: Run, song: Path) -> None:
    code, out, _ = mvsep(None, "estimate", song, "--type=40", "--set", "add_opt2=8")
    _, given, _ = mvsep(None, "estimate", "--type", "demucs4_ht", "--seconds", "380", "--json")
    _, unknown, _ = mvsep(None, "estimate", song, "--type=99999")

    assert code == 0
    assert "4 credits, 2 stems: Vocals, Other" in out
    assert json.loads(given)["credits"] == 6
    assert unknown == "Separation type 99999: price unknown\n"


def test_types_are_found_by_number_or_by_words(mvsep: Run) -> None:
    _, everything, _ = mvsep(None, "types")
    _, one, _ = mvsep(None, "types", "40")
    _, several, _ = mvsep(None, "types", "ROFORMER", "vocals")

    assert len(everything.splitlines()) == len(Catalog.bundled())
    assert one.splitlines()[0] == (
        "40\tBS Roformer (vocals, instrumental)\tVocals / Instrumental\tVocals, Other\t1"
    )
    assert "--set add_opt2=...  Overlap" in one
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

    assert read_settings(ctx, param, pairs) == settings


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
    line = words.printable(text)

    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs"}
    assert len(line.splitlines()) <= 1
    line.encode()
