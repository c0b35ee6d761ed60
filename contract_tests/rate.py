"""The rate of cases through the generated client, beside Schemathesis' own way to the wire.

`python -m contract_tests.rate` sends the same cases to the same Prism both ways and prints the
cases per second. The contract tests stay usable only as long as the detour through models and
files is cheap: below half of the raw rate the program fails.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

import hypothesis
import requests
from schemathesis.core.result import Ok

from contract_tests.harness.bridge import Callers, Case, asked, cases, operation_of
from contract_tests.harness.refusal import is_read_otherwise
from contract_tests.mock import Prism
from mvsep_api.operations import OPERATIONS
from tools.regenerate import Project

LEAST_RATIO: Final = 0.5
CASES: Final = 20
ROUNDS: Final = 3


def collect() -> list[Case]:
    """Return the cases to send: as many of each operation, the same in every run."""
    found: list[Case] = []
    for result in cases("positive").get_all_operations():
        if not isinstance(result, Ok):
            raise TypeError(f"an operation can't be read: {result.err()}")

        @hypothesis.settings(
            max_examples=CASES,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=result.ok().as_strategy())
        def keep(case: Case) -> None:
            if not is_read_otherwise(asked(case)):
                found.append(case)

        keep()
    return found


def seconds(send: Callable[[Case], object], said: list[Case]) -> float:
    """Return the seconds that all cases take."""
    start = time.perf_counter()
    for case in said:
        send(case)
    return time.perf_counter() - start


def main() -> int:
    """Measure, print, and tell by the exit status whether the client is fast enough."""
    said = collect()
    missing = set(OPERATIONS) - {operation_of(case) for case in said}
    if missing:
        raise RuntimeError(f"no cases of {', '.join(sorted(missing))}")
    with (
        Prism(Project().contract) as prism,
        Callers(prism.url) as callers,
        requests.Session() as session,
    ):
        session.trust_env = False
        ways: dict[str, Callable[[Case], object]] = {
            "raw, by Schemathesis": lambda case: case.call(base_url=prism.url, session=session),
            "generated client, sync": lambda case: callers.call("sync", case),
            "generated client, async": lambda case: callers.call("async", case),
        }
        # In turns, so that all ways meet the same weather; the best round is the least disturbed.
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(ROUNDS):
            for name, send in ways.items():
                best[name] = min(best[name], seconds(send, said))
        prism.check()
    rates = {name: len(said) / taken for name, taken in best.items()}
    raw, *clients = rates.values()
    for name, rate in rates.items():
        sys.stdout.write(f"{name:<24} {rate:6.0f} cases/s   {rate / raw:5.2f} of raw\n")
    return 0 if min(clients) / raw > LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
