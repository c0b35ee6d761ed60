from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from attrs import evolve

from mvsep import DownloadError, InvalidInput, Result, StemFile
from mvsep.core.flow import run
from mvsep.downloads.plan import Record, check_free, check_place
from mvsep.jobs.base import download
from tests.scenes import HASH, Fetch, done, offered
from tests.wire import BASE_URL, Wire, stored

TEMPLATE = "{input}_{stem}.{ext}"


@pytest.mark.parametrize("parallel", [0, -1, True, 1.5, "2"])
def test_at_least_one_stem_is_fetched_at_once(tmp_path: Path, parallel: Any) -> None:
    with pytest.raises(InvalidInput, match="parallel"):
        check_place(tmp_path, TEMPLATE, parallel)


def test_a_place_is_made_and_left_as_it_was(tmp_path: Path) -> None:
    check_place(tmp_path / "a" / "b", TEMPLATE, 1)
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_folder_that_takes_no_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with pytest.raises(InvalidInput, match=r"can be written to .*No space left"):
        check_place(tmp_path, TEMPLATE)


def test_a_name_that_is_taken_is_refused_before_the_job_is_paid_for(tmp_path: Path) -> None:
    check_free(tmp_path, TEMPLATE, "song", ["Vocals", "Other"], "wav")
    (tmp_path / "song_Other.wav").symlink_to("nowhere")
    check_free(tmp_path, TEMPLATE, "song", ["Vocals", "Other"], "flac")
    with pytest.raises(InvalidInput, match=r"song_Other\.wav already exists") as caught:
        check_free(tmp_path, TEMPLATE, "song", ["Vocals", "Other"], "wav")
    assert "overwrite=True" in (caught.value.next_step or "")


def test_the_manifests_name_is_not_taken_for_a_stems(tmp_path: Path) -> None:
    (tmp_path / "song.mvsep.json").touch()
    check_free(tmp_path, "{input}.mvsep.{ext}", "song", ["Vocals"], "json")
    (tmp_path / "song.mvsep_2.json").touch()
    with pytest.raises(InvalidInput, match=r"mvsep_2\.json already exists"):
        check_free(tmp_path, "{input}.mvsep.{ext}", "song", ["Vocals"], "json")


def test_no_stem_gets_the_manifests_name(fetch: Fetch, tmp_path: Path) -> None:
    stem = offered("Vocals", download="vocals.json")
    wire = Wire(done(stem), stored(vocals=b"v"))
    result = fetch(wire, tmp_path, template="{input}.mvsep.{ext}", manifest=True)

    assert result.files[0].path.name == "song.mvsep_2.json"
    assert result.manifest == tmp_path / "song.mvsep.json"


def test_all_links_are_checked_before_the_first_is_fetched(fetch: Fetch, tmp_path: Path) -> None:
    state = done(offered("Vocals"), offered("Other", "http://mvsep.com.example/o.wav"))
    wire = Wire(state, httpx.Response(200, content=b"v"))
    with pytest.raises(DownloadError, match="not its own"):
        fetch(wire, tmp_path)
    assert wire.paths == ["/api/separation/get"]


@pytest.mark.parametrize("link", ["/storage/vocals.wav", "storage/vocals.wav"])
def test_a_relative_link_leads_to_the_host_that_gave_it(
    fetch: Fetch, tmp_path: Path, link: str
) -> None:
    other = done(offered("Vocals", "/storage/old.wav"))
    renewed = done(offered("Vocals", link))
    wire = Wire(other, httpx.Response(404), renewed, stored(vocals=b"v"))

    assert fetch(wire, tmp_path).files[0].path.read_bytes() == b"v"
    asked = [str(request.url) for request in wire.requests[1::2]]
    assert asked == [f"{BASE_URL}/storage/old.wav", f"{BASE_URL}/storage/vocals.wav"]


def test_a_link_with_another_host_and_no_scheme_is_refused(fetch: Fetch, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="not its own"):
        fetch(Wire(done(offered("Vocals", "//mvsep.com.example/v.wav"))), tmp_path)


@pytest.mark.parametrize("taken", [False, True])
def test_a_record_is_given_the_stems_and_vouches_for_them_later(
    tmp_path: Path, taken: bool
) -> None:
    kept: list[StemFile] = []
    if taken:
        (tmp_path / "song_Vocals.wav").write_bytes(b"mine")

    def fetch(answer: httpx.Response, record: Record, out: Path = tmp_path) -> Result:
        with Wire(done(offered("Vocals")), answer).client() as client:
            return run(download(client.job(HASH), out, record=record))

    stems = fetch(httpx.Response(200, content=b"v"), Record(kept.extend)).files
    assert tuple(kept) == stems
    assert stems[0].path.name == ("song_Vocals_2.wav" if taken else "song_Vocals.wav")

    assert fetch(httpx.Response(500), Record(kept.extend, stems)).files == stems
    # Nobody vouches, it vouches for another name, for another label, or in another folder.
    (tmp_path / "else").mkdir()
    other = evolve(stems[0], path=tmp_path / "song_Vocals_x.wav")
    bass = evolve(stems[0], label="Bass")
    for record, out in (((), tmp_path), ((other, bass), tmp_path), (stems, tmp_path / "else")):
        with pytest.raises(DownloadError, match="status 500"):
            fetch(httpx.Response(500), Record(kept.extend, record), out)


def test_a_stem_that_was_changed_since_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    def fetch(record: Record, **more: Any) -> Path:
        answer = httpx.Response(200, content=b"v")
        with Wire(done(offered("Vocals")), answer).client() as client:
            (stem,) = run(download(client.job(HASH), tmp_path, record=record, **more)).files
        written.append(stem)
        return stem.path

    written: list[StemFile] = []
    fetch(Record(list)).write_bytes(b"changed")
    record = Record(list, tuple(written))
    with pytest.raises(DownloadError, match=r"song_Vocals\.wav was changed since") as caught:
        fetch(record)
    assert caught.value.param == "overwrite"
    assert (tmp_path / "song_Vocals.wav").read_bytes() == b"changed"
    assert fetch(record, overwrite=True).read_bytes() == b"v"


def test_stems_of_one_label_whose_names_are_taken_have_each_a_free_one(
    fetch: Fetch, tmp_path: Path
) -> None:
    taken = ["song_Vocals.wav", "song_Vocals_2.wav"]
    for name in taken:
        (tmp_path / name).write_bytes(b"mine")
    stems = [offered("Vocals", f"{BASE_URL}/storage/{name}.wav", download="v.wav") for name in "ab"]

    def fetched() -> Result:
        return fetch(Wire(done(*stems), stored(a=b"first", b=b"second")), tmp_path)

    result = fetched()
    contents = {stem.path.name: stem.path.read_bytes() for stem in result.files}
    assert contents == {"song_Vocals_3.wav": b"first", "song_Vocals_2_2.wav": b"second"}
    assert [(tmp_path / name).read_bytes() for name in taken] == [b"mine", b"mine"]
    assert result.warnings == (
        "The stem Vocals is in song_Vocals_3.wav: song_Vocals.wav was taken by another file.",
        "The stem Vocals is in song_Vocals_2_2.wav: song_Vocals_2.wav was taken by another file.",
    )
    # Once more they are found to be the same, and nothing is written.
    assert fetched().files == result.files
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize(
    ("about", "name"),
    [
        ({"sep_type": 40}, "song_bs_roformer_Vocals.wav"),
        ({"sep_type": 9999}, "song_9999_Vocals.wav"),
        ({}, "song_type_Vocals.wav"),
    ],
)
def test_a_template_may_name_the_type(tmp_path: Path, about: dict[str, int], name: str) -> None:
    template = "{input}_{type}_{stem}.{ext}"
    with Wire(done(offered("Vocals")), stored(vocals=b"v")).client() as client:
        job = client.job(HASH)
        job.about.update(about)
        (stem,) = job.download(tmp_path, template=template).files
    assert stem.path.name == name

    check_free(tmp_path, template, "song", ["Drums"], "wav", about.get("sep_type"))
    with pytest.raises(InvalidInput, match=f"{name} already exists"):
        check_free(tmp_path, template, "song", ["Vocals"], "wav", about.get("sep_type"))


def test_a_manifest_that_can_not_be_written_loses_no_stem(
    fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("mvsep.manifest.write", full)
        with pytest.raises(DownloadError, match="stems are saved") as caught:
            fetch(Wire(done(offered("Vocals")), stored(vocals=b"v")), tmp_path, manifest=True)
    assert [stem.label for stem in caught.value.finished] == ["Vocals"]

    wire = Wire(done(offered("Vocals")), httpx.Response(500))
    assert fetch(wire, tmp_path, manifest=True).files == caught.value.finished
