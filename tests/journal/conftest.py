from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mvsep.journal import Journal


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Any:
    with Journal(tmp_path / "deep/journal.sqlite3", clock=lambda: 1000.0) as journal:
        yield journal
