"""Checks of callers' arguments."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import iscoroutinefunction
from typing import Any, TypeVar

from attrs import fields

from mvsep.core.values import DEFAULT
from mvsep.errors import InvalidInput

T = TypeVar("T")


def whole_number(name: str, value: object) -> int:
    """Read a whole number from 0 as a plain int; a boolean is no number here."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return int(value)
    raise InvalidInput(f"{name} can't be {value!r:.60}: it is a number from 0.", param=name)


def check_seconds(**seconds: object) -> None:
    """Check that each is a number of seconds, None or not given, before anything is paid for."""
    for name, value in seconds.items():
        if value is None or value is DEFAULT:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise InvalidInput(
                f"{name} can't be {value!r:.60}.",
                param=name,
                next_step="Give a number of seconds, or None.",
            )


def check_plain(**functions: object) -> None:
    """Check that callbacks are plain functions: nobody would await an `async def`."""
    for name, function in functions.items():
        if function is not None and not callable(function):
            raise InvalidInput(f"{name} can't be called: {function!r:.60}.", param=name)
        called = getattr(type(function), "__call__", None)  # noqa: B004  of an object its own
        if iscoroutinefunction(function) or iscoroutinefunction(called):
            raise InvalidInput(
                f"{name} is an async function, and would never be awaited.",
                param=name,
                next_step="Hand over a plain function; it may start a task or put into a queue.",
            )


def picked(kind: type[T], given: Mapping[str, Any]) -> T:
    """Make an attrs class of those of a call's arguments that are named as its fields."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: given[name] for name in names if name in given})
