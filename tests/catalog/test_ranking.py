"""Which separation type is best for a stem."""

import attrs
import pytest

from mvsep.catalog import Catalog
from mvsep.catalog.options import resolve

CATALOG = Catalog.bundled()


def first(stem, **more):
    best = CATALOG.best_for(stem, **more)[0]
    return int(best.entry.sep_type), dict(best.options), best.value


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        ("drums", (44, {"add_opt1": "6"}, 14.35)),
        ("Bass", (41, {"add_opt1": "5"}, 14.87)),
        ("vocals", (40, {"add_opt1": "171"}, 12.33)),
        ("instrumental", (40, {"add_opt1": "171"}, 18.64)),
        ("instrum", (40, {"add_opt1": "171"}, 18.64)),
        ("piano", (29, {"add_opt1": "5"}, 7.83)),
        ("guitar", (31, {"add_opt1": "7"}, 9.05)),
        ("average", (28, {"add_opt2": "11"}, 13.67)),
        ("crowd", (34, {"add_opt1": "2"}, 7.21)),
        ("lead vocals", (12, {"add_opt1": "1"}, 7.94)),
    ],
)
def test_the_best_for_a_stem_is_the_highest_figure_of_a_label(stem, expected):
    assert first(stem) == expected


def test_the_ranking_has_each_type_once_best_first_and_can_be_sent():
    best = CATALOG.best_for("vocals")
    values = [row.value for row in best]
    assert values == sorted(values, reverse=True)
    assert best[:2] == best.rows[:2]
    assert len({row.entry.sep_type for row in best}) == len(best)
    for row in best:
        assert resolve(CATALOG, row.entry.sep_type, row.options).fields == row.options


def test_a_figure_without_a_stem_is_of_the_one_that_is_separated():
    values = {int(row.entry.sep_type): row.value for row in CATALOG.best_for("vocals")}
    assert values[23] == 9.71  # MDX B (vocals, instrumental): "(SDR: 9.71)"
    assert values[26] == 11.93  # not the 17.69 of its "High Instrumental Fullness"
    assert 7 not in values  # four stems: nobody knows which one "SDR 9.30" is of


@pytest.mark.parametrize(
    ("stem", "ranked", "unplaced"),
    [
        ("lead vocals", [12], [(49, {"add_opt1": "6"}, 10.41)]),
        ("karaoke", [], [(49, {"add_opt1": "6"}, 10.41)]),
        ("drums", [44], [(7, {"add_opt1": "3"}, 9.3)]),
        ("choir", [], [(111, {"add_opt1": "3"}, 7.39)]),
    ],
)
def test_a_figure_that_may_be_about_the_stem_is_told_apart_and_not_left_out(stem, ranked, unplaced):
    found = CATALOG.best_for(stem)
    assert [int(row.entry.sep_type) for row in found][: len(ranked)] == ranked
    told = [(int(row.entry.sep_type), dict(row.options), row.value) for row in found.unplaced]
    assert told[: len(unplaced)] == unplaced
    assert not {row.name for row in found} & {row.name for row in found.unplaced}


def test_other_figures_than_sdr_are_ranked_too():
    assert first("instrumental", metric="Fullness") == (26, {"add_opt2": "9"}, 34.79)


def test_a_number_of_a_name_is_no_figure():
    choices = {"1": "becruily high instrum fullness 124 bands (SDR instrum: 18.47)"}
    option = attrs.evolve(CATALOG[40].fields[0], choices=choices)
    catalog = Catalog((attrs.evolve(CATALOG[40], fields=(option,)),))
    assert catalog.best_for("instrumental")[0].value == 18.47
    found = catalog.best_for("instrumental", metric="fullness")
    assert (found.rows, found.unplaced) == ((), ())


def test_what_is_not_offered_or_gone_is_not_the_best():
    for change in ({"is_active": False}, {"removed": "2026-10-01"}):
        types = [attrs.evolve(e, **change) if e.sep_type == 44 else e for e in CATALOG]
        assert CATALOG.best_for("drums")
        assert len(Catalog(tuple(types)).best_for("drums")) == 0


def test_for_an_unknown_stem_there_is_no_best():
    for stem in ("kazoo", ""):
        found = CATALOG.best_for(stem)
        assert (len(found), found.unplaced) == (0, ())
