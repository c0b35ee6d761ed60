"""The record of what was checked: operation by status, and how often."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, get_args

from tools.operations import operations

Column = Literal["request sent", "response parsed", "property cases", "life cycle", "live"]
COLUMNS: Final[tuple[Column, ...]] = get_args(Column)
Row = tuple[str, str]
"""An operationId, and the contract's key of a response: "200", "400", ..., "default"."""


class Ledger:
    """How often each answer of each operation was checked, and in which way.

    Args:
        contract: The contract; only what it documents can be counted.
    """

    def __init__(self, contract: dict[str, Any]) -> None:
        self._rows: dict[Row, Counter[Column]] = {
            (operation["operationId"], status): Counter()
            for _, _, operation in operations(contract)
            for status in operation["responses"]
        }

    def count(self, column: Column, operation: str, status: str | int, cases: int = 1) -> None:
        """Note that `cases` checks held.

        Args:
            column: The kind of check.
            operation: The operationId.
            status: The response's key in the contract, or a status: one that is not documented
                by itself counts as "default".
            cases: How many.

        Raises:
            KeyError: When the contract has no such operation or column.
        """
        if column not in COLUMNS:
            raise KeyError(column)
        key = (operation, str(status))
        self._rows[key if key in self._rows else (operation, "default")][column] += cases

    def __iter__(self) -> Iterator[tuple[Row, Counter[Column]]]:
        return iter(self._rows.items())

    def unfilled(self, column: Column) -> list[Row]:
        """The rows that a kind of check never reached."""
        return [row for row, counts in self if not counts[column]]

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        rows = [
            {"operation": operation, "status": status, **counts}
            for (operation, status), counts in self
        ]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")

    def add(self, path: Path) -> None:
        """Add what another run saved, such as one against the live service."""
        for row in json.loads(path.read_text(encoding="utf-8")):
            for column in COLUMNS:
                if row.get(column):
                    self.count(column, row["operation"], row["status"], row[column])
