"""The stems that are predicted, and how what came compares with them."""

import itertools

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.catalog import Catalog
from mvsep.catalog.fields import OutputChange
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.stems import OutputVariant, Prediction, Stem, differences
from mvsep.core.values import Doubts
from mvsep.errors import InvalidInput
from tests.fixed_catalogue import SHIPPED, SHIPPED_ROWS

CATALOG = Catalog.bundled()


def keys(sep_type, options=None):
    return [stem.key for stem in CATALOG[sep_type].predict(options).stems]


@pytest.mark.parametrize("row", SHIPPED_ROWS, ids=lambda row: row["name"])
def test_with_the_defaults_come_the_outputs_that_the_service_lists(row):
    prediction = SHIPPED[row["sep_type"]].predict()
    assert prediction.labels == tuple((row["outputs"] or {}).values())
    unknown = any(each["default"] is None and each["options"] for each in row["fields"])
    assert prediction.sure == (bool(row["outputs"]) and not unknown)


VARIANTS = [
    (row, variant)
    for row in SHIPPED_ROWS
    if row.get("output_variants")
    for variant in row["output_variants"]["variants"]
]


@pytest.mark.parametrize(("row", "variant"), VARIANTS, ids=lambda case: str(case.get("match", "")))
def test_with_choices_that_the_service_tells_of_come_the_stems_it_tells(row, variant):
    options = {
        field["key"]: variant["match"][field["server_key"]]
        for field in row["fields"]
        if field["server_key"] in variant["match"]
    }
    prediction = SHIPPED[row["sep_type"]].predict(options)
    assert prediction.sure
    assert {stem.key: stem.label for stem in prediction.stems} == variant["outputs"]


def test_a_choice_that_sets_or_adds_stems_does_so():
    assert keys(40, {"add_opt1": "171"}) == ["vocals", "instrum"]
    assert keys(40, {"add_opt1": "171", "add_opt3": "1"}) == [
        "vocals",
        "instrum",
        "vocals-fullness-level-1",
        "instrum-fullness-level-1",
        "vocals-fullness-level-2",
        "vocals-fullness-level-3",
    ]
    assert CATALOG[40].predict({"add_opt1": "171", "add_opt3": "1"}).sure


def test_what_a_hidden_option_would_add_is_not_expected_and_not_sure():
    assert keys(40, {"add_opt3": "1"}) == ["vocals", "other"]
    assert "is not offered" in CATALOG[40].predict({"add_opt3": "1"}).doubts.text
    assert CATALOG[40].predict({"add_opt3": "0"}).sure


def test_additions_come_after_what_sets_whatever_the_order_of_the_options():
    entry = CATALOG[40]
    turned = attrs.evolve(entry, fields=entry.fields[::-1])
    options = {"add_opt1": "171", "add_opt3": "1"}
    assert turned.predict(options) == entry.predict(options)


@pytest.mark.parametrize(
    ("sep_type", "options", "why"),
    [
        (0, {"add_opt1": "1"}, "The effect of 'Model type' on the stems is not known."),
        (40, {"add_opt1": "143"}, "The effect of 'Vocal model type' on"),
        (22, {"add_opt1": "1"}, "The effect of 'Model Type' on"),
        (54, {"add_opt3": "1"}, "is not known."),
        (17, {}, "The service names no default for 'Model Type'"),
        (129, {}, "The service lists no stems for this type."),
        (62, {}, "The service lists no stems for this type."),
        (40, {"add_opt9": "1"}, "The type lists no option add_opt9."),
    ],
)
def test_where_the_facts_do_not_cover_an_option_the_prediction_is_unsure(sep_type, options, why):
    prediction = CATALOG[sep_type].predict(options)
    assert not prediction.sure
    assert why in prediction.doubts.text


@pytest.mark.parametrize("key", ["Vocal model type", "model_type", "add_opt0", "add_opt11", 1])
def test_stems_are_not_told_of_what_is_no_form_field(key):
    with pytest.raises(InvalidInput, match="is not an option key"):
        CATALOG[40].predict({key: "143"})


def test_how_well_a_model_works_does_not_change_what_comes():
    assert CATALOG[40].predict({"add_opt2": "8"}).sure
    assert CATALOG[9].predict({"add_opt2": "0.9"}).sure


def test_a_change_of_an_unknown_kind_makes_it_unsure():
    option = attrs.evolve(
        CATALOG[40].fields[0], output_changes={"171": OutputChange("swap", {"a": "A"})}
    )
    entry = attrs.evolve(CATALOG[40], fields=(option,))
    assert not entry.predict({"add_opt1": "171"}).sure


def test_the_closest_variant_counts():
    wide = OutputVariant({"model_type": "81"}, {"a": "A"})
    close = OutputVariant({"model_type": "81", "overlap": "2"}, {"b": "B"})
    for variants in itertools.permutations((wide, close)):
        entry = attrs.evolve(CATALOG[40], variants=variants)
        assert entry.predict().labels == ("B",)


def test_variants_keep_the_order_of_the_type():
    assert keys(20) == list(CATALOG[20].output_labels)
    assert keys(20, {"add_opt1": "2"})[:5] == list(CATALOG[20].output_labels)


# File names


def test_the_names_of_the_files_are_those_that_a_download_gives():
    prediction = CATALOG[40].predict()
    assert prediction.file_names("music/my song.wav") == ("my song_Vocals.mp3", "my song_Other.mp3")
    assert prediction.file_names("song", OutputFormat.FLAC_24, "{stem}.{ext}") == (
        "Vocals.flac",
        "Other.flac",
    )
    with pytest.raises(InvalidInput):
        prediction.file_names("song", template="{nonsense}")


def test_no_two_files_have_one_name():
    twice = Prediction((Stem("voice", "Voice"), Stem("Voice", "Voice")))
    assert twice.file_names("x.wav") == ("x_Voice.mp3", "x_Voice_2.mp3")


def test_a_name_is_promised_only_where_label_and_key_agree_and_the_stems_are_sure():
    prediction = SHIPPED[56].predict()  # its files were seen to come as Sfx, not SFX
    assert prediction.labels == ("Speech", "Music", "SFX")
    assert prediction.spellings == (("Speech", "Music", "SFX"), ("Speech", "Music", "Sfx"))
    assert prediction.file_names("song") == ("song_Speech.mp3", "song_Music.mp3")
    assert attrs.evolve(prediction, doubts=Doubts(["?"])).file_names("song") == ()
    assert SHIPPED[40].predict().spellings == (("Vocals", "Other"),)


# What came

TWO = Prediction((Stem("vocals", "Vocals"), Stem("instrum", "Instrumental")))


@pytest.mark.parametrize(
    "came",
    [
        [("Vocals", "a.mp3"), ("Instrumental", "b.mp3")],
        [("instrumental", "b.mp3"), ("VOCALS", "a.mp3")],
        [("Vocals", "a.mp3"), ("Instrum", "b.mp3")],
        [("Vocals", "x"), ("Other", "song._bs_mt_1_instrum.flac")],
        [("", "song_mt_0_vocals.wav"), ("", "song_mt_1_Instrum.wav")],
    ],
)
def test_a_stem_is_recognised_by_label_key_or_ending(came):
    assert differences(TWO, came) == ()


def test_each_file_stands_for_one_stem():
    back = Prediction((Stem("vocals", "Vocals"), Stem("back-vocals", "Back vocals")))
    assert differences(back, [("Back vocals", "x_vocals.mp3"), ("Vocals", "y.mp3")]) == ()


def test_what_is_missing_and_what_is_more_is_told():
    assert differences(TWO, [("Vocals", "a.mp3"), ("Drums", "d.mp3"), ("", "e.mid")]) == (
        "The stem 'Instrumental' was expected and did not come.",
        "The stem 'Drums' came and was not expected.",
        "The stem 'e.mid' came and was not expected.",
    )
    assert differences(TWO, []) == (
        "The stem 'Vocals' was expected and did not come.",
        "The stem 'Instrumental' was expected and did not come.",
    )
    assert differences(TWO, [("Vocals", "a"), ("Vocals", "b"), ("Instrum", "c")]) == (
        "The stem 'Vocals' came and was not expected.",
    )


def test_nothing_is_compared_with_an_unsure_prediction():
    assert differences(Prediction(TWO.stems, Doubts(["Who knows."])), [("Drums", "d.mp3")]) == ()


@given(st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_any_files_can_be_compared(came):
    missing = sum("did not come" in line for line in differences(TWO, came))
    surplus = sum("was not expected" in line for line in differences(TWO, came))
    assert missing - surplus == 2 - len(came)
