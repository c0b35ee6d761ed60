"""The command line as a process whose standard streams break: no job is lost."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mvsep.testing import DEMO_TOKEN, Schedule

PROGRAM = "import sys; from mvsep.cli import main; sys.exit(main())"
SEPARATE = ("separate", "song.wav", "--type", "40", "--format", "wav")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs descriptors of Unix")


@pytest.fixture
def start(fake, song, tmp_path):
    """Start the command line in the folder of a song."""

    def starting(*arguments, redirect="", encoding=None, **streams):
        own = {name: value for name, value in os.environ.items() if not name.startswith("MVSEP_")}
        own |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "TERM": "xterm", "COLUMNS": "100"}
        own |= {"MVSEP_JOURNAL": str(tmp_path / "journal" / "jobs.sqlite3")}
        own |= {"MVSEP_BASE_URL": fake.url, "MVSEP_API_TOKEN": DEMO_TOKEN}
        if encoding:
            own["PYTHONIOENCODING"] = encoding
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        shell = ["sh", "-c", f'exec "$@" {redirect}', "sh"]
        return subprocess.Popen(
            [*shell, sys.executable, "-c", PROGRAM, *map(str, arguments)],
            env=own,
            cwd=tmp_path,
            **{**pipes, **streams},
        )

    return starting


@pytest.fixture
def run(start):
    """Run the command line to its end: its code and what it wrote."""

    def running(*arguments, **more):
        with start(*arguments, **more) as process:
            out, err = process.communicate(timeout=60)
        assert b"Traceback" not in err
        assert b"Exception ignored" not in err
        return process.returncode, out or b"", err or b""

    return running


def test_a_name_that_a_windows_pipe_lacks_is_no_fault_after_paying(fake, run, song, tmp_path):
    song.rename(tmp_path / "a♫.wav")
    asked = ("separate", "a♫.wav", "--type", "40", "--format", "wav")
    code, out, err = run(*asked, encoding="cp1252")
    _, told, _ = run(*asked, "--json", encoding="cp1252")

    assert (code, fake.state.jobs_created) == (0, 1)
    assert out.split() == [rb"a\u266b_Vocals.wav", rb"a\u266b_Other.wav"]
    assert b"--json" in err
    assert all(Path(file["path"]).exists() for file in json.loads(told)["songs"][0]["files"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
@pytest.mark.parametrize("redirect", [">/dev/full", ">&-"])
@pytest.mark.parametrize("more", [(), ("--json",), ("--quiet",)])
def test_nothing_is_paid_for_while_standard_output_takes_nothing(fake, run, redirect, more):
    code, out, err = run(*SEPARATE, *more, redirect=redirect)

    assert (code, out, fake.state.jobs_created) == (2, b"", 0)
    assert err.startswith(b"Error: Standard output can't be written")
    assert b"Nothing was charged." in err


@pytest.mark.parametrize("arguments", [("types",), ("types", "--json"), ("--help",), ("account",)])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")
def test_a_full_disk_is_one_sentence_of_every_command(run, arguments):
    code, _, err = run(*arguments, redirect=">/dev/full")

    assert code == 2
    assert err.startswith(b"Error: Standard output can't be written")


def test_nothing_is_paid_for_that_nobody_reads(fake, start):
    reading, writing = os.pipe()
    os.close(reading)
    with start(*SEPARATE, stdout=writing) as process:
        os.close(writing)
        err = process.communicate(timeout=60)[1]

    assert (process.returncode, fake.state.jobs_created) == (2, 0)
    assert b"Standard output can't be written: Broken pipe." in err


def test_stems_are_told_elsewhere_when_the_reader_ends_after_paying(fake, start, tmp_path):
    fake.state.schedule = Schedule(waiting=3600)
    with start(*SEPARATE, "--out", "stems") as process:
        assert any(line.startswith(b"Job ") for line in process.stderr)
        process.stdout.close()
        (job,) = fake.state.jobs.values()
        job.schedule = Schedule.at_once()
        err = process.stderr.read()

    assert process.returncode == 1
    assert f"2 stems of the job {job.hash} saved in stems.".encode() in err
    assert b"Traceback" not in err
    assert len(list((tmp_path / "stems").iterdir())) == 2


@pytest.mark.parametrize("redirect", ["2>/dev/full", "2>&-", "2>&- <&-"])
def test_a_job_goes_on_without_its_progress(fake, run, redirect, tmp_path):
    if "/dev/full" in redirect and not Path("/dev/full").exists():
        pytest.skip("has no /dev/full")
    code, out, err = run(*SEPARATE, redirect=redirect)

    assert (code, err, fake.state.jobs_created) == (0, b"", 1)
    assert [(tmp_path / os.fsdecode(name)).exists() for name in out.split()] == [True, True]


def test_a_job_goes_on_when_nobody_reads_its_progress_any_more(fake, start, tmp_path):
    fake.state.schedule = Schedule(waiting=3600)
    with start(*SEPARATE) as process:
        assert any(line.startswith(b"Job ") for line in process.stderr)
        process.stderr.close()
        (job,) = fake.state.jobs.values()
        job.schedule = Schedule.at_once()
        out = process.stdout.read()

    assert process.returncode == 0
    assert [(tmp_path / os.fsdecode(name)).exists() for name in out.split()] == [True, True]


def test_a_terminal_is_moved_by_nothing_in_a_name(fake, start, song, tmp_path):
    named = tmp_path / "so\x1b]0;TITLE\x07\x1b[7;35m\u202eng.wav"
    song.rename(named)
    ours, theirs = os.openpty()
    with start("separate", named, "--type", "40", stdout=theirs, stderr=theirs):
        os.close(theirs)
        shown = b""
        while piece := read(ours):
            shown += piece
    os.close(ours)

    assert b"TITLE" in shown
    assert not re.search(rb"\x1b\]|\x07|\x1b\[7;35m|\xe2\x80\xae", shown)


def read(descriptor):
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux tells that the other side was closed
        return b""
