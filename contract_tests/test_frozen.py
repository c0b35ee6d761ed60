"""A program that PyInstaller froze into one file; `nox -s build` installs PyInstaller for it."""

import os
import subprocess
import sys

import pytest

from mvsep.testing import DEMO_TOKEN

pytest.importorskip("PyInstaller", reason="PyInstaller is not installed")

PROGRAM = """
import sys
from mvsep import MVSep
from mvsep.cli import main

with MVSep() as client:
    print(client.estimate(90, "BS Roformer"))
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frozen")
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    build = (sys.executable, "-m", "PyInstaller", "--onefile", "--log-level=WARN", "program.py")
    subprocess.run(build, cwd=folder, check=True, timeout=600)
    (built,) = (folder / "dist").iterdir()
    return built


@pytest.fixture
def run(program, fake, tmp_path):
    def running(*arguments):
        own = {name: value for name, value in os.environ.items() if not name.startswith("MVSEP_")}
        own |= {"NO_PROXY": "127.0.0.1", "MVSEP_JOURNAL": "jobs.sqlite3"}
        own |= {"MVSEP_BASE_URL": fake.url, "MVSEP_API_TOKEN": DEMO_TOKEN}
        command = [str(each) for each in (program, *arguments)]
        ended = subprocess.run(
            command, cwd=tmp_path, env=own, capture_output=True, text=True, timeout=120
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.splitlines()

    return running


def test_it_has_the_list_of_types(run):
    estimate, *found = run("types", "karaoke")

    assert estimate == "1 credit, 2 stems: Vocals, Other"
    assert found


def test_it_separates_a_song(run, song, tmp_path):
    _, *stems = run("separate", song, "--type", "BS Roformer", "--format", "wav")

    assert stems == ["song_Vocals.wav", "song_Other.wav"]
    assert all((tmp_path / name).read_bytes()[:4] == b"RIFF" for name in stems)
