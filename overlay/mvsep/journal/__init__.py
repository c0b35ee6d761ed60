"""A record of submitted jobs, so that no paid job is lost and none is paid for twice.

This package gives the public names. Begin at `separate`, the flow that pays once. Uses `jobs`,
`downloads`, `transport`, `files` and `settings`.
"""

from mvsep.journal.entry import Entry, State
from mvsep.journal.opening import JOURNAL_VARIABLE, usual_place
from mvsep.journal.store import Journal

__all__ = ["JOURNAL_VARIABLE", "Entry", "Journal", "State", "usual_place"]
