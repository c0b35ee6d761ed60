from __future__ import annotations

import asyncio
import errno
import hashlib
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import DownloadError, InvalidInput, PollPolicy
from mvsep.downloads.part_file import PartFile, part_of
from tests.downloads.scenes import HASH, HOST, Fetch, Pieces, body, done, offered
from tests.wire import BASE_URL, TOKEN, Wire, answer

CUT = httpx.ReadError("reset")
EVIL = "https://evil.example/v.wav"
VOCALS = done(offered("Vocals"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def shown(files: list[Any]) -> Any:
    return lambda file, done, total: files.append((file.label, done, total))


# One file, and what goes over the wire


def test_a_file_that_breaks_off_is_gone_on_with_and_is_whole(fetch: Fetch, tmp_path: Path) -> None:
    wire = Wire(
        VOCALS,
        body(b"RIFF", CUT, content_length="10", etag='"a"'),
        body(b"-", CUT, status=206, content_range="bytes 4-9/10", etag='"a"'),
        body(b"stems", status=206, content_range="bytes 5-9/10"),
    )
    steps: list[Any] = []
    (stem,) = fetch(wire, tmp_path, on_file=shown(steps)).files

    assert stem.path.read_bytes() == b"RIFF-stems"
    assert (stem.size, stem.sha256) == (10, hashlib.sha256(b"RIFF-stems").hexdigest())
    asked = [(r.headers.get("range"), r.headers.get("if-range")) for r in wire.requests[1:]]
    assert asked == [(None, None), ("bytes=4-", '"a"'), ("bytes=5-", '"a"')]
    assert {r.headers["accept-encoding"] for r in wire.requests[1:]} == {"identity"}
    assert steps == [("Vocals", 4, 10), ("Vocals", 5, 10), ("Vocals", 10, 10)]
    assert wire.slept == [0.5, 0.5]  # each attempt got further, so none counts as the second
    assert names(tmp_path) == ["song_Vocals.wav"]


def test_what_came_is_kept_for_the_next_call_and_attempts_that_get_nowhere_end(
    fetch: Fetch, tmp_path: Path
) -> None:
    wire = Wire(VOCALS, body(b"RIFF", CUT, content_length="10", etag='"a"'), CUT)
    with pytest.raises(DownloadError, match=r"did not arrive whole: .*reset") as caught:
        fetch(wire, tmp_path)

    assert (caught.value.retryable, len(wire.slept)) == (True, 4)
    assert wire.slept == sorted(wire.slept)
    assert part_of(tmp_path / "song_Vocals.wav").read_bytes() == b"RIFF"

    wire = Wire(VOCALS, body(b"-stems", status=206, content_range="bytes 4-9/10"))
    (stem,) = fetch(wire, tmp_path).files
    assert stem.path.read_bytes() == b"RIFF-stems"
    assert wire.requests[-1].headers["range"] == "bytes=4-"


def test_a_part_of_another_size_than_is_promised_now_is_fetched_anew(
    fetch: Fetch, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError):
        fetch(Wire(VOCALS, body(b"RIFF", CUT, content_length="10", etag='"a"'), CUT), tmp_path)
    wire = Wire(done(offered("Vocals", bytes=3)), httpx.Response(200, content=b"new"))

    assert fetch(wire, tmp_path).files[0].path.read_bytes() == b"new"
    assert "range" not in wire.requests[-1].headers


def test_bytes_of_another_version_are_not_added_to(fetch: Fetch, tmp_path: Path) -> None:
    begun = body(b"OLD-", CUT, content_length="7", etag='"old"')
    other = body(b"NEW", status=206, content_range="bytes 4-6/7", etag='"new"')
    wire = Wire(VOCALS, begun, other, httpx.Response(200, content=b"NEW-NEW"))

    assert fetch(wire, tmp_path).files[0].path.read_bytes() == b"NEW-NEW"
    assert [r.headers.get("range") for r in wire.requests[1:]] == [None, "bytes=4-", None]


def test_more_bytes_than_promised_are_not_kept(fetch: Fetch, tmp_path: Path) -> None:
    wire = Wire(done(offered("Vocals", bytes=5)), body(b"123", b"456", etag='"a"'))
    with pytest.raises(DownloadError, match="more bytes than the 5") as caught:
        fetch(wire, tmp_path)

    assert caught.value.retryable
    assert names(tmp_path) == []
    assert len(wire.requests) == 2


def test_a_server_that_is_busy_is_asked_again_when_it_says(fetch: Fetch, tmp_path: Path) -> None:
    busy = httpx.Response(503, headers={"retry-after": "7"})
    wire = Wire(VOCALS, busy, httpx.Response(200, content=b"v"))
    fetch(wire, tmp_path)
    assert wire.slept == [7.0]

    wire = Wire(VOCALS, httpx.Response(503, headers={"retry-after": "900"}))
    with pytest.raises(DownloadError) as caught:
        fetch(wire, tmp_path / "later")
    assert "in 900 seconds" in (caught.value.next_step or "")
    assert (caught.value.status, wire.slept) == (503, [])


def test_a_redirect_is_followed_and_not_for_ever(fetch: Fetch, tmp_path: Path) -> None:
    away = httpx.Response(302, headers={"location": "/storage/else/vocals.wav"})
    wire = Wire(VOCALS, away, httpx.Response(503), httpx.Response(200, content=b"v"))
    fetch(wire, tmp_path)
    # After a failure it is the link that is asked again, which may lead elsewhere now.
    link = "/storage/vocals.wav"
    assert wire.paths[1:] == [link, "/storage/else/vocals.wav", link]

    wire = Wire(VOCALS, away)
    with pytest.raises(DownloadError, match="more than 3 redirects"):
        fetch(wire, tmp_path / "loop")
    assert len(wire.requests) == 1 + 4


def test_an_expired_link_is_renewed_once(fetch: Fetch, tmp_path: Path) -> None:
    fresh = offered("Vocals", f"{BASE_URL}/storage/vocals.wav?key=2")
    gone, other, twin = httpx.Response(403), offered("Other"), {**fresh, "download": "v2.wav"}
    wire = Wire(VOCALS, gone, done(other, twin, fresh), httpx.Response(200, content=b"v"))
    assert fetch(wire, tmp_path).files[0].path.read_bytes() == b"v"
    assert str(wire.requests[-1].url).endswith("vocals.wav?key=2")

    asked, link = "/api/separation/get", "/storage/vocals.wav"
    for now, more in (
        (done(fresh), [link]),
        (done(other), []),
        (done(fresh, fresh), []),  # which of them is not known
    ):
        wire = Wire(VOCALS, gone, now, gone)
        with pytest.raises(DownloadError, match="status 403") as caught:
            fetch(wire, tmp_path / "gone")
        assert "72 hours" in (caught.value.next_step or "")
        assert wire.paths == [asked, link, asked, *more]


def test_a_fresh_link_to_another_file_is_fetched_from_the_start(
    fetch: Fetch, tmp_path: Path
) -> None:
    begun = body(b"RIFF", CUT, content_length="10", etag='"a"')
    fresh = done(offered("Vocals", f"{BASE_URL}/storage/other.wav"))
    wire = Wire(VOCALS, begun, httpx.Response(410), fresh, httpx.Response(200, content=b"v"))

    assert fetch(wire, tmp_path).files[0].path.read_bytes() == b"v"
    assert "range" not in wire.requests[-1].headers


def test_a_file_is_fetched_from_an_allowed_host_which_gets_no_token_and_no_calls(
    fetch: Fetch, tmp_path: Path
) -> None:
    link = "https://cdn.example.com/v.wav"
    settings = {"result_hosts": ["cdn.example.com"]}
    wire = Wire(done(offered("Vocals", link)), httpx.Response(200, content=b"v"))

    assert fetch(wire, tmp_path, settings=settings).files[0].path.read_bytes() == b"v"
    assert str(wire.requests[-1].url) == link
    assert TOKEN not in str(wire.requests[-1].headers)
    with wire.client(**settings) as client, pytest.raises(InvalidInput, match="not an address"):
        client.job(HASH, host="https://cdn.example.com")


# Errors


def test_every_error_of_a_download_says_which_job_and_what_was_charged(
    fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = httpx.Response(200, content=b"v")
    (tmp_path / "file").touch()
    taken = tmp_path / "taken" / "song_Vocals.wav"
    taken.parent.mkdir()
    taken.write_bytes(b"mine")
    gone, away = httpx.Response(404), httpx.Response(302, headers={"location": EVIL})
    for said, out, answers in (
        ("not its own", tmp_path, [done(offered("Vocals", EVIL))]),
        ("not its own", tmp_path, [VOCALS, away, whole]),
        ("not its own", tmp_path, [VOCALS, gone, done(offered("Vocals", EVIL)), whole]),
        ("status 404", tmp_path, [VOCALS, gone]),
        ("status 451", tmp_path, [VOCALS, httpx.Response(451)]),
        ("new link", tmp_path, [VOCALS, gone, answer({"message": "No"}, 401)]),
        ("already exists", taken.parent, [VOCALS, whole]),
    ):
        with pytest.raises(DownloadError, match=said) as caught:
            fetch(Wire(*answers), out)
        assert (caught.value.hash, caught.value.host) == (HASH, HOST)
        assert caught.value.charged
        assert caught.value.next_step
    assert taken.read_bytes() == b"mine"

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(PartFile, "write", full)
    with pytest.raises(DownloadError, match=r"song_Vocals\.wav .*No space left") as caught:
        fetch(Wire(VOCALS, whole), tmp_path)
    assert (caught.value.hash, caught.value.retryable) == (HASH, True)


def test_a_folder_that_goes_away_while_the_job_is_waited_for_names_the_job(
    fetch: Fetch, tmp_path: Path
) -> None:
    out = tmp_path / "stems"

    def replaced(_: httpx.Request) -> httpx.Response:
        out.rmdir()
        out.touch()
        return VOCALS

    with pytest.raises(InvalidInput, match="can't be made") as caught:
        fetch(Wire(replaced), out)
    assert (caught.value.hash, caught.value.host) == (HASH, HOST)


def test_a_file_that_another_process_writes_is_left_to_it(fetch: Fetch, tmp_path: Path) -> None:
    with (
        PartFile(tmp_path / "song_Vocals.wav", job=HASH, url="x"),
        pytest.raises(DownloadError, match="by another process") as caught,
    ):
        fetch(Wire(VOCALS, httpx.Response(200, content=b"v")), tmp_path)
    assert caught.value.retryable


# Several files


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
    labels = [stem.label for stem in fetch(wire, tmp_path).files]
    assert labels == ["Vocals", "Drums", "Bass"]
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


def test_a_cancelled_task_lets_its_disk_work_end_and_keeps_what_came(tmp_path: Path) -> None:
    writing, may_end = threading.Event(), threading.Event()
    write = PartFile.write

    def slowly(part: PartFile, piece: bytes) -> None:
        writing.set()
        may_end.wait()
        write(part, piece)

    async def download() -> None:
        wire = Wire(VOCALS, body(b"RIFF", b"more", content_length="10", etag='"a"'))
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
            assert part.size == 4

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PartFile, "write", slowly)
        asyncio.run(download())


def test_the_event_loop_opens_no_file(tmp_path: Path) -> None:
    opened: list[object] = []
    touching = {"open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.listdir"}
    loop, watching = threading.get_ident(), list[bool]()

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and threading.get_ident() == loop and event in touching:
            opened.append((event, arguments[0]))

    sys.addaudithook(watch)
    wire = Wire(
        VOCALS,
        body(b"RIFF", CUT, content_length="10", etag='"a"'),
        body(b"-stems", status=206, content_range="bytes 4-9/10"),
    )

    async def download() -> None:
        async with wire.async_client() as client:
            job = client.job(HASH)
            watching.append(True)
            await job.download(tmp_path / "stems", manifest=True)
            watching.clear()

    asyncio.run(download())
    assert opened == []
    assert names(tmp_path / "stems") == ["song.mvsep.json", "song_Vocals.wav"]


def test_files_that_can_not_be_read_are_a_warning(fetch: Fetch, tmp_path: Path) -> None:
    wire = Wire(
        done(offered("Vocals"), {**offered("Other"), "url": ""}), httpx.Response(200, content=b"v")
    )
    result = fetch(wire, tmp_path, settings={"polling": PollPolicy(empty_for=0)})

    assert [stem.label for stem in result.files] == ["Vocals"]
    assert result.warnings == ("1 of the files that the service lists can't be read.",)
