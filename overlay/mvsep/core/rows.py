"""Lists of the service with rows that can't be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")


class ReadableRows(list[Row]):
    """The rows of a list that can be read, with the number of those that can't.

    Args:
        rows: The rows.
        left_out: The number of rows that were left out.
    """

    def __init__(self, rows: Sequence[Row], left_out: int) -> None:
        super().__init__(rows)
        self.left_out = left_out
