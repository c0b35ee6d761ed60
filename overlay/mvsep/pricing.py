"""What a separation costs: exact arithmetic, no floats."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from mvsep.errors import InvalidInput

Number = int | float | Decimal | Fraction | str
"""What is read as a number. The service sends some as text, such as "2.0000"."""

MIRROR_CREDITS: Final = 1
"""Credits for reading a result through another mirror (`mirror=1`). Source: the API page."""

_MAX_EXPONENT: Final = 400
# Floats stay within it. As a fraction, a text such as "1e999999999" would take all memory.


def credits(seconds: Number, coefficient: Number = 1, multipliers: Iterable[Number] = ()) -> int:
    """The credits a separation costs: max(1, floor(seconds * coefficient * multipliers / 60)).

    Source: the service's API page, `floor(<seconds> * price_coefficient / 60)?:1`. Measured: 119 s
    cost 1 and 121 s cost 2. The service's examples: 6:20 costs 25 at coefficient 4 and 6 at 1.
    That an option's multiplier is applied before rounding is inferred, not documented.

    Args:
        seconds: How long the mixture plays, in seconds. Zero gives 1, as the formula says; that
            the service refuses an empty file is not decided here.
        coefficient: The separation type's `price_coefficient`.
        multipliers: The `price_rules` of the options chosen; none means no change.

    Raises:
        InvalidInput: When one of them is negative, not finite, or no number (a boolean is none).
    """
    if isinstance(multipliers, str | bytes | Mapping) or not isinstance(multipliers, Iterable):
        raise InvalidInput(f"The multipliers are a list of numbers, not {multipliers!r:.80}.")
    price = exact(seconds, "seconds") * exact(coefficient, "coefficient")
    for multiplier in multipliers:
        price *= exact(multiplier, "multiplier")
    return max(1, math.floor(price / 60))


def length(value: Number, what: str = "seconds") -> Fraction:
    """How long something plays, in seconds, as an exact fraction.

    Args:
        value: As for `exact`.
        what: What to call it in the error.

    Raises:
        InvalidInput: When it is not more than zero, not finite, or no number.
    """
    seconds = exact(value, what)
    if not seconds:
        raise InvalidInput(f"{what} must be more than zero.")
    return seconds


def exact(value: Number, what: str = "value") -> Fraction:
    """A number that is finite and not negative, as an exact fraction.

    Args:
        value: A float is read by its shortest decimal text, so that 1.1 is 11/10.
        what: What to call it in the error.

    Raises:
        InvalidInput: When it is negative, not finite, or no number (a boolean is none).
    """
    number = _fraction(value)
    if number is None:
        raise InvalidInput(f"{what} must be a finite number, not {value!r:.80}.")
    if number < 0:
        raise InvalidInput(f"{what} must not be negative.")
    return number


def _fraction(value: object) -> Fraction | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    if isinstance(value, float):
        value = float.__repr__(value)
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except InvalidOperation:
            return None
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    if value and abs(value.adjusted()) > _MAX_EXPONENT:
        return None
    return Fraction(value)
