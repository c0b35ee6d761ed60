"""The report of a run of the contract tests: as text, as JSON, and as a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from contract_tests.harness.failures import Failure, clean
from contract_tests.harness.ledger import COLUMNS, Ledger, UnusableLedgerError
from contract_tests.harness.page import CAVEAT, page
from contract_tests.harness.reach import live_note
from contract_tests.harness.table import Cell, Table

#: The file that `make live` saves.
LIVE: Final = "live.json"


def write_reports(folder: Path, ledger: Ledger, failures: Sequence[Failure]) -> str:
    """Write contract.json, .txt and .html, none of them with a secret, and return the text."""
    shown = [failure.cleaned() for failure in failures]
    trouble = ""
    if (live := folder / LIVE).exists():
        try:
            ledger.add(live)
        except UnusableLedgerError as error:
            trouble = f"The last live run is left out. {clean(str(error))}\n"
    text = as_text(ledger, shown) + trouble
    ledger.save(folder / "contract.json")
    (folder / "contract.txt").write_text(text, encoding="utf-8")
    (folder / "contract.html").write_text(page(ledger, shown), encoding="utf-8")
    return text


def as_text(ledger: Ledger, failures: Sequence[Failure]) -> str:
    """Return the table and each failure, for a terminal."""
    table = Table(ledger, failures)
    width = max((len(operation) for operation, _ in table.rows), default=0)
    lines = [_line(width, "operation", "status", COLUMNS)]
    lines += [_line(width, *row, map(_shown, cells)) for row, cells in table.rows.items()]
    lines.append(_line(width, "total", "", (table.totals[column] for column in COLUMNS)))
    reached = (table.reached[column] for column in COLUMNS)
    lines.append(_line(width, f"answers reached, of {len(table.rows)}", "", reached))
    lines += ["", "Not reached, for a reason:"] if table.reasons else []
    lines += [f"  - {letter}  {why}" for why, letter in table.reasons.items()]
    lines += ["", *textwrap.wrap(f"{CAVEAT} {live_note(ledger)}", 100), ""]
    lines += [f"{len(failures)} failed" if failures else "Nothing failed.", ""]
    for failure in failures:
        lines.append(f"[{failure.blamed}] {failure.title}")
        lines += textwrap.indent(failure.what, "  ").splitlines()
        if failure.evidence:
            lines += ["  on the wire:", *textwrap.indent(failure.evidence, "    ").splitlines()]
        lines += [f"  seed: {failure.seeded}", f"  again: {failure.replay}", ""]
    return "\n".join(line.rstrip() for line in lines)


def _shown(cell: Cell) -> str:
    if cell.column == "live" and cell.state == "failed":
        return "broken"
    return str(cell.number or f"- {cell.letter}".strip())


def _line(width: int, operation: str, status: str, cells: Iterable[object]) -> str:
    texts = (f"{cell or '-'!s:>{len(column)}}" for column, cell in zip(COLUMNS, cells, strict=True))
    return f"{operation:<{max(width, 24)}}  {status:<7}  {'  '.join(texts)}"
