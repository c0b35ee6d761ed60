from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import InvalidInput, StemFile, manifest
from tests.scenes import HASH, HOST, done, fetch, offered
from tests.wire import Wire, stored

BYTES = {"vocals": b"voice", "other": b"rest!"}


def download(out: Path, **more: Any) -> Path:
    state = done(offered("Vocals"), offered("Other"))
    result = fetch(Wire(state, stored(**BYTES)), out, manifest=True, **more)
    assert result.manifest is not None
    return result.manifest


def changed(path: Path, **more: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **more}))


def test_a_manifest_says_what_its_files_are_and_that_they_are_unchanged(tmp_path: Path) -> None:
    path = download(tmp_path)
    told = manifest.read(path)

    assert path.name == "song.mvsep.json"
    assert (told.hash, told.host, told.input) == (HASH, HOST, "song")
    assert [(file.label, file.path) for file in told.files] == [
        ("Vocals", tmp_path / "song_Vocals.wav"),
        ("Other", tmp_path / "song_Other.wav"),
    ]
    assert all(file.is_there() for file in told.files)
    assert manifest.verify(path) == []


def test_a_manifest_knows_the_folders_of_its_template(tmp_path: Path) -> None:
    path = download(tmp_path, template="{input}/{stem}.{ext}")
    paths = [file.path for file in manifest.read(path).files]

    assert paths == [tmp_path / "song" / "Vocals.wav", tmp_path / "song" / "Other.wav"]
    assert manifest.verify(path) == []


@pytest.mark.parametrize(
    ("break_it", "what"),
    [
        (Path.unlink, "missing"),
        (lambda file: file.write_bytes(b"voices"), "size"),
        (lambda file: file.write_bytes(b"VOICE"), "sha256"),
    ],
)
def test_a_file_that_is_no_longer_what_it_was_is_a_problem(
    tmp_path: Path, break_it: Any, what: str
) -> None:
    path = download(tmp_path)
    break_it(tmp_path / "song_Vocals.wav")
    (problem,) = manifest.verify(path)

    assert (problem.name, problem.what) == ("song_Vocals.wav", what)
    assert "song_Vocals.wav" in str(problem)


@pytest.mark.parametrize(
    "name", ["../x.wav", "/etc/passwd", "a/../b", "a//b", "a\\b", "C:x", "..", ".", ""]
)
def test_a_file_outside_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = download(tmp_path)
    file = {"label": "Vocals", "name": name, "size": 1, "sha256": "0"}
    changed(path, files=[file])
    with pytest.raises(InvalidInput, match="is not a file name"):
        manifest.verify(path)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"schema": 2}, "version 2"),
        ({"hash": None}, "not a valid manifest"),
        ({"about": []}, "not a valid manifest"),
        ({"files": [{"label": "V", "name": "v", "size": "1", "sha256": ""}]}, "not a number"),
        ({"files": [{"name": "v"}]}, "not a valid manifest"),
    ],
)
def test_what_is_no_manifest_of_this_version_is_not_read(
    tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    path = download(tmp_path)
    changed(path, **wrong)
    with pytest.raises(InvalidInput, match=said):
        manifest.read(path)
    for content in (b"", b"[]", b"{}", b"\xff"):
        path.write_bytes(content)
        with pytest.raises(InvalidInput, match="manifest"):
            manifest.read(path)


def test_only_the_jobs_own_manifest_is_replaced_unless_told_otherwise(tmp_path: Path) -> None:
    path = download(tmp_path)
    changed(path, hash="another")
    before = path.read_bytes()
    for file in manifest.read(path).files:
        file.path.unlink()

    second = download(tmp_path)
    assert (second.name, path.read_bytes()) == ("song.mvsep_2.json", before)
    assert download(tmp_path) == second
    assert download(tmp_path, overwrite=True) == path
    assert manifest.read(path).hash == HASH


def test_stems_that_the_jobs_manifest_knows_are_not_fetched_again(tmp_path: Path) -> None:
    download(tmp_path)
    wire = Wire(done(offered("Vocals"), offered("Other")), httpx.Response(500))
    labels = [stem.label for stem in fetch(wire, tmp_path).files]

    assert labels == ["Vocals", "Other"]
    assert wire.paths == ["/api/separation/get"]


def test_a_manifest_does_not_vouch_for_another_stem_of_the_same_name(tmp_path: Path) -> None:
    def stem(label: str, **more: Any) -> Path:
        wire = Wire(done(offered(label)), stored(**BYTES))
        return fetch(wire, tmp_path, template="{input}.{ext}", **more).files[0].path

    stem("Vocals", manifest=True)
    other = stem("Other")
    assert (other.name, other.read_bytes()) == ("song_2.wav", BYTES["other"])


def test_a_manifest_knows_a_stem_whose_name_was_taken(tmp_path: Path) -> None:
    (tmp_path / "song_Vocals.wav").write_bytes(b"mine")
    path = download(tmp_path)
    names = [file.path.name for file in manifest.read(path).files]
    assert names == ["song_Vocals_2.wav", "song_Other.wav"]
    assert manifest.verify(path) == []

    wire = Wire(done(offered("Vocals"), offered("Other")), httpx.Response(500))
    assert [file.path.name for file in fetch(wire, tmp_path).files] == names


def test_a_manifest_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = download(tmp_path)
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr("os.fsync", refuse)
    stem = StemFile("Vocals", tmp_path / "song_Vocals.wav", 5, "0")
    with pytest.raises(OSError, match="no"):
        manifest.write(path, manifest.Manifest(HASH, HOST, "song", (stem,)))
    assert path.read_bytes() == before
    assert {each.suffix for each in tmp_path.iterdir()} == {".wav", ".json"}
