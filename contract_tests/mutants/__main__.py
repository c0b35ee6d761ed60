"""`python -m contract_tests.mutants`: try the mutants.

Exit code: 0 when at least 95 % are caught, none is broken, and each survivor has its reason.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from contract_tests.mutants.mutant import PARTS, Mutant, read_mutants
from contract_tests.mutants.runner import Outcome, RedBaselineError, all_tests, run_all
from contract_tests.mutants.workshop import WrongCopyError

ROOT: Final = Path(__file__).resolve().parent.parent.parent
REPORT: Final = Path("reports") / "mutants.json"
MUTANTS: Final = read_mutants()


def chosen(only: Sequence[str] = (), parts: Sequence[str] = ()) -> list[Mutant]:
    """Return the mutants of these names and parts; all where nothing is said."""
    if unknown := set(only) - {mutant.name for mutant in MUTANTS}:
        raise KeyError(", ".join(sorted(unknown)))
    return [
        mutant
        for mutant in MUTANTS
        if (not only or mutant.name in only) and (not parts or mutant.part in parts)
    ]


def say(outcome: Outcome) -> None:
    """Print an outcome."""
    caught = outcome.verdict == "caught"
    word, by = ("caught", "by ") if caught else (outcome.verdict.upper(), "")
    line = f"{word:<9}{outcome.mutant.name:<44}{outcome.seconds:5.1f} s  {by}{outcome.reason}"
    print(line.rstrip(), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m contract_tests.mutants", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this one")
    parser.add_argument("--part", action="append", default=[], choices=PARTS, help="those in it")
    parser.add_argument("--workers", type=int, default=2, help="how many at once (default: 2)")
    said = parser.parse_args(arguments)
    try:
        mutants = chosen(said.only, said.part)
    except KeyError as unknown:
        parser.error(f"there is no mutant {unknown.args[0]}")

    # So that the runs under way end with this one, and their copies go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    print(f"Mutants: {len(mutants)}. First their tests with nothing broken.", flush=True)
    try:
        summary = run_all(mutants, ROOT, others=all_tests(ROOT), workers=said.workers, say=say)
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
