"""The console of a command: texts that are safe to show, and the exit."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable


def shown(text: str) -> str:
    """Return a text that a terminal shows and never acts upon."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def one_line(text: str) -> str:
    """Return a text on one line, without what a terminal would act upon."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def leave(run: Callable[[], int]) -> None:
    """Run a command and leave with its exit code, or with 2 after an unexpected error.

    1 would mean a finding, and a fault of the command is none.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = run()
    except Exception:
        traceback.print_exc()
        code = 2
    raise SystemExit(code)
