"""Checks of what a caller hands over, before anything is sent.

Each takes the name of an argument and its value, and raises InvalidInput. `by` makes one the
validator of an attrs field of that name.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from mvsep.core.values import DEFAULT, shown
from mvsep.errors import InvalidInput

if TYPE_CHECKING:
    from attrs import Attribute

Check = Callable[[str, Any], object]

# Seconds; the system's own clocks take no more than about a hundred years.
_LONGEST_PAUSE: Final = 1e9


def by(check: Check) -> Callable[[object, Attribute[Any], Any], None]:
    """Make a validator of an attrs field, which has the argument's name."""

    def validate(_: object, field: Attribute[Any], value: Any) -> None:
        check(field.name, value)

    return validate


def check_is(kind: type) -> Check:
    """Make a check that a value is of a kind, or None."""

    def check(name: str, value: object) -> None:
        if value is not None and not isinstance(value, kind):
            article = "an" if kind.__name__[0] in "AEIOU" else "a"
            raise InvalidInput(
                f"{name} is {article} {kind.__name__}, not {shown(value)}.", param=name
            )

    return check


def check_flag(name: str, value: object) -> None:
    """Check that a value is True or False: a text such as "no" would count as True."""
    if not isinstance(value, bool):
        raise _wrong(name, value, "Give True or False.")


def check_switch(name: str, value: object) -> None:
    """Check that a value is True, False, 1 or 0."""
    if not isinstance(value, int) or value not in (0, 1):
        raise _wrong(name, value, "Give True or False.")


def check_count(name: str, value: object) -> None:
    """Check that a value is a whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _wrong(name, value, "Give a whole number from 1.")


def check_whole(name: str, value: object) -> None:
    """Check that a value is a whole number from 0, or None."""
    is_whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if value is not None and not is_whole:
        raise _wrong(name, value, "Give a whole number from 0.")


def check_number(name: str, value: object) -> None:
    """Check that a value is a number from 0."""
    if not _is_number(value):
        raise _wrong(name, value, "Give a number from 0.")


def check_positive(name: str, value: object) -> None:
    """Check that a value is a number above 0, or None."""
    if value is not None and (not _is_number(value) or not value):
        raise _wrong(name, value, "Give a number above 0.")


def check_pause(name: str, value: object, *, most: float = _LONGEST_PAUSE) -> None:
    """Check that a value is a number of seconds that one can sleep, above 0."""
    if not _is_number(value) or not 0 < float(value) <= most:  # type: ignore[arg-type]
        raise _wrong(name, value, f"Give a number of seconds, at most {most:g}.")


def check_seconds(name: str, value: object) -> None:
    """Check that a value is a number of seconds from 0, None or not given."""
    if value is not None and value is not DEFAULT and not _is_number(value):
        raise _wrong(name, value, "Give a number of seconds from 0, or None.")


def check_link(name: str, value: object) -> None:
    """Check that a value is an http or https address with a host."""
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise _wrong(name, value, "Give an address such as https://example.org/song.wav.")
    if any(character.isspace() or not character.isprintable() for character in str(value)):
        raise _wrong(name, value, "An address has no white space; %20 stands for it.")


def check_text(name: str, value: object) -> None:
    """Check that a value is a text."""
    if not isinstance(value, str):
        raise _wrong(name, value, "Give a text.")


def check_function(name: str, function: object) -> None:
    """Check that something can be called."""
    if not callable(function):
        raise InvalidInput(f"{name} can't be called: {shown(function)}.", param=name)


def check_plain(name: str, function: object) -> None:
    """Check that a callback is a plain function, or None: nobody would await an `async def`."""
    if function is not None:
        check_function(name, function)
    called = getattr(type(function), "__call__", None)  # noqa: B004  of an object its own
    if iscoroutinefunction(function) or iscoroutinefunction(called):
        raise InvalidInput(
            f"{name} is an async function, and would never be awaited.",
            param=name,
            next_step="Hand over a plain function; it may start a task or put into a queue.",
        )


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return float(value) >= 0  # which nan is not
    except OverflowError:
        return False


def _wrong(name: str, value: object, next_step: str) -> InvalidInput:
    return InvalidInput(f"{name} can't be {shown(value)}.", param=name, next_step=next_step)
