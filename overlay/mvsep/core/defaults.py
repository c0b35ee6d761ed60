"""Defaults of the clients' parameters."""

from __future__ import annotations

from typing import Final

#: How many stems are fetched at once.
PARALLEL: Final = 4

#: Seconds that a list of types counts as fresh. The service adds types every month.
MAX_AGE: Final = 24 * 3600.0
