"""Uploads of a large song, against httpx, curl and requests; and of one with a journal."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx

from benchmarks.measure import Lab, Pair, Row, Side, printed, seconds
from mvsep import AsyncMVSep, MVSep
from mvsep.journal import Journal
from mvsep.testing import DEMO_TOKEN
from mvsep.testing.audio import wav_header

_MIB: Final = 1 << 20
_NUMBERS: Final = itertools.count()

# Bytes of memory that an upload takes above what the imports took.
_MEMORY: Final = """
import re, sys
from pathlib import Path
url, token, song, way = sys.argv[1:]

def highest():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024

if way == "requests":
    import requests
    above = highest()
    with open(song, "rb") as file:
        form = {"api_token": token, "sep_type": "40"}
        requests.post(url + "/api/separation/create", data=form, files={"audiofile": file})
elif way == "sync":
    from mvsep import MVSep
    with MVSep(token, base_url=url) as client:
        above = highest()
        client.submit(song, 40)
else:
    import asyncio
    from mvsep import AsyncMVSep
    async def main():
        async with AsyncMVSep(token, base_url=url) as client:
            above = highest()
            await client.submit(song, 40)
            return above
    above = asyncio.run(main())
print(highest() - above)
"""


def song(lab: Lab, size: int) -> Path:
    """Make a song of that many bytes: silence, with a right header."""
    path = lab.folder / f"song-{next(_NUMBERS)}.wav"
    head = wav_header(channels=2, rate=44_100, width=2, frames=size // 4)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + size)
    return path


def _form(lab: Lab) -> tuple[str, dict[str, str]]:
    return f"{lab.server.url}/api/separation/create", {"api_token": DEMO_TOKEN, "sep_type": "40"}


def _sync(lab: Lab) -> Pair:
    client, raw, path = MVSep(DEMO_TOKEN, base_url=lab.server.url), httpx.Client(), _large(lab)
    url, form = _form(lab)

    def peer() -> None:
        with path.open("rb") as file:
            raw.post(url, data=form, files={"audiofile": file}, timeout=None).raise_for_status()

    return Pair(
        lambda: seconds(lambda: client.submit(path, 40)), lambda: seconds(peer), _limit(lab, path)
    )


def _async(lab: Lab) -> Pair:
    client, raw, path = (
        AsyncMVSep(DEMO_TOKEN, base_url=lab.server.url),
        httpx.AsyncClient(),
        _large(lab),
    )
    url, form = _form(lab)
    loop = asyncio.Runner()

    async def ours() -> None:
        await client.submit(path, 40)

    async def peer() -> None:
        # httpx's own multipart bodies can be read synchronously too, and an AsyncClient does.
        with path.open("rb") as file:
            answer = await raw.post(url, data=form, files={"audiofile": file}, timeout=None)
            answer.raise_for_status()

    return Pair(
        lambda: seconds(lambda: loop.run(ours())),
        lambda: seconds(lambda: loop.run(peer())),
        _limit(lab, path),
    )


def _curl(lab: Lab) -> Pair:
    client, path = MVSep(DEMO_TOKEN, base_url=lab.server.url), _large(lab)
    url, form = _form(lab)
    fields = [*(f"{name}={value}" for name, value in form.items()), f"audiofile=@{path}"]
    # It would wait a second for the answer to its Expect.
    command = ["curl", "--silent", "--fail", "--header", "Expect:", url]
    for each in fields:
        command += ["--form", each]
    return Pair(
        lambda: seconds(lambda: client.submit(path, 40)),
        lambda: seconds(lambda: subprocess.run(command, check=True, capture_output=True)),
    )


def _large(lab: Lab) -> Path:
    return song(lab, lab.size(512 * _MIB, _MIB))


def _limit(lab: Lab, path: Path) -> Side:
    """Return a side that hands the file to the kernel, which sends it."""
    where = urlsplit(lab.server.url)

    def send() -> None:
        with path.open("rb") as file, socket.create_connection((where.hostname, where.port)) as to:
            head = f"POST /api/separation/create HTTP/1.1\r\nContent-Length: {path.stat().st_size}"
            to.sendall(f"{head}\r\n\r\n".encode())
            to.sendfile(file)
            to.recv(1024)

    return lambda: seconds(send)


def _memory(way: str) -> Callable[[Lab], Pair]:
    def pair(lab: Lab) -> Pair:
        path = _large(lab)
        known = (lab.server.url, DEMO_TOKEN, path)
        return Pair(
            lambda: max(1.0, printed(_MEMORY, *known, way)),
            lambda: printed(_MEMORY, *known, "requests"),
        )

    return pair


def _journal(lab: Lab) -> Pair:
    client = MVSep(DEMO_TOKEN, base_url=lab.server.url, sleep=lambda seconds: None)
    journal = Journal(lab.folder / "journal.sqlite3")

    def separate(with_journal: bool) -> float:
        # Other songs each time: one that is known would not be sent.
        path, out = song(lab, lab.size(256 * _MIB, _MIB)), lab.folder / f"out-{next(_NUMBERS)}"
        with path.open("r+b") as file:
            file.seek(1000)
            file.write(path.name.encode())
        taken = seconds(
            lambda: client.separate(path, 40, out=out, journal=journal if with_journal else None)
        )
        path.unlink()
        shutil.rmtree(out)
        return taken

    return Pair(lambda: separate(True), lambda: separate(False))


ROWS: Final = (
    Row("upload of 512 MiB", "httpx.post(files=)", "speed", 0.98, _sync),
    Row("upload of 512 MiB, async", "async httpx.post(files=)", "speed", 0.98, _async),
    *(
        [Row("upload of 512 MiB", "curl --form", "speed", 0.95, _curl)]
        if shutil.which("curl")
        else []
    ),
    Row(
        "memory of that upload",
        "requests.post(files=)",
        "cost",
        4 / 1024,
        _memory("sync"),
        unit="B",
    ),
    Row("memory, async", "requests.post(files=)", "cost", 10 / 1024, _memory("async"), unit="B"),
    Row("separate with a journal, 256 MiB", "without one", "cost", 1.15, _journal),
)
