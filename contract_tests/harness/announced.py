"""The two lines with which `python -m mvsep.testing` says how to reach it."""

from __future__ import annotations

import re
from typing import IO, Final

# Each shell sets a variable in its own way: `export A=b`, `set -gx A b`, `$env:A = "b"`.
_LINE: Final = re.compile(r'.*?(MVSEP_[A-Z_]+)[ =]+"?([^\s"]+)"?\s*')


def announced(output: IO[str]) -> tuple[str, str]:
    """Read the address and the token of the server that writes to `output`."""
    lines = [output.readline() for _ in range(2)]
    found = {match[1]: match[2] for match in map(_LINE.fullmatch, lines) if match}
    assert set(found) == {"MVSEP_BASE_URL", "MVSEP_API_TOKEN"}, lines
    return found["MVSEP_BASE_URL"], found["MVSEP_API_TOKEN"]
