"""`mvsep separate` with a limit for its price."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.scenes import QUEUE, WHOLE, Run, user
from tests.wire import Wire


def test_a_limit_is_held_before_anything_is_sent(mvsep: Run, song: Path, tmp_path: Path) -> None:
    wire = Wire(user(9), QUEUE)
    code, _, err = mvsep(wire, "separate", song, "--type=40", "--max-credits=1", "--out", tmp_path)

    assert code == 2
    assert "It costs 2 credits, and the limit is 1." in err
    assert "Option: --max-credits\n" in err
    assert "Nothing was charged." in err
    assert wire.paths == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), 2),
        (("--seconds=61",), 0),
        (("--seconds=121",), 2),
        (("--allow-unknown-price",), 0),
    ],
)
def test_a_link_needs_its_seconds_or_leave(
    mvsep: Run, tmp_path: Path, more: tuple[str, ...], code: int
) -> None:
    wire = Wire(user(9), QUEUE, *WHOLE)
    link = "https://example.com/song.wav"
    ended = mvsep(wire, "separate", link, "--type=40", "--max-credits=1", "--out", tmp_path, *more)

    assert ended[0] == code
    assert ("/api/separation/create" in wire.paths) == (code == 0)
    if not more:
        assert "--seconds" in ended[2]
        assert "--allow-unknown-price" in ended[2]
        assert "=True" not in ended[2]


def test_seconds_count_where_a_file_does_not_tell_and_nowhere_else(
    mvsep: Run, song: Path, tmp_path: Path
) -> None:
    # Both songs play for two minutes, and cost 2 credits each.
    (again := tmp_path / "again.wav").write_bytes(song.read_bytes())
    limited = ("--type=40", "--max-credits=3", "--seconds=60", "--no-journal", "--out", tmp_path)
    wire = Wire(user(9), QUEUE)
    code, _, err = mvsep(wire, "separate", song, again, *limited)

    assert code == 2
    assert "cost 4 credits together" in err
    assert wire.paths == []


@pytest.mark.parametrize("command", ["estimate", "check", "separate"])
@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "long"])
def test_seconds_that_can_be_no_length_are_refused(
    mvsep: Run, song: Path, command: str, seconds: str
) -> None:
    code, _, err = mvsep(None, command, song, "--type=40", f"--seconds={seconds}")

    assert code == 2
    assert "seconds must" in err
