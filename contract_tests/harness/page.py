"""The report as one HTML page that needs nothing but itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

from contract_tests.harness.failures import Failure
from contract_tests.harness.ledger import COLUMNS, Column, Ledger
from contract_tests.harness.reach import live_note
from contract_tests.harness.table import Cell, Table

TEMPLATE: Final = Path(__file__).with_suffix(".html")

#: The meaning of each kind of check.
MEANING: Final[Mapping[Column, str]] = {
    "request sent": "The generated client sent the request to Prism, which holds each field of it "
    "to the contract, and Prism gave this answer.",
    "response parsed": "The generated client read such an answer into its model, and lost nothing.",
    "property cases": "Drawn from the contract's schemas: requests that arrived as they were "
    "asked for (200), requests that break the contract and were refused (400), and answers that "
    "were read whole (any status).",
    "life cycle": "Both clients met the answer at the fake server, which keeps state: in random "
    "runs of many calls, and call by call; those of 'default' at a failing front end before it.",
    "live": "The service itself gave this answer, and it fits the contract.",
}
CAVEAT: Final = (
    "Prism knows nothing but the contract, and the fake server is by the authors of the client: "
    "neither proves anything about the live service. Only the column 'live' does."
)
EVIDENCE: Final = {
    "captured": "seen in a saved answer of the service",
    "observed": "read out of a public client's code",
    "documented": "said by the service's own documentation",
    "inferred": "concluded from the rest",
}


def page(ledger: Ledger, failures: Sequence[Failure]) -> str:
    """Return the page."""
    about, table = ledger.contract["info"], Table(ledger, failures)
    cards = (
        (len(ledger.operations), "operations", ""),
        (len(table.rows), "answers documented", ""),
        (table.totals.total(), "checks in all columns", ""),
        (len(failures), "failed", " bad" if failures else " good"),
    )
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(f"{about['title']}, contract {about['version']}"),
        kinds=len(COLUMNS),
        summary="".join(
            f'<li class="card{kind}"><b>{number:,}</b> {text}</li>' for number, text, kind in cards
        ),
        caveat=escape(f"{CAVEAT} {live_note(ledger)}"),
        reasons="".join(
            f"<dt>&ndash;<sup>{letter}</sup></dt><dd>{escape(why)}</dd>"
            for why, letter in table.reasons.items()
        ),
        columns="".join(_column(name, table) for name in COLUMNS),
        evidence="".join(
            f'<dt><span class="mark {name}">{name}</span></dt><dd>{escape(text)}</dd>'
            for name, text in EVIDENCE.items()
        ),
        head=_head(_statuses(table)),
        rows="".join(_rows(ledger, table, failures)),
        failures=_failures(failures),
    )


def _statuses(table: Table) -> list[str]:
    return list(dict.fromkeys(status for _, status in table.rows))


def _column(name: Column, table: Table) -> str:
    reached, rows = table.reached[name], len(table.rows)
    return (
        f'<li><b>{escape(name)}</b><span class="tally">{table.totals[name]:,} checks<br>'
        f"{reached} of {rows} answers</span>"
        f'<span class="bar"><i style="width:{100 * reached / max(rows, 1):.0f}%"></i></span>'
        f"{escape(MEANING[name])}</li>"
    )


def _head(statuses: Sequence[str]) -> str:
    groups = "".join(
        f'<th colspan="{len(COLUMNS)}" scope="colgroup">{escape(status)}</th>'
        for status in statuses
    )
    names = "".join(
        f'<th scope="col"{_line(name)}><span>{escape(name)}</span></th>'
        for _ in statuses
        for name in COLUMNS
    )
    return f'<tr><th rowspan="2" scope="col">operation</th>{groups}</tr><tr>{names}</tr>'


def _rows(ledger: Ledger, table: Table, failures: Sequence[Failure]) -> Iterator[str]:
    told = {tag["name"]: tag.get("description", "") for tag in ledger.contract.get("tags", [])}
    span = 1 + len(COLUMNS) * len(_statuses(table))
    # A failure that names no status, or one that the contract lacks, shows at the name.
    failed = {failure.operation for failure in failures}
    listed = ledger.operations.values()
    for tag in dict.fromkeys(operation["tags"][0] for operation in listed):
        yield (
            f'<tr class="tag"><th colspan="{span}" scope="rowgroup"><div>{escape(tag)} '
            f"<small>{escape(told.get(tag, ''))}</small></div></th></tr>"
        )
        for operation in listed:
            if operation["tags"][0] == tag:
                yield _row(operation, table, failed=operation["operationId"] in failed)


def _row(operation: Mapping[str, Any], table: Table, *, failed: bool) -> str:
    name, evidence = operation["operationId"], operation.get("x-evidence", "inferred")
    # A narrow window shows each operation as a table of its own, with these as its head.
    cells = ['<td class="narrow"></td>']
    cells += [f'<td class="narrow">{escape(column)}</td>' for column in COLUMNS]
    for status in _statuses(table):
        cells.append(f'<td class="narrow">{escape(status)}</td>')
        known = table.rows.get((name, status))
        cells += [
            _cell(f"{name} > {status}, {column}", column, known[index] if known else None)
            for index, column in enumerate(COLUMNS)
        ]
    mark = ' <span class="mark bad">failed</span>' if failed else ""
    return (
        f'<tr class="operation"><th scope="row"><code>{escape(name)}</code>'
        f'<span class="mark {escape(evidence)}">{escape(evidence)}</span>{mark}</th>'
        f"{''.join(cells)}</tr>"
    )


def _cell(place: str, column: Column, cell: Cell | None) -> str:
    """Return a cell; None is that of an answer that is not documented."""
    state, number = (cell.state, cell.number) if cell else ("absent", 0)
    why = f": {cell.reason}" if cell and state == "unreached" else ""
    hint = escape(f"{place}: {number:,} ({state}{why})")
    shown = {
        "failed": "&times;",
        "empty": "&middot;",
        "unreached": f"&ndash;<sup>{cell.letter if cell else ''}</sup>",
    }
    text = f"{number:,}" if number else shown.get(state, "")
    return f'<td class="{state}"{_line(column)} title="{hint}">{text}</td>'


def _line(column: Column) -> str:
    """Mark the first column of a status; it has a line to its left."""
    return ' data-first=""' if column == COLUMNS[0] else ""


def _failures(failures: Sequence[Failure]) -> str:
    if not failures:
        return ""
    blamed = Counter(failure.blame or "unknown" for failure in failures)
    told = "".join(
        f'<li><span class="mark bad">{escape(blame)}</span> {number:,}</li>'
        for blame, number in blamed.most_common()
    )
    return (
        f'<h2>Failures</h2><ul class="legend"><li>Who is to blame:</li>{told}</ul>'
        f"{''.join(map(_failure, failures))}"
    )


def _failure(failure: Failure) -> str:
    wire = f"<h4>On the wire</h4><pre>{escape(failure.evidence)}</pre>" if failure.evidence else ""
    return (
        f'<article><h3><span class="mark bad">{escape(failure.blamed)}</span> '
        f"<code>{escape(failure.title)}</code></h3>"
        f'<pre class="what">{escape(failure.what)}</pre>{wire}'
        f"<h4>Again</h4><pre>{escape(failure.replay)}</pre>"
        f"<p><small>Seed: {failure.seeded}.</small></p></article>"
    )
