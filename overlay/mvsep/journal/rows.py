"""Rows of the journal's tables, and the attempts that they tell of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, Final

from mvsep.files.names import DEFAULT_TEMPLATE
from mvsep.files.stem_file import StemFile
from mvsep.journal.entry import Entry, State
from mvsep.journal.port import COLUMNS, FILE_COLUMNS

_NONE: Final = type(None)
_KINDS: Final[dict[str, tuple[type, ...]]] = {
    **dict.fromkeys(("key", "state", "name", "details", "host", "account"), (str,)),
    **dict.fromkeys(("marker", "hash", "reason"), (str, _NONE)),
    **dict.fromkeys(("began", "changed"), (float, int)),
    "sep_type": (int,),
}
#: What another process needs to go on with an attempt, and its types.
_DETAILS: Final[dict[str, tuple[type, ...]]] = {
    "source": (str, _NONE),
    "reference": (str, _NONE),
    "form": (dict,),
    "input": (str,),
    "out": (str,),
    "template": (str,),
    "overwrite": (bool,),
}
_DEFAULTS: Final = {
    "source": None,
    "reference": None,
    "out": ".",
    "template": DEFAULT_TEMPLATE,
    "overwrite": False,
}


class _Details(dict[str, Any]):
    """The details of an attempt; one that was not written has its default."""

    def __init__(self, written: dict[str, Any], **defaults: Any) -> None:
        super().__init__(written)
        self._defaults = {**_DEFAULTS, **defaults}

    def __missing__(self, name: str) -> Any:
        return self._defaults[name]


class Unreadable(Exception):
    """A row is not as this version writes it."""


def stored(*values: object) -> tuple[object, ...]:
    """Values as SQLite takes them: a text is UTF-8 there, and the name of a file may be none."""

    def one(value: object) -> object:
        if not isinstance(value, str):
            return value
        coded = value.encode(errors="surrogatepass")
        return value if coded.decode(errors="replace") == value else coded

    return tuple(map(one, values))


def text_of(coded: bytes) -> str | bytes:
    """Return a text of SQLite, which may be no UTF-8; then its bytes."""
    try:
        return coded.decode()
    except UnicodeDecodeError:
        return coded


def entry_of(row: Sequence[Any], files: Iterable[Sequence[Any]]) -> Entry:
    """Return the attempt of a row, with those of its files.

    Raises:
        Unreadable: When it can't be read, and why.
    """
    known = dict(zip(COLUMNS, _told(row), strict=True))
    for name, kinds in _KINDS.items():
        _check(name, known[name], *kinds)
    if not (isfinite(known["began"]) and isfinite(known["changed"])):
        raise Unreadable("its time is no time")
    try:
        known.update(state=State(known["state"]), details=json.loads(known["details"]))
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error)) from error
    if not isinstance(known["details"], dict):
        raise Unreadable("its details are no object")
    details = _Details(known["details"], input=known["name"], form={"sep_type": known["sep_type"]})
    for name, kinds in _DETAILS.items():
        _check(name, details[name], *kinds)
    _check("sep_type", details["form"].get("sep_type"), int)
    known.update(details=details)
    return Entry(**known, files=tuple(map(_file, files)))


def hash_of(row: Sequence[Any]) -> str | None:
    """Return the hash of a row that can't be read otherwise, where it has one."""
    value = row[COLUMNS.index("hash")]
    return value if isinstance(value, str) else None


def _file(row: Sequence[Any]) -> StemFile:
    known = dict(zip(FILE_COLUMNS, _told(row), strict=True))
    for name, value in known.items():
        _check(name, value, int if name == "size" else str)
    return StemFile(known["label"], Path(known["path"]), known["size"], known["sha256"])


def _told(row: Iterable[Any]) -> tuple[Any, ...]:
    """Return the values as they were before `stored`."""
    try:
        return tuple(
            each.decode(errors="surrogatepass") if isinstance(each, bytes) else each for each in row
        )
    except UnicodeDecodeError as error:
        raise Unreadable(f"one of its texts is none: {error.reason}") from error


def _check(what: str, value: object, *kinds: type) -> None:
    if type(value) not in kinds:
        raise Unreadable(f"its {what} is {value!r:.40}")
