"""What the tests of submitting share."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.submission.scenes import Submit
from tests.wire import TOKEN, Wire


@pytest.fixture(params=["sync", "async"])
def submit(request: pytest.FixtureRequest) -> Submit:
    """Submit through either client; both must behave alike."""

    def with_sync(wire: Wire, *arguments: Any, token: str | None = TOKEN, **more: Any) -> Any:
        with wire.client(token) as mvsep:
            return mvsep.submit(*arguments, **more)

    async def with_async(wire: Wire, *arguments: Any, token: Any = TOKEN, **more: Any) -> Any:
        async with wire.async_client(token) as mvsep:
            return await mvsep.submit(*arguments, **more)

    if request.param == "sync":
        return with_sync
    return lambda *arguments, **more: asyncio.run(with_async(*arguments, **more))


@pytest.fixture(name="song")
def _song(tmp_path: Path) -> Path:
    path = tmp_path / "my song.wav"
    path.write_bytes(b"RIFF" + bytes(range(256)) * 1000)
    return path
