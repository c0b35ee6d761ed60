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
from benchmarks.measure import Lab, Pair, Row, printed, seconds
from benchmarks.server import job_hash
from benchmarks.uploads import song
from mvsep import AsyncMVSep, MVSep
from mvsep.catalog import Catalog
from mvsep.journal import Journal
from mvsep.testing import DEMO_TOKEN

_LARGE: Final = 512 << 20
_NUMBERS: Final = itertools.count()

# The most bytes of memory that a batch takes above those of its first songs.
_MEMORY: Final = """
import asyncio, re, sys, tempfile
from pathlib import Path
from mvsep import AsyncMVSep, Journal
url, token, songs, count, out = sys.argv[1:]

def highest():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

async def main():
    paths = sorted(Path(songs).iterdir())[: int(count)]
    async with AsyncMVSep(token, base_url=url, sleep=lambda _: asyncio.sleep(0)) as client:
        with Journal(Path(out, "journal")) as journal:
            asked = {"out": Path(out, "stems"), "journal": journal}
            await client.separate_many(paths[:50], 40, **asked)
            before = highest()
            outcomes = await client.separate_many(paths, 40, **asked)
            assert not any(each.error for each in outcomes)
            print(highest() - before)

asyncio.run(main())
"""


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

    many = lab.size(1000, 10)
    return Pair(side(many), side(many // 10))


def _memory(lab: Lab) -> Pair:
    many = lab.size(2000, 60)
    folder = short_songs(lab, many)[0].parent

    def side(count: int) -> Callable[[], float]:
        def batch() -> float:
            out = lab.folder / f"out-{next(_NUMBERS)}"
            out.mkdir()
            taken = printed(_MEMORY, lab.server.url, DEMO_TOKEN, folder, count, out)
            shutil.rmtree(out)
            return max(1.0, taken)

        return batch

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
    Row("1,000 jobs with a journal", "100 jobs", "cost", 10.5, _jobs),
    Row("memory of a batch of 2,000 songs", "of 200", "cost", 10.5, _memory),
    Row("a list of 1,170 types to a Catalog", "of 117", "cost", 10.5, _catalogue),
)
