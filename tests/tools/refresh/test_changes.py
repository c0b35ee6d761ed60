"""What a refresh finds in the service's list, brings in and tells; on copies."""

import pytest

from mvsep.catalog.parse import from_file
from mvsep.testing.algorithms import rows
from tests.tools.refresh.scenes import ANSWER, LATER, agree, catalog, contents, known_values, row_of
from tests.tools.scenes import has, of_2024, option, option_has, rewritten, rule_has
from tools.member_names import documented, members

NOTHING_NEW = ["Nothing new: catalogue, SepType and contract are as they were."]

# The same


@pytest.mark.parametrize("way", [lambda row: row, rewritten, of_2024])
def test_the_list_that_the_catalogue_was_made_of_changes_no_byte(do, project, answer, way):
    before = contents(project)
    code, out, _ = do([way(row) for row in answer])
    assert code == 0
    assert out == NOTHING_NEW
    assert contents(project) == before


def test_it_can_be_done_again_without_a_change(do, project, answer, bs_roformer):
    bs_roformer |= {"name": "BS Roformer 2", "price_coefficient": "1.5", "usage": 7}
    answer.append({"render_id": 134, "name": "MVSep Kazoo (kazoo, other)"})
    answer[:] = [row for row in answer if row["render_id"] != 37]
    assert "Written: catalog.json, sep_type.py, mvsep-openapi-spec.json." in do(answer)[1]
    once = contents(project)
    for day in (LATER, "2026-11-02"):
        assert do(answer, day)[1] == NOTHING_NEW
        assert contents(project) == once
    agree(project)


# News


def test_a_new_type_joins_all_three_and_is_told(do, project, answer, bs_roformer):
    new = {**bs_roformer, "render_id": 134, "id": 200, "name": "MVSep Kazoo (kazoo, other)"}
    _, out, _ = do([*answer, new])
    assert out[0] == (
        "- ⚠️ New separation type 134, MVSep Kazoo (kazoo, other): `SepType.MVSEP_KAZOO`."
    )
    assert out[1:] == [
        "Written: catalog.json, sep_type.py, mvsep-openapi-spec.json.",
        "The lines above are for CHANGELOG.md.",
        "The pages state a few names and figures; contract_tests/test_documented.py checks them.",
    ]
    agree(project)
    row = row_of(project, 134)
    assert row["stems"] == ["kazoo", "other"]
    assert row["known_from"] == "server"
    same = row_of(project, 40)
    for key in ("fields", "outputs", "price_coefficient"):
        assert row[key] == same[key]
    assert known_values(project)[-1] == {"value": 134, "name": "MVSep Kazoo (kazoo, other)"}
    assert documented(contents(project)[1].decode())[134] == "MVSep Kazoo (kazoo, other)"
    assert catalog(project)["captured"] == LATER


def test_a_renamed_type_keeps_its_member(do, project, answer, bs_roformer):
    bs_roformer["name"] = "Band Split (vocals, instrumental)"
    _, out, _ = do(answer)
    assert out[0] == (
        "- ⚠️ Separation type 40, BS Roformer (vocals, instrumental), is now "
        "Band Split (vocals, instrumental); `SepType.BS_ROFORMER` stays."
    )
    agree(project)
    source = contents(project)[1].decode()
    assert members(source)[40] == "BS_ROFORMER"
    assert documented(source)[40] == "Band Split (vocals, instrumental)"


def test_a_new_price_is_told_and_kept_exactly(do, project, answer, bs_roformer):
    bs_roformer["price_coefficient"] = "1.1000"
    bs_roformer["algorithm_fields"][1]["price_rules"][0]["value"] = "2.5000"
    _, out, _ = do(answer)
    assert out[0].endswith(": credits a minute was 1 and is 11/10.")
    assert out[1].endswith("multiplied the price by 2 for '8' and does by 5/2.")
    row = row_of(project, 40)
    assert str(from_file(row).price_coefficient) == "11/10"
    assert row["fields"][1]["price_rules"][0]["value"] == "2.5000"


def test_a_type_that_is_gone_stays_marked_and_is_told_once(do, project, answer):
    left = [row for row in answer if row["render_id"] != 37]
    _, out, _ = do(left)
    assert out[0] == (
        "- ⚠️ Separation type 37, DrumSep (4-6 stems: kick, snare, cymbals, toms, ride, hh, "
        "crash), was removed; `SepType.DRUMSEP` stays."
    )
    agree(project)
    assert row_of(project, 37)["removed"] == LATER
    assert from_file(row_of(project, 37)).removed == LATER
    text = documented(contents(project)[1].decode())[37]
    assert text.endswith(f"- no longer listed by the service since {LATER}")
    assert do(left, "2026-12-01")[1][0].startswith("Nothing new")
    _, again, _ = do(answer, "2026-12-01")
    assert again[0].endswith("is listed again.")
    assert "removed" not in row_of(project, 37)


def test_a_type_known_from_documentation_gets_the_services_facts(do, project):
    assert row_of(project, 62)["known_from"] == "documentation"
    do(rows("no_upload"))
    row = row_of(project, 62)
    assert row["known_from"] == "server"
    assert row["price_coefficient"] == 1


def test_usage_and_ratings_are_renewed_without_a_word(do, project, answer, bs_roformer):
    bs_roformer |= {"usage": 5, "rating": {"average": "1.0000", "total": 3}}
    _, out, _ = do(answer)
    assert out == [
        "Written: catalog.json.",
        "Only usage, ratings and places in the list changed: nothing for CHANGELOG.md.",
    ]
    entry = from_file(row_of(project, 40))
    assert (entry.usage, entry.rating, entry.votes) == (5, 1.0, 3)


QUIET = {
    "other stems": (has(outputs='{"bass": "Bass"}'), "gave Vocals, Other and gives Bass"),
    "no stems": (has(outputs=None), "gave Vocals, Other and gives nothing that is listed"),
    "other keys": (
        has(outputs='{"v": "Vocals", "o": "Other"}'),
        "has other keys for its stems: v, o",
    ),
    "another group": (
        has(algorithm_group={"name": "Roformers"}),
        "stood under 'Vocals / Instrumental' and stands under 'Roformers'",
    ),
    "another id": (has(id=3900), "algorithm_id was 39 and is 3900"),
    "resampled": (
        lambda row: row.update(allow_resample=not row["allow_resample"]),
        "allow_resample was ",
    ),
    "no price any more": (has(price_coefficient=None), "price_coefficient was 1 and is None"),
    "variants": (
        has(output_variants='{"keys": [], "variants": []}'),
        "has other stems listed for some options",
    ),
    "always on offer": (
        option_has(2, conditions=[]),
        "add_opt3 (Set of stems) is offered with all choices of the others now",
    ),
    "on offer with another": (
        lambda row: option(row, 2)["conditions"][0].update(value_json=["81"], action="hide"),
        "add_opt3 (Set of stems) is offered except with Vocal model type in 81 now",
    ),
    "another effect": (
        option_has(0, output_overrides=None),
        "add_opt1 (Vocal model type) changes the stems in another way with ",
    ),
    "for registered users": (
        option_has(0, registered_only_keys=["171"]),
        "add_opt1 (Vocal model type) has for registered users only: 171",
    ),
    "needed": (option_has(2, required=1), "add_opt3 (Set of stems) has to be given now"),
    "another word": (
        option_has(0, server_key="model"),
        "has another server_key: it was 'model_type' and is 'model'",
    ),
    "rules of another kind": (
        rule_has(mode="percent"),
        "add_opt2 (Overlap) does not tell price_rules so that it can be read",
    ),
    "turned round": (
        lambda row: row["algorithm_fields"].reverse(),
        "has its options in another order",
    ),
    "choices turned round": (
        option_has(1, options='{"8": "87.5%", "2": "50%"}'),
        "add_opt2 (Overlap) has its choices in another order",
    ),
}


@pytest.mark.parametrize(("change", "said"), QUIET.values(), ids=QUIET)
def test_what_a_comparison_of_prices_and_choices_does_not_see_is_told_too(
    do, answer, bs_roformer, change, said
):
    change(bs_roformer)
    _, out, _ = do(answer)
    assert sum(line.startswith("- ") for line in out) == 1
    assert out[0].startswith("- Separation type 40 BS Roformer (vocals, instrumental): ")
    assert said in out[0]


def test_what_the_answer_does_not_tell_stays(do, project, answer, bs_roformer):
    before = row_of(project, 40)
    for key in ("outputs", "usage", "algorithm_group", "is_active"):
        del bs_roformer[key]
    for each in bs_roformer["algorithm_fields"]:
        for key in ("conditions", "price_rules", "output_overrides", "default_key", "options"):
            del each[key]
    do(answer)
    assert row_of(project, 40) == before


def test_what_can_not_be_read_is_told_and_stays(do, project, answer, bs_roformer):
    before = row_of(project, 40)
    bs_roformer["algorithm_fields"][0]["options"] = "{broken"
    bs_roformer["price_coefficient"] = "a lot"
    _, out, _ = do([*answer, None])
    assert sum(line.startswith("Not read: ") for line in out) == 3
    assert row_of(project, 40) == before


def test_a_price_that_can_not_be_read_is_no_longer_sure(do, project, answer, bs_roformer):
    rule_has(mode="add")(bs_roformer)
    _, out, _ = do(answer)
    assert any(line.startswith("Not read: ") for line in out)
    entry = from_file(row_of(project, 40))
    assert [option.price_known for option in entry.fields] == [True, False, True]
    do(ANSWER)
    assert all(option.price_known for option in from_file(row_of(project, 40)).fields)


def test_an_option_that_would_be_another_field_of_the_form_is_left_out(
    do, project, answer, bs_roformer
):
    bs_roformer["algorithm_fields"][1]["name"] = "api_token"
    _, out, _ = do(answer)
    assert any("'api_token' is no field for an option" in line for line in out)
    row = row_of(project, 40)
    assert [option["key"] for option in row["fields"]] == ["add_opt1", "add_opt3"]
    assert from_file(row).unread == {"algorithm_fields"}


def test_a_new_type_whose_options_are_not_told_has_no_sure_price(do, project, answer):
    answer.append({"render_id": 134, "name": "MVSep Kazoo", "price_coefficient": 1})
    answer.append({"render_id": 135, "name": "MVSep Gong", "algorithm_fields": []})
    do(answer)
    assert from_file(row_of(project, 134)).unread == {"algorithm_fields"}
    assert from_file(row_of(project, 135)).unread == frozenset()
