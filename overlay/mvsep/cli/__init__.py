"""The command `mvsep`: parse, show, exit codes. What happens is decided in the library."""

from __future__ import annotations

import sys
from collections.abc import Sequence

_EXTRA = frozenset({"click", "rich"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: What follows the command's name; the process's own arguments when absent.

    Returns:
        The exit code; see `mvsep.cli.outcome`.
    """
    try:
        from mvsep.cli.app import run  # the import is where a missing extra shows
    except ModuleNotFoundError as missing:
        name = (missing.name or "").partition(".")[0]
        if name not in _EXTRA:
            raise
        sys.stderr.write(f'The command line needs {name}: pip install "mvsep[cli]"\n')
        return 1
    return run(sys.argv[1:] if arguments is None else arguments)
