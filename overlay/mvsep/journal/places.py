"""The places for an account's jobs, shared by all workers of a journal.

A place is held as a song is, so that of a dead worker is free again. How many there are is found
from what the service answers, and kept in the journal for all.
"""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import Final

from mvsep.core.disk import Busy
from mvsep.journal.port import Store

# Seconds after a refusal in which nobody tries one place more: a refusal costs a whole upload.
_QUIET: Final = 3600.0


class Places:
    """The places of one account.

    Args:
        store: The journal's database.
        account: What tells the account from others.
        first: Places to begin with, where no worker has found out more.
        most: Places, at most.
    """

    def __init__(self, store: Store, account: str, first: int, most: int) -> None:
        self._store, self._account = store, account
        self._first, self._most = first, most

    def take(self) -> AbstractContextManager[object] | None:
        """Take a place, and return what gives it back; None where all are taken."""
        keys = self._keys()
        live = self._store.held(keys)
        for key in keys:
            if key not in live:
                with suppress(Busy), ExitStack() as stack:  # another worker was faster
                    stack.enter_context(self._store.hold(key))
                    return stack.pop_all()
        return None

    def accepted(self) -> None:
        """Take note of a job that the service accepted: all places taken may be too few."""
        keys = self._keys()
        if len(keys) < self._most and len(self._store.held(keys)) == len(keys):
            self._store.set_limit(self._account, len(keys) + 1, quiet=_QUIET)

    def refused(self) -> int:
        """Take note of a job that the service refused for a full queue, whose place is free again.

        Returns:
            The number of other places that are taken.
        """
        keys = self._keys()
        others = len(self._store.held(keys))
        self._store.set_limit(self._account, max(1, min(others, len(keys))), quiet=None)
        return others

    def _keys(self) -> list[str]:
        known = self._store.limit(self._account)
        count = min(self._first if known is None else known, self._most)
        each = (f"a place of {self._account}: {number}" for number in range(count))
        return [hashlib.sha256(name.encode()).hexdigest() for name in each]
