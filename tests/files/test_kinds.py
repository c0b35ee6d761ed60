"""What can't be audio of any kind is refused before anything is sent."""

from __future__ import annotations

import gzip
import io
import os
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep import InvalidInput, SepType
from mvsep.files.kinds import HEAD, not_audio
from tests.scenes import CREATED
from tests.wav_files import PCM, chunk, fmt, riff
from tests.wire import Do, Wire

WAV = riff(fmt(tag=PCM), chunk(b"data", bytes(1000)))
TEXT = "Notes on the song: a verse, and a chorus.\n"


def a_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("song.wav", WAV)
    return file.getvalue()


def a_database(path: Path) -> bytes:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE songs (name)")
    database.close()
    return path.read_bytes()


NOT_AUDIO = {
    "text": TEXT.encode(),
    "text in German": "Lieder für Großmütter\n".encode(),
    "text in Russian": ("Песня друга. " * 400).encode(),
    "text of Windows": ("Песня друга. " * 10).encode("cp1251"),
    "text in UTF-16": TEXT.encode("utf-16"),
    "HTML": b"<!doctype html><title>502 Bad Gateway</title>",
    "JSON": b'{"success": false, "errors": ["no"]}',
    "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n",
    "a PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF\0",
    "a GIF": b"GIF89a\1\0\1\0\0\0\0",
    "a WebP": b"RIFF\x24\0\0\0WEBPVP8 ",
    "a HEIF": b"\0\0\0\x18ftypheic\0\0\0\0",
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "a zip": a_zip(),
    "a gzip": gzip.compress(WAV),
    "a tar": b"song.wav".ljust(257, b"\0") + b"ustar\x0000",
    "a program": b"MZ\x90\0\3\0\0\0\4\0\0\0",
    "an ELF": b"\x7fELF\2\1\1\0\0\0\0\0",
}
MAY_BE = {
    "wav": WAV,
    "mp3": b"\xff\xfb\x90\x64\0\x0f\xf0\0" * 50,
    "mp3 with ID3": b"ID3\4\0\0\0\0\0\x23TIT2\0\0\0\5\0\0\3Song",
    "flac": b"fLaC\0\0\0\x22\x10\0\x10\0",
    "ogg": b"OggS\0\2\0\0\0\0\0\0\0\0",
    "m4a": b"\0\0\0\x20ftypM4A \0\0\2\0",
    "mp4": b"\0\0\0\x20ftypisom\0\0\2\0",
    "aiff": b"FORM\0\0\x10\0AIFFCOMM",
    "aac": b"\xff\xf1\x50\x80\x2e\x7f\xfc\x21\x1a",
    "unknown": bytes(range(256)),
    "silence without a header": b"\x80" * 5000,
}


@pytest.mark.parametrize("name", NOT_AUDIO)
@pytest.mark.parametrize("given", ["a path", "bytes", "an open file"])
def test_what_can_not_be_audio_is_not_sent(do: Do, tmp_path: Path, name: str, given: str) -> None:
    wire, content = Wire(CREATED), NOT_AUDIO[name]
    path = tmp_path / "song.wav"
    path.write_bytes(content)
    file = io.BytesIO(b"before" + content)
    file.seek(len(b"before"))
    source = {"a path": path, "bytes": content, "an open file": file}[given]
    with pytest.raises(InvalidInput, match="can't be audio") as caught:
        do(wire, "submit", source, 40)

    assert (caught.value.charged, caught.value.param) == (False, "validate")
    assert wire.requests == []
    do(wire, "submit", source, 40, validate=False)
    assert content in wire.bodies[0]


def test_a_database_is_no_audio(tmp_path: Path) -> None:
    assert not_audio(a_database(tmp_path / "songs")[:HEAD]) == "an SQLite database"


@pytest.mark.parametrize("name", MAY_BE)
def test_what_may_be_audio_is_sent(do: Do, name: str) -> None:
    wire = Wire(CREATED)
    do(wire, "submit", MAY_BE[name], 40)

    assert MAY_BE[name] in wire.bodies[0]


@given(st.text(min_size=9))
def test_every_text_that_a_person_can_read_is_text(text: str) -> None:
    readable = "".join(each for each in text if each.isprintable()).ljust(9)

    assert not_audio(readable.encode()[:HEAD]) is not None


@given(st.binary(max_size=200))
def test_bytes_that_begin_as_no_known_file_and_no_text_may_be_audio(content: bytes) -> None:
    assert not_audio(b"\1\2\3\4\5\6\7\0\1" + content) is None


def test_a_reference_is_looked_at_too(do: Do) -> None:
    wire = Wire(CREATED)
    with pytest.raises(InvalidInput, match="can't be audio"):
        do(wire, "submit", WAV, SepType.MATCHERING, reference=TEXT.encode())

    assert wire.requests == []


def test_a_song_of_a_batch_that_is_none_fails_alone(do: Do, tmp_path: Path) -> None:
    wire = Wire(CREATED)
    (outcome,) = do(wire, "separate_many", [TEXT.encode()], 40, out=tmp_path)

    assert isinstance(outcome.error, InvalidInput)
    assert wire.requests == []


@pytest.mark.parametrize("validate", [True, False])
@pytest.mark.parametrize("call", ["submit", "estimate"])
def test_a_path_as_bytes_is_no_song(do: Do, tmp_path: Path, call: str, validate: bool) -> None:
    path = tmp_path / "song.wav"
    path.write_bytes(WAV)
    wire: Any = Wire(CREATED)
    with pytest.raises(InvalidInput, match=r"path of a file.*str or a Path"):
        do(wire, call, os.fsencode(path), 40, validate=validate)

    assert wire.requests == []


def test_bytes_that_can_be_no_path_are_a_song(do: Do) -> None:
    wire = Wire(CREATED)
    do(wire, "submit", b"\xff" * 3000, 40)

    assert len(wire.requests) == 1
