"""A failing run says who is to blame and how to see it again; and the command it gives does so."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_tests.harness.failures import Failure, replay
from tools.environment import ROOT

HERE = Path(__file__).parent
PROFILES = st.sampled_from(["dev", "ci", "nightly"])


@given(test=st.text(min_size=1), seed=st.none() | st.integers(0, 2**128), profile=PROFILES)
def test_the_command_to_replay_names_test_seed_and_profile_whatever_they_are(test, seed, profile):
    program, *words = shlex.split(replay(test, seed, profile))
    assert Path(program).stem.startswith("python")
    assert words[:3] == ["-m", "pytest", test]
    seeds = [] if seed is None else [f"--hypothesis-seed={seed}"]
    assert words[3:] == [*seeds, *([] if profile == "dev" else [f"--contract-profile={profile}"])]


def test_the_command_calls_the_interpreter_that_make_set_up(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv/bin/python"))
    assert replay("a").startswith(".venv/bin/python -m pytest")
    monkeypatch.setattr(sys, "executable", "/elsewhere/bin/python3")
    assert replay("a").startswith("python -m pytest")


@pytest.mark.parametrize("profile", ["dev", "ci", "nightly"])
def test_no_failure_comes_out_of_an_earlier_run(profile):
    # Its example would be none that a seed draws.
    assert settings.get_profile(profile).database is None


FAILING = """
import httpx, hypothesis, pytest, schemathesis
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from contract_tests.harness.evidence import ContractBroken
from contract_tests.mock import MockCrashed

def broken(what, **more):
    return ContractBroken(what, blame="client", operation="app_news", status=200, **more)

def test_plain():
    raise broken("the wire differs", evidence="> GET /api/app/news?api_token=SECRET1")

@hypothesis.given(number=st.integers())
def test_drawn(number):
    if number > 1000:
        raise broken(f"too big: {number}", evidence=f"> GET /{number}")

NUMBER = {"name": "number", "in": "query", "required": True, "schema": {"type": "integer"}}
ASKING = {"get": {"parameters": [NUMBER], "responses": {"200": {"description": "An answer."}}}}
SCHEMA = schemathesis.openapi.from_dict(
    {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": ASKING}},
    config=schemathesis.Config.from_dict(
        {"generation": {"mode": "positive"}, "phases": {"coverage": {"enabled": False}}}
    ),
)

@SCHEMA.parametrize()
@hypothesis.settings(database=None)
def test_schema(case):
    with open("drawn.txt", "a") as file:
        file.write(f"{case.query}\\n")
    if int(case.query["number"]) > 1000:
        raise broken("too big")

class Machine(RuleBasedStateMachine):
    @rule(number=st.integers())
    def step(self, number):
        with open("stepped.txt", "a") as file:
            file.write(f"{number}\\n")
        if number > 1000:
            raise broken("too big")

def test_machine(seed):
    machine = (lambda: Machine()) if seed is None else hypothesis.seed(seed)(lambda: Machine())
    run_state_machine_as_test(machine, settings=hypothesis.settings(database=None))

def test_asserted():
    answered = httpx.MockTransport(lambda request: httpx.Response(503))
    with httpx.Client(transport=answered) as client:
        assert client.get("http://127.0.0.1/api/app/news").status_code == 200

def test_several():
    raise ExceptionGroup("two", [broken("the first"), broken("the second")])

def test_crash():
    raise MockCrashed("Prism died")

@pytest.mark.parametrize("operation", ["a b/c"])
def test_other(operation):
    raise ValueError("something else")

def test_counted(ledger):
    ledger.count("live", "app_news", 200, 7)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("failing")
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(FAILING)
    return folder


def run(project, *arguments, code=1):
    """Run tests as a person would; what was printed."""
    kept = {name: value for name, value in os.environ.items() if name not in {"CI", "FORCE_COLOR"}}
    environment = {**kept, "COLUMNS": "200", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", "-p", "contract_tests.harness.plugin", "-q"]
    result = subprocess.run(
        [*command, "-p", "no:cacheprovider", *arguments],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout + (result.stderr if code == 4 else "")


@pytest.fixture(scope="module")
def printed(project):
    return run(project, "test_it.py", "--contract-report=reports", "--contract-profile=dev")


def test_a_failing_run_shows_blame_evidence_and_the_way_to_replay(project, printed):
    report = printed.partition("= contract =")[2]
    assert "[client] app_news > 200\n  the wire differs\n  on the wire:" in report
    assert 'again: python -m pytest "test_it.py::test_plain"\n' in report
    assert "[mock] test_it.py::test_crash" in report
    assert "[blame unknown] test_it.py::test_other[a b/c]" in report
    assert "ValueError: something else" in report
    evidence = '  on the wire:\n    GET http://127.0.0.1/api/app/news "HTTP/1.1 503'
    assert evidence in report.partition("test_it.py::test_asserted")[2].partition("seed:")[0]
    assert "9 failed" in report
    assert "  the first\n" in report  # of a test that fails in two ways
    assert "  the second\n" in report
    assert re.search(r"^app_news +200( +- ?\w?)* +7$", report, re.MULTILINE)
    assert "SECRET1" not in report
    for name in ("contract.txt", "contract.html", "contract.json"):
        assert "SECRET1" not in (project / "reports" / name).read_text(encoding="utf-8")
    # Beside each traceback too, for those who do not ask for a report.
    tracebacks = printed.partition("= contract =")[0]
    assert "[client] app_news > 200: the wire differs" in tracebacks
    assert 'python -m pytest "test_it.py::test_plain"' in tracebacks


def test_a_drawn_case_is_replayed_by_its_seed(project, printed):
    (command,) = set(re.findall(r'again: python -m pytest ("test_it.py::test_drawn".*)', printed))
    assert re.fullmatch(r'"test_it.py::test_drawn" --hypothesis-seed=\d+', command)
    again = run(project, *shlex.split(command), "--contract-report=again")
    assert f"again: python -m pytest {command}\n" in again
    assert "too big: 1001" in again


@pytest.mark.parametrize(
    ("name", "known_as", "file"),
    [
        ("test_schema", r"test_schema::test_schema\[GET /a\]", "drawn.txt"),
        ("test_machine", "test_machine", "stepped.txt"),
    ],
)
def test_what_draws_by_itself_draws_the_same_again_with_the_seed(project, name, known_as, file):
    file = project / file
    drawn = []
    command = f"test_it.py::{name}"
    for _ in range(2):
        file.unlink(missing_ok=True)
        printed = run(project, *shlex.split(command), "--contract-report=schema")
        drawn.append(file.read_text(encoding="utf-8"))
        (command,) = re.findall(rf"again: python -m pytest (.*{name}.*)", printed)
        assert re.fullmatch(rf'"test_it.py::{known_as}" --hypothesis-seed=\d+', command)
    assert len(drawn[0].splitlines()) > 10
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize("name", ["test_drawn", "test_machine"])
def test_a_run_without_chance_needs_no_seed_but_its_profile(project, name):
    test = f"test_it.py::{name}"
    printed = run(project, test, "--contract-report=ci", "--contract-profile=ci")
    assert f'again: python -m pytest "{test}" --contract-profile=ci\n' in printed
    assert "seed: none, the same cases in every run" in printed
    assert "too big" in printed


HOLDING = {
    "test_facade.py": "client",
    "test_contract_document.py": "contract",
    "test_fake_server_on_a_port.py": "server",
    "test_mock.py": "mock",
    "test_harness_report.py": "harness",
}


@pytest.mark.parametrize("name", HOLDING)
def test_a_plain_assert_blames_whom_its_file_holds_to_the_contract(name):
    assert (HERE / name).is_file()
    failure = Failure.of(f"contract_tests/{name}::test_it", AssertionError("no"), calls="GET /a")
    assert (failure.blame, failure.evidence) == (HOLDING[name], "GET /a")


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (["--numprocesses=2", "--contract-report=reports"], "The report is of one process"),
        # Each of Schemathesis' tests has the name of its function, whatever its operation.
        (["--dist=loadfile", "--numprocesses=2"], "only one of several tests of one name"),
    ],
)
def test_what_would_lose_tests_or_cells_is_refused(project, wish, why):
    assert why in run(project, "test_it.py", *wish, code=4)
