"""Every fault there is, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mvsep.testing.faults import (
    files,
    framing,
    garbage,
    hostile,
    lines,
    names,
    quirks,
    refusals,
    states,
    statuses,
)
from mvsep.testing.faults.fault import Fault, Phase

_TABLES: Final = (
    statuses.TABLE,
    refusals.TABLE,
    lines.TABLE,
    framing.TABLE,
    garbage.TABLE,
    quirks.TABLE,
    states.TABLE,
    hostile.TABLE,
    names.TABLE,
    files.TABLE,
)

#: Every fault, by name.
FAULTS: Final[Mapping[str, Fault]] = {fault.name: fault for table in _TABLES for fault in table}


def faults_of(phase: Phase) -> tuple[str, ...]:
    """List the names of the faults that fit a phase, in the order of the table.

    Args:
        phase: submit, poll, remote or download; `other` for the rest of the operations.
    """
    return tuple(fault.name for fault in FAULTS.values() if phase in fault.phases)
