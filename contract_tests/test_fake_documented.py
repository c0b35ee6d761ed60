"""The page about the fake server: its samples run, and what it names is there."""

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from mvsep.testing import FAULTS
from mvsep.testing.__main__ import main
from tools.environment import ROOT

PAGE = (ROOT / "docs/testing.md").read_text(encoding="utf-8")
SAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def run(folder, text, *command):
    """Run a file of this text; return the exit code and all that was written."""
    (folder / "test_sample.py").write_text(text, encoding="utf-8")
    command = [sys.executable, *command, "test_sample.py"]
    own = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # the plugins of this project
    done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
def test_a_sample_runs_and_passes(tmp_path, sample):
    is_test = "def test_" in sample
    status, said = run(tmp_path, sample, *(PYTEST if is_test else ("-W", "error")))
    assert status == 0, said
    assert "1 passed" in said or not is_test


def test_a_sample_of_a_test_can_fail(tmp_path):
    """Take away from a sample the fault that it is about."""
    sample = next(sample for sample in SAMPLES if "reset-after-upload" in sample)
    status, said = run(tmp_path, sample.replace("reset-after-upload", "http-500"), *PYTEST)
    assert status == 1, said


def test_the_faults_that_the_page_names_are_there(capsys):
    main(["--list-faults"])
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == list(FAULTS)
    for text in re.findall(r"--fault (\S+)", PAGE):
        assert text.split(":")[0] in FAULTS
    assert {fault.kind for fault in FAULTS.values()} == set(
        re.findall(r"^\| `(\w+)` \| (?!the next|request)", PAGE, re.MULTILINE)
    )


def test_installing_the_package_registers_no_plugin():
    found = [entry.value for entry in entry_points(group="pytest11")]
    assert found
    assert not [name for name in found if name.startswith("mvsep")]
