"""Options by name, checked before anything is sent."""

import itertools
import math
import re

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.catalog import Catalog
from mvsep.catalog.fields import Condition, OptionField
from mvsep.catalog.options import resolve
from mvsep.errors import InvalidInput, PremiumRequired
from tests.fixed_catalogue import SHIPPED, SHIPPED_ROWS

CATALOG = Catalog.bundled()
WITH_OPTIONS = [row for row in SHIPPED_ROWS if row["fields"]]
TEXT = "La la la"


def fields(sep_type, options=None, *, catalog=CATALOG, **more):
    return dict(resolve(catalog, sep_type, options, **more).fields)


def refused(sep_type, options=None, *, catalog=CATALOG, **more):
    with pytest.raises(InvalidInput) as caught:
        resolve(catalog, sep_type, options, **more)
    assert caught.value.charged is False
    return str(caught.value)


# Every combination


def values_of(option):
    """What may be sent for an option of the catalogue file, and nothing at all."""
    return [None, *([choice["key"] for choice in option["options"]] or [TEXT])]


def fault(row, chosen):
    """Why the facts of the file forbid these options; None where they do not."""
    values = {option["key"]: option["default"] for option in row["fields"]} | chosen
    for option in row["fields"]:
        hidden = False
        for condition in option.get("conditions", ()):
            met = values[condition["depends_on"]] in condition["values"]
            hidden = hidden or met == (condition["action"] == "hide")
        text = option["input_type"] != "select"
        if option["key"] in chosen and hidden:
            return "not offered"
        if text and option["required"] and option["key"] not in chosen:
            return "needs"
    return None


def check(row, combination):
    keys = [option["key"] for option in row["fields"]]
    chosen = {key: value for key, value in zip(keys, combination, strict=True) if value is not None}
    why = fault(row, chosen)
    if why:
        assert why in refused(row["sep_type"], chosen, catalog=SHIPPED)
        assert fields(row["sep_type"], chosen, catalog=SHIPPED, validate=False) == chosen
        return
    resolved = resolve(SHIPPED, row["sep_type"], chosen)
    assert resolved.fields == chosen
    assert resolved.sep_type == row["sep_type"]
    for option in row["fields"]:
        value = chosen.get(option["key"], option["default"])
        if option["key"] in resolved.values:
            assert resolved.values[option["key"]] == value
        else:
            assert value is None or fault(row, {option["key"]: value, **chosen}) == "not offered"
    assert resolved.prediction.stems or not row["outputs"]


def count(row):
    return math.prod(len(values_of(option)) for option in row["fields"])


SMALL = [row for row in WITH_OPTIONS if count(row) < 10_000]
# Too many to try them all, such as the song generator's ten options.
LARGE = [row for row in WITH_OPTIONS if row not in SMALL]


@pytest.mark.parametrize("row", SMALL, ids=lambda row: row["name"])
def test_every_combination_of_choices_passes_or_fails_as_the_conditions_say(row):
    for combination in itertools.product(*(values_of(option) for option in row["fields"])):
        check(row, combination)


@pytest.mark.parametrize("row", LARGE, ids=lambda row: row["name"])
@given(data=st.data())
def test_any_combination_of_choices_passes_or_fails_as_the_conditions_say(row, data):
    check(row, [data.draw(st.sampled_from(values_of(option))) for option in row["fields"]])


def test_few_types_have_too_many_combinations_to_try_them_all():
    assert len(LARGE) < len(SMALL) / 10
    assert sum(map(count, SMALL)) > 1000


# Names


@pytest.mark.parametrize("entry", CATALOG, ids=lambda entry: entry.name)
def test_each_option_and_choice_is_found_by_each_of_its_names(entry):
    for option in entry.fields:
        for name in (option.key, option.name, option.name.upper(), option.server_key):
            for key, label in option.choices.items() if name else ():
                assert fields(entry.sep_type, {name: key}, validate=False) == {option.key: key}
                same = [each for each in option.choices.values() if each == label]
                if len(same) == 1:
                    named = {name: f" {label.lower()} "}
                    assert fields(entry.sep_type, named, validate=False) == {option.key: key}


@pytest.mark.parametrize(
    ("sep_type", "options", "expected"),
    [
        ("BS Roformer", {"vocalmodeltype": "VER  2025.07"}, {"add_opt1": "81"}),
        (40, {"ADD_OPT2": "50 %"}, {"add_opt2": "2"}),
        (40, {"Overlap": None}, {}),
        (40, None, {}),
        (40, {}, {}),
        (9, {"Agressiveness": 0.3}, {"add_opt2": "0.3"}),
        (26, {"add_opt2": "SDR Vocals 10.75"}, {"add_opt2": "2"}),
        (62, {"Length": "5"}, {"add_opt2": "5"}),
        ("63", None, {}),
        ("mvsep karaoke", None, {}),
        (115, {"Text prompt": "Hi", "Speaker": "EN_0"}, {"add_opt1": "Hi", "add_opt2": "en_0"}),
    ],
)
def test_options_are_given_by_name(sep_type, options, expected):
    assert fields(sep_type, options) == expected


def one_option(choices, **facts):
    option = OptionField("add_opt1", "Model", None, "select", False, choices, {}, **facts)
    return Catalog((attrs.evolve(CATALOG[40], fields=(option,)),))


def test_a_key_counts_before_a_label_and_a_label_before_its_start():
    catalog = one_option({"1": "2", "2": "3", "3": "new (2)", "4": "new"})
    for text, key in (("2", "2"), ("3", "3"), ("new", "4"), ("new (2)", "3")):
        assert resolve(catalog, 40, {"Model": text}).fields == {"add_opt1": key}


def test_of_labels_that_differ_in_case_the_one_written_alike_counts():
    catalog = one_option({"1": "Model A", "2": "model a"})
    assert resolve(catalog, 40, {"Model": "model a"}).fields == {"add_opt1": "2"}
    with pytest.raises(InvalidInput, match="names 2 choices"):
        resolve(catalog, 40, {"Model": "MODEL A"})


def test_punctuation_of_a_choice_counts():
    catalog = one_option({"1": "87.5%", "2": "875"})
    assert resolve(catalog, 40, {"Model": "875"}).fields == {"add_opt1": "2"}


def test_more_than_one_hit_is_refused_with_the_keys():
    text = refused(115, {"Speaker": "German Female"})
    assert "'German Female' names 2 choices of 'Speaker': de_3 (German Female), de_8" in text
    text = refused(25, {"add_opt1": "8K FFT"})
    assert len(re.findall(r"\d+ \(8K FFT \(SDR", text)) == 2


def test_two_options_of_one_name_are_refused_with_the_keys():
    twin = attrs.evolve(CATALOG[40].fields[0], key="add_opt9", server_key=None)
    entry = attrs.evolve(CATALOG[40], fields=(*CATALOG[40].fields, twin))
    with pytest.raises(InvalidInput, match=r"names 2 options of .*: add_opt1, add_opt9"):
        resolve(Catalog((entry,)), 40, {"vocal model type": "81"})


# Refusals


@pytest.mark.parametrize(
    ("sep_type", "options", "said"),
    [
        (40, {"Overlap": "90%"}, ["'90%'", "2 (50%), 8 (87.5%)"]),
        (40, {"Overlap": "87"}, ["can't be '87'", "87.5%"]),
        (40, {"Vocal model": "81"}, ["no option 'Vocal model'", "Was 'Vocal model type' meant?"]),
        (40, {"Overlapp": "2"}, ["Was 'Overlap' meant?", "'Vocal model type' (add_opt1)"]),
        (40, {"Vocal model type": "ver 2025.7"}, ["Was 'ver 2025.07'"]),
        (40, {"Vocal model type": "ver"}, ["can't be 'ver'"]),
        (40, {"add_opt4": "1"}, ["no option 'add_opt4'"]),
        (40, {"add_opt1": ""}, ["can't be ''"]),
        (40, {"": "1"}, ["no option ''"]),
        (40, {7: "1"}, ["no option 7"]),
        (40, {"Overlap": "2", "add_opt2": "8"}, ["add_opt2 is set twice", "'add_opt2'"]),
        (40, {"Overlap": True}, ["Overlap can't be True"]),
        (40, {"Overlap": ["8"]}, ["Overlap can't be ['8']"]),
        (40, {"Overlap": "\ud800"}, ["half a character"]),
        (40, {"Set of stems": "1"}, ["not offered", "only with 'Vocal model type' 171 (124"]),
        (123, {"Model type": "163", "Overlap": "2"}, ["not offered", "except with", "163 (BS"]),
        (103, None, ["needs 'Text prompt' (add_opt2)"]),
        (120, {"Text prompt": "  \n"}, ["needs 'Text prompt' (add_opt1)"]),
        (29, {"Speed": 1}, ["no option 'Speed'"]),
        (65, {"Speed": 1}, ["It has"]),
        ("BS Rofo", None, ["No separation type is named 'BS Rofo'", "40 BS Roformer"]),
        ("Ensemble", None, ["names 2 separation types"]),
        (-1, None, ["sep_type can't be -1"]),
        (True, None, ["sep_type can't be True"]),
        (None, None, ["sep_type can't be None"]),
        (4.0, None, ["sep_type can't be 4.0"]),
    ],
)
def test_what_can_not_be_right_is_refused_with_what_may_have_been_meant(sep_type, options, said):
    text = refused(sep_type, options)
    for words in said:
        assert words in text


@given(st.sampled_from(CATALOG.types), st.dictionaries(st.text(max_size=12), st.text(max_size=12)))
def test_any_options_are_resolved_or_refused(entry, options):
    try:
        resolved = resolve(CATALOG, entry.sep_type, options)
    except InvalidInput:
        return
    assert set(resolved.fields) <= {option.key for option in entry.fields}


@pytest.mark.parametrize("sep_type", [40, 5000])
@pytest.mark.parametrize("options", [[], [("Overlap", "2")], "Overlap=2", "", 5, {"Overlap"}])
@pytest.mark.parametrize("validate", [True, False])
def test_options_that_are_no_mapping_are_refused(sep_type, options, validate):
    assert "by name" in refused(sep_type, options, validate=validate)


# Defaults


def test_defaults_count_and_are_not_sent():
    resolved = resolve(CATALOG, 40, {"Overlap": "87.5%"})
    assert resolved.fields == {"add_opt2": "8"}
    assert resolved.values == {"add_opt1": "81", "add_opt2": "8"}
    assert resolved.multipliers == (2,)
    assert resolved.prediction.labels == ("Vocals", "Other")
    assert resolved.warnings == ()


@pytest.mark.parametrize(
    ("sep_type", "said"),
    [(17, "What the service takes for 'Model Type'"), (62, "Whether 'Text prompt' may be")],
)
def test_what_is_not_known_of_a_missing_option_is_told(sep_type, said):
    assert any(said in warning for warning in resolve(CATALOG, sep_type).warnings)


def test_an_optional_text_may_be_left_out_and_an_empty_one_is():
    resolved = resolve(CATALOG, 120, {"Text prompt": TEXT, "Reference text in audio": ""})
    assert resolved.fields == {"add_opt1": TEXT}
    assert resolved.warnings == ()


@given(st.text(min_size=1).filter(lambda text: text.strip() and text.isprintable()))
def test_a_text_is_sent_as_it_is(text):
    assert fields(120, {"Text prompt": text}) == {"add_opt1": text}


# Conditions

SHOW = Condition("add_opt1", ("1",), "show")
SHOW_TOO = Condition("add_opt1", ("2",), "show")
HIDE = Condition("add_opt1", ("1",), "hide")


@pytest.mark.parametrize(
    ("conditions", "offered_with"),
    [
        ((), "123"),
        ((SHOW,), "1"),
        ((HIDE,), "23"),
        ((SHOW, SHOW_TOO), "12"),
        ((SHOW, SHOW_TOO, HIDE), "2"),
        ((HIDE, SHOW), ""),
        ((attrs.evolve(SHOW, operator="not in"),), "123"),
        ((attrs.evolve(SHOW, action="blink"),), "123"),
        ((attrs.evolve(SHOW, depends_on="add_opt9"),), ""),
        ((attrs.evolve(HIDE, depends_on="add_opt9"),), "123"),
    ],
)
def test_an_option_is_offered_as_its_conditions_say(conditions, offered_with):
    choices = {key: key for key in "123"}
    first = OptionField("add_opt1", "First", "3", "select", True, choices, {})
    second = OptionField("add_opt2", "Second", "1", "select", True, choices, {}, None, conditions)
    catalog = Catalog((attrs.evolve(CATALOG[40], fields=(first, second)),))
    for key in "123":
        options = {"add_opt1": key, "add_opt2": "1"}
        if key in offered_with:
            assert resolve(catalog, 40, options).fields == options
        else:
            with pytest.raises(InvalidInput, match="not offered"):
                resolve(catalog, 40, options)
            assert resolve(catalog, 40, {"add_opt1": key}).values == {"add_opt1": key}


# Plans


def test_a_type_beyond_the_plan_is_refused_when_the_plan_is_known():
    for plan, sep_type, reached in (
        ("unregistered", 40, True),
        ("unregistered", 9, False),
        ("registered", 9, True),
        ("registered", 26, False),
        ("premium", 26, True),
        ("unregistered", 62, True),
    ):
        if reached:
            resolve(CATALOG, sep_type, plan=plan)
        else:
            with pytest.raises(PremiumRequired) as caught:
                resolve(CATALOG, sep_type, plan=plan)
            assert caught.value.charged is False
        resolve(CATALOG, sep_type)
        resolve(CATALOG, sep_type, plan=plan, validate=False)


def test_a_choice_for_registered_users_is_refused_to_a_guest():
    catalog = one_option({"1": "one", "2": "two"}, registered_only=frozenset({"2"}))
    assert resolve(catalog, 40, {"Model": "one"}, plan="unregistered").fields
    assert resolve(catalog, 40, {"Model": "two"}, plan="registered").fields
    with pytest.raises(PremiumRequired, match="registered users"):
        resolve(catalog, 40, {"Model": "two"}, plan="unregistered")


def test_a_plan_there_is_not_is_refused():
    refused(40, plan="gold")


# Unchecked


def test_of_an_unlisted_type_only_form_fields_are_taken_as_they_are():
    resolved = resolve(CATALOG, 5000, {"add_opt1": "x", "add_opt10": 8, "add_opt2": None})
    assert resolved.entry is None
    assert resolved.fields == resolved.values == {"add_opt1": "x", "add_opt10": "8"}
    assert not resolved.prediction.sure
    for name in ("Overlap", "add_opt0", "add_opt11", "add_opt1 "):
        assert "no option field" in refused(5000, {name: "1"})
        assert "no option field" in refused(5000, {name: "1"}, validate=False)


def test_without_checks_names_are_still_looked_up_and_the_rest_is_sent_as_it_is():
    options = {"Overlap": "87.5%", "add_opt1": "999", "add_opt7": "new", "Set of stems": "1"}
    assert fields(40, options, validate=False) == {
        "add_opt1": "999",
        "add_opt2": "8",
        "add_opt3": "1",
        "add_opt7": "new",
    }
    assert fields(103, validate=False) == {}
    assert "no option 'Tempo'" in refused(40, {"Tempo": "1"}, validate=False)


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        ({"add_opt11": "1"}, "Was 'add_opt1' or 'add_opt2' or"),
        ({"Overlp": "8"}, "Was 'Overlap' meant?"),
        ({"model type": "124 band"}, "Was 'Vocal model type' meant?"),
        ({"add_opt1": "124 band"}, "Was '124 bands' or"),
    ],
)
def test_of_the_options_and_choices_that_may_be_meant_the_likest_is_first(options, meant):
    with pytest.raises(InvalidInput) as refused:
        resolve(Catalog.bundled(), 40, options)

    assert refused.value.next_step.startswith(meant)
