"""Refresh of the catalogue, SepType and the contract from the service's list of separation types.

`python -m tools.refresh` reads an answer of app/algorithms, live or saved, and writes its facts to
overlay/mvsep/data/catalog.json, overlay/mvsep/catalog/sep_type.py and the contract: all three, or
none. A fact that the answer leaves out stays as it was. A type that is gone stays too, marked with
the day, but only if the answer holds other types of its kind of input. No member of SepType is
ever renamed. The changes are printed in words for the changelog.

Exit code: 0 done, 2 it could not be done, and nothing was written.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from mvsep.catalog import Catalog, SeparationType
from mvsep.catalog.parse import from_file
from tools import catalogue, documents, files, snapshot
from tools.console import leave, shown
from tools.drift import read_algorithms
from tools.known_values import listed
from tools.member_names import NotOurs, member_names, members, with_members
from tools.regenerate import GenerationError, Project, validate
from tools.row_changes import quiet_changes

#: What CHANGELOG.md has before a line on a type that was added, renamed or removed.
MARK = "⚠️ "

_SERVICE = "https://mvsep.com"


class CannotRefresh(Exception):
    """The catalogue can't be refreshed; the message is a sentence that says why."""


@dataclass(frozen=True)
class Refreshed:
    """The outcome of a refresh.

    Args:
        files: The new text of each file.
        changes: The changes, in sentences for the changelog.
        problems: The unreadable parts of the answer.
    """

    files: Mapping[Path, str]
    changes: Sequence[str]
    problems: Sequence[str]


@dataclass(frozen=True)
class _Places:
    catalog: Path
    sep_types: Path
    contract: Path


@dataclass(frozen=True)
class _Ours:
    """Our own three files, and what is read of each."""

    catalog: dict[str, Any]
    sep_types: str
    contract: dict[str, Any]
    known: dict[int, SeparationType]
    names: dict[int, str]
    #: The contract's property that lists the separation types.
    field: dict[str, Any]


def refreshed(project: Project, answer: Any, day: date) -> Refreshed:
    """Work out the new files; nothing is written.

    Args:
        project: The project whose files are meant.
        answer: An answer of app/algorithms.
        day: The day the service gave it.

    Raises:
        CannotRefresh: When the answer lists no type, is older than the catalogue, or one of our
            own files is not as it should be.
    """
    places = _places(project)
    ours = _read_ours(places)
    try:
        now, problems = catalogue.read(answer)
    except catalogue.NoCatalogue as error:
        raise CannotRefresh(f"It is no answer of app/algorithms: {error}.") from error
    lost = _lost(ours, now, day)
    gone = {finding.sep_type for finding in lost}
    after = snapshot.merged(ours.catalog, answer, now, gone, day.isoformat())
    if {**after, "captured": ""} == {**ours.catalog, "captured": ""}:
        after = ours.catalog  # a day later the same is no news
    named = member_names({row["sep_type"]: row["name"] for row in after["types"]}, ours.names)
    return Refreshed(
        _files(places, ours, after, named),
        _changes(ours, after, lost, named, now),
        [finding.text for finding in problems],
    )


def _places(project: Project) -> _Places:
    package = project.root / "overlay" / "mvsep"
    return _Places(
        package / "data" / "catalog.json", package / "catalog" / "sep_type.py", project.contract
    )


def _catalog(document: Mapping[str, Any]) -> Catalog:
    return Catalog(tuple(map(from_file, document["types"])), document["captured"])


def _read_ours(places: _Places) -> _Ours:
    try:
        catalog = json.loads(places.catalog.read_text(encoding="utf-8"))
        source = places.sep_types.read_text(encoding="utf-8")
        contract = json.loads(places.contract.read_text(encoding="utf-8"))
        field = contract["components"]["schemas"]["SeparationCreateBody"]["properties"]["sep_type"]
        known = catalogue.known(_catalog(catalog))
        return _Ours(catalog, source, contract, known, members(source), field)
    except (OSError, ValueError, KeyError, TypeError, NotOurs, GenerationError) as error:
        raise CannotRefresh(f"Our own files: {type(error).__name__}: {error}.") from error


def _lost(ours: _Ours, now: Mapping[int, SeparationType], day: date) -> list[catalogue.Finding]:
    """Find the types that are gone; refuse an answer that is old or a part of the list."""
    captured = ours.catalog["captured"]
    if day.isoformat() < captured:
        raise CannotRefresh(
            f"The answer is of {day}, and the catalogue of {captured}: "
            "an older one would undo known facts. If the day is wrong, pass CAPTURED=."
        )
    lost = [each for each in catalogue.compare(ours.known, now) if each.kind == "gone"]
    if len(lost) > len(ours.known) / 2:
        raise CannotRefresh(
            f"{len(lost)} of {len(ours.known)} types would be gone: "
            "the answer seems to be only a part of the list."
        )
    return lost


def _files(
    places: _Places, ours: _Ours, after: Mapping[str, Any], named: Mapping[int, str]
) -> dict[Path, str]:
    rows = after["types"]
    values = [{"value": row["sep_type"], "name": row["name"]} for row in rows]
    ours.field["x-known-values"] = values
    ours.field["description"] = listed(ours.field)
    docs = {row["sep_type"]: snapshot.documentation(row) for row in rows}
    return {
        places.catalog: snapshot.text(after),
        places.sep_types: with_members(ours.sep_types, named, docs),
        places.contract: files.as_json(ours.contract),
    }


def _changes(
    ours: _Ours,
    after: Mapping[str, Any],
    lost: Sequence[catalogue.Finding],
    named: Mapping[int, str],
    now: Mapping[int, SeparationType],
) -> list[str]:
    """Return the changes in sentences, in the order of the types."""
    findings = [*catalogue.compare(ours.known, catalogue.known(_catalog(after))), *lost]
    told = [(each.sep_type or 0, _told(each, named, ours.known, now)) for each in findings]
    rows = {row["sep_type"]: row for row in ours.catalog["types"]}
    for row in after["types"]:
        number = row["sep_type"]
        for text in quiet_changes(rows.get(number, row), row):
            told.append((number, f"Separation type {number} {row['name']}: {text}."))
    return [line for _, line in sorted(told, key=lambda each: each[0])]


def _told(
    finding: catalogue.Finding,
    named: Mapping[int, str],
    known: Mapping[int, SeparationType],
    now: Mapping[int, SeparationType],
) -> str:
    """Return a finding in the words of the changelog."""
    number = -1 if finding.sep_type is None else finding.sep_type
    member = f"`SepType.{named.get(number)}`"
    before = known[number].name if number in known else None
    after = now[number].name if number in now else None
    match finding.kind:
        case "new":
            return f"{MARK}New separation type {number}, {after}: {member}."
        case "gone":
            return f"{MARK}Separation type {number}, {before}, was removed; {member} stays."
        case "renamed":
            return f"{MARK}Separation type {number}, {before}, is now {after}; {member} stays."
    text = finding.text.replace("price_coefficient", "credits a minute")
    return f"{MARK if finding.kind == 'activity' else ''}Separation t{text.removeprefix('T')}"


def save(texts: Mapping[Path, str]) -> list[str]:
    """Write the files that differ: all of them, or none.

    Returns:
        The names of the files that were written.

    Raises:
        CannotRefresh: When one of them would not be what it should be, or can't be written.
    """
    try:
        if any(path.read_text(encoding="utf-8") != text for path, text in texts.items()):
            _check(texts)
        return files.replace(texts)
    except (OSError, ValueError, KeyError, TypeError, NotOurs, GenerationError) as error:
        raise CannotRefresh(f"Nothing was written: {type(error).__name__}: {error}.") from error


def _check(texts: Mapping[Path, str]) -> None:
    """Read the new files as their users will."""
    catalog, source, contract = texts.values()
    types = {int(entry.sep_type): entry for entry in _catalog(json.loads(catalog))}
    if types.keys() != members(source).keys():
        raise NotOurs("SepType would not have the types of the catalogue")
    validate(json.loads(contract), "the contract")


def _day(source: str, captured: str | None) -> date:
    try:
        if captured:
            return date.fromisoformat(captured)
        if documents.is_address(source):
            return datetime.now(UTC).date()
        return datetime.fromtimestamp(Path(source).stat().st_mtime, UTC).date()
    except (OSError, ValueError) as error:
        raise CannotRefresh(f"The day of the answer is not known: {error}.") from error


def run(
    arguments: Sequence[str] | None = None,
    *,
    project: Project | None = None,
    http: httpx.Client | None = None,
) -> int:
    """Run the command on the project and return its exit code."""
    parser = argparse.ArgumentParser(prog="tools.refresh", description=__doc__)
    parser.add_argument(
        "--from", dest="source", default=_SERVICE, metavar="FILE-OR-URL", help="the answer"
    )
    parser.add_argument(
        "--captured",
        metavar="YYYY-MM-DD",
        help="the day the service gave it; else today, or the day of the file",
    )
    asked = parser.parse_args(arguments)
    try:
        answer = read_algorithms(asked.source, http=http)
        found = refreshed(project or Project(), answer, _day(asked.source, asked.captured))
        written = save(found.files)
    except (documents.Unreadable, CannotRefresh) as error:
        print(f"Could not refresh: {shown(str(error))}", file=sys.stderr)
        return 2
    for line in found.changes:
        print(f"- {_line(line)}")
    for line in found.problems:
        print(f"Not read: {shown(line)}")
    if not written:
        print("Nothing new: catalogue, SepType and contract are as they were.")
        return 0
    print(f"Written: {', '.join(written)}.")
    if found.changes:
        print("The lines above are for CHANGELOG.md.")
        print(
            "The pages state a few names and figures; "
            "contract_tests/test_documented.py checks them."
        )
    else:
        print("Only usage, ratings and places in the list changed: nothing for CHANGELOG.md.")
    return 0


def _line(text: str) -> str:
    # The mark is made of a character that is not printed by itself.
    return (MARK if text.startswith(MARK) else "") + shown(text.removeprefix(MARK))


if __name__ == "__main__":
    leave(run)
