"""Every check that needs no network: those that only read run beside the tests.

`python -m tools.checks` shows the tests as they run, and the whole output of a check that failed
as soon as it has ended.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tools.environment import ROOT

Command = Sequence[str]

_PYTHON: Final = (sys.executable, "-m")

#: The checks that only read, in the order they run, one after the other.
READING: Final[Mapping[str, Command]] = {
    "style": (*_PYTHON, "ruff", "check", "."),
    "format": (*_PYTHON, "ruff", "format", "--check", "."),
    "types": (*_PYTHON, "mypy"),
    "layers": (str(Path(sys.executable).with_name("lint-imports")),),
    "generated code": (*_PYTHON, "tools.regenerate", "--check"),
}
#: Many tests wait, so each core has two workers.
TESTS: Final[Command] = (
    *(*_PYTHON, "pytest"),
    *("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"),
)


def run(reading: Mapping[str, Command], tests: Command) -> list[str]:
    """Run all commands, and return the names of those that failed.

    Args:
        reading: Commands that run one after the other, by name; only a failed one is shown.
        tests: The command that runs beside them, and is shown as it goes.
    """
    beside = ThreadPoolExecutor(1)
    try:
        passed = {name: beside.submit(_passes, name, each) for name, each in reading.items()}
        ended = subprocess.run(tests, cwd=ROOT, check=False)
        failed = [name for name, future in passed.items() if not future.result()]
    finally:
        beside.shutdown(cancel_futures=True)
    return failed + ["tests"] * bool(ended.returncode)


def _passes(name: str, command: Command) -> bool:
    ended = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if ended.returncode:
        print(f"\n{name} failed:\n{ended.stdout}", flush=True)
    return not ended.returncode


def main() -> int:
    """Run every check; return 1 if one failed."""
    failed = run(READING, TESTS)
    for name in failed:
        print(f"failed: {name}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
