"""What jobs may cost at most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import Catalog, SepType, errors, pricing
from mvsep.catalog.options import resolve
from mvsep.pricing.estimate import JobQuote, check_limit, check_limit_of_all, estimate_resolved
from tests.pricing.test_estimate import song
from tests.pricing.test_preflight import wanted


@given(st.integers(1, 10**5), st.integers(0, 2000))
def test_a_limit_lets_through_what_costs_no_more(seconds, limit):
    job = wanted(seconds=seconds)
    if pricing.credits(seconds) <= limit:
        check_limit(limit, job, allow_unknown=False)
    else:
        with pytest.raises(errors.TooExpensive, match="the limit is"):
            check_limit(limit, job, allow_unknown=True)


@pytest.mark.parametrize(
    "job",
    [
        wanted(9999),
        wanted(seconds=None),
        wanted(int(SepType.STABLE_AUDIO_OPEN_GEN), add_opt1="rain"),
    ],
)
def test_a_limit_with_a_price_that_is_not_known_is_an_error_unless_allowed(job):
    with pytest.raises(errors.PriceUnknown, match="allow_unknown_price=True"):
        check_limit(10, job, allow_unknown=False)
    check_limit(10, job, allow_unknown=True)


def test_a_length_that_is_not_sure_passes_where_the_highest_price_is_within_the_limit():
    resolved = resolve(Catalog.bundled(), 40, None)
    cut = song(300)[: len(song(240))]
    job = JobQuote(resolved, estimate_resolved(resolved, cut), len(cut), None)
    check_limit(5, job, allow_unknown=False)
    with pytest.raises(errors.PriceUnknown, match="5 credits at most"):
        check_limit(4, job, allow_unknown=False)
    songs = [("one.wav", job), ("two.wav", job)]
    check_limit_of_all(10, songs, allow_unknown=False)
    with pytest.raises(errors.TooExpensive, match="cost 10 credits together"):
        check_limit_of_all(9, songs, allow_unknown=False)


@pytest.mark.parametrize("limit", [-1, True, "many", float("nan"), float("inf")])
def test_a_limit_that_is_no_number_is_refused(limit):
    with pytest.raises(errors.InvalidInput, match="max_credits"):
        check_limit(limit, wanted(), allow_unknown=False)


@given(st.lists(st.integers(1, 5000), max_size=4), st.integers(0, 200))
def test_songs_are_held_to_the_sum_of_their_prices(seconds, limit):
    songs = [(f"{number}.wav", wanted(seconds=each)) for number, each in enumerate(seconds)]
    if sum(pricing.credits(each) for each in seconds) <= limit:
        check_limit_of_all(limit, songs, allow_unknown=False)
    else:
        with pytest.raises(errors.TooExpensive, match="Nothing was charged"):
            check_limit_of_all(limit, songs, allow_unknown=True)


def test_the_song_that_no_price_is_known_of_is_named():
    songs = [("known.wav", wanted()), ("unknown.wav", wanted(seconds=None))]
    with pytest.raises(errors.PriceUnknown, match=r"unknown\.wav"):
        check_limit_of_all(100, songs, allow_unknown=False)
    check_limit_of_all(100, songs, allow_unknown=True)
