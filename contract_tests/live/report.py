"""The findings of a run, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from contract_tests.harness.ledger import Ledger, LiveRun
from contract_tests.live.check import EVIDENCE, Verdict, evidence_of
from contract_tests.live.run import Run
from mvsep_api.operations import OPERATIONS

HELD: Final = 0
BROKEN: Final = 1
COULD_NOT_RUN: Final = 2

_NEW_KEYS: Final = 10
_WIDTH: Final = max(map(len, OPERATIONS)) + 2
_STAND_IN: Final = "This was not the service: what it says is no evidence, and is not counted."
_UNTOLD: Final = "no step of the live run calls it yet"


def exit_code(run: Run) -> int:
    """0 when all that was asked held, 1 when the contract is broken, 2 when it can't be told."""
    if not all(verdict.held for verdict in run.answers):
        return BROKEN
    return COULD_NOT_RUN if run.troubles else HELD


def count(run: Run, ledger: Ledger, *, server: str, date: str) -> None:
    """Put every answer that held into the ledger, and what else is to be known of the run."""
    broken = {f"{each.operation} {each.key}" for each in run.answers if not each.held}
    for verdict in run.answers:
        if verdict.held:
            ledger.count("live", verdict.operation, verdict.key)
    ledger.live = LiveRun(server, date, ledger.digest, sorted(broken), not_called(run))


def told(run: Run, contract: dict[str, Any], *, genuine: bool, record: Path | None = None) -> str:
    """Return the report of a run."""
    offers = list(_offers(run, contract, record)) if genuine else [_STAND_IN]
    lines = [*_answers(run), "", *_not_called(run), "", *offers, ""]
    called = {verdict.operation for verdict in run.answers}
    broken = sorted({verdict.operation for verdict in run.answers if not verdict.held})
    asked = f"{len(called)} of {len(OPERATIONS)} operations answered"
    if broken:
        lines.append(f"{asked}; the contract is broken in {', '.join(broken)}.")
    elif not called:
        lines.append("No operation answered: this run says nothing of the contract.")
    elif run.troubles:
        lines.append(f"{asked}; the contract held there, but not all could be asked.")
    else:
        lines.append(f"{asked}; the contract held.")
    return "\n".join(lines) + "\n"


def _grouped(run: Run) -> dict[tuple[str, int], list[Verdict]]:
    groups: dict[tuple[str, int], list[Verdict]] = {}
    for verdict in run.answers:
        groups.setdefault((verdict.operation, verdict.status), []).append(verdict)
    return groups


def _answers(run: Run) -> Iterator[str]:
    for (operation, status), verdicts in _grouped(run).items():
        problems = dict.fromkeys(problem for each in verdicts for problem in each.problems)
        times = f" ({len(verdicts)} answers)" if len(verdicts) > 1 else ""
        word = "BROKEN" if problems else "held"
        yield f"{operation:{_WIDTH}}{status or '-':<5}{word}{times}"
        for problem in problems:
            yield f"    {problem}"
            yield f"        to do ({problem.blame}): {problem.change}"
        news = {key.place: key for each in verdicts for key in each.new_keys}
        yield from (f"    {key}" for key in list(news.values())[:_NEW_KEYS])
        if len(news) > _NEW_KEYS:
            yield f"    and {len(news) - _NEW_KEYS} more new keys"
    for operation, trouble in run.troubles:
        yield f"{operation:{_WIDTH}}{'-':<5}NOT CHECKED: {trouble}"


def not_called(run: Run) -> dict[str, str]:
    """Return the operations that a run did not call, each with the reason."""
    seen = {verdict.operation for verdict in run.answers} | {name for name, _ in run.troubles}
    return {name: run.reasons.get(name, _UNTOLD) for name in OPERATIONS if name not in seen}


def _not_called(run: Run) -> Iterator[str]:
    yield "Not called:"
    for operation, reason in not_called(run).items():
        yield f"    {operation:{_WIDTH}}{reason}"


def _offers(run: Run, contract: dict[str, Any], record: Path | None) -> Iterator[str]:
    how = (
        f"make evidence FROM={record}"
        if record
        else ("make live RECORD=dir, then make evidence FROM=dir")
    )
    offers = {}
    for verdicts in _grouped(run).values():
        first = verdicts[0]
        if all(verdict.held for verdict in verdicts):
            now = evidence_of(contract, first.operation, first.key)
            if now != EVIDENCE[-1]:
                offers[first.operation, first.key] = (
                    f"x-evidence of {first.operation} {first.key} could be raised "
                    f"from {now} to {EVIDENCE[-1]}: {how}"
                )
    yield from offers.values()
