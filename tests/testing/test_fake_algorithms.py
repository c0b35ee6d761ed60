import json

import pytest

ALL = "single_upload,no_upload,matchering_upload"


@pytest.fixture
def rows(call):
    return {row["render_id"]: row for row in call.get("/api/app/algorithms", scopes=ALL).json()}


@pytest.mark.parametrize(
    ("scopes", "widgets", "count"),
    [
        (None, {"single_upload"}, 117),
        ("no_upload", {"no_upload"}, 6),
        ("matchering_upload", {"matchering_upload"}, 1),
        (ALL, {"single_upload", "no_upload", "matchering_upload"}, 124),
    ],
)
def test_scopes_choose_the_kinds_of_input(call, scopes, widgets, count):
    found = call.get("/api/app/algorithms", scopes=scopes).json()

    assert {row["audio_widget"] for row in found} == widgets
    assert len(found) == count


def test_ids_are_told_apart(rows):
    fields = [field["id"] for row in rows.values() for field in row["algorithm_fields"]]

    assert len({row["id"] for row in rows.values()}) == len(rows)
    assert len(set(fields)) == len(fields)
    assert rows[40]["id"] != 40


def test_json_stands_as_text_inside_json_flags_are_numbers_and_prices_text(rows):
    row = rows[40]
    model, overlap, stems = row["algorithm_fields"]
    (rule,) = overlap["price_rules"]

    assert json.loads(row["outputs"]) == {"vocals": "Vocals", "other": "Other"}
    assert json.loads(overlap["options"]) == {"2": "50%", "8": "87.5%"}
    assert (row["is_active"], overlap["required"], stems["required"]) == (1, 1, 0)
    assert type(row["is_active"]) is int
    assert json.loads(model["output_overrides"])["171"]["mode"] == "set"
    assert rows[62]["algorithm_fields"][0]["options"] == "{}"
    assert (rule["option_key"], rule["mode"], rule["value"]) == ("8", "multiplier", "2.0000")


def test_a_rating_is_text_or_the_number_zero(rows):
    assert {type(row["rating"]["average"]) for row in rows.values()} == {str, int}
