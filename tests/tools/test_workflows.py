"""The CI files call what there is, with no more rights than needed and from releases only."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml

from tools.environment import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
JOBS = [
    pytest.param(job, id=f"{file.stem} {name}")
    for file in FILES
    for name, job in yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].items()
]
REPORT = ROOT / ".github" / "open-report.sh"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_has_no_rights_but_those_of_its_jobs(file):
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["permissions"] == {}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_reads_the_code_and_may_open_an_issue_only_where_it_does(job):
    opens = any("open-report" in step.get("run", "") for step in job["steps"])
    assert job["permissions"] == {"contents": "read", **({"issues": "write"} if opens else {})}
    assert job["timeout-minutes"]


@pytest.mark.parametrize("job", JOBS)
def test_an_action_is_a_release_or_a_commit_and_keeps_no_credentials(job):
    used = [step for step in job["steps"] if "uses" in step]
    for step in used:
        assert re.fullmatch(r"actions/[\w-]+@(v\d+\.\d+\.\d+|[0-9a-f]{40})", step["uses"])
    assert used[0]["with"] == {"persist-credentials": False}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_calls_targets_and_programs_that_there_are(job):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    said = "\n".join(step.get("run", "") for step in job["steps"])
    targets = re.findall(r"^(?:make )(\S+)", said, re.MULTILINE)
    programs = re.findall(r"-m (tools|contract_tests)\.(\w+)", said)
    assert targets
    assert all(f"\n{target}:" in makefile for target in targets)
    for package, name in programs:
        assert any((ROOT / package / each).exists() for each in (f"{name}.py", name))


def test_every_python_and_the_lowest_versions_of_the_project_are_tried():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = [re.fullmatch(r".* :: (3\.\d+)", line) for line in project["classifiers"]]
    pythons = [found[1] for found in said if found]
    jobs = yaml.safe_load((FILES[0]).read_text(encoding="utf-8"))["jobs"]
    nox = (
        sys.executable,
        "-m",
        "nox",
        "--list",
        "--json",
        "--sessions",
        "tests",
        "contract",
        "lowest",
    )
    listed = subprocess.run(nox, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    sessions = {(each["name"], each["python"]) for each in json.loads(listed)}

    assert jobs["pythons"]["strategy"]["matrix"]["python"] == pythons
    assert project["requires-python"] == f">={pythons[0]}"
    for tier in ("tests", "contract"):
        assert {python for name, python in sessions if name == tier} == set(pythons)
    assert ("lowest", pythons[0]) in sessions
    assert {"run": "make lowest"} in jobs["lowest"]["steps"]


def test_the_everyday_token_is_in_no_workflow():
    texts = [file.read_text(encoding="utf-8") for file in FILES]
    assert not any("MVSEP_API_TOKEN" in text for text in texts)


GH = """#!/usr/bin/env bash
echo "$@" >> "$CALLS"
if [ "$2" = list ]; then
  echo "$LISTED" | jq --raw-output "${@: -1}"
fi
"""


@pytest.mark.skipif(not (shutil.which("bash") and shutil.which("jq")), reason="needs bash and jq")
@pytest.mark.parametrize(
    ("listed", "done"),
    [
        ("[]", "issue create --title A finding --body-file report.txt"),
        ('[{"number": 3, "title": "A finding or so"}]', "issue create --title A finding"),
        ('[{"number": 7, "title": "A finding"}]', "issue edit 7 --body-file report.txt"),
    ],
)
def test_a_report_opens_one_issue_and_renews_it_the_next_night(tmp_path, listed, done):
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "CALLS": str(tmp_path / "calls"),
        "LISTED": listed,
    }
    command = ["bash", str(REPORT), "A finding", "report.txt"]
    subprocess.run(command, env=environment, check=True)
    *_, last = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert last.startswith(done)
