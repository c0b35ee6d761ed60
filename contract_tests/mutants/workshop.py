"""A copy of the project in which things are broken and tests are run."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Self

from attrs import frozen

from contract_tests.mutants import plugin
from contract_tests.mutants.mutant import Mutant

#: The folders that the contract tests need, beside the files at the project's root.
NEEDED: Final = ("contract_tests", "docs", "generated", "overlay", "spec", "tests", "tools")
#: Where Prism is installed: not copied, but linked to.
NODE_MODULES: Final = Path("contract_tests/prism/node_modules")
#: The packages that a run imports from its own copy; the rest comes from the environment.
OWN: Final = ("mvsep", "mvsep_api", "tools", "contract_tests.harness")

LIMIT: Final = 1200.0
"""Seconds that a run may take; all tests together take some three minutes on an idle machine."""


class WrongCopyError(Exception):
    """A run would not import the copy."""


@frozen
class Fault:
    """A test or file that did not pass."""

    test: str  # node id
    when: str  # "call" where a test failed; "setup", "teardown" or "collect" where none could run
    said: str  # error, with its type


@frozen
class Run:
    """The result of a run of some tests."""

    code: int | None  # None where the time ran out
    faults: tuple[Fault, ...]
    output: str
    seconds: float


class Workshop:
    """A copy of the project in a folder."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.root = folder
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        unwanted = shutil.ignore_patterns("__pycache__", "node_modules", ".*_cache")
        for name in NEEDED:
            shutil.copytree(project / name, folder / name, ignore=unwanted)
        for path in project.iterdir():
            if path.is_file():
                shutil.copyfile(path, folder / path.name)
        node_modules = (project / NODE_MODULES).resolve()
        if node_modules.is_dir():
            (folder / NODE_MODULES).symlink_to(node_modules, target_is_directory=True)
        # With a hash in each file of bytecode none is ever taken for that of another text, however
        # fast one follows the other. A run writes none itself.
        self._python("-m", "compileall", "-q", "--invalidation-mode", "checked-hash", *NEEDED)
        # An installation in editable form must not win over the copy.
        names = (
            f"import importlib\nfor name in {OWN}: print(importlib.import_module(name).__file__)"
        )
        imported = self._python("-c", names).splitlines()
        own = [line for line in imported if self.root.resolve() in Path(line).parents]
        if own != imported or len(own) != len(OWN):
            raise WrongCopyError("\n".join(imported))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    @contextlib.contextmanager
    def broken(self, mutant: Mutant) -> Iterator[None]:
        """Make a mutant's edits, all or none of them, and undo them."""
        texts = mutant.texts(self.root)
        whole = {path: path.read_bytes() for path in texts}
        try:
            for path, text in texts.items():
                path.write_text(text, encoding="utf-8")
            yield
        finally:
            for path, content in whole.items():
                path.write_bytes(content)

    def run(self, tests: Sequence[str], *, first: bool = False) -> Run:
        """Run some tests."""
        faults = self.root / "faults.json"
        faults.unlink(missing_ok=True)
        options = ["-q", "-p", "no:cacheprovider", f"--basetemp={self.root / 'temporary'}"]
        # The tests of one file count, also where another file can't be read any more.
        options += ["--continue-on-collection-errors", "-p", plugin.NAME]
        options += [f"{plugin.FAULTS}={faults}", *([plugin.FIRST] if first else [])]
        began = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=self.root,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        if self._stopped:
            self._kill()
        code = None
        try:
            output, _ = self._process.communicate(timeout=LIMIT)
            code = self._process.returncode
        except subprocess.TimeoutExpired:
            self._kill()
            output, _ = self._process.communicate()
        rows = json.loads(faults.read_text(encoding="utf-8")) if faults.is_file() else []
        return Run(code, tuple(Fault(**row) for row in rows), output, time.monotonic() - began)

    def stop(self) -> None:
        """End the run that is under way, and begin no other."""
        self._stopped = True
        self._kill()

    def _kill(self) -> None:
        # The group of this run only. A Prism that it started ends by itself when it is gone.
        if self._process is not None and self._process.poll() is None:
            if sys.platform == "win32":
                self._process.kill()
            else:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)

    def _python(self, *arguments: str) -> str:
        ended = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return ended.stdout

    def _environment(self) -> dict[str, str]:
        # No tokens go along, and no settings of the pytest that this may run in.
        unwanted = re.compile("MVSEP_|PYTEST_|HYPOTHESIS_|COV_|PYTHON")
        kept = {name: value for name, value in os.environ.items() if not unwanted.match(name)}
        roots = (self.root / "overlay", self.root / "generated", self.root)
        own = {"PYTHONPATH": os.pathsep.join(map(str, roots)), "PYTHONDONTWRITEBYTECODE": "1"}
        return {**kept, **own}
