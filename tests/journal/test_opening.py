"""The opening of a journal in PostgreSQL: its address, its secrets, its coding and its version."""

from __future__ import annotations

import pickle
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mvsep import Journal, errors
from tests.journal.test_journal import begin
from tests.postgres import Server, needs_postgres

pytestmark = needs_postgres()

SECRET = "pass-word-of-the-database"


@pytest.fixture(name="place")
def _place(postgres: Server) -> str:
    return postgres.clear()


def test_workers_that_open_a_new_journal_at_once_all_have_it(place: str) -> None:
    start = threading.Barrier(6)

    def opened(number: int) -> int:
        start.wait(60)
        with Journal(place) as journal:
            return int(begin(journal, str(number)).id)

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(opened, range(6))) == list(range(1, 7))


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://user:{SECRET}@/journal?host=/nowhere",
        f"postgresql://user@/journal?host=/nowhere&password={SECRET}",
        f"postgresql://user:{SECRET}@host:port/journal",
    ],
)
def test_a_password_is_shown_nowhere(place: str, url: str) -> None:
    with pytest.raises(errors.JournalError) as caught:
        Journal(url)
    error = caught.value
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = "".join(told.format()).replace(url, "")  # of this test alone
    assert SECRET not in f"{error} {error!r} {frames}"


def test_a_journal_that_is_open_shows_no_password_and_goes_to_another_process_with_it(
    place: str,
) -> None:
    with Journal(place.replace("postgres@", f"postgres:{SECRET}@")) as journal:
        begin(journal)
        shown = f"{journal!r} {journal.place} {vars(journal)} {journal.reopened!r}"
        assert SECRET not in f"{shown} {journal.__reduce__()!r}"
        with pickle.loads(pickle.dumps(journal)) as other:
            assert other.entries() == journal.entries()


@pytest.mark.parametrize("package", ["sqlalchemy", "psycopg"])
def test_without_its_packages_the_extra_is_named(
    place: str, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    for name in [each for each in sys.modules if each.startswith("mvsep.journal.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(errors.JournalError, match=r"pip install 'mvsep\[postgres\]'") as caught:
        Journal(place)
    assert caught.value.charged is False


def test_a_database_of_another_kind_is_no_file(place: str) -> None:
    with pytest.raises(errors.InvalidInput, match="mysql"):
        Journal("mysql://user@host/journal")


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://me:a@{SECRET}@127.0.0.1/db",
        f"postgresql://me:a/{SECRET}@127.0.0.1/db",
        f"POSTGRESQL://me:a@{SECRET}@127.0.0.1/db",
        f"postgresql:/me:{SECRET}@127.0.0.1/db",
        f"host=127.0.0.1 user=me password={SECRET}",
        f"password = {SECRET}",
        f'"postgresql://me:{SECRET}@127.0.0.1/db"',
        f" postgresql://me:{SECRET}@127.0.0.1/db",
        f"\ufeffpostgresql://me:{SECRET}@127.0.0.1/db",
        f"postgresql//me:{SECRET}@127.0.0.1/db",
        f"jdbc:postgresql://me:{SECRET}@127.0.0.1/db",
        f"pgsql:/me:{SECRET}@127.0.0.1/db",
        f"postgresql://127.0.0.1/db?user=me;password={SECRET}",
    ],
)
def test_an_address_with_a_slip_is_refused_and_not_shown(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises((errors.JournalError, errors.InvalidInput)) as caught:
        Journal(address)
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_can_not_hold_every_text_is_refused(own: Server) -> None:
    own.sql("CREATE DATABASE old ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with pytest.raises(errors.JournalError, match="in LATIN1, not in UTF8"):
        Journal(own.url.replace("/journal?", "/old?"))


def test_a_newer_version_is_noticed_by_a_journal_that_is_open(own: Server) -> None:
    own.sql("CREATE DATABASE newer")
    place = own.url.replace("/journal?", "/newer?")
    with Journal(place, sleep=lambda _: None) as journal:
        own.sql("UPDATE version SET number = number + 1", database="newer")
        with journal.away():
            pass
        with pytest.raises(errors.JournalError, match="newer version"):
            begin(journal)


@pytest.mark.parametrize("lease", [None, 0, -1, float("inf"), float("nan"), 1e12, "60"])
def test_a_lease_that_no_worker_can_keep_is_refused(lease: Any, tmp_path: Path) -> None:
    with pytest.raises(errors.InvalidInput, match="lease can't be"):
        Journal(tmp_path / "journal", lease=lease)


@pytest.mark.parametrize("place", ["", ".", "a\0b", "/"])
def test_a_file_without_a_name_is_refused(place: str) -> None:
    with pytest.raises(errors.InvalidInput, match=r"journal's file has no name|NUL"):
        Journal(place)


def test_a_worker_waits_for_a_database_that_starts(own: Server, tmp_path: Path) -> None:
    started: list[float] = []

    def start(seconds: float) -> None:
        if not started:
            own.start()
        started.append(seconds)

    with Journal(own.url, sleep=start) as journal:
        reopened = journal.reopened
    own.stop()
    with pytest.raises(errors.JournalError):
        Journal(own.url, sleep=start)
    assert started == []
    with reopened() as journal:
        assert journal.entries() == []
    assert started
