"""What was submitted, kept on this machine: so that no paid job is lost, and none is paid twice.

A SQLite file. An entry is written before the upload, the job's hash right after it, and the
files once they are whole on the disk; so whatever moment a process is killed at, the next one
finds what to do.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

from attrs import frozen

from mvsep.errors import MVSepError

_PIECE: Final = 1 << 20
_VERSION: Final = 1
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    marker TEXT NOT NULL,
    sep_type INTEGER NOT NULL,
    details TEXT NOT NULL,
    host TEXT NOT NULL,
    hash TEXT,
    reason TEXT,
    began REAL NOT NULL,
    changed REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS entries_by_key ON entries (key, id);
CREATE TABLE IF NOT EXISTS files (
    entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL
);
-- At most one attempt at a song is under way, whichever process began it.
CREATE UNIQUE INDEX IF NOT EXISTS one_at_a_time ON entries (key)
    WHERE state IN ('intent', 'submitted');
"""


class State(StrEnum):
    """How far an entry has come."""

    INTENT = "intent"
    """The upload was about to begin; whether a job exists has to be found out."""
    SUBMITTED = "submitted"
    """The job exists; its stems are still to be fetched."""
    SAVED = "saved"
    """The stems are on the disk."""
    OVER = "over"
    """There is no job, or none that gives stems: refused, failed, or gone."""


class Todo(StrEnum):
    """What to do for a song."""

    SUBMIT = "submit"
    LOOK = "look"
    """Find out whether the job was created, by the marker in its name."""
    RESUME = "resume"
    """Wait for the job and fetch its stems."""
    NOTHING = "nothing"
    """The stems are there."""


@frozen
class Saved:
    """A stem that was saved: its label, its place, its size in bytes and its SHA-256."""

    label: str
    path: Path
    size: int
    sha256: str

    def is_there(self) -> bool:
        """Whether it still is what it was, by its size."""
        try:
            return self.path.stat().st_size == self.size
        except OSError:
            return False


@frozen
class Entry:
    """One attempt at one song.

    Args:
        id: Its number.
        key: What makes the song and the way of separating it, see `key_of`.
        state: How far it has come.
        name: The name of the input.
        marker: The marker in the upload's name.
        sep_type: The separation type.
        details: What else is known, such as the options and the folder.
        host: The host it was sent to.
        hash: The job's hash, once it is known.
        reason: Why it is over.
        began: When, in seconds since 1970.
        files: The stems, once they are saved.
    """

    id: int
    key: str
    state: State
    name: str
    marker: str
    sep_type: int
    details: Mapping[str, Any]
    host: str
    hash: str | None
    reason: str | None
    began: float
    files: tuple[Saved, ...]


class JournalError(MVSepError):
    """The journal can't be read or written."""


class AlreadyUnderWay(MVSepError):
    """Another process has this song in work, or left it there."""


def key_of(content: str, sep_type: int, options: Mapping[str, str], output_format: int) -> str:
    """What makes a song and the way of separating it the same as another time.

    Args:
        content: The SHA-256 of the input's bytes in hex digits, or a link.
        sep_type: The separation type.
        options: The resolved options.
        output_format: The format of the stems.
    """
    text = json.dumps([content, sep_type, sorted(options.items()), output_format])
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(file: BinaryIO) -> str:
    """The SHA-256 of an open file in hex digits; the file is put back to where it stood."""
    start, digest = file.tell(), hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    file.seek(start)
    return digest.hexdigest()


def todo(entry: Entry | None, *, again: bool = False) -> Todo:
    """What to do for a song, from its latest entry.

    Args:
        entry: The latest attempt, or None.
        again: Whether to pay once more for stems that are there.
    """
    if entry is None or entry.state is State.OVER:
        return Todo.SUBMIT
    if entry.state is State.INTENT:
        return Todo.LOOK
    if entry.state is State.SUBMITTED:
        return Todo.RESUME
    if again:
        return Todo.SUBMIT
    return Todo.NOTHING if all(file.is_there() for file in entry.files) else Todo.RESUME


class Journal:
    """The journal of one user; any number of processes and threads may have it open.

    Args:
        path: The SQLite file; made when it is not there, readable by its owner only.
        clock: Seconds since 1970.

    Raises:
        JournalError: When it can't be opened, or is of a newer version of this package.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._db = sqlite3.connect(
                path, timeout=30.0, check_same_thread=False, isolation_level=None
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            # A hash that is lost is a job that is lost: every write is on the disk when it returns.
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise JournalError(
                    f"{path} was written by a newer version of mvsep.",
                    next_step="Update mvsep, or choose another journal.",
                )
            self._db.executescript(f"{_SCHEMA} PRAGMA user_version = {_VERSION};")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin(
        self,
        key: str,
        *,
        name: str,
        marker: str,
        sep_type: int,
        host: str,
        details: Mapping[str, Any],
    ) -> Entry:
        """Write down the intent to submit, before a byte is sent.

        Raises:
            AlreadyUnderWay: When an attempt at the same song is not finished.
            JournalError: When it can't be written.
        """
        now = self._clock()
        row = (key, State.INTENT, name, marker, sep_type, json.dumps(details), host, now, now)
        with self._translated():
            try:
                number = self._db.execute(
                    "INSERT INTO entries (key, state, name, marker, sep_type, details, host,"
                    " began, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    row,
                ).lastrowid
            except sqlite3.IntegrityError as error:
                raise AlreadyUnderWay(
                    f"An attempt at {name} is not finished.",
                    charged=False,
                    next_step="Run the same command again when the other process has ended; "
                    "it goes on from there.",
                ) from error
        assert number is not None  # noqa: S101  an INSERT gives one
        return self._entry(number)

    def submitted(self, entry: Entry, hash: str) -> Entry:
        """Write down the job's hash, the moment it is known."""
        return self._change(entry, State.SUBMITTED, hash=hash)

    def saved(self, entry: Entry, files: Iterator[Saved] | tuple[Saved, ...]) -> Entry:
        """Write down the stems, when they are whole on the disk."""
        rows = [(entry.id, f.label, str(f.path), f.size, f.sha256) for f in files]
        with self._translated(), self._at_once():
            self._db.execute("DELETE FROM files WHERE entry = ?", (entry.id,))
            self._db.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?)", rows)
            self._set(entry.id, State.SAVED, {})
        return self._entry(entry.id)

    def over(self, entry: Entry, reason: str) -> Entry:
        """Write down that there is no job, or none that gives stems."""
        return self._change(entry, State.OVER, reason=reason)

    def latest(self, key: str) -> Entry | None:
        """The latest attempt at a song."""
        with self._translated():
            row = self._db.execute(
                "SELECT id FROM entries WHERE key = ? ORDER BY id DESC LIMIT 1", (key,)
            ).fetchone()
        return self._entry(row[0]) if row else None

    def unfinished(self) -> list[Entry]:
        """Every attempt that is not finished, the oldest first."""
        with self._translated():
            rows = self._db.execute(
                "SELECT id FROM entries WHERE state IN ('intent', 'submitted') ORDER BY id"
            ).fetchall()
        return [self._entry(number) for (number,) in rows]

    def _change(self, entry: Entry, state: State, **values: str) -> Entry:
        with self._translated():
            self._set(entry.id, state, values)
        return self._entry(entry.id)

    def _set(self, number: int, state: State, values: Mapping[str, str]) -> None:
        self._db.execute(
            "UPDATE entries SET state = ?, changed = ?, hash = COALESCE(?, hash),"
            " reason = COALESCE(?, reason) WHERE id = ?",
            (state, self._clock(), values.get("hash"), values.get("reason"), number),
        )

    def _entry(self, number: int) -> Entry:
        with self._translated():
            row = self._db.execute(
                "SELECT id, key, state, name, marker, sep_type, details, host, hash, reason, began"
                " FROM entries WHERE id = ?",
                (number,),
            ).fetchone()
            files = self._db.execute(
                "SELECT label, path, size, sha256 FROM files WHERE entry = ? ORDER BY rowid",
                (number,),
            ).fetchall()
        saved = tuple(Saved(label, Path(path), size, sha) for label, path, size, sha in files)
        return Entry(
            id=row[0],
            key=row[1],
            state=State(row[2]),
            name=row[3],
            marker=row[4],
            sep_type=row[5],
            details=json.loads(row[6]),
            host=row[7],
            hash=row[8],
            reason=row[9],
            began=row[10],
            files=saved,
        )

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, sqlite3.IntegrityError):
                raise
            raise JournalError(
                f"The journal {self.path} can't be used: {error}.",
                next_step="Check its permissions and the disk, or choose another journal.",
            ) from error
