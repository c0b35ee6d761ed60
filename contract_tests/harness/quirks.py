"""The known faults of our tools that the harness works around; the rows are in quirks.toml.

Whatever is switched off, skipped or read leniently says so by `quirk("its-id")` in the code that
does it. Each row names a test, its canary, which fails once the fault is mended: then the row
and the code go.
"""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Final

from attrs import frozen

FILE: Final = Path(__file__).parent.parent / "quirks.toml"


@frozen
class Quirk:
    """A fault of a tool that is worked around."""

    id: str  # name that the code uses
    tool: str  # tool and the version that was looked at
    reason: str  # what is suppressed, and why
    evidence: str  # how the fault is known
    remove_when: str  # when the row can go
    canary: str  # node id of the test that fails when the fault is mended


def quirk(id: str) -> Quirk:
    """Return the row of a known fault; stands where the code works around it."""
    return quirks()[id]


@functools.cache
def quirks() -> dict[str, Quirk]:
    """Read all rows, by id."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["quirk"]
    known = {}
    for row in rows:
        try:
            known[row["id"]] = Quirk(**row)
        except TypeError as error:
            raise ValueError(f"{FILE.name}: {row.get('id')}: {error}") from error
    if len(known) != len(rows) or not all(all(row.values()) for row in rows):
        raise ValueError(f"{FILE.name}: an id is there twice, or something is left empty")
    return known
