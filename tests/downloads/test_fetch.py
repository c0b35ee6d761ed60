from __future__ import annotations

import errno
import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import DownloadError, InvalidInput
from mvsep.downloads.part_file import PartFile, part_of
from tests.scenes import CUT, HASH, HOST, VOCALS, Fetch, body, done, names, offered
from tests.wire import BASE_URL, TOKEN, Wire, answer

EVIL = "https://evil.example/v.wav"


def shown(files: list[Any]) -> Any:
    return lambda file, done, total: files.append((file.label, done, total))


def test_a_file_that_breaks_off_is_gone_on_with_and_is_whole(fetch: Fetch, tmp_path: Path) -> None:
    wire = Wire(
        VOCALS,
        body(b"RIFF", CUT, content_length="10", etag='"a"'),
        body(b"-", status=206, content_range="bytes 4-9/10", etag='"a"'),  # and no error
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
    assert part_of(tmp_path / "song_Vocals.wav", HASH).read_bytes() == b"RIFF"

    wire = Wire(VOCALS, body(b"-stems", status=206, content_range="bytes 4-9/10"))
    (stem,) = fetch(wire, tmp_path).files
    assert stem.path.read_bytes() == b"RIFF-stems"
    assert wire.requests[-1].headers["range"] == "bytes=4-"


def test_a_connection_that_breaks_after_the_last_byte_is_no_failure(
    fetch: Fetch, tmp_path: Path
) -> None:
    wire = Wire(VOCALS, body(b"RIFF", CUT, content_length="4"), httpx.Response(500))
    assert fetch(wire, tmp_path).files[0].path.read_bytes() == b"RIFF"
    assert (len(wire.requests), wire.slept) == (2, [])


def test_a_request_that_can_not_be_sent_is_not_tried_again(fetch: Fetch, tmp_path: Path) -> None:
    wire = Wire(VOCALS, httpx.UnsupportedProtocol("no such protocol"))
    with pytest.raises(DownloadError, match=r"can't be fetched.*no such protocol") as caught:
        fetch(wire, tmp_path)
    assert (caught.value.retryable, len(wire.requests)) == (False, 2)


def test_a_part_of_another_size_than_is_promised_now_is_fetched_anew(
    fetch: Fetch, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError):
        fetch(Wire(VOCALS, body(b"RIFF", CUT, content_length="10", etag='"a"'), CUT), tmp_path)
    wire = Wire(done(offered("Vocals", bytes=3)), httpx.Response(200, content=b"new"))

    assert fetch(wire, tmp_path).files[0].path.read_bytes() == b"new"
    assert "range" not in wire.requests[-1].headers


@pytest.mark.parametrize(("size", "etag"), [("7", '"new"'), ("8", '"old"')])
def test_bytes_of_another_version_are_not_added_to(
    fetch: Fetch, tmp_path: Path, size: str, etag: str
) -> None:
    begun = body(b"OLD-", CUT, content_length="7", etag='"old"')
    other = body(b"NEW", status=206, content_range=f"bytes 4-6/{size}", etag=etag)
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

    for seconds, slept in (("900", []), ("100", [100.0])):
        wire = Wire(VOCALS, httpx.Response(503, headers={"retry-after": seconds}))
        with pytest.raises(DownloadError) as caught:
            fetch(wire, tmp_path / "later")
        assert f"in {seconds} seconds" in (caught.value.next_step or "")
        assert (caught.value.status, wire.slept) == (503, slept)


def test_a_redirect_is_followed_and_not_for_ever(fetch: Fetch, tmp_path: Path) -> None:
    away = httpx.Response(302, headers={"location": "/storage/else/vocals.wav"})
    wire = Wire(VOCALS, away, httpx.Response(503), httpx.Response(200, content=b"v"))
    fetch(wire, tmp_path)
    # After a failure it is the link that is asked again, which may lead elsewhere now.
    link = "/storage/vocals.wav"
    assert wire.paths[1:] == [link, "/storage/else/vocals.wav", link]

    wire = Wire(VOCALS, httpx.Response(307, headers=away.headers))
    with pytest.raises(DownloadError, match="more than 3 redirects") as caught:
        fetch(wire, tmp_path / "loop")
    assert caught.value.status == 307
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
    settings = {"base_url": "https://mvsep.com", "result_hosts": ["cdn.example.com"]}
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
    gone, away = httpx.Response(404), httpx.Response(302, headers={"location": EVIL})
    for said, out, answers in (
        ("not its own", tmp_path, [done(offered("Vocals", EVIL))]),
        ("not its own", tmp_path, [VOCALS, away, whole]),
        ("not its own", tmp_path, [VOCALS, gone, done(offered("Vocals", EVIL)), whole]),
        ("status 404", tmp_path, [VOCALS, gone]),
        ("status 451", tmp_path, [VOCALS, httpx.Response(451)]),
        ("new link", tmp_path, [VOCALS, gone, answer({"message": "No"}, 401)]),
    ):
        with pytest.raises(DownloadError, match=said) as caught:
            fetch(Wire(*answers), out)
        assert (caught.value.hash, caught.value.host) == (HASH, HOST)
        assert caught.value.charged
        assert caught.value.next_step

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
