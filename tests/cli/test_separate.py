"""`mvsep separate`: from a song to stems on the disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mvsep import manifest
from mvsep.catalog import Catalog
from mvsep.testing.algorithms import rows
from tests.cli.scenes import CREATED, DONE, FAILED, HASH, HOST, STEMS, WHOLE, Run, user
from tests.wire import Wire, answer


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
        "Download Other",
        "Download Vocals",
        f"2 stems in {out_folder}:",
    ]


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
    (told,) = json.loads(out)["songs"]
    assert told == {
        "source": str(song),
        "status": "done",
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
        "manifest": None,
        "estimate": {
            "sep_type": 40,
            "credits": 2,
            "most": 2,
            "seconds": 120,
            "how": told["estimate"]["how"],
            "sure": True,
            "rules": [],
            "doubts": [],
            "captured": Catalog.bundled().captured,
            "warnings": [],
            "stems": ["Vocals", "Other"],
            "stems_sure": True,
        },
        "warnings": [],
        "error": None,
        "next": None,
    }


def test_what_is_asked_for_is_what_is_sent(mvsep: Run, song: Path, tmp_path: Path) -> None:
    wire = Wire(*WHOLE)
    mvsep(
        wire, "separate", song, "--type= 103 ", "--set", "add_opt1=1", "--set", "add_opt2=a=b",
        "--format", "FLAC24", "--template", "{stem}.{ext}", "--out", tmp_path,
    )  # fmt: skip

    for name, value in {
        "sep_type": "103",
        "add_opt1": "1",
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
    assert json.loads(out)["songs"][0]["estimate"] is None


def test_an_error_after_the_job_was_created_leads_back_to_it(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "my stems"
    code, out, _ = mvsep(
        Wire(CREATED, DONE, answer({}, 400)), "separate", song, "--type= 9999 ", "--no-validate",
        "--out", folder, "--template", "{input}_{stem}.wav",
        "--base-url", "http://127.0.0.1:8000", "--json",
    )  # fmt: skip
    (told,) = json.loads(out)["songs"]
    error = told["error"]

    assert (code, error["type"]) == (1, "DownloadError")
    assert (error["hash"], error["host"]) == (HASH, HOST)
    assert error["next_step"].endswith(told["next"])
    assert told["next"] == (
        f"mvsep resume {HASH} --out '{folder}' --template '{{input}}_{{stem}}.wav' "
        "--base-url http://127.0.0.1:8000"
    )


def test_a_job_that_failed_leads_nowhere_and_the_servers_words_move_no_cursor(
    mvsep: Run, song: Path
) -> None:
    code, _, err = mvsep(Wire(CREATED, FAILED), "separate", song, "--type=40")

    assert code == 5
    assert "mvsep resume" not in err
    assert "\x1b" not in err
    assert "memory" in err


def test_what_can_not_be_checked_of_the_options_is_told_before_and_after(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    # Which model this type takes when none is named the service does not say.
    said = "Warning: What the service takes for 'Model Type' when it is left out is not known."
    code, _, err = mvsep(Wire(*WHOLE), "separate", song, "--type=17", "--out", tmp_path)

    assert code == 0
    assert err.count(said) == 2
    assert err.index(said) < err.index("Upload")


def test_a_song_whose_price_can_not_be_read_does_not_end_the_others(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    account = answer({"success": True, "data": {"premium_minutes": 0, "premium_enabled": 0}})
    wire = Wire(account, *WHOLE)
    code, out, err = mvsep(
        wire,
        "separate",
        tmp_path / "gone.wav",
        song,
        "--type=40",
        "--yes",
        "--no-journal",
        "--out",
        tmp_path,
    )

    assert code == 2
    assert len(out.splitlines()) == 2
    assert "There is no file" in err
    assert "1 of 2 songs separated; 1 failed; 0 credits spent. Exit code 2." in err


def test_a_manifest_is_written_when_asked_for(mvsep: Run, song: Path, tmp_path: Path) -> None:
    wire = Wire(*WHOLE)
    _, out, _ = mvsep(
        wire, "separate", song, "--type=40", "--out", tmp_path, "--manifest", "--json"
    )
    told = manifest.read(json.loads(out)["songs"][0]["manifest"])

    assert (told.hash, [file.label for file in told.files]) == (HASH, ["Vocals", "Other"])
    assert manifest.verify(tmp_path / "song.mvsep.json") == []


def test_options_are_set_by_their_labels(mvsep: Run, song: Path, tmp_path: Path) -> None:
    wire = Wire(*WHOLE)
    code, _, err = mvsep(
        wire, "separate", song, "--type", "BS Roformer", "--option", "Overlap=87.5%",
        "--out", tmp_path,
    )  # fmt: skip

    assert code == 0
    assert "4 credits" in err
    assert b'name="add_opt2"\r\nContent-Type: text/plain\r\n\r\n8\r\n' in wire.bodies[0]


def test_a_wrong_option_is_refused_before_the_upload_unless_unchecked(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    wrong = ["separate", song, "--type=40", "--option", "overlap=95%", "--out", tmp_path]
    code, _, err = mvsep(Wire(CREATED), *wrong)
    wire = Wire(*WHOLE)
    unchecked, _, _ = mvsep(wire, *wrong, "--no-validate")

    assert code == 2
    assert "2 (50%), 8 (87.5%)" in err
    assert unchecked == 0
    assert b"\r\n\r\n95%\r\n" in wire.bodies[0]


def test_stems_that_were_not_expected_are_told(mvsep: Run, song: Path, tmp_path: Path) -> None:
    _, out, err = mvsep(Wire(*WHOLE), "separate", song, "--type=63", "--out", tmp_path)

    assert "Warning: The stem 'Drums' was expected and did not come." in err
    assert len(out.splitlines()) == 2


def test_a_type_that_takes_only_text_is_run_without_a_file(mvsep: Run, tmp_path: Path) -> None:
    command = ["separate", "--type", "Bark", "--option", "Text prompt=Hello", "--out", tmp_path]
    wire = Wire(*WHOLE)
    code, out, err = mvsep(wire, *command)
    _, _, again = mvsep(Wire(), *command)

    assert code == 0
    assert out.splitlines() == [
        str(tmp_path / f"text_{label}.wav") for label in ("Vocals", "Other")
    ]
    assert "Send the text" in err.splitlines()
    assert b'name="audiofile"' not in wire.bodies[0]
    assert b"Hello" in wire.bodies[0]
    assert "2 stems already in" in again


@pytest.mark.parametrize(
    ("sep_type", "said"),
    [("40", "takes a file"), ("68", "takes a file"), ("99999", "if not, pass --no-validate.")],
)
def test_where_a_file_is_needed_or_may_be_it_is_asked_for(
    mvsep: Run, sep_type: str, said: str
) -> None:
    code, _, err = mvsep(None, "separate", "--type", sep_type)

    assert code == 2
    assert said in " ".join(err.split())


def test_an_unlisted_type_goes_without_a_file_where_it_is_said(mvsep: Run, tmp_path: Path) -> None:
    wire = Wire(*WHOLE)
    code, _, _ = mvsep(wire, "separate", "--type=99999", "--no-validate", "--out", tmp_path)

    assert code == 0
    assert b'name="audiofile"' not in wire.bodies[0]


@pytest.mark.parametrize("journal", [(), ("--no-journal",)])
@pytest.mark.parametrize(
    ("answers", "sep_type", "code", "told"),
    [
        ((answer({"message": "Unauthenticated."}, 401),), 40, 3, "did not accept the API token"),
        ((user(100, on=0),), 28, 4, "Switch premium on: the account has 100 credits."),
        ((answer(rows("single_upload")),), 9999, 2, "--no-validate"),
    ],
)
def test_what_would_be_refused_is_refused_before_the_upload(
    separate: Any, answers: Any, sep_type: int, code: int, told: str, journal: tuple[str, ...]
) -> None:
    wire = Wire(*answers)
    ended, _, err = separate(wire, f"--type={sep_type}", *journal)

    assert (ended, len(wire.requests)) == (code, 1)
    assert told in err
    assert "Nothing was charged." in err
    assert "Upload" not in err
