"""The command line as a process of its own, against the fake server on a port of this machine."""

import contextlib
import errno
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, Schedule, render_song

# Whoever starts the tests may have switched SIGINT off for everything below.
PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from mvsep.cli import main; sys.exit(main())"
)


@pytest.fixture
def started(tmp_path):
    """Start the command line in a folder of its own, with its own journal."""

    def start(url, *arguments, token=DEMO_TOKEN, stderr=subprocess.PIPE, **more):
        own = {name: value for name, value in os.environ.items() if not name.startswith("MVSEP_")}
        own |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "COLUMNS": "100", "TERM": "xterm"}
        own |= {"MVSEP_JOURNAL": "journal/jobs.sqlite3"}
        own |= {"MVSEP_BASE_URL": url, "MVSEP_API_TOKEN": token}
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            env=own,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=stderr,
            **more,
        )

    return start


@pytest.fixture
def mvsep(started):
    """Run the command line to its end."""

    def run(url, *arguments, **more):
        with started(url, *map(str, arguments), text=True, **more) as running:
            out, err = running.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, running.returncode, out, err)

    return run


def test_separate_leaves_the_stems_on_the_disk(fake, mvsep, song, tmp_path):
    ended = mvsep(fake.url, "separate", song, "--type", "BS Roformer", "--format", "wav")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines() == ["song_Vocals.wav", "song_Other.wav"]
    for name in ended.stdout.splitlines():
        assert (tmp_path / name).read_bytes()[:4] == b"RIFF"
    assert "1 credit, 2 stems: Vocals, Other" in ended.stderr
    assert fake.state.jobs_created == 1


def test_what_is_there_is_replaced_only_when_asked(fake, mvsep, song, tmp_path):
    there = tmp_path / "song_Vocals.wav"
    there.write_bytes(b"mine")
    told = ("separate", song, "--type", "40", "--format", "wav", "--json")
    refused = mvsep(fake.url, *told)
    assert (refused.returncode, fake.state.jobs_created) == (2, 0)
    assert json.loads(refused.stdout)["songs"][0]["error"]["option"] == "--overwrite"

    beside = mvsep(fake.url, *told, "--template", "{input}_{type}_{stem}.{ext}", "--pay-again")
    assert beside.returncode == 0, beside.stderr
    names = [Path(file["path"]).name for file in json.loads(beside.stdout)["songs"][0]["files"]]
    assert names == ["song_bs_roformer_Vocals.wav", "song_bs_roformer_Other.wav"]
    assert there.read_bytes() == b"mine"

    replaced = mvsep(fake.url, *told, "--pay-again", "--overwrite")
    assert replaced.returncode == 0, replaced.stderr
    assert there.read_bytes()[:4] == b"RIFF"
    assert fake.state.jobs_created == 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are always Unicode")
def test_names_that_are_no_utf_8_are_paid_once_and_told_as_they_are(fake, started, tmp_path):
    folder = tmp_path / os.fsdecode(b"m\xfcsik")
    song = folder / os.fsdecode(b"\xff\xfesong.wav")
    folder.mkdir()
    song.write_bytes(render_song())

    def run(*more):
        asked = ["separate", song, "--type=40", "--out", folder, *more]
        with started(fake.url, *asked) as running:
            out, err = running.communicate(timeout=60)
        assert running.returncode == 0, err
        return out

    first, second, told = run("--manifest"), run(), run("--json")

    # Where the command ran, and paths are told from.
    paths = [tmp_path / os.fsdecode(line) for line in first.splitlines()]
    assert [path.parent for path in paths] == [folder, folder]
    assert all(path.exists() for path in paths)
    assert second == first
    assert [Path(file["path"]) for file in json.loads(told)["songs"][0]["files"]] == paths
    # The stems, the manifest and the song itself: nothing hidden is left behind.
    assert len(list(folder.iterdir())) == 4
    assert fake.state.jobs_created == 1


SEPARATE = ["separate", "song.wav", "--type", "40"]


@pytest.mark.parametrize(
    ("token", "arguments", "schedule", "code"),
    [
        (DEMO_TOKEN, ["separate", "missing.wav", "--type", "40"], Schedule.at_once(), 2),
        ("WRONGwrong", SEPARATE, Schedule.at_once(), 3),
        ("WRONGwrong", ["account"], Schedule.at_once(), 3),
        (FREE_TOKEN, ["separate", "song.wav", "--type", "28"], Schedule.at_once(), 4),
        (DEMO_TOKEN, SEPARATE, Schedule(0, 0, failure="no"), 5),
        (DEMO_TOKEN, ["resume", "20250131145833-a0bb276157-gone.wav"], Schedule.at_once(), 5),
        (DEMO_TOKEN, [*SEPARATE, "--timeout", "0"], Schedule(waiting=3600), 6),
    ],
)
def test_exit_codes(fake, mvsep, song, tmp_path, token, arguments, schedule, code):
    fake.state.schedule = schedule
    ended = mvsep(fake.url, *arguments, token=token)
    in_json = mvsep(fake.url, *arguments, "--json", token=token)

    assert ended.returncode == code, ended.stderr
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    told = json.loads(in_json.stdout)
    assert [each["error"]["exit_code"] for each in told.get("songs", [told])] == [code]
    shown = ended.stderr + in_json.stdout + in_json.stderr
    assert token not in shown.replace(str(tmp_path), "")


def test_ctrl_c_leaves_the_job_running_and_the_command_it_names_fetches_it(
    fake, started, mvsep, song, tmp_path
):
    fake.state.schedule = Schedule(waiting=3600)
    running = started(fake.url, *SEPARATE, "--out", "my stems", text=True)
    with running:
        line = next(line for line in running.stderr if line.startswith("Job "))
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    (job,) = fake.state.jobs.values()
    way_back = shlex.split(err.partition("Come back with: ")[2])

    assert (running.returncode, out) == (130, "")
    assert line == f"Job {job.hash}\n"
    assert not job.gone
    assert way_back == ["mvsep", "resume", job.hash, "--out", "my stems"]

    job.schedule = Schedule.at_once()
    ended = mvsep(fake.url, *way_back[1:])
    assert ended.returncode == 0, ended.stderr
    stems = [tmp_path / name for name in ended.stdout.splitlines()]
    assert [stem.name for stem in stems] == ["song_Vocals.wav", "song_Other.wav"]
    assert all(stem.read_bytes()[:4] == b"RIFF" for stem in stems)
    assert fake.state.jobs_created == 1


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_on_a_terminal_every_stage_is_shown_and_standard_output_stays_clean(fake, started, song):
    fake.state.schedule = Schedule.by_polls(1)
    ours, theirs = os.openpty()
    running = started(fake.url, *SEPARATE, stderr=theirs, text=True)
    os.close(theirs)
    with running:
        shown = read_to_end(ours)
        out = running.stdout.read()

    assert running.returncode == 0, shown
    assert "\x1b[" in shown
    for stage in ("Upload song.wav", "Queue", "place 1 of 1", "Processing", "Download Vocals"):
        assert stage in shown
    assert out.splitlines() == ["song_Vocals.wav", "song_Other.wav"]


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("encoding", "marks"), [("utf-8", "✓✗"), ("latin-1", "*x")])
def test_on_a_terminal_songs_pass_by_with_the_whole_below(
    fake, started, song, tmp_path, monkeypatch, encoding, marks
):
    monkeypatch.setenv("PYTHONIOENCODING", f"{encoding}:strict")
    (tmp_path / "other.wav").write_bytes(render_song() + bytes(40))
    fake.state.schedule = Schedule.by_polls(1)
    ours, theirs = os.openpty()
    asked = ["song.wav", "other.wav", "gone.wav", "--type", "40", "--yes"]
    running = started(fake.url, "separate", *asked, stderr=theirs, text=True)
    os.close(theirs)
    with running:
        shown = read_to_end(ours)
        out = running.stdout.read()

    assert running.returncode == 2, shown
    plain = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", shown)
    done, failed = marks
    for line in (
        f"{done} song.wav: done, 2 stems",
        f"{done} other.wav: done, 2 stems",
        f"{failed} gone.wav: failed: There is no file gone.wav.",
        "3 of 3 songs ended, 1 failed",
        "2 of 3 songs separated; 1 failed;",
    ):
        assert line in plain
    assert len(out.splitlines()) == 4


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("answer", "jobs", "code"), [(b"n\n", 0, 1), (b"y\n", 2, 0)])
def test_what_was_typed_before_the_question_is_no_answer(
    fake, started, song, tmp_path, answer, jobs, code
):
    (tmp_path / "other.wav").write_bytes(render_song() + bytes(40))
    ours, theirs = os.openpty()
    os.write(ours, b"y\n")
    asked = ["song.wav", "other.wav", "--type", "40"]
    running = started(fake.url, "separate", *asked, stdin=theirs, stderr=theirs)
    os.close(theirs)
    with running:
        shown = b""
        while b"[y/N]" not in shown:
            shown += os.read(ours, 65536)
        assert fake.state.jobs_created == 0
        os.write(ours, answer)
        read_to_end(ours)
        running.wait()

    assert b"Separate 2 songs for 2 credits? [y/N]" in shown
    assert (running.returncode, fake.state.jobs_created) == (code, jobs)


def read_to_end(descriptor):
    pieces = []
    with contextlib.closing(os.fdopen(descriptor, "rb", buffering=0)) as file:
        try:
            while piece := file.read(65536):
                pieces.append(piece)
        except OSError as error:  # how Linux tells that the other side was closed
            if error.errno != errno.EIO:
                raise
    return b"".join(pieces).decode()


def test_a_pipe_that_is_closed_early_is_no_traceback(fake):
    running = subprocess.Popen(
        [sys.executable, "-m", "mvsep", "types"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with running:
        running.stdout.close()
        err = running.stderr.read()

    assert err == b""
