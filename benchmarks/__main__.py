"""`make bench`: every comparison in one table, with a picture and JSON beside it.

Each figure is a ratio of two sides that are measured in turn in one run: the median of at least
seven. `--smoke` runs each row once with the smallest sizes, and looks at no time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Final

from benchmarks.measure import Lab, Row, measure
from benchmarks.server import running
from benchmarks.table import Table

#: The modules with the rows, in the order of the table.
ROOMS: Final = (
    *("starting", "calls", "uploads", "downloads"),
    *("batches", "polling", "catalogue", "growth", "making"),
)


def rows_of(rooms: Iterable[str]) -> Iterator[Row]:
    """Import one module after the other, for what one needs would weigh on others."""
    for room in rooms:
        yield from import_module(f"benchmarks.{room}").ROWS


def run(rows: Iterable[Row], *, smoke: bool, table: Table) -> int:
    """Measure some rows into a table, and return how many there were."""
    count = 0
    with (
        running() as server,
        tempfile.TemporaryDirectory(prefix="mvsep-bench-") as name,
    ):
        for count, row in enumerate(rows, 1):
            folder = Path(name, str(count))
            folder.mkdir()
            with ExitStack() as stack:
                measured = measure(row, Lab(server, folder, stack, smoke))
            if smoke:
                print(f"{row.name} | {row.against}", flush=True)
            else:
                table.add(measured)
    return count


def main() -> int:
    """Measure the rows whose names have all words; return 1 if one misses its target."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("words", nargs="*", help="only rows that have them all in their names")
    parser.add_argument("--room", choices=ROOMS, help="only the rows of one module")
    parser.add_argument("--smoke", action="store_true", help="run each row once, and compare none")
    parser.add_argument("--keep", action="store_true", help="store the run as the last one")
    chosen = parser.parse_args()
    rows = (
        row
        for row in rows_of([chosen.room] if chosen.room else ROOMS)
        if all(word in f"{row.name} {row.against}" for word in chosen.words)
    )
    table = Table()
    count = run(rows, smoke=chosen.smoke, table=table)
    if not count:
        parser.error("no row has all these words in its name")
    if chosen.smoke:
        print(f"{count} rows ran")
        return 0
    table.write(keep=chosen.keep)
    return int(not all(each.is_met for each in table.rows))


if __name__ == "__main__":
    sys.exit(main())
