"""Values as the service sends them, and exact numbers."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from typing import Final

from mvsep.errors import InvalidInput

_MOST_DIGITS = 18


def truth(success: object) -> bool:
    """Whether the service's `success` says yes; it comes as a boolean, a word or a number."""
    if isinstance(success, str):
        return success.strip().lower() in {"true", "1"}
    return bool(success)


def digits(text: str) -> int | None:
    """The number that a text of plain digits stands for; None for one too long to be meant."""
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if plain else None


def integer_of(value: object) -> int | None:
    """Read a whole number, as one or as a text of digits; None for anything else."""
    if isinstance(value, str):
        return digits(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def filled_text(value: object) -> str | None:
    """Return a text that is not empty; None for anything else."""
    return value if isinstance(value, str) and value else None


def presentable(text: str) -> str:
    """A text of the service's as it can be shown: on one line, and of printable characters.

    Half a surrogate pair can't be written to a file, and a control character may change the
    terminal.
    """
    words = " ".join(text.split())
    return "".join(character if character.isprintable() else "\ufffd" for character in words)


#: Anything read as a number. The service sends some as text, such as "2.0000".
Number = int | float | Decimal | Fraction | str

# Floats stay within it. As a fraction, a text such as "1e999999999" would take all memory.
_MAX_EXPONENT: Final = 400


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


class Default(Enum):
    """The type of `DEFAULT`."""

    DEFAULT = "default"


#: Stands for "not given" where None means "for ever".
DEFAULT: Final = Default.DEFAULT

#: Seconds of waiting: None for ever, DEFAULT what the client was set up with.
Timeout = float | None | Default
