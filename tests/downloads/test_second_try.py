"""The second try at a stem: what is kept, what is asked for, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import DownloadError
from mvsep.downloads.part_file import part_of
from mvsep.transport.port import BATCH
from tests.scenes import CUT, HASH, VOCALS, Fetch, body, done, names, offered
from tests.wire import BASE_URL, Wire

#: As many bytes as go to the disk at once.
WHOLE = b"R" * BATCH
ETAG = '"a"'


def promised(size: int) -> httpx.Response:
    return done(offered("Vocals", bytes=size))


@pytest.mark.parametrize(
    "surplus",
    [
        body(WHOLE, b"+", etag=ETAG),
        body(WHOLE, b"+", CUT, etag=ETAG),
        body(WHOLE[:-1] + b"!", WHOLE, etag=ETAG),
    ],
    ids=["one more", "then cut", "twice"],
)
def test_of_a_file_with_more_bytes_than_promised_none_are_kept(
    fetch: Fetch, tmp_path: Path, surplus: Any
) -> None:
    with pytest.raises(DownloadError, match="more bytes than"):
        fetch(Wire(promised(BATCH), surplus), tmp_path)
    assert names(tmp_path) == []

    wire = Wire(promised(BATCH), httpx.Response(200, content=WHOLE))
    (stem,) = fetch(wire, tmp_path).files
    assert stem.path.read_bytes() == WHOLE
    assert "range" not in wire.requests[-1].headers


def test_of_a_rest_with_more_bytes_than_it_said_none_are_kept(fetch: Fetch, tmp_path: Path) -> None:
    begun = body(b"RI", CUT, content_length=str(BATCH + 2), etag=ETAG)
    rest = body(WHOLE, b"+", status=206, content_range=f"bytes 2-{BATCH + 1}/{BATCH + 2}")
    with pytest.raises(DownloadError, match="more bytes than"):
        fetch(Wire(VOCALS, begun, rest), tmp_path)

    assert names(tmp_path) == []


def test_the_next_call_asks_for_the_rest_of_just_the_version_that_it_has(
    fetch: Fetch, tmp_path: Path
) -> None:
    begun = body(b"RIFF", CUT, content_length="10", etag=ETAG)
    with pytest.raises(DownloadError):
        fetch(Wire(VOCALS, begun, CUT), tmp_path)

    # The service has another version now, and gives it whole, as it must where If-Range differs.
    wire = Wire(VOCALS, httpx.Response(200, content=b"ANOTHER", headers={"etag": '"b"'}))
    (stem,) = fetch(wire, tmp_path).files
    asked = wire.requests[-1].headers
    assert (asked["range"], asked["if-range"]) == ("bytes=4-", ETAG)
    assert stem.path.read_bytes() == b"ANOTHER"


def test_a_date_is_handed_back_as_it_was_given(fetch: Fetch, tmp_path: Path) -> None:
    date = "Sat, 31 Jan 2026 10:00:00 GMT"
    begun = body(
        b"RIFF",
        CUT,
        content_length="10",
        last_modified=date,
        date="Sat, 31 Jan 2026 12:00:00 GMT",
    )
    wire = Wire(VOCALS, begun, body(b"-stems", status=206, content_range="bytes 4-9/10"))
    (stem,) = fetch(wire, tmp_path).files

    assert wire.requests[-1].headers["if-range"] == date
    assert stem.path.read_bytes() == b"RIFF-stems"


@pytest.mark.parametrize(
    "headers",
    [
        {"etag": 'W/"a"'},
        {"last_modified": "Sat, 31 Jan 2026 12:00:00 GMT", "date": "Sat, 31 Jan 2026 12:00:01 GMT"},
        {},
    ],
    ids=["weak", "too young", "none"],
)
def test_bytes_of_no_certain_version_are_not_gone_on_with(
    fetch: Fetch, tmp_path: Path, headers: dict[str, str]
) -> None:
    begun = body(b"RIFF", CUT, content_length="10", **headers)
    wire = Wire(VOCALS, begun, httpx.Response(200, content=b"RIFF-stems"))
    (stem,) = fetch(wire, tmp_path).files

    assert [r.headers.get("range") for r in wire.requests[1:]] == [None, None]
    assert stem.path.read_bytes() == b"RIFF-stems"


EVIL = "https://evil.example/storage/vocals.wav"


@pytest.mark.parametrize("status", [403, 404, 410])
@pytest.mark.parametrize("fresh", [EVIL, "http://mvsep.com.evil.example/v.wav", "file:///v.wav"])
def test_a_renewed_link_is_followed_to_the_services_own_hosts_only(
    fetch: Fetch, tmp_path: Path, status: int, fresh: str
) -> None:
    wire = Wire(VOCALS, httpx.Response(status), done(offered("Vocals", fresh)), CUT)
    with pytest.raises(DownloadError, match="not its own"):
        fetch(wire, tmp_path)

    assert {request.url.host for request in wire.requests} == {"127.0.0.1"}
    assert names(tmp_path) == []


def test_the_rest_is_asked_for_at_the_renewed_link(fetch: Fetch, tmp_path: Path) -> None:
    fresh = f"{BASE_URL}/storage/vocals.wav?key=2"
    wire = Wire(
        VOCALS,
        body(b"RIFF", CUT, content_length="10", etag=ETAG),
        httpx.Response(403),
        done(offered("Vocals", fresh)),
        body(b"-stems", status=206, content_range="bytes 4-9/10"),
    )
    (stem,) = fetch(wire, tmp_path).files

    assert stem.path.read_bytes() == b"RIFF-stems"
    last = wire.requests[-1]
    assert (str(last.url), last.headers["range"], last.headers["if-range"]) == (
        fresh,
        "bytes=4-",
        ETAG,
    )


def test_a_redirect_of_the_second_try_is_followed_to_the_services_own_hosts_only(
    fetch: Fetch, tmp_path: Path
) -> None:
    begun = body(b"RIFF", CUT, content_length="10", etag=ETAG)
    away = httpx.Response(302, headers={"location": EVIL})
    wire = Wire(VOCALS, begun, away, CUT)
    with pytest.raises(DownloadError, match="not its own"):
        fetch(wire, tmp_path)

    assert {request.url.host for request in wire.requests} == {"127.0.0.1"}
    # What had come is still of use.
    assert part_of(tmp_path / "song_Vocals.wav", HASH).read_bytes() == b"RIFF"
