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
from contract_tests.harness.reach import live_note, notes, reason

TEMPLATE: Final = Path(__file__).with_suffix(".html")

#: What a check of each kind shows.
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
    """The page.

    Args:
        ledger: What was checked.
        failures: What failed, already without secrets.
    """
    contract, counts = ledger.contract, dict(ledger)
    totals: Counter[str] = Counter()
    for each in counts.values():
        totals.update(each)
    reached = {name: len(counts) - len(ledger.unfilled(name)) for name in COLUMNS}
    statuses = list(dict.fromkeys(status for _, status in counts))
    listed = list(ledger.operations.values())
    marks = notes(ledger)
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        title=escape(f"{contract['info']['title']}, contract {contract['info']['version']}"),
        kinds=len(COLUMNS),
        summary=_summary(len(listed), len(counts), totals, len(failures)),
        caveat=escape(f"{CAVEAT} {live_note(ledger)}"),
        reasons="".join(
            f"<dt>&ndash;<sup>{letter}</sup></dt><dd>{escape(why)}</dd>"
            for why, letter in marks.items()
        ),
        columns="".join(
            _column(name, totals[name], reached[name], len(counts)) for name in COLUMNS
        ),
        evidence="".join(
            f'<dt><span class="mark {name}">{name}</span></dt><dd>{escape(text)}</dd>'
            for name, text in EVIDENCE.items()
        ),
        head=_head(statuses),
        rows="".join(_groups(listed, statuses, ledger, failures)),
        failures=_failures(failures),
    )


def _summary(listed: int, rows: int, totals: Counter[str], failed: int) -> str:
    cards = (
        (listed, "operations", ""),
        (rows, "answers documented", ""),
        (totals.total(), "checks in all columns", ""),
        (failed, "failed", " bad" if failed else " good"),
    )
    return "".join(
        f'<li class="card{kind}"><b>{number:,}</b> {text}</li>' for number, text, kind in cards
    )


def _column(name: Column, total: int, reached: int, rows: int) -> str:
    return (
        f'<li><b>{escape(name)}</b><span class="tally">{total:,} checks<br>'
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
        f'<th scope="col"{_first(name)}><span>{escape(name)}</span></th>'
        for _ in statuses
        for name in COLUMNS
    )
    return f'<tr><th rowspan="2" scope="col">operation</th>{groups}</tr><tr>{names}</tr>'


def _groups(
    listed: Sequence[Mapping[str, Any]],
    statuses: Sequence[str],
    ledger: Ledger,
    failures: Sequence[Failure],
) -> Iterator[str]:
    told = {tag["name"]: tag.get("description", "") for tag in ledger.contract.get("tags", [])}
    span = 1 + len(COLUMNS) * len(statuses)
    for tag in dict.fromkeys(operation["tags"][0] for operation in listed):
        yield (
            f'<tr class="tag"><th colspan="{span}" scope="rowgroup"><div>{escape(tag)} '
            f"<small>{escape(told.get(tag, ''))}</small></div></th></tr>"
        )
        for operation in listed:
            if operation["tags"][0] == tag:
                yield _row(operation, statuses, ledger, failures)


def _row(
    operation: Mapping[str, Any],
    statuses: Sequence[str],
    ledger: Ledger,
    failures: Sequence[Failure],
) -> str:
    name = operation["operationId"]
    counts, marks = dict(ledger), notes(ledger)
    failed = {failure.status for failure in failures if failure.operation == name}
    broken = ledger.live.broken if ledger.live else []
    evidence = operation.get("x-evidence", "inferred")
    # A narrow window shows each operation as a table of its own, with these as its head.
    cells = ['<td class="narrow"></td>']
    cells += [f'<td class="narrow">{escape(column)}</td>' for column in COLUMNS]
    for status in statuses:
        cells.append(f'<td class="narrow">{escape(status)}</td>')
        known = counts.get((name, status))
        for column in COLUMNS:
            why = reason(ledger, column, name, status) if known is not None else None
            bad = f"{name} {status}" in broken if column == "live" else status in failed
            number = known[column] if known is not None else None
            state, shown = _cell(number, marks.get(why or ""), bad=bad)
            told = f": {why}" if state == "unreached" else ""
            hint = escape(f"{name} > {status}, {column}: {number or 0:,} ({state}{told})")
            cells.append(f'<td class="{state}"{_first(column)} title="{hint}">{shown}</td>')
    # A failure that names no status, or one that the contract lacks, shows at the name.
    mark = ' <span class="mark bad">failed</span>' if failed else ""
    return (
        f'<tr class="operation"><th scope="row"><code>{escape(name)}</code>'
        f'<span class="mark {escape(evidence)}">{escape(evidence)}</span>{mark}</th>'
        f"{''.join(cells)}</tr>"
    )


def _cell(number: int | None, letter: str | None, *, bad: bool) -> tuple[str, str]:
    """The state of a cell and what it shows; None for an answer that is not documented."""
    if number is None:
        return "absent", ""
    if bad:
        return "failed", f"{number:,}" if number else "&times;"
    if number:
        return "filled", f"{number:,}"
    return ("unreached", f"&ndash;<sup>{letter}</sup>") if letter else ("empty", "&middot;")


def _first(column: Column) -> str:
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
    blame = failure.blame or "blame unknown"
    evidence = (
        f"<h4>On the wire</h4><pre>{escape(failure.evidence)}</pre>" if failure.evidence else ""
    )
    seed = "none, the same cases in every run" if failure.seed is None else str(failure.seed)
    return (
        f'<article><h3><span class="mark bad">{escape(blame)}</span> '
        f"<code>{escape(failure.place or failure.test)}</code></h3>"
        f'<pre class="what">{escape(failure.what)}</pre>{evidence}'
        f"<h4>Again</h4><pre>{escape(failure.replay)}</pre>"
        f"<p><small>Seed: {seed}.</small></p></article>"
    )
