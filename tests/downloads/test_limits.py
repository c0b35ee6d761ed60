"""A server that means harm costs neither the disk nor the memory nor the patience."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import DownloadError, DownloadPolicy
from mvsep.downloads.plan import MOST_FILES, plausible_size
from mvsep.settings.policies import Clock
from mvsep.transport.unpack import Spoilt, Unpacker
from tests.scenes import CREATED, CUT, HASH, HOST, VOCALS, Fetch, body, done, names, offered
from tests.wav_files import song as wav
from tests.wire import BASE_URL, Pieces, Wire

MIB = 1 << 20


def deflated(content: bytes, bits: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    return packer.compress(content) + packer.flush()


CODED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", lambda content: gzip.compress(content, mtime=0)),
    "deflate": ("deflate", lambda content: deflated(content, 15)),
    "deflate without a header": ("deflate", lambda content: deflated(content, -15)),
}
coded = pytest.mark.parametrize(("coding", "pack"), CODED.values(), ids=CODED)


@cache
def packed(pack: Callable[[bytes], bytes]) -> bytes:
    return pack(bytes(256 * MIB))


# A content coding


@coded
@given(part=st.binary(max_size=99), times=st.sampled_from([1, 9000]), step=st.integers(1, 999))
def test_coded_bytes_are_unpacked_as_they_were_in_small_pieces(
    coding: str, pack: Callable[[bytes], bytes], part: bytes, times: int, step: int
) -> None:
    unpacker, sent = Unpacker(coding), pack(part * times)
    places = range(0, len(sent), step)
    pieces = [piece for at in places for piece in unpacker.unpack(sent[at : at + step])]

    assert b"".join(pieces) == part * times
    assert unpacker.is_over
    assert all(0 < len(piece) <= 1 << 18 for piece in pieces)


@coded
def test_a_stem_that_unpacks_to_more_than_its_size_is_given_up_with_memory_flat(
    fetch: Fetch, tmp_path: Path, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    bomb = packed(pack)
    wire = Wire(done(offered("Vocals", bytes=3244)), body(bomb, content_encoding=coding))
    tracemalloc.start()
    try:
        with pytest.raises(DownloadError, match="more bytes than the 3244") as caught:
            fetch(wire, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 8 * MIB
    assert (caught.value.hash, caught.value.host, names(tmp_path)) == (HASH, HOST, [])


@coded
def test_a_coded_stem_of_the_right_size_is_whole(
    fetch: Fetch, tmp_path: Path, coding: str, pack: Callable[[bytes], bytes]
) -> None:
    content = bytes(range(256)) * 5000
    wire = Wire(
        done(offered("Vocals", bytes=len(content))), body(pack(content), content_encoding=coding)
    )
    assert fetch(wire, tmp_path).files[0].path.read_bytes() == content


@coded
@pytest.mark.parametrize("spoil", [lambda sent: sent[:-9], lambda sent: b"\x00" + sent[1:]])
def test_coded_bytes_that_are_cut_or_spoilt_are_no_stem(
    fetch: Fetch,
    tmp_path: Path,
    coding: str,
    pack: Callable[[bytes], bytes],
    spoil: Callable[[bytes], bytes],
) -> None:
    content = bytes(range(256)) * 99
    wire = Wire(
        done(offered("Vocals", bytes=len(content))),
        body(spoil(pack(content)), content_encoding=coding),
    )
    with pytest.raises(DownloadError, match="did not arrive whole") as caught:
        fetch(wire, tmp_path)
    assert (caught.value.retryable, names(tmp_path)) == (True, [])


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("size", [0, 1 << 19])
def test_as_many_bytes_as_promised_with_a_wrong_checksum_are_no_stem(
    fetch: Fetch, tmp_path: Path, coding: str, size: int
) -> None:
    sent = CODED[coding][1](bytes(size))
    wrong = body(sent[:-1] + bytes([sent[-1] ^ 1]), content_encoding=coding)

    with pytest.raises(DownloadError, match="did not arrive whole"):
        fetch(Wire(done(offered("Vocals", bytes=size)), wrong), tmp_path)

    assert names(tmp_path) == []


def test_what_is_of_no_coding_is_told() -> None:
    with pytest.raises(Spoilt):
        list(Unpacker("gzip").unpack(b"no gzip at all"))


# No size


class Endless(Pieces):
    """A body far too long; how many bytes were taken of it is kept."""

    def __init__(self, piece: bytes) -> None:
        super().__init__()
        self._piece, self.taken = piece, 0

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(500):
            self.taken += len(self._piece)
            yield self._piece


CHUNKED = {"transfer-encoding": "chunked"}


@pytest.mark.parametrize("by_the_song", [False, True])
def test_a_stem_without_an_end_ends_at_what_is_plausible(
    asynchronous: bool, tmp_path: Path, by_the_song: bool
) -> None:
    endless = Endless(bytes(1 << 16))
    wire = Wire(VOCALS, lambda _: httpx.Response(200, headers=CHUNKED, stream=endless))

    def act(client: Any) -> Any:
        job = client.job(HASH)
        job.plausible = MIB if by_the_song else None
        return job.download(tmp_path)

    largest = 1 << 40 if by_the_song else MIB
    with pytest.raises(DownloadError, match=f"more bytes than the {MIB} that are plaus") as caught:
        wire.act(asynchronous, act, downloads=DownloadPolicy(largest=largest))
    assert (caught.value.hash, caught.value.charged) == (HASH, True)
    assert "DownloadPolicy" in (caught.value.next_step or "")
    assert endless.taken <= 2 * MIB
    assert names(tmp_path) == []
    assert len(wire.requests) == 2


def test_a_size_that_is_not_plausible_is_refused_before_its_bytes(
    fetch: Fetch, tmp_path: Path
) -> None:
    endless = Endless(b"x")
    headers = {"content-length": str(1 << 50)}
    wire = Wire(VOCALS, lambda _: httpx.Response(200, headers=headers, stream=endless))
    with pytest.raises(DownloadError, match="plausible"):
        fetch(wire, tmp_path)
    assert (endless.taken, names(tmp_path)) == (0, [])


def test_a_size_that_the_service_says_is_taken_whatever_is_plausible(
    fetch: Fetch, tmp_path: Path
) -> None:
    wire = Wire(done(offered("Vocals", bytes=9)), httpx.Response(200, content=b"123456789"))
    settings = {"downloads": DownloadPolicy(largest=3)}
    assert fetch(wire, tmp_path, settings=settings).files[0].size == 9


@pytest.mark.parametrize("song", [wav(2), wav(700)], ids=["short", "long"])
def test_a_job_knows_what_is_plausible_by_its_song(asynchronous: bool, song: bytes) -> None:
    def act(client: Any) -> Any:
        return client.submit(song, 40)

    seconds = 700 if len(song) > 70_000 else 2
    assert Wire(CREATED).act(asynchronous, act).plausible == plausible_size(seconds, len(song))
    assert Wire(CREATED).act(asynchronous, lambda c: c.submit(b"x", 40)).plausible is None


def test_a_wrong_header_of_a_song_leaves_room_for_its_stems() -> None:
    # 125 s of ADPCM that say they are 2 s, and the stems as 32-bit float at 96 kHz.
    assert plausible_size(2, 125 * 44_100 // 2) > 125 * 96_000 * 2 * 4
    assert plausible_size(3600, None) > 3600 * 48_000 * 8 * 8


# No progress


@pytest.fixture(name="timed")
def _timed(asynchronous: bool, tmp_path: Path) -> Any:
    """Fetch with either client by a clock of the test's, and return the seconds it took."""

    def fetch(*answers: Any) -> tuple[float, Any]:
        wire = Wire(VOCALS, *answers)
        wire.wait = pass_by  # type: ignore[method-assign]
        clock = Clock(clock=lambda: now[0], chance=lambda: 0.5)
        caught: Any = None
        try:
            caught = wire.act(asynchronous, lambda c: c.job(HASH).download(tmp_path), timing=clock)
        except DownloadError as error:
            caught = error
        return now[0], caught

    now = [0.0]

    def pass_by(seconds: float = 1.0) -> None:
        now[0] += seconds

    fetch.second = pass_by  # type: ignore[attr-defined]
    return fetch


def slowly(timed: Any, count: int, piece: bytes = b"x", *end: Exception, **headers: str) -> Any:
    def give(request: httpx.Request) -> httpx.Response:
        asked = request.headers.get("range", "bytes=0-")
        start = int(asked.removeprefix("bytes=").removesuffix("-"))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if start:
            named["content-range"] = f"bytes {start}-99999/100000"
            named["content-length"] = str(100_000 - start)
        stream = Pieces(*[piece] * count, *end, each=timed.second)
        return httpx.Response(206 if start else 200, headers=named, stream=stream)

    return give


@pytest.mark.parametrize("headers", [{"etag": '"a"'}, {}], ids=["resumable", "not resumable"])
def test_a_byte_a_second_is_given_up(timed: Any, tmp_path: Path, headers: dict[str, str]) -> None:
    seconds, error = timed(slowly(timed, 100_000, content_length="100000", **headers))

    assert isinstance(error, DownloadError)
    assert "makes no progress" in error.message
    assert (error.hash, error.retryable) == (HASH, True)
    assert seconds < 60 * 7
    assert "song_Vocals.wav" not in names(tmp_path)


def test_a_connection_that_breaks_after_each_few_bytes_is_given_up_too(timed: Any) -> None:
    drip = slowly(timed, 7, b"x", CUT, content_length="100000", etag='"a"')
    seconds, error = timed(drip)

    assert isinstance(error, DownloadError)
    assert error.retryable
    assert seconds < 60 * 10


def test_a_slow_line_is_waited_for(timed: Any) -> None:
    seconds, result = timed(slowly(timed, 500, bytes(2000), content_length="1000000"))
    assert result.files[0].size == 1_000_000
    assert seconds >= 500


def test_seconds_that_the_server_asks_to_wait_are_no_stall(timed: Any) -> None:
    busy = httpx.Response(503, headers={"retry-after": "100"})
    seconds, result = timed(busy, slowly(timed, 20, bytes(2000), content_length="40000"))
    assert (result.files[0].size, seconds) == (40_000, 120)


# Many files, and odd links


@pytest.mark.parametrize("count", [MOST_FILES + 1, 5 * MOST_FILES])
def test_more_files_than_a_job_can_have_are_refused(
    fetch: Fetch, tmp_path: Path, count: int
) -> None:
    wire = Wire(done(*[offered("Vocals")] * count), httpx.Response(200, content=b"v"))
    with pytest.raises(DownloadError, match=f"lists {count} files") as caught:
        fetch(wire, tmp_path)
    assert (caught.value.hash, caught.value.charged) == (HASH, True)
    assert wire.paths == ["/api/separation/get"]


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("/storage/v.wav", "/storage/v.wav"),
        ("storage/v.wav?key=1", "/storage/v.wav"),
        ("./storage/../v.wav", "/v.wav"),
        (f"//{HOST}/v.wav", "/v.wav"),
        ("?file=v.wav", "/"),
    ],
)
def test_a_link_without_a_host_is_of_the_host_that_has_the_job(
    fetch: Fetch, tmp_path: Path, link: str, path: str
) -> None:
    gone = httpx.Response(403)
    wire = Wire(
        done(offered("Vocals", link)), gone, done(offered("Vocals", link)),
        httpx.Response(200, content=b"v"),
    )  # fmt: skip
    assert fetch(wire, tmp_path).files[0].path.read_bytes() == b"v"
    # Also the link that was asked for again.
    assert wire.paths == ["/api/separation/get", path] * 2
    assert {request.url.netloc.decode() for request in wire.requests} == {HOST}


ODD = [
    *("https://mvsep.com:99999/v", "https://mvsep.com:0/v", "https://mvsep.com:65536/v"),
    *("https://xn--.mvsep.com/v", "https://mvsep.com:x/v", "https://[::1/v", "http://\u2100:1/v"),
    *("https://\ud800.mvsep.com/v", "https://a..mvsep.com:99999/v", "https://xn--a.mvsep.com/v"),
]


@pytest.mark.parametrize("link", ODD)
@pytest.mark.parametrize("redirected", [False, True])
def test_a_link_or_redirect_that_no_address_can_be_is_a_download_error(
    fetch: Fetch, tmp_path: Path, link: str, redirected: bool
) -> None:
    answers = [done(offered("Vocals", link))]
    if redirected:
        location = link.encode("utf-8", "surrogatepass")
        away = httpx.Response(302, headers=[(b"location", location)])
        answers = [VOCALS, away]
    wire = Wire(*answers)
    with pytest.raises(DownloadError) as caught:
        fetch(wire, tmp_path)
    assert (caught.value.hash, caught.value.host) == (HASH, HOST)
    assert {str(request.url)[: len(BASE_URL)] for request in wire.requests} == {BASE_URL}
