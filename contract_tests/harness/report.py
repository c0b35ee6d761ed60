"""What a run of the contract tests says: as text, as JSON, and as a page."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from contract_tests.harness.failures import Failure, clean
from contract_tests.harness.ledger import COLUMNS, Ledger, UnusableLedgerError
from contract_tests.harness.page import CAVEAT, page
from contract_tests.harness.reach import live_note, notes, reason

#: What `make live` saves.
LIVE: Final = "live.json"
_NO_SEED: Final = "none, the same cases in every run"

__all__ = ["Failure", "as_text", "write_reports"]


def write_reports(
    folder: Path,
    ledger: Ledger,
    failures: Sequence[Failure],
) -> str:
    """Write contract.json, contract.txt and contract.html, none of them with a secret.

    Args:
        folder: Where to; it is made if need be. What `make live` left there is added.
        ledger: What was checked.
        failures: What failed.

    Returns:
        The text.
    """
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
    """The table of what was checked, and each failure, for a terminal."""
    width = max((len(operation) for (operation, _), _ in ledger), default=0)
    lines = [_line(width, "operation", "status", COLUMNS)]
    totals: Counter[str] = Counter()
    marks = notes(ledger)
    for (operation, status), counts in ledger:
        cells = [
            counts[column] or _dash(marks.get(reason(ledger, column, operation, status) or ""))
            for column in COLUMNS
        ]
        if ledger.live and f"{operation} {status}" in ledger.live.broken:
            cells[-1] = "broken"
        lines.append(_line(width, operation, status, cells))
        totals.update(counts)
    lines.append(_line(width, "total", "", (totals[column] for column in COLUMNS)))
    rows = len(list(ledger))
    reached = (rows - len(ledger.unfilled(column)) for column in COLUMNS)
    lines.append(_line(width, f"answers reached, of {rows}", "", reached))
    lines += ["", "Not reached, for a reason:"] if marks else []
    lines += [f"  {_dash(letter)}  {why}" for why, letter in marks.items()]
    lines += ["", *textwrap.wrap(f"{CAVEAT} {live_note(ledger)}", 100), ""]
    lines += [f"{len(failures)} failed" if failures else "Nothing failed.", ""]
    for failure in failures:
        lines.append(f"[{failure.blame or 'blame unknown'}] {failure.place or failure.test}")
        lines += textwrap.indent(failure.what, "  ").splitlines()
        if failure.evidence:
            lines += ["  on the wire:", *textwrap.indent(failure.evidence, "    ").splitlines()]
        lines.append(f"  seed: {_NO_SEED if failure.seed is None else failure.seed}")
        lines += [f"  again: {failure.replay}", ""]
    return "\n".join(line.rstrip() for line in lines)


def _dash(letter: str | None) -> str:
    return f"- {letter}" if letter else "-"


def _line(width: int, operation: str, status: str, cells: Iterable[object]) -> str:
    texts = (f"{cell or '-'!s:>{len(column)}}" for column, cell in zip(COLUMNS, cells, strict=True))
    return f"{operation:<{max(width, 24)}}  {status:<7}  {'  '.join(texts)}"
