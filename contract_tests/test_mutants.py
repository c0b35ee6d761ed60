"""Six mutants are caught, in each part one or two; and the runner that says so can say no.

`make mutants` tries all of them. What is run here in processes of their own is run in one copy of
the project, to save time.
"""

import pytest

from contract_tests.mutants.__main__ import MUTANTS, ROOT, chosen
from contract_tests.mutants.mutant import WHERE, DoesNotApplyError, Mutant, Text, change, written
from contract_tests.mutants.runner import (
    Outcome,
    RedBaselineError,
    Summary,
    attempt,
    check_baseline,
    judge,
    run_all,
)
from contract_tests.mutants.tests import every, fields, sends
from contract_tests.mutants.workshop import Fault, Run, Workshop

SIX = (
    "contract-answer-field-gone",
    "contract-token-required",
    "client-form-field-gone",
    "overlay-create-sent-again",
    "overlay-token-to-another-host",
    "fake-threshold-not-kept",
)
CHEAP = (fields("SwitchBody"),)
TYPES = "generated/mvsep_api/types.py"
WIRE = "contract_tests/harness/wire.py"


def mutant(*edits, tests=CHEAP, survives=""):
    return Mutant("made-up", "client", "Something.", edits, tests, survives)


def harmless():
    return mutant(Text(TYPES, '"""Contains some shared types', '"""Contains the shared types'))


# All of them, without running any


@pytest.mark.parametrize("found", MUTANTS, ids=lambda found: found.id)
def test_a_mutant_still_fits_what_it_breaks(found):
    assert found.id.startswith(f"{found.where}-")
    assert found.what.endswith(".")
    assert found.tests
    for path, text in written(found.edits, ROOT).items():
        assert text != path.read_text(encoding="utf-8")


def test_each_test_that_a_mutant_names_is_there():
    """But for what it is parametrized by, which `make mutants` finds out."""
    for name in sorted({test.partition("[")[0] for found in MUTANTS for test in found.tests}):
        file, _, function = name.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {function.rpartition('::')[2]}(" in text, name


def test_there_are_many_of_different_names_in_each_part():
    assert len({found.id for found in MUTANTS}) == len(MUTANTS) >= 60
    assert all(len(chosen([], [where])) >= 10 for where in WHERE)
    with pytest.raises(KeyError, match="no-such-mutant"):
        chosen(["no-such-mutant"], [])


def test_what_compares_hashes_or_generates_catches_no_mutant():
    files = " ".join(every(ROOT))
    assert "test_requests.py" in files
    for name in ("generation", "adopted", "wheel", "mutants"):
        assert name not in files


# Six of them


@pytest.fixture(scope="module")
def six():
    return run_all(chosen(SIX, []), ROOT)


def test_six_mutants_are_caught(six):
    assert {each.mutant.id for each in six.outcomes} == set(SIX)
    assert {each.mutant.where for each in six.outcomes} == set(WHERE)
    assert [each for each in six.outcomes if each.verdict != "caught"] == []
    assert six.good


# The runner's verdicts


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    with Workshop(ROOT, tmp_path_factory.mktemp("workshop") / "copy") as made:
        yield made


def verdict(workshop, made_up):
    return attempt(workshop, made_up, made_up.tests).verdict


def test_a_mutant_that_no_test_sees_survived(workshop):
    assert verdict(workshop, harmless()) == "survived"


def test_a_mutant_survives_where_the_check_that_sees_it_is_taken_away(workshop):
    (dropped,) = chosen(["client-form-field-gone"], [])
    assert dropped.tests == (sends("POST /api/separation/create"),)
    blind = Text(WIRE, '        ("form field", _named(asked.parts), _named(sent.parts)),\n', "")
    assert verdict(workshop, mutant(*dropped.edits, blind, tests=dropped.tests)) == "survived"


@pytest.mark.parametrize(
    "edit",
    [
        Text(TYPES, "from attrs import define", "from attrs import define, no_such_name"),
        Text(TYPES, "UNSET: Unset = Unset()", "UNSET: Unset = Unset("),
        Text(TYPES, "a text that is not there", ""),
        Text("no/such/file.py", "a", "b"),
        change("info", "title", old="Another title", new="No title"),
        change("no", "such", "place", old=1, new=2),
    ],
    ids=["import", "syntax", "text", "file", "value", "place"],
)
def test_a_mutant_that_can_not_be_tried_is_broken_and_not_caught(workshop, edit):
    outcome = attempt(workshop, mutant(edit), CHEAP)
    assert outcome.verdict == "broken"
    assert outcome.reason


def test_a_place_that_is_there_twice_is_not_broken_by_guess():
    with pytest.raises(DoesNotApplyError, match="2 times, not 1"):
        Text("a.py", "x", "y")("x x")


def test_every_file_is_as_it_was_when_a_mutant_was_tried(workshop):
    (dropped,) = chosen(["client-form-field-gone"], [])
    (path,) = written(dropped.edits, workshop.root)
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), workshop.broken(dropped.edits):
        assert path.read_bytes() != before
        _ = 1 / 0
    assert path.read_bytes() == before


def test_tests_that_fail_without_any_mutant_give_no_verdict(workshop):
    with pytest.raises(RedBaselineError, match="no_such_test"):
        check_baseline(workshop, ["contract_tests/test_witness.py::no_such_test"])


CAUGHT = Fault("test_a", "call", "AssertionError: 1 == 2")
FAULTS = {
    "a test failed": ([CAUGHT], 1, "caught"),
    "a test failed, and a file could not be read": (
        [Fault("test_b.py", "collect", "KeyError"), CAUGHT],
        1,
        "caught",
    ),
    "none failed": ([], 0, "survived"),
    "a file could not be read": ([Fault("test_b.py", "collect", "KeyError")], 2, "broken"),
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


def summary(**counts):
    outcomes = [
        Outcome(mutant(survives="known" if kind == "known" else ""), verdict, "why", 1.0)
        for kind, verdict in (
            ("caught", "caught"),
            ("known", "survived"),
            ("survived", "survived"),
            ("broken", "broken"),
        )
        for _ in range(counts.get(kind, 0))
    ]
    return Summary(tuple(outcomes), 1.0)


@pytest.mark.parametrize(
    ("counts", "good"),
    [
        ({"caught": 19, "known": 1}, True),
        ({"caught": 18, "known": 1}, False),
        ({"caught": 99, "survived": 1}, False),
        ({"caught": 99, "broken": 1}, False),
        ({}, False),
    ],
)
def test_enough_have_to_be_caught_and_every_survivor_has_its_reason(counts, good):
    made = summary(**counts)
    assert made.good is good
    assert made.as_json()["good"] is good
    text = str(made)
    assert ("SURVIVED, and should not" in text) == ("survived" in counts)
    assert ("survived, and is known to: made-up: known" in text) == ("known" in counts)
    assert ("BROKEN: made-up: why" in text) == ("broken" in counts)


def test_a_reason_that_holds_no_longer_is_told():
    stale = Outcome(mutant(survives="known"), "caught", "test_a", 1.0)
    assert "STALE: made-up" in str(Summary((stale,), 1.0))
