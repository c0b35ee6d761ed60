"""The names that people give an attempt, and the attempt that each means."""

from __future__ import annotations

from typing import Final

from mvsep.core.values import digits, shown
from mvsep.errors import InvalidInput
from mvsep.journal.port import Row, Store
from mvsep.journal.rows import hash_of

#: The name of the latest attempt.
LAST: Final = "last"

# Hashes that an error lists, at most.
_LISTED: Final = 5


def find_row(store: Store, name: str) -> Row | None:
    """Return the attempt of a name: a hash, a number, `last`, or the start of one hash.

    A number is that of one attempt for good. Counted from the latest one, the same number would
    mean another job as soon as one more is begun, and `delete` would end the wrong one.

    Raises:
        InvalidInput: When the hashes of several jobs begin so.
    """
    if not name:
        return None
    if exact := store.latest("hash", name):
        return exact
    if name == LAST:
        return next(iter(store.all(1)), None)
    number = digits(name)
    if number is not None and (numbered := store.latest("id", number)):
        return numbered
    found: dict[str | None, Row] = {}
    for row in store.starting(name):
        found.setdefault(hash_of(row[0]), row)  # the latest of each
    if len(found) > 1:
        raise _ambiguous(name, [hash for hash in found if hash])
    return next(iter(found.values()), None)


def _ambiguous(name: str, hashes: list[str]) -> InvalidInput:
    more = len(hashes) - _LISTED
    listed = ", ".join(hashes[:_LISTED]) + (f" and {more} more" if more > 0 else "")
    return InvalidInput(
        f"{len(hashes)} jobs begin with {shown(name)}: {listed}.",
        next_step="Give more of the hash, or the number of the job.",
    )
