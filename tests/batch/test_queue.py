"""The turns of a batch's songs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mvsep import Journal, errors
from mvsep.batch.queue import Outcome
from tests.scenes import CREATED, VOCALS
from tests.wire import Do, Wire, stored


def test_a_song_that_another_process_holds_comes_again_once_after_the_others(
    do: Do, tmp_path: Path
) -> None:
    one, two, three = (tmp_path / f"{name}.wav" for name in ("one", "two", "three"))
    for path in (one, two, three):
        path.write_bytes(b"RIFF" + path.name.encode())
    told: list[Any] = []

    def tell(source: Any, event: Any) -> None:
        told.append((source, event))
        if len(told) > 100:
            pytest.fail("The batch does not end.")

    given: dict[str, Any] = {"out": tmp_path / "stems", "at_once": 1, "on_event": tell}
    replies = (CREATED, VOCALS, stored(vocals=b"RIFFvocals"))
    with Journal(tmp_path / "journal") as journal:
        do(Wire(*replies), "separate", one, 40, out=tmp_path / "stems", journal=journal)
        (saved,) = journal.entries()
        with journal.holding(saved.key, "one.wav"):
            wire = Wire(*replies, *replies)
            held, *others = do(
                wire, "separate_many", [one, two, three], 40, journal=journal, **given
            )
        assert isinstance(held.error, errors.AlreadyUnderWay)
        assert [each.error for each in others] == [None, None]

    ends = [source for source, event in told if isinstance(event, Outcome)]
    assert ends == [two, three, one]
    assert wire.paths.count("/api/separation/create") == 2
