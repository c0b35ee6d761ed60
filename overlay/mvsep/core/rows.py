"""Lists of the service with rows that can't be read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

Row = TypeVar("Row")


class ReadableRows(list[Row]):
    """The rows of a list that can be read, with those that can't.

    Args:
        rows: The rows.
        odd: The rows that can't be read, as the service sent them.
    """

    def __init__(self, rows: Iterable[Row], odd: Sequence[Any]) -> None:
        super().__init__(rows)
        self.odd = odd

    @property
    def left_out(self) -> int:
        """The number of rows that were left out."""
        return len(self.odd)
