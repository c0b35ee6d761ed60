"""The journal: submitted jobs, so that none is lost or paid for twice.

An entry is written before the upload and again right before its last byte leaves, then the job's
hash, then the stems once they are whole on the disk. So whatever moment a process is killed at, the
next one finds what to do.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, Self

from attrs import evolve

from mvsep.core.disk import Busy, path_of, user_folder
from mvsep.errors import AlreadyUnderWay, JournalError
from mvsep.files.stem_file import StemFile
from mvsep.journal import fork
from mvsep.journal.entry import UNFINISHED, Entry, State
from mvsep.journal.port import COLUMNS, Newer, Row, StillOpen, Store, Unusable
from mvsep.journal.rows import Unreadable, entry_of, hash_of
from mvsep.journal.sqlite import SqliteStore

#: Called with the error of an attempt that can't be read.
OnError = Callable[[JournalError], object]

#: The environment variable that names the command line's journal.
JOURNAL_VARIABLE: Final = "MVSEP_JOURNAL"


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
        self.path = path_of(path)
        try:
            self._store: Store = SqliteStore(self.path, clock)
        except Unusable as error:
            raise _unusable(self.path, error) from error
        except Newer:
            raise JournalError(
                f"The journal {self.path} was written by a newer version of mvsep.",
                charged=False,
                next_step="Update mvsep, or choose another journal.",
            ) from None
        self.path = Path(self._store.place)
        fork.OPEN.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Journal({self._store.place!r})"

    def close(self) -> None:
        """Close the file."""
        fork.OPEN.discard(self)
        with self._translated():
            self._store.close()

    def away(self) -> AbstractContextManager[None]:
        """Close the file for a block; the next use opens it again."""
        return self._store.away()

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
        with ExitStack() as stack:
            try:
                with self._translated():
                    stack.enter_context(self._store.hold(key))
            except Busy as error:
                raise AlreadyUnderWay(
                    f"{name} is being separated by another process just now.",
                    charged=False,
                    retryable=True,
                    next_step="Wait for it to end; the same command then finds what came of it.",
                ) from error
            yield

    def is_held(self, key: str) -> bool:
        """Tell whether a process works on a song just now."""
        with self._translated():
            return self._store.is_held(key)

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
        values = {
            "key": key,
            "state": str(State.INTENT),
            "name": name,
            "marker": marker,
            "sep_type": sep_type,
            "details": json.dumps(details),
            "host": host,
            "account": account,
        }
        try:
            with self._translated():
                number, now = self._store.insert(values)
        except StillOpen as error:
            raise AlreadyUnderWay(
                f"An attempt at {name} is not finished.",
                charged=False,
                retryable=True,
                next_step="Go on with that one.",
            ) from error
        row = {**values, "id": number, "began": now, "changed": now}
        return entry_of([row.get(column) for column in COLUMNS], ())

    def offered(self, entry: Entry) -> Entry:
        """Write down that the end of the upload is about to leave."""
        return self._change(entry, State.OFFERED)

    def submitted(self, entry: Entry, hash: str, host: str) -> Entry:
        """Write down the job's hash and host, the moment they are known."""
        return self._change(entry, State.SUBMITTED, hash=hash, host=host)

    def saved(self, entry: Entry, files: Iterable[StemFile]) -> Entry:
        """Write down the stems, when they are whole on the disk."""
        return self._change(entry, State.SAVED, files=tuple(files))

    def over(self, entry: Entry, reason: str) -> Entry:
        """Write down that there is no job, or none that gives stems."""
        return self._change(entry, State.OVER, reason=reason)

    def latest(self, key: str) -> Entry | None:
        """Return the latest attempt at a song."""
        return self._latest("key", key)

    def by_hash(self, hash: str) -> Entry | None:
        """Return the attempt that a job came of."""
        return self._latest("hash", hash)

    def unfinished(self, on_error: OnError | None = None) -> list[Entry]:
        """Every attempt that is not finished, the oldest first; see `entries`."""
        with self._translated():
            rows = self._store.unfinished()
        return [e for e in self._readable(rows, on_error) if e.state in UNFINISHED]

    def entries(self, limit: int | None = None, on_error: OnError | None = None) -> list[Entry]:
        """All attempts, or so many, the latest first.

        Args:
            limit: How many.
            on_error: Called with the error of each attempt that can't be read, which is left out
                then; without it, the first one is raised.
        """
        with self._translated():
            rows = self._store.all(limit)
        return list(self._readable(rows, on_error))

    def age(self, entry: Entry) -> float:
        """Seconds since an attempt was begun."""
        with self._translated():
            return self._store.now() - entry.began

    def _change(
        self,
        entry: Entry,
        state: State,
        *,
        files: tuple[StemFile, ...] | None = None,
        **values: Any,
    ) -> Entry:
        rows = None
        if files is not None:
            rows = [(f.label, str(f.path.absolute()), f.size, f.sha256) for f in files]
        with self._translated():
            now = self._store.change(entry.id, {"state": str(state), **values}, files=rows)
        if now is None:
            raise JournalError(
                f"Entry {entry.id} is gone from the journal {self.path}: something else removed "
                "it.",
                next_step="Let nothing but mvsep write to the journal.",
            )
        files = entry.files if files is None else files
        return evolve(entry, state=state, changed=now, files=files, **values)

    def _latest(self, column: str, value: str) -> Entry | None:
        with self._translated():
            found = self._store.latest(column, value)
        return next(self._readable([found] if found else [], None), None)

    def _readable(self, rows: Iterable[Row], on_error: OnError | None) -> Iterator[Entry]:
        for row, files in rows:
            try:
                yield entry_of(row, files)
            except Unreadable as why:
                error = self._unreadable(row, why)
                if on_error is None:
                    raise error from why
                on_error(error)

    def _unreadable(self, row: Sequence[Any], why: Unreadable) -> JournalError:
        return JournalError(
            f"Entry {row[0]} of the journal {self.path} can't be read: {why}.",
            hash=hash_of(row),
            next_step="If a newer version of mvsep wrote it, use that one. The other entries are "
            "not affected.",
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except Unusable as error:
            raise _unusable(self.path, error) from error


def _unusable(place: object, why: Unusable) -> JournalError:
    return JournalError(
        f"The journal {place} can't be used: {why}.",
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
