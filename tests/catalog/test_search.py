"""Finding, choosing and ordering separation types."""

from fractions import Fraction

import attrs
import pytest

from mvsep.catalog import Catalog
from mvsep.catalog.sep_type import SepType
from mvsep.errors import InvalidInput

CATALOG = Catalog.bundled()


def numbers(found):
    return [int(entry.sep_type) for entry in found]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("karaoke", 49),
        ("mvsep-karaoke", 49),
        ("bs roformer", 40),
        ("bs_roformer_sw", 63),
        ("roformer bs", 40),
        ("mel band roformer", 48),
        ("demucs4", 20),
        ("piano midi", 113),
        ("53 stem", 126),
        ("french horn", 82),
        ("40", 40),
        ("voice design", 119),
    ],
)
def test_words_find_what_they_name_first(text, first):
    found = CATALOG.find(text)
    assert found[0] is CATALOG[first]
    assert found.did_you_mean is None


@pytest.mark.parametrize(
    ("text", "first", "meant"),
    [
        ("kareoke", 49, "karaoke"),
        ("bs rofomer", 40, "bs roformer"),
        ("wisper", 39, "whisper"),
        ("drumss", 63, "drums"),
        ("mvsep sxaophone", 61, "mvsep saxophone"),
    ],
)
def test_a_typing_error_is_mended_and_told(text, first, meant):
    found = CATALOG.find(text)
    assert found[0] is CATALOG[first]
    assert found.did_you_mean == meant


@pytest.mark.parametrize("text", ["", "   ", "...", "zzzzzzzz", "karaoke zzzzzzzz", "karaoke midi"])
def test_words_that_occur_nowhere_or_not_together_find_nothing(text):
    found = CATALOG.find(text)
    assert len(found) == 0
    assert found.did_you_mean is None


def test_a_word_that_was_mended_in_vain_does_not_hide_what_the_others_find():
    found = CATALOG.find("separate drums")
    assert found[:2] == found.types[:2]
    assert found.did_you_mean == "drums"
    assert found.types == CATALOG.find("drums").types


def test_a_model_is_found_by_the_choice_that_names_it():
    assert 40 in numbers(CATALOG.find("viperx"))
    assert 40 in numbers(CATALOG.find("hyperace"))


def test_a_name_counts_more_than_a_stem_and_a_stem_more_than_a_choice():
    found = numbers(CATALOG.find("drums"))
    assert {44, 20, 37} <= set(found)
    assert found.index(44) < found.index(37)


def test_a_type_that_is_not_offered_comes_after_its_equals():
    off = attrs.evolve(CATALOG[44], is_active=False)
    twin = attrs.evolve(CATALOG[44], sep_type=SepType(4444), usage=0)
    assert numbers(Catalog((off, twin)).find("drums")) == [4444, 44]


def test_an_endless_text_can_be_searched_for():
    # Eight words count, and that many are in it.
    assert CATALOG.find("karaoke " * 1_000_000).types == CATALOG.find("karaoke").types
    assert len(CATALOG.find("k" * 1_000_000)) == 0


# Choosing


def test_types_are_chosen_by_stem():
    drums = CATALOG.filter(stem="Drums")
    assert {7, 20, 44, 63} <= set(numbers(drums))
    assert 29 not in numbers(drums)
    assert numbers(CATALOG.filter(stem="drum")) == numbers(drums)
    assert 40 in numbers(CATALOG.filter(stem="instrumental"))
    assert numbers(CATALOG.filter(stem="instrum")) == numbers(CATALOG.filter(stem="instrumental"))
    assert len(CATALOG.filter(stem="kazoo")) == 0


def test_types_are_chosen_by_group():
    assert numbers(CATALOG.filter(group="ensembles")) == [26, 28, 30]
    assert 49 in numbers(CATALOG.filter(group="vocals/instrumental"))


def test_types_are_chosen_by_plan():
    everyone = CATALOG.filter(plan="unregistered")
    registered = CATALOG.filter(plan="registered")
    premium = CATALOG.filter(plan="premium")
    assert {entry.orientation for entry in everyone} == {0}
    assert {entry.orientation for entry in registered} == {0, 1}
    assert set(numbers(premium)) - set(numbers(registered)) == {26, 28, 30}
    # Of those known from documentation nobody knows who may use them.
    assert 62 not in numbers(premium)


def test_types_are_chosen_by_price_rating_usage_and_offer():
    assert all(entry.price_coefficient <= 2 for entry in CATALOG.filter(max_price="2"))
    assert len(CATALOG.filter(max_price=Fraction(1, 2))) == 0
    assert all(entry.rating >= 4.5 for entry in CATALOG.filter(min_rating=4.5))
    assert numbers(CATALOG.filter(min_usage=100_000).sort("usage"))[0] == 63
    off = CATALOG.filter(active=False)
    assert [entry.is_active for entry in off] == [False]
    gone = Catalog((attrs.evolve(CATALOG[40], removed="2026-10-01"),))
    assert len(gone.filter(active=True)) == 0
    assert len(gone.filter(active=False)) == 1


@pytest.mark.parametrize(
    ("wish", "fact"),
    [
        ({"min_rating": 0}, "rating"),
        ({"min_usage": 0}, "usage"),
        ({"max_price": 10**9}, "price_coefficient"),
    ],
)
def test_a_type_of_which_the_fact_is_not_known_is_left_out_by_any_wish(wish, fact):
    known = [entry for entry in CATALOG if getattr(entry, fact) is not None]
    assert numbers(CATALOG.filter(**wish)) == numbers(known)


def test_wishes_add_up_and_the_rest_of_the_catalogue_stays():
    both = CATALOG.filter(stem="drums", plan="registered", min_rating=4)
    assert set(numbers(both)) == (
        set(numbers(CATALOG.filter(stem="drums")))
        & set(numbers(CATALOG.filter(plan="registered")))
        & set(numbers(CATALOG.filter(min_rating=4)))
    )
    assert (both.captured, both.source) == (CATALOG.captured, CATALOG.source)
    assert numbers(CATALOG.filter()) == numbers(CATALOG)


@pytest.mark.parametrize("wrong", [{"plan": "gold"}, {"max_price": "much"}, {"max_price": -1}])
def test_a_wish_that_can_not_be_meant_is_refused(wrong):
    with pytest.raises(InvalidInput):
        CATALOG.filter(**wrong)


# Ordering


@pytest.mark.parametrize("by", ["number", "name", "group", "price", "rating", "usage", "order"])
def test_an_order_loses_nothing_and_puts_the_unknown_last(by):
    ordered = CATALOG.sort(by)
    assert sorted(numbers(ordered)) == sorted(numbers(CATALOG))
    fact = {"price": "price_coefficient"}.get(by, by)
    if by not in ("number", "name"):
        known = [getattr(entry, fact) is not None for entry in ordered]
        assert known == sorted(known, reverse=True)


def test_the_best_and_the_cheapest_come_first():
    assert CATALOG.sort("price").types[0].price_coefficient == 1
    rated = [entry.rating for entry in CATALOG.sort("rating") if entry.rating]
    used = [entry.usage for entry in CATALOG.sort("usage") if entry.usage is not None]
    assert rated == sorted(rated, reverse=True)
    assert used == sorted(used, reverse=True)


def test_an_order_there_is_not_is_refused():
    with pytest.raises(InvalidInput, match="no order by 'colour'"):
        CATALOG.sort("colour")
