import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mvsep.errors import InvalidInput
from mvsep.files import sources


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("folder/song.wav", "song.wav"),
        (Path("a/b.flac"), "b.flac"),
        (b"bytes", "mixture.wav"),
        ("https://example.com/music/my%20song.mp3?x=1", "my%20song.mp3"),
        ("https://example.com/", "mixture.wav"),
        (None, "text"),
    ],
)
def test_a_source_goes_by_its_name_without_a_folder(source, name):
    assert sources.name_of(source) == name


def test_an_open_file_goes_by_its_own_name(tmp_path):
    (tmp_path / "song.wav").write_bytes(b"x")
    with (tmp_path / "song.wav").open("rb") as file:
        assert sources.name_of(file) == "song.wav"


@pytest.mark.parametrize("beyond", [0, 1, 5000])
def test_an_open_file_at_its_end_is_refused_as_empty(beyond):
    file = io.BytesIO(b"song")
    file.seek(beyond, os.SEEK_END)
    with pytest.raises(InvalidInput, match="empty"), sources.opened(file):
        pass


@given(st.binary(min_size=1), st.integers(1, 9))
def test_a_payload_is_read_whole_however_often_it_is_rewound(content, size):
    with sources.opened(content, digest=hashlib.sha256(content).hexdigest()) as file:
        for _ in range(2):
            pieces = list(iter(lambda: file.payload.read(size), b""))
            assert b"".join(pieces) == content
            assert file.payload.seek(0, os.SEEK_END) == len(content)
            assert file.payload.seek(0) == 0
            assert file.payload.tell() == 0


@given(st.binary(min_size=1), st.binary(min_size=1), st.integers(1, 9))
def test_a_payload_of_other_bytes_ends_before_its_last_piece(content, other, size):
    assume(content != other)
    with sources.opened(content, digest=hashlib.sha256(other).hexdigest()) as file:
        pieces = []
        with pytest.raises(InvalidInput, match="changed while it was sent"):
            pieces.extend(iter(lambda: file.payload.read(size), b""))

    assert len(b"".join(pieces)) < len(content)


def test_a_name_that_is_no_utf_8_is_sent_with_what_can_be_sent_of_it():
    file = io.BytesIO(b"song")
    file.name = os.fsdecode(b"\xff\xfesong \xc3\xa9.wav")
    with sources.opened(file) as opened:
        assert opened.file_name == "??song \xe9.wav"


def test_a_file_of_the_callers_is_left_where_it_stood():
    file = io.BytesIO(b"headsong")
    file.seek(4)
    for _ in range(2):
        with sources.opened(file) as opened:
            assert opened.payload.read() == b"song"

    assert file.tell() == 4


def test_a_file_that_can_no_longer_be_read_says_that_no_job_was_started(tmp_path):
    (tmp_path / "song.wav").write_bytes(b"song")
    with (tmp_path / "song.wav").open("rb") as handle, sources.opened(handle) as file:
        handle.close()
        with pytest.raises(InvalidInput, match="no job was started"):
            file.payload.read(4)


@pytest.mark.parametrize("after", [1 << 19, 1 << 21])
def test_a_file_that_changes_its_size_while_it_is_sent_is_not_sent_whole(tmp_path, after):
    path = tmp_path / "song.wav"
    path.write_bytes(bytes(1 << 20))
    with sources.opened(path) as file:
        file.payload.read(3)
        os.truncate(path, after)
        with pytest.raises(InvalidInput, match="changed its size while it was sent"):
            while file.payload.read(1 << 16):
                pass


def test_a_device_or_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(InvalidInput, match="regular file"), sources.opened(tmp_path / "pipe.wav"):
        pass
