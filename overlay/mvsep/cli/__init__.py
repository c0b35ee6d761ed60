"""The command line: parse, show, exit codes.

It uses every room, and decides nothing: the library does. It offers `main`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

_EXTRA = frozenset({"click", "rich"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments after `mvsep`; by default those of the process.

    Returns:
        The exit code; see `mvsep.cli.errors`.
    """
    try:
        from mvsep.cli.app import run  # raises if the extra is missing
    except ModuleNotFoundError as missing:
        name = (missing.name or "").partition(".")[0]
        if name not in _EXTRA:
            raise
        sys.stderr.write(f'The command line needs {name}: pip install "mvsep[cli]"\n')
        return 1
    return run(sys.argv[1:] if arguments is None else arguments)
