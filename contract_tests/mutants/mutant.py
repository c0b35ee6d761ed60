"""A mutant as data: where it is, what is broken, how, and who should see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, Protocol, get_args

from attrs import frozen

Where = Literal["contract", "client", "overlay", "fake"]
WHERE: Final[tuple[Where, ...]] = get_args(Where)

CONTRACT: Final = "spec/mvsep-openapi-spec.json"


class DoesNotApplyError(Exception):
    """The place that a mutant breaks is not there any more, or is there more than once."""


class Edit(Protocol):
    """A change to one file."""

    @property
    def file(self) -> str:
        """The file, from the root of the project."""

    def __call__(self, before: str) -> str:
        """The file's new text.

        Raises:
            DoesNotApplyError: When the text is not what the edit was written for.
        """


@frozen
class Mutant:
    """One thing broken on purpose.

    Args:
        id: Its name.
        where: Which part of the project it is in.
        what: What is broken, in a sentence.
        edits: How; all of them together are one change.
        tests: The node ids of the contract tests that should see it.
        survives: Why no test sees it; empty where one does.
    """

    id: str
    where: Where
    what: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
    survives: str = ""


def written(edits: tuple[Edit, ...], root: Path) -> dict[Path, str]:
    """The new texts of the files that these edits change.

    Raises:
        DoesNotApplyError: When one of them does not apply.
    """
    texts: dict[Path, str] = {}
    for edit in edits:
        path = root / edit.file
        try:
            before = texts[path] if path in texts else path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise DoesNotApplyError(f"there is no {edit.file}") from None
        after = edit(before)
        if after == before:
            raise DoesNotApplyError(f"nothing changes in {edit.file}")
        if path.suffix == ".py":
            compile(after, edit.file, "exec")
        texts[path] = after
    return texts


# Texts


@frozen
class Text:
    """Replace a piece of a file.

    Args:
        file: The file, from the root of the project.
        old: The piece as it is now.
        new: What stands there instead.
        count: How often the piece is there.
    """

    file: str
    old: str
    new: str
    count: int = 1

    def __call__(self, before: str) -> str:
        """The file's new text."""
        found = before.count(self.old)
        if found != self.count:
            raise DoesNotApplyError(
                f"{self.file} has {self.old!r:.80} {found} times, not {self.count}"
            )
        return before.replace(self.old, self.new)


# The contract

Key = str | int


@frozen
class Json:
    """Change one place of the contract.

    Args:
        path: The keys that lead there. In a list a key is an index, an item itself, or the name
            of a parameter.
        change: Changes that place in what holds it.
        file: The contract.
    """

    path: tuple[Key, ...]
    change: Callable[[Any, Any], None]
    file: str = CONTRACT

    def __call__(self, before: str) -> str:
        """The contract's new text."""
        document = json.loads(before)
        holder = document
        try:
            for key in self.path[:-1]:
                holder = holder[_key(holder, key)]
            self.change(holder, self.path[-1])
        except (KeyError, IndexError, TypeError) as lost:
            place = " > ".join(map(str, self.path))
            raise DoesNotApplyError(f"{self.file}: {place}: {lost}") from lost
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _key(holder: Any, key: Key) -> Any:
    """Where a key is in a list; in an object it is where it is."""
    if not isinstance(holder, list) or isinstance(key, int):
        return key
    for index, item in enumerate(holder):
        if item == key or (isinstance(item, dict) and key in (item.get("name"), item.get("$ref"))):
            return index
    raise KeyError(key)


def drop(*path: Key) -> Json:
    """Leave something out of the contract."""

    def change(holder: Any, key: Any) -> None:
        del holder[_key(holder, key)]

    return Json(path, change)


def change(*path: Key, old: object, new: object) -> Json:
    """Put something else in the place of what is in the contract."""

    def swap(holder: Any, key: Any) -> None:
        place = _key(holder, key)
        if holder[place] != old:
            raise KeyError(f"it is {holder[place]!r:.80}, not {old!r:.80}")
        holder[place] = new

    return Json(path, swap)


def add(*path: Key, value: object) -> Json:
    """Put something new into the contract; to a list it is appended, whatever the last key."""

    def put(holder: Any, key: Any) -> None:
        if isinstance(holder, list):
            holder.append(value)
        elif key in holder:
            raise KeyError(f"{key} is there already")
        else:
            holder[key] = value

    return Json(path, put)


def rename(*path: Key, to: str) -> Json:
    """Give something in the contract another key; its place among the others stays."""

    def put(holder: Any, key: Any) -> None:
        if key not in holder:
            raise KeyError(key)
        items = [(to if each == key else each, value) for each, value in holder.items()]
        holder.clear()
        holder.update(items)

    return Json(path, put)
