"""The record of the checks: operation by status, and how often."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, get_args

import attrs
from attrs import field, frozen

from tools.operations import operations

Column = Literal["request sent", "response parsed", "property cases", "life cycle", "live"]
COLUMNS: Final[tuple[Column, ...]] = get_args(Column)
Row = tuple[str, str]
"""An operationId, and the contract's key of a response: "200", "400", ..., "default"."""


@frozen
class LiveRun:
    """A run at the service, that the column "live" is of; it may be an old one."""

    server: str  # scheme and host of who answered
    date: str  # day, as YYYY-MM-DD
    contract: str  # digest of the contract that it was held against
    # answers that did not keep to it, as "operation status"
    broken: list[str] = field(factory=list)
    # operations it did not call, each with the reason
    not_called: dict[str, str] = field(factory=dict)


class UnusableLedgerError(Exception):
    """A file that `Ledger.save` did not write; the message says which, and why."""


class Ledger:
    """A count of the checks of each answer of each operation, by the kind of check.

    Attributes:
        contract: The contract; only what it documents can be counted.
        operations: Its operations by operationId.
        digest: What tells one state of the contract from another.
        live: The run that the column "live" is of, or None.
    """

    def __init__(self, contract: dict[str, Any]) -> None:
        self.contract = contract
        self.digest = hashlib.sha256(json.dumps(contract, sort_keys=True).encode()).hexdigest()
        self.live: LiveRun | None = None
        self.operations = {found["operationId"]: found for _, _, found in operations(contract)}
        self._rows: dict[Row, Counter[Column]] = {
            (name, status): Counter()
            for name, found in self.operations.items()
            for status in found["responses"]
        }

    def count(self, column: Column, operation: str, status: str | int, cases: int = 1) -> None:
        """Count checks that held; a status that is not documented by itself is "default"."""
        if column not in COLUMNS:
            raise KeyError(column)
        key = (operation, str(status))
        self._rows[key if key in self._rows else (operation, "default")][column] += cases

    def __iter__(self) -> Iterator[tuple[Row, Counter[Column]]]:
        return iter(self._rows.items())

    def save(self, path: Path) -> None:
        """Write the record as JSON."""
        said = {
            "live": self.live and attrs.asdict(self.live),
            "rows": [
                {"operation": operation, "status": status, **counts}
                for (operation, status), counts in self
            ],
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")

    def add(self, path: Path) -> None:
        """Add the record of another run; what the contract does not document now is left out."""
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            live = said["live"] and LiveRun(**said["live"])
            found = [
                ((row["operation"], row["status"]), column, int(row.get(column, 0)))
                for row in said["rows"]
                for column in COLUMNS
            ]
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise UnusableLedgerError(f"{path} holds no record of a run: {error!r}") from error
        for key, column, cases in found:
            if key in self._rows:
                self._rows[key][column] += cases
        self.live = live or self.live
