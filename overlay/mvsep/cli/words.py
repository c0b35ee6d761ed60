"""Texts and figures made fit for a terminal."""

from __future__ import annotations

import json
import os
import shlex
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

# Control and format characters can move a terminal's cursor or turn text round; lone surrogates
# (parts of a file name that is not UTF-8) can't be written at all.
_UNFIT = frozenset({"Cc", "Cf", "Cs"})
_MEGABYTE = 1_000_000


def printable(text: object) -> str:
    """A text of the service's or of a file name's, in one line and without control characters."""
    line = " ".join(str(text).split())
    return "".join("\ufffd" if unicodedata.category(c) in _UNFIT else c for c in line)


def written(path: Path) -> str | bytes:
    """A path as it goes to standard output, for another program to read it back."""
    return click.format_filename(path) if _is_text(str(path)) else os.fsencode(path)


def quoted(word: str) -> str:
    """A word as a shell takes it back; of bytes that are no UTF-8 each is spelt out."""
    if _is_text(word):
        return shlex.quote(word)
    return "$'" + "".join(f"\\x{byte:02x}" for byte in os.fsencode(word)) + "'"


def _is_text(word: str) -> bool:
    return not any(unicodedata.category(character) == "Cs" for character in word)


def megabytes(done: int, total: int | None) -> str:
    """How much has moved: `0.4/0.9 MB`, or `0.4 MB` where the whole is not known."""
    whole = "" if total is None else f"/{total / _MEGABYTE:.1f}"
    return f"{done / _MEGABYTE:.1f}{whole} MB"


def plural(count: int, noun: str) -> str:
    """A count and its noun: `1 stem`, `2 stems`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def number(value: Fraction | None) -> int | float | None:
    """A fraction as JSON has it: an integer where it is one."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def show_json(value: dict[str, Any]) -> None:
    """Write the one object that `--json` promises to standard output.

    It is pure ASCII, so that no terminal setting and no odd file name can break it.
    """
    click.echo(json.dumps(value, indent=2))
