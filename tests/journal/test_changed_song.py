"""The journal knows a song by its bytes, and those are the bytes that are sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mvsep import Journal, SepType, errors
from mvsep.journal.entry import State
from tests.scenes import CREATED, VOCALS
from tests.wire import Do, Wire, answer, stored

SIZE = 3 << 20
FULL = answer({"success": False, "errors": ["You have unprocessed file in queue"]}, 400)


@pytest.fixture(name="journal")
def _journal(place: str) -> Any:
    with Journal(place) as journal:
        yield journal


@pytest.fixture(name="song")
def _song(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    path.write_bytes(bytes(SIZE))
    return path


def rewrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(SIZE - 1)
        file.write(b"!")


@pytest.mark.parametrize("as_file", [False, True], ids=["a path", "an open file"])
def test_a_song_that_is_rewritten_while_it_is_sent_is_not_sent_to_its_end(
    do: Do, journal: Journal, song: Path, tmp_path: Path, as_file: bool
) -> None:
    wire = Wire(CREATED, VOCALS, stored(vocals=b"stem"))
    kept = {"journal": journal, "out": tmp_path / "stems"}
    with song.open("rb") as file:
        source = file if as_file else song
        with pytest.raises(errors.InvalidInput, match="changed while it was sent") as caught:
            do(wire, "separate", source, 40, on_upload=lambda *_: rewrite(song), **kept)

        assert caught.value.charged is False
        assert wire.requests == []  # it takes whole requests only
        assert [entry.state for entry in journal.entries()] == [State.OVER]

        do(wire, "separate", source, 40, **kept)
    done, over = journal.entries()
    assert (done.state, over.state) == (State.SAVED, State.OVER)
    assert done.key != over.key


def test_a_song_that_is_rewritten_before_another_try_is_not_sent_to_its_end(
    asynchronous: bool, journal: Journal, song: Path, tmp_path: Path
) -> None:
    class Rewriting(Wire):
        def wait(self, seconds: float) -> None:
            rewrite(song)

    user = answer({"success": True, "data": {"current_queue": []}})
    wire = Rewriting(FULL, user, CREATED)

    def act(client: Any) -> Any:
        kept = {"journal": journal, "out": tmp_path / "stems"}
        return client.separate(song, 40, wait_for_place=600, timeout=0, **kept)

    with pytest.raises(errors.InvalidInput, match="changed while it was sent"):
        wire.act(asynchronous, act)

    assert wire.paths == ["/api/separation/create", "/api/app/user"]


def test_a_reference_that_is_rewritten_is_not_sent_to_its_end(
    do: Do, journal: Journal, song: Path, tmp_path: Path
) -> None:
    wire = Wire(CREATED)
    reference = tmp_path / "reference.wav"
    reference.write_bytes(bytes(SIZE))
    with pytest.raises(errors.InvalidInput, match="changed while it was sent"):
        do(
            wire,
            "separate",
            song,
            SepType.MATCHERING,
            reference=reference,
            journal=journal,
            out=tmp_path / "stems",
            timeout=0,
            on_upload=lambda *_: rewrite(reference),
        )

    assert wire.requests == []


def test_a_song_that_stays_the_same_is_sent_again_from_its_start(
    do: Do, journal: Journal, song: Path, tmp_path: Path
) -> None:
    user = answer({"success": True, "data": {"current_queue": []}})
    wire = Wire(FULL, user, CREATED, VOCALS, stored(vocals=b"stem"))
    kept = {"journal": journal, "out": tmp_path / "stems"}
    do(wire, "separate", song, 40, wait_for_place=600, **kept)

    assert [entry.state for entry in journal.entries()] == [State.SAVED]
