"""Mutants as small patches: the rows of contract.toml, client.toml, overlay.toml, fake.toml.

`contract_tests/README.md` says how to write one.
"""

from __future__ import annotations

import json
import re
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, get_args

from attrs import frozen

Part = Literal["contract", "client", "overlay", "fake"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)

#: Where the code of each part is.
FOLDERS: Final = {
    "client": "generated/mvsep_api",
    "overlay": "overlay/mvsep",
    "fake": "overlay/mvsep/testing",
}
CONTRACT: Final = "spec/mvsep-openapi-spec.json"
_HERE: Final = Path(__file__).parent


class DoesNotApplyError(Exception):
    """The text or place that a mutant breaks is gone, or is there more than once."""


@frozen
class Text:
    """A text to replace, in whichever Python file of a folder has it.

    Whole lines, which end with a line feed, match at any indentation; `new` gets the same one.
    In the overlay the fake server is left out.
    """

    folder: str
    old: str
    new: str
    file: str = ""
    times: int = 1

    def apply(self, root: Path, texts: dict[Path, str]) -> None:
        """Put the changed text of the file into `texts`."""
        pattern = self._pattern()
        found = {}
        for path in self._files(root):
            before = texts[path] if path in texts else path.read_text(encoding="utf-8")
            after, count = pattern.subn(self._put, before)
            if count:
                found[path] = count, before, after
        if [count for count, _, _ in found.values()] != [self.times]:
            there = [f"{count} times in {path.name}" for path, (count, _, _) in found.items()]
            raise DoesNotApplyError(
                f"in {self.folder} there should be {self.times} of {self.old!r:.200}, "
                f"and it is there {', '.join(there[:5]) or 'nowhere'}"
            )
        ((path, (_, before, after)),) = found.items()
        if after == before:
            raise DoesNotApplyError(f"{self.old!r:.200} stays as it is")
        compile(after, str(path), "exec")
        texts[path] = after

    def _files(self, root: Path) -> Iterator[Path]:
        fake = root / FOLDERS["fake"]
        for path in sorted((root / self.folder).rglob(self.file or "*.py")):
            if self.folder != FOLDERS["overlay"] or fake not in path.parents:
                yield path

    def _pattern(self) -> re.Pattern[str]:
        if not self.old.endswith("\n"):
            return re.compile(re.escape(self.old))
        first, *rest = map(re.escape, textwrap.dedent(self.old).splitlines())
        lines = [rf"^([ \t]*){first}", *(rf"\1{line}" if line else "" for line in rest), ""]
        return re.compile("\n".join(lines), re.MULTILINE)

    def _put(self, found: re.Match[str]) -> str:
        if not self.old.endswith("\n"):
            return self.new
        return textwrap.indent(textwrap.dedent(self.new), found[1])


@frozen
class Place:
    """A place of the contract to change, by the keys that lead there, with " > " between.

    In a list a key is an index, an item itself, or the name of a parameter.
    """

    at: str
    does: str
    value: Any

    def apply(self, root: Path, texts: dict[Path, str]) -> None:
        """Put the changed text of the contract into `texts`."""
        path = root / CONTRACT
        before = texts[path] if path in texts else path.read_text(encoding="utf-8")
        document = json.loads(before)
        holder = document
        *way, last = self.at.split(" > ")
        try:
            for key in way:
                holder = holder[_key(holder, key)]
            self._change(holder, last)
        except (KeyError, IndexError, TypeError, ValueError) as lost:
            raise DoesNotApplyError(f"{CONTRACT} > {self.at}: {lost!r}") from lost
        after = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        if after == before:
            raise DoesNotApplyError(f"{CONTRACT} > {self.at} stays as it is")
        texts[path] = after

    def _change(self, holder: Any, last: str) -> None:
        if self.does == "add" and isinstance(holder, list):
            holder.append(self.value)
        elif self.does == "add":
            if last in holder:
                raise KeyError(f"{last} is there already")
            holder[last] = self.value
        elif self.does == "set":
            key = _key(holder, last)
            _, holder[key] = holder[key], self.value
        elif self.does == "drop":
            del holder[_key(holder, last)]
        else:  # its place among the others stays
            items = [(self.value if key == last else key, value) for key, value in holder.items()]
            holder.clear()
            holder.update(items)


def _key(holder: Any, key: str) -> Any:
    """Return the index of a list's item, or the key of an object as it is."""
    if not isinstance(holder, list):
        return key
    for index, item in enumerate(holder):
        if item == key or (isinstance(item, dict) and key in (item.get("name"), item.get("$ref"))):
            return index
    return int(key)


@frozen
class Mutant:
    """One thing broken on purpose."""

    name: str  # name, which begins with its part
    part: Part  # part of the project that it breaks
    breaks: str  # what is broken, in a sentence
    edits: tuple[Text | Place, ...]  # changes that break it, one after the other
    tests: tuple[str, ...]  # node ids of the contract tests that should fail
    survives: str = ""  # why no test can fail; empty where one does

    def texts(self, root: Path) -> dict[Path, str]:
        """Return the new texts of the files that it changes."""
        texts: dict[Path, str] = {}
        for edit in self.edits:
            edit.apply(root, texts)
        return texts


def read_mutants() -> tuple[Mutant, ...]:
    """Read all mutants."""
    return tuple(_mutant(part, row) for part in PARTS for row in _rows(part))


def _rows(part: Part) -> list[dict[str, Any]]:
    text = (_HERE / f"{part}.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text)["mutant"])


def _mutant(part: Part, row: dict[str, Any]) -> Mutant:
    name = f"{part}-{row.pop('name')}"
    try:
        breaks, tests = row.pop("breaks"), tuple(map(node_id, row.pop("tests")))
        survives, also = row.pop("survives", ""), row.pop("also", [])
        edits = tuple(_edit(part, each) for each in (row, *also))
    except (KeyError, TypeError) as error:
        raise ValueError(f"the mutant {name}: {error}") from error
    return Mutant(name, part, breaks, edits, tests, survives)


def _edit(part: Part, row: dict[str, Any]) -> Text | Place:
    if part != "contract":
        return Text(FOLDERS[part], **row)
    ((does, value),) = ((key, value) for key, value in row.items() if key != "at")
    if does not in {"set", "drop", "add", "rename"}:
        raise KeyError(does)
    return Place(row["at"], does, value)


def node_id(short: str) -> str:
    """Return the node id of a test: `facade::test_x` is in contract_tests/test_facade.py.

    A unit test has its whole path: `tests/test_paging::test_x`.
    """
    file, _, name = short.partition("::")
    if file.startswith("tests/"):
        return f"{file}.py::{name}"
    if by_route := re.fullmatch(r"(\w+)\[(GET|POST) .*\]", name):
        name = f"{by_route[1]}::{name}"  # as Schemathesis names the tests that it makes
    return f"contract_tests/test_{file}.py" + (f"::{name}" if name else "")
