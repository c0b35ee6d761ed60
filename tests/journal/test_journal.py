from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mvsep import SepType, StemFile
from mvsep.catalog import Catalog
from mvsep.errors import AlreadyUnderWay, JournalError
from mvsep.files.sources import digest_of
from mvsep.jobs.form import JobOptions
from mvsep.jobs.submission import Submission
from mvsep.journal import Journal, usual_place
from mvsep.journal.entry import NextStep, State, key_of, next_step
from mvsep.settings.policies import Clock

SQLITE = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
HASH = "20260131145833-a0bb276157-song.wav"


def begin(journal: Journal, key: str = "k", *, was_held: bool = False, **more: Any) -> Any:
    """Begin an attempt at a song, which is held for it unless it is, or was, held already."""
    about = {
        "name": "song.wav",
        "marker": "mvk",
        "sep_type": 40,
        "host": "https://mvsep.com",
        "account": "a",
        "details": {"out": "stems"},
    }
    with nullcontext() if was_held or journal.is_held(key) else journal.holding(key, "song"):
        return journal.begin(key, **{**about, **more})


def submit(journal: Journal, entry: Any) -> Any:
    return journal.submitted(entry, HASH, "https://de2.mvsep.com")


def stem(folder: Path, name: str = "v.wav") -> StemFile:
    (folder / name).write_bytes(b"12345")
    return StemFile("Vocals", folder / name, 5, hashlib.sha256(b"12345").hexdigest())


def test_who_looked_in_vain_does_not_end_an_attempt_whose_job_was_found(journal: Journal) -> None:
    with journal.holding("k", "song"):
        offered = journal.offered(begin(journal))
        journal.saved(submit(journal, offered), ())
        with pytest.raises(JournalError, match="Another worker has found its job"):
            journal.over(offered, "No job was found.")

    assert journal.latest("k").state is State.SAVED


def test_a_song_is_followed_from_its_intent_to_its_stems(journal: Journal, tmp_path: Path) -> None:
    assert next_step(journal.latest("k")) is NextStep.SUBMIT

    entry = begin(journal)
    assert (entry.state, entry.details) == (State.INTENT, {"out": "stems"})
    assert entry.began == entry.changed
    assert next_step(journal.latest("k")) is NextStep.SUBMIT

    with journal.holding("k", "song.wav"):
        entry = journal.offered(entry)
    assert next_step(journal.latest("k")) is NextStep.LOOK

    entry = submit(journal, entry)
    assert (entry.hash, entry.host) == (HASH, "https://de2.mvsep.com")
    assert journal.by_hash(HASH) == entry
    assert next_step(journal.latest("k")) is NextStep.RESUME

    entry = journal.saved(entry, (stem(tmp_path),))
    assert next_step(journal.latest("k")) is NextStep.NOTHING
    assert next_step(journal.latest("k"), again=True) is NextStep.SUBMIT
    assert entry.files[0].path == tmp_path / "v.wav"
    assert entry.hash == HASH


@pytest.mark.parametrize(
    ("spoil", "at_a_glance"),
    [
        (lambda path: path.write_bytes(b"1"), NextStep.RESUME),
        (Path.unlink, NextStep.RESUME),
        (lambda path: path.write_bytes(b"54321"), NextStep.NOTHING),
    ],
)
def test_stems_that_are_gone_or_changed_are_fetched_again_and_not_paid_again(
    journal: Journal, tmp_path: Path, spoil: Any, at_a_glance: NextStep
) -> None:
    saved = stem(tmp_path)
    journal.saved(submit(journal, begin(journal)), (saved,))
    spoil(saved.path)

    assert next_step(journal.latest("k")) is NextStep.RESUME
    assert next_step(journal.latest("k"), glance=True) is at_a_glance


def test_an_attempt_that_is_over_may_be_made_again(journal: Journal) -> None:
    entry = journal.over(begin(journal), "refused: premium only")

    assert entry.reason == "refused: premium only"
    assert next_step(journal.latest("k")) is NextStep.SUBMIT
    assert begin(journal).id != entry.id


@pytest.mark.parametrize("paid", [False, True])
def test_two_attempts_at_one_song_are_never_under_way_at_once(journal: Journal, paid: bool) -> None:
    entry = begin(journal)
    if paid:
        submit(journal, entry)
    with Journal(journal.place) as other, pytest.raises(AlreadyUnderWay):
        begin(other)

    begin(journal, "another song")


def test_what_is_unfinished_is_listed_oldest_first(journal: Journal, tmp_path: Path) -> None:
    first, second, third = (begin(journal, key) for key in "abc")
    submit(journal, second)
    journal.over(third, "failed")

    assert [entry.id for entry in journal.unfinished()] == [first.id, second.id]


def test_saving_again_replaces_the_list_of_stems(journal: Journal, tmp_path: Path) -> None:
    entry = submit(journal, begin(journal))
    journal.saved(entry, (stem(tmp_path, "a.wav"), stem(tmp_path, "b.wav")))
    entry = journal.saved(entry, (stem(tmp_path, "c.wav"),))

    assert [file.path.name for file in entry.files] == ["c.wav"]


@given(st.text(st.characters(exclude_characters="\0"), min_size=1))
@example(os.fsdecode(b"m\xfcsik"))
@example("\ud800")
@example("\\x6162")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_name_is_read_back_as_it_was_written(journal: Journal, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        details = {"source": name, "out": name}
        entry = begin(journal, name=name, marker=None, details=details)
        entry = journal.submitted(entry, name, "https://mvsep.com")
        path = Path(folder).absolute() / name
        journal.saved(entry, [StemFile(name, path, 1, "ab")])
        found = journal.by_hash(name)

    assert found
    assert (found.name, found.details, found.files) == (
        name,
        details,
        (StemFile(name, path, 1, "ab"),),
    )


def test_a_process_killed_right_after_writing_leaves_what_it_wrote(place: str) -> None:
    program = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from mvsep.journal import Journal
        journal = Journal({place!r})
        with journal.holding("k", "s"):
            entry = journal.begin(
                "k", name="s", marker="m", sep_type=1, host="h", account="", details={{}}
            )
        journal.submitted(entry, {HASH!r}, "h")
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    done = subprocess.run([sys.executable, "-c", program], check=False)

    assert done.returncode == -signal.SIGKILL
    with Journal(place) as journal:
        entry = journal.latest("k")
    assert entry is not None
    assert (entry.state, entry.hash) == (State.SUBMITTED, HASH)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@SQLITE
def test_others_can_not_read_it(journal: Journal) -> None:
    assert Path(journal.place).stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_journal_is_a_typed_error(tmp_path: Path) -> None:
    (tmp_path / "journal").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(JournalError, match="can't be used"):
        Journal(tmp_path / "journal")
    with pytest.raises(JournalError):
        Journal(tmp_path / "journal" / "below a file")


def test_a_journal_of_a_newer_version_is_left_alone(journal: Journal, sql: Any) -> None:
    shared = journal.place.startswith("postgresql:")
    sql("UPDATE version SET number = 99" if shared else "PRAGMA user_version = 99")
    with pytest.raises(JournalError, match="newer version"):
        Journal(journal.place)


@given(st.binary(max_size=100), st.integers(0, 10))
def test_a_digest_leaves_the_file_where_it_stood(content: bytes, start: int) -> None:
    file = io.BytesIO(content)
    file.seek(min(start, len(content)))
    before = file.tell()
    digest_of(file)

    assert file.tell() == before


def choices(**more: object) -> dict[str, Any]:
    asked = JobOptions(**more)  # type: ignore[arg-type]
    return Submission("song.wav", 40, asked, Clock(), Catalog.bundled()).choices


def test_the_key_tells_apart_all_that_changes_the_stems() -> None:
    keys = {
        key_of("mvsep.com", ["a"], choices()),
        key_of("127.0.0.1", ["a"], choices()),
        key_of("mvsep.com", ["b"], choices()),
        key_of("mvsep.com", ["a", "b"], choices()),
        key_of("mvsep.com", ["a"], {**choices(), "sep_type": 41}),
        key_of("mvsep.com", ["a"], choices(options={"Overlap": "87.5%"})),
        key_of("mvsep.com", ["a"], choices(output_format=2)),
        key_of("mvsep.com", ["a"], choices(preset_id=5)),
    }

    assert len(keys) == 8


def test_the_key_knows_what_comes_to_the_same() -> None:
    overlap = Catalog.bundled()[SepType(40)].fields[1]
    usual = {overlap.key: overlap.default}
    same = choices(options=usual, output_format=0, webhook_url="https://example.com/hook")

    assert key_of("s", ["a"], same) == key_of("s", ["a"], choices())


# One holder at a time


def test_a_song_has_one_holder_at_a_time(journal: Journal) -> None:
    with journal.holding("k", "song.wav"):
        with (
            Journal(journal.place) as other,
            pytest.raises(AlreadyUnderWay, match=r"song\.wav"),
            other.holding("k", "song.wav"),
        ):
            pass
        assert journal.is_held("k")
        assert not journal.is_held("another song")
    assert not journal.is_held("k")


@SQLITE
def test_a_lock_that_is_let_go_leaves_no_file(journal: Journal) -> None:
    with journal.holding("k", "song.wav"):
        pass
    locks = Path(f"{journal.place}.locks")
    assert [path.name for path in locks.iterdir()] == ["gate"]


def test_who_only_looks_is_never_in_the_way_of_who_takes_a_song(journal: Journal) -> None:
    over = threading.Event()

    def look() -> None:
        with Journal(journal.place) as other:
            while not over.is_set():
                other.is_held("k")

    with ThreadPoolExecutor(2) as pool:
        looks = [pool.submit(look) for _ in range(2)]
        try:
            for _ in range(300):
                with journal.holding("k", "song.wav"):
                    pass
        finally:
            over.set()
    assert [each.result() for each in looks] == [None, None]


def test_threads_that_write_at_once_write_all(journal: Journal, tmp_path: Path) -> None:
    def work(number: int) -> None:
        entry = submit(journal, begin(journal, f"key {number}"))
        journal.saved(entry, (stem(tmp_path, f"{number}.wav"),))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    entries = journal.entries()
    assert len(entries) == 8
    assert all(len(entry.files) == 1 for entry in entries)


def test_the_latest_come_first_and_as_many_as_are_wanted(journal: Journal) -> None:
    numbers = [begin(journal, key).id for key in "abc"]

    assert [entry.id for entry in journal.entries(2)] == numbers[:0:-1]


# Where it is


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HOME": "/h", "XDG_DATA_HOME": "/data"}, "/data/mvsep/journal.sqlite3"),
        ({"HOME": "/h", "XDG_DATA_HOME": "x"}, "/h/.local/share/mvsep/journal.sqlite3"),
        ({"HOME": "/h", "XDG_DATA_HOME": ""}, "/h/.local/share/mvsep/journal.sqlite3"),
        ({"HOME": "/h", "MVSEP_JOURNAL": "own.db"}, "own.db"),
        ({"MVSEP_JOURNAL": "postgresql://host/own"}, "postgresql://host/own"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="each system has folders of its own")
def test_it_is_in_the_users_folder_for_data(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert str(usual_place(environment)) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has homes of another kind")
def test_without_a_home_it_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)
    with pytest.raises(JournalError, match="no home"):
        usual_place({})
