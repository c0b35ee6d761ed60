"""Defaults of the clients' parameters, and the variable that holds one."""

from __future__ import annotations

from typing import Final

#: The environment variable that is read when no base_url is handed over.
BASE_URL_VARIABLE: Final = "MVSEP_BASE_URL"

#: How many stems are fetched at once.
PARALLEL: Final = 4

#: Seconds that a list of types counts as fresh. The service adds types every month.
MAX_AGE: Final = 24 * 3600.0
