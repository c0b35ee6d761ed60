"""The command line: parse, show, exit codes.

It uses every room, and decides nothing: the library does. It offers `main`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments after `mvsep`; by default those of the process.

    Returns:
        The exit code; see `mvsep.cli.errors`.
    """
    for name in ("click", "rich"):
        if not find_spec(name):
            sys.stderr.write(f'The command line needs {name}: pip install "mvsep[cli]"\n')
            return 1
    from mvsep.cli.app import run

    return run(sys.argv[1:] if arguments is None else arguments)
