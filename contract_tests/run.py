"""`make contract`: the contract tests, their report, and a look for secrets.

Arguments go to pytest. Exit code: that of the first step that failed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

REPORTS: Final = Path("reports")

TESTS: Final = (
    *("-m", "pytest", "contract_tests", "--quiet"),
    *(f"--contract-report={REPORTS}", f"--junitxml={REPORTS / 'junit.xml'}"),
)
#: Has every answer been checked? Only a run of all tests can tell.
REACH: Final = ("-m", "contract_tests.harness.reach", str(REPORTS / "contract.json"))
SECRETS: Final = ("-m", "contract_tests.harness.secrets")


def main() -> None:
    """Run the steps, each whatever the one before said."""
    REPORTS.mkdir(exist_ok=True)
    chosen = sys.argv[1:]
    steps = [(*TESTS, *chosen), *([] if chosen else [REACH]), SECRETS]
    codes = [subprocess.run([sys.executable, *step], check=False).returncode for step in steps]
    print(f"The report: {REPORTS / 'contract.html'}")
    raise SystemExit(next(filter(None, codes), 0))


if __name__ == "__main__":
    main()
