"""The journal in a PostgreSQL database, for workers on many machines.

A song is held by a lease: a row with an owner and a time until when, which one thread renews. A
worker that dies stops renewing, and after a lease the song is free. All times are the database's,
so the clocks of the machines do not matter.

A worker may be late: stopped, asleep, or cut off from the database while its song is taken by
another. So that a song is still paid for once:

- Before the last byte of an upload leaves, one statement checks that the lease has not run out,
  extends it to five, and writes OFFERED. Without the lease the upload is broken off.
- A statement that took longer than a lease, by a clock that counts the machine's sleep, counts as
  refused: the process was stopped meanwhile.
- It may be stopped once more, in the microseconds before the byte leaves. Whoever takes the song
  after those five leases looks for the job twice, a minute apart, before it pays. For the byte to
  arrive after that, the connection must have stood still for six minutes in the middle of a body:
  front ends end it after about one (nginx: 60 s), a client that runs gives up after two
  (`connection.TIMEOUT`), and the system drops unsent bytes of a closed connection in less than
  two (Linux). (Inferred, as for every upload that breaks off: the service has no key that would
  refuse a second create.)
- The hash and the stems are written with a lease or without: what is paid for is never thrown
  away. Where another attempt was begun meanwhile, both are kept.

Every change is one statement, so nothing is half done where a connection breaks; and each may be
repeated, so it is.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from mvsep.core.disk import Busy
from mvsep.journal.address import CONNECTING, parsed
from mvsep.journal.port import (
    COLUMNS,
    FILE_COLUMNS,
    HAS_NO_JOB,
    IS_UNFINISHED,
    HoldLost,
    Row,
    StillOpen,
    Unusable,
    joined,
)
from mvsep.journal.postgres_tables import (
    ENTRIES,
    FILES,
    HOLDS,
    LIMITS,
    NUMBERS,
    check_version,
    kept,
    set_up,
    told,
)
from mvsep.settings.token import MASK, hidden
from mvsep.transport.threads import begun

#: The leases that a song is held for once its upload may end.
PAYING: Final = 5
# Renewals within a lease: a late one and a lost one still leave the lease.
_RENEWALS: Final = 4
#: Seconds to wait before each repetition of a statement; half a minute in all, as for SQLite.
PAUSES: Final = (0.1, 0.4, 1.5, 4.0, 8.0, 16.0)
# Parts of an address besides the password that are secrets.
_SECRETS: Final = ("password", "sslpassword")
_NO_SUCH_ATTEMPT: Final = "23503"  # a stem's foreign key
_NOT_UNIQUE: Final = "23505"
_HINT: Final = "Check that the server runs and lets this user in, or choose another journal."
# Not now(), which stands still while a statement waits for another; it is the time of a row.
_NOW: Final = sa.func.clock_timestamp(type_=sa.DateTime(timezone=True))
_SECONDS: Final = sa.cast(sa.extract("epoch", sa.func.now()), sa.Double)


def steady() -> float:
    """Return the seconds of a clock that goes on while the machine sleeps."""
    number = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    # Windows has neither; its monotonic clock counts sleep.
    return time.monotonic() if number is None else time.clock_gettime(number)


class PostgresStore:
    """A journal's database; any number of machines, processes and threads may use it.

    Args:
        url: The address, `postgresql://user:password@host:port/database`.
        lease: Seconds for which a song stays with a worker that says nothing more.
        sleep: The function that waits, in seconds.
        steady: A clock that goes on while the machine sleeps.
        patient: Whether to wait for one that does not answer when it is opened, too.

    Raises:
        Unusable: When it can't be used.
        Newer: When a newer version of mvsep wrote it.
    """

    def __init__(
        self,
        url: str,
        *,
        lease: float = 60.0,
        sleep: Callable[[float], object] = time.sleep,
        steady: Callable[[], float] = steady,
        patient: bool = False,
    ) -> None:
        self._url = parsed(url)
        masked = {name: MASK for name in _SECRETS if name in self._url.query}
        shown = self._url.set(drivername="postgresql").update_query_dict(masked)
        self.place = shown.render_as_string().replace(quote(MASK), MASK)
        self._lease, self._sleep, self._steady = lease, sleep, steady
        # One statement at a time: threads share the connection, and no child inherits it.
        self._turn = threading.RLock()
        self._engine = sa.create_engine(
            self._url,
            poolclass=sa.NullPool,
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args=CONNECTING,
        )
        self._connection: sa.Connection | None = None
        self._is_closed, self._wake = False, threading.Event()
        self._held: dict[str, str] = {}
        self._renewing = False
        self._do(partial(set_up, self._engine), patient=patient)

    @property
    def address(self) -> str:
        """The address with its password, for another process."""
        return self._url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Close the connection; a song that is still held is free after a lease."""
        with self._turn:
            self._is_closed = True
            self._wake.set()
            self._drop()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Close the connection for a block; a child that is forked in it holds no song."""
        with self._turn:
            self._drop()
            process = os.getpid()
            try:
                yield
            finally:
                if os.getpid() != process:
                    self._held, self._renewing = {}, False
                    self._wake = threading.Event()  # its lock may be another thread's

    def now(self) -> float:
        """Return the time by the database's clock."""
        return float(self._all(sa.select(_SECONDS))[0][0])

    # Holding

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Take a lease of a song, and renew it; see `Store.hold`."""
        if key in self._held:
            # Its thread would take the new lease for its own, though the old one ran out.
            raise Busy
        owner = secrets.token_hex(8)
        take = insert(HOLDS).values(key=key, owner=owner, until=self._after(1))
        taken = take.on_conflict_do_update(
            index_elements=["key"],
            set_={"owner": owner, "until": self._after(1)},
            # Its own, where the answer to the first try was lost.
            where=(HOLDS.c.until < _NOW) | (HOLDS.c.owner == owner),
        )
        if not self._all(taken.returning(HOLDS.c.key)):
            raise Busy
        self._held[key] = owner
        with self._turn:
            if not self._renewing:
                self._renewing = begun(self._renew, "mvsep-leases") is not None
        try:
            yield
        finally:
            # Not where this is a child, or another thread took the song after the lease ran out.
            is_own = self._held.get(key) == owner
            if is_own:
                del self._held[key]
            if not self._held:
                self._wake.set()
            if is_own:
                mine = (HOLDS.c.key == key) & (HOLDS.c.owner == owner)
                with suppress(Unusable):  # then it is free after a lease
                    self._all(sa.delete(HOLDS).where(mine), patient=False)

    def held(self, keys: Sequence[str]) -> set[str]:
        """Return those of some keys that anybody has a lease of."""
        live = HOLDS.c.key.in_(keys) & (HOLDS.c.until > _NOW)
        return {row[0] for row in self._all(sa.select(HOLDS.c.key).where(live))}

    def _renew(self) -> None:
        """Renew all that is held, until nothing is."""
        while True:
            self._wake.wait(self._lease / _RENEWALS)
            with self._turn:
                self._wake.clear()
                owners = list(self._held.values())
                if self._is_closed or not owners:
                    self._renewing = False
                    return
            longer = sa.update(HOLDS).where(HOLDS.c.owner.in_(owners))
            with suppress(Unusable):  # the next turn may come in time
                self._all(longer.values(until=self._at_least(1)), patient=False)

    def _after(self, leases: int) -> Any:
        return _NOW + timedelta(seconds=leases * self._lease)

    def _at_least(self, leases: int) -> Any:
        return sa.func.greatest(HOLDS.c.until, self._after(leases))

    # Limits

    def limit(self, account: str) -> int | None:
        """Return what is known of an account; see `Store.limit`."""
        found = self._all(sa.select(LIMITS.c.most).where(LIMITS.c.account == account))
        return int(found[0][0]) if found else None

    def set_limit(self, account: str, most: int, *, quiet: float | None) -> None:
        """Keep what is known of an account; see `Store.set_limit`."""
        refused = _NOW if quiet is None else None
        new = insert(LIMITS).values(account=account, most=most, refused=refused)
        long_ago = LIMITS.c.refused <= _NOW - timedelta(seconds=quiet or 0)
        grows = (LIMITS.c.most < most) & (LIMITS.c.refused.is_(None) | long_ago)
        known = new.on_conflict_do_update(
            index_elements=["account"],
            set_={"most": most, "refused": refused},
            where=None if quiet is None else grows,
        )
        self._all(known)

    # Attempts

    def insert(self, values: Mapping[str, object]) -> tuple[int, float]:
        """Insert an attempt; see `Store.insert`."""
        # Its number comes first, so that a repetition finds what the first try may have written.
        number = int(self._all(sa.select(NUMBERS.next_value()))[0][0])
        row = {"id": number, **kept(values)}
        given = [sa.literal(value, ENTRIES.c[name].type) for name, value in row.items()]
        one = sa.select(*given, _SECONDS, _SECONDS)
        # Another worker may have had the song meanwhile, and paid for it.
        live = (HOLDS.c.owner == self._held.get(str(values["key"]))) & (HOLDS.c.until > _NOW)
        one = one.where(sa.exists(sa.select(HOLDS.c.key).where(live)))
        new = insert(ENTRIES).from_select([*row, "began", "changed"], one)
        new = new.on_conflict_do_nothing(index_elements=["id"])
        written = sa.select(ENTRIES.c.began).where(ENTRIES.c.id == number)
        found = self._all(new.returning(ENTRIES.c.began)) or self._all(written)
        if not found:
            raise HoldLost
        return number, float(found[0][0])

    def change(
        self,
        number: int,
        values: Mapping[str, object],
        *,
        files: Sequence[Sequence[object]] | None = None,
        held: str | None = None,
        states: Sequence[str] | None = None,
    ) -> float | None:
        """Change an attempt; see `Store.change`."""
        began = self._steady()
        changed = sa.update(ENTRIES).where(ENTRIES.c.id == number)
        changed = changed.values(changed=_SECONDS, **kept(values))
        if states is not None:
            changed = changed.where(ENTRIES.c.state.in_(states))
        if held is not None:
            live = (HOLDS.c.owner == self._held.get(held)) & (HOLDS.c.until > _NOW)
            longer = sa.update(HOLDS).where(HOLDS.c.key == held, live)
            lease = longer.values(until=self._at_least(PAYING)).returning(HOLDS.c.key).cte("lease")
            changed = changed.where(sa.exists(sa.select(lease.c.key)))
        if files is not None:
            changed = changed.add_cte(sa.delete(FILES).where(FILES.c.entry == number).cte("old"))
        if files:
            rows = [
                {"entry": number, "position": n, **kept(dict(zip(FILE_COLUMNS, f, strict=True)))}
                for n, f in enumerate(files)
            ]
            changed = changed.add_cte(sa.insert(FILES).values(rows).cte("new"))
        found = self._all(changed.returning(ENTRIES.c.changed))
        if held is not None:
            is_there = found or self._all(sa.select(1).where(ENTRIES.c.id == number))
            if (is_there and not found) or self._steady() - began > self._lease:
                raise HoldLost
        return float(found[0][0]) if found else None

    def latest(self, column: str, value: object, *, state: str | None = None) -> Row | None:
        """Return the latest attempt with a value in a column; see `Store.latest`."""
        which = sa.select(ENTRIES).where(ENTRIES.c[column] == kept({column: value})[column])
        if state is not None:
            which = which.where(ENTRIES.c.state == state)
        found = self._rows(which.order_by(sa.text(HAS_NO_JOB), ENTRIES.c.id.desc()).limit(1))
        return found[0] if found else None

    def starting(self, hash: str) -> list[Row]:
        """Return the attempts whose hash begins with a text; see `Store.starting`."""
        begins = ENTRIES.c.hash.startswith(kept({"hash": hash})["hash"], autoescape=True)
        return self._rows(sa.select(ENTRIES).where(begins))

    def remove(self, number: int, changed: float) -> bool:
        """Remove an attempt; see `Store.remove`."""
        same = (ENTRIES.c.id == number) & (ENTRIES.c.changed == changed)
        return bool(self._all(sa.delete(ENTRIES).where(same).returning(ENTRIES.c.id)))

    def unfinished(self) -> list[Row]:
        """Return the attempts that are not finished; see `Store.unfinished`."""
        return self._rows(sa.select(ENTRIES).where(sa.text(IS_UNFINISHED)))[::-1]

    def all(self, limit: int | None) -> list[Row]:
        """Return the latest attempts; see `Store.all`."""
        return self._rows(sa.select(ENTRIES).order_by(ENTRIES.c.id.desc()).limit(limit))

    def _rows(self, which: sa.Select[Any]) -> list[Row]:
        """Return attempts, the latest first."""
        some = which.subquery()
        columns = [*(some.c[name] for name in COLUMNS), *(FILES.c[name] for name in FILE_COLUMNS)]
        both = some.outerjoin(FILES, FILES.c.entry == some.c.id)
        ordered = sa.select(*columns).select_from(both)
        rows = self._all(ordered.order_by(some.c.id.desc(), FILES.c.position))
        return joined([tuple(map(told, row)) for row in rows])

    # The connection

    def _all(self, statement: sa.Executable, *, patient: bool = True) -> list[Any]:
        """Execute a statement, and return its rows."""

        def work(connection: sa.Connection) -> list[Any]:
            result = connection.execute(statement)
            return list(result.all()) if result.returns_rows else []

        return list(self._do(work, patient=patient))

    def _do(self, work: Callable[[sa.Connection], Any], *, patient: bool) -> Any:
        """Do some work that may be repeated, as long as the database does not answer."""
        pauses = iter(PAUSES if patient else ())
        while True:
            pause: float | None = None
            failure: Exception
            try:
                with self._turn:
                    return self._once(work)
            except IntegrityError as error:
                code = getattr(error.orig, "sqlstate", None)
                if code == _NO_SUCH_ATTEMPT:
                    return []
                failure = StillOpen() if code == _NOT_UNIQUE else self._unusable(error)
            except DBAPIError as error:
                failure = self._unusable(error)
                if isinstance(error, OperationalError):
                    pause = next(pauses, None)
            # Not above, or below its context the password would stand in variables.
            if pause is None:
                raise failure
            self._sleep(pause)

    def _once(self, work: Callable[[sa.Connection], Any]) -> Any:
        if self._is_closed:
            raise Unusable("it is closed", "Open it anew.")
        try:
            if self._connection is None:
                self._connection = self._engine.connect()
                check_version(self._connection)
                # Whatever the server's settings: a hash that is lost is a job that is lost.
                self._connection.execute(sa.text("SET synchronous_commit = on"))
            return work(self._connection)
        except IntegrityError:
            raise
        except BaseException:  # also Ctrl-C in the middle of an answer
            self._drop()
            raise

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.invalidate()
            with suppress(Exception):
                connection.close()

    def _unusable(self, error: DBAPIError) -> Unusable:
        secrets = (self._url.password, *(self._url.query.get(name) for name in _SECRETS))
        text = " ".join(str(error.orig).split()).rstrip(".")
        return Unusable(hidden(text, *(str(each) for each in secrets if each)), _HINT)
