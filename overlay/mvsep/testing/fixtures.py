"""Fixtures for pytest: a fake server on a port, with the environment leading to it.

In a `conftest.py`: `pytest_plugins = ["mvsep.testing.fixtures"]`, or import the fixture by name.
Installing the package registers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mvsep.testing.accounts import DEMO_TOKEN
from mvsep.testing.schedule import Schedule
from mvsep.testing.server import FakeServer


@pytest.fixture
def mvsep_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """Run a fake server of the test's own, on a port of this machine.

    `MVSEP_BASE_URL` and `MVSEP_API_TOKEN` lead to it, so `MVSep()` needs no arguments. Jobs are
    done as soon as they are created; `mvsep_server.state.schedule` changes that.
    """
    server = FakeServer(schedule=Schedule.at_once())
    with server.run():
        monkeypatch.setenv("MVSEP_BASE_URL", server.url)
        monkeypatch.setenv("MVSEP_API_TOKEN", DEMO_TOKEN)
        yield server
    server.state.close()
