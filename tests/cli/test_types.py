"""`mvsep types`."""

from __future__ import annotations

import json

import pytest

from mvsep.catalog import Catalog
from tests.cli.scenes import Run


def listed(out: str) -> list[int]:
    return [int(line.split("\t")[0]) for line in out.splitlines()]


def test_types_are_found_by_number_or_by_words(mvsep: Run) -> None:
    _, everything, _ = mvsep(None, "types")
    _, one, _ = mvsep(None, "types", "40")
    _, several, _ = mvsep(None, "types", "ROFORMER", "vocals")
    (entry,) = json.loads(mvsep(None, "types", "40", "--json")[1])["types"]

    assert len(everything.splitlines()) == len(Catalog.bundled())
    assert one.splitlines()[0] == (
        "40\tBS Roformer (vocals, instrumental)\tVocals / Instrumental\tVocals, Other\t1"
    )
    assert '--option "Overlap=..."  or add_opt2=...' in one
    assert 1 < len(several.splitlines()) < 20
    assert (entry["sep_type"], entry["credits_per_minute"]) == (40, 1)
    overlap = next(option for option in entry["options"] if option["key"] == "add_opt2")
    assert overlap["choices"] == {"2": "50%", "8": "87.5%"}


def test_a_search_without_a_hit_is_no_error(mvsep: Run) -> None:
    code, out, err = mvsep(None, "types", "kazoo")
    _, json_out, _ = mvsep(None, "types", "kazoo", "--json")

    assert (code, out) == (0, "")
    assert "kazoo" in err
    assert json.loads(json_out)["types"] == []


def test_a_typing_error_in_a_search_is_mended_and_told(mvsep: Run) -> None:
    _, out, err = mvsep(None, "types", "kareoke")
    _, json_out, _ = mvsep(None, "types", "kareoke", "--json")

    assert out.startswith("49\tMVSep Karaoke")
    assert err == "Did you mean 'karaoke'?\n"
    assert json.loads(json_out)["did_you_mean"] == "karaoke"
    assert json.loads(json_out)["types"][0]["sep_type"] == 49


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
