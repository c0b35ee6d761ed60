"""The table of a run: on the terminal, as a picture and as JSON, beside the last stored run."""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from attrs import asdict, define, field
from rich.console import Console
from rich.table import Table as Shown
from rich.text import Text

from benchmarks.measure import ROOT, Measured
from tools.pictures import svg

#: The last stored run.
LAST: Final = ROOT / "benchmarks" / "last.json"

#: The picture of it.
PICTURE: Final = ROOT / "docs" / "speed.svg"

_REPORTS: Final = ROOT / "reports"
_COLUMNS: Final = 150
_WIDTH: Final = 31


@define
class Table:
    """The rows that were measured so far."""

    rows: list[Measured] = field(factory=list)

    def add(self, measured: Measured) -> None:
        """Take a row, and print it."""
        self.rows.append(measured)
        mark = "met" if measured.is_met else "missed"
        print(f"{measured.name} | {measured.against}: {measured.ratio:.3g} ({mark})", flush=True)

    def write(self, *, keep: bool) -> None:
        """Print the table, and write picture and JSON into reports/; store the rows with `keep`."""
        last = _stored()
        shown = _drawn(self.rows, last)
        Console(width=_COLUMNS).print(shown)
        _REPORTS.mkdir(exist_ok=True)
        _write(_REPORTS / "bench.json", _REPORTS / "bench.svg", self.rows, shown)
        if keep:
            rows = list({**last, **{(row.name, row.against): row for row in self.rows}}.values())
            _write(LAST, PICTURE, rows, _drawn(rows, {}))


def _stored() -> dict[tuple[str, str], Measured]:
    rows = json.loads(LAST.read_text(encoding="utf-8"))["rows"] if LAST.exists() else []
    return {(row["name"], row["against"]): Measured(**row) for row in rows}


def _drawn(rows: Iterable[Measured], last: Mapping[tuple[str, str], Measured]) -> Shown:
    shown = Shown("row", "against", "target", "ratio")
    shown.add_column("spread, 1 in the middle", no_wrap=True, min_width=_WIDTH)
    for head in ("ours", "other", *(["last"] if last else [])):
        shown.add_column(head)
    for row in rows:
        sign, before = "≤" if row.kind == "cost" else "≥", last.get((row.name, row.against))
        shown.add_row(
            *(row.name, row.against, f"{sign} {row.target:.3g}"),
            Text(f"{row.ratio:.3g}", style="green" if row.is_met else "red"),
            *(bar(row), _told(row.ours, row.unit), _others(row)),
            *([f"{before.ratio:.3g}" if before else ""] if last else []),
        )
    return shown


def _others(row: Measured) -> str:
    limit = "" if row.limit is None else f" (server {_told(row.limit, row.unit)})"
    return _told(row.peer, row.unit) + limit


def _told(value: float, unit: str) -> str:
    if unit == "B" and value >= 1000:
        return f"{value / 1000:.0f} kB" if value < 10**6 else f"{value / 10**6:.3g} MB"
    return f"{value * 1000:.3g} ms" if unit == "s" and value < 1 else f"{value:.3g} {unit}"


def _write(data: Path, picture: Path, rows: Iterable[Measured], shown: Shown) -> None:
    run = {"python": platform.python_version(), "rows": [asdict(row) for row in rows]}
    data.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    picture.write_text(svg(shown, title="make bench", columns=_COLUMNS), encoding="utf-8")


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
