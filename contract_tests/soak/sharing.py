"""Workers that share songs over a journal in PostgreSQL and are killed at random moments.

Four processes, each with the whole list, or the four workers of a Dask cluster. The server has
faults all the while. A dead worker's songs are free after three seconds here, not a minute.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx

from contract_tests.soak.driver import sleep
from contract_tests.soak.killing import Fake, Report, check, fake_server, prepare
from mvsep import Journal, MVSep
from tests.postgres import server

WORKERS: Final = 4
LEASE: Final = 3.0
# Calls for the whole list, at most: each does what the one before left.
_ROUNDS: Final = 100
# Seconds between two faults, and between two kills, on average.
_FAULTS: Final = 0.5
_KILLS: Final = 1.0
#: A fault, and where it happens; none of them costs credits by itself.
FAULTS: Final = (
    *(("separation_create", name) for name in ("reset-after-upload", "http-502-after")),
    *(("separation_create", name) for name in ("reset-during-upload", "http-503", "queue-full")),
    *(("separation_get", name) for name in ("http-502", "truncated-json", "not-found-200")),
    *(("separation_get", name) for name in ("reset-in-body", "waiting-again")),
    *(("download", name) for name in ("truncated-body", "reset-in-body", "http-500")),
)


def separate_all(
    fake_url: str, token: str, home: Path, journal: str, seed: int, executor: Any = None
) -> None:
    """Separate all songs of a folder, as often as it takes until none has an error."""
    left = sorted((home / "songs").iterdir())
    random.Random(seed).shuffle(left)  # so that not all begin with the same
    with (
        MVSep(token, base_url=fake_url, sleep=sleep) as client,
        Journal(journal, lease=LEASE) as kept,
    ):
        asked: dict[str, Any] = {"out": home / "stems", "journal": kept, "output_format": 1}
        for _ in range(_ROUNDS):
            outcomes = client.separate_many(left, 40, executor=executor, **asked)
            wrong = {str(each.source): each.error for each in outcomes if each.error}
            if not wrong:
                return
            left = [Path(name) for name in wrong]
            time.sleep(0.5)
    raise AssertionError(wrong)


def by_processes(folder: Path, kills: int, *, songs: int, seed: int) -> Report:
    """Share the songs among processes; one that is killed is started again."""

    @contextlib.contextmanager
    def workers(fake: Fake, home: Path, journal: str) -> Iterator[_Workers]:
        program = [sys.executable, "-m", "contract_tests.soak.sharing", fake.url, fake.token]
        programs = [[*program, str(home), journal, str(number)] for number in range(WORKERS)]
        running = [subprocess.Popen(each) for each in programs]

        def kill(chance: random.Random) -> bool:
            number = chance.randrange(WORKERS)
            if running[number].poll() is not None:
                return False
            running[number].kill()
            running[number].wait()
            running[number] = subprocess.Popen(programs[number])
            return True

        def end() -> None:
            for process in running:
                assert process.wait(1800) == 0, "a worker failed"

        try:
            yield kill, end
        finally:
            for process in running:
                process.kill()
                process.wait()

    return _soak(folder, kills, songs, seed, workers)


def by_dask(folder: Path, kills: int, *, songs: int, seed: int) -> Report:
    """Share the songs among the workers of a Dask cluster, which starts killed ones again."""
    dask: Any = importlib.import_module("dask")  # it has no types
    distributed: Any = importlib.import_module("distributed")

    @contextlib.contextmanager
    def workers(fake: Fake, home: Path, journal: str) -> Iterator[_Workers]:
        chosen: dict[str, Any] = {
            "n_workers": WORKERS,
            "threads_per_worker": 1,
            "dashboard_address": "127.0.0.1:0",
        }
        with (
            # Whose workers die is not to blame here.
            dask.config.set({"distributed.scheduler.allowed-failures": 1000}),
            distributed.LocalCluster(**chosen, silence_logs=60) as cluster,
            distributed.Client(cluster) as client,
            client.get_executor(pure=False) as executor,
            ThreadPoolExecutor(1) as pool,
        ):
            work: Future[None] = pool.submit(
                separate_all, fake.url, fake.token, home, journal, seed, executor
            )

            def kill(chance: random.Random) -> bool:
                pids = [nanny.pid for nanny in cluster.workers.values() if nanny.pid]
                if work.done() or not pids:
                    return False
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(pids), 9)
                    return True
                return False

            yield kill, functools.partial(work.result, 1800)

    return _soak(folder, kills, songs, seed, workers)


#: Kills one of the workers; and waits until all songs are separated.
_Workers = tuple[Callable[[random.Random], bool], Callable[[], None]]


def _soak(
    folder: Path,
    kills: int,
    songs: int,
    seed: int,
    workers: Callable[[Fake, Path, str], contextlib.AbstractContextManager[_Workers]],
) -> Report:
    chance, report, began = random.Random(seed), Report(runs=1), time.monotonic()
    home, over = prepare(folder / "shared", songs, seed), threading.Event()
    with fake_server() as fake, server() as database:
        faults = threading.Thread(target=_disturb, args=(fake, random.Random(seed), over))
        faults.start()
        try:
            with workers(fake, home, database.url) as (kill, end):
                while report.kills < kills:
                    time.sleep(chance.uniform(0, 2 * _KILLS))
                    with Journal(database.url) as journal:
                        states = [entry.state for entry in journal.unfinished()]
                    if kill(chance):
                        report.kills += 1
                        report.at.update({str(state) for state in states} or {"nothing"})
                    elif not states:
                        break
                end()
        finally:
            over.set()
            faults.join()
        with Journal(database.url) as journal:
            check(fake, home, songs, journal)
    report.seconds = time.monotonic() - began
    return report


def _disturb(fake: Fake, chance: random.Random, over: threading.Event) -> None:
    while not over.wait(chance.uniform(0, 2 * _FAULTS)):
        on, name = chance.choice(FAULTS)
        fault = {"name": name, "on": on, "times": 1}
        answer = httpx.post(f"{fake.url}/__fake__/faults", json=fault, trust_env=False, timeout=60)
        answer.raise_for_status()


if __name__ == "__main__":
    url, token, folder, journal, number = sys.argv[1:]
    separate_all(url, token, Path(folder), journal, int(number))
