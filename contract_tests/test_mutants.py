"""Six mutants are caught, in each part one or two; and the runner that says so can say no.

`make mutants` tries all of them. Here, to save time, one copy of the project does for all.
"""

import subprocess
import sys

import pytest

from contract_tests.mutants.__main__ import MUTANTS, ROOT, chosen
from contract_tests.mutants.mutant import PARTS, DoesNotApplyError, Mutant, Place, Text, node_id
from contract_tests.mutants.runner import (
    Outcome,
    RedBaselineError,
    Summary,
    all_tests,
    attempt,
    check_baseline,
    judge,
    run_all,
)
from contract_tests.mutants.workshop import Fault, Run, Workshop

SIX = (
    "contract-answer-field-gone",
    "contract-token-required",
    "client-form-field-gone",
    "overlay-create-sent-again",
    "overlay-token-to-another-host",
    "fake-threshold-not-kept",
)
CHEAP = node_id(
    "models_match_schemas::test_a_model_has_the_fields_of_its_schema_and_no_others[SwitchBody]"
)


def text(old, new="", **more):
    return Text("generated/mvsep_api", old, new, **more)


def mutant(*edits, tests=(CHEAP,), survives=""):
    return Mutant("made-up", "client", "Something.", edits, tests, survives)


# All of them, without running any


@pytest.mark.parametrize("found", MUTANTS, ids=lambda found: found.name)
def test_a_mutant_still_fits_what_it_breaks(found):
    assert found.breaks.endswith(".")
    assert found.tests
    assert found.texts(ROOT)


def undefined(folder):
    """Return the complaints about names that are not there, in any Python file of a folder."""
    rules = ("--isolated", "--select=F821,F823", "--output-format=concise", "--quiet")
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", *rules, folder]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_no_mutant_uses_a_name_that_is_not_there(tmp_path):
    """Else a NameError is taken for a test that saw it, where the code turns it into another."""
    for found in MUTANTS:
        for path, text in found.texts(ROOT).items():
            if path.suffix == ".py":
                place = tmp_path / found.name / path.name
                place.parent.mkdir(exist_ok=True)
                place.write_text(text, encoding="utf-8")
    assert undefined(tmp_path) == ""
    place.write_text("print(no_such_name)")
    assert "F821 Undefined name `no_such_name`" in undefined(tmp_path)


def test_each_test_that_a_mutant_names_is_there():
    """But for its parameters, which `make mutants` finds out."""
    for name in sorted({test.partition("[")[0] for found in MUTANTS for test in found.tests}):
        file, _, function = name.partition("::")
        code = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {function.rpartition('::')[2]}(" in code, name


def test_there_are_many_of_different_names_in_each_part():
    assert len({found.name for found in MUTANTS}) == len(MUTANTS) >= 116
    assert all(len(chosen(parts=[part])) >= 10 for part in PARTS)
    with pytest.raises(KeyError, match="no-such-mutant"):
        chosen(["no-such-mutant"])


def test_what_compares_hashes_or_generates_catches_no_mutant():
    files = " ".join(all_tests(ROOT))
    assert "test_requests.py" in files
    for name in ("generation", "adopted", "wheel", "mutants"):
        assert name not in files


# The patches


@pytest.fixture
def code(tmp_path):
    """Return a folder with two files of one part, one of them with two alike lines."""
    folder = tmp_path / "generated/mvsep_api/deep"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("class A:\n    def a(self):\n        b = 1\n\n        return b\n")
    (folder / "b.py").write_text("x = 1\nx = 1\n")
    return tmp_path


def patched(root, *edits):
    return {path.name: found for path, found in mutant(*edits).texts(root).items()}


def test_a_text_is_found_in_whichever_file_has_it(code):
    assert patched(code, text("return b", "return 2"))["a.py"].endswith("        return 2\n")


def test_whole_lines_are_found_at_any_indentation(code):
    made = patched(code, text("b = 1\n\nreturn b\n", "if self:\n    return 2\n"))
    assert made == {
        "a.py": "class A:\n    def a(self):\n        if self:\n            return 2\n",
    }


def test_edits_are_made_one_after_the_other(code):
    made = patched(code, text("b = 1", "c = 1"), text("return b", "return c"), text("c = 1", "c=3"))
    assert "c=3\n\n        return c\n" in made["a.py"]


def test_a_text_that_is_there_twice_is_not_broken_by_guess(code):
    with pytest.raises(DoesNotApplyError, match=r"2 times in b\.py"):
        patched(code, text("x = 1", "x = 2"))
    assert patched(code, text("x = 1", "x = 2", times=2)) == {"b.py": "x = 2\nx = 2\n"}
    with pytest.raises(DoesNotApplyError, match=r"a\.py, .*b\.py"):
        patched(code, text(" = 1", " = 2"))
    assert "b = 2" in patched(code, text(" = 1", " = 2", file="a.py"))["a.py"]


# Six of them


@pytest.fixture(scope="module")
def six():
    return run_all(chosen(SIX), ROOT)


def test_six_mutants_are_caught(six):
    assert {each.mutant.name for each in six.outcomes} == set(SIX)
    assert {each.mutant.part for each in six.outcomes} == set(PARTS)
    assert [each for each in six.outcomes if each.verdict != "caught"] == []
    assert six.good


# The runner's verdicts


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    with Workshop(ROOT, tmp_path_factory.mktemp("workshop") / "copy") as made:
        yield made


def test_a_mutant_that_no_test_sees_survived(workshop):
    harmless = mutant(text('"""Contains some shared types', '"""Contains the shared types'))
    assert attempt(workshop, harmless).verdict == "survived"


def test_a_mutant_survives_where_the_check_that_sees_it_is_taken_away(workshop):
    (dropped,) = chosen(["client-form-field-gone"])
    check = '("form field", _named(asked.parts), _named(sent.parts)),\n'
    blind = mutant(*dropped.edits, Text("contract_tests/harness", check, ""), tests=dropped.tests)
    assert attempt(workshop, blind).verdict == "survived"


@pytest.mark.parametrize(
    "edit",
    [
        text(
            "from attrs import define\n",
            "from attrs import define, no_such_name\n",
            file="types.py",
        ),
        text("UNSET: Unset = Unset()", "UNSET: Unset = Unset("),
        text("a text that is not there"),
        text("UNSET", file="no_such_file.py"),
        text("UNSET: Unset = Unset()", "UNSET: Unset = Unset()"),
        Place("info > version > number", "set", "0"),
        Place("no > such > place", "drop", True),
    ],
    ids=["import", "syntax", "text", "file", "alike", "value", "place"],
)
def test_a_mutant_that_can_not_be_tried_is_broken_and_not_caught(workshop, edit):
    outcome = attempt(workshop, mutant(edit))
    assert outcome.verdict == "broken"
    assert outcome.reason


def test_every_file_is_as_it_was_when_a_mutant_was_tried(workshop):
    (dropped,) = chosen(["client-form-field-gone"])
    (path,) = dropped.texts(workshop.root)
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), workshop.broken(dropped):
        assert path.read_bytes() != before
        _ = 1 / 0
    assert path.read_bytes() == before


def test_tests_that_fail_without_any_mutant_give_no_verdict(workshop):
    with pytest.raises(RedBaselineError, match="no_such_test"):
        check_baseline(workshop, ["contract_tests/test_witness.py::no_such_test"])


CAUGHT = Fault("test_a", "call", "AssertionError: 1 == 2")
UNREAD = Fault("test_b.py", "collect", "KeyError")
FAULTS = {
    "a test failed": ([CAUGHT], 1, "caught"),
    "a test failed, and a file could not be read": ([UNREAD, CAUGHT], 1, "caught"),
    "none failed": ([], 0, "survived"),
    "a file could not be read": ([UNREAD], 2, "broken"),
    "a fixture failed": ([Fault("test_a", "setup", "AssertionError")], 1, "broken"),
    "a name is missing": ([Fault("test_a", "call", "NameError: x")], 1, "broken"),
    "an import fails in the test": ([Fault("test_a", "call", "ImportError: x")], 1, "broken"),
    "the mock died": ([Fault("test_a", "call", "ContractBroken: Prism crashed")], 1, "broken"),
    "pytest itself failed": ([], 3, "broken"),
    "no test was found": ([], 5, "broken"),
    "it did not end": ([CAUGHT], None, "broken"),
}


@pytest.mark.parametrize(("faults", "code", "wanted"), FAULTS.values(), ids=FAULTS)
def test_only_a_test_that_failed_has_caught_a_mutant(faults, code, wanted):
    found, reason = judge(Run(code, tuple(faults), "output", 1.0))
    assert found == wanted
    assert bool(reason) == (wanted != "survived")


KNOWN, PLAIN = mutant(survives="known"), mutant()


@pytest.mark.parametrize(
    ("verdicts", "good", "told"),
    [
        ([(PLAIN, "caught")] * 19 + [(KNOWN, "survived")], True, "survived, as known: made-up"),
        ([(PLAIN, "caught")] * 18 + [(KNOWN, "survived")], False, "94.7% caught"),
        ([(PLAIN, "caught")] * 99 + [(PLAIN, "survived")], False, "SURVIVED, and should not"),
        ([(PLAIN, "caught")] * 99 + [(PLAIN, "broken")], False, "BROKEN: made-up: why"),
        ([(KNOWN, "caught")], True, "STALE: made-up"),
        ([], False, "0.0% caught"),
    ],
)
def test_enough_have_to_be_caught_and_every_survivor_has_its_reason(verdicts, good, told):
    made = Summary(tuple(Outcome(each, verdict, "why", 1.0) for each, verdict in verdicts), 1.0)
    assert made.good is good
    assert made.as_json()["good"] is good
    assert told in str(made)
