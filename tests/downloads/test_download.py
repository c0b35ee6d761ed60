from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import DownloadError, JobState, PollPolicy, ResultFile
from mvsep.core.disk import Busy
from mvsep.downloads.fetch import download
from mvsep.downloads.part_file import PartFile
from mvsep.downloads.plan import Place
from mvsep.transport.port import BATCH
from mvsep.transport.threads import Behind, NewThread
from tests.scenes import HASH, VOCALS, Fetch, body, done, offered
from tests.wire import BASE_URL, Pieces, Wire

#: So many bytes of a large file are written while the next ones come.
MUCH = bytes(BATCH)


def test_after_a_file_that_fails_no_other_one_begins(fetch: Fetch, tmp_path: Path) -> None:
    def give(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400 if "drums" in request.url.path else 200, content=b"s")

    wire = Wire(done(*map(offered, ("Vocals", "Drums", "Bass"))), give)
    with pytest.raises(DownloadError, match=r"song_Drums\.wav") as caught:
        fetch(wire, tmp_path, parallel=1)

    assert [stem.label for stem in caught.value.finished] == ["Vocals"]
    assert "1 of 3 stems" in (caught.value.next_step or "")
    assert wire.paths[1:] == ["/storage/vocals.wav", "/storage/drums.wav"]

    wire = Wire(done(*map(offered, ("Vocals", "Drums", "Bass"))), httpx.Response(200, content=b"s"))
    told: list[Any] = []
    result = fetch(wire, tmp_path, on_file=lambda file, *sizes: told.append((file.label, *sizes)))
    assert [stem.label for stem in result.files] == ["Vocals", "Drums", "Bass"]
    assert ("Vocals", 1, 1) in told
    assert "/storage/vocals.wav" not in wire.paths  # it is taken as it is


def test_a_file_that_fails_lets_those_under_way_come_to_their_end(tmp_path: Path) -> None:
    async def download() -> None:
        failed = asyncio.Event()

        class Late(Pieces):
            async def __aiter__(self) -> AsyncIterator[bytes]:
                yield b"on"
                await failed.wait()
                yield b"-"
                yield b"time"

        def give(request: httpx.Request) -> httpx.Response:
            if "vocals" in request.url.path:
                failed.set()
                return httpx.Response(400)
            return httpx.Response(200, headers={"content-length": "7"}, stream=Late())

        wire = Wire(done(*map(offered, ("Vocals", "Drums", "Bass"))), give)
        async with wire.async_client() as client:
            await client.job(HASH).download(tmp_path, parallel=2)

    with pytest.raises(DownloadError, match=r"song_Vocals\.wav") as caught:
        asyncio.run(download())
    assert [stem.path.read_bytes() for stem in caught.value.finished] == [b"on-time"]


@pytest.mark.parametrize(
    "error", [RuntimeError("mine"), OSError("mine"), KeyboardInterrupt("mine")]
)
@pytest.mark.parametrize("parallel", [1, 3])
def test_an_error_of_on_file_comes_out_as_it_is_and_ends_the_download(
    fetch: Fetch, tmp_path: Path, error: BaseException, parallel: int
) -> None:
    calls: list[int] = []

    def on_file(*_: object) -> None:
        calls.append(1)
        raise error

    more = [offered(f"Stem {number}") for number in range(8)]
    wire = Wire(done(*more), httpx.Response(200, content=b"v", headers={"etag": '"a"'}))
    with pytest.raises(type(error), match="mine") as caught:
        fetch(wire, tmp_path, parallel=parallel, on_file=on_file)

    assert caught.value is error
    assert len(calls) == 1
    assert len(wire.requests) <= 1 + parallel


def test_on_file_is_called_by_one_thread_at_a_time(fetch: Fetch, tmp_path: Path) -> None:
    inside, overlaps = threading.Lock(), list[Any]()

    def on_file(file: Any, done: int, total: int | None) -> None:
        if not inside.acquire(blocking=False):
            overlaps.append(file)
            return
        for _ in range(100):
            time.sleep(0)  # lets the others run
        inside.release()

    labels = [f"Stem {number}" for number in range(8)]
    wire = Wire(done(*map(offered, labels)), body(b"a", b"b", b"c", content_length="3"))
    result = fetch(wire, tmp_path, parallel=8, on_file=on_file)

    assert [stem.label for stem in result.files] == labels
    assert overlaps == []


@pytest.mark.parametrize("first", [b"RIFFmore", MUCH], ids=["waited for", "behind the next"])
def test_a_cancelled_task_lets_its_disk_work_end_and_keeps_what_came(
    tmp_path: Path, first: bytes
) -> None:
    writing, may_end = threading.Event(), threading.Event()
    write = PartFile.write

    def slowly(part: PartFile, piece: bytes) -> None:
        writing.set()
        may_end.wait()
        write(part, piece)

    async def download() -> None:
        wire = Wire(VOCALS, body(first, content_length=str(4 * BATCH), etag='"a"'))
        async with wire.async_client() as client:
            task = asyncio.create_task(client.job(HASH).download(tmp_path))
            await asyncio.to_thread(writing.wait)
            task.cancel()
            await asyncio.sleep(0)
            task.cancel()
            may_end.set()
            with pytest.raises(asyncio.CancelledError):
                await task
        # Nobody holds it any more.
        with PartFile(tmp_path / "song_Vocals.wav", job=HASH, url="/vocals.wav") as part:
            assert part.size == len(first)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PartFile, "write", slowly)
        asyncio.run(download())


def test_files_that_can_not_be_read_are_a_warning(fetch: Fetch, tmp_path: Path) -> None:
    wire = Wire(
        done(offered("Vocals"), {**offered("Other"), "url": ""}), httpx.Response(200, content=b"v")
    )
    result = fetch(wire, tmp_path, settings={"polling": PollPolicy(empty_for=0)})

    assert [stem.label for stem in result.files] == ["Vocals"]
    assert result.warnings == ("1 of the files that the service lists can't be read.",)


class Held:
    """A port whose second batch never comes."""

    def __init__(self, *first: bytes) -> None:
        self.settings = Wire(VOCALS).client().settings
        self.status, self.http_version = 200, "HTTP/1.1"
        self.headers = {"content-length": str(4 * BATCH), "etag": '"a"'}
        self.let_go = False
        self._batches = [[*first]]

    async def disk(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        return work(*args, **kwargs)

    async def workers(self, work: Any, _: int) -> None:
        await work()

    @asynccontextmanager
    async def get(self, *_: object) -> AsyncIterator[Held]:
        try:
            yield self
        finally:
            self.let_go = True

    def behind(self) -> Behind:
        return Behind(NewThread)

    async def batch(self) -> list[bytes]:
        if not self._batches:
            await Never()
        return self._batches.pop()


class Never:
    def __await__(self) -> Generator[None]:
        yield


@pytest.mark.parametrize("first", [[b"RIFF"], [b"RIFF" * 1024] * 256], ids=["little", "much"])
def test_a_download_that_is_abandoned_lets_go_of_its_file_and_its_answer(
    tmp_path: Path, first: list[bytes]
) -> None:
    port: Any = Held(*first)
    file = ResultFile("Vocals", f"{BASE_URL}/storage/vocals.wav", "vocals.wav")
    place = Place(HASH, "song", tmp_path, "{input}_{stem}.{ext}", False, {}, None)
    state = JobState("done", files=(file,))
    flow = download(port, state, place, parallel=4, on_file=None, manifest=False, record=None)
    flow.send(None)
    with pytest.raises(Busy), PartFile(tmp_path / "song_Vocals.wav", job=HASH, url=file.url):
        pass
    flow.close()

    assert port.let_go
    with PartFile(tmp_path / "song_Vocals.wav", job=HASH, url=file.url) as part:
        assert part.size == sum(map(len, first))
