from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import DownloadError, InvalidInput, StemFile
from mvsep.core.flow import run
from mvsep.downloads.plan import Record, check_free, check_place
from mvsep.jobs.base import download
from tests.scenes import HASH, Fetch, done, offered
from tests.wire import BASE_URL, Wire, stored

TEMPLATE = "{input}_{stem}.{ext}"


@pytest.mark.parametrize("parallel", [0, -1, True, 1.5, "2"])
def test_at_least_one_stem_is_fetched_at_once(tmp_path: Path, parallel: Any) -> None:
    with pytest.raises(InvalidInput, match="at once"):
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


def test_a_record_is_given_the_stems_and_vouches_for_them_later(tmp_path: Path) -> None:
    kept: list[StemFile] = []

    def fetch(answer: httpx.Response, record: Record) -> tuple[StemFile, ...]:
        with Wire(done(offered("Vocals")), answer).client() as client:
            return run(download(client.job(HASH), tmp_path, record=record)).files

    stems = fetch(httpx.Response(200, content=b"v"), Record(kept.extend))
    assert tuple(kept) == stems

    written = {stem.path.absolute(): stem for stem in stems}
    assert fetch(httpx.Response(500), Record(kept.extend, written)) == stems
    with pytest.raises(DownloadError, match="already exists"):
        fetch(httpx.Response(500), Record(kept.extend))


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
