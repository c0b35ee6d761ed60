from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import transfer
from mvsep.errors import DownloadError, InvalidInput
from mvsep.transfer import Sink


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("folder/song.wav", "song.wav"),
        (Path("a/b.flac"), "b.flac"),
        (b"bytes", "mixture.wav"),
        ("https://example.com/music/my%20song.mp3?x=1", "my%20song.mp3"),
        ("https://example.com/", "mixture.wav"),
        (None, "mixture.wav"),
    ],
)
def test_a_source_goes_by_its_name_without_a_folder(source: Any, name: str) -> None:
    assert transfer.name_of(source) == name


def test_an_open_file_goes_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"x")
    with (tmp_path / "song.wav").open("rb") as file:
        assert transfer.name_of(file) == "song.wav"


@given(st.binary(min_size=1), st.integers(1, 9))
def test_a_payload_is_read_whole_however_often_it_is_rewound(content: bytes, size: int) -> None:
    with transfer.opened(content) as file:
        for _ in range(2):
            pieces = list(iter(lambda: file.payload.read(size), b""))
            assert b"".join(pieces) == content
            assert file.payload.seek(0, os.SEEK_END) == len(content)
            assert file.payload.seek(0) == 0
            assert file.payload.tell() == 0


def test_a_file_that_can_no_longer_be_read_says_that_no_job_was_started(tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"song")
    with (tmp_path / "song.wav").open("rb") as handle, transfer.opened(handle) as file:
        handle.close()
        with pytest.raises(InvalidInput, match="no job was started"):
            file.payload.read(4)


def test_a_device_or_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(InvalidInput, match="regular file"), transfer.opened(tmp_path / "pipe.wav"):
        pass


@given(pieces=st.lists(st.binary(), max_size=5))
def test_a_whole_file_gets_its_name_its_length_and_its_hash(pieces: list[bytes]) -> None:
    content = b"".join(pieces)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "stem.wav"
        with Sink(target, expected=(len(content), None)) as sink:
            for piece in pieces:
                sink.write(piece)
                assert not target.exists()
            written = sink.finish()

        assert target.read_bytes() == content
        assert written.size == len(content)
        assert written.sha256 == hashlib.sha256(content).hexdigest()
        assert list(Path(folder).iterdir()) == [target]


@pytest.mark.parametrize("expected", [(4, None), (6, None), (5, 6), (None, 4)])
def test_a_file_of_another_length_leaves_nothing_behind(
    tmp_path: Path, expected: tuple[int | None, ...]
) -> None:
    with (
        pytest.raises(DownloadError, match="were promised") as caught,
        Sink(tmp_path / "stem.wav", expected=expected) as sink,
    ):
        sink.write(b"12345")
        sink.finish()

    assert list(tmp_path.iterdir()) == []
    assert caught.value.retryable


def test_a_broken_off_file_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Sink(tmp_path / "stem.wav") as sink:
        sink.write(b"12345")
        raise KeyboardInterrupt

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    target = tmp_path / "stem.wav"
    target.write_bytes(b"mine")
    with pytest.raises(DownloadError, match="there already"), Sink(target) as sink:
        sink.write(b"new")
        sink.finish()
    assert target.read_bytes() == b"mine"

    with Sink(target, overwrite=True) as sink:
        sink.write(b"new")
        sink.finish()
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_system_without_hard_links_keeps_the_same_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "stem.wav"

    def save(content: bytes) -> None:
        with Sink(target) as sink:
            sink.write(content)
            sink.finish()

    save(b"first")
    with pytest.raises(DownloadError, match="there already"):
        save(b"second")

    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_can_not_be_written_to_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="can't be written to"):
        Sink(tmp_path / "none" / "stem.wav").__enter__()


@pytest.mark.parametrize(
    "url",
    [
        "https://mvsep.com/x.wav",
        "https://de2.mvsep.com/storage/x.wav",
        "http://127.0.0.1:8000/x.wav",
    ],
)
def test_links_to_the_service_are_followed(url: str) -> None:
    transfer.check_link(url, "127.0.0.1:8000", hash="h")


@pytest.mark.parametrize(
    "url",
    [
        "http://de2.mvsep.com/x.wav",
        "https://mvsep.com.evil.example/x.wav",
        "https://notmvsep.com/x.wav",
        "http://127.0.0.1:8001/x.wav",
        "file:///etc/passwd",
        "/relative.wav",
        "",
    ],
)
def test_links_elsewhere_are_not_followed(url: str) -> None:
    with pytest.raises(DownloadError, match="not its own"):
        transfer.check_link(url, "127.0.0.1:8000", hash="h")


@pytest.mark.parametrize("status", [204, 206, 302, 403, 404, 410, 416, 429, 500, 520])
def test_a_download_that_is_not_the_file_is_refused(status: int) -> None:
    with pytest.raises(DownloadError, match=str(status)) as caught:
        transfer.check_download(httpx.Response(status), "https://mvsep.com/x", hash="h")

    assert caught.value.retryable == (status not in {403, 404, 410})
    assert caught.value.hash == "h"


def test_the_length_promised_is_that_of_the_plain_bytes() -> None:
    def promised(**headers: str) -> int | None:
        answer = httpx.Response(200, headers={k.replace("_", "-"): v for k, v in headers.items()})
        return transfer.check_download(answer, "https://mvsep.com/x", hash="h")

    assert promised(content_length="12") == 12
    assert promised(content_length="12", content_encoding="gzip") is None
    assert promised() is None
    assert promised(content_length="many") is None
