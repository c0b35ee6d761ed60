"""A pytest plugin for the runs over mutants: few cases, always the same, and faults as data."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Final

import hypothesis
import pytest
from hypothesis import Phase

from contract_tests.harness.failures import leaves, node_id

NAME: Final = __name__
FAULTS: Final = "--mutants-faults"
FIRST: Final = "--mutants-first"

_FOUND: Final = pytest.StashKey[list[dict[str, str]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    parser.addoption(FAULTS, metavar="FILE", required=True, help="where the faults are written to")
    parser.addoption(FIRST, action="store_true", help="end with the first test that fails")


@pytest.hookimpl(trylast=True)  # after the harness has chosen a profile of its own
def pytest_configure(config: pytest.Config) -> None:
    """Take the profile."""
    hypothesis.settings.register_profile(
        "mutants",
        hypothesis.settings(),
        max_examples=25,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),  # it is enough that a test fails: no shrinking
        report_multiple_bugs=False,
    )
    hypothesis.settings.load_profile("mutants")
    config.stash[_FOUND] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the error and the stage of a test that failed."""
    report = yield
    if report.failed and call.excinfo is not None:
        said = "; ".join(f"{type(each).__name__}: {each}" for each in leaves(call.excinfo.value))
        fault = {"test": node_id(item), "when": call.when, "said": said}
        item.config.stash[_FOUND].append(fault)
        # Not `-x`: it ends the run for a file that can't be read, whatever other files' tests say.
        if call.when == "call" and item.config.getoption(FIRST):
            item.session.shouldfail = "the mutant is caught"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Keep the error of a file that could not be collected."""
    report = yield
    if report.failed:
        fault = {"test": collector.nodeid, "when": "collect", "said": report.longreprtext}
        collector.config.stash[_FOUND].append(fault)
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """Write the faults."""
    faults = json.dumps(config.stash[_FOUND])
    Path(config.getoption(FAULTS)).write_text(faults, encoding="utf-8")
