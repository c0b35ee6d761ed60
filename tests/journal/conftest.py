"""The journal in each of its databases."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mvsep.journal import Journal
from tests.postgres import Server, needs_postgres, postgres, server

__all__ = ["postgres"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=needs_postgres())])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a journal, in each kind of database."""
    if request.param == "sqlite":
        return str(tmp_path / "deep/journal.sqlite3")
    started: Server = request.getfixturevalue("postgres")
    return started.clear()


@pytest.fixture
def sql(place: str, request: pytest.FixtureRequest) -> Callable[..., Sequence[Any]]:
    """Executes a statement in the journal's database, behind its back."""
    if place.startswith("postgresql:"):
        started: Server = request.getfixturevalue("postgres")
        return lambda text, *values: started.sql(text.replace("?", "%s"), *values)

    def execute(text: str, *values: object) -> Sequence[Any]:
        with closing(sqlite3.connect(place)) as db, db:
            return db.execute(text, values).fetchall()

    return execute


@pytest.fixture(name="journal")
def _journal(place: str) -> Any:
    with Journal(place, clock=lambda: 1000.0) as journal:
        yield journal


@pytest.fixture(name="own")
def _own() -> Iterator[Server]:
    """A server to stop, beside the one of the other tests."""
    with server() as started:
        yield started
