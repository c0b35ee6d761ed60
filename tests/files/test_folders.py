"""Audio files in folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mvsep.errors import InvalidInput
from mvsep.files.folders import audio_files
from tests.wav_files import song


@pytest.fixture
def album(tmp_path: Path) -> Path:
    for name in ("b.wav", "a.wav", "disc/c.wav", ".hidden.wav", ".trash/d.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(song(1))
    (tmp_path / "cover.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(64))
    (tmp_path / "notes.wav").write_text("No song, though it is called one. " * 9)
    (tmp_path / "empty.wav").touch()
    (tmp_path / "tagged.mp3").write_bytes(b"ID3\4\0\0\0\0\0\0" + b"\xff\xfb\x90\0" + bytes(413))
    return tmp_path


def test_audio_is_told_by_its_content_and_sorted(album: Path) -> None:
    found = audio_files(album)

    assert [path.name for path in found.files] == ["a.wav", "b.wav", "tagged.mp3"]
    assert [path.name for path in found.others] == ["cover.jpg"]


def test_files_that_are_named_as_audio_and_are_none_are_told_from_others(album: Path) -> None:
    (album / "gone.FLAC").symlink_to(album / "nowhere")
    found = audio_files(album)

    assert [path.name for path in found.unfit] == ["empty.wav", "gone.FLAC", "notes.wav"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_that_can_not_be_read_is_not_passed_over(album: Path) -> None:
    (album / "closed").write_bytes(song(1))
    (album / "closed").chmod(0)

    assert album / "closed" in audio_files(album).unfit


def test_folders_within_are_entered_only_when_asked_and_links_to_folders_never(
    album: Path,
) -> None:
    (album / "disc" / "again").symlink_to(album)
    found = audio_files(album, recursive=True)

    assert album / "disc" / "c.wav" in found.files
    assert len(found.files) == 4


def test_a_folder_that_is_none_is_refused(album: Path) -> None:
    with pytest.raises(InvalidInput, match="can't be read"):
        audio_files(album / "nowhere")
