"""A journal whose writes are on the disk, whole, or an error before anybody relies on them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, errors
from mvsep.files.stem_file import StemFile
from mvsep.journal import Entry, State
from tests.journal.test_journal import begin
from tests.scenes import CREATED, HASH, VOCALS, done, offered
from tests.wire import ACCOUNT, Do, Wire, answer, stored

LINK = "https://example.com/song.mp3"
WHOLE = (CREATED, VOCALS, stored(vocals=b"RIFFvocals"))


def begun(journal: Journal) -> Entry:
    return begin(journal, "key", marker="mvk0a1b2c3d4", account="someone", details={})


def test_every_write_of_the_journal_is_on_the_disk_when_it_returns(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connections: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def connected(*arguments: Any, **more: Any) -> sqlite3.Connection:
        connections.append(connect(*arguments, **more))
        return connections[-1]

    monkeypatch.setattr(sqlite3, "connect", connected)
    with Journal(tmp_path / "journal") as journal:
        entry = begun(journal)
        for write in (
            lambda: journal.offered(entry),
            lambda: journal.submitted(entry, HASH, "https://mvsep.com"),
            lambda: journal.saved(entry, []),
        ):
            write()
            # No transaction is left open, and a commit waits for the disk (FULL is 2).
            assert [each.in_transaction for each in connections] == [False]
            (sync,), (mode,) = (
                connections[0].execute(f"PRAGMA {name}").fetchone()
                for name in ("synchronous", "journal_mode")
            )
            assert (sync, mode) == (2, "wal")


def test_stems_are_written_down_all_or_none(place: str, tmp_path: Path) -> None:
    first = StemFile("Vocals", tmp_path / "v.wav", 3, "00")
    with Journal(place) as journal:
        entry = journal.submitted(begun(journal), HASH, "https://mvsep.com")
        bad: Any = StemFile("Other", tmp_path / "o.wav", None, "00")  # type: ignore[arg-type]
        with pytest.raises(errors.JournalError):
            journal.saved(entry, [first, bad])

        (left,) = journal.entries()
        assert (left.state, left.files) == (State.SUBMITTED, ())
        assert journal.saved(entry, [first]).files == (first,)


class Failing(Journal):
    """A journal that can't write down one step, the first time."""

    step = ""

    def _failing(self, name: str, write: Callable[..., Entry], *given: Any) -> Entry:
        if self.step == name:
            self.step = ""
            raise errors.JournalError("The disk is full.", charged=False)
        return write(*given)

    def offered(self, entry: Entry) -> Entry:
        return self._failing("offered", super().offered, entry)

    def submitted(self, entry: Entry, hash: str, host: str) -> Entry:
        return self._failing("submitted", super().submitted, entry, hash, host)

    def saved(self, entry: Entry, files: Any) -> Entry:
        return self._failing("saved", super().saved, entry, files)


@pytest.fixture
def journal(place: str) -> Iterator[Failing]:
    with Failing(place) as journal:
        yield journal


SOURCES = pytest.mark.parametrize("source", [b"RIFFsong", LINK], ids=["file", "link"])


@SOURCES
def test_a_hash_that_the_journal_does_not_take_is_in_the_error_and_nothing_goes_on(
    do: Do, journal: Failing, tmp_path: Path, source: Any
) -> None:
    journal.step = "submitted"
    wire = Wire(*WHOLE)
    with pytest.raises(errors.JournalError) as caught:
        do(wire, "separate", source, 40, out=tmp_path / "stems", journal=journal)

    assert (caught.value.hash, caught.value.host) == (HASH, "127.0.0.1:8000")
    assert caught.value.charged is None
    assert wire.paths == ["/api/separation/create"]
    # The attempt is not forgotten: the job is looked for before another one is paid for.
    assert [entry.state for entry in journal.unfinished()] == [State.OFFERED]


@SOURCES
def test_the_offer_is_written_down_before_the_end_of_the_form_leaves(
    do: Do, journal: Failing, tmp_path: Path, source: Any
) -> None:
    told: list[State] = []

    def created(_: httpx.Request) -> httpx.Response:
        told.extend(entry.state for entry in journal.unfinished())
        return CREATED

    wire = Wire(*[ACCOUNT] * (source != LINK), created, *WHOLE[1:])
    do(wire, "separate", source, 40, out=tmp_path / "stems", journal=journal)

    assert told == [State.OFFERED]


@pytest.mark.parametrize("sent", [False, True], ids=["before the end of the form", "after it"])
def test_an_entry_that_something_removes_is_an_error_with_the_job_where_there_is_one(
    do: Do, journal: Failing, sql: Any, tmp_path: Path, sent: bool
) -> None:
    def remove(*_: object) -> None:
        sql("DELETE FROM entries")

    def created(_: httpx.Request) -> httpx.Response:
        remove()
        return CREATED

    wire = Wire(ACCOUNT, created)
    more = {} if sent else {"on_upload": remove}
    with pytest.raises(errors.JournalError, match="is gone from the journal") as caught:
        do(wire, "separate", b"RIFFsong", 40, out=tmp_path / "stems", journal=journal, **more)

    assert caught.value.hash == (HASH if sent else None)
    assert ("/api/separation/create" in wire.paths) == sent


@SOURCES
def test_nothing_is_offered_that_the_journal_can_not_write_down(
    do: Do, journal: Failing, tmp_path: Path, source: Any
) -> None:
    journal.step = "offered"
    wire = Wire(*WHOLE)
    with pytest.raises(errors.JournalError):
        do(wire, "separate", source, 40, out=tmp_path / "stems", journal=journal)

    assert wire.paths == []


def test_the_second_hash_of_a_link_is_written_down_before_its_stems_are_fetched(
    do: Do, journal: Failing, tmp_path: Path
) -> None:
    short, told = "n2AwBjy4KsFZfqqR", list[Any]()
    fetched = answer({"success": True, "status": "done", "data": {"hash": HASH}})

    def stem(_: httpx.Request) -> httpx.Response:
        told.extend(entry.hash for entry in journal.unfinished())
        return httpx.Response(200, content=b"RIFFvocals")

    created = answer({"success": "true", "data": {"hash": short}})
    wire = Wire(created, fetched, done(offered("Vocals")), stem)
    do(wire, "separate", LINK, 40, out=tmp_path / "stems", journal=journal)

    assert told == [HASH]


def test_stems_that_could_not_be_written_down_are_known_again_and_not_fetched_twice(
    do: Do, journal: Failing, tmp_path: Path
) -> None:
    journal.step = "saved"
    wire = Wire(*WHOLE)
    given: dict[str, Any] = {"out": tmp_path / "stems", "journal": journal}
    with pytest.raises(errors.JournalError) as caught:
        do(wire, "separate", b"RIFFsong", 40, **given)
    assert caught.value.hash == HASH

    again = Wire(VOCALS)
    result = do(again, "separate", b"RIFFsong", 40, **given)
    assert [file.path.read_bytes() for file in result.files] == [b"RIFFvocals"]
    assert again.paths == ["/api/separation/get"]
