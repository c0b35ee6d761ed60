"""The rules of Redocly and Spectral: what is called, and the exit code."""

import json
from pathlib import Path

import pytest
import yaml

from tools.environment import ROOT
from tools.lint_contract import LINT, lint

CONTRACT, MODULES = Path("contract.json"), Path("modules")


@pytest.mark.parametrize(
    ("redocly", "spectral", "code"),
    [(0, 0, 0), (1, 0, 1), (0, 1, 1), (2, 1, 2), (0, -9, 2), (-9, 1, 2)],
)
def test_the_contract_passes_only_if_both_programs_ran_and_found_nothing(redocly, spectral, code):
    codes = {"@redocly": redocly, "@stoplight": spectral}
    assert lint(CONTRACT, MODULES, lambda command: codes[Path(command[0]).parts[1]]) == code


def test_each_program_gets_the_contract_and_the_rules_of_this_project():
    called = []
    lint(CONTRACT, MODULES, lambda command: called.append(command) or 0)
    for command in called:
        assert command[-1] == CONTRACT
        (rules,) = [part for part in command if Path(part).suffix == ".yaml"]
        assert Path(rules).is_file()
    assert len(called) == 2


def test_the_rules_are_all_of_them_and_each_exception_has_its_reason():
    redocly, spectral = ((LINT / f"{name}.yaml").read_text() for name in ("redocly", "spectral"))
    assert yaml.safe_load(redocly)["extends"] == ["recommended-strict"]
    assert yaml.safe_load(spectral)["extends"] == [["spectral:oas", "all"]]
    for text in (redocly, spectral):
        lines = text.splitlines()
        for rule in yaml.safe_load(text).get("rules", {}):
            (place,) = [n for n, line in enumerate(lines) if line.strip().startswith(f"{rule}:")]
            assert lines[place - 1].strip().startswith("# ")


def test_both_are_pinned_and_their_lock_names_contents_and_no_addresses():
    wanted = json.loads((LINT / "package.json").read_text())["dependencies"]
    text = (LINT / "package-lock.json").read_text()
    locked = json.loads(text)["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert '"resolved"' not in text


def test_the_rules_are_held_in_ci():
    (ci,) = (ROOT / ".github" / "workflows").glob("ci.yml")
    jobs = yaml.safe_load(ci.read_text(encoding="utf-8"))["jobs"].values()
    assert any(step.get("run") == "make lint-contract" for job in jobs for step in job["steps"])
