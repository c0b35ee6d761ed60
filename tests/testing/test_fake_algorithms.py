import json

import pytest

ALL = "single_upload,no_upload,matchering_upload"
ROW = [
    "id", "name", "algorithm_group_id", "orientation", "render_id", "order_id", "created_at",
    "updated_at", "additional_fields", "price_coefficient", "is_active",
    "audio_upload_disabled", "audio_widget", "allow_resample", "output_stems", "outputs",
    "output_variants", "description", "usage", "rating", "algorithm_fields",
    "algorithm_descriptions", "algorithm_group",
]  # fmt: skip
FIELD = [
    "id", "name", "text", "algorithm_id", "options", "output_overrides", "created_at",
    "updated_at", "default_key", "server_key", "input_type", "required", "help_link",
    "registered_only_keys", "price_rules", "conditions",
]  # fmt: skip


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


def test_every_row_and_field_has_every_key(rows):
    assert all(list(row) == ROW for row in rows.values())
    assert all(list(field) == FIELD for row in rows.values() for field in row["algorithm_fields"])


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


def test_conditions_point_to_the_field_they_depend_on(rows):
    model, _, stems = rows[40]["algorithm_fields"]
    (condition,) = stems["conditions"]

    assert condition["depends_on_field_id"] == model["id"]
    assert (condition["operator"], condition["value_json"]) == ("in", ["171"])
    assert condition["action"] == "show"


def test_a_rating_is_text_or_the_number_zero(rows):
    assert {type(row["rating"]["average"]) for row in rows.values()} == {str, int}


def test_what_the_rows_say_of_prices_is_what_a_job_costs(call, rows):
    overlap = rows[40]["algorithm_fields"][1]
    (rule,) = overlap["price_rules"]
    call.create(180, add_opt2=rule["option_key"])

    assert 1000 - call.credits() == 3 * rows[40]["price_coefficient"] * float(rule["value"]) == 6
