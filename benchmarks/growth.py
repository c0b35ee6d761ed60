"""What ten times as much costs: ten times as long, or less."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.batches import no_wait, short_songs
from benchmarks.catalogue import answer
from benchmarks.measure import Lab, Pair, Row, seconds
from benchmarks.server import job_hash
from benchmarks.uploads import song
from mvsep import AsyncMVSep, MVSep
from mvsep.catalog import Catalog
from mvsep.journal import Journal
from mvsep.testing import DEMO_TOKEN

_LARGE: Final = 512 << 20
_NUMBERS: Final = itertools.count()


def _upload(lab: Lab) -> Pair:
    client = MVSep(DEMO_TOKEN, base_url=lab.server.url)

    def side(size: int) -> Callable[[], float]:
        path = song(lab, size)
        return lambda: seconds(lambda: client.submit(path, 40))

    large = lab.size(_LARGE, 10 << 16)
    return Pair(side(large), side(large // 10))


def _download(lab: Lab) -> Pair:
    client = MVSep(DEMO_TOKEN, base_url=lab.server.url)

    def side(size: int) -> Callable[[], float]:
        def fetch() -> float:
            out = lab.folder / f"stems-{next(_NUMBERS)}"
            taken = seconds(lambda: client.job(job_hash(1, size)).download(out))
            shutil.rmtree(out)
            return taken

        return fetch

    large = lab.size(_LARGE, 10 << 16)
    return Pair(side(large), side(large // 10))


def _jobs(lab: Lab) -> Pair:
    client = AsyncMVSep(DEMO_TOKEN, base_url=lab.server.url, sleep=no_wait)
    loop = asyncio.Runner()

    def side(count: int) -> Callable[[], float]:
        paths = short_songs(lab, count)

        async def separate(out: Path, journal: Journal) -> None:
            for each in await client.separate_many(paths, 40, out=out, journal=journal):
                if each.error:
                    raise each.error

        def batch() -> float:
            out = lab.folder / f"out-{next(_NUMBERS)}"
            out.mkdir()
            with Journal(out / "journal.sqlite3") as journal:
                taken = seconds(lambda: loop.run(separate(out / "stems", journal)))
            shutil.rmtree(out)
            return taken

        return batch

    many = lab.size(200, 10)
    return Pair(side(many), side(many // 10))


def _catalogue(lab: Lab) -> Pair:
    listed = json.loads(answer())
    last = max(row["render_id"] for row in listed)
    more = [
        {**row, "render_id": row["render_id"] + turn * (last + 1)}
        for turn in range(lab.size(10, 2))
        for row in listed
    ]
    large, small = json.dumps(more), json.dumps(listed)
    return Pair(
        lambda: seconds(lambda: Catalog.from_response(large)),
        lambda: seconds(lambda: Catalog.from_response(small)),
    )


ROWS: Final = (
    Row("upload of 512 MiB", "of 51 MiB", "cost", 10.5, _upload),
    Row("download of 512 MiB", "of 51 MiB", "cost", 10.5, _download),
    Row("200 jobs with a journal", "20 jobs", "cost", 10.5, _jobs),
    Row("a list of 1,170 types to a Catalog", "of 117", "cost", 10.5, _catalogue),
)
