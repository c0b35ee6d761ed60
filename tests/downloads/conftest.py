from __future__ import annotations

import pytest

from tests.scenes import HASH, Fetch
from tests.wire import Do


@pytest.fixture
def fetch(do: Do) -> Fetch:
    """Download the job's stems with either client; both must behave alike."""
    return lambda wire, out, **more: do(wire, "download", out, job=HASH, **more)
