"""Songs shared by the workers of an executor: threads, processes, and a Dask cluster."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from contract_tests.conftest import CLIENT_AND_JOURNAL
from contract_tests.harness.clients import do
from mvsep import Journal, MVSep, errors
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, Schedule, render_song
from tests.postgres import needs_postgres


@pytest.fixture
def songs(tmp_path):
    paths = [tmp_path / f"song{number}.wav" for number in range(4)]
    for number, path in enumerate(paths):
        path.write_bytes(render_song()[:-4] + bytes([number] * 4))
    return paths


@contextlib.contextmanager
def dask():
    from distributed import Client, LocalCluster

    chosen = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with (
        LocalCluster(**chosen, silence_logs=50) as cluster,
        Client(cluster) as client,
        client.get_executor(pure=False) as executor,
    ):
        yield executor


EXECUTORS = {
    "threads": lambda: ThreadPoolExecutor(3),
    "processes": lambda: ProcessPoolExecutor(2, multiprocessing.get_context("spawn")),
    "Dask": dask,
}


@CLIENT_AND_JOURNAL
@pytest.mark.parametrize("executor", EXECUTORS.values(), ids=EXECUTORS)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_songs_are_shared_and_each_is_paid_once(shell, fake, journal, songs, tmp_path, executor):
    asked = {"journal": journal, "out": tmp_path / "stems", "output_format": 1}
    with executor() as workers:

        def act(client):
            return client.separate_many([*songs, songs[0]], 40, executor=workers, **asked)

        outcomes = do(shell, act, token=DEMO_TOKEN, base_url=fake.url)
        again = do(shell, act, token=DEMO_TOKEN, base_url=fake.url)

    assert [each.error for each in outcomes] == [None] * 5
    assert [each.source for each in outcomes] == [*songs, songs[0]]
    assert all(file.is_there() for each in outcomes for file in each.result.files)
    assert all(each.result.already for each in again)
    assert fake.state.jobs_created == 4
    assert fake.state.credits_charged == sum(job.credits for job in fake.state.jobs.values())


def test_a_free_account_has_one_job_at_a_time_over_all_workers(fake, journal, songs, tmp_path):
    fake.state.schedule = Schedule.by_polls(1)
    turn = threading.Event()

    def sleep(_):
        turn.wait(0.01)  # others go on; the events of a fake come by its polls

    with (
        MVSep(FREE_TOKEN, base_url=fake.url, sleep=sleep) as client,
        ThreadPoolExecutor(4) as workers,
    ):
        outcomes = client.separate_many(
            songs, 40, executor=workers, journal=journal, out=tmp_path / "stems", output_format=1
        )

    assert [each.error for each in outcomes] == [None] * 4
    assert fake.state.jobs_created == fake.state.seen["separation_create"] == 4


@needs_postgres()
def test_a_song_of_another_worker_is_waited_for_as_long_as_that_ones_lease_can_last(
    fake, postgres, songs, tmp_path
):
    slept = []
    asked = {"out": tmp_path / "stems", "output_format": 1}
    with (
        MVSep(DEMO_TOKEN, base_url=fake.url, sleep=slept.append) as client,
        Journal(postgres.clear(), lease=100) as journal,
        Journal(postgres.url) as other,
        ThreadPoolExecutor(1) as workers,
    ):
        client.separate(songs[0], 40, journal=journal, **asked)
        slept.clear()
        with other.holding(journal.entries()[0].key, "song"):
            (outcome,) = client.separate_many(
                songs[:1], 40, executor=workers, journal=journal, **asked
            )

    assert isinstance(outcome.error, errors.AlreadyUnderWay)
    # Five leases for an upload that may end, and one to see it.
    assert 600 <= sum(slept) < 700
