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
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from itertools import islice
from typing import Any, Final, Self

from attrs import evolve

from mvsep.core.checks import check_pause
from mvsep.core.disk import Busy
from mvsep.core.objects import one_line
from mvsep.errors import AlreadyUnderWay, JournalError
from mvsep.files.stem_file import StemFile
from mvsep.journal import fork
from mvsep.journal.entry import NOT_BEYOND, UNFINISHED, Entry, State, may_forget
from mvsep.journal.find import find_row
from mvsep.journal.history import LOOKED_AT, History
from mvsep.journal.opening import open_store, unusable
from mvsep.journal.places import Places
from mvsep.journal.port import COLUMNS, HoldLost, Row, StillOpen, Unusable
from mvsep.journal.rows import Unreadable, entry_of, hash_of
from mvsep.journal.sqlite import SqliteStore
from mvsep.settings.token import secretive

#: Called with the error of an attempt that can't be read.
OnError = Callable[[JournalError], object]

#: Seconds for which a database's song stays with a worker that is silent.
LEASE: Final = 60.0
# A day: so long would a dead worker's song be nobody's.
_LONGEST_LEASE: Final = 86_400.0


class Journal:
    """The journal of one user; any number of processes and threads may have it open.

    It is a file of this machine, or a PostgreSQL database for workers on many machines.

    Args:
        place: The SQLite file; made when it is not there, readable by its owner only. Or a
            database, postgresql://user@host/name, which takes the extra `postgres`.
        clock: Seconds since 1970, for a file; a database has its own.
        lease: Seconds for which a song stays with a worker that is silent, for a database. A file
            knows when a process ends.
        sleep: The function that waits for a database that does not answer, in seconds; for tests.

    Raises:
        InvalidInput: When there can be no such place or lease; a day is the longest.
        JournalError: When it can't be opened, or is of a newer version of this package.
    """

    # Whether it waits for a database that does not answer when it is opened, as it does later.
    _is_patient = False

    @secretive
    def __init__(
        self,
        place: str | os.PathLike[str],
        *,
        clock: Callable[[], float] = time.time,
        lease: float = LEASE,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        check_pause("lease", lease, most=_LONGEST_LEASE)
        self._chosen: dict[str, Any] = {"clock": clock, "lease": lease, "sleep": sleep}
        self._store = open_store(place, **self._chosen, patient=self._is_patient)
        self._history: History | None = None
        fork.OPEN.add(self)

    @property
    def place(self) -> str:
        """The file, or the database's address without its password."""
        return self._store.place

    @property
    def is_shared(self) -> bool:
        """True for a database, which other machines can reach."""
        return not isinstance(self._store, SqliteStore)

    @property
    def lease(self) -> float:
        """Seconds for which a database's song stays with a worker that is silent."""
        return float(self._chosen["lease"])

    @property
    def reopened(self) -> Callable[[], Journal]:
        """A function that opens it in another process; pickled, it has the database's password."""
        from mvsep.journal.reopening import Reopening

        return Reopening(self._store.address, self._chosen)

    def __reduce__(self) -> tuple[object, ...]:
        """Open it again in another process."""
        return self.reopened, ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return one_line(type(self), repr(str(self._store.place)))

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
            return key in self._store.held([key])

    def places(self, account: str, first: int, most: int) -> Places:
        """Return the places for an account's jobs, which all workers share; see `Places`."""
        return Places(self._store, account, first, most)

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
        except HoldLost:
            raise _lost(name, "Nothing was sent.") from None
        row = {**values, "id": number, "began": now, "changed": now}
        return entry_of([row.get(column) for column in COLUMNS], ())

    def offered(self, entry: Entry) -> Entry:
        """Write down that the end of the upload is about to leave.

        Raises:
            JournalError: When it can't be written, or the song is not held any more. The end must
                not leave then.
        """
        try:
            return self._change(entry, State.OFFERED, held=entry.key)
        except HoldLost:
            raise _lost(entry.name, "The upload was broken off before its end.") from None
        except JournalError as error:
            error.charged = False
            raise

    def submitted(self, entry: Entry, hash: str, host: str) -> Entry:
        """Write down the job's hash and host, the moment they are known.

        Where another worker took the song for lost and began another attempt, both are kept; this
        one then counts as over until its stems are saved.
        """
        known: dict[str, Any] = {"hash": hash, "host": host}
        try:
            return self._change(entry, State.SUBMITTED, **known)
        except StillOpen:
            why = "Another attempt at the song was begun meanwhile."
            return self._change(entry, State.OVER, reason=why, **known)

    def saved(self, entry: Entry, files: Iterable[StemFile]) -> Entry:
        """Write down the stems, when they are whole on the disk."""
        saved = self._change(entry, State.SAVED, files=tuple(files))
        if self._history:
            self._history.add(saved)
        return saved

    def over(self, entry: Entry, reason: str) -> Entry:
        """Write down that there is no job, or none that gives stems.

        Raises:
            JournalError: When it can't be written, or another worker has found a job meanwhile.
        """
        states = [*map(str, NOT_BEYOND[entry.state]), str(State.OVER)]
        return self._change(entry, State.OVER, states=states, reason=reason)

    def latest(self, key: str) -> Entry | None:
        """Return the latest attempt at a song that has a job, or may have one; else the latest."""
        return self._latest("key", key)

    def unsent(self, key: str) -> Entry | None:
        """Return the attempt at a song whose upload was begun, and not handed over to its end."""
        return self._latest("key", key, state=State.INTENT)

    def by_hash(self, hash: str) -> Entry | None:
        """Return the attempt that a job came of."""
        return self._latest("hash", hash)

    def find(self, name: str) -> Entry | None:
        """Return the attempt that a person means; None where the journal has none of that name.

        Args:
            name: The hash of its job or the start of it, its number (`Entry.id`), or `last` for
                the latest attempt.

        Raises:
            InvalidInput: When the hashes of several jobs begin so.
            JournalError: When the attempt can't be read.
        """
        with self._translated():
            found = find_row(self._store, name)
        return self._one(found)

    def unfinished(self, on_error: OnError | None = None) -> list[Entry]:
        """Every attempt that is not finished, the oldest first; see `entries`."""
        with self._translated():
            rows = self._store.unfinished()
        return [e for e in self._readable(rows, on_error) if e.state in UNFINISHED]

    def entries(
        self,
        limit: int | None = None,
        on_error: OnError | None = None,
        *,
        where: Callable[[Entry], bool] | None = None,
    ) -> list[Entry]:
        """All attempts, or so many, the latest first.

        Args:
            limit: How many.
            on_error: Called with the error of each attempt that can't be read, which is left out
                then; without it, the first one is raised.
            where: Returns True for an attempt that is wanted; all are when absent.
        """
        with self._translated():
            rows = self._store.all(limit if where is None else None)
        return list(islice(filter(where, self._readable(rows, on_error)), limit))

    def forget(self, entries: Iterable[Entry], *, paid: bool = False) -> list[Entry]:
        """Remove attempts that are over; no file is touched.

        Args:
            entries: The attempts. One that changed since, or whose song somebody works on, stays.
            paid: True to remove also those of jobs, so saved stems and failures are forgotten: the
                next call with such a song pays for it again. Otherwise only those stay away that
                no job came of, without which every call does the same.

        Returns:
            The attempts that were removed.
        """
        removed = []
        for entry in entries:
            if may_forget(entry, paid=paid):
                with suppress(AlreadyUnderWay), self.holding(entry.key, entry.name):
                    with self._translated():
                        is_gone = self._store.remove(entry.id, entry.changed)
                    removed += [entry] * is_gone
        return removed

    def age(self, entry: Entry) -> float:
        """Seconds since an attempt was begun."""
        with self._translated():
            return self._store.now() - entry.began

    def least_seconds(self, sep_type: int) -> float:
        """Return the seconds before which no job of a type was done; 0 where nobody can say."""
        if self._history is None:
            latest = self.entries(LOOKED_AT, on_error=lambda _: None)
            self._history = History(reversed(latest))
        return self._history.least(sep_type)

    def _change(
        self,
        entry: Entry,
        state: State,
        *,
        files: tuple[StemFile, ...] | None = None,
        held: str | None = None,
        states: Sequence[str] | None = None,
        **values: Any,
    ) -> Entry:
        rows = None
        if files is not None:
            rows = [(f.label, str(f.path.absolute()), f.size, f.sha256) for f in files]
        written = {"state": str(state), **values}
        with self._translated():
            now = self._store.change(entry.id, written, files=rows, held=held, states=states)
        if now is None and states is not None and self._latest("id", entry.id):
            raise _lost(entry.name, "Another worker has found its job.", charged=None)
        if now is None:
            raise JournalError(
                f"Entry {entry.id} is gone from the journal {self.place}: something else removed "
                "it.",
                next_step="Let nothing but mvsep write to the journal.",
            )
        files = entry.files if files is None else files
        return evolve(entry, state=state, changed=now, files=files, **values)

    def _latest(self, column: str, value: object, *, state: State | None = None) -> Entry | None:
        with self._translated():
            found = self._store.latest(column, value, state=state)
        return self._one(found)

    def _one(self, row: Row | None) -> Entry | None:
        return next(self._readable([row] if row else [], None), None)

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
            f"Entry {row[0]} of the journal {self.place} can't be read: {why}.",
            hash=hash_of(row),
            next_step="If a newer version of mvsep wrote it, use that one. The other entries are "
            "not affected.",
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except Unusable as error:
            raise unusable(self.place, error) from error


def _lost(name: str, what: str, *, charged: bool | None = False) -> JournalError:
    return JournalError(
        f"{name} is not held by this worker any more: its lease in the journal ran out. {what}",
        charged=charged,
        retryable=True,
        next_step="Separate it once more; another worker may have it now.",
    )
