"""The journal: a SQLite file of submitted jobs, so that none is lost or paid for twice.

An entry is written before the upload and again right before its last byte leaves, then the job's
hash, then the stems once they are whole on the disk. So whatever moment a process is killed at, the
next one finds what to do.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

from mvsep.core.disk import Busy, CannotLock, locked, make_private, path_of, release, user_folder
from mvsep.errors import AlreadyUnderWay, JournalError
from mvsep.files.stem_file import StemFile
from mvsep.journal import fork
from mvsep.journal.entry import UNFINISHED, Entry, State
from mvsep.journal.rows import COLUMNS, Unreadable, entry_of, hash_of, stored, text_of

#: Called with the error of an attempt that can't be read.
OnError = Callable[[JournalError], object]

#: The environment variable that names the command line's journal.
JOURNAL_VARIABLE: Final = "MVSEP_JOURNAL"

_VERSION: Final = 1
# Seconds to wait for another process's write.
_PATIENCE: Final = 30.0
_COLUMNS: Final = ", ".join(COLUMNS)
_OPEN: Final = ", ".join(f"'{state}'" for state in UNFINISHED)
_FINISHED: Final = f"'{State.SAVED}', '{State.OVER}'"
_SCHEMA: Final = f"""
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    name TEXT NOT NULL,
    marker TEXT,
    sep_type INTEGER NOT NULL,
    details TEXT NOT NULL,
    host TEXT NOT NULL,
    account TEXT NOT NULL,
    hash TEXT,
    reason TEXT,
    began REAL NOT NULL,
    changed REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS entries_by_key ON entries (key, id);
CREATE INDEX IF NOT EXISTS entries_by_hash ON entries (hash);
CREATE TABLE IF NOT EXISTS files (
    entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL
);
-- At most one attempt at a song is under way, whichever process began it.
CREATE UNIQUE INDEX IF NOT EXISTS one_at_a_time ON entries (key)
    WHERE state IN ({_OPEN});
"""


class Journal:
    """The journal of one user; any number of processes and threads may have it open.

    Args:
        path: The SQLite file; made when it is not there, readable by its owner only.
        clock: Seconds since 1970.

    Raises:
        JournalError: When it can't be opened, or is of a newer version of this package.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, clock: Callable[[], float] = time.time
    ) -> None:
        # Here, so that nobody who keeps no journal waits for it to load.
        import sqlite3

        self._sqlite3 = sqlite3
        self.path = path_of(path)
        self._clock = clock
        # One statement, or one transaction, at a time: threads share the connection.
        self._turn = threading.RLock()
        self._connection: Any = None
        with self._translated():
            self.path = self.path.absolute()
            self._locks = self.path.with_name(self.path.name + ".locks")
            make_private(self.path.parent)
            make_private(self._locks)
            if not self.path.exists():
                self.path.touch(mode=0o600)
                self.path.chmod(0o600)  # whatever the umask
            self._connection = self._opened()
        fork.OPEN.add(self)

    @property
    def _db(self) -> Any:
        self._connection = self._connection or self._opened()
        return self._connection

    def _opened(self) -> Any:
        db = self._sqlite3.connect(
            self.path, timeout=_PATIENCE, check_same_thread=False, isolation_level=None
        )
        db.text_factory = text_of
        try:
            self._set_up(db)
        except BaseException:
            db.close()
            raise
        return db

    def _set_up(self, db: Any) -> None:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise JournalError(
                f"The journal {self.path} was written by a newer version of mvsep.",
                charged=False,
                next_step="Update mvsep, or choose another journal.",
            )
        db.execute("PRAGMA journal_mode = WAL")
        # A hash that is lost is a job that is lost: every write is on the disk when it returns.
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        if version < _VERSION:
            db.executescript(
                f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Journal({str(self.path)!r})"

    def close(self) -> None:
        """Close the file."""
        fork.OPEN.discard(self)
        with self._turn:
            self._db.close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Close the file for a block; the next use opens it again."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            yield

    @contextmanager
    def holding(self, key: str, name: str) -> Iterator[None]:
        """Have a song to oneself, until the block or the process ends, however it ends.

        Args:
            key: The song's key.
            name: What to call it in an error.

        Raises:
            AlreadyUnderWay: When another process or thread has it.
            JournalError: When the file system knows no locks.
        """
        path = self._locks / key[:40]
        try:
            with self._gate():
                file = locked(path, private=True)
        except Busy as error:
            raise AlreadyUnderWay(
                f"{name} is being separated by another process just now.",
                charged=False,
                retryable=True,
                next_step="Wait for it to end; the same command then finds what came of it.",
            ) from error
        except (CannotLock, OSError) as error:
            raise self._unusable(error) from error
        try:
            yield
        finally:
            release(file, path, remove=True)

    def is_held(self, key: str) -> bool:
        """Tell whether a process works on a song just now."""
        path = self._locks / key[:40]
        try:
            with self._gate():
                release(locked(path, private=True), path, remove=True)
        except Busy:
            return True
        except (CannotLock, OSError) as error:
            raise self._unusable(error) from error
        return False

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """Let one at a time try a song's lock.

        `is_held` locks the song for a moment; the gate keeps others from taking that for work.
        """
        path = self._locks / "gate"
        file = locked(path, wait=True, private=True)
        try:
            yield
        finally:
            release(file, path, remove=False)

    def begin(
        self,
        key: str,
        *,
        name: str,
        marker: str | None,
        sep_type: int,
        host: str,
        account: str,
        details: Mapping[str, Any],
    ) -> Entry:
        """Write down the intent to submit, before a byte is sent.

        Raises:
            AlreadyUnderWay: When an attempt at the same song is not finished.
            JournalError: When it can't be written.
        """
        now = self._clock()
        values = (key, State.INTENT, name, marker, sep_type, json.dumps(details), host, account)
        with self._translated():
            try:
                number = self._db.execute(
                    "INSERT INTO entries (key, state, name, marker, sep_type, details, host,"
                    " account, began, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    stored(*values, now, now),
                ).lastrowid
            except self._sqlite3.IntegrityError as error:
                raise AlreadyUnderWay(
                    f"An attempt at {name} is not finished.",
                    charged=False,
                    retryable=True,
                    next_step="Go on with that one.",
                ) from error
        assert number is not None  # noqa: S101  an INSERT gives one
        return self._entry(number)

    def offered(self, entry: Entry) -> Entry:
        """Write down that the end of the upload is about to leave."""
        return self._change(entry, State.OFFERED)

    def submitted(self, entry: Entry, hash: str, host: str) -> Entry:
        """Write down the job's hash and host, the moment they are known."""
        return self._change(entry, State.SUBMITTED, hash=hash, host=host)

    def saved(self, entry: Entry, files: Iterable[StemFile]) -> Entry:
        """Write down the stems, when they are whole on the disk."""
        rows = [stored(entry.id, f.label, str(f.path.absolute()), f.size, f.sha256) for f in files]
        with self._translated(), self._transaction():
            self._db.execute("DELETE FROM files WHERE entry = ?", (entry.id,))
            self._db.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?)", rows)
            self._set(entry.id, State.SAVED)
        return self._entry(entry.id)

    def over(self, entry: Entry, reason: str) -> Entry:
        """Write down that there is no job, or none that gives stems."""
        return self._change(entry, State.OVER, reason=reason)

    def latest(self, key: str) -> Entry | None:
        """Return the latest attempt at a song."""
        return next(iter(self._entries("WHERE key = ? ORDER BY id DESC LIMIT 1", key)), None)

    def by_hash(self, hash: str) -> Entry | None:
        """Return the attempt that a job came of."""
        return next(iter(self._entries("WHERE hash = ? ORDER BY id DESC LIMIT 1", hash)), None)

    def unfinished(self, on_error: OnError | None = None) -> list[Entry]:
        """Every attempt that is not finished, the oldest first; see `entries`."""
        # A row that can't be read may be unfinished in a way that a later version knows.
        which = f"WHERE state NOT IN ({_FINISHED}) ORDER BY id"
        return [e for e in self._entries(which, on_error=on_error) if e.state in UNFINISHED]

    def entries(self, limit: int | None = None, on_error: OnError | None = None) -> list[Entry]:
        """All attempts, or so many, the latest first.

        Args:
            limit: How many.
            on_error: Called with the error of each attempt that can't be read, which is left out
                then; without it, the first one is raised.
        """
        limited = -1 if limit is None else limit
        return self._entries("ORDER BY id DESC LIMIT ?", limited, on_error=on_error)

    def age(self, entry: Entry) -> float:
        """Seconds since an attempt was begun."""
        return self._clock() - entry.began

    def _change(self, entry: Entry, state: State, **values: str) -> Entry:
        with self._translated():
            self._set(entry.id, state, **values)
        return self._entry(entry.id)

    def _set(self, number: int, state: State, **values: str) -> None:
        columns = "".join(f", {name} = ?" for name in values)
        self._db.execute(
            f"UPDATE entries SET state = ?, changed = ?{columns} WHERE id = ?",  # noqa: S608  our own names
            stored(state, self._clock(), *values.values(), number),
        )

    def _entry(self, number: int) -> Entry:
        if found := self._entries("WHERE id = ?", number):
            return found[0]
        raise JournalError(
            f"Entry {number} is gone from the journal {self.path}: something else removed it.",
            next_step="Let nothing but mvsep write to the journal.",
        )

    def _entries(self, which: str, *values: object, on_error: OnError | None = None) -> list[Entry]:
        with self._translated():
            rows = self._db.execute(
                f"SELECT {_COLUMNS} FROM entries {which}",  # noqa: S608  our own words
                stored(*values),
            ).fetchall()
            files = [self._files(row[0]) for row in rows]
        found = []
        for row, its_files in zip(rows, files, strict=True):
            try:
                found.append(entry_of(row, its_files))
            except Unreadable as why:
                error = self._unreadable(row, why)
                if on_error is None:
                    raise error from why
                on_error(error)
        return found

    def _files(self, number: int) -> Any:
        return self._db.execute(
            "SELECT label, path, size, sha256 FROM files WHERE entry = ? ORDER BY rowid", (number,)
        ).fetchall()

    def _unreadable(self, row: Sequence[Any], why: Unreadable) -> JournalError:
        return JournalError(
            f"Entry {row[0]} of the journal {self.path} can't be read: {why}.",
            hash=hash_of(row),
            next_step="If a newer version of mvsep wrote it, use that one. The other entries are "
            "not affected.",
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with self._turn:
            try:
                yield
            except (self._sqlite3.Error, OSError) as error:
                raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> JournalError:
        why = "the file system knows no locks" if isinstance(error, CannotLock) else str(error)
        return JournalError(
            f"The journal {self.path} can't be used: {why}.",
            next_step="Check its permissions and the disk, or choose another journal.",
        )


def usual_place(environment: Mapping[str, str]) -> Path:
    """Return the file of the command line's journal, in the user's folder for data.

    Args:
        environment: The process's environment variables; MVSEP_JOURNAL names the file itself.

    Raises:
        JournalError: When the user has no folder of their own.
    """
    if named := environment.get(JOURNAL_VARIABLE):
        return Path(named)
    if folder := user_folder("data"):
        return folder / "journal.sqlite3"
    raise JournalError(
        "There is no folder for the journal: the user has no home.",
        charged=False,
        next_step=f"Name a file for it in {JOURNAL_VARIABLE}.",
    )
