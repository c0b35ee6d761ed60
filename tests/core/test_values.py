"""Numbers read exactly, and reasons for doubt."""

import pickle
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.core.values import SURE, Doubts, exact
from mvsep.errors import InvalidInput


@pytest.mark.parametrize(
    "number", [1.1, "1.1", " 1.1000 ", Decimal("1.1"), Fraction(11, 10), "11e-1"]
)
def test_a_number_is_read_by_its_decimal_text(number):
    assert exact(number) == Fraction(11, 10)


@given(st.text())
def test_any_text_is_a_number_or_refused(text):
    with suppress(InvalidInput):
        assert exact(text) >= 0


def test_doubts_join_and_are_true_where_there_are_any():
    one, two = Doubts(["One."]), Doubts(["Two."])
    assert (one | two).text == "One. Two."
    assert not SURE
    assert SURE | one == one | SURE == one == ("One.",)
    twin = pickle.loads(pickle.dumps(one | two))
    assert (type(twin), twin.text) == (Doubts, "One. Two.")
