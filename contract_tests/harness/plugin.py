"""The pytest side of the harness: the ledger, Hypothesis profiles, and the report at the end."""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Generator
from pathlib import Path
from typing import Final

import attrs
import hypothesis
import pytest
from hypothesis.internal.conjecture import providers

from contract_tests.harness.evidence import Calls
from contract_tests.harness.failures import DEFAULT_PROFILE, Failure, leaves, node_id, replay
from contract_tests.harness.ledger import Ledger
from contract_tests.harness.quirks import quirk
from contract_tests.harness.report import write_reports
from tools.regenerate import Project, read_contract

PROFILE_VARIABLE = "MVSEP_CONTRACT_PROFILE"

# How fast the machine is says nothing about the contract. No database: a failure that came out of
# an earlier run's examples is not drawn by any seed, and so could not be replayed.
_PATIENT = hypothesis.settings(
    deadline=None, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("dev", _PATIENT, max_examples=25)
hypothesis.settings.register_profile("ci", _PATIENT, max_examples=50, derandomize=True)
hypothesis.settings.register_profile("nightly", _PATIENT, max_examples=250)

# Hypothesis' names for the seed that a test was given, and for the one drawn for a run of it.
_OWN_SEED: Final = "_hypothesis_internal_use_seed"
_DRAWN_SEED: Final = "_hypothesis_internal_use_generated_seed"

# How pytest-xdist hands out tests by their names.
_BY_NAME: Final = frozenset({"loadscope", "loadfile", "loadgroup"})

# Files whose tests take seconds. Begun last, one of them would keep a single worker busy.
_LONG: Final = ("adopted_operation", "by_ffmpeg", "generation", "harness_replay", "mutants", "soak")

_LEDGER: Final = pytest.StashKey[Ledger]()
_FAILURES: Final = pytest.StashKey[list[Failure]]()
_PROFILE: Final = pytest.StashKey[str]()
_CALLS: Final = pytest.StashKey[Calls]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the harness's own options."""
    group = parser.getgroup("contract")
    group.addoption("--contract-report", metavar="DIR", help="write the report to this folder")
    group.addoption("--contract-profile", choices=("dev", "ci", "nightly"))


def pytest_configure(config: pytest.Config) -> None:
    """Choose the profile, and open the ledger."""
    if config.getoption("--contract-report") and config.getoption("numprocesses", None):
        raise pytest.UsageError("The report is of one process: leave --numprocesses out.")
    quirk("schemathesis-names-tests-alike")
    if config.getoption("dist", None) in _BY_NAME:
        raise pytest.UsageError(
            "That --dist runs only one of several tests of one name, as Schemathesis' are: "
            "use worksteal."
        )
    profile = config.getoption("--contract-profile") or os.environ.get(PROFILE_VARIABLE)
    profile = profile or ("ci" if os.environ.get("CI") else DEFAULT_PROFILE)
    hypothesis.settings.load_profile(profile)
    config.stash[_PROFILE] = profile
    _draw_from_seeds_only()
    config.stash[_LEDGER] = Ledger(read_contract(Project().contract))
    config.stash[_FAILURES] = []
    config.stash[_CALLS] = Calls()
    logger = logging.getLogger("httpx")
    logger.addFilter(config.stash[_CALLS])
    logger.setLevel(logging.INFO)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave httpx's logger as it was found."""
    if calls := config.stash.get(_CALLS, None):  # a refused run has none
        logging.getLogger("httpx").removeFilter(calls)


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """Give each core two workers: for half of the time a test waits, for a process or a disk."""
    return 2 * (os.cpu_count() or 1)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Forget the calls of the test before."""
    item.config.stash[_CALLS].clear()


def _draw_from_seeds_only() -> None:
    """Let no case hang on which modules happen to be loaded: a replay loads fewer of them."""
    quirk("hypothesis-draws-from-the-sources")
    providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture(scope="session")
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Return the record of the checks."""
    return request.config.stash[_LEDGER]


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int | None:
    """Draw a seed for a test that runs Hypothesis itself; None where nothing is left to chance.

    Hypothesis notes the seeds of functions with `@given` only, and without its seed a failure can't
    be seen again.
    """
    if hypothesis.settings().derandomize:
        return None
    given = _given_seed(request.config)
    drawn = random.getrandbits(64) if given is None else given
    setattr(request.function, _DRAWN_SEED, drawn)
    return drawn


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what a failed test knows, and show how to run it again."""
    report = yield
    if report.failed and call.excinfo is not None:
        test, profile, seed = node_id(item), item.config.stash[_PROFILE], _seed(item)
        report.sections.append(("again", replay(test, seed, profile)))
        calls = str(item.config.stash[_CALLS])
        for error in leaves(call.excinfo.value):
            failure = Failure.of(test, error, calls=calls)
            failure = attrs.evolve(failure, seed=seed, profile=profile)
            item.config.stash[_FAILURES].append(failure)
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let --hypothesis-seed hold for Schemathesis' tests too: it gives each a seed of its own."""
    if hasattr(config, "workerinput"):  # of pytest-xdist
        items.sort(key=lambda item: not item.path.stem.endswith(_LONG))
    given = _given_seed(config)
    for item in items:
        function = getattr(item, "obj", None)
        if given is not None and getattr(function, _OWN_SEED, None) is not None:
            setattr(function, _OWN_SEED, given)


def _given_seed(config: pytest.Config) -> int | None:
    given = config.getoption("--hypothesis-seed", None)
    return int(given) if given is not None and given.isdecimal() else None


def _seed(item: pytest.Item) -> int | None:
    """Return the seed of a test; None for one without chance."""
    function = getattr(item, "obj", None)
    seeds = (
        getattr(function, _OWN_SEED, None),
        _given_seed(item.config) if hasattr(function, _DRAWN_SEED) else None,
        getattr(function, _DRAWN_SEED, None),
    )
    return next((seed for seed in seeds if seed is not None), None)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the table and write the files, when they were asked for."""
    folder = config.getoption("--contract-report")
    if folder:
        failures: list[Failure] = config.stash[_FAILURES]
        text = write_reports(Path(folder), config.stash[_LEDGER], failures)
        terminalreporter.section("contract")
        terminalreporter.write(text)
