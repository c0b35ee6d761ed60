from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvsep.journal import (
    AlreadyUnderWay,
    Journal,
    JournalError,
    Saved,
    State,
    Todo,
    digest_of,
    key_of,
    todo,
)

HASH = "20260131145833-a0bb276157-song.wav"


@pytest.fixture(name="journal")
def _journal(tmp_path: Path) -> Any:
    with Journal(tmp_path / "deep/journal.sqlite3", clock=lambda: 1000.0) as journal:
        yield journal


def begin(journal: Journal, key: str = "k") -> Any:
    return journal.begin(
        key, name="song.wav", marker="mvk", sep_type=40, host="mvsep.com", details={"out": "stems"}
    )


def stem(folder: Path, name: str = "v.wav") -> Saved:
    (folder / name).write_bytes(b"12345")
    return Saved("Vocals", folder / name, 5, "ab" * 32)


def test_a_song_is_followed_from_its_intent_to_its_stems(journal: Journal, tmp_path: Path) -> None:
    assert todo(journal.latest("k")) is Todo.SUBMIT

    entry = begin(journal)
    assert (entry.state, entry.began, entry.details) == (State.INTENT, 1000.0, {"out": "stems"})
    assert todo(journal.latest("k")) is Todo.LOOK

    entry = journal.submitted(entry, HASH)
    assert entry.hash == HASH
    assert todo(journal.latest("k")) is Todo.RESUME

    entry = journal.saved(entry, (stem(tmp_path),))
    assert todo(journal.latest("k")) is Todo.NOTHING
    assert todo(journal.latest("k"), again=True) is Todo.SUBMIT
    assert entry.files[0].path == tmp_path / "v.wav"
    assert entry.hash == HASH


def test_stems_that_are_no_longer_there_are_fetched_again_and_not_paid_again(
    journal: Journal, tmp_path: Path
) -> None:
    saved = stem(tmp_path)
    journal.saved(journal.submitted(begin(journal), HASH), (saved,))
    for spoil in (lambda: saved.path.write_bytes(b"1"), saved.path.unlink):
        spoil()
        assert todo(journal.latest("k")) is Todo.RESUME


def test_an_attempt_that_is_over_may_be_made_again(journal: Journal) -> None:
    entry = journal.over(begin(journal), "refused: premium only")

    assert entry.reason == "refused: premium only"
    assert todo(journal.latest("k")) is Todo.SUBMIT
    assert begin(journal).id != entry.id


@pytest.mark.parametrize("paid", [False, True])
def test_two_attempts_at_one_song_are_never_under_way_at_once(journal: Journal, paid: bool) -> None:
    entry = begin(journal)
    if paid:
        journal.submitted(entry, HASH)
    with Journal(journal.path) as other, pytest.raises(AlreadyUnderWay):
        begin(other)

    begin(journal, "another song")


def test_what_is_unfinished_is_listed_oldest_first(journal: Journal, tmp_path: Path) -> None:
    first, second, third = (begin(journal, key) for key in "abc")
    journal.submitted(second, HASH)
    journal.over(third, "failed")

    assert [entry.id for entry in journal.unfinished()] == [first.id, second.id]


def test_saving_again_replaces_the_list_of_stems(journal: Journal, tmp_path: Path) -> None:
    entry = journal.submitted(begin(journal), HASH)
    journal.saved(entry, (stem(tmp_path, "a.wav"), stem(tmp_path, "b.wav")))
    entry = journal.saved(entry, (stem(tmp_path, "c.wav"),))

    assert [file.path.name for file in entry.files] == ["c.wav"]


def test_a_process_killed_right_after_writing_leaves_what_it_wrote(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    program = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from mvsep.journal import Journal
        journal = Journal(Path({str(path)!r}))
        entry = journal.begin("k", name="s", marker="m", sep_type=1, host="h", details={{}})
        journal.submitted(entry, {HASH!r})
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    done = subprocess.run([sys.executable, "-c", program], check=False)

    assert done.returncode == -signal.SIGKILL
    with Journal(path) as journal:
        entry = journal.latest("k")
    assert entry is not None
    assert (entry.state, entry.hash) == (State.SUBMITTED, HASH)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_others_can_not_read_it(journal: Journal) -> None:
    assert journal.path.stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_journal_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(JournalError, match="can't be used"):
        Journal(tmp_path / "journal")
    with pytest.raises(JournalError):
        Journal(tmp_path / "journal" / "below a file")


def test_a_journal_of_a_newer_version_is_left_alone(journal: Journal) -> None:
    journal._db.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalError, match="newer version"):
        Journal(journal.path)


@given(st.binary(max_size=100), st.integers(0, 10))
def test_a_digest_leaves_the_file_where_it_stood(content: bytes, start: int) -> None:
    file = io.BytesIO(content)
    file.seek(min(start, len(content)))
    before = file.tell()
    digest_of(file)

    assert file.tell() == before


def test_the_key_tells_apart_all_that_changes_the_stems() -> None:
    keys = {
        key_of("a", 40, {}, 1),
        key_of("b", 40, {}, 1),
        key_of("a", 41, {}, 1),
        key_of("a", 40, {"add_opt1": "1"}, 1),
        key_of("a", 40, {"add_opt1": "2"}, 1),
        key_of("a", 40, {}, 2),
    }

    assert len(keys) == 6
    assert key_of("a", 1, {"x": "1", "y": "2"}, 0) == key_of("a", 1, {"y": "2", "x": "1"}, 0)
