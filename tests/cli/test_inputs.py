"""The songs that `separate`, `estimate` and `check` are given."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.scenes import QUEUE, STEMS, WAITING, Run, created, user
from tests.cli.test_several import service
from tests.wire import Wire

BOM = "\ufeff"


@pytest.fixture
def album(song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An album with two songs, a text, and another song in a folder within; worked in is above."""
    folder = tmp_path / "album"
    (folder / "live").mkdir(parents=True)
    for name in ("1.wav", "2.wav", "live/3.wav"):
        shutil.copy(song, folder / name)
        with (folder / name).open("r+b") as file:
            file.seek(-20, io.SEEK_END)
            file.write(name.encode())
    (folder / "notes.txt").write_text("These are words about the songs. " * 9)
    monkeypatch.chdir(tmp_path)
    return folder


def estimated(mvsep: Run, *arguments: object) -> list[str]:
    code, out, _ = mvsep(None, "estimate", *arguments, "--type=40", "--json")
    assert code == 0, out
    return [Path(each["source"]).name for each in json.loads(out)["songs"]]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["album"], ["1.wav", "2.wav"]),
        (["album", "--recursive"], ["1.wav", "2.wav", "3.wav"]),
        (["album/*"], ["1.wav", "2.wav"]),
        (["album/**/*.wav"], ["1.wav", "2.wav", "3.wav"]),
        (["album/2.wav", "album", "album/../album/1.wav"], ["2.wav", "1.wav"]),
    ],
)
def test_folders_and_patterns_give_their_audio_files_each_once(
    mvsep: Run, album: Path, arguments: list[str], names: list[str]
) -> None:
    assert estimated(mvsep, *arguments) == names


def test_what_is_left_out_of_a_folder_is_counted(mvsep: Run, album: Path) -> None:
    _, _, err = mvsep(None, "estimate", "album", "album/1.wav", "--type=40")

    assert "1 file skipped: no audio of a known kind." in err
    assert "1 song listed twice: each is taken once." in err


def test_songs_of_a_folder_that_are_none_are_named_with_their_reasons(
    mvsep: Run, album: Path
) -> None:
    (album / "3.wav").touch()
    (album / "4.mp3").write_bytes(bytes(range(1, 256)) * 9)
    (album / "5.wav").write_text("No song, though it is called one. " * 9)
    asked = ["album", "--type=40"]
    reasons = ["is empty", "is no audio of a known kind", "is text"]
    for command in ("estimate", "check"):
        code, out, _ = mvsep(Wire(user(9), QUEUE), command, *asked, "--json")  # type: ignore[arg-type]
        told = json.loads(out)
        assert (code, told["total"]["failed"]) == (2, 3)
    wire = Wire(service)
    code, out, err = mvsep(wire, "separate", *asked, "--yes", "--out=stems")
    failed = [line for line in err.splitlines() if line.startswith("Error: ")]

    assert (code, created(wire), len(out.splitlines())) == (2, 2, 4)
    assert all(each in line for each, line in zip(reasons, failed, strict=True))
    assert "2 of 5 songs separated; 3 failed; 4 credits spent. Exit code 2." in err
    assert "1 file skipped: no audio of a known kind." in err


@pytest.mark.parametrize("empty", ["album/empty", "album/*.flac"])
def test_a_folder_or_a_pattern_without_songs_is_an_error(
    mvsep: Run, album: Path, empty: str
) -> None:
    (album / "empty").mkdir()
    code, _, err = mvsep(None, "estimate", empty, "--type=40")

    assert code == 2
    assert f"No song was found in {empty}." in err


def test_a_name_with_a_patterns_letters_is_a_file_where_it_is_one(mvsep: Run, album: Path) -> None:
    (album / "1.wav").rename(album / "[1].wav")
    assert estimated(mvsep, "album/[1].wav") == ["[1].wav"]


def test_a_list_comes_from_standard_input(
    mvsep: Run, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = f"{BOM}album/2.wav\r\n\n  \nalbum/1.wav\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))

    assert estimated(mvsep, "-") == ["2.wav", "1.wav"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_has_the_settings_of_each_song(
    mvsep: Run, album: Path, tmp_path: Path, delimiter: str
) -> None:
    rows = [
        ("source", "Type", "options", "format", "out"),
        ("2.wav", "BS Roformer", "Overlap=87.5%|Vocal model type=171", "flac", "stems/2"),
        ("live/3.wav", "", "", "", ""),
    ]
    text = BOM + "\r\n".join(delimiter.join(row) for row in rows)
    (album / "list.csv").write_text(text, encoding="utf-8")
    wire = Wire(service)
    asked = ["--type=63", "--yes", "--out=common", "--no-journal", "--json"]
    code, out, _ = mvsep(wire, "separate", "album/list.csv", *asked)
    told = json.loads(out)["songs"]

    assert code == 0
    assert [Path(each["source"]) for each in told] == [album / "2.wav", album / "live" / "3.wav"]
    places = [Path(each["files"][0]["path"]).parent for each in told]
    assert places == [album / "stems" / "2", tmp_path / "common"]
    assert [each["estimate"]["sep_type"] for each in told] == [40, 63]
    assert [each["estimate"]["rules"] != [] for each in told] == [True, False]
    flac = b'name="output_format"\r\nContent-Type: text/plain\r\n\r\n2\r\n'
    assert [flac in body for body in wire.bodies].count(True) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source,type\n1.wav,40\n9.wav,40", "line 3: There is no file"),
        ("source,type\n1.wav,no such", "line 2: No separation type is named 'no such'"),
        ("source,type,options\n1.wav,40,Overlap=3", "line 2: 'Overlap' of BS Roformer"),
        ("source,type,options\n1.wav,40,Overlap", "line 2: 'Overlap' is not of the form"),
        ("source,options\n1.wav,a=1", "line 2: Options go with a type"),
        ("source,format\n1.wav,ogg", "line 2: "),
        ("source,seconds\n1.wav,-1", "line 2: "),
        ("source,type\n1.wav,40,7", "line 2: It has 3 cells for 2 columns."),
        ("source,type\n,40", "line 2: It has no source."),
        ('source,type\n1.wav,40\n"1.wav,40', "line 3: "),
        ("source,tipe\n1.wav,40", "line 1: 'tipe' is no column"),
        ("type\n40", "line 1: The first line has no column source."),
        ("source\n", "lists no song"),
        ("source\nm\xfcsik.wav", "is not in UTF-8"),
    ],
)
def test_a_wrong_line_of_a_list_is_named_before_anything_is_sent_or_asked(
    mvsep: Run, album: Path, text: str, said: str
) -> None:
    (album / "list.csv").write_bytes(text.encode("latin-1"))
    wire = Wire(service)
    code, _, err = mvsep(wire, "separate", "album/list.csv", "--type=40", "--yes")

    assert (code, wire.requests) == (2, [])
    assert said in err
    assert "Nothing was charged." in err


def test_a_song_without_a_type_asks_for_it(mvsep: Run, album: Path) -> None:
    (album / "list.csv").write_text("source\n1.wav\n")
    for command in ("separate", "estimate", "check"):
        code, _, err = mvsep(None if command == "estimate" else Wire(), command, "album/list.csv")
        assert code == 2
        assert "Pass what you want, such as --stem vocals, or a --type." in err


def test_the_way_back_to_a_song_has_its_own_folder_and_number(
    mvsep: Run, album: Path, tmp_path: Path
) -> None:
    (album / "list.csv").write_text("source,out\n1.wav,one\n2.wav,two\n")
    asked = ["--type=40", "--yes", "--timeout=0", "--template={n} {stem}.{ext}", "--json"]
    wire = Wire(lambda request: WAITING if request.url.path.endswith("get") else service(request))
    code, out, _ = mvsep(wire, "separate", "album/list.csv", *asked)
    told = json.loads(out)["songs"]

    assert code == 6
    for number, (each, folder) in enumerate(zip(told, ("one", "two"), strict=True), 1):
        place = f"--out {Path('album', folder)} --template '{number} {{stem}}.{{ext}}'"
        assert each["next"] == f"mvsep resume {each['hash']} {place}"
        assert each["error"]["next_step"].endswith(each["next"])


@pytest.mark.parametrize(
    ("more", "jobs"),
    [
        (["--out=album"], 3),
        (["--out=elsewhere"], 3),
        (["--out=album/stems", "--no-journal", "--overwrite"], 6),
    ],
)
def test_stems_of_an_earlier_run_are_no_songs(
    mvsep: Run, album: Path, song: Path, more: list[str], jobs: int
) -> None:
    stem = song.read_bytes()[:10_000]

    def audible(request: httpx.Request) -> httpx.Response:
        told = service(request)
        return httpx.Response(200, content=stem) if told.content in STEMS.values() else told

    asked = ["separate", "album", "--recursive", "--type=40", "--yes", *more]
    wires = [Wire(audible), Wire(audible)]
    found = [mvsep(wire, *asked) for wire in wires]

    assert [code for code, _, _ in found] == [0, 0]
    assert sum(map(created, wires)) == jobs
    assert "of 3 songs separated" in found[1][2]


def test_several_songs_are_checked_with_one_question_about_the_account(
    mvsep: Run, album: Path
) -> None:
    wire = Wire(user(3), QUEUE)
    code, out, _ = mvsep(wire, "check", "album", "gone.wav", "--type=40", "--json")
    told = json.loads(out)

    assert (code, told["exit_code"]) == (2, 2)
    assert wire.paths == ["/api/app/user", "/api/app/queue"]
    assert [each["ok"] for each in told["songs"]] == [True, True, False]
    assert told["songs"][2]["error"]["type"] == "InvalidInput"
    assert told["total"] == {"songs": 3, "failed": 1, "credits": 4, "sure": False}
    assert told["credits"] == 3
    assert told["songs"][0]["next"] == f"mvsep separate {album / '1.wav'} --type 40"


def test_the_prices_of_several_songs_are_summed_up(mvsep: Run, album: Path) -> None:
    code, out, err = mvsep(None, "estimate", "album", "gone.wav", "--type=40")
    lines = out.splitlines()

    assert code == 2
    name = "BS Roformer (vocals, instrumental)"
    assert lines[0] == f"album/1.wav: {name}, 2 credits, 2 stems: Vocals, Other"
    assert lines[-1] == "2 songs: about 4 credits. 1 failed."
    assert "There is no file gone.wav" in err


def test_the_command_that_estimate_names_separates_as_it_estimated(
    mvsep: Run, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Any = ["album/1.wav", "--type=40", "--option", "Overlap=87.5%", "--json"]
    told = json.loads(mvsep(None, "estimate", *asked)[1])["songs"][0]

    assert told["next"].endswith("--type 40 --option Overlap=87.5%")
    assert told["estimate"]["credits"] == 4
