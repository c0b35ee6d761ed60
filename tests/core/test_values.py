"""Numbers read exactly, and reasons for doubt."""

import pickle
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.core.values import SURE, Doubts, exact, length, presentable
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


@pytest.mark.parametrize("seconds", [0, "0.0", -1, float("nan"), "long", None, True])
def test_a_length_is_more_than_zero(seconds):
    with pytest.raises(InvalidInput, match="seconds must"):
        length(seconds)


@given(st.integers(1, 10**9))
def test_any_other_length_is_kept(seconds):
    assert length(seconds) == length(str(seconds)) == seconds


def test_doubts_join_and_are_true_where_there_are_any():
    one, two = Doubts(["One."]), Doubts(["Two."])
    assert (one | two).text == "One. Two."
    assert not SURE
    assert SURE | one == one | SURE == one == ("One.",)
    twin = pickle.loads(pickle.dumps(one | two))
    assert (type(twin), twin.text) == (Doubts, "One. Two.")


@given(st.text())
def test_what_is_shown_of_a_text_is_one_printable_line_of_some_length(text):
    shown = presentable(text, 40)

    assert shown.isprintable()
    assert len(shown) <= 40
    assert presentable(shown, 40) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Vocals\n\tand  more ", "Vocals and more"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("a\u200bb\u00adc\u2066d\u202ee\ufefff", "abcdef"),
        ("\ud800", "\ufffd"),
        ("голос 声 é", "голос 声 é"),
        ("x" * 5000, "x" * 1997 + "..."),
    ],
)
def test_a_text_of_the_service_is_shown_without_what_harms_a_terminal(text, shown):
    assert presentable(text) == shown
