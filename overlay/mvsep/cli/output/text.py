"""Texts and numbers, made fit for a terminal and for JSON."""

from __future__ import annotations

import os
import shlex
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mvsep.files.sources import Source
    from mvsep.files.stem_file import StemFile

# Control and format characters can move a terminal's cursor or turn text round, separators begin
# a line; lone surrogates (parts of a file name that is not UTF-8) can't be written at all.
_UNFIT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONGEST = 4000
_MEGABYTE = 1_000_000


def printable(text: object) -> str:
    """Return a text of the service or of a file name on one line, harmless and not too long."""
    line = str(text)
    cut = line[:_LONGEST]
    return harmless(" ".join(cut.split())) + "…" * (cut != line)


def harmless(line: str) -> str:
    """Replace the characters that could change a terminal, but for tabs."""
    return "".join(c if c == "\t" or _is_fit(c) else "\ufffd" for c in line)


def _is_fit(character: str) -> bool:
    return unicodedata.category(character) not in _UNFIT


def quoted(word: str) -> str:
    """Quote a word for a shell, byte by byte if it can't be shown."""
    if all(map(_is_fit, word)):
        return shlex.quote(word)
    return "$'" + "".join(f"\\x{byte:02x}" for byte in os.fsencode(word)) + "'"


def is_text(word: str) -> bool:
    """Tell if a word has no lone surrogates: bytes of a file name that are not UTF-8."""
    return not any(unicodedata.category(character) == "Cs" for character in word)


def song_name(source: Source | None) -> str:
    """Return a song's name among others: its path as given, or the end of its link."""
    from mvsep.files.sources import is_link, name_of

    return name_of(source) if source is None or is_link(source) else str(source)


def folder_name(files: Iterable[Path]) -> str:
    """Return the folder of some files, relative to the current one where it is below it."""
    folders = {file.parent for file in files}
    if len(folders) != 1:
        return "several folders"
    folder = folders.pop()
    with suppress(ValueError, OSError):  # not below it, or there is none any more
        folder = folder.relative_to(Path.cwd())
    return str(folder) if folder.parts else "this folder"


def near(path: Path) -> Path:
    """Return a path relative to the current folder where it is below it, else an absolute one."""
    whole = Path(whole_path(path))
    with suppress(ValueError, OSError):
        return whole.relative_to(Path.cwd())
    return whole


def megabytes(done: int, total: int | None) -> str:
    """Format bytes so far and in all: `0.4/0.9 MB`, or `0.4 MB` if the total is unknown."""
    whole = "" if total is None else f"/{total / _MEGABYTE:.1f}"
    return f"{done / _MEGABYTE:.1f}{whole} MB"


def clock_time(seconds: Fraction | float) -> str:
    """Format a length: `3:05`, or `1:02:03` from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def source_json(source: Source | None) -> str | None:
    """Return a song's source for JSON: an absolute path, a link, or None for a text."""
    from mvsep.files.sources import is_link

    if source is None or is_link(source) or not isinstance(source, str | os.PathLike):
        return source if source is None else str(source)
    return whole_path(source)


def whole_path(path: str | os.PathLike[str]) -> str:
    """Return an absolute path; as it is if the working folder was deleted."""
    try:
        return os.path.abspath(Path(path).expanduser())  # noqa: PTH100  it joins `..`, too
    except (OSError, RuntimeError):  # RuntimeError: no such user
        return str(path)


def plural(count: object, noun: str) -> str:
    """Format a count and its noun: `1 stem`, `2 stems`."""
    return f"{count} {noun}{'' if str(count) == '1' else 's'}"


def number(value: Fraction | None) -> int | float | None:
    """Return a fraction for JSON: an integer where it is one."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def files_json(files: Iterable[StemFile]) -> list[dict[str, Any]]:
    """Return stems for JSON."""
    return [
        {
            "label": stem.label,
            "path": whole_path(stem.path),
            "size": stem.size,
            "sha256": stem.sha256,
        }
        for stem in files
    ]
