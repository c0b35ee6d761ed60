"""Bases of the objects that people look at: a short repr, and a dictionary of JSON types."""

from __future__ import annotations

import os
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, ClassVar, Final

from attrs import NOTHING, Attribute, Factory, fields, has

from mvsep.core.values import presentable, shown

#: The most characters of a repr.
LONGEST_REPR: Final = 200
# The most characters of one value in it.
_LONGEST_VALUE: Final = 60
# The answer as it came: its form is the service's.
_AS_IT_CAME: Final = "raw"

_Many = (tuple, list, AbstractSet, Mapping)


class Brief:
    """Base of attrs classes with a short repr: one line, without defaults, long lists counted."""

    __slots__ = ()

    def __repr__(self) -> str:
        facts = [_fact(field, getattr(self, field.name)) for field in _fields(self) if field.repr]
        return one_line(type(self), *filter(None, facts))


class Plain(Brief):
    """Base of attrs classes that become a dictionary, too; `_keys` names what is in it."""

    __slots__ = ()

    #: Fields and properties; None for all fields.
    _keys: ClassVar[str | None] = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as a dictionary of JSON types: texts, numbers, booleans, lists, dictionaries.

        An exact fraction is a number, a path a text, a separation type its number, and an error a
        dictionary of its type, its message and the facts it has.
        """
        names = [field.name for field in _fields(self) if field.name != _AS_IT_CAME]
        names = names if self._keys is None else self._keys.split()
        return {name: plain(getattr(self, name)) for name in names}


def one_line(kind: type, *facts: str) -> str:
    """Write a repr: the class and its facts, on one line of at most `LONGEST_REPR` characters."""
    return presentable(f"{kind.__name__}({', '.join(facts)})", LONGEST_REPR)


def plain(value: object) -> Any:
    """Return a value in JSON types; see `Plain.to_dict`."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Fraction | Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(each) for key, each in value.items()}
    if isinstance(value, AbstractSet):
        return sorted(map(plain, value), key=str)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return _of_object(value)


def _of_object(value: object) -> Any:
    if isinstance(value, Exception):
        known = {name: fact for name, fact in vars(value).items() if _is_simple(fact)}
        return {"type": type(value).__name__, **known}
    if isinstance(value, type):
        return value.__name__
    if callable(made := getattr(value, "to_dict", None)):
        return made()
    if has(type(value)):
        return {field.name: plain(getattr(value, field.name)) for field in _fields(value)}
    return _shown(value)


def _is_simple(value: object) -> bool:
    return isinstance(value, str | bool | int | float)


def _fields(of: object) -> tuple[Attribute[Any], ...]:
    return tuple(fields(type(of)))  # type: ignore[arg-type]  # an attrs class, as each heir is


def _fact(field: Attribute[Any], value: object) -> str | None:
    """Write one field: a list that is long is counted; None for a default or what is empty."""
    if value is None or _is_default(field, value):
        return None
    if isinstance(value, _Many):
        found = list(value.items() if isinstance(value, Mapping) else value)
        if not found or not all(isinstance(each, str | int) for each in found):
            return f"{len(found)} {field.name}"
        text = f"{field.name}={_listed(found)}"
        return text if len(text) <= _LONGEST_VALUE else f"{len(found)} {field.name}"
    return f"{field.name}={_shown(value)}"


def _is_default(field: Attribute[Any], value: object) -> bool:
    default: Any = field.default
    if default is NOTHING:
        return False
    if isinstance(default, Factory):  # type: ignore[arg-type]  # a class, whatever the stub says
        return not default.takes_self and bool(default.factory() == value)
    return type(default) is type(value) and bool(default == value)


def _listed(values: list[Any]) -> str:
    return f"[{', '.join(map(_shown, values))}]"


def _shown(value: object) -> str:
    if isinstance(value, Enum):
        text = f"{type(value).__name__}.{value.name}"
    elif isinstance(value, Fraction):
        text = f"{float(value):g}"
    elif isinstance(value, os.PathLike):
        text = repr(os.fsdecode(value))
    elif isinstance(value, bytes | bytearray | memoryview):
        text = f"{len(value)} bytes"
    elif callable(value):
        text = str(getattr(value, "__qualname__", type(value).__name__))
    elif type(value).__repr__ is object.__repr__:
        text = type(value).__name__  # its address says nothing
    else:
        text = shown(value, _LONGEST_VALUE + 1)
    return presentable(text, _LONGEST_VALUE)
