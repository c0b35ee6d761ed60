"""What a run of the contract tests says: as text, as JSON, and as a page."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from contract_tests.harness.failures import Failure
from contract_tests.harness.ledger import COLUMNS, Ledger
from contract_tests.harness.page import CAVEAT, page
from tools.regenerate import Project

_NO_SEED: Final = "none, the same cases in every run"

__all__ = ["Failure", "as_text", "write_reports"]


def write_reports(
    folder: Path,
    ledger: Ledger,
    failures: Sequence[Failure],
    *,
    contract: Mapping[str, Any] | None = None,
) -> str:
    """Write contract.json, contract.txt and contract.html, none of them with a secret.

    Args:
        folder: Where to; it is made if need be.
        ledger: What was checked.
        failures: What failed.
        contract: What it was held to; by default the project's contract.

    Returns:
        The text.
    """
    if contract is None:
        contract = json.loads(Project().contract.read_text(encoding="utf-8"))
    shown = [failure.cleaned() for failure in failures]
    text = as_text(ledger, shown)
    ledger.save(folder / "contract.json")
    (folder / "contract.txt").write_text(text, encoding="utf-8")
    (folder / "contract.html").write_text(page(contract, ledger, shown), encoding="utf-8")
    return text


def as_text(ledger: Ledger, failures: Sequence[Failure]) -> str:
    """The table of what was checked, and each failure, for a terminal."""
    width = max((len(operation) for (operation, _), _ in ledger), default=0)
    lines = [_line(width, "operation", "status", COLUMNS)]
    totals: Counter[str] = Counter()
    for (operation, status), counts in ledger:
        lines.append(_line(width, operation, status, (counts[column] for column in COLUMNS)))
        totals.update(counts)
    lines.append(_line(width, "total", "", (totals[column] for column in COLUMNS)))
    rows = len(list(ledger))
    reached = (rows - len(ledger.unfilled(column)) for column in COLUMNS)
    lines.append(_line(width, f"answers reached, of {rows}", "", reached))
    lines += ["", *textwrap.wrap(CAVEAT, 100), ""]
    lines += [f"{len(failures)} failed" if failures else "Nothing failed.", ""]
    for failure in failures:
        lines.append(f"[{failure.blame or 'blame unknown'}] {failure.place or failure.test}")
        lines += textwrap.indent(failure.what, "  ").splitlines()
        if failure.evidence:
            lines += ["  on the wire:", *textwrap.indent(failure.evidence, "    ").splitlines()]
        lines.append(f"  seed: {_NO_SEED if failure.seed is None else failure.seed}")
        lines += [f"  again: {failure.replay}", ""]
    return "\n".join(line.rstrip() for line in lines)


def _line(width: int, operation: str, status: str, cells: Iterable[object]) -> str:
    texts = (f"{cell or '-':>{len(column)}}" for column, cell in zip(COLUMNS, cells, strict=True))
    return f"{operation:<{max(width, 24)}}  {status:<7}  {'  '.join(texts)}"
