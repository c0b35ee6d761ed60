"""Virtual environments from lock files; one that is up to date is left alone.

Run by the Makefile with whatever Python is there, so only the standard library is used:
`python tools/environment.py demo|dev|codegen`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Environment:
    """A virtual environment and its contents.

    Args:
        folder: Its folder, below the project's root.
        lock: The file with the exact versions.
        project: True to install the project itself too, in editable form.
    """

    folder: str
    lock: str
    project: bool


# `dev` holds all that `demo` does, in the same folder: going from one to the other only adds.
ENVIRONMENTS = {
    "demo": Environment(".venv", "tools/locks/demo.txt", project=True),
    "dev": Environment(".venv", "tools/locks/dev.txt", project=True),
    # The generator keeps to itself: its formatter is pinned apart from the project's linter.
    "codegen": Environment(".venv-codegen", "spec/codegen/requirements.txt", project=False),
}


def python_of(folder: Path) -> Path:
    """Return the path of a virtual environment's interpreter."""
    if os.name == "nt":
        return folder / "Scripts" / "python.exe"
    return folder / "bin" / "python"


def fingerprint(root: Path, environment: Environment) -> str:
    """Hash what an environment is made from; another value means it is out of date."""
    digest = hashlib.sha256((root / environment.lock).read_bytes())
    if environment.project:
        digest.update(repr(sys.version_info[:2]).encode())
        digest.update((root / "pyproject.toml").read_bytes())
    return digest.hexdigest()


def ensure(name: str, root: Path = ROOT) -> Path:
    """Make the environment `name` exist and be up to date.

    Returns:
        The path of its Python.

    Raises:
        SystemExit: With a sentence saying what to do, when it can't be made.
    """
    environment = ENVIRONMENTS[name]
    folder = root / environment.folder
    python = python_of(folder)
    stamp = folder / f".{name}-stamp"
    wanted = fingerprint(root, environment)
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    if sys.version_info < (3, 11):
        raise SystemExit(
            f"mvsep needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
            "Name another one: make PYTHON=python3.12 ..."
        )
    print(f"Setting up {environment.folder} from {environment.lock} ...", flush=True)
    stamp.unlink(missing_ok=True)
    fresh = ("--clear",) if python.exists() and not _same_python(folder) else ()
    _run(sys.executable, "-m", "venv", *fresh, str(folder), hint="Is the venv module installed?")
    pip = (str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check")
    network = "Can a package index be reached?"
    _run(*pip, "-r", str(root / environment.lock), hint=network)
    if environment.project:
        # hatchling is in the lock, so nothing unpinned is fetched for the build.
        _run(*pip, "--no-deps", "--no-build-isolation", "--editable", str(root), hint=network)
    stamp.write_text(wanted, encoding="utf-8")
    return python


def _same_python(folder: Path) -> bool:
    try:
        settings = (folder / "pyvenv.cfg").read_text(encoding="utf-8")
    except OSError:
        return False
    return f"version = {sys.version_info[0]}.{sys.version_info[1]}." in settings


def _run(*command: str, hint: str) -> None:
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SystemExit(f"Could not run {' '.join(command)}: {error}. {hint}") from error


def main() -> None:
    """Set up the environment named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(ENVIRONMENTS))
    ensure(parser.parse_args().name)


if __name__ == "__main__":
    main()
