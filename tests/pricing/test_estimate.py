from __future__ import annotations

import asyncio
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import AsyncMVSep, DurationUnknown, InvalidInput, MVSep, SepType, pricing
from mvsep.catalog import Catalog, SeparationType
from mvsep.pricing.estimate import estimate
from tests.wav_files import song


def test_the_price_comes_from_the_duration_and_the_type() -> None:
    found = estimate(song(380), SepType.ENSEMBLE_VOCALS_INSTRUM_BASS_DRUMS_OTHER)

    assert found.seconds == Fraction(380)
    assert found.credits == 25  # the service's own example: 6:20 at coefficient 4
    assert found.sure


@pytest.mark.parametrize("sep_type", Catalog.bundled(), ids=lambda entry: entry.name)
def test_of_the_bundled_types_every_price_that_is_known_is_sure(sep_type: SeparationType) -> None:
    found = estimate(120, sep_type.sep_type, validate=False)

    assert found.sure == (sep_type.price_coefficient is not None)


def test_it_reads_well() -> None:
    assert str(estimate(song(240), SepType.BS_ROFORMER)) == "4 credits, 2 stems: Vocals, Other"
    assert str(estimate(song(60), SepType.BS_ROFORMER)).startswith("1 credit, ")
    assert str(estimate(song(60), 9999)) == "price unknown"
    assert str(estimate(song(240)[:-9], SepType.BS_ROFORMER)).startswith("about 3 credits")


@pytest.mark.parametrize("source", [None, "https://example.com/song.mp3", b"not audio"])
def test_an_unknown_duration_is_an_error_that_seconds_mends(source: bytes | str | None) -> None:
    with pytest.raises(DurationUnknown, match="seconds="):
        estimate(source, SepType.BS_ROFORMER)

    assert estimate(source, SepType.BS_ROFORMER, seconds="240.5").credits == 4


@pytest.mark.parametrize("given", [1, 239.99, 241, "1e5"])
def test_a_header_that_is_sure_counts_before_the_seconds_given(given: float | str) -> None:
    found = estimate(song(240), SepType.BS_ROFORMER, seconds=given)

    assert (found.seconds, found.credits, found.sure) == (240, 4, True)
    assert found.how.startswith("WAV header, and not the ")


def test_seconds_that_say_what_the_header_says_change_nothing() -> None:
    assert estimate(song(240), 40, seconds=240) == estimate(song(240), 40)


def test_seconds_mend_a_header_that_is_not_sure() -> None:
    found = estimate(song(240)[:-9], SepType.BS_ROFORMER, seconds=240)

    assert (found.credits, found.how, found.sure) == (4, "given", True)


IMPOSSIBLE = [0, 0.0, "0", -1, float("nan"), float("inf"), "long", True]


@pytest.mark.parametrize("seconds", IMPOSSIBLE)
@pytest.mark.parametrize("source", [None, song(60)])
def test_an_impossible_duration_is_refused(seconds: float, source: bytes | None) -> None:
    with pytest.raises(InvalidInput, match="seconds must"):
        estimate(source, SepType.BS_ROFORMER, seconds=seconds)
    if not isinstance(seconds, str):
        with pytest.raises(InvalidInput, match="seconds must"):
            estimate(seconds, SepType.BS_ROFORMER)


@pytest.mark.parametrize("length", [120, 120.0, Decimal(120), Fraction(120)])
def test_a_number_in_the_place_of_a_file_is_how_long_it_plays(length: float) -> None:
    assert estimate(length, 40) == estimate(None, 40, seconds=120)
    assert MVSep(base_url="http://127.0.0.1:1").estimate(length, 40).credits == 2
    found = asyncio.run(AsyncMVSep(base_url="http://127.0.0.1:1").estimate(length, 40))
    assert found.credits == 2


def test_a_length_that_is_said_twice_is_refused() -> None:
    with pytest.raises(InvalidInput, match="twice"):
        estimate(120, 40, seconds=120)


def test_what_a_price_rests_on_is_told() -> None:
    plain = estimate(song(240), SepType.BS_ROFORMER)
    # A choice that changes nothing is not told.
    options = {"Overlap": "87.5%", "add_opt1": "171"}
    dear = estimate(song(240), SepType.BS_ROFORMER, options=options)

    assert (plain.rules, plain.doubts) == ((), ())
    assert (plain.credits, dear.credits) == (4, 8)
    assert [(rule.option, rule.choice, rule.factor) for rule in dear.rules] == [
        ("Overlap", "87.5%", 2)
    ]
    assert str(dear.rules[0]) == "Overlap 87.5%: x2"
    assert dear.how == "WAV header"
    assert dear.prediction.sure


@pytest.mark.parametrize(
    ("sep_type", "options", "doubt"),
    [
        (9999, {}, "not in the catalogue"),
        (SepType.STABLE_AUDIO_OPEN_GEN, {}, "price for this type is not known"),
        (40, {"add_opt2": "99"}, "The effect of add_opt2 '99' on the price is not known"),
        (40, {"add_opt9": "1"}, "The effect of add_opt9 '1' on the price is not known"),
    ],
)
def test_a_price_that_is_not_known_for_sure_says_why(
    sep_type: int, options: dict[str, str], doubt: str
) -> None:
    found = estimate(song(240), sep_type, options=options, validate=False)

    assert not found.sure
    assert (found.credits, found.most) == (None if sep_type != 40 else 4, None)
    assert doubt in " ".join(found.doubts)


@given(st.integers(1, 400), st.fractions(min_value=Fraction(1, 9), max_value=10**5))
def test_no_seconds_make_a_price_lower_than_a_sure_header_says(plays: int, given: Fraction) -> None:
    assert estimate(song(plays), 40, seconds=given).credits == pricing.credits(plays)
