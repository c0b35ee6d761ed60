"""The port of the journal: what a database does for it.

Two do it: `sqlite.py`, a file of this machine, and `postgres.py`, a server that many machines
share. `Journal` decides what is written; a store writes it, and every write is on the disk when it
returns.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from mvsep.journal.entry import UNFINISHED, State

#: The columns of an attempt, in the order of `Entry`.
COLUMNS: Final = (
    "id", "key", "state", "name", "marker", "sep_type", "details", "host", "account", "hash",
    "reason", "began", "changed",
)  # fmt: skip
#: The columns of a stem.
FILE_COLUMNS: Final = ("label", "path", "size", "sha256")

#: Conditions as SQL has them. A row whose state is not known may be unfinished in a way that a
#: later version knows.
IS_OPEN: Final = f"state IN ({', '.join(map(repr, map(str, UNFINISHED)))})"
IS_UNFINISHED: Final = f"state NOT IN ('{State.SAVED}', '{State.OVER}')"

#: The values of an attempt, and of each of its stems.
Row = tuple[Sequence[Any], Sequence[Sequence[Any]]]


def joined(rows: Iterable[Sequence[Any]]) -> list[Row]:
    """Put together what a join of attempts and stems gives: each attempt stands by each stem."""
    width, found = len(COLUMNS), list[Row]()
    for _, same in itertools.groupby(rows, lambda row: row[0]):
        each = list(same)
        files = [row[width:] for row in each if row[width:] != (None,) * len(FILE_COLUMNS)]
        found.append((each[0][:width], files))
    return found


class Unusable(Exception):
    """The database can't be used; its text says why, and shows no secret."""


class Newer(Exception):
    """The database was written by a newer version of mvsep."""


class StillOpen(Exception):
    """Another attempt at the song is not finished."""


class HoldLost(Exception):
    """The song is not held any more."""


class Store(Protocol):
    """A database of attempts.

    Attributes:
        place: What people call it; without a password.

    Each method raises `Unusable` where the database can't be used.
    """

    place: str

    def now(self) -> float:
        """Return the seconds since 1970, by the clock that all attempts go by."""

    def insert(self, values: Mapping[str, object]) -> tuple[int, float]:
        """Insert an attempt unless one at its song is open; return its number and the time.

        Raises:
            StillOpen: When one is.
        """

    def change(
        self,
        number: int,
        values: Mapping[str, object],
        *,
        files: Sequence[Sequence[object]] | None = None,
        held: str | None = None,
    ) -> float | None:
        """Change an attempt, and return the time; None where it is gone.

        Args:
            number: The attempt.
            values: The columns to change, and their values.
            files: Its stems, in place of those that it has.
            held: The key of a song: only while that is held, and for long enough to pay for it.

        Raises:
            HoldLost: When the song is not held; nothing is changed then.
            StillOpen: When it would be open, and another attempt at the song is.
        """

    def latest(self, column: str, value: object) -> Row | None:
        """Return the latest attempt with a value in a column, which has an index."""

    def unfinished(self) -> list[Row]:
        """Return the attempts that are not finished, the oldest first."""

    def all(self, limit: int | None) -> list[Row]:
        """Return all attempts, or so many, the latest first."""

    def hold(self, key: str) -> AbstractContextManager[None]:
        """Hold a song for a block, or for as long as this process lives.

        Raises:
            Busy: When another process or thread holds it.
        """

    def is_held(self, key: str) -> bool:
        """Tell whether anybody holds a song."""

    def away(self) -> AbstractContextManager[None]:
        """Close what a forked child must not share for a block; the next use opens it again."""

    def close(self) -> None:
        """Close the database."""
