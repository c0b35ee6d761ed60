"""What jobs may cost at most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import Catalog, SepType, errors, pricing
from mvsep.catalog.options import resolve
from mvsep.pricing import estimate
from mvsep.pricing.limit import together, within
from mvsep.pricing.preflight import JobQuote
from tests.pricing.test_estimate import song
from tests.pricing.test_preflight import wanted


@given(st.integers(1, 10**5), st.integers(0, 2000))
def test_a_limit_lets_through_what_costs_no_more(seconds, limit):
    job = wanted(seconds=seconds)
    if pricing.credits(seconds) <= limit:
        within(limit, job, allow_unknown=False)
    else:
        with pytest.raises(errors.TooExpensive, match="the limit is"):
            within(limit, job, allow_unknown=True)


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
        within(10, job, allow_unknown=False)
    within(10, job, allow_unknown=True)


def test_seconds_make_sure_what_the_file_leaves_open():
    resolved = resolve(Catalog.bundled(), 40)
    cut = song(240)[:-9]
    unsure = JobQuote(resolved, estimate.of(resolved, cut), 1, None)

    with pytest.raises(errors.PriceUnknown, match="seconds="):
        within(10, unsure, allow_unknown=False)
    within(10, JobQuote(resolved, estimate.of(resolved, cut, 240), 1, None), allow_unknown=False)


@pytest.mark.parametrize("limit", [-1, True, "many", float("nan"), float("inf")])
def test_a_limit_that_is_no_number_is_refused(limit):
    with pytest.raises(errors.InvalidInput, match="max_credits"):
        within(limit, wanted(), allow_unknown=False)


@given(st.lists(st.integers(1, 5000), max_size=4), st.integers(0, 200))
def test_songs_are_held_to_the_sum_of_their_prices(seconds, limit):
    songs = [(f"{number}.wav", wanted(seconds=each)) for number, each in enumerate(seconds)]
    if sum(pricing.credits(each) for each in seconds) <= limit:
        together(limit, songs, allow_unknown=False)
    else:
        with pytest.raises(errors.TooExpensive, match="Nothing was charged"):
            together(limit, songs, allow_unknown=True)


def test_the_song_that_no_price_is_known_of_is_named():
    songs = [("known.wav", wanted()), ("unknown.wav", wanted(seconds=None))]
    with pytest.raises(errors.PriceUnknown, match=r"unknown\.wav"):
        together(100, songs, allow_unknown=False)
    together(100, songs, allow_unknown=True)
