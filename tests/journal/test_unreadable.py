"""Rows of a journal that can't be read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mvsep.errors import JournalError
from mvsep.journal import Journal
from tests.journal.test_journal import HASH, SQLITE, begin, stem, submit
from tests.postgres import needs_postgres


class Text(bytes):
    """A text of SQLite that is no UTF-8."""


SPOILT = {
    "a name that is no UTF-8": ("name", Text(b"\xff")),
    "details that are no UTF-8": ("details", Text(b'{"\xff": 1}')),
    "a hash that is no UTF-8": ("hash", Text(b"\xff")),
    "a state of a newer version": ("state", "later"),
    "a state that is a blob": ("state", b"\xff"),
    "details that are no JSON": ("details", "{"),
    "details that are a list": ("details", "[]"),
    "details whose form is a text": ("details", '{"form": "x"}'),
    "details whose folder is a number": ("details", '{"out": 1}'),
    "details that nest without end": ("details", "[" * 100_000),
    "a time that is a text": ("began", "yesterday"),
    "a time that never comes": ("changed", float("inf")),
    "a name that is a blob": ("name", b"\xff\xfe"),
    "a key that is a number": ("key", b"\x80"),
    "a type that is a text": ("sep_type", "vocals"),
    "a hash that is a blob": ("hash", b"\xff"),
    "a host that is a blob": ("host", b"\xff"),
}


#: A column of PostgreSQL keeps nothing of another type, nor a text that is no UTF-8.
PLACES = [pytest.param("sqlite", *each, id=f"sqlite-{name}") for name, each in SPOILT.items()] + [
    pytest.param("postgres", column, value, id=f"postgres-{name}", marks=needs_postgres())
    for name, (column, value) in SPOILT.items()
    if not isinstance(value, bytes) and (isinstance(value, str) == (column in {"state", "details"}))
]


@pytest.fixture(name="spoil")
def _spoil(sql: Any) -> Callable[[int, str, object], None]:
    def spoil(number: int, column: str, value: object) -> None:
        given = "?"
        if isinstance(value, Text):
            given, value = "CAST(? AS TEXT)", bytes(value)
        sql(f"UPDATE entries SET {column} = {given} WHERE id = ?", value, number)

    return spoil


@pytest.mark.parametrize(("place", "column", "value"), PLACES, indirect=["place"])
def test_a_row_that_can_not_be_read_is_an_error_for_itself_only(
    journal: Journal, spoil: Any, column: str, value: object
) -> None:
    good, bad = begin(journal, "good"), submit(journal, begin(journal, "bad"))
    spoil(bad.id, column, value)
    told: list[JournalError] = []

    assert journal.entries(on_error=told.append) == [good]
    assert journal.unfinished(told.append) == [good]
    assert journal.latest("good") == good
    for error in told:
        assert f"Entry {bad.id} of the journal" in error.message
        assert error.charged is not False
        assert error.hash == (None if column == "hash" else HASH)
    assert len(told) == 2
    with pytest.raises(JournalError, match=f"Entry {bad.id} "):
        journal.entries()
    if column not in {"key", "hash"}:  # it is never taken for a song without an attempt
        for read in (lambda: journal.latest("bad"), lambda: journal.by_hash(HASH)):
            with pytest.raises(JournalError, match=f"Entry {bad.id} "):
                read()


@SQLITE
@pytest.mark.parametrize(
    ("column", "value"),
    [("label", b"\xff"), ("path", b"\xff"), ("size", "big"), ("sha256", b"\xff")],
)
def test_a_stem_that_can_not_be_read_is_an_error_of_its_attempt(
    journal: Journal, sql: Any, tmp_path: Path, column: str, value: object
) -> None:
    good = begin(journal, "good")
    bad = journal.saved(submit(journal, begin(journal, "bad")), [stem(tmp_path)])
    sql(f"UPDATE files SET {column} = ?", value)
    told: list[JournalError] = []

    assert journal.entries(on_error=told.append) == [good]
    assert [f"Entry {bad.id} of the journal" in error.message for error in told] == [True]
    with pytest.raises(JournalError):
        journal.latest("bad")


def test_details_that_were_not_written_have_their_defaults(journal: Journal) -> None:
    entry = begin(journal)
    assert entry.details == {"out": "stems"}
    assert (entry.details["source"], entry.details["input"]) == (None, "song.wav")
    assert entry.details["form"] == {"sep_type": 40}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("umask", [0, 0o022, 0o077, 0o777])
def test_nobody_else_can_read_its_folder_and_its_locks_whatever_the_umask(
    tmp_path: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        with Journal(tmp_path / "own" / "journal") as journal:
            begin(journal)
            with journal.holding("k", "song"):
                made = [tmp_path / "own", *(tmp_path / "own").rglob("*")]
                modes = {path: path.stat().st_mode & 0o777 for path in made}
    finally:
        os.umask(before)
    assert len(made) >= 5  # the folder, the file, the locks, the gate, the song's
    assert {path for path, mode in modes.items() if mode & 0o077} == set()
    assert {path for path, mode in modes.items() if mode & 0o600 != 0o600} == set()
