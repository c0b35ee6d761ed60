"""What all unit tests share: no sockets, and no settings of the machine they run on."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_socket

from tests.own_folders import isolate
from tests.wire import Do, Wire


@pytest.fixture(autouse=True)
def _no_sockets() -> Iterator[None]:
    # asyncio's own loop needs a pair of local sockets.
    pytest_socket.disable_socket(allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    # Made by what writes to it.
    folder = tmp_path_factory.getbasetemp() / "own" / secrets.token_hex(8)
    monkeypatch.setenv("MVSEP_CACHE_DIR", str(folder / "cache"))
    isolate(monkeypatch, folder)
    for name in ("MVSEP_API_TOKEN", "MVSEP_BASE_URL", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def asynchronous(request: pytest.FixtureRequest) -> bool:
    """Run a test with the sync client and with the async one; both must behave alike."""
    return bool(request.param)


@pytest.fixture
def do(asynchronous: bool) -> Do:
    """Call a method of either client, or of a job of it."""

    def call(
        wire: Wire, method: str, *arguments: Any, job: str = "", settings: Any = None, **more: Any
    ) -> Any:
        def act(client: Any) -> Any:
            return getattr(client.job(job) if job else client, method)(*arguments, **more)

        return wire.act(asynchronous, act, **settings or {})

    return call
