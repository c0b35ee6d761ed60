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
#: An attempt without a job, which hides no earlier one: its end was never handed over, or refused.
HAS_NO_JOB: Final = f"(state = '{State.INTENT}' OR state = '{State.OVER}' AND hash IS NULL)"
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
    """The database can't be used.

    Args:
        why: What is wrong; it shows no secret.
        next_step: What a person can do.
    """

    def __init__(self, why: str, next_step: str) -> None:
        super().__init__(why)
        self.next_step = next_step


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

    @property
    def address(self) -> str:
        """The address for another process to open it with; it may have a password in it."""

    def now(self) -> float:
        """Return the seconds since 1970, by the clock that all attempts go by."""

    def insert(self, values: Mapping[str, object]) -> tuple[int, float]:
        """Insert an attempt unless one at its song is open; return its number and the time.

        Raises:
            StillOpen: When one is.
            HoldLost: When this worker held the song, and holds it no more.
        """

    def change(
        self,
        number: int,
        values: Mapping[str, object],
        *,
        files: Sequence[Sequence[object]] | None = None,
        held: str | None = None,
        states: Sequence[str] | None = None,
    ) -> float | None:
        """Change an attempt, and return the time; None where it is gone, or in another state.

        Args:
            number: The attempt.
            values: The columns to change, and their values.
            files: Its stems, in place of those that it has.
            held: The key of a song: only while that is held, and for long enough to pay for it.
            states: The states in which it is changed; None for any.

        Raises:
            HoldLost: When the song is not held; nothing is changed then.
            StillOpen: When it would be open, and another attempt at the song is.
        """

    def latest(self, column: str, value: object, *, state: str | None = None) -> Row | None:
        """Return the latest attempt with a value in a column, which has an index.

        One that has a job, or may have one, comes before any without.

        Args:
            column: The column.
            value: The value.
            state: The state that it is in; None for any.
        """

    def starting(self, hash: str) -> list[Row]:
        """Return the attempts whose hash begins with a text, the latest first."""

    def remove(self, number: int, changed: float) -> bool:
        """Remove an attempt and its stems, where it was not changed since a time; tell if it was.

        Args:
            number: The attempt.
            changed: The time of its last change, as it was read.
        """

    def unfinished(self) -> list[Row]:
        """Return the attempts that are not finished, the oldest first."""

    def all(self, limit: int | None) -> list[Row]:
        """Return all attempts, or so many, the latest first."""

    def hold(self, key: str) -> AbstractContextManager[None]:
        """Hold a song for a block, or for as long as this process lives.

        Raises:
            Busy: When another process or thread holds it.
        """

    def held(self, keys: Sequence[str]) -> set[str]:
        """Return those of some keys that anybody holds."""

    def limit(self, account: str) -> int | None:
        """Return how many jobs at once an account was found to have; None where nobody knows."""

    def set_limit(self, account: str, most: int, *, quiet: float | None) -> None:
        """Keep how many jobs at once an account may have.

        Args:
            account: The account.
            most: How many.
            quiet: Seconds since the last refusal, only after which it becomes more; None for what
                a refusal told.
        """

    def away(self) -> AbstractContextManager[None]:
        """Close what a forked child must not share for a block; the next use opens it again."""

    def close(self) -> None:
        """Close the database."""
