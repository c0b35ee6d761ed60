"""The generator's own templates with the project's exact replacements applied to them."""

from __future__ import annotations

import shutil
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path


class OverrideError(Exception):
    """A replacement no longer fits the generator's template."""


@dataclass(frozen=True)
class Override:
    """An exact replacement in one template, its reason, and the condition to remove it."""

    template: str
    old: str
    new: str
    count: int
    reason: str
    upstream: str
    remove_when: str


def read_overrides(path: Path) -> list[Override]:
    """Read the rows of `overrides.toml`."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["override"]
    return [Override(**row) for row in rows]


def write_templates(overrides: list[Override], *, originals: Path, own: Path, target: Path) -> None:
    """Write the folder that is handed to the generator as its custom templates.

    Args:
        overrides: The replacements, in order.
        originals: The folder of the pinned generator's templates.
        own: The folder of the project's whole templates.
        target: An empty folder to write to.

    Raises:
        OverrideError: When a text is not found exactly as often as its row says.
    """
    shutil.copytree(own, target, dirs_exist_ok=True)
    rows: dict[str, list[Override]] = defaultdict(list)
    for override in overrides:
        rows[override.template].append(override)
    for name, changes in rows.items():
        text = (originals / name).read_text(encoding="utf-8")
        for change in changes:
            found = text.count(change.old)
            if found != change.count:
                raise OverrideError(
                    f"{name}: the text to replace is there {found} times, not {change.count}. "
                    "The generator's template has changed; look whether the override is still "
                    f"needed (remove when {change.remove_when}).\nText:\n{change.old}"
                )
            text = text.replace(change.old, change.new)
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
