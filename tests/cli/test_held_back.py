"""A song that the table says can't be sent is not sent."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import pytest

from tests.cli.scenes import Run, created
from tests.cli.test_several import service
from tests.wire import Wire


@pytest.mark.parametrize("journal", [(), ("--no-journal",)])
def test_a_song_without_a_price_in_the_table_is_not_sent(
    mvsep: Run,
    song: Path,
    tmp_path: Path,
    journal: tuple[str, ...],
) -> None:
    silent = tmp_path / "silent.wav"
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
    silent.write_bytes(held.getvalue())
    wire = Wire(service)

    arguments = ("separate", silent, song, "--type=40", "--yes", "--out", tmp_path / "stems")
    code, _, err = mvsep(wire, *arguments, *journal)

    assert "silent.wav  can't be sent: The file holds no audio." in err
    assert "1 song to separate for 2 credits; 1 that can't be sent." in err
    assert created(wire) == 1
    assert "1 of 2 songs separated; 1 failed" in err
    assert code == 2
