from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.submission.scenes import Submit
from tests.wire import Do


@pytest.fixture
def submit(do: Do) -> Submit:
    """Submit through either client; both must behave alike."""
    return lambda wire, *arguments, **more: do(wire, "submit", *arguments, **more)


@pytest.fixture(name="song")
def _song(tmp_path: Path) -> Path:
    path = tmp_path / "my song.wav"
    path.write_bytes(b"RIFF" + bytes(range(256)) * 1000)
    return path
