"""`python -m contract_tests.mutants`: try the mutants, and tell by the exit code of the outcome."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from contract_tests.mutants import in_client, in_contract, in_fake, in_overlay
from contract_tests.mutants.mutant import WHERE, Mutant
from contract_tests.mutants.runner import Outcome, RedBaselineError, run_all
from contract_tests.mutants.tests import every
from contract_tests.mutants.workshop import WrongCopyError

ROOT: Final = Path(__file__).resolve().parent.parent.parent
REPORT: Final = Path("reports") / "mutants.json"

MUTANTS: Final[tuple[Mutant, ...]] = (
    *in_contract.MUTANTS,
    *in_client.MUTANTS,
    *in_overlay.MUTANTS,
    *in_fake.MUTANTS,
)


def chosen(only: Sequence[str], where: Sequence[str]) -> list[Mutant]:
    """The mutants of these names and parts; all where nothing is said.

    Raises:
        KeyError: When there is no mutant of a name.
    """
    if unknown := set(only) - {mutant.id for mutant in MUTANTS}:
        raise KeyError(", ".join(sorted(unknown)))
    return [
        mutant
        for mutant in MUTANTS
        if (not only or mutant.id in only) and (not where or mutant.where in where)
    ]


def tell(outcome: Outcome) -> None:
    """Say what became of a mutant."""
    verdict = outcome.verdict if outcome.verdict == "caught" else outcome.verdict.upper()
    by = "by " if outcome.verdict == "caught" else ""
    line = f"{verdict:<9}{outcome.mutant.id:<44}{outcome.seconds:5.1f} s  {by}{outcome.reason}"
    print(line.rstrip(), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants.

    Returns:
        0 when at least 95 % of them were caught, none was broken, and each survivor is known.
    """
    parser = argparse.ArgumentParser(prog="python -m contract_tests.mutants", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="this one")
    parser.add_argument("--where", action="append", default=[], choices=WHERE, help="these")
    parser.add_argument("--workers", type=int, default=2, help="how many at once (default: 2)")
    said = parser.parse_args(arguments)
    try:
        mutants = chosen(said.only, said.where)
    except KeyError as unknown:
        parser.error(f"there is no mutant {unknown.args[0]}")

    # So that the runs under way end with this one, and their copies go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    print(f"{len(mutants)} mutants; first their tests with nothing broken", flush=True)
    try:
        summary = run_all(mutants, ROOT, others=every(ROOT), workers=said.workers, say=tell)
    except (RedBaselineError, WrongCopyError) as no_verdict:
        print(f"{type(no_verdict).__name__}: {no_verdict}", file=sys.stderr)
        return 1
    print(summary)
    if len(mutants) == len(MUTANTS):
        path = ROOT / REPORT
        path.parent.mkdir(exist_ok=True)
        text = json.dumps(summary.as_json(), indent=1, ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")
    return 0 if summary.good else 1


if __name__ == "__main__":
    sys.exit(main())
