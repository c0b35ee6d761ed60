"""The trial of mutants: break one thing after the other, and see whether a contract test fails."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Queue
from typing import Any, Final, Literal

from attrs import asdict, frozen

from contract_tests.mutants.mutant import PARTS, DoesNotApplyError, Mutant
from contract_tests.mutants.workshop import Run, Workshop

Verdict = Literal["caught", "survived", "broken"]

#: The share of the mutants that have to be caught.
ENOUGH: Final = 0.95

# A test that fails for one of these did not see the mutant: it could not be run with it.
_NO_VERDICT: Final = re.compile(
    r"\b(ImportError|ModuleNotFoundError|SyntaxError|IndentationError|NameError|"
    r"UnboundLocalError|MockCrashed|Prism crashed)\b"
)
# These say nothing of a mutant. Those that generate compare hashes, or make the client anew; the
# others test the tools on documents of their own.
_NO_WITNESSES: Final = re.compile(
    "test_(generation|adopted|wheel|mutants|mock|quirks|harness|secrets|witness|live)"
)


class RedBaselineError(Exception):
    """A failure with nothing broken: the verdict of such tests on mutants is worth nothing."""


@frozen
class Outcome:
    """The verdict on a mutant."""

    mutant: Mutant
    verdict: Verdict
    reason: str
    seconds: float

    @property
    def complaint(self) -> str:
        """Reason why a person has to look at it; empty where all is well."""
        if self.verdict == "broken":
            return f"BROKEN: {self.mutant.name}: {self.reason}"
        if self.verdict == "survived" and not self.mutant.survives:
            return f"SURVIVED, and should not: {self.mutant.name}: {self.mutant.breaks}"
        return ""


@frozen
class Summary:
    """The verdicts on all mutants."""

    outcomes: tuple[Outcome, ...]
    seconds: float

    def count(self, verdict: Verdict, part: str | None = None) -> int:
        """Count the outcomes of a verdict, in one part of the project or in all."""
        parts = {part} if part else set(PARTS)
        return sum(each.verdict == verdict and each.mutant.part in parts for each in self.outcomes)

    @property
    def share(self) -> float:
        """Share of the mutants that were caught."""
        return self.count("caught") / len(self.outcomes) if self.outcomes else 0.0

    @property
    def good(self) -> bool:
        """True when enough were caught, each survivor is explained, and each mutant applied."""
        return self.share >= ENOUGH and not any(each.complaint for each in self.outcomes)

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON data."""
        return {
            "mutants": len(self.outcomes),
            "caught": self.count("caught"),
            "survived": self.count("survived"),
            "broken": self.count("broken"),
            "share": round(self.share, 4),
            "seconds": round(self.seconds, 1),
            "good": self.good,
            "outcomes": [
                {
                    "verdict": each.verdict,
                    "reason": each.reason,
                    "seconds": round(each.seconds, 1),
                    **asdict(each.mutant, filter=lambda field, _: field.name != "edits"),
                }
                for each in self.outcomes
            ],
        }

    def __str__(self) -> str:
        lines = [f"{'':<10}{'mutants':>8}{'caught':>8}{'survived':>10}{'broken':>8}"]
        for part in (*PARTS, None):
            caught, survived = self.count("caught", part), self.count("survived", part)
            broken = self.count("broken", part)
            if total := caught + survived + broken:
                lines.append(f"{part or 'all':<10}{total:>8}{caught:>8}{survived:>10}{broken:>8}")
        for each in self.outcomes:
            if each.complaint:
                lines.append(each.complaint)
            elif each.mutant.survives and each.verdict == "caught":
                lines.append(f"STALE: {each.mutant.name} was caught: take its `survives` away")
            elif each.mutant.survives:
                lines.append(f"survived, as known: {each.mutant.name}: {each.mutant.survives}")
        lines.append(f"{self.share:.1%} caught, in {self.seconds:.0f} seconds")
        return "\n".join(lines)


def all_tests(project: Path) -> list[str]:
    """Return the files of all contract tests that could see a mutant."""
    found = sorted((project / "contract_tests").glob("test_*.py"))
    return [f"contract_tests/{path.name}" for path in found if not _NO_WITNESSES.match(path.name)]


def run_all(
    mutants: Sequence[Mutant],
    project: Path,
    *,
    others: Sequence[str] = (),
    workers: int = 2,
    say: Callable[[Outcome], object] = lambda outcome: None,
) -> Summary:
    """Try some mutants, each in a copy of the project.

    A mutant has survived when it passes `others` too; `say` is called with each outcome.
    """
    began = time.monotonic()
    with _workshops(project, workers) as workshops, ThreadPoolExecutor(workers) as pool:
        free: Queue[Workshop] = Queue()
        for workshop in workshops:
            free.put(workshop)

        def tried(mutant: Mutant) -> Outcome:
            workshop = free.get()
            try:
                outcome = attempt(workshop, mutant, others)
            finally:
                free.put(workshop)
            say(outcome)
            return outcome

        try:
            check_baseline(workshops[0], sorted({test for each in mutants for test in each.tests}))
            outcomes = tuple(pool.map(tried, mutants))
        except BaseException:
            for workshop in workshops:
                workshop.stop()
            raise
    return Summary(outcomes, time.monotonic() - began)


def check_baseline(workshop: Workshop, tests: Sequence[str]) -> None:
    """Check that these tests are there, and pass where nothing is broken."""
    run = workshop.run(tests)
    if run.code != 0:
        ended = "did not end" if run.code is None else f"ended with {run.code}"
        raise RedBaselineError(f"The tests {ended}:\n{run.output[-4000:]}")


@contextmanager
def _workshops(project: Path, count: int) -> Iterator[list[Workshop]]:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ExitStack() as stack:
        workshops: list[Workshop] = []
        for number in range(count):
            workshop = stack.enter_context(Workshop(project, Path(folder) / str(number)))
            # The project may change while this goes on; its first copy does not.
            project = workshop.root
            workshops.append(workshop)
        yield workshops


def attempt(workshop: Workshop, mutant: Mutant, others: Sequence[str] = ()) -> Outcome:
    """Break one thing, run the tests that should see it, then the others, and mend it."""
    began = time.monotonic()
    try:
        with workshop.broken(mutant):
            verdict, reason = judge(workshop.run(mutant.tests, first=True))
            survived = verdict == "survived"
            if survived and others:
                verdict, reason = judge(workshop.run(others, first=True))
        # The others are many: only the one that failed has to pass with nothing broken.
        if survived and verdict == "caught" and workshop.run([reason]).code != 0:
            verdict, reason = "broken", f"{reason} fails with nothing broken too"
    except DoesNotApplyError as lost:
        verdict, reason = "broken", f"the edit does not apply: {lost}"
    except SyntaxError as error:
        verdict, reason = "broken", f"the edit makes no Python: {error}"
    return Outcome(mutant, verdict, reason, time.monotonic() - began)


def judge(run: Run) -> tuple[Verdict, str]:
    """Return the verdict of a run, and its reason: only a test that failed catches a mutant."""
    if run.code is None:
        return "broken", f"the tests did not end in {run.seconds:.0f} seconds"
    if failed := [fault for fault in run.faults if fault.when == "call"]:
        if found := _NO_VERDICT.search(failed[0].said):
            return "broken", f"{failed[0].test} failed with {found[0]}: {_short(failed[0].said)}"
        return "caught", failed[0].test
    if run.faults:
        fault = run.faults[0]
        return "broken", f"{fault.test} could not be run ({fault.when}): {_short(fault.said)}"
    if run.code:
        return "broken", f"pytest ended with {run.code}: {_short(run.output)}"
    return "survived", ""


def _short(text: str) -> str:
    return " ".join(text.split())[-300:]
