"""What a separation costs."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mvsep import pricing
from mvsep.core.values import exact
from mvsep.errors import InvalidInput

amounts = st.fractions(min_value=0, max_value=10**6)
factors = st.fractions(min_value=0, max_value=100)


@pytest.mark.parametrize(
    ("seconds", "coefficient", "expected"),
    [
        (119, 1, 1),
        (121, 1, 2),
        (380, 4, 25),
        (380, 1, 6),
        (0, 1, 1),
        (600, 0.1, 1),
        (600, 1.1, 11),
        ("54.5454545454545454", 1.1, 1),
        (Fraction(1200, 11), 1.1, 2),
    ],
)
def test_the_price_is_what_the_service_was_seen_to_take(seconds, coefficient, expected):
    assert pricing.credits(seconds, coefficient) == expected


@pytest.mark.parametrize(
    ("multipliers", "expected"), [((), 3), (["2.0000"], 6), (["1.5000"], 4), (["2.0000", "1.5"], 9)]
)
def test_options_multiply_the_price_before_it_is_rounded(multipliers, expected):
    assert pricing.credits(180, 1, multipliers) == expected
    # Rounded in between, 1.5 * floor(119 / 60) would be 1.
    assert pricing.credits(119, 1, ["1.5000"]) == 2


@given(amounts, factors, st.lists(factors, max_size=3))
def test_the_price_equals_an_independent_computation(seconds, coefficient, multipliers):
    numerator, denominator = seconds.numerator, seconds.denominator * 60
    for factor in (coefficient, *multipliers):
        numerator *= factor.numerator
        denominator *= factor.denominator
    assert pricing.credits(seconds, coefficient, multipliers) == (numerator // denominator or 1)


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False))
@example(5e-324)
@example(1.7976931348623157e308)
@example(-0.0)
def test_every_finite_float_has_a_price(seconds):
    assert pricing.credits(seconds) >= 1
    assert float(exact(seconds)) == seconds


BAD = [
    *(True, False, None, -1, -0.5, "-1", Fraction(-1, 2), Decimal("-0.1"), float("nan")),
    *(float("inf"), float("-inf"), "nan", "inf", Decimal("NaN"), Decimal("sNaN")),
    *(Decimal("Infinity"), "", "4:10", "one", b"1", [1], 1j, "1e999999999"),
    *(Decimal("1e-999999"), -(10**5000)),
]


@pytest.mark.parametrize("bad", BAD, ids=range(len(BAD)))
def test_what_is_no_usable_number_is_refused(bad):
    with pytest.raises(InvalidInput):
        pricing.credits(bad)
    with pytest.raises(InvalidInput):
        pricing.credits(60, bad)
    with pytest.raises(InvalidInput):
        pricing.credits(60, 1, [bad])


@pytest.mark.parametrize("text", ["2", "20", b"2", 5, 1.5, None, {"8": "2.0000"}, object()])
def test_only_a_list_is_taken_for_a_list_of_multipliers(text):
    with pytest.raises(InvalidInput, match="list"):
        pricing.credits(60, 1, text)


def test_the_error_says_which_number_was_wrong():
    with pytest.raises(InvalidInput, match=r"^coefficient must be a finite number, not 'x'"):
        pricing.credits(60, "x")
    with pytest.raises(InvalidInput, match=r"^seconds must not be negative"):
        pricing.credits(-1)
