"""The table and the one question before several songs are paid for."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.scenes import CREATED, STEMS, WAITING, Run, created, user
from tests.cli.test_several import service
from tests.wire import Wire, answer

Asked = Callable[..., tuple[int, str, str]]


@pytest.fixture
def songs(song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for path in paths:
        shutil.copy(song, path)
        with path.open("r+b") as file:
            file.seek(-20, io.SEEK_END)
            file.write(path.name.encode())
    monkeypatch.chdir(tmp_path)
    return [Path(path.name) for path in paths]


class Terminal(io.StringIO):
    """Standard input of a person who types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def answering(
    mvsep: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Asked:
    """Run a command on a terminal where a person types an answer."""

    def running(typed: str, wire: Wire, *arguments: object) -> tuple[int, str, str]:
        import sys

        monkeypatch.setattr("sys.stdin", Terminal(typed))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
        monkeypatch.setenv("TERM", "dumb")
        return mvsep(wire, *arguments)

    return running


def test_one_question_names_the_sum_and_yes_separates(answering: Asked, songs: list[Path]) -> None:
    wire = Wire(service)
    code, out, err = answering("y\n", wire, "separate", *songs, "--type=40", "--out=stems")

    assert code == 0
    assert "Separate 2 songs for 4 credits? [y/N]" in err
    assert err.index("a.wav  2:00  2 credits") < err.index("Balance: 9 credits.")
    assert err.count("[y/N]") == 1
    assert "2 of 2 songs separated; 4 credits spent." in err
    assert (created(wire), len(out.splitlines())) == (2, 4)


@pytest.mark.parametrize("typed", ["n\n", "\n"])
def test_nothing_is_sent_after_a_no(answering: Asked, songs: list[Path], typed: str) -> None:
    wire = Wire(service)
    code, out, err = answering(typed, wire, "separate", *songs, "--type=40", "--out=stems")

    assert (code, out) == (1, "")
    assert "Nothing was sent." in err
    assert wire.paths == ["/api/app/user"]
    assert not Path("stems").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("separate", "a.wav", "b.wav", "--type=40", "--out=stems"),
        ("delete", "20250131145833-a0bb276157-song.wav"),
        ("quality", "delete", "1"),
        ("api", "separation.delete", "hash=x"),
    ],
)
def test_a_question_without_an_answer_is_ctrl_c_and_nothing_is_sent(
    answering: Asked, songs: list[Path], words: tuple[str, ...]
) -> None:
    wire = Wire(service)
    code, out, err = answering("", wire, *words)

    assert (code, out) == (130, "")
    assert "Interrupted. Nothing was sent.\n  Nothing was charged.\n" in err
    assert [path for path in wire.paths if path != "/api/app/user"] == []


def test_an_option_that_is_wrong_for_all_songs_is_told_once(mvsep: Run, songs: list[Path]) -> None:
    wire = Wire(service)
    asked = ["separate", *songs, "--type=48", "--option=Model type=no", "--yes"]
    for more in ([], ["-n"]):
        code, out, err = mvsep(wire, *asked, *more)
        assert (code, out) == (2, "")
        assert err.count("Model type") == 1
        assert "a.wav" not in err
    assert created(wire) == 0


def test_paths_of_new_stems_and_of_those_done_before_look_the_same(
    mvsep: Run, songs: list[Path], tmp_path: Path
) -> None:
    asked = ["separate", "--type=40", "--out", tmp_path / "stems", "--yes"]
    first = mvsep(Wire(service), *asked, songs[0])[1].splitlines()
    both = mvsep(Wire(service), *asked, *songs)[1].splitlines()

    names = [str(Path("stems", f"{name}_{stem}.wav")) for name in "ab" for stem in STEMS]
    assert (first, both) == (names[:2], names)


def test_songs_that_were_saved_in_another_folder_are_named_with_it(
    mvsep: Run, songs: list[Path]
) -> None:
    asked = ["separate", *songs, "--type=40", "--yes"]
    mvsep(Wire(service), "separate", songs[0], "--type=40", "--out=stems")
    _, _, err = mvsep(Wire(service), *asked, "--out=other")
    again = mvsep(Wire(service), *asked, "--out=other")[2]
    same = mvsep(Wire(service), "separate", songs[1], songs[1], "--type=40", "--out=other")[2]

    assert "done before, in stems" in err
    assert "1 song done before: the stems are in another folder.\n" in err
    assert "  To fetch them elsewhere: mvsep resume 2025" in err
    assert "done before, in other" in again
    assert "another folder" not in same


def test_the_question_says_what_a_no_does_not_touch(answering: Asked, songs: list[Path]) -> None:
    asked = ["--type=40", "--out=stems"]
    answering("", Wire(CREATED, WAITING), "separate", songs[0], *asked, "--timeout=0")
    code, _, err = answering("n\n", Wire(service), "separate", *songs, *asked)

    assert code == 1
    assert "1 job goes on at the service in any case" in err


def test_a_script_has_to_say_yes_for_several_songs_and_not_for_one(
    mvsep: Run, songs: list[Path]
) -> None:
    wire = Wire(service)
    code, _, err = mvsep(wire, "separate", *songs, "--type=40", "--out=stems")
    one, _, _ = mvsep(Wire(service), "separate", songs[0], "--type=40", "--out=stems")

    assert (code, created(wire)) == (2, 0)
    assert "--yes" in err
    assert "4 credits" in err
    assert one == 0


def test_what_is_done_already_is_asked_about_no_more(mvsep: Run, songs: list[Path]) -> None:
    asked = ["separate", *songs, "--type=40", "--out=stems"]
    mvsep(Wire(service), *asked, "--yes")
    wire = Wire(service)
    code, out, err = mvsep(wire, *asked)

    assert (code, created(wire), len(out.splitlines())) == (0, 0, 4)
    assert "0 songs to separate for 0 credits; 2 done before." in err


def test_a_dry_run_writes_the_table_and_nothing_else(mvsep: Run, songs: list[Path]) -> None:
    wire = Wire(service)
    code, out, err = mvsep(wire, "separate", *songs, "--type=40", "--out=stems", "-n")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "a.wav  2:00  2 credits",
        "b.wav  2:00  2 credits",
        "2 songs to separate for 4 credits.",
        "Balance: 9 credits.",
    ]
    assert wire.paths == ["/api/app/user"]
    assert not Path("stems").exists()


def test_a_dry_run_in_json_has_the_shape_of_a_run(mvsep: Run, songs: list[Path]) -> None:
    mvsep(Wire(service), "separate", songs[0], "--type=40", "--out=stems")
    asked = ["separate", *songs, "gone.wav", "--type=40", "--out=stems", "-n", "--json"]
    code, out, _ = mvsep(Wire(service), *asked)
    told = json.loads(out)

    assert (code, told["exit_code"]) == (2, 2)
    assert [each["status"] for each in told["songs"]] == ["already", "planned", "failed"]
    assert len(told["songs"][0]["files"]) == 2
    assert told["songs"][1]["estimate"]["credits"] == 2
    assert (told["total"]["credits"], told["total"]["balance"]) == (2, 9)


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (user(9, on=0), "2 songs to separate for no credits on this plan."),
        (answer("no way", 503), "The balance is not known"),
    ],
)
def test_a_plan_that_takes_no_credits_and_a_balance_that_can_not_be_had_are_told(
    mvsep: Run, songs: list[Path], account: object, said: str
) -> None:
    code, out, _ = mvsep(Wire(account), "separate", *songs, "--type=40", "-n")  # type: ignore[arg-type]

    assert code == 0
    assert said in out


def test_unknown_prices_are_counted_in_the_question(answering: Asked, songs: list[Path]) -> None:
    link = "https://songs.example/x.mp3"
    _, _, err = answering("n\n", Wire(service), "separate", songs[0], link, "--type=40")

    assert "x.mp3     ?  price unknown" in err
    assert "Separate 2 songs for 2 credits and 1 unknown price? [y/N]" in err


def test_a_long_table_is_cut_before_the_question_and_whole_in_a_dry_run(
    answering: Asked, songs: list[Path], mvsep: Run
) -> None:
    many = Path("many")
    many.mkdir()
    for number in range(40):
        shutil.copy(songs[0], many / f"{number:02}.wav")
    _, _, err = answering("n\n", Wire(service), "separate", "many", "--type=40", "--no-journal")
    _, out, _ = mvsep(Wire(service), "separate", "many", "--type=40", "--no-journal", "-n")

    assert "... and 16 more; --dry-run lists all." in err
    assert "40 songs to separate for 80 credits." in err
    assert len(out.splitlines()) == 42


def test_events_come_as_lines_and_at_last_the_whole(mvsep: Run, songs: list[Path]) -> None:
    with songs[0].open("ab") as file:  # it is sent in 23 pieces and more
        file.truncate(6_000_000)
    asked = ["separate", *songs, "--type=40", "--out=stems", "--yes"]
    code, out, _ = mvsep(Wire(service), *asked, "--json-lines")
    *events, last = [json.loads(line) for line in out.splitlines()]
    again = json.loads(mvsep(Wire(service), *asked, "--json")[1])

    assert code == last["exit_code"] == 0
    assert [each["status"] for each in last["songs"]] == ["done", "done"]
    assert {each["status"] for each in again["songs"]} == {"already"}
    of_first = [each["event"] for each in events if each["number"] == 1]
    assert of_first[0] == "planned"
    assert of_first[-1] == "outcome"
    assert {"uploading", "job", "state", "file"} < set(of_first)
    uploads = [each for each in events if each["event"] == "uploading" and each["number"] == 1]
    assert len(uploads) <= 11
    assert uploads[-1]["done"] == uploads[-1]["total"]
    ended = [each["song"] for each in events if each["event"] == "outcome"]
    assert sorted(ended, key=lambda each: each["source"]) == last["songs"]


def test_an_error_before_any_song_is_one_line(mvsep: Run, songs: list[Path]) -> None:
    asked = ["separate", *songs, "--type=40", "--max-credits=1", "--json-lines"]
    code, out, _ = mvsep(Wire(service), *asked)

    (line,) = out.splitlines()
    assert (code, json.loads(line)["error"]["type"]) == (2, "TooExpensive")
