"""A fast local server that stands in for the service; `-m benchmarks.server` prints its port.

It checks nothing and keeps no accounts, so that what is measured against it is the client. Uploads
are read and dropped, files are sent from the disk by the kernel.

| request | answer |
|---|---|
| POST /api/separation/create | a job with a new hash, that ends in -2x65536.wav |
| GET /api/separation/get?hash=...-NxSIZE.wav | done, with N files; of a new job processing once |
| the same of any other hash | processing, for ever |
| GET /files/SIZE/NAME | that many bytes |
| anything else under /api | the account of a premium user |
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Final

from attrs import frozen

#: Bytes of each stem of a job.
STEM: Final = 64 << 10

_BUFFER: Final = 1 << 20
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ACCOUNT: Final = json.dumps(
    {"success": True, "data": {"premium_minutes": 100_000, "premium_enabled": 1}}
).encode()


_PROCESSING: Final = json.dumps(
    {"success": True, "status": "processing", "data": {"message": "Your file is processing."}}
).encode()


def job_hash(count: int, size: int, number: int = 0) -> str:
    """Return the hash of a job with that many files of so many bytes."""
    return f"20260101000000-{number:010x}-{count}x{size}.wav"


class Exchanges(asyncio.BufferedProtocol):
    """The requests of one connection, one after the other."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._buffer = memoryview(bytearray(_BUFFER))
        self._head = bytearray()
        self._left = 0  # bytes of a body that are still to come
        self._asked: asyncio.Queue[bytes] = asyncio.Queue()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._answering = asyncio.ensure_future(self._answer())

    def connection_lost(self, exc: Exception | None) -> None:
        """Answer no more."""
        self._answering.cancel()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Give the place for what comes."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take what came: a head is read, a body is dropped."""
        if self._left > nbytes:
            self._left -= nbytes
            return
        if self._left:
            came = self._buffer[self._left : nbytes]
            self._left = 0
            self._asked.put_nowait(bytes(self._head))
            self._head.clear()
        else:
            came = self._buffer[:nbytes]
        self._head += came
        end = self._head.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self._head, 0, end + 2)
        self._left = max(0, (int(found[1]) if found else 0) - (len(self._head) - end - 4))
        if not self._left:
            self._asked.put_nowait(bytes(self._head[:end]))
            self._head.clear()

    async def _answer(self) -> None:
        while True:
            head = await self._asked.get()
            target = head.split(b" ", 2)[1].decode()
            if target.startswith("/files/"):
                await self._send_file(int(target.split("/")[2]))
            else:
                self._send(self._jobs.answer(target, self._address))

    @property
    def _address(self) -> str:
        host, port = self._transport.get_extra_info("sockname")[:2]
        return f"http://{host}:{port}"

    def _send(self, body: bytes, kind: bytes = b"application/json") -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
        self._transport.write(head % (kind, len(body)) + body)

    async def _send_file(self, size: int) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: %d\r\n\r\n"
        self._transport.write(head % size)
        with self._jobs.bytes_on_disk(size).open("rb") as file:
            await asyncio.get_running_loop().sendfile(self._transport, file, count=size)


class Jobs:
    """The jobs, each done at the second question, and the bytes of their files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._new: set[str] = set()

    def answer(self, target: str, address: str) -> bytes:
        """Return the JSON for a request."""
        path, _, query = target.partition("?")
        if path == "/api/separation/create":
            hash = job_hash(2, STEM, next(self._numbers))
            self._new.add(hash)
            link = f"{address}/api/separation/get?hash={hash}"
            return json.dumps({"success": True, "data": {"link": link, "hash": hash}}).encode()
        if path != "/api/separation/get":
            return _ACCOUNT
        hash = re.sub(".*hash=([^&]*).*", r"\1", query)
        found = re.search(r"-(\d+)x(\d+)\.wav$", hash)
        if found is None or hash in self._new:
            self._new.discard(hash)
            return _PROCESSING
        count, size = map(int, found.groups())
        files = [
            {
                "type": f"stem {number}",
                "url": f"{address}/files/{size}/{number}-{hash}",
                "bytes": size,
                "download": f"song_{number}.wav",
            }
            for number in range(count)
        ]
        data = {"hash": hash, "files": files}
        return json.dumps({"success": True, "status": "done", "data": data}).encode()

    def bytes_on_disk(self, size: int) -> Path:
        """Return a file of that many bytes, which is made once."""
        path = self._folder / str(size)
        if not path.exists():
            with path.open("wb") as file:
                file.truncate(size)
        return path


async def serve(folder: Path) -> None:
    """Serve until standard input ends; print the port first."""
    loop, jobs = asyncio.get_running_loop(), Jobs(folder)
    server = await loop.create_server(lambda: Exchanges(jobs), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


@frozen
class Server:
    """A running server, as its clients see it."""

    url: str

    def file(self, size: int, name: str = "file") -> str:
        """Return the address of a file of that many bytes."""
        return f"{self.url}/files/{size}/{name}"


@contextmanager
def running() -> Iterator[Server]:
    """Run the server in a process of its own for a block."""
    with Popen(
        [sys.executable, "-m", "benchmarks.server"], stdin=PIPE, stdout=PIPE, text=True
    ) as process:
        assert process.stdout
        yield Server(f"http://127.0.0.1:{int(process.stdout.readline())}")
        process.communicate()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(serve(Path(name)))
