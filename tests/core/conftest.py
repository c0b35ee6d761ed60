"""The fixture that drives a flow by the port of either client."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from mvsep.core.flow import run
from tests.core.flows import WIRE, Drive


@pytest.fixture
def drive(asynchronous: bool) -> Drive:
    """Run a flow, given the port of either client."""

    def act(flow: Any, client: Any) -> Any:
        return flow(client._port) if asynchronous else run(flow(client._port))

    return lambda flow: WIRE.act(asynchronous, partial(act, flow))
