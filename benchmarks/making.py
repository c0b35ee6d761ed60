"""The contract's own work: cases a second, generation; and the journal's look-ups."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import sys
from collections.abc import Callable
from typing import Final

import hypothesis
import requests
from schemathesis.core.result import Ok

from benchmarks.measure import Lab, Pair, Row, seconds, whole_process
from contract_tests.harness.bridge import Callers, Case, Shell, asked, cases
from contract_tests.harness.refusal import is_read_otherwise
from contract_tests.mock import Prism
from mvsep.journal import Journal
from tools.environment import ensure
from tools.files import as_json
from tools.generator_input import generator_input
from tools.regenerate import Project, read_contract


def _cases(each: int) -> list[Case]:
    """Return so many cases of each operation, the same in every run."""
    found: list[Case] = []
    for result in cases("positive").get_all_operations():
        if not isinstance(result, Ok):
            raise TypeError(f"an operation can't be read: {result.err()}")

        @hypothesis.settings(
            max_examples=each,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(case=result.ok().as_strategy())
        def keep(case: Case) -> None:
            if not is_read_otherwise(asked(case)):
                found.append(case)

        keep()
    return found


def _rate(kind: Shell) -> Callable[[Lab], Pair]:
    def pair(lab: Lab) -> Pair:
        said = _cases(lab.size(10, 1))
        prism = lab.keep(Prism(Project().contract))
        callers = lab.keep(Callers(prism.url))
        session = lab.keep(requests.Session())
        session.trust_env = False

        def each(send: Callable[[Case], object]) -> float:
            return seconds(lambda: [send(case) for case in said])

        return Pair(
            lambda: each(lambda case: callers.call(kind, case)),
            lambda: each(lambda case: case.call(base_url=prism.url, session=session)),
        )

    return pair


def _generate(lab: Lab) -> Pair:
    contract, out = lab.folder / "contract.json", lab.folder / "package"
    project = Project()
    contract.write_text(as_json(generator_input(read_contract(project.contract))))
    generator = (str(ensure("codegen")), "-m", "openapi_python_client", "generate")
    places = ("--meta", "none", "--path", str(contract), "--output-path", str(out))
    config = ("--config", str(project.codegen / "config.yaml"))

    def alone() -> float:
        shutil.rmtree(out, ignore_errors=True)
        return whole_process(*generator, *places, *config)

    return Pair(lambda: whole_process(sys.executable, "-m", "tools.regenerate", "--check"), alone)


def _journal_of(lab: Lab, songs: int) -> Journal:
    """Make a journal of so many songs with two stems each."""
    path = lab.folder / f"journal-{songs}.sqlite3"
    journal = lab.keep(Journal(path))
    journal.begin(
        "0",
        name="a.wav",
        marker=None,
        sep_type=40,
        host="https://mvsep.com",
        account="",
        details={},
    )
    with sqlite3.connect(path) as db:
        db.execute("UPDATE entries SET state = 'saved', hash = '0'")
        names = [row[1] for row in db.execute("PRAGMA table_info(entries)") if row[1] != "id"]
        new = ", ".join(f"'' || n AS {name}" if name in {"key", "hash"} else name for name in names)
        numbers = (
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT ?)"
        )
        db.execute(
            f"{numbers} INSERT INTO entries ({', '.join(names)}) "
            f"SELECT {new} FROM numbers, entries WHERE key = '0'",
            (songs - 1,),
        )
        db.execute(
            "INSERT INTO files SELECT id, label, '/a/' || label, 1, '' "
            "FROM entries, (SELECT 'Vocals' AS label UNION SELECT 'Other')"
        )
    return journal


def _lookups(lab: Lab) -> Pair:
    large, small = lab.size(100_000, 100), lab.size(1000, 10)
    looks, turn = lab.size(200, 2), itertools.count(1)

    def side(songs: int) -> Callable[[], float]:
        journal = _journal_of(lab, songs)

        def look() -> None:
            for _ in range(looks):
                song = str(next(turn) * 7919 % songs)
                assert journal.latest(song)
                assert journal.by_hash(song)

        return lambda: seconds(look)

    return Pair(side(large), side(small))


ROWS: Final = (
    Row("cases through the client", "Schemathesis alone", "speed", 1.1, _rate("sync")),
    Row("cases through the client, async", "Schemathesis alone", "speed", 0.95, _rate("async")),
    Row("generate and verify", "the generator alone", "cost", 2.5, _generate),
    Row("look-ups among 100,000 songs", "among 1,000", "cost", 1.2, _lookups),
)
