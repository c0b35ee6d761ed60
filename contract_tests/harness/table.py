"""The table of the report: a row for each documented answer, a cell for each kind of check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from attrs import frozen

from contract_tests.harness.failures import Failure
from contract_tests.harness.ledger import COLUMNS, Column, Ledger, Row
from contract_tests.harness.reach import reason


@frozen
class Cell:
    """A cell."""

    column: Column  # kind of check
    # "filled" with a number, "failed", "unreached" for a reason, or "empty"
    state: Literal["filled", "failed", "unreached", "empty"]
    number: int  # how many checks held
    reason: str = ""  # why it is not reached
    letter: str = ""  # letter that stands for the reason


class Table:
    """The cells of a run, by operationId and the contract's key of the response."""

    def __init__(self, ledger: Ledger, failures: Sequence[Failure]) -> None:
        self._ledger = ledger
        self._failed = {(failure.operation, failure.status) for failure in failures}
        self.reasons: dict[str, str] = {}
        self.rows = {
            row: [self._cell(column, row, counts[column]) for column in COLUMNS]
            for row, counts in ledger
        }
        self.totals: Counter[Column] = sum((counts for _, counts in ledger), Counter())
        self.reached = {
            column: sum(counts[column] > 0 for _, counts in ledger) for column in COLUMNS
        }

    def _cell(self, column: Column, row: Row, number: int) -> Cell:
        live = self._ledger.live
        failed = row in self._failed
        if column == "live":  # another run: what failed here did not fail there
            failed = live is not None and " ".join(row) in live.broken
        if number:
            return Cell(column, "failed" if failed else "filled", number)
        why = reason(self._ledger, column, *row)
        letter = self.reasons.setdefault(why, _letters(len(self.reasons))) if why else ""
        state: Literal["unreached", "empty"] = "unreached" if why else "empty"
        return Cell(column, "failed" if failed else state, 0, why or "", letter)


def _letters(index: int) -> str:
    above, letter = divmod(index, 26)
    return (_letters(above - 1) if above else "") + chr(ord("a") + letter)
