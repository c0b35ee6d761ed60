"""`mvsep types` and `mvsep show`, and the options of a job by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep.catalog import Catalog
from tests.cli.scenes import CREATED, WHOLE, Run
from tests.wire import Wire, answer


def test_a_typing_error_in_a_search_is_mended_and_told(mvsep: Run) -> None:
    _, out, err = mvsep(None, "types", "kareoke")
    _, json_out, _ = mvsep(None, "types", "kareoke", "--json")

    assert out.startswith("49\tMVSep Karaoke")
    assert err == "Did you mean 'karaoke'?\n"
    assert json.loads(json_out)["did_you_mean"] == "karaoke"
    assert json.loads(json_out)["types"][0]["sep_type"] == 49


def test_a_type_is_shown_with_its_choices_defaults_and_conditions(mvsep: Run) -> None:
    code, out, _ = mvsep(None, "show", "bs roformer")
    _, json_out, _ = mvsep(None, "show", "40", "--json")

    assert code == 0
    assert out.startswith("40  BS Roformer (vocals, instrumental)\n")
    for line in (
        "Stems:      Vocals, Other",
        "For:        everyone",
        '--option "Overlap=..."  or add_opt2=...',
        "      2  50%  [default]",
        "      8  87.5%  [price x 2]",
        "         only with Vocal model type 171",
    ):
        assert line in out.splitlines()
    assert json.loads(json_out)["type"]["orientation"] == 0
    assert json.loads(json_out)["source"] == "bundled"


@pytest.mark.parametrize("entry", Catalog.bundled(), ids=lambda entry: str(int(entry.sep_type)))
def test_every_type_is_shown(mvsep: Run, entry: Any) -> None:
    _, out, _ = mvsep(None, "show", entry.name)

    for option in entry.fields:
        assert option.key in out
        for key in option.choices:
            assert f" {key}  " in out


def test_a_type_there_is_not_is_refused_with_what_may_have_been_meant(mvsep: Run) -> None:
    code, _, err = mvsep(None, "show", "karaoke")

    assert code == 2
    assert "49 MVSep Karaoke" in err


def test_refresh_asks_the_service_and_uses_its_list(mvsep: Run) -> None:
    listed = answer([{"render_id": 4321, "name": "Kazoo \x1b[31m", "audio_widget": "x"}])
    _, out, err = mvsep(Wire(listed), "show", "4321", "--refresh", token=None)
    offline = httpx.ConnectError("no way")
    _, older, told = mvsep(Wire(offline), "types", "40", "--refresh", "--json")

    assert out.startswith("4321  Kazoo ")
    assert "\x1b" not in out
    assert "Warning: The service's list says nothing of single_upload" in err
    assert json.loads(older)["types"][0]["sep_type"] == 40
    assert "could not be read" in json.loads(older)["warnings"][0]
    assert "Warning: The service's list could not be read" in told


# Options of a job


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
    unchecked, _, _ = mvsep(wire, *wrong, "--unchecked")

    assert code == 2
    assert "2 (50%), 8 (87.5%)" in err
    assert unchecked == 0
    assert b"\r\n\r\n95%\r\n" in wire.bodies[0]


def test_stems_that_were_not_expected_are_told(mvsep: Run, song: Path, tmp_path: Path) -> None:
    _, out, err = mvsep(Wire(*WHOLE), "separate", song, "--type=63", "--out", tmp_path)

    assert "Warning: The stem 'Drums' was expected and did not come." in err
    assert len(out.splitlines()) == 2


# Choosing, ordering and ranking


def listed(out: str) -> list[int]:
    return [int(line.split("\t")[0]) for line in out.splitlines()]


def test_types_are_chosen_by_what_is_asked_for(mvsep: Run) -> None:
    wishes = ["--stem", "drums", "--plan", "registered", "--max-price", "1"]
    _, out, _ = mvsep(None, "types", *wishes, "--sort", "rating")
    _, json_out, _ = mvsep(None, "types", *wishes, "--sort", "rating", "--json")
    _, words, _ = mvsep(None, "types", "mvsep", *wishes)
    _, rated, _ = mvsep(None, "types", "--min-rating", "4.9", "--min-usage", "1", "--group=guitar")
    code, nothing, err = mvsep(None, "types", "--stem", "kazoo")

    wanted = Catalog.bundled().filter(stem="drums", plan="registered", max_price=1)
    assert listed(out) == [int(entry.sep_type) for entry in wanted.sort("rating")]
    assert [each["sep_type"] for each in json.loads(json_out)["types"]] == listed(out)
    assert out.splitlines()[0].endswith("\t5.0")
    assert words.splitlines()[0].startswith("44\tMVSep Drums")
    assert all(len(line.split("\t")) == 7 for line in rated.splitlines())
    assert (code, nothing, err) == (0, "", "No type matches these filters.\n")


@pytest.mark.parametrize(
    "wish", [["--plan", "gold"], ["--max-price", "much"], ["--sort", "colour"], ["--min-rating=9"]]
)
def test_a_wish_that_can_not_be_meant_is_refused(mvsep: Run, wish: list[str]) -> None:
    assert mvsep(None, "types", *wish)[0] == 2


def test_types_are_ranked_for_a_stem_with_what_has_no_place_beside(mvsep: Run) -> None:
    _, out, err = mvsep(None, "types", "--best-for", "lead vocals")
    _, json_out, _ = mvsep(None, "types", "--best-for", "lead vocals", "--json")
    _, free, _ = mvsep(None, "types", "--best-for", "lead vocals", "--plan", "unregistered")
    _, _, unknown = mvsep(None, "types", "--best-for", "kazoo")
    code, _, _ = mvsep(None, "types", "bs", "--best-for", "drums")

    assert out == (
        "12\tMDX-B Karaoke (lead/back vocals)\t7.94\tadd_opt1=1\t"
        "Extract from vocals part (SDR lead vocals: 7.94)\n"
    )
    assert "Not ranked" in err
    assert "  49  MVSep Karaoke (lead/back vocals): 10.41  add_opt1=6" in err
    found = json.loads(json_out)
    assert [(each["sep_type"], each["value"]) for each in found["best"]] == [(12, 7.94)]
    assert [each["sep_type"] for each in found["not_ranked"]] == [49]
    assert free == ""
    assert unknown == "No choice has 'sdr' for 'kazoo'.\n"
    assert code == 2


# Without a file


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
    [("40", "takes a file"), ("68", "takes a file"), ("99999", "if not, pass --unchecked.")],
)
def test_where_a_file_is_needed_or_may_be_it_is_asked_for(
    mvsep: Run, sep_type: str, said: str
) -> None:
    code, _, err = mvsep(None, "separate", "--type", sep_type)

    assert code == 2
    assert said in " ".join(err.split())


def test_an_unlisted_type_goes_without_a_file_where_it_is_said(mvsep: Run, tmp_path: Path) -> None:
    wire = Wire(*WHOLE)
    code, _, _ = mvsep(wire, "separate", "--type=99999", "--unchecked", "--out", tmp_path)

    assert code == 0
    assert b'name="audiofile"' not in wire.bodies[0]
