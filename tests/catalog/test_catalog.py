"""The catalogue that comes with the package."""

import copy
import pickle
import subprocess
import sys
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.catalog import Catalog
from mvsep.catalog.sep_type import SepType
from mvsep.errors import InvalidInput
from tests.fixed_catalogue import SHIPPED, SHIPPED_ROWS


@pytest.fixture(scope="module")
def catalog():
    return Catalog.bundled()


def test_importing_the_package_does_not_read_the_catalogue():
    code = (
        "import sys, mvsep, mvsep.catalog.catalog as c\n"
        "print(c._bundled.cache_info().currsize, 'mvsep.catalog.parse' in sys.modules)\n"
        "c.Catalog.bundled()\n"
        "print(c._bundled.cache_info().currsize, 'mvsep.catalog.parse' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "False", "1", "True"]


@pytest.mark.parametrize("row", SHIPPED_ROWS, ids=lambda row: row["name"])
def test_a_type_says_what_the_file_says(row):
    entry = SHIPPED[row["sep_type"]]
    assert isinstance(entry.sep_type, SepType)
    for key in (
        *("sep_type", "name", "group", "orientation", "price_coefficient", "is_active"),
        *("audio_widget", "algorithm_id", "known_from"),
    ):
        assert getattr(entry, key) == row[key]
    assert dict(entry.output_labels) == (row["outputs"] or {})
    assert entry.outputs == tuple((row["outputs"] or {}).values())
    assert entry.stems == tuple(row["stems"] or ())
    assert entry.usage == row.get("usage")
    assert entry.order == row.get("order_id")
    rating = row.get("rating") or {}
    assert entry.votes == rating.get("total")
    assert entry.rating == (float(rating["average"]) if rating.get("total") else None)
    for option, raw in zip(entry.fields, row["fields"], strict=True):
        for key in ("key", "name", "default", "input_type", "required", "server_key"):
            assert getattr(option, key) == raw[key]
        assert option.help_link == raw.get("help_link")
        assert list(option.choices.items()) == [(o["key"], o["label"]) for o in raw["options"]]
        assert option.price_rules == {
            rule["option_key"]: rule["value"] for rule in raw.get("price_rules", ())
        }


def test_the_file_has_no_price_rule_of_a_kind_we_do_not_apply():
    rules = [
        rule
        for row in SHIPPED_ROWS
        for option in row["fields"]
        for rule in option.get("price_rules", ())
    ]
    assert rules
    assert {rule["mode"] for rule in rules} == {"multiplier"}


def test_entries_hash_copy_and_pickle(catalog):
    entry = catalog[40]
    assert {entry, copy.deepcopy(entry)} == {entry}
    assert pickle.loads(pickle.dumps(entry)) == entry


@pytest.mark.parametrize("key", [True, False, None, "40", "BS Roformer", 40.0, [40]])
def test_only_a_number_looks_a_type_up(catalog, key):
    assert key not in catalog
    with pytest.raises(InvalidInput):
        catalog[key]


def test_an_unlisted_number_is_answered_with_what_may_have_been_meant(catalog):
    with pytest.raises(InvalidInput, match=r"UNKNOWN_500.*2026-08-19.*nearest: 133 MVSep Clap"):
        catalog[SepType(500)]
    with pytest.raises(
        InvalidInput, match="11 is the service's id, not the number, of: 0 spleeter"
    ):
        catalog[11]


@pytest.mark.parametrize("entry", Catalog.bundled(), ids=lambda entry: entry.name)
def test_a_type_is_found_by_each_of_its_names(catalog, entry):
    number = int(entry.sep_type)
    for text in (entry.name, entry.sep_type.name, str(number), f" {number:03} "):
        assert catalog.by_name(text) is entry
    for change in (str.upper, str.lower, lambda name: name.replace(" ", ""), "  {}\n".format):
        assert catalog.by_name(change(entry.name)) is entry
        assert catalog.by_name(change(entry.sep_type.name)) is entry


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("BS Roformer", 40),
        ("BS Roformer SW", 63),
        ("MVSep MelBand Roformer", 35),
        ("Demucs4 HT", 20),
        ("Zero Shot (Query Based)", 14),
        ("MDX-B", 23),
        ("mdx a b", 7),
        ("transkun (piano -> midi)", 113),
    ],
)
def test_names_are_read_forgivingly(catalog, text, number):
    assert catalog.by_name(text).sep_type == number


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("Ensemble", {26, 28}), ("qwen3 tts", {118, 119, 120}), ("VIBEVOICE", {103, 104})],
)
def test_a_shared_name_is_refused_with_the_types_that_share_it(catalog, text, numbers):
    with pytest.raises(InvalidInput) as caught:
        catalog.by_name(text)
    listed = {
        entry.sep_type for entry in catalog if f"{entry.sep_type} {entry.name}" in str(caught.value)
    }
    assert listed == numbers


@pytest.mark.parametrize(
    "text", ["BS Rofor", "BS", "Demucs", "MVSep", "Ensemble (vocals", "Whisper 2", "-40"]
)
def test_the_start_of_a_name_is_not_enough(catalog, text):
    with pytest.raises(InvalidInput):
        catalog.by_name(text)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("BS Rofomer", "40 BS Roformer (vocals, instrumental)"),
        ("karaoke", "49 MVSep Karaoke (lead/back vocals)"),
        ("spleter", "0 spleeter"),
        ("wisper", "39 Whisper (extract text from audio)"),
    ],
)
def test_an_unknown_name_is_refused_with_close_ones(catalog, text, suggested):
    with pytest.raises(InvalidInput) as caught:
        catalog.by_name(text)
    assert suggested in str(caught.value)
    assert repr(text) in str(caught.value)


def test_a_name_that_resembles_none_is_refused_without_a_guess(catalog):
    with pytest.raises(InvalidInput) as caught:
        catalog.by_name("zzzzzzzz")
    assert caught.value.next_step is None


@given(st.text() | st.from_regex(r"\d+"))
def test_any_text_is_a_name_or_refused(text):
    try:
        entry = Catalog.bundled().by_name(text)
    except InvalidInput:
        return
    assert entry in Catalog.bundled()


@pytest.mark.parametrize(
    ("sep_type", "options", "expected"),
    [
        (SepType.BS_ROFORMER, {}, ()),
        (SepType.BS_ROFORMER, {"add_opt2": "2"}, ()),
        (SepType.BS_ROFORMER, {"add_opt2": "8"}, (2,)),
        (SepType.BS_ROFORMER, {"add_opt1": "171", "add_opt2": "8"}, (2,)),
        (SepType.BS_POLARFORMER, {"add_opt1": "163", "add_opt2": "8"}, (Fraction(3, 2),)),
        (SepType.BS_ROFORMER, {"add_opt9": "8"}, ()),
    ],
)
def test_options_give_the_multipliers_the_service_lists(catalog, sep_type, options, expected):
    assert catalog[sep_type].multipliers(options) == expected


def test_a_default_that_changes_the_price_counts_when_nothing_is_chosen(catalog):
    entry = catalog[SepType.BS_ROFORMER]
    overlap = next(option for option in entry.fields if option.key == "add_opt2")
    dear = attrs.evolve(entry, fields=(attrs.evolve(overlap, default="8"),))
    assert dear.multipliers({}) == (2,)
    assert dear.multipliers({"add_opt2": "2"}) == ()
    free = attrs.evolve(entry, fields=(attrs.evolve(overlap, price_rules={"8": "0"}),))
    assert free.multipliers({"add_opt2": "8"}) == (0,)


@pytest.mark.parametrize("key", ["Overlap", "overlap", "add_opt", "ADD_OPT2", "add_opt2\n", ""])
def test_an_option_by_its_label_is_refused_rather_than_left_out_of_the_price(catalog, key):
    with pytest.raises(InvalidInput, match="option key"):
        catalog[SepType.BS_ROFORMER].multipliers({key: "8"})


@pytest.mark.parametrize(
    ("text", "first"),
    [("karaok", 49), ("drums", 44), ("BS Rofomer", 40), ("whisp", 39), ("vocal", 63)],
)
def test_of_the_names_that_may_be_meant_the_likest_and_then_the_most_used_is_first(text, first):
    with pytest.raises(InvalidInput) as refused:
        Catalog.bundled().by_name(text)

    assert refused.value.next_step.startswith(f"Was one of these meant? {first} ")
