"""Places on the disk: `~` is the user's home, and a working folder may be gone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mvsep import InvalidInput, Journal, JournalError, manifest
from mvsep.catalog.cache import open_store
from tests.cli.scenes import DONE, FETCHED, HASH, STEMS, WHOLE
from tests.wav_files import song
from tests.wire import Do, Wire


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with a song, and an empty working folder beside it."""
    folder, elsewhere = tmp_path / "home", tmp_path / "work"
    folder.mkdir()
    elsewhere.mkdir()
    (folder / "song.wav").write_bytes(song(60))
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    monkeypatch.chdir(elsewhere)
    return folder


def stems_of(folder: Path) -> dict[str, bytes]:
    return {path.stem.removeprefix("song_"): path.read_bytes() for path in folder.glob("*.wav")}


@pytest.mark.parametrize("kind", [str, Path])
def test_a_song_and_a_folder_in_the_home_are_found_there(
    do: Do, home: Path, kind: Callable[[str], Any]
) -> None:
    result = do(
        Wire(*WHOLE), "separate", kind("~/song.wav"), 40, out=kind("~/stems"), manifest=True
    )

    assert stems_of(home / "stems") == STEMS
    assert {stem.path.parent for stem in result.files} == {home / "stems"}
    assert manifest.verify("~/stems/" + result.manifest.name) == []
    assert list(Path.cwd().iterdir()) == []


def test_a_job_is_downloaded_into_the_home(do: Do, home: Path) -> None:
    do(Wire(DONE, FETCHED), "download", "~/stems", job=HASH)

    assert set(stems_of(home / "stems").values()) == set(STEMS.values())
    assert list(Path.cwd().iterdir()) == []


def test_a_journal_in_the_home_knows_a_song_by_its_whole_path(do: Do, home: Path) -> None:
    with Journal("~/jobs.sqlite3") as journal:
        do(Wire(*WHOLE), "separate", "~/song.wav", 40, out="~/stems", journal=journal)
        (entry,) = journal.entries()
        again = do(Wire(*WHOLE), "separate", home / "song.wav", 40, out="~/stems", journal=journal)

    assert (home / "jobs.sqlite3").exists()
    assert entry.details["source"] == str(home / "song.wav")
    assert entry.details["out"] == str(home / "stems")
    assert again.already
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("method", ["estimate", "submit"])
def test_what_reads_a_song_finds_it_in_the_home(do: Do, home: Path, method: str) -> None:
    assert do(Wire(*WHOLE), method, "~/song.wav", 40)


def test_a_name_that_is_taken_in_the_home_is_found_before_the_upload(do: Do, home: Path) -> None:
    (home / "stems").mkdir()
    (home / "stems" / "song_Vocals.wav").write_bytes(b"mine")
    wire = Wire(*WHOLE)
    with Journal("~/jobs.sqlite3") as journal, pytest.raises(InvalidInput, match="exists"):
        do(
            wire, "separate", "~/song.wav", 40,
            out="~/stems", output_format="wav", journal=journal,
        )  # fmt: skip

    assert wire.requests == []


def test_the_cache_of_the_list_of_types_may_be_in_the_home(home: Path) -> None:
    store = open_store("mvsep.com", local=False, environment={"MVSEP_CACHE_DIR": "~/lists"})
    store.keep(b'[{"render_id": 1, "name": "One"}]', "mvsep.com")

    assert len(list((home / "lists").iterdir())) == 1


@pytest.mark.parametrize("name", ["~", "~no-such-user-of-this-machine", "a~b"])
def test_a_file_whose_name_only_looks_like_a_home_is_a_file(do: Do, home: Path, name: str) -> None:
    path = Path.cwd() / name
    path.write_bytes(song(60))

    assert do(Wire(*WHOLE), "submit", path if name == "~" else name, 40).hash == HASH


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is worked in")
@pytest.mark.parametrize("out", ["", ".", "stems"])
@pytest.mark.parametrize("more", [{}, {"overwrite": True}])
def test_without_a_working_folder_nothing_is_sent_that_would_have_no_place(
    do: Do, home: Path, out: str, more: dict[str, Any]
) -> None:
    Path.cwd().rmdir()
    wire = Wire(*WHOLE)
    with pytest.raises(InvalidInput) as caught:
        do(wire, "separate", home / "song.wav", 40, out=out, **more)

    assert (caught.value.param, caught.value.charged) == ("out", False)
    assert wire.requests == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is worked in")
def test_without_a_working_folder_all_goes_on_that_has_a_whole_path(do: Do, home: Path) -> None:
    Path.cwd().rmdir()
    with Journal(home / "jobs.sqlite3") as journal:
        do(Wire(*WHOLE), "separate", home / "song.wav", 40, out=home / "stems", journal=journal)

    assert stems_of(home / "stems") == STEMS


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is worked in")
def test_without_a_working_folder_a_job_is_not_downloaded_into_it(do: Do, home: Path) -> None:
    Path.cwd().rmdir()
    with pytest.raises(InvalidInput) as caught:
        do(Wire(DONE, FETCHED), "download", job=HASH)

    assert caught.value.param == "out"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that is worked in")
def test_without_a_working_folder_a_journal_needs_a_whole_path(home: Path) -> None:
    Path.cwd().rmdir()
    with pytest.raises(JournalError, match=r"jobs\.sqlite3"):
        Journal("jobs.sqlite3")
