"""The file of a journal: its versions, and what a look into it costs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mvsep.errors import JournalError
from mvsep.journal import Journal
from mvsep.journal.entry import State
from tests.journal.test_journal import begin, stem, submit

#: The file as the first version of the schema wrote it.
FIRST = """
CREATE TABLE entries (id INTEGER PRIMARY KEY, key TEXT NOT NULL, state TEXT NOT NULL,
    name TEXT NOT NULL, marker TEXT, sep_type INTEGER NOT NULL, details TEXT NOT NULL,
    host TEXT NOT NULL, account TEXT NOT NULL, hash TEXT, reason TEXT, began REAL NOT NULL,
    changed REAL NOT NULL);
CREATE INDEX entries_by_key ON entries (key, id);
CREATE INDEX entries_by_hash ON entries (hash);
CREATE TABLE files (entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    label TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL);
CREATE UNIQUE INDEX one_at_a_time ON entries (key)
    WHERE state IN ('intent', 'offered', 'submitted');
INSERT INTO entries VALUES
    (7, 'k', 'saved', 'song.wav', NULL, 40, '{}', 'h', 'a', 'hash', NULL, 1.0, 2.0);
INSERT INTO files VALUES (7, 'Vocals', '/v.wav', 5, 'ab');
PRAGMA user_version = 1;
"""


def test_a_journal_of_the_first_version_is_brought_up_by_several_at_once(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(FIRST)

    def opened(_: int) -> Any:
        with Journal(path) as journal:
            return journal.by_hash("hash")

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(opened, range(16)))

    assert {(each.id, each.files[0].label) for each in found} == {(7, "Vocals")}
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (3,)
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture(name="steps")
def _steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], int]:
    """Counts the steps of SQLite's own machine that some work takes."""
    connections: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def connected(*arguments: Any, **more: Any) -> sqlite3.Connection:
        connections.append(connect(*arguments, **more))
        return connections[-1]

    def counted(work: Callable[[], Any]) -> int:
        count = 0

        def step() -> None:
            nonlocal count
            count += 1

        connections[-1].set_progress_handler(step, 1)
        work()
        connections[-1].set_progress_handler(None, 1)
        return count

    monkeypatch.setattr(sqlite3, "connect", connected)
    return counted


def test_a_look_costs_the_same_among_many_songs(
    tmp_path: Path, steps: Callable[[Callable[[], Any]], int]
) -> None:
    connect = sqlite3.dbapi2.connect  # not counted

    def cost(songs: int) -> dict[str, int]:
        with Journal(tmp_path / f"{songs}") as journal:
            entry = submit(journal, begin(journal, "open"))
            done = journal.saved(submit(journal, begin(journal)), [stem(tmp_path)])
            with closing(connect(journal.place)) as db, db:
                names = "state, name, sep_type, details, host, account, began, changed"
                db.executemany(
                    f"INSERT INTO entries (key, hash, {names})"
                    f" SELECT ?, ?, {names} FROM entries WHERE id = ?",
                    [(str(number), str(number), done.id) for number in range(songs)],
                )
                db.execute(
                    "INSERT INTO files SELECT e.id, 'Other', '/o', 1, '' FROM entries e"
                    " WHERE e.key != 'open'"
                )
            assert [each.id for each in journal.unfinished()] == [entry.id]
            return {
                "latest": steps(lambda: journal.latest("5")),
                "by hash": steps(lambda: journal.by_hash("5")),
                "unfinished": steps(journal.unfinished),
                "saved": steps(lambda: journal.saved(done, done.files)),
            }

    few, many = cost(10), cost(3000)
    assert {name: many[name] <= 1.5 * few[name] for name in few} == dict.fromkeys(few, True)


def test_a_state_of_a_newer_version_is_found_among_the_unfinished(tmp_path: Path) -> None:
    told: list[Any] = []
    with Journal(tmp_path / "journal") as journal:
        begin(journal)
        with closing(sqlite3.connect(journal.place)) as db, db:
            db.execute("UPDATE entries SET state = 'later'")
        assert journal.unfinished(told.append) == []
    assert [State.SAVED in each.message for each in told] == [False]


def test_a_journal_that_another_program_holds_is_told_from_a_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mvsep.journal.sqlite._PATIENCE", 0.0)
    path = tmp_path / "journal"
    with Journal(path) as journal, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="another program has held it") as caught:
            begin(journal)

    assert caught.value.next_step == "End that program, or wait for it, and run this again."
