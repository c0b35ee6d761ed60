"""Starting: imports and the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.measure import Lab, Pair, Row, printed, whole_process

# Processor time of the import alone, without that of Python's own start.
_IMPORT: Final = (
    "import sys, time; began = time.process_time(); exec(sys.argv[1]); "
    "print(time.process_time() - began)"
)
_HTTPX: Final = "import httpx"


def _imports(line: str) -> Callable[[Lab], Pair]:
    return lambda lab: Pair(lambda: printed(_IMPORT, line), lambda: printed(_IMPORT, _HTTPX))


def _command(*arguments: str) -> Callable[[Lab], Pair]:
    mvsep = str(Path(sys.executable).with_name("mvsep"))
    return lambda lab: Pair(
        lambda: whole_process(mvsep, *arguments),
        lambda: whole_process(sys.executable, "-c", _HTTPX),
    )


ROWS: Final = (
    Row("import mvsep", _HTTPX, "cost", 0.5, _imports("import mvsep"), 15),
    Row(
        *("from mvsep import MVSep, SepType", _HTTPX, "cost", 1.3),
        *(_imports("from mvsep import MVSep, SepType"), 15),
    ),
    Row("mvsep --version", f'python -c "{_HTTPX}"', "cost", 1.2, _command("--version"), 15),
    Row("mvsep --help", f'python -c "{_HTTPX}"', "cost", 1.3, _command("--help"), 15),
    Row("mvsep types", f'python -c "{_HTTPX}"', "cost", 1.6, _command("types"), 15),
)
