"""The examples in the help of every command, run as they stand in front of the fake server."""

import pytest

from mvsep import Journal, MVSep
from mvsep.cli.app import run
from mvsep.testing import DEMO_TOKEN, Schedule, render_song
from tests.cli.scenes import commands
from tests.cli.test_help import examples

#: Commands that go on until they are ended, or that ask; the tests of their own try them.
ENDLESS = (["webhook", "listen"],)
ASKING = ("login",)

EXAMPLES = [
    words
    for name in commands()
    for words in examples(name)
    if name not in ASKING
    and words[: len(name.split())] == name.split()
    and words[:2] not in ENDLESS
]


@pytest.fixture
def job(tmp_path, monkeypatch, fake):
    """Make a folder with what the examples name, and a journal with a job as the last."""
    for name in ("song.wav", "reference.wav", "album/01.wav", "album/02.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(render_song())
    (tmp_path / "stems.zip").write_bytes(b"PK")
    (tmp_path / "pw.txt").write_text("example-password\n")
    monkeypatch.setenv("MVSEP_JOURNAL", str(tmp_path / "journal.sqlite3"))
    monkeypatch.setenv("MVSEP_BASE_URL", fake.url)
    monkeypatch.setenv("MVSEP_API_TOKEN", DEMO_TOKEN)
    monkeypatch.chdir(tmp_path)

    def make(schedule):
        fake.state.schedule = schedule
        with (
            MVSep(DEMO_TOKEN, base_url=fake.url, sleep=lambda _: None) as client,
            Journal(tmp_path / "journal.sqlite3") as journal,
        ):
            (tmp_path / "other.wav").write_bytes(render_song() + b"\0\0\0\0")
            with pytest.raises(KeyboardInterrupt):
                client.separate("other.wav", 40, journal=journal, on_state=_leave)

    return make


def _leave(_):
    raise KeyboardInterrupt


@pytest.mark.parametrize("words", EXAMPLES, ids=" ".join)
def test_every_example_of_the_help_does_what_it_says(job, capsys, words):
    job(Schedule(waiting=1e9) if words[0] == "cancel" else Schedule.at_once())

    code = run(words)
    out, err = capsys.readouterr()

    assert code == 0, err
    assert out or err
