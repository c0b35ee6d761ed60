"""`make contract`: the contract tests, their report, the rate of calls, and a look for secrets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

REPORTS: Final = Path("reports")

#: Each step, in order; all are run, whatever the one before said.
STEPS: Final = (
    (
        *("-m", "pytest", "contract_tests", "--quiet"),
        *(f"--contract-report={REPORTS}", f"--junitxml={REPORTS / 'junit.xml'}"),
    ),
    ("-m", "contract_tests.rate"),
    ("-m", "contract_tests.harness.secrets"),
)


def main() -> None:
    """Run the steps; the exit code is that of the first one that failed."""
    REPORTS.mkdir(exist_ok=True)
    codes = [
        subprocess.run([sys.executable, *step, *more], check=False).returncode
        for step, more in zip(STEPS, (sys.argv[1:], (), ()), strict=True)
    ]
    print(f"The report: {REPORTS / 'contract.html'}")
    raise SystemExit(next(filter(None, codes), 0))


if __name__ == "__main__":
    main()
