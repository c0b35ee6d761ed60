"""Lists of songs with settings of their own: CSV files, as spreadsheets write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from mvsep.batch.song import Song
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.goals import choose
from mvsep.catalog.options import resolve
from mvsep.cli.input.arguments import known_types, read_options, read_sep_type
from mvsep.core.disk import path_of
from mvsep.core.values import length
from mvsep.errors import InvalidInput, MVSepError
from mvsep.files.sources import is_link

COLUMNS: Final = ("source", "type", "stem", "options", "format", "seconds", "out")
# In this order: a file with semicolons may have commas in numbers and names.
_DELIMITERS: Final = (";", "\t", ",")
_BETWEEN_OPTIONS: Final = "|"
_COLUMNS_STEP: Final = f"The columns are {', '.join(COLUMNS)}."
# Bad lines that are named.
_NAMED: Final = 10

# The number of a bad line, what is wrong, and what to do.
_Fault = tuple[int, str, str | None]


def read_list(path: Path, *, validate: bool = True) -> list[Song]:
    """Read the songs of a CSV file.

    The first line names the columns, and tells by what they are divided: semicolons, tabs or
    commas, whichever it has first in this order.

    Args:
        path: The file.
        validate: False to take options that the catalogue does not know.

    Raises:
        InvalidInput: When the file or a line can't be used; the line is named.
    """
    text = _text(path)
    if not text.strip():
        raise InvalidInput(f"{path} is empty.", next_step=_COLUMNS_STEP)
    head = text.partition("\n")[0]
    delimiter = next((each for each in _DELIMITERS if each in head), ",")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(rows, []))
        songs, faults = _songs(rows, columns, path, validate=validate)
    except csv.Error as error:
        raise _wrong(path, [(rows.line_num, f"{error}.", None)]) from error
    except InvalidInput as error:
        raise _wrong(path, [(rows.line_num, error.message, error.next_step)]) from error
    if faults:
        raise _wrong(path, faults)
    if not songs:
        raise InvalidInput(f"{path} lists no song.", charged=False)
    return songs


def _wrong(path: Path, faults: Sequence[_Fault]) -> InvalidInput:
    """Return the error about the lines that can't be used, the first ones by name."""
    line, why, step = faults[0]
    error = InvalidInput(f"{path}, line {line}: {why}", charged=False, next_step=step)
    for line, why, step in faults[1:_NAMED]:
        error.add_note(" ".join(filter(None, (f"Line {line}: {why}", step))))
    if len(faults) > _NAMED:
        error.add_note(f"... and {len(faults) - _NAMED} lines more.")
    return error


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInput(
            f"{path} can't be read: {error.strerror or error}.", charged=False
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{path} is not in UTF-8.",
            charged=False,
            next_step="In a spreadsheet, save it as CSV UTF-8.",
        ) from error


def _columns(head: list[str]) -> list[str]:
    columns = [each.strip().lower() for each in head]
    for each in columns:
        if each not in COLUMNS or columns.count(each) > 1:
            raise InvalidInput(
                f"{each!r} is no column, or is there twice.",
                next_step=_COLUMNS_STEP,
            )
    if "source" not in columns:
        raise InvalidInput("The first line has no column source.")
    return columns


def _songs(
    rows: Any, columns: list[str], path: Path, *, validate: bool
) -> tuple[list[Song], list[_Fault]]:
    """Return the songs of the lines, and what is wrong with the others."""
    songs, faults = list[Song](), list[_Fault]()
    for row in rows:
        cells = [each.strip() for each in row]
        if not any(cells):
            continue
        try:
            if len(cells) > len(columns):
                raise InvalidInput(f"It has {len(cells)} cells for {len(columns)} columns.")
            given = {name: cell for name, cell in zip(columns, cells, strict=False) if cell}
            songs.append(_song(given, path.parent, validate=validate))
        except (MVSepError, click.UsageError) as error:
            faults.append((rows.line_num, error.message, getattr(error, "next_step", None)))
    return songs, faults


def _song(given: Mapping[str, str], folder: Path, *, validate: bool) -> Song:
    values = {name: _READERS[name](cell) for name, cell in given.items() if name in _READERS}
    kind, options, goal = values.get("type"), values.get("options"), given.get("stem")
    if options is not None and kind is None and goal is None:
        raise InvalidInput("Options go with a type or a stem in the same line.")
    taken, chosen = kind, options
    if goal is not None:
        found = choose(known_types(), kind, goal, options)
        taken, chosen = found.sep_type, found.options
    entry = resolve(known_types(), taken, chosen, validate=validate).entry if taken else None
    source, out = given.get("source"), given.get("out")
    if source is None and not (entry and entry.audio_widget == "no_upload"):
        raise InvalidInput("It has no source.")
    if source is not None and not is_link(source):
        place = folder / path_of(source)
        if not place.exists():
            raise InvalidInput(f"There is no file {place}.")
        source = str(place)
    return Song(
        source=source,
        sep_type=kind,
        best_for=goal,
        options=options,
        output_format=values.get("format"),
        seconds=values.get("seconds"),
        out=folder / path_of(out) if out else None,
    )


def _options(cell: str) -> dict[str, str]:
    pairs = tuple(each.strip() for each in cell.split(_BETWEEN_OPTIONS) if each.strip())
    nowhere: Any = None  # it stands in no option
    return read_options(nowhere, nowhere, pairs)


def _seconds(cell: str) -> str:
    length(cell)
    return cell


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "type": read_sep_type,
    "options": _options,
    "format": OutputFormat.from_name,
    "seconds": _seconds,
}
