"""Moments on the command line: a date, or how long ago."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import Final

import click

_SECONDS: Final = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
_AGO: Final = re.compile(r"(\d{1,6})([mhdw])", re.ASCII)


def read_since(text: str) -> float:
    """Read `--since`: an ISO date or time, or how long ago, as 3d; return seconds since 1970."""
    if ago := _AGO.fullmatch(text.strip()):
        return time.time() - int(ago[1]) * _SECONDS[ago[2]]
    try:
        return datetime.fromisoformat(text.strip()).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        raise click.BadParameter(
            f"{text!r} is neither a date such as 2026-01-31, nor how long ago, such as 3d."
        ) from None
