"""Verification of a freshly generated package: imports, types, and no lost example.

Run in a process of its own with the package's folder on the path:
`python -m tools.verify CONTRACT FOLDER`.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tools.environment import ROOT
from tools.examples import examples, round_trip

PACKAGE = "mvsep_api"

# What mypy knows of the libraries after a run. To learn it takes longer than to generate.
_LEARNED = ROOT / ".mypy_cache" / f"generated-{version('mypy')}"


def broken_imports() -> list[str]:
    """Return the modules of the package that can't be imported, with the reason."""
    problems = []
    package = importlib.import_module(PACKAGE)
    for module in pkgutil.walk_packages(package.__path__, f"{PACKAGE}."):
        try:
            importlib.import_module(module.name)
        except Exception as error:
            problems.append(f"{module.name} can't be imported: {error!r}")
    return problems


def lost_examples(contract: dict[str, Any]) -> list[str]:
    """Return the examples of the contract that the generated client loses or changes."""
    problems = []
    for example in examples(contract):
        if not example.is_json:
            continue
        try:
            lost = round_trip(example)
        except Exception as error:
            lost = f"can't be read: {error!r}"
        if lost:
            problems.append(f"example {example}: {lost}")
    return problems


def type_errors(folder: Path) -> list[str]:
    """Return the complaints of mypy, in strict mode, about the package in `folder`."""
    cache = folder / ".mypy_cache"
    if _LEARNED.exists():
        # A copy: others may verify another package at the same time.
        shutil.copytree(_LEARNED, cache)
    command = (sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file=")
    done = subprocess.run(
        (*command, "--cache-dir", cache, "-p", PACKAGE),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0 and not _LEARNED.exists():
        _LEARNED.parent.mkdir(exist_ok=True)
        with suppress(OSError):  # another was faster, or it is on another disk
            cache.rename(_LEARNED)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).splitlines()


def main() -> None:
    """Print every problem; exit with 1 if there is one."""
    contract_path, folder = map(Path, sys.argv[1:])
    sys.path.insert(0, str(folder))
    contract = json.loads(contract_path.read_text(encoding="utf-8"))
    with ThreadPoolExecutor(1) as beside:
        types = beside.submit(type_errors, folder)
        problems = broken_imports() or lost_examples(contract) + types.result()
    for problem in problems:
        print(problem)
    raise SystemExit(bool(problems))


if __name__ == "__main__":
    main()
