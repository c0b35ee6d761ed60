"""Values: in the service's forms, exact numbers, doubts, "not given", and checks of arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, TypeVar
from unicodedata import category

from mvsep.errors import InvalidInput

_MOST_DIGITS = 18


def truth(success: object) -> bool:
    """Read the service's `success`, which comes as a boolean, a word or a number."""
    if isinstance(success, str):
        return success.strip().lower() in {"true", "1"}
    return bool(success)


def digits(text: str) -> int | None:
    """Read a text of plain digits as a number; None for anything else or more than 18 digits."""
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


#: The most characters of a text of the service that are shown.
LONGEST_TEXT: Final = 2000


def presentable(text: str, most: int = LONGEST_TEXT) -> str:
    """Put a text of the service on one line, without what can't be printed or seen.

    The only door to what a person reads. Half a surrogate pair can't be written to a file, and a
    control character may change the terminal. What has no width, or turns the direction of what
    follows, goes without a trace.
    """
    # White space that is left out is not counted, but it is not read for ever either.
    words = " ".join(text[: 8 * most].split())
    seen = (character for character in words if category(character) != "Cf")
    line = "".join(character if character.isprintable() else "\ufffd" for character in seen)
    return line if len(line) <= most else f"{line[: most - 3]}..."


_LARGEST: Final = 2**31


def number_of(value: object) -> Fraction | None:
    """Read a number from 0 in any form the service uses; None for anything else."""
    try:
        # Equal numbers of other types are told apart: True must not be taken for 1.
        return _cached(type(value).__name__, value)
    except (InvalidInput, TypeError, ValueError):
        return None


def whole_of(value: object) -> int | None:
    """Read a whole number from 0 that can be one of the service's; None for anything else."""
    if type(value) is int:
        return value if 0 <= value < _LARGEST else None
    found = number_of(value)
    if found is None or found.denominator != 1 or found >= _LARGEST:
        return None
    return int(found)


def flag_of(value: object) -> bool | None:
    """Read a yes or no: true, 1, "1" and their contraries; None for anything else."""
    if isinstance(value, bool):
        return value
    found = whole_of(value)
    return bool(found) if found in (0, 1) else None


@lru_cache(maxsize=256)
def _cached(kind: str, value: Any) -> Fraction:
    return exact(value)


def shown(value: object, most: int = 60) -> str:
    """Show a caller's value in an error, whatever it is."""
    try:
        return f"{value!r:.{most}}"
    except Exception:  # such as a number of more digits than Python writes
        return f"such a {type(value).__name__}"


#: Anything read as a number. The service sends some as text, such as "2.0000".
Number = int | float | Decimal | Fraction | str

# Floats stay within it. As a fraction, a text such as "1e999999999" would take all memory.
_MAX_EXPONENT: Final = 400
_TOO_MUCH: Final = 10**_MAX_EXPONENT
# Seconds of a song, at most: thirty years.
_LONGEST: Final = 10**9


def length(value: Number, what: str = "seconds") -> Fraction:
    """Read a length in seconds, more than zero, as an exact fraction."""
    seconds = exact(value, what)
    if not 0 < seconds <= _LONGEST:
        raise InvalidInput(
            f"{what} must be more than zero, and less than thirty years.", param=what
        )
    return seconds


def exact(value: Number, what: str = "value") -> Fraction:
    """Read a finite number from 0 as an exact fraction.

    Args:
        value: A float is read by its shortest decimal text, so that 1.1 is 11/10.
        what: The name of the value in the error.

    Raises:
        InvalidInput: When it is negative, not finite, or no number (a boolean is none).
    """
    number = _fraction(value)
    if number is None:
        raise InvalidInput(f"{what} must be a finite number, not {shown(value)}.", param=what)
    if number < 0:
        raise InvalidInput(f"{what} must not be negative.", param=what)
    return number


def _fraction(value: object) -> Fraction | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return Fraction(value) if -_TOO_MUCH < value < _TOO_MUCH else None
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


class Doubts(tuple[str, ...]):
    """Reasons for not relying on a value, in sentences; empty for a value that is sure.

    It is a tuple of texts. `|` joins the reasons of two.
    """

    __slots__ = ()

    def __or__(self, more: Iterable[str]) -> Doubts:
        return Doubts((*self, *more))

    @property
    def text(self) -> str:
        """All reasons in one text."""
        return " ".join(self)


#: No doubts.
SURE = Doubts()


class Default(Enum):
    """The type of `DEFAULT`."""

    DEFAULT = "default"


#: Stands for "not given" where None means "for ever".
DEFAULT: Final = Default.DEFAULT

#: Seconds of waiting: None for ever, DEFAULT for the client's own setting.
Timeout = float | None | Default


T = TypeVar("T")


def whole_number(name: str, value: object) -> int:
    """Read a whole number from 0 as a plain int; a boolean is no number here."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST:
        return int(value)
    raise InvalidInput(f"{name} can't be {shown(value)}: it is a number from 0.", param=name)


def from_arguments(kind: type[T], given: Mapping[str, Any]) -> T:
    """Make an attrs object from the arguments that are named like its fields."""
    from attrs import fields  # by whom values alone are needed, attrs is not

    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: given[name] for name in names if name in given})
