"""A short `make soak`: eight kills, songs that workers share, and a song of 64 MiB."""

from __future__ import annotations

import os

import pytest

from contract_tests.soak.killing import fake_server, soak
from contract_tests.soak.memory import above_the_imports
from contract_tests.soak.sharing import by_dask, by_processes
from tests.postgres import needs_postgres

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills as POSIX does")


def test_eight_kills_and_every_song_is_separated_once(tmp_path):
    report = soak(tmp_path, 8, songs=16, seed=20261)

    assert report.kills == 8
    assert report.at["submitted"] + report.at["offered"], "no kill met a job on its way"


@needs_postgres()
@pytest.mark.parametrize("share", [by_processes, by_dask])
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_workers_that_are_killed_share_songs_and_each_is_separated_once(tmp_path, share):
    report = share(tmp_path, 2, songs=12, seed=20262)

    assert report.kills


def test_a_large_song_takes_no_more_memory_than_a_small_one(tmp_path):
    with fake_server() as fake:
        above = above_the_imports(fake, tmp_path / "large", 64 << 20)

    # Less than the file, or it would prove nothing.
    assert above < 32 << 20
