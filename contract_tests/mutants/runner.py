"""Break one thing after the other, and see whether a contract test fails."""

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

from attrs import evolve, frozen

from contract_tests.mutants.mutant import WHERE, DoesNotApplyError, Mutant
from contract_tests.mutants.workshop import Run, Workshop

Verdict = Literal["caught", "survived", "broken"]

#: The share of the mutants that have to be caught.
ENOUGH: Final = 0.95

# A test that fails for one of these did not see the mutant: it could not be run with it.
_NO_VERDICT: Final = re.compile(
    r"\b(ImportError|ModuleNotFoundError|SyntaxError|IndentationError|NameError|"
    r"UnboundLocalError|MockCrashed|Prism crashed)\b"
)


class RedBaselineError(Exception):
    """Tests fail with nothing broken; what they say about mutants is worth nothing."""


@frozen
class Outcome:
    """What became of a mutant.

    Args:
        mutant: The mutant.
        verdict: Whether a test failed for it; "broken" where the mutant itself is no good.
        reason: The test that caught it, or why there is no verdict.
        seconds: How long it took.
    """

    mutant: Mutant
    verdict: Verdict
    reason: str
    seconds: float

    @property
    def stale(self) -> bool:
        """Whether it was caught although it is known to survive."""
        return self.verdict == "caught" and bool(self.mutant.survives)

    @property
    def unexplained(self) -> bool:
        """Whether it survived and nobody knows why."""
        return self.verdict == "survived" and not self.mutant.survives


@frozen
class Summary:
    """What became of all of them.

    Args:
        outcomes: In the order of the mutants.
        seconds: How long everything took.
    """

    outcomes: tuple[Outcome, ...]
    seconds: float

    def count(self, verdict: Verdict, where: str | None = None) -> int:
        """How many there are of a verdict, in one part of the project or in all."""
        return sum(
            each.verdict == verdict and where in {None, each.mutant.where} for each in self.outcomes
        )

    @property
    def share(self) -> float:
        """The share that was caught."""
        return self.count("caught") / len(self.outcomes) if self.outcomes else 0.0

    @property
    def good(self) -> bool:
        """Whether enough were caught, each survivor is explained, and each mutant applied."""
        explained = not any(each.unexplained for each in self.outcomes)
        return self.share >= ENOUGH and explained and not self.count("broken")

    def as_json(self) -> dict[str, Any]:
        """The whole as JSON data."""
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
                    "id": each.mutant.id,
                    "where": each.mutant.where,
                    "what": each.mutant.what,
                    "verdict": each.verdict,
                    "reason": each.reason,
                    "seconds": round(each.seconds, 1),
                    "known_to_survive": each.mutant.survives or None,
                    "stale": each.stale,
                    "edits": sorted({edit.file for edit in each.mutant.edits}),
                    "tests": list(each.mutant.tests),
                }
                for each in self.outcomes
            ],
        }

    def __str__(self) -> str:
        lines = [f"{'':<10}{'mutants':>8}{'caught':>8}{'survived':>10}{'broken':>8}"]
        for where in (*WHERE, None):
            numbers = [self.count(verdict, where) for verdict in ("caught", "survived", "broken")]
            if sum(numbers):
                cells = "".join(f"{n:>{w}}" for n, w in zip(numbers, (8, 10, 8), strict=True))
                lines.append(f"{where or 'all':<10}{sum(numbers):>8}{cells}")
        lines += [
            f"survived, and is known to: {each.mutant.id}: {each.mutant.survives}"
            for each in self.outcomes
            if each.verdict == "survived" and each.mutant.survives
        ]
        lines += [
            f"SURVIVED, and should not: {each.mutant.id}: {each.mutant.what}"
            for each in self.outcomes
            if each.unexplained
        ]
        lines += [
            f"BROKEN: {each.mutant.id}: {each.reason}"
            for each in self.outcomes
            if each.verdict == "broken"
        ]
        lines += [
            f"STALE: {each.mutant.id} is said to survive, and was caught: take its reason away"
            for each in self.outcomes
            if each.stale
        ]
        lines.append(f"{self.share:.1%} caught, in {self.seconds:.0f} seconds")
        return "\n".join(lines)


def run_all(
    mutants: Sequence[Mutant],
    project: Path,
    *,
    others: Sequence[str] = (),
    workers: int = 2,
    say: Callable[[Outcome], object] = lambda outcome: None,
) -> Summary:
    """Try some mutants, each in a copy of the project.

    Args:
        mutants: The mutants.
        project: The root of the project; it is only read.
        others: The tests before which those are put that the tests they name let pass.
        workers: How many are tried at once.
        say: Told of each as it ends.

    Raises:
        RedBaselineError: When tests fail, or are not there, without any mutant.
        WrongCopyError: When the tests would not import the copy.
    """
    began = time.monotonic()
    with _workshops(project, workers) as workshops, ThreadPoolExecutor(workers) as pool:
        free: Queue[Workshop] = Queue()
        for workshop in workshops:
            free.put(workshop)

        def tried(mutant: Mutant) -> Outcome:
            workshop = free.get()
            try:
                outcome = attempt(workshop, mutant, mutant.tests)
                if outcome.verdict == "survived" and others:
                    outcome = attempt(workshop, mutant, others)
                    # The others are many: only the one that failed has to pass with nothing broken.
                    if outcome.verdict == "caught" and workshop.run([outcome.reason]).code != 0:
                        reason = f"{outcome.reason} fails with nothing broken too"
                        outcome = evolve(outcome, verdict="broken", reason=reason)
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
    """Make sure that these tests pass where nothing is broken.

    Raises:
        RedBaselineError: When one does not, or is not there.
    """
    run = workshop.run(tests)
    if run.code is None:
        raise RedBaselineError(f"They did not end in {run.seconds:.0f} seconds.")
    if run.code != 0:
        raise RedBaselineError(run.output[-4000:])


@contextmanager
def _workshops(project: Path, count: int) -> Iterator[list[Workshop]]:
    """Some workshops that are alike."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ExitStack() as stack:
        workshops: list[Workshop] = []
        for number in range(count):
            workshop = stack.enter_context(Workshop(project, Path(folder) / str(number)))
            # The project may change while this goes on; its first copy does not.
            project = workshop.root
            workshops.append(workshop)
        yield workshops


def attempt(workshop: Workshop, mutant: Mutant, tests: Sequence[str]) -> Outcome:
    """Break one thing, run the tests that should see it, and mend it."""
    began = time.monotonic()
    try:
        with workshop.broken(mutant.edits):
            verdict, reason = judge(workshop.run(tests, first=True))
    except DoesNotApplyError as lost:
        verdict, reason = "broken", f"the edit does not apply: {lost}"
    except SyntaxError as error:
        verdict, reason = "broken", f"the edit makes no Python: {error}"
    return Outcome(mutant, verdict, reason, time.monotonic() - began)


def judge(run: Run) -> tuple[Verdict, str]:
    """What a run says of a mutant: only a test that failed has caught it."""
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
