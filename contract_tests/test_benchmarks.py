"""Each row of `make bench` runs, once and with the smallest sizes; no time is looked at."""

import shutil
import subprocess
import sys

import pytest

from benchmarks.__main__ import ROOMS
from tools.environment import ROOT


@pytest.mark.parametrize("room", ROOMS)
def test_the_rows_of_a_room_run(room):
    if room == "uploads" and not shutil.which("curl"):
        pytest.skip("curl is not installed")
    command = (sys.executable, "-m", "benchmarks", "--smoke", "--room", room)
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)

    assert ended.returncode == 0, ended.stderr
    *lines, last = ended.stdout.splitlines()
    ran = [line for line in lines if " | " in line]  # another may say that something is set up
    assert ran
    assert last == f"{len(ran)} rows ran"
