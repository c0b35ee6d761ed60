"""Any saved answer of app/algorithms as a catalogue: of any year, and however odd."""

import copy
import itertools
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.catalog import Catalog
from mvsep.catalog.options import resolve
from mvsep.errors import InvalidInput
from mvsep.pricing.estimate import estimate
from mvsep.testing.algorithms import rows
from mvsep_api.models.algorithm import Algorithm
from tests.tools.scenes import JSONS, damage, of_2024, option, rewritten

SCOPES = "single_upload,no_upload,matchering_upload"
# The fake server's list, in the form of August 2026; it is made of the bundled catalogue.
ANSWER = rows("single_upload")
BUNDLED = Catalog.bundled()


FACTS = (
    *("sep_type", "name", "group", "outputs", "output_labels", "orientation", "price_coefficient"),
    *("is_active", "audio_widget", "algorithm_id", "fields", "known_from", "usage", "rating"),
    *("votes", "order", "variants"),
)


@pytest.mark.parametrize(
    "form",
    [
        lambda answer: answer,
        lambda answer: json.dumps(answer),
        lambda answer: json.dumps(answer).encode(),
        lambda answer: bytearray(json.dumps(answer), "utf-8"),
        lambda answer: tuple(answer),
        lambda answer: [Algorithm.from_dict(row) for row in answer],
        lambda answer: {"success": True, "data": answer},
        lambda answer: {str(n): row for n, row in enumerate(answer)},
        lambda answer: [rewritten(row) for row in answer],
        lambda answer: [{**row, "new_key": {"deep": [1]}} for row in answer],
    ],
)
def test_an_answer_in_any_form_says_what_the_bundled_catalogue_says(answer, form):
    catalog = Catalog.from_response(form(answer), captured="2026-09-01")
    assert catalog.warnings == ()
    assert catalog.captured == "2026-09-01"
    assert catalog.source == "answer"
    assert [entry.sep_type for entry in catalog] == [row["render_id"] for row in answer]
    for entry in catalog:
        for fact in FACTS:
            assert getattr(entry, fact) == getattr(BUNDLED[entry.sep_type], fact), fact


def test_an_answer_of_2024_loads_with_what_it_has(answer):
    catalog = Catalog.from_response([of_2024(row) for row in answer])
    assert catalog.warnings == ()
    entry = catalog[40]
    assert entry.name == BUNDLED[40].name
    assert [option.choices for option in entry.fields] == [
        option.choices for option in BUNDLED[40].fields
    ]
    assert [option.default for option in entry.fields] == ["81", "2", "0"]
    assert entry.group is entry.usage is entry.rating is entry.audio_widget is None
    assert entry.outputs == ()
    assert not any(option.price_known for option in entry.fields)


def test_stems_are_those_the_name_lists(answer):
    found = {entry.sep_type: entry.stems for entry in Catalog.from_response(answer)}
    assert found[40] == ("vocals", "instrumental")
    assert found[39] == ()


def test_of_two_rows_of_one_number_the_first_counts(answer, row):
    answer.append({**row, "name": "Again"})
    catalog = Catalog.from_response(answer)
    assert catalog[40].name == BUNDLED[40].name
    assert catalog.warnings == ("Type 40 is listed twice; the first counts.",)
    assert not estimate(60, 40, catalog=catalog).sure
    assert estimate(60, 39, catalog=catalog).sure


@pytest.mark.parametrize("around", [" {} ", "\n{}", "{}\r\n"])
def test_space_around_json_in_a_text_does_not_count(answer, row, around):
    row["outputs"] = around.format(row["outputs"])
    catalog = Catalog.from_response(answer)
    assert catalog.warnings == ()
    assert catalog[40].outputs == BUNDLED[40].outputs


PRICES = [(1.5, "3/2"), ("1.5000", "3/2"), (2, "2"), ("0.1", "1/10"), (0, "0")]


@pytest.mark.parametrize(("price", "exact"), PRICES)
def test_a_price_may_be_text_or_a_fraction(answer, row, price, exact):
    row["price_coefficient"] = price
    catalog = Catalog.from_response(answer)
    assert str(catalog[40].price_coefficient) == exact
    assert catalog.warnings == ()


# A rule as the service writes it, but for the mode.
ADDED = {"option_key": "8", "value": "2", "mode": "add"}
BROKEN = {
    "name": (lambda row: row.pop("name"), "it has no name"),
    "price": (lambda row: row.update(price_coefficient="a lot"), "price_coefficient"),
    "infinite price": (lambda row: row.update(price_coefficient=float("inf")), "price_coeff"),
    "huge price": (lambda row: row.update(price_coefficient=-(10**5000)), "price_coefficient"),
    "flag": (lambda row: row.update(is_active=7), "is_active"),
    "outputs": (lambda row: row.update(outputs="{"), "outputs"),
    "rating": (lambda row: row.update(rating="good"), "rating"),
    "group": (lambda row: row.update(algorithm_group=[1]), "algorithm_group"),
    "variants": (lambda row: row.update(output_variants="[1]"), "output_variants"),
    "fields": (lambda row: row.update(algorithm_fields=7), "algorithm_fields"),
    "field": (lambda row: row["algorithm_fields"].append(None), "an option has no name"),
    "twice": (lambda row: row["algorithm_fields"].append(option(row)), "that is there twice"),
    "choices": (lambda row: option(row).update(options='{"1": '), "options of the option add_opt1"),
    "deep": (lambda row: option(row).update(options="[" * 99_999), "options of the option"),
    "nested": (lambda row: option(row).update(options={"81": {"label": "x"}}), "options of the"),
    "label": (lambda row: option(row).update(options={"81": True}), "options of the option"),
    "rules": (lambda row: option(row, 1).update(price_rules=[ADDED]), "price_rules"),
    "condition": (lambda row: option(row, 2).update(conditions=[{}]), "a condition of the option"),
    "overrides": (lambda row: option(row).update(output_overrides="7"), "output_overrides"),
    "registered": (lambda row: option(row).update(registered_only_keys=5), "registered_only_keys"),
    "default": (lambda row: option(row).update(default_key=[[]]), "default_key"),
    "texts": (lambda row: row.update(algorithm_descriptions=1), "algorithm_descriptions"),
}


@pytest.mark.parametrize(("change", "said"), BROKEN.values(), ids=BROKEN)
def test_what_can_not_be_read_is_left_out_with_a_warning(answer, row, change, said):
    change(row)
    catalog = Catalog.from_response(answer)
    (warning,) = catalog.warnings
    assert said in warning
    assert warning.startswith("Type 40: ")
    assert len(catalog) == len(answer)
    assert all(catalog[e.sep_type].name == e.name for e in BUNDLED if e.sep_type in (0, 20, 63))


UNSURE = {
    "another way to price": lambda row: option(row, 1).update(price_rules=[ADDED]),
    "no number": lambda row: option(row, 1)["price_rules"][0].update(value="x2"),
    "two rules for a choice": lambda row: option(row, 1).update(
        price_rules=option(row, 1)["price_rules"] * 2
    ),
    "rules as an object": lambda row: option(row, 1).update(
        price_rules={"0": option(row, 1)["price_rules"][0]}
    ),
    "no rules at all": lambda row: option(row, 1).pop("price_rules"),
    "null for rules": lambda row: option(row, 1).update(price_rules=None),
    "choices": lambda row: option(row, 1).update(options='{"2": "50%'),
    "options": lambda row: row.update(algorithm_fields="[{"),
    "no options at all": lambda row: row.pop("algorithm_fields"),
    "an option without a name": lambda row: option(row, 1).pop("name"),
    "an option of another name": lambda row: option(row, 1).update(name="sep_type"),
    "a default that is none of its choices": lambda row: option(row, 1).update(default_key="9"),
    "no default": lambda row: option(row, 1).update(default_key=None),
}


@pytest.mark.parametrize("change", UNSURE.values(), ids=UNSURE)
def test_a_price_is_not_sure_where_what_changes_it_can_not_be_read(answer, row, change):
    assert estimate(600, 40, catalog=Catalog.from_response(answer)).sure
    change(row)
    catalog = Catalog.from_response(answer)
    assert not estimate(600, 40, catalog=catalog).sure
    assert estimate(600, 44, catalog=catalog).sure
    for name, value in itertools.product(("Overlap", "add_opt2"), ("8", "87.5%")):
        for validate in (True, False):
            with suppress(InvalidInput):  # an option or choice that is not known
                found = estimate(600, 40, options={name: value}, catalog=catalog, validate=validate)
                assert found.credits == 20 or not found.sure


def test_choices_that_can_not_be_read_are_sent_as_they_are_with_a_warning(answer, row):
    option(row, 1).update(options="{", input_type=None)
    catalog = Catalog.from_response(answer)
    resolved = resolve(catalog, 40, {"Overlap": "8"})
    assert resolved.fields == {"add_opt2": "8"}
    (warning,) = resolved.warnings
    assert "Which choices 'Overlap' has is not known" in warning


def test_rules_may_be_json_in_a_text(answer, row):
    option(row, 1)["price_rules"] = json.dumps(option(row, 1)["price_rules"])
    catalog = Catalog.from_response(answer)
    assert estimate(600, 40, options={"Overlap": "87.5%"}, catalog=catalog).credits == 20


@pytest.mark.parametrize(
    "name", ["sep_type", "api_token", "audiofile", "is_demo", "foo", "add_opt0", "add_opt11"]
)
def test_what_would_be_another_field_of_the_form_is_no_option(answer, row, name):
    option(row, 1)["name"] = name
    catalog = Catalog.from_response(answer)
    assert catalog.warnings == (f"Type 40: {name!r} is no field for an option.",)
    assert [each.key for each in catalog[40].fields] == ["add_opt1", "add_opt3"]
    for key in ("Overlap", "overlap", name):
        for validate in (True, False):
            with pytest.raises(InvalidInput, match="no option"):
                resolve(catalog, 40, {key: "8"}, validate=validate)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.update(output_variants='{"keys": '),
        lambda row: option(row).update(output_overrides='{"171": '),
        lambda row: option(row, 2).update(conditions=[{}]),
        lambda row: option(row, 2).update(conditions="["),
    ],
)
def test_the_stems_are_not_sure_where_what_tells_of_them_can_not_be_read(answer, row, change):
    assert Catalog.from_response(answer)[40].predict().sure
    change(row)
    prediction = Catalog.from_response(answer)[40].predict()
    assert prediction.labels == ("Vocals", "Other")
    assert "can't be read" in prediction.doubts.text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("", "The answer is not JSON"),
        ("<html>" + "<p>x</p>" * 125_000, "The answer is an HTML page."),
        (b"\n<!DOCTYPE html>", "The answer is an HTML page."),
        (b"\xff\xfe\x00", "The answer is not JSON"),
        ("[" * 100_000, "The answer is not JSON"),
        *(
            (each, "The answer lists no separation type.")
            for each in ("{}", b"[]", {}, {"data": []})
        ),
        (None, "The answer is no list of separation types."),
        (5, "The answer is no list of separation types."),
        ("null", "The answer is no list of separation types."),
        ('{"success": false, "message": "Server Error"}', "Row 1 of the answer has no usable"),
        ([{"render_id": -1}], "Row 1 of the answer has no usable render_id."),
        ([{"render_id": 40.5}], "Row 1 of the answer has no usable render_id."),
        ([{"render_id": "9e300"}], "Row 1 of the answer has no usable render_id."),
        ([{"render_id": True}], "Row 1 of the answer has no usable render_id."),
        ([{"id": 39}], "Row 1 of the answer has no usable render_id."),
    ],
)
def test_what_is_no_list_of_types_is_an_empty_catalogue_that_says_so(answer, said):
    catalog = Catalog.from_response(answer)
    assert len(catalog) == 0
    assert catalog.warnings[0].startswith(said)


def test_the_warnings_of_a_ruin_do_not_fill_the_memory():
    catalog = Catalog.from_response([None] * 5000)
    assert len(catalog.warnings) == 101
    assert catalog.warnings[-1] == "And 4900 more things that could not be read."


@given(st.data())
def test_an_answer_damaged_anywhere_still_loads(data):
    answer = copy.deepcopy(ANSWER[:3] + [row for row in ANSWER if row["render_id"] == 40])
    damage(data, answer)
    catalog = Catalog.from_response(answer)
    assert 3 <= len(catalog) <= 4
    for entry in catalog:
        entry.predict()
        entry.multipliers({})
        assert entry in catalog
    catalog.find("vocals")
    catalog.best_for("vocals")


@pytest.mark.parametrize("keys", [["171"], [171], '["171"]', {"171": True}, '{"171": 1}'])
def test_choices_for_registered_users_only_are_kept(answer, row, keys):
    option(row)["registered_only_keys"] = keys
    catalog = Catalog.from_response(answer)
    assert catalog.warnings == ()
    assert catalog[40].fields[0].registered_only == {"171"}


@given(JSONS)
def test_any_json_loads(nonsense):
    assert len(Catalog.from_response(nonsense)) == 0
    Catalog.from_response(json.dumps(nonsense))
