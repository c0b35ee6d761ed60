"""A record of submitted jobs, so that no paid job is lost and none is paid for twice.

It uses `jobs` and `downloads`.
"""

from mvsep.journal.entry import Entry, State
from mvsep.journal.store import JOURNAL_VARIABLE, Journal, usual_place

__all__ = ["JOURNAL_VARIABLE", "Entry", "Journal", "State", "usual_place"]
