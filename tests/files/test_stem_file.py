from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mvsep import StemFile


def test_a_stem_is_there_as_long_as_its_bytes_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "stem.wav"
    stem = StemFile("Vocals", path, 5, hashlib.sha256(b"voice").hexdigest())
    assert not stem.is_there()

    path.write_bytes(b"voice")
    assert stem.is_there()
    path.write_bytes(b"VOICE")
    assert not stem.is_there()
    assert stem.is_there(glance=True)
    path.write_bytes(b"voices")
    assert not stem.is_there(glance=True)


def test_what_can_not_be_read_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "stem.wav"
    path.write_bytes(b"voice")
    stem = StemFile("Vocals", path, 5, hashlib.sha256(b"voice").hexdigest())

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    assert not stem.is_there()
    path.unlink()
    path.mkdir()
    assert not StemFile("Vocals", path, path.stat().st_size, "").is_there(glance=True)
