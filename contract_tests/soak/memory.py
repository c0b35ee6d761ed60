"""The memory that a large song takes, above that of interpreter and imports."""

from __future__ import annotations

from pathlib import Path

from contract_tests.soak.killing import Fake, finished, start
from mvsep.testing.audio import wav_header


def above_the_imports(fake: Fake, folder: Path, size: int) -> int:
    """Bytes above those of a program that loads the same and does nothing, at their highest."""
    (folder / "songs").mkdir(parents=True)
    with (folder / "songs" / "large.wav").open("wb") as file:
        file.write(wav_header(2, 2, 44100, (size - 44) // 4))
        file.truncate(size)
    idle: int = finished(start(fake, folder, "--idle"))["memory"]
    busy: int = finished(start(fake, folder))["memory"]
    sizes = [path.stat().st_size for path in (folder / "stems").iterdir()]
    assert len(sizes) == 2, sizes
    assert min(sizes) > size * 0.9, sizes
    return busy - idle
