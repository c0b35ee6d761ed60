"""Downloads of stems, hashed and on the disk, against httpx doing the same."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import os
import shutil
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.measure import Lab, Pair, Row, Side, seconds
from benchmarks.server import job_hash
from mvsep import AsyncMVSep, MVSep
from mvsep.core.defaults import PARALLEL
from mvsep.testing import DEMO_TOKEN

_MIB: Final = 1 << 20
_NUMBERS: Final = itertools.count()


class Part:
    """A file on its way: hashed and written, and under its name once it is on the disk."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_suffix(".part")
        self._file = self._part.open("wb")
        self._digest = hashlib.sha256()

    def write(self, piece: bytes) -> None:
        """Write the next bytes."""
        self._digest.update(piece)
        self._file.write(piece)

    def end(self) -> str:
        """Give the file its name, and return its digest."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.rename(self._path)
        return self._digest.hexdigest()


def _sizes(lab: Lab, count: int, size: int) -> tuple[list[str], str]:
    size = lab.size(size, _MIB)
    urls = [lab.server.file(size, str(number)) for number in range(count)]
    return urls, job_hash(count, size)


def _sync(count: int, size: int) -> Callable[[Lab], Pair]:
    def pair(lab: Lab) -> Pair:
        client, raw = MVSep(DEMO_TOKEN, base_url=lab.server.url), httpx.Client()
        urls, hash = _sizes(lab, count, size)

        def fetch(url: str, path: Path) -> None:
            part = Part(path)
            with raw.stream("GET", url) as answer:
                for piece in answer.iter_raw(_MIB):
                    part.write(piece)
            part.end()

        def peer(out: Path) -> None:
            with ThreadPoolExecutor(PARALLEL) as threads:
                paths = [out / f"{number}.wav" for number in range(count)]
                list(threads.map(fetch, urls, paths))

        def read(_: Path) -> None:
            with raw.stream("GET", urls[0]) as answer:
                deque(answer.iter_raw(_MIB), maxlen=0)

        return Pair(
            _into(lab, lambda out: client.job(hash).download(out)),
            _into(lab, peer),
            _into(lab, read) if count == 1 else None,
        )

    return pair


def _async(count: int, size: int) -> Callable[[Lab], Pair]:
    def pair(lab: Lab) -> Pair:
        client, raw = AsyncMVSep(DEMO_TOKEN, base_url=lab.server.url), httpx.AsyncClient()
        urls, hash = _sizes(lab, count, size)
        loop = asyncio.Runner()

        async def fetch(url: str, path: Path) -> None:
            part = await asyncio.to_thread(Part, path)
            async with raw.stream("GET", url) as answer:
                async for piece in answer.aiter_raw(_MIB):
                    await asyncio.to_thread(part.write, piece)
            await asyncio.to_thread(part.end)

        async def peer(out: Path) -> None:
            free = asyncio.Semaphore(PARALLEL)

            async def one(number: int) -> None:
                async with free:
                    await fetch(urls[number], out / f"{number}.wav")

            await asyncio.gather(*map(one, range(count)))

        async def ours(out: Path) -> None:
            await client.job(hash).download(out)

        return Pair(
            _into(lab, lambda out: loop.run(ours(out))), _into(lab, lambda out: loop.run(peer(out)))
        )

    return pair


def _into(lab: Lab, work: Callable[[Path], Any]) -> Side:
    """Return a side that works into a new folder, which is removed outside the measurement."""

    def side() -> float:
        out = lab.folder / f"stems-{next(_NUMBERS)}"
        out.mkdir()
        taken = seconds(lambda: work(out))
        shutil.rmtree(out)
        return taken

    return side


_PEER: Final = "httpx, hash and disk"

ROWS: Final = (
    Row("download of 512 MiB", _PEER, "speed", 1.0, _sync(1, 512 * _MIB)),
    Row("download of 6 x 100 MiB", _PEER, "speed", 1.0, _sync(6, 100 * _MIB)),
    Row("download of 512 MiB, async", f"async {_PEER}", "speed", 1.0, _async(1, 512 * _MIB)),
    Row("download of 6 x 100 MiB, async", f"async {_PEER}", "speed", 1.0, _async(6, 100 * _MIB)),
)
