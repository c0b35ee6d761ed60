"""The journal in a SQLite file, for the processes of one machine.

A song is held by a lock on a file, which the system releases when its process ends, however it
ends.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from mvsep.core.disk import Busy, CannotLock, locked, make_private, release
from mvsep.journal.port import (
    COLUMNS,
    FILE_COLUMNS,
    HAS_NO_JOB,
    IS_OPEN,
    IS_UNFINISHED,
    Newer,
    Row,
    StillOpen,
    Unusable,
    joined,
)
from mvsep.journal.rows import stored, text_of

# Seconds to wait for another process's write.
_PATIENCE: Final = 30.0
_HINT: Final = "Check its permissions and the disk, or choose another journal."
_HELD: Final = "End that program, or wait for it, and run this again."

#: The statements that lead from one version of the schema to the next.
_MIGRATIONS: Final = (
    (
        "CREATE TABLE entries (id INTEGER PRIMARY KEY, key TEXT NOT NULL, state TEXT NOT NULL,"
        " name TEXT NOT NULL, marker TEXT, sep_type INTEGER NOT NULL, details TEXT NOT NULL,"
        " host TEXT NOT NULL, account TEXT NOT NULL, hash TEXT, reason TEXT, began REAL NOT NULL,"
        " changed REAL NOT NULL)",
        "CREATE INDEX entries_by_key ON entries (key, id)",
        "CREATE INDEX entries_by_hash ON entries (hash)",
        "CREATE TABLE files (entry INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,"
        " label TEXT NOT NULL, path TEXT NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL)",
        # At most one attempt at a song is under way, whichever process began it.
        f"CREATE UNIQUE INDEX one_at_a_time ON entries (key) WHERE {IS_OPEN}",
    ),
    (
        "CREATE INDEX files_by_entry ON files (entry)",
        f"CREATE INDEX unfinished ON entries (id) WHERE {IS_UNFINISHED}",
        "CREATE TABLE limits (account TEXT PRIMARY KEY, most INTEGER NOT NULL, refused REAL)",
    ),
    # The highest number that was removed: people call a job by its number, which is its own.
    ("CREATE TABLE removed (highest INTEGER NOT NULL)", "INSERT INTO removed VALUES (0)"),
)

_NEXT_NUMBER: Final = (
    "(SELECT 1 + max(highest, coalesce((SELECT max(id) FROM entries), 0)) FROM removed)"
)


class SqliteStore:
    """A journal's file; any number of processes and threads may have it open.

    Args:
        path: The file; made when it is not there, readable by its owner only.
        clock: Seconds since 1970.

    Raises:
        Unusable: When it can't be opened.
        Newer: When a newer version of mvsep wrote it.
    """

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        # Here, so that nobody who keeps no journal waits for it to load.
        import sqlite3

        self._sqlite3 = sqlite3
        self.place, self.path = str(path), path
        self.now = clock
        # One statement, or one transaction, at a time: threads share the connection.
        self._turn = threading.RLock()
        self._connection: Any = None
        with self._translated():
            self.path = path.absolute()
            self.place = str(self.path)
            self._locks = self.path.with_name(self.path.name + ".locks")
            make_private(self.path.parent)
            make_private(self._locks)
            if not self.path.exists():
                self.path.touch(mode=0o600)
                self.path.chmod(0o600)  # whatever the umask
            self._connection = self._opened()

    @property
    def address(self) -> str:
        """The path of the file."""
        return self.place

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
        if _version(db) > len(_MIGRATIONS):
            raise Newer
        db.execute("PRAGMA journal_mode = WAL")
        # A hash that is lost is a job that is lost: every write is on the disk when it returns.
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        if _version(db) < len(_MIGRATIONS):
            with _transaction(db):
                # Another process may have done it while this one waited for its turn.
                for statements in _MIGRATIONS[_version(db) :]:
                    for statement in statements:
                        db.execute(statement)
                db.execute(f"PRAGMA user_version = {max(_version(db), len(_MIGRATIONS))}")

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._db.close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Close the file for a block; see `Store.away`."""
        with self._turn:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            yield

    # Holding

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Lock a song's file; see `Store.hold`."""
        path = self._locks / key[:40]
        with self._translated(), self._gate():
            file = locked(path, private=True)
        try:
            yield
        finally:
            release(file, path, remove=True)

    def held(self, keys: Sequence[str]) -> set[str]:
        """Return those of some keys whose files are locked."""
        with self._translated(), self._gate():
            return {key for key in keys if self._is_locked(self._locks / key[:40])}

    def _is_locked(self, path: Path) -> bool:
        if not path.exists():
            return False
        try:
            release(locked(path, 0, private=True), path, remove=True)
        except Busy:
            return True
        except FileNotFoundError:  # let go meanwhile
            pass
        return False

    @contextmanager
    def _gate(self) -> Iterator[None]:
        """Let one at a time try a song's lock.

        `held` locks a song for a moment; the gate keeps others from taking that for work.
        """
        path = self._locks / "gate"
        file = locked(path, wait=True, private=True)
        try:
            yield
        finally:
            release(file, path, remove=False)

    # Limits

    def limit(self, account: str) -> int | None:
        """Return what is known of an account; see `Store.limit`."""
        with self._translated():
            found = self._db.execute("SELECT most FROM limits WHERE account = ?", (account,))
            row = found.fetchone()
        return int(row[0]) if row else None

    def set_limit(self, account: str, most: int, *, quiet: float | None) -> None:
        """Keep what is known of an account; see `Store.set_limit`."""
        now = self.now()
        refused = now if quiet is None else None
        since = now if quiet is None else now - quiet
        with self._translated():
            self._db.execute(
                "INSERT INTO limits VALUES (?, ?, ?) ON CONFLICT (account) DO UPDATE"
                " SET most = excluded.most, refused = excluded.refused"
                " WHERE excluded.refused IS NOT NULL"
                " OR (most < excluded.most AND (limits.refused IS NULL OR limits.refused <= ?))",
                (account, most, refused, since),
            )

    # Attempts

    def insert(self, values: Mapping[str, object]) -> tuple[int, float]:
        """Insert an attempt; see `Store.insert`."""
        now = self.now()
        columns = (*values, "began", "changed")
        marks = ", ".join("?" * len(columns))
        with self._translated():
            number: int = self._db.execute(
                f"INSERT INTO entries (id, {', '.join(columns)})"  # noqa: S608  our own names
                f" VALUES ({_NEXT_NUMBER}, {marks})",
                stored(*values.values(), now, now),
            ).lastrowid
        return number, now

    def change(
        self,
        number: int,
        values: Mapping[str, object],
        *,
        files: Sequence[Sequence[object]] | None = None,
        held: str | None = None,
        states: Sequence[str] | None = None,
    ) -> float | None:
        """Change an attempt; see `Store.change`. A lock is held for as long as it is needed."""
        now = self.now()
        columns = ", ".join(f"{name} = ?" for name in (*values, "changed"))
        which = "" if states is None else f" AND state IN ({', '.join('?' * len(states))})"
        update = (
            f"UPDATE entries SET {columns} WHERE id = ?{which}",  # noqa: S608  our own names
            stored(*values.values(), now, number, *(states or ())),
        )
        with self._translated():
            if files is None:
                found = self._db.execute(*update).rowcount
            else:
                with _transaction(self._db):
                    found = self._db.execute(*update).rowcount
                    self._db.execute("DELETE FROM files WHERE entry = ?", (number,))
                    rows = [stored(number, *each) for each in files] if found else ()
                    self._db.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?)", rows)
        return now if found else None

    def latest(self, column: str, value: object, *, state: str | None = None) -> Row | None:
        """Return the latest attempt with a value in a column; see `Store.latest`."""
        which, values = f"{column} = ?", [value]
        if state is not None:
            which, values = f"{which} AND state = ?", [value, state]
        found = self._rows(f"WHERE {which} ORDER BY {HAS_NO_JOB}, id DESC LIMIT 1", *values)
        return found[0] if found else None

    def starting(self, hash: str) -> list[Row]:
        """Return the attempts whose hash begins with a text; see `Store.starting`."""
        return self._rows("WHERE substr(hash, 1, ?) = ? ORDER BY id DESC", len(hash), hash)

    def remove(self, number: int, changed: float) -> bool:
        """Remove an attempt; see `Store.remove`."""
        with self._translated(), _transaction(self._db):
            found = self._db.execute(
                "DELETE FROM entries WHERE id = ? AND changed = ?", (number, changed)
            )
            self._db.execute("UPDATE removed SET highest = max(highest, ?)", (number,))
        return bool(found.rowcount)

    def unfinished(self) -> list[Row]:
        """Return the attempts that are not finished; see `Store.unfinished`."""
        return self._rows(f"WHERE {IS_UNFINISHED}", order="ASC")

    def all(self, limit: int | None) -> list[Row]:
        """Return the latest attempts; see `Store.all`."""
        return self._rows("ORDER BY id DESC LIMIT ?", -1 if limit is None else limit)

    def _rows(self, which: str, *values: object, order: str = "DESC") -> list[Row]:
        with self._translated():
            rows = self._db.execute(
                f"SELECT e.*, {', '.join(FILE_COLUMNS)}"  # noqa: S608  our own words
                f" FROM (SELECT {', '.join(COLUMNS)} FROM entries {which}) AS e"
                f" LEFT JOIN files ON entry = id ORDER BY id {order}, files.rowid",
                stored(*values),
            ).fetchall()
        return joined(rows)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        with self._turn:
            try:
                yield
            except self._sqlite3.IntegrityError as error:
                if "UNIQUE" in str(error):
                    raise StillOpen from error
                raise Unusable(str(error), _HINT) from error
            except CannotLock as error:
                raise Unusable("the file system knows no locks", _HINT) from error
            except self._sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise Unusable(str(error), _HINT) from error
                raise Unusable(
                    f"another program has held it for {_PATIENCE:g} seconds", _HELD
                ) from error
            except (self._sqlite3.Error, OSError) as error:
                raise Unusable(str(error), _HINT) from error


def _version(db: Any) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


@contextmanager
def _transaction(db: Any) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
