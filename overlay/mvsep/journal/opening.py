"""The opening of a journal's database: a file, or a server by its address."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from mvsep.core.disk import path_of, user_folder
from mvsep.errors import InvalidInput, JournalError
from mvsep.journal.port import Newer, Store, Unusable
from mvsep.journal.sqlite import SqliteStore

#: The environment variable that names the command line's journal.
JOURNAL_VARIABLE: Final = "MVSEP_JOURNAL"

_DATABASES: Final = ("postgresql", "postgres", "postgresql+psycopg")
_SCHEME: Final = re.compile("([a-z][a-z0-9+]+)://", re.IGNORECASE)
# A database that is named in another way, or with quotes around it. As a file it would show its
# password, and each machine would have one of its own.
_ODD: Final = re.compile(
    r"postgres\w*\+?\w*:|.*(://|\w\w:/.*@|//.*@)"
    r"|.*\b(host|hostaddr|dbname|user|password|service)\s*=",
    re.IGNORECASE | re.DOTALL,
)


def open_store(
    place: str | os.PathLike[str],
    *,
    clock: Callable[[], float],
    lease: float,
    sleep: Callable[[float], object],
    patient: bool,
) -> Store:
    """Open the database of a journal; see `Journal`."""
    if isinstance(place, str) and (scheme := _SCHEME.match(place)):
        return _database(scheme[1].lower(), place, lease=lease, sleep=sleep, patient=patient)
    if isinstance(place, str) and _ODD.match(place):
        raise InvalidInput(
            "A journal in a database is named by an address, postgresql://user@host/name, with "
            "nothing around it.",
            next_step="For a file of such a name pass pathlib.Path(...).",
            param="place",
        )
    path = path_of(place, "place")
    if not path.name:
        raise InvalidInput(
            "The journal's file has no name.", next_step="Name one for it.", param="place"
        )
    return _opened(str(path), lambda: SqliteStore(path, clock))


def _database(scheme: str, url: str, **chosen: Any) -> Store:
    if scheme not in _DATABASES:
        raise InvalidInput(
            f"No journal can be at {scheme}://.",
            next_step="It is a file, or a database at postgresql://.",
            param="place",
        )
    try:
        import psycopg  # noqa: F401  the store would ask for it later

        from mvsep.journal.postgres import PostgresStore
    except ImportError as error:
        missing = error.name or str(error).partition("\n")[0]
        raise JournalError(
            f"A journal in PostgreSQL needs a package that is not installed: {missing}.",
            charged=False,
            next_step="Install the extra: pip install 'mvsep[postgres]'.",
        ) from None
    return _opened("at that address", lambda: PostgresStore(url, **chosen))


def _opened(place: str, open: Callable[[], Store]) -> Store:
    try:
        return open()
    except Unusable as error:
        raise unusable(place, error) from error
    except Newer:
        raise JournalError(
            f"The journal {place} was written by a newer version of mvsep.",
            charged=False,
            next_step="Update mvsep, or choose another journal.",
        ) from None


def unusable(place: str, why: Unusable) -> JournalError:
    """Make the error for a database that can't be used."""
    return JournalError(f"The journal {place} can't be used: {why}.", next_step=why.next_step)


def usual_place(environment: Mapping[str, str]) -> str | Path:
    """Return the place of the command line's journal: a file in the user's folder for data.

    Args:
        environment: The process's environment variables; MVSEP_JOURNAL names the place itself.

    Raises:
        JournalError: When the user has no folder of their own.
    """
    if named := environment.get(JOURNAL_VARIABLE):
        return named
    if folder := user_folder("data"):
        return folder / "journal.sqlite3"
    raise JournalError(
        "There is no folder for the journal: the user has no home.",
        charged=False,
        next_step=f"Name a file for it in {JOURNAL_VARIABLE}.",
    )
