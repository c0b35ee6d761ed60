"""The options of `mvsep separate` that go to the service as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.scenes import CREATED, DONE, FETCHED, LINK, WHOLE, Run, created
from tests.wire import Wire

HOOK = "https://you.example/mvsep?secret=cobalt"


def sent(wire: Wire, name: str) -> bytes | None:
    """Return a field of the form that was sent."""
    body = wire.bodies[wire.paths.index("/api/separation/create")]
    _, found, after = body.partition(f'name="{name}"'.encode())
    return after.partition(b"\r\n\r\n")[2].partition(b"\r\n--")[0] if found else None


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (("--webhook", HOOK), "webhook_url", HOOK.encode()),
        (("--publish",), "is_demo", b"1"),
        (("--preset=7",), "preset_id", b"7"),
    ],
)
def test_an_option_is_sent_only_where_it_was_given(
    separate: Any, words: tuple[str, ...], name: str, value: bytes
) -> None:
    plain, wire = Wire(*WHOLE), Wire(*WHOLE)

    assert separate(wire, *words, "--no-journal")[0] == 0
    assert sent(wire, name) == value
    assert separate(plain, "--no-journal", "--overwrite")[0] == 0
    assert sent(plain, name) is None


def test_a_link_says_what_kind_it_is(mvsep: Run, tmp_path: Path) -> None:
    wire = Wire(CREATED, DONE, FETCHED)
    asked = ("separate", LINK, "--type=40", "--out", tmp_path)
    assert mvsep(wire, *asked, "--remote-type=mega")[0] == 0
    assert sent(wire, "remote_type") == b"mega"


def test_matchering_takes_a_song_and_a_reference(mvsep: Run, song: Path, tmp_path: Path) -> None:
    reference = tmp_path / "reference.wav"
    reference.write_bytes(song.read_bytes() + b"\0\0")
    wire = Wire(*WHOLE)
    asked = ("separate", song, "--type=40", "--no-validate", "--out", tmp_path / "stems")
    code, _, err = mvsep(wire, *asked, "--reference", reference)

    assert code == 0, err
    assert sent(wire, "target_audiofile") == song.read_bytes()
    assert sent(wire, "reference_audiofile") == reference.read_bytes()


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (("--webhook", "nolink"), "--webhook"),
        (("--remote-type", "ftp"), "--remote-type"),
        (("--preset", "x"), "--preset"),
        (("--reference", LINK), "reference"),
    ],
)
def test_what_can_not_be_meant_is_refused_before_the_upload(
    separate: Any, words: tuple[str, ...], option: str
) -> None:
    wire = Wire(*WHOLE)
    code, _, err = separate(wire, *words)

    assert code == 2
    assert option in err
    assert created(wire) == 0
