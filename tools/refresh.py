"""Bring the service's list of separation types into the catalogue, SepType and the contract.

`python -m tools.refresh` reads an answer of app/algorithms, live or saved, and writes what it tells
to overlay/mvsep/data/catalog.json, overlay/mvsep/catalog/sep_type.py and the contract: all
three, or none.
What the answer does not tell stays as it was. A type that is gone stays too, marked with the day;
of a kind of input of which the answer holds no type nothing is said. No member of SepType is ever
renamed. What changed is printed in words for the changelog.

Exit code: 0 done, 2 it could not be done, and nothing was written.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from mvsep.catalog import Catalog
from mvsep.catalog.parse import from_file
from tools import catalogue, documents, snapshot
from tools.drift import read_algorithms, shown
from tools.member_names import NotOurs, member_names, members, with_members
from tools.news import quiet_changes
from tools.record import written
from tools.regenerate import GenerationError, Project, read_contract

#: What CHANGELOG.md has before a line on a type that was added, renamed or removed.
MARK = "⚠️ "

_SERVICE = "https://mvsep.com"


class CannotRefresh(Exception):
    """The catalogue can't be refreshed; the message is a sentence that says why."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh comes to.

    Args:
        files: The new text of each file.
        changes: What changed, in sentences for the changelog.
        problems: What of the answer could not be read.
    """

    files: Mapping[Path, str]
    changes: Sequence[str]
    problems: Sequence[str]


def refreshed(project: Project, answer: Any, day: date) -> Refreshed:
    """What the files become; nothing is written.

    Args:
        project: Where the files are.
        answer: An answer of app/algorithms.
        day: The day the service gave it.

    Raises:
        CannotRefresh: When the answer lists no type, is older than the catalogue, or one of our
            own files is not as it should be.
    """
    places = _places(project)
    try:
        before = json.loads(places.catalog.read_text(encoding="utf-8"))
        source = places.sep_types.read_text(encoding="utf-8")
        contract = json.loads(places.contract.read_text(encoding="utf-8"))
        field = contract["components"]["schemas"]["SeparationCreateBody"]["properties"]["sep_type"]
        names = members(source)
        known = catalogue.known(_catalog(before))
    except (OSError, ValueError, KeyError, TypeError, NotOurs, GenerationError) as error:
        raise CannotRefresh(f"Our own files: {type(error).__name__}: {error}.") from error
    try:
        now, problems = catalogue.read(answer)
    except catalogue.NoCatalogue as error:
        raise CannotRefresh(f"It is no answer of app/algorithms: {error}.") from error
    if day.isoformat() < before["captured"]:
        raise CannotRefresh(
            f"The answer is of {day}, and the catalogue of {before['captured']}: "
            "an older one would undo what is known. Say with CAPTURED= if the day is wrong."
        )
    lost = [each for each in catalogue.compare(known, now) if each.kind == "gone"]
    gone = {finding.sep_type for finding in lost}
    if len(gone) > len(known) / 2:
        raise CannotRefresh(
            f"{len(gone)} of {len(known)} types would be gone: "
            "the answer must be a part of the list."
        )
    after = snapshot.merged(before, answer, now, gone, day.isoformat())
    named = member_names({row["sep_type"]: row["name"] for row in after["types"]}, names)
    if {**after, "captured": ""} == {**before, "captured": ""}:
        after = before  # a day later the same is no news
    field["x-known-values"] = [
        {"value": row["sep_type"], "name": row["name"]} for row in after["types"]
    ]
    docs = {row["sep_type"]: snapshot.documentation(row) for row in after["types"]}
    findings = [*catalogue.compare(known, catalogue.known(_catalog(after))), *lost]
    told = [(each.sep_type or 0, _told(each, named, known, now)) for each in findings]
    rows = {row["sep_type"]: row for row in before["types"]}
    for row in after["types"]:
        for text in quiet_changes(rows.get(row["sep_type"], row), row):
            told.append(
                (row["sep_type"], f"Separation type {row['sep_type']} {row['name']}: {text}.")
            )
    return Refreshed(
        {
            places.catalog: snapshot.text(after),
            places.sep_types: with_members(source, named, docs),
            places.contract: written(contract),
        },
        [line for _, line in sorted(told, key=lambda each: each[0])],
        [finding.text for finding in problems],
    )


@dataclass(frozen=True)
class _Places:
    catalog: Path
    sep_types: Path
    contract: Path


def _places(project: Project) -> _Places:
    package = project.root / "overlay" / "mvsep"
    return _Places(
        package / "data" / "catalog.json", package / "catalog" / "sep_type.py", project.contract
    )


def _catalog(document: Mapping[str, Any]) -> Catalog:
    return Catalog(tuple(map(from_file, document["types"])), document["captured"])


def _told(
    finding: catalogue.Finding,
    named: Mapping[int, str],
    known: Mapping[int, catalogue.Entry],
    now: Mapping[int, catalogue.Entry],
) -> str:
    """A finding as the changelog has it."""
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


def save(files: Mapping[Path, str]) -> list[str]:
    """Write the files that differ: all of them, or none.

    Returns:
        The names of the files that were written.

    Raises:
        CannotRefresh: When one of them would not be what it should be, or can't be written.
    """
    changed = {
        path: text for path, text in files.items() if path.read_text(encoding="utf-8") != text
    }
    try:
        if changed:
            _check(files)
        _replace({path: text.encode() for path, text in changed.items()})
    except (OSError, ValueError, KeyError, TypeError, NotOurs, GenerationError) as error:
        raise CannotRefresh(f"Nothing was written: {type(error).__name__}: {error}.") from error
    return [path.name for path in changed]


def _replace(contents: Mapping[Path, bytes]) -> None:
    before = {path: path.read_bytes() for path in contents}
    parts = {path: path.with_name(f".{path.name}.part") for path in contents}
    done = []
    try:
        for path, part in parts.items():
            part.write_bytes(contents[path])
        for path, part in parts.items():
            part.replace(path)
            done.append(path)
    except OSError:
        for path in done:
            path.write_bytes(before[path])
        raise
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _check(files: Mapping[Path, str]) -> None:
    """Read the new files as those who use them will."""
    catalog, source, contract = files.values()
    types = {int(entry.sep_type): entry for entry in _catalog(json.loads(catalog))}
    if types.keys() != members(source).keys():
        raise NotOurs("SepType would not have the types of the catalogue")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contract.json"
        path.write_text(contract, encoding="utf-8")
        read_contract(path)


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
    """Run the command.

    Args:
        arguments: The command line; the process's own if None.
        project: The project whose files are meant.
        http: The client to fetch with.

    Returns:
        The exit code.
    """
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
        files = save(found.files)
    except (documents.Unreadable, CannotRefresh) as error:
        print(f"Could not refresh: {shown(str(error))}", file=sys.stderr)
        return 2
    for line in found.changes:
        print(f"- {_line(line)}")
    for line in found.problems:
        print(f"Not read: {shown(line)}")
    if not files:
        print("Nothing new: catalogue, SepType and contract are as they were.")
        return 0
    print(f"Written: {', '.join(files)}.")
    if found.changes:
        print("The lines above are for CHANGELOG.md.")
        print("README.md states a few names and figures; tests/test_readme.py says if one changed.")
    else:
        print("Only usage, ratings and places in the list changed: nothing for CHANGELOG.md.")
    return 0


def _line(text: str) -> str:
    # The mark is made of a character that is not printed by itself.
    return (MARK if text.startswith(MARK) else "") + shown(text.removeprefix(MARK))


def main() -> None:
    """Run the command and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    raise SystemExit(run())


if __name__ == "__main__":
    main()
