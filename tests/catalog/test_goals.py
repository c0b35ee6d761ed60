"""Which separation type is taken for what a person wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import attrs
import pytest

from mvsep import InvalidInput
from mvsep.catalog import Catalog, SeparationType
from mvsep.catalog.options import resolve
from mvsep.pricing.estimate import estimate

CATALOG = Catalog.bundled()
PREMIUM, EVERYONE = 2, 0


def changed(change: Callable[[SeparationType], dict[str, Any]]) -> Catalog:
    return Catalog(tuple(attrs.evolve(entry, **change(entry)) for entry in CATALOG))


def only(numbers: Iterable[int], **values: Any) -> Catalog:
    return changed(lambda entry: values if entry.sep_type in numbers else {})


@pytest.mark.parametrize(
    ("name", "sep_type", "options"),
    [
        ("vocals", 40, {"add_opt1": "171"}),
        ("Vocal", 40, {"add_opt1": "171"}),
        ("instrumental", 40, {"add_opt1": "171"}),
        ("drums", 44, {"add_opt1": "6"}),
        ("bass", 41, {"add_opt1": "5"}),
        ("guitar", 31, {"add_opt1": "7"}),
        ("piano", 29, {"add_opt1": "5"}),
        ("crowd", 34, {"add_opt1": "2"}),
        ("karaoke", 49, {}),
        ("lead-vocals", 49, {}),  # type 12 alone names its figure, and few take it
        ("Lead Vocals", 49, {}),
        ("4-stems", 20, {}),
        ("6-stems", 63, {}),
        ("drum_kit", 37, {}),
        ("speech", 56, {}),
        ("denoise", 47, {}),
        ("dereverb", 22, {}),
        # Any stem of a type, and a type whose stems are not listed by its name.
        ("flute", 67, {"add_opt1": "1"}),
        ("electric guitar", 81, {}),  # not the type of fifty stems
        ("male vocals", 57, {}),
        ("metal bars", 130, {}),
    ],
)
def test_a_goal_takes_the_type_with_the_best_figure_or_the_most_used_one(
    name: str, sep_type: int, options: dict[str, str]
) -> None:
    goal = CATALOG.goal(name)

    assert (int(goal.sep_type), dict(goal.options)) == (sep_type, options)


def test_each_listed_goal_can_be_sent_and_costs_what_it_says() -> None:
    goals = CATALOG.goals()

    assert len(goals) == 17
    for goal in goals:
        assert goal == CATALOG.goal(goal.name)
        found = resolve(CATALOG, goal.sep_type, goal.options, plan="registered")
        assert found.fields == goal.options
        assert goal.entry.audio_widget == "single_upload"
        price = estimate(3600, best_for=goal.name, catalog=CATALOG)
        assert price.credits == 60 * (goal.credits_per_minute or 0)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("vocals", "BS Roformer, 124 bands: SDR vocals 12.33, the best of 9 listed"),
        (
            "drums",
            "MVSep Drums, Mel + SCNet XL + BS Roformer SW: SDR drums 14.35, the only figure listed",
        ),
        (
            "speech",
            "MVSep DnR v3, the most used of 5 types made for speech: 11,406 jobs in a month; "
            "no figures compare them",
        ),
        ("denoise", "DeNoise by aufr33 and gabox, the only type on offer that gives noise"),
    ],
)
def test_a_goal_tells_why_it_takes_its_type(name: str, text: str) -> None:
    assert str(CATALOG.goal(name)) == text


@pytest.mark.parametrize("gone", [{"is_active": False}, {"removed": "2026-10-01"}])
def test_a_type_that_is_not_offered_is_not_taken(gone: dict[str, Any]) -> None:
    catalog = only([40, 49, 47], **gone)

    assert catalog.goal("vocals").sep_type == 123
    assert catalog.goal("karaoke").sep_type == 30
    with pytest.raises(InvalidInput):
        catalog.goal("denoise")
    assert "denoise" not in [goal.name for goal in catalog.goals()]


def test_a_type_that_takes_no_song_is_not_taken() -> None:
    assert only([40], audio_widget="matchering_upload").goal("vocals").sep_type == 123


def test_only_types_that_the_plan_may_use_are_taken_where_it_is_known() -> None:
    catalog = only([40], orientation=PREMIUM)
    best, known = catalog.goal("vocals"), catalog.goal("vocals", plan="registered")

    assert (best.sep_type, best.needs_premium) == (40, True)
    assert best.without_premium is not None
    assert best.without_premium.sep_type == known.sep_type == 123
    assert (known.needs_premium, known.without_premium) == (False, None)
    assert str(best).endswith(
        "It needs premium; the best without is BS PolarFormer, BS PolarFormer: SDR vocals 12.02, "
        "the best of 7 listed"
    )
    assert catalog.goal("vocals", plan="premium").sep_type == 40
    assert next(goal.sep_type for goal in catalog.goals(plan="registered")) == 123


def test_that_no_type_does_it_without_premium_is_told() -> None:
    assert "no type does this without" in str(only([47], orientation=PREMIUM).goal("denoise"))


def test_a_type_of_other_stems_besides_is_not_taken_for_an_exact_set() -> None:
    catalog = changed(lambda entry: {"usage": 0 if entry.sep_type in (20, 63) else 10**6})

    for name, stems in (("4-stems", 4), ("6-stems", 6)):
        entry = catalog.goal(name).entry
        assert len(entry.stems) == stems or len({*entry.outputs} - {"Instrumental"}) == stems


def test_without_a_known_use_the_first_of_the_list_is_taken() -> None:
    catalog = changed(lambda entry: {"usage": None})

    assert str(catalog.goal("speech")).startswith("MVSep DNR, the first of 5 types made for speech")


@pytest.mark.parametrize("name", ["Vocal model type", "model_type", "add_opt1", "MODEL_TYPE"])
def test_options_of_the_caller_count_before_those_of_the_goal(name: str) -> None:
    goal = CATALOG.goal("vocals").with_options({name: "81"})

    assert resolve(CATALOG, goal.sep_type, goal.options).fields == {"add_opt1": "81"}
    assert goal.reason.endswith("; your options replace that choice")


def test_other_options_of_the_caller_are_added() -> None:
    goal = CATALOG.goal("vocals").with_options({"Overlap": "87.5%"})

    assert resolve(CATALOG, 40, goal.options).fields == {"add_opt1": "171", "add_opt2": "8"}
    assert goal.reason == CATALOG.goal("vocals").reason
    assert goal.credits_per_minute is None  # until the option is looked up
    assert CATALOG.goal("vocals").with_options(None) == CATALOG.goal("vocals")


@pytest.mark.parametrize(
    ("name", "meant"),
    [("voclas", "vocals"), ("karoake", "karaoke"), ("deniose", "denoise"), ("pianno", "piano")],
)
def test_an_unknown_goal_is_refused_with_the_likest_first(name: str, meant: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        CATALOG.goal(name)

    assert refused.value.param == "best_for"
    assert refused.value.next_step
    assert refused.value.next_step.startswith(f"Was one of these meant? {meant}")


@pytest.mark.parametrize("name", ["kazoo", "other", "average", "", "x" * 10**6, 3, None, True])
def test_what_nobody_can_want_is_refused_with_all_goals(name: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        CATALOG.goal(name)

    assert refused.value.next_step
    assert "Goals are vocals, instrumental, karaoke" in refused.value.next_step
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize("names", [("VOCAL", "vocals"), ("Electric-Guitar", "electric guitar")])
def test_a_goal_has_one_name_however_it_is_written(names: tuple[str, str]) -> None:
    assert {CATALOG.goal(name).name for name in names} == {names[1]}


def test_an_unknown_plan_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no plan 'gold'"):
        CATALOG.goal("vocals", plan="gold")
