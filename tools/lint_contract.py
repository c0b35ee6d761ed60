"""Redocly's and Spectral's rules, held against the contract.

`python -m tools.lint_contract` installs both from contract_tests/lint, where their versions are
pinned and each exception has its reason, and runs them. It reads no other configuration.

Exit code: 0 the contract keeps every rule, 1 it does not, 2 a program could not be run.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tools.console import leave
from tools.node import InstallFailed, environment, install, node
from tools.regenerate import Project

LINT = Path(__file__).resolve().parent.parent / "contract_tests" / "lint"

# Nobody is told that it ran, and nothing is asked about newer versions.
_QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true"}

Run = Callable[[Sequence[str | Path]], int]


def commands(modules: Path, contract: Path) -> dict[str, list[str | Path]]:
    """Return what each program is called with, to be run by node."""
    redocly = modules / "@redocly" / "cli" / "bin" / "cli.js"
    spectral = modules / "@stoplight" / "spectral-cli" / "dist" / "index.js"
    return {
        "Redocly": [redocly, "lint", "--config", LINT / "redocly.yaml", contract],
        "Spectral": [
            *(spectral, "lint", "--ruleset", LINT / "spectral.yaml"),
            *("--fail-severity", "hint", contract),
        ],
    }


def with_node(command: Sequence[str | Path]) -> int:
    """Run a program of npm's in the folder of its configuration and return its exit code."""
    ended = subprocess.run(
        [node(), *command],
        cwd=LINT,
        env={**environment(), **_QUIET},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return ended.returncode


def lint(contract: Path, modules: Path, run: Run = with_node) -> int:
    """Hold a contract against all rules and return the exit code."""
    codes = {name: run(command) for name, command in commands(modules, contract).items()}
    for name, code in codes.items():
        if code not in (0, 1):
            print(f"{name} could not check the contract: it ended with {code}.", file=sys.stderr)
    return 2 if any(code not in (0, 1) for code in codes.values()) else max(codes.values())


def main() -> int:
    """Run the command and return its exit code."""
    try:
        return lint(Project().contract, install(LINT))
    except InstallFailed as failure:
        print(failure, file=sys.stderr)
        return 2


if __name__ == "__main__":
    leave(main)
