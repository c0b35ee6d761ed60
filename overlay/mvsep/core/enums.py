"""Enums that keep a value the service began to use after this release was made."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from enum import EnumType, IntEnum, StrEnum
from functools import cache
from itertools import pairwise
from typing import Any, Self

_NAME_LENGTH = 40
"""Characters of an unknown word that go into its name; the value itself is kept whole."""


class _NoBooleans(EnumType):
    # A plain enum looks a value up by its hash, so True would be found as 1 and 40.0 as 40.
    def __call__(cls, value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, (bool, float)):
            # A ValueError, as an enum raises for any other value that it refuses.
            raise ValueError(f"{value!r} is not a valid {cls.__name__}")  # noqa: TRY004
        return super().__call__(value, *args, **kwargs)


class _Doc(str):
    """The text of an enum; asked of a member, the one under that in the source."""

    __slots__ = ()

    def __get__(self, member: Any, enum: type) -> str | None:
        return str(self) if member is None else _texts(enum).get(member.name)


@cache
def _texts(enum: type) -> dict[str, str]:
    """The text under each member of an enum; none where there is no source, as in a frozen app."""
    try:
        (node,) = ast.parse(textwrap.dedent(inspect.getsource(enum))).body
    except (OSError, TypeError):
        return {}
    assert isinstance(node, ast.ClassDef)  # noqa: S101  what is asked for is one
    return {
        member.targets[0].id: text.value.value
        for member, text in pairwise(node.body)
        if isinstance(member, ast.Assign)
        and isinstance(member.targets[0], ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }


class TolerantIntEnum(IntEnum, metaclass=_NoBooleans):
    """An `IntEnum` that keeps any integer, known or not.

    The text under a member in its source is its `__doc__`.

    An unknown integer becomes a member-like value named `UNKNOWN_<value>` that compares, hashes,
    copies, pickles and turns into JSON as the integer it is. Two look-ups of an unknown integer
    are equal but not identical, so compare with `==`.

    Raises:
        ValueError: For what is not an integer, booleans included.
    """

    def __init_subclass__(cls) -> None:
        cls.__doc__ = _Doc(cls.__doc__ or "")

    @property
    def known(self) -> bool:
        """Whether this release knows the value."""
        return self._name_ in type(self).__members__

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        number = int(value)
        member = int.__new__(cls, number)
        member._name_ = f"UNKNOWN_{number}".replace("-", "MINUS_")
        member._value_ = number
        return member

    def __reduce_ex__(self, proto: Any) -> tuple[Any, ...]:
        """Pickle and copy by value, which works for unknown members too."""
        return (type(self), (self._value_,))


class TolerantStrEnum(StrEnum):
    """A `StrEnum` that keeps any word, known or not.

    An unknown word becomes a member-like value named `UNKNOWN_<word>`, where each character that
    can't stand in a Python name is an underscore and a long word is cut; the value stays whole.
    Two look-ups of an unknown word are equal but not identical, so compare with `==`.

    Raises:
        ValueError: For what is not a string.
    """

    def __init_subclass__(cls) -> None:
        cls.__doc__ = _Doc(cls.__doc__ or "")

    @property
    def known(self) -> bool:
        """Whether this release knows the value."""
        return self._name_ in type(self).__members__

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        word = str(value)
        member = str.__new__(cls, word)
        member._name_ = "UNKNOWN_" + (re.sub(r"[^A-Za-z0-9_]", "_", word)[:_NAME_LENGTH] or "EMPTY")
        member._value_ = word
        return member

    def __reduce_ex__(self, proto: Any) -> tuple[Any, ...]:
        """Pickle and copy by value, which works for unknown members too."""
        return (type(self), (self._value_,))
