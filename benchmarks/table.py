"""The table of a run: on the terminal, as a picture and as JSON, beside the last stored run."""

from __future__ import annotations

import json
import math
import platform
from typing import Final

from attrs import asdict, define, field
from rich.console import Console
from rich.table import Table as Shown
from rich.text import Text

from benchmarks.measure import ROOT, Measured

#: The last stored run.
LAST: Final = ROOT / "benchmarks" / "last.json"

#: The picture of it.
PICTURE: Final = ROOT / "docs" / "speed.svg"

_REPORTS: Final = ROOT / "reports"
_WIDTH: Final = 33


@define
class Table:
    """The rows that were measured so far."""

    rows: list[Measured] = field(factory=list)
    console: Console = field(factory=lambda: Console(record=True, width=150))

    def add(self, measured: Measured) -> None:
        """Take a row, and print it."""
        self.rows.append(measured)
        mark = "met" if measured.is_met else "missed"
        print(f"{measured.name} | {measured.against}: {measured.ratio:.3g} ({mark})", flush=True)

    def write(self, *, keep: bool) -> None:
        """Print the table, and write picture and JSON into reports/."""
        last = json.loads(LAST.read_text())["rows"] if LAST.exists() else []
        before = {(row["name"], row["against"]): row["ratio"] for row in last}
        shown = Shown(
            "row", "against", "target", "ratio", "last", "spread, 1 in the middle", "ours"
        )
        for row in self.rows:
            sign = "≤" if row.kind == "cost" else "≥"
            old = before.get((row.name, row.against))
            shown.add_row(
                *(row.name, row.against, f"{sign} {row.target:.3g}"),
                Text(f"{row.ratio:.3g}", style="green" if row.is_met else "red"),
                *("" if old is None else f"{old:.3g}", bar(row), f"{row.ours:.3g}"),
            )
        self.console.print(shown)
        _REPORTS.mkdir(exist_ok=True)
        picture = self.console.export_svg(title="make bench")
        for path in (_REPORTS / "bench.svg", *([PICTURE] if keep else [])):
            path.write_text(picture, encoding="utf-8")
        run = {
            "python": platform.python_version(),
            "rows": [{**asdict(row), "ratio": row.ratio} for row in self.rows],
        }
        for path in (_REPORTS / "bench.json", *([LAST] if keep else [])):
            path.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")


def bar(row: Measured) -> Text:
    """Draw the least, middle and greatest ratio on a line from a quarter to four, by powers."""

    def place(ratio: float) -> int:
        share = (math.log(max(ratio, 1e-9), 4) + 1) / 2
        return round(min(max(share, 0.0), 1.0) * (_WIDTH - 1))

    low, middle, high = place(row.ratios[0]), place(row.ratio), place(row.ratios[-1])
    line = [" "] * _WIDTH
    line[_WIDTH // 2] = "│"
    line[low : high + 1] = "─" * (high + 1 - low)
    line[middle] = "●"
    return Text("".join(line))
