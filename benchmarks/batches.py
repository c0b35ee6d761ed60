"""Many songs at once, and jobs that wait."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx

from benchmarks.calls import FOREVER
from benchmarks.measure import Lab, Pair, Row, printed, seconds
from mvsep import AsyncMVSep
from mvsep.journal import Journal
from mvsep.testing import DEMO_TOKEN
from mvsep.testing.audio import wav_header

_AT_ONCE: Final = 16
# Of each measurement; in seven there are more than a thousand.
_JOBS: Final = 150
_NUMBERS: Final = itertools.count()

# Bytes of memory of each of many tasks that asked for a job's state and sleep.
_WAITING: Final = """
import asyncio, gc, os, re, sys
from pathlib import Path
import httpx
from mvsep import AsyncMVSep
url, token, hash, count, way = sys.argv[1:]
asked = 0

def resident():
    gc.collect()
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

async def sleep(seconds):
    global asked
    asked += 1
    await asyncio.Event().wait()

async def poll(raw):
    while (await raw.get(url + "/api/separation/get?hash=" + hash)).json()["status"] != "done":
        await sleep(1)

async def main():
    async with AsyncMVSep(token, base_url=url, sleep=sleep) as client, httpx.AsyncClient() as raw:
        async def some(number):
            start = asked
            made = [
                asyncio.ensure_future(client.job(hash).wait() if way == "ours" else poll(raw))
                for _ in range(number)
            ]
            while asked < start + number:
                await asyncio.sleep(0.01)
            return made
        held = await some(20)
        before = resident()
        for _ in range(int(count) // 100):
            held += await some(100)
        print((resident() - before) / int(count))
        for task in held:
            task.cancel()

asyncio.run(main())
"""


async def no_wait(_: float) -> None:
    """Go on at once."""
    await asyncio.sleep(0)


def short_songs(lab: Lab, count: int) -> list[Path]:
    """Make so many short songs in a new folder."""
    folder = lab.folder / f"songs-{next(_NUMBERS)}"
    folder.mkdir()
    songs = []
    for number in range(count):
        path = folder / f"{number}.wav"
        frames = number.to_bytes(4, "little") * 1000
        path.write_bytes(wav_header(channels=2, width=2, rate=44_100, frames=1000) + frames)
        songs.append(path)
    return songs


def _batch(*, with_journal: bool) -> Callable[[Lab], Pair]:
    def pair(lab: Lab) -> Pair:
        client = AsyncMVSep(DEMO_TOKEN, base_url=lab.server.url, sleep=no_wait)
        raw = httpx.AsyncClient(base_url=lab.server.url)
        songs = short_songs(lab, lab.size(_JOBS, 3))
        loop = asyncio.Runner()

        async def ours(out: Path, journal: Journal | None) -> None:
            done = await client.separate_many(
                songs, 40, out=out, at_once=_AT_ONCE, template="{input}_{stem}", journal=journal
            )
            for each in done:
                if each.error:
                    raise each.error

        async def separate(path: Path, out: Path) -> None:
            form = {"api_token": DEMO_TOKEN, "sep_type": "40"}
            files = {"audiofile": (path.name, path.read_bytes())}
            made = await raw.post("/api/separation/create", data=form, files=files)
            hash = made.json()["data"]["hash"]
            while True:
                state = (await raw.get("/api/separation/get", params={"hash": hash})).json()
                if state["status"] == "done":
                    break
            for file in state["data"]["files"]:
                content = (await raw.get(file["url"])).content
                (out / f"{path.stem}_{file['download']}").write_bytes(content)

        async def peer(out: Path) -> None:
            free = asyncio.Semaphore(_AT_ONCE)

            async def one(path: Path) -> None:
                async with free:
                    await separate(path, out)

            await asyncio.gather(*map(one, songs))

        def side(work: Callable[[Path], object]) -> float:
            out = lab.folder / f"out-{next(_NUMBERS)}"
            out.mkdir()
            taken = seconds(lambda: work(out))
            shutil.rmtree(out)
            return taken

        def run_ours(out: Path) -> None:
            if not with_journal:
                return loop.run(ours(out, None))
            with Journal(out / "journal.sqlite3") as journal:
                return loop.run(ours(out, journal))

        return Pair(lambda: side(run_ours), lambda: side(lambda out: loop.run(peer(out))))

    return pair


def _waiting(lab: Lab) -> Pair:
    known = (lab.server.url, DEMO_TOKEN, FOREVER, lab.size(1000, 100))
    return Pair(
        lambda: max(1.0, printed(_WAITING, *known, "ours")),
        lambda: max(1.0, printed(_WAITING, *known, "peer")),
    )


ROWS: Final = (
    Row("150 jobs, 16 at once", "async httpx", "cost", 1.25, _batch(with_journal=False)),
    Row("the same with a journal", "async httpx", "cost", 1.4, _batch(with_journal=True)),
    Row("memory of a job that waits", "a task with httpx", "cost", 1.2, _waiting, unit="B"),
)
