"""A fork of the process: open journals close their file before, and open it again after it.

SQLite keeps its locks by process. A forked child takes its parent's for its own, so what it
writes is lost once the parent closes the file. (Tried with SQLite 3.40.)
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, ExitStack
from typing import Final, Protocol
from weakref import WeakSet


class Closable(Protocol):
    """A journal whose file can be closed for a while."""

    def away(self) -> AbstractContextManager[None]:
        """Close the file for a block."""


#: The journals that are open in this process.
OPEN: Final = WeakSet[Closable]()
_AWAY: Final = ExitStack()


def _before() -> None:
    for journal in list(OPEN):
        _AWAY.enter_context(journal.away())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_AWAY.close, after_in_child=_AWAY.close)
