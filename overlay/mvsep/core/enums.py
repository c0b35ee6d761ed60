"""Enums that keep values the service adds after this release."""

from __future__ import annotations

import re
from enum import Enum, EnumType, IntEnum, StrEnum
from typing import Any, Self

_NAME_LENGTH = 40
"""Characters of an unknown word that go into its name; the value itself is kept whole."""


class _NoBooleans(EnumType):
    # A plain enum looks a value up by its hash, so True would be found as 1 and 40.0 as 40.
    def __call__(cls, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, (bool, float)):
            # A ValueError, as an enum raises for any other value that it refuses.
            raise ValueError(f"{value!r} is not a valid {cls.__name__}")  # noqa: TRY004  as enum does
        return super().__call__(value, *args, **kwargs)


class _Tolerant(Enum):
    @property
    def known(self) -> bool:
        """True for a value that this release has a member for."""
        return self._name_ in type(self).__members__

    def __reduce_ex__(self, proto: Any) -> tuple[Any, ...]:
        """Pickle and copy by value, which works for unknown members too."""
        return (type(self), (self._value_,))


class TolerantIntEnum(_Tolerant, IntEnum, metaclass=_NoBooleans):
    """An `IntEnum` that keeps any integer, known or not; a boolean or a float is a ValueError.

    A member is written as its number and its `__doc__`: `FLAC_24 = 5, "flac, 24 bit."`. An unknown
    integer becomes a member-like value named `UNKNOWN_<value>`. Two look-ups of one are equal but
    not identical, so compare with `==`.
    """

    _value_: int

    def __new__(cls, value: int, doc: str | None = None) -> Self:
        """Make a member of its number and text."""
        member = int.__new__(cls, value)
        member._value_, member.__doc__ = value, doc
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        number = int(value)
        member = int.__new__(cls, number)
        member._name_ = f"UNKNOWN_{number}".replace("-", "MINUS_")
        member._value_, member.__doc__ = number, None
        return member


class TolerantStrEnum(_Tolerant, StrEnum):
    """A `StrEnum` that keeps any word, known or not; see `TolerantIntEnum`.

    In the name `UNKNOWN_<word>` each character that can't stand in a Python name is an underscore,
    and a long word is cut; the value stays whole.
    """

    _value_: str

    def __new__(cls, value: str, doc: str | None = None) -> Self:
        """Make a member of its word and text."""
        member = str.__new__(cls, value)
        member._value_, member.__doc__ = value, doc
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        word = str(value)
        member = str.__new__(cls, word)
        member._name_ = "UNKNOWN_" + (re.sub(r"[^A-Za-z0-9_]", "_", word)[:_NAME_LENGTH] or "EMPTY")
        member._value_, member.__doc__ = word, None
        return member
