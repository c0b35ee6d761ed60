"""The page about the fake server: its samples run, and what it names is there."""

import re
import subprocess
import sys

import pytest

from mvsep.testing import FAULTS
from mvsep.testing.__main__ import main
from tools.environment import ROOT

PAGE = (ROOT / "docs/testing.md").read_text(encoding="utf-8")
SAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
TESTS = [sample for sample in SAMPLES if "def test_" in sample]
SCRIPTS = [sample for sample in SAMPLES if "def test_" not in sample]


def run(tmp_path, *command):
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("sample", SCRIPTS, ids=range(len(SCRIPTS)))
def test_a_sample_runs(tmp_path, sample):
    (tmp_path / "sample.py").write_text(sample, encoding="utf-8")
    assert run(tmp_path, "-W", "error", "sample.py")[0] == 0


@pytest.mark.parametrize("sample", TESTS, ids=range(len(TESTS)))
def test_a_sample_of_a_test_passes(tmp_path, sample):
    (tmp_path / "test_sample.py").write_text(sample, encoding="utf-8")
    status, said = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_sample.py")
    assert status == 0, said
    assert "1 passed" in said


def test_a_sample_of_a_test_can_fail(tmp_path):
    """What the sample is about is what makes it pass."""
    sample = next(sample for sample in TESTS if "reset-after-upload" in sample)
    (tmp_path / "test_sample.py").write_text(
        sample.replace("reset-after-upload", "http-500"), encoding="utf-8"
    )
    status, said = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_sample.py")
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


def test_installing_the_package_registers_no_plugin(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")  # a project of its own
    (tmp_path / "test_own.py").write_text(
        "import sys\n\n\ndef test_own():\n    assert 'mvsep' not in sys.modules\n", encoding="utf-8"
    )
    status, said = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_own.py")
    assert status == 0, said
