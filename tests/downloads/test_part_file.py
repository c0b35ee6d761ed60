from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.core.disk import Busy
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
            written = part.place(overwrite=False)

        assert target.read_bytes() == content
        assert written == stem(target, content)
        forget(target, JOB)
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
            assert part.place(overwrite=False).sha256 == hashlib.sha256(SONG).hexdigest()
        assert target.read_bytes() == SONG


@pytest.mark.parametrize("more", [{"job": "another"}, {"url": "https://mvsep.com/other.wav"}])
def test_what_belongs_to_another_file_is_not_gone_on_with(
    tmp_path: Path, more: dict[str, str]
) -> None:
    leave(tmp_path / "stem.wav")
    with opened(tmp_path / "stem.wav", **more) as part:
        assert (part.size, part.origin.validator) == (0, None)
    assert names(tmp_path) == set()


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
    side_of(tmp_path / "stem.wav").write_bytes(record)
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


def test_a_file_that_is_there_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    target = tmp_path / "stem.wav"
    target.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        save(target)
    assert target.read_bytes() == b"mine"
    # The part is whole, and so was kept: nothing is fetched again.
    with opened(target) as part:
        assert part.is_whole
        assert part.found(overwrite=True) is None
        part.place(overwrite=True)
    assert target.read_bytes() == SONG
    assert not part_of(target).exists()


def test_a_file_system_without_hard_links_keeps_the_same_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    target = tmp_path / "stem.wav"
    save(target, b"first")
    with pytest.raises(FileExistsError):
        save(target, b"second")
    assert target.read_bytes() == b"first"


def test_a_file_this_job_wrote_is_known_again_and_another_is_not(tmp_path: Path) -> None:
    target = tmp_path / "stem.wav"
    written = save(target)
    with opened(target) as part:
        assert part.found() == written
    with opened(target, job="another") as part, pytest.raises(FileExistsError):
        part.found()
    assert names(tmp_path) == {"stem.wav"}

    with opened(target) as part:  # the record is gone with the other job's attempt
        for wrong in (None, stem(target, SONG[::-1])):
            with pytest.raises(FileExistsError):
                part.found(wrong)
        assert part.found(written) == written

    save(target, overwrite=True)
    target.write_bytes(SONG[::-1])
    with opened(target) as part, pytest.raises(FileExistsError):
        part.found()


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


def test_between_record_and_name_nothing_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "stem.wav"
    crashed(target, monkeypatch, "os.link")
    assert names(tmp_path) == {part_of(target).name, side_of(target).name}

    with opened(target) as part:
        assert part.found() is None
        assert part.is_whole
        part.place(overwrite=False)
    assert target.read_bytes() == SONG


def test_between_name_and_clearing_up_the_file_is_known_and_safe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "stem.wav"
    crashed(target, monkeypatch, "pathlib.Path.unlink")
    assert part_of(target).samefile(target)

    with opened(target) as part:
        assert part.found() is not None
    assert names(tmp_path) == {"stem.wav", side_of(target).name}
    assert target.read_bytes() == SONG


def test_a_part_with_a_second_name_is_never_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "stem.wav"
    crashed(target, monkeypatch, "pathlib.Path.unlink")
    target.rename(tmp_path / "kept.wav")
    with opened(target) as part:
        part.begin(URL, validator='"b"', total=3)
        part.write(b"new")
        part.place(overwrite=False)
    assert (tmp_path / "kept.wav").read_bytes() == SONG
    assert target.read_bytes() == b"new"


def test_a_whole_part_that_the_disk_lost_a_bit_of_is_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "stem.wav"
    crashed(target, monkeypatch, "os.link")
    part_of(target).write_bytes(b"0" * len(SONG))
    with opened(target) as part:
        assert part.size == 0
        assert not part.is_whole


# Who else is there


def test_a_second_writer_is_told_and_harms_nothing(tmp_path: Path) -> None:
    target = tmp_path / "stem.wav"
    with opened(target) as part:
        part.begin(URL, validator='"a"', total=len(SONG))
        part.write(SONG[:5])
        with pytest.raises(Busy):
            opened(target).__enter__()
        forget(target, JOB)
        part.write(SONG[5:])
        part.place(overwrite=False)
    assert target.read_bytes() == SONG


def test_another_process_is_told_too(tmp_path: Path) -> None:
    target = tmp_path / "stem.wav"
    code = (
        "import sys; from pathlib import Path\n"
        "from mvsep.core.disk import Busy; from mvsep.downloads.part_file import PartFile\n"
        "try:\n PartFile(Path(sys.argv[1]), job='j', url='u').__enter__(); print('in')\n"
        "except Busy:\n print('busy')"
    )

    def other() -> str:
        command = [sys.executable, "-c", code, str(target)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    with opened(target):
        assert other() == "busy"
    assert other() == "in"  # and dies without a word
    with opened(target):
        pass


def test_a_lock_on_a_file_that_was_removed_meanwhile_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, lock, seen = tmp_path / "stem.wav", filelock.lock_descriptor, list[int]()

    def late(handle: int, *, blocking: bool) -> bool:
        seen.append(handle)
        if len(seen) == 1:
            side_of(target).unlink()
        return lock(handle, blocking=blocking)

    monkeypatch.setattr(filelock, "lock_descriptor", late)
    with opened(target):
        assert len(seen) == 2
        with pytest.raises(Busy):
            opened(target).__enter__()


def test_where_files_can_not_be_locked_each_writer_has_a_part_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(filelock, "lock_descriptor", refuse)
    target = tmp_path / "stem.wav"
    with opened(target) as one, opened(target) as two:
        for part in (one, two):
            part.begin(URL, validator='"a"', total=len(SONG))
        one.write(SONG)
        two.write(b"x")
        one.place(overwrite=False)
    assert target.read_bytes() == SONG
    assert names(tmp_path) == {"stem.wav"}


@pytest.mark.parametrize("of", [part_of, side_of])
def test_a_link_that_somebody_put_there_is_not_written_through(
    tmp_path: Path, of: Callable[[Path], Path]
) -> None:
    other, target = tmp_path / "other", tmp_path / "stem.wav"
    other.write_bytes(b"precious")
    of(target).symlink_to(other)
    if of is side_of:
        with pytest.raises(OSError, match="symbolic"):
            save(target)
    else:
        save(target)
        assert target.read_bytes() == SONG
    assert other.read_bytes() == b"precious"


def test_a_long_name_leaves_room_for_what_stands_beside_it(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 236 + ".wav")  # the longest that naming gives
    save(target)
    assert target.read_bytes() == SONG
