"""The separation types that tests see: those of one day, which no refresh changes.

`make refresh-catalogue` changes names, prices and counts of what is shipped, and that makes no
code wrong. So tests of the code see the list of 2026-08-19: `Catalog.bundled()`, the fake server
and the command line have it while tests run in this process. Tests of what is shipped take
`SHIPPED`. pyproject.toml has pytest load this first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mvsep.catalog import Catalog, catalog
from mvsep.catalog.parse import from_file

FIXED_FILE = Path(__file__).parent / "data" / "catalog.json"
FIXED_ROWS: list[dict[str, Any]] = json.loads(FIXED_FILE.read_text("utf-8"))["types"]

SHIPPED_DOCUMENT = catalog.document()
SHIPPED_ROWS: list[dict[str, Any]] = SHIPPED_DOCUMENT["types"]
SHIPPED = Catalog(tuple(map(from_file, SHIPPED_ROWS)), SHIPPED_DOCUMENT["captured"], "bundled")

catalog.document = lambda: json.loads(FIXED_FILE.read_text("utf-8"))
