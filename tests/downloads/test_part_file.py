from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.downloads.part_file import PartFile, forget, part_of, side_of
from mvsep.files.stem_file import StemFile

JOB, URL = "20250131145833-a-song.wav", "https://mvsep.com/storage/x_vocals.wav?key=1"
SONG = b"0123456789"


def opened(target: Path, job: str = JOB, url: str = URL) -> PartFile:
    return PartFile(target, job=job, url=url)


def save(target: Path, content: bytes = SONG, *, overwrite: bool = False) -> StemFile:
    with opened(target) as part:
        part.begin(URL, validator=None, total=len(content))
        part.write(content)
        return part.place(overwrite=overwrite)


def leave(target: Path, content: bytes = SONG[:4], validator: str | None = '"a"') -> None:
    with opened(target) as part:
        part.begin(URL, validator=validator, total=len(SONG))
        part.write(content)


def stem(target: Path, content: bytes) -> StemFile:
    return StemFile("", target, len(content), hashlib.sha256(content).hexdigest())


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@given(pieces=st.lists(st.binary(), max_size=5))
def test_a_whole_file_gets_its_name_its_length_and_its_hash(pieces: list[bytes]) -> None:
    content = b"".join(pieces)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "stem.wav"
        with opened(target) as part:
            part.begin(URL, validator=None, total=len(content))
            for piece in pieces:
                part.write(piece)
                assert not target.exists()
            written = part.place()

        assert target.read_bytes() == content
        assert written == stem(target, content)
        forget([target], JOB)
        assert names(Path(folder)) == {"stem.wav"}


@given(
    cut=st.integers(1, len(SONG) - 1),
    etag=st.sampled_from(['"a"', "Sun, 06 Nov 1994 08:49:37 GMT"]),
)
def test_what_came_is_gone_on_with_by_the_next_one(cut: int, etag: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "stem.wav"
        leave(target, SONG[:cut], etag)
        with opened(target, url=URL.replace("mvsep", "de2.mvsep").replace("=1", "=2")) as part:
            assert (part.size, part.origin.validator, part.origin.total) == (cut, etag, len(SONG))
            part.write(SONG[cut:])
            assert part.is_whole
            assert part.place().sha256 == hashlib.sha256(SONG).hexdigest()
        assert target.read_bytes() == SONG


def test_what_belongs_to_another_file_is_not_gone_on_with(tmp_path: Path) -> None:
    leave(tmp_path / "stem.wav")
    with opened(tmp_path / "stem.wav", url="https://mvsep.com/other.wav") as part:
        assert (part.size, part.origin.validator) == (0, None)
    assert names(tmp_path) == set()


def test_two_jobs_write_beside_each_other_and_neither_spoils_the_other(tmp_path: Path) -> None:
    target = tmp_path / "stem.wav"
    leave(target)
    with opened(target) as one, opened(target, job="another") as two:
        assert (one.size, two.size) == (4, 0)
        one.write(SONG[4:])
        two.begin(URL, validator=None, total=3)
        two.write(b"two")
        placed = [part.place() for part in (one, two)]

    assert [stem.path.name for stem in placed] == ["stem.wav", "stem_2.wav"]
    assert [stem.path.read_bytes() for stem in placed] == [SONG, b"two"]
    forget([tmp_path / "stem.wav"], JOB)
    forget([target], "another")
    assert names(tmp_path) == {"stem.wav", "stem_2.wav"}


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"job": 1}',
        json.dumps({"job": JOB, "url": URL, "validator": '"a"', "total": "9"}).encode(),
        json.dumps({"job": JOB, "url": URL, "validator": '"a"', "total": True}).encode(),
        json.dumps({"job": JOB, "url": [], "validator": '"a"'}).encode(),
        json.dumps({"job": JOB, "url": URL, "validator": '"a"', "from": "later"}).encode(),
        json.dumps({"job": JOB, "url": URL, "validator": '"a"', "total": 3}).encode(),
        json.dumps({"job": JOB, "url": URL, "total": 10, "sha256": "0" * 64}).encode(),
        b"\xff" * 9,
    ],
)
def test_a_record_that_does_not_fit_means_to_start_again(tmp_path: Path, record: bytes) -> None:
    leave(tmp_path / "stem.wav")
    side_of(tmp_path / "stem.wav", JOB).write_bytes(record)
    with opened(tmp_path / "stem.wav") as part:
        assert part.size == 0
    assert names(tmp_path) == set()


def test_what_can_not_be_added_to_later_goes_away(tmp_path: Path) -> None:
    leave(tmp_path / "stem.wav", validator=None)
    assert names(tmp_path) == set()

    with pytest.raises(KeyboardInterrupt), opened(tmp_path / "stem.wav") as part:
        part.begin(URL, validator=None, total=None)
        part.write(SONG)
        raise KeyboardInterrupt
    assert names(tmp_path) == set()


def occupied(path: Path) -> None:
    path.write_bytes(b"mine")


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("occupy", [occupied, Path.mkdir, dangling])
def test_a_name_that_is_taken_is_left_and_the_next_free_one_is_given(
    tmp_path: Path, occupy: Callable[[Path], None]
) -> None:
    target = tmp_path / "stem.wav"
    for taken in (target, tmp_path / "stem_2.wav"):
        occupy(taken)
    before = [path.lstat() for path in sorted(tmp_path.iterdir())]
    with opened(target) as part:
        part.begin(URL, validator=None, total=len(SONG))
        part.write(SONG)
        written = part.place(reserved={"stem_3.wav"})

    assert written == stem(tmp_path / "stem_4.wav", SONG)
    assert written.path.read_bytes() == SONG
    forget([tmp_path / "stem.wav"], JOB)
    assert names(tmp_path) == {"stem.wav", "stem_2.wav", "stem_4.wav"}
    assert [path.lstat() for path in sorted(tmp_path.iterdir())][:2] == before


def test_a_file_with_the_same_bytes_is_the_stem(tmp_path: Path) -> None:
    (tmp_path / "stem.wav").write_bytes(b"mine")
    same = tmp_path / "stem_2.wav"
    same.write_bytes(SONG)
    before = same.stat()

    assert save(tmp_path / "stem.wav") == stem(same, SONG)
    assert same.stat() == before
    forget([tmp_path / "stem.wav"], JOB)
    assert names(tmp_path) == {"stem.wav", "stem_2.wav"}


def test_to_overwrite_replaces_a_file_and_no_folder(tmp_path: Path) -> None:
    target = tmp_path / "stem.wav"
    target.write_bytes(b"mine")
    assert save(target, overwrite=True).path == target
    assert target.read_bytes() == SONG

    folder = tmp_path / "other.wav"
    folder.mkdir()
    (tmp_path / "other_2.wav").write_bytes(b"mine")
    assert save(folder, overwrite=True).path == tmp_path / "other_3.wav"
    assert (tmp_path / "other_2.wav").read_bytes() == b"mine"


def test_a_name_that_another_process_takes_in_the_last_moment_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def late(part: Path, target: Path) -> None:
        if target.name == "stem.wav":
            target.write_bytes(b"theirs")
        link(part, target)

    monkeypatch.setattr(os, "link", late)
    assert save(tmp_path / "stem.wav").path.name == "stem_2.wav"
    assert (tmp_path / "stem.wav").read_bytes() == b"theirs"


def test_a_file_system_without_hard_links_keeps_the_same_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "stem.wav"
    save(target, b"first")
    assert save(target, b"second").path.read_bytes() == b"second"
    assert target.read_bytes() == b"first"


@pytest.mark.parametrize("taken", [False, True])
def test_a_file_this_job_wrote_is_known_again_and_another_is_not(
    tmp_path: Path, taken: bool
) -> None:
    target = tmp_path / "stem.wav"
    if taken:
        target.write_bytes(b"mine")
    written = save(target)
    assert (written.path == target) is not taken
    with opened(target) as part:
        assert part.find() == written
    with opened(target, job="another") as part:
        assert part.find() is None
    forget([tmp_path / "stem.wav"], JOB)

    with opened(target) as part:
        assert part.find() is None
        assert part.find(written) == written

    written.path.write_bytes(SONG[::-1])
    with opened(target) as part:
        assert part.find() is None
        assert part.find(written, overwrite=True) is None
        with pytest.raises(FileExistsError, match=written.path.name):
            part.find(written)
    written.path.unlink()
    with opened(target) as part:
        assert part.find(written) is None


def test_a_record_that_was_changed_leads_to_no_file_elsewhere(tmp_path: Path) -> None:
    target = tmp_path / "stems" / "stem.wav"
    target.parent.mkdir()
    save(target)
    side = side_of(target, JOB)
    (tmp_path / "stem.wav").write_bytes(SONG)
    for name in ("../stem.wav", str(tmp_path / "stem.wav"), "", "..", 1):
        side.write_text(json.dumps({**json.loads(side.read_bytes()), "name": name}))
        with opened(target) as part:
            assert part.find() is None
        save(target)


# What a crash can leave


def crashed(target: Path, monkeypatch: pytest.MonkeyPatch, *calls: str) -> None:
    """Place a file, as a process would that dies at the first of `calls`."""

    class Died(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(PartFile, "__exit__", lambda self, *_: self._side.close())
        for call in calls:
            patch.setattr(call, die)
        with pytest.raises(Died):
            save(target)


@pytest.fixture(name="taken", params=[False, True], ids=["free", "taken"])
def _taken(request: pytest.FixtureRequest, tmp_path: Path) -> set[str]:
    """Have a stranger's file under the stem's name, or nothing."""
    if request.param:
        (tmp_path / "stem.wav").write_bytes(b"mine")
    return names(tmp_path)


def test_between_record_and_name_nothing_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: set[str]
) -> None:
    target = tmp_path / "stem.wav"
    crashed(target, monkeypatch, "os.link")
    assert names(tmp_path) == {part_of(target, JOB).name, side_of(target, JOB).name, *taken}

    with opened(target) as part:
        assert part.find() is None
        assert part.is_whole
        written = part.place()
    assert written == stem(tmp_path / ("stem_2.wav" if taken else "stem.wav"), SONG)
    assert written.path.read_bytes() == SONG


def test_between_name_and_clearing_up_the_file_is_known_and_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: set[str]
) -> None:
    target = tmp_path / "stem.wav"
    placed = tmp_path / ("stem_2.wav" if taken else "stem.wav")
    crashed(target, monkeypatch, "pathlib.Path.unlink")
    assert part_of(target, JOB).samefile(placed)

    with opened(target) as part:
        assert part.find() == stem(placed, SONG)
    assert names(tmp_path) == {placed.name, side_of(target, JOB).name, *taken}
    assert placed.read_bytes() == SONG


def test_a_part_with_a_second_name_is_never_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "stem.wav"
    crashed(target, monkeypatch, "pathlib.Path.unlink")
    target.rename(tmp_path / "kept.wav")
    with opened(target) as part:
        part.begin(URL, validator='"b"', total=3)
        part.write(b"new")
        part.place()
    assert (tmp_path / "kept.wav").read_bytes() == SONG
    assert target.read_bytes() == b"new"


def test_a_whole_part_that_the_disk_lost_a_bit_of_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "stem.wav"
    crashed(target, monkeypatch, "os.link")
    part_of(target, JOB).write_bytes(b"0" * len(SONG))
    with opened(target) as part:
        assert part.size == 0
        assert not part.is_whole
