"""The seconds that jobs took, by the attempts that a journal has."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Final

from mvsep.journal.entry import Entry, State

#: Attempts that are looked back at, of all types.
LOOKED_AT: Final = 200
# Jobs of one type that are looked back at.
_LATEST: Final = 20
# Fewer than this tell too little: of five jobs, one in six is done sooner than the soonest.
_ENOUGH: Final = 5


class History:
    """The seconds that the latest jobs took, from their begin to the stems on the disk.

    Their least is used, not their mean: a song that was left for a day counts for nothing, and
    longer songs for little.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._taken: dict[int, deque[float]] = defaultdict(lambda: deque(maxlen=_LATEST))
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Take note of an attempt."""
        if entry.state is State.SAVED:
            self._taken[entry.sep_type].append(entry.changed - entry.began)

    def least(self, sep_type: int) -> float:
        """Return the seconds before which no job of a type was done; 0 where nobody can say."""
        taken = self._taken[sep_type]
        return min(taken) if len(taken) >= _ENOUGH else 0.0
