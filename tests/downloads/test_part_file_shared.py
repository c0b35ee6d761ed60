"""Parts of files that others hold, or that others put there."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from mvsep.core.disk import Busy
from mvsep.downloads.part_file import forget, part_of, side_of
from mvsep.files.names import MAX_NAME_BYTES
from tests.downloads.test_part_file import JOB, SONG, URL, names, opened, save


def test_a_second_writer_is_told_and_harms_nothing(tmp_path: Path) -> None:
    target = tmp_path / "stem.wav"
    with opened(target) as part:
        part.begin(URL, validator='"a"', total=len(SONG))
        part.write(SONG[:5])
        with pytest.raises(Busy):
            opened(target).__enter__()
        forget([target], JOB)
        part.write(SONG[5:])
        part.place()
    assert target.read_bytes() == SONG


def test_another_process_is_told_too(tmp_path: Path) -> None:
    target = tmp_path / "stem.wav"
    code = (
        "import sys; from pathlib import Path\n"
        "from mvsep.core.disk import Busy; from mvsep.downloads.part_file import PartFile\n"
        "try:\n PartFile(Path(sys.argv[1]), job=sys.argv[2], url='u').__enter__(); print('in')\n"
        "except Busy:\n print('busy')"
    )

    def other() -> str:
        command = [sys.executable, "-c", code, str(target), JOB]
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
            side_of(target, JOB).unlink()
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
        one.place()
    assert target.read_bytes() == SONG
    assert names(tmp_path) == {"stem.wav"}


@pytest.mark.parametrize("of", [part_of, side_of])
def test_a_link_that_somebody_put_there_is_not_written_through(
    tmp_path: Path, of: Callable[[Path, str], Path]
) -> None:
    other, target = tmp_path / "other", tmp_path / "stem.wav"
    other.write_bytes(b"precious")
    of(target, JOB).symlink_to(other)
    if of is side_of:
        with pytest.raises(OSError, match="symbolic"):
            save(target)
    else:
        save(target)
        assert target.read_bytes() == SONG
    assert other.read_bytes() == b"precious"


def test_a_long_name_leaves_room_for_what_stands_beside_it(tmp_path: Path) -> None:
    target = tmp_path / ("n" * (MAX_NAME_BYTES - 4) + ".wav")
    save(target)
    assert target.read_bytes() == SONG
