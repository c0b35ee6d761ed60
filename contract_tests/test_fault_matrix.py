"""Phase by fault, for both clients: how each ends, and what never happens, however it ends."""

import tomllib
from pathlib import Path

import pytest

from contract_tests.harness.cells import SHELLS, SUCCEEDED, Bench
from mvsep import errors
from mvsep.testing import FAULTS, PHASES, faults_of

TABLE = tomllib.loads((Path(__file__).parent / "fault_matrix.toml").read_text(encoding="utf-8"))

# What a service or a network that is out of order does all the time. With answers that never come,
# a wait in virtual time would take real time.
LASTING = {
    phase: tuple(
        name for name in faults_of(phase) if FAULTS[name].kind in {"outage", "garbage", "broken"}
    )
    for phase in PHASES
    if phase != "submit"
}


def expected(section, fault):
    """Return the ends that the table gives for a fault: two where the network decides."""
    return {end for end, names in TABLE[section].items() if fault in names}


@pytest.fixture(scope="module")
def bench():
    with Bench().run() as bench:
        yield bench


def check(bench, phase, fault, folder, times):
    section = phase if times else f"{phase}-for-ever"
    ends = set()
    for shell in SHELLS:
        out = folder / shell
        outcome = bench.cell(shell, phase, fault, out, times=times)
        assert outcome.struck, f"{fault} was never met"
        assert outcome.end in expected(section, fault), (shell, outcome)
        ends.add(outcome.end)
        # Whatever happens:
        assert outcome.jobs <= 1, "a song was submitted twice"
        assert outcome.credits <= 1, "a song was paid for twice"
        if fault != "other-bytes":  # right in length: nothing in the answer can tell
            assert outcome.broken == (), "a file that is not whole stands under a final name"
        assert outcome.leaks == (), "the token was shown"
        if outcome.error is None:
            assert outcome.jobs == 1
        else:
            told(outcome, phase)
    assert len(ends) == 1 or len(expected(section, fault)) > 1, "sync and async differ"


def told(outcome, phase):
    """Check that an error says whether it was charged, and where the job is."""
    error = outcome.error
    assert error.host
    if phase == "submit" and not error.hash:
        assert error.charged is not True
        if error.charged is False:
            assert outcome.jobs == 0, "it says that nothing was charged"
        if outcome.jobs:
            assert isinstance(error, errors.SubmitUncertain)
            assert error.file_name
            assert error.marker
    else:
        assert error.hash, "a paid job is lost"


@pytest.mark.parametrize("phase", PHASES)
def test_the_table_has_a_cell_for_every_fault_of_every_phase(phase):
    assert len(faults_of(phase)) >= 30
    sections = {phase: faults_of(phase)}
    if phase in LASTING:
        sections[f"{phase}-for-ever"] = LASTING[phase]
    for section, wanted in sections.items():
        assert set().union(*map(set, TABLE[section].values())) == set(wanted)


@pytest.mark.parametrize(("phase", "fault"), [(p, name) for p in PHASES for name in faults_of(p)])
def test_one_fault_ends_as_the_table_says(bench, tmp_path, phase, fault):
    check(bench, phase, fault, tmp_path, 1)


@pytest.mark.parametrize(
    ("phase", "fault"), [(phase, name) for phase, names in LASTING.items() for name in names]
)
def test_a_fault_that_stays_ends_as_the_table_says(bench, tmp_path, phase, fault):
    check(bench, phase, fault, tmp_path, None)


def test_a_job_whose_answer_was_lost_is_found_again(bench, tmp_path):
    """Take the way out of an uncertain cell: the job is there, once, with its stems."""
    for shell in SHELLS:
        outcome = bench.cell(shell, "submit", "reset-after-upload", tmp_path / shell)
        assert outcome.end == "SubmitUncertain"
        found, result = bench.reconciled(shell, outcome.error, tmp_path / shell)
        assert found.verdict.name == "FOUND"
        assert len(result.files) == 2


def test_a_table_that_lies_is_found_out(bench, tmp_path, monkeypatch):
    monkeypatch.setitem(TABLE["submit"], SUCCEEDED, ["reset-after-upload"])
    monkeypatch.setitem(TABLE["submit"], "SubmitUncertain", [])
    with pytest.raises(AssertionError):
        check(bench, "submit", "reset-after-upload", tmp_path, 1)
