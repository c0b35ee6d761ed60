"""The opening of a journal in another process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from mvsep.journal.store import Journal


@frozen
class Reopening:
    """The opening of a journal in another process; its repr shows no password."""

    place: str = field(repr=False)
    chosen: Mapping[str, Any] = field(repr=False)

    def __call__(self) -> Journal:
        """Open it, and wait for a database that does not answer just now."""
        return _Patient(self.place, **self.chosen)


class _Patient(Journal):
    """The journal of a worker: others were at work with its database already."""

    _is_patient = True
