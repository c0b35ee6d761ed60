from __future__ import annotations

import pytest

from tests.downloads.scenes import Fetch, fetch_async, fetch_sync


@pytest.fixture(params=[fetch_sync, fetch_async], ids=["sync", "async"])
def fetch(request: pytest.FixtureRequest) -> Fetch:
    """Download the job's stems with either client; both must behave alike."""
    chosen: Fetch = request.param
    return chosen
