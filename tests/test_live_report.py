"""A live run tells and counts what it found."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from contract_tests.harness.ledger import Ledger, LiveRun
from contract_tests.live import report
from contract_tests.live.check import examine
from contract_tests.live.run import Run
from contract_tests.live.settings import Settings, is_the_service
from mvsep_api.operations import OPERATIONS, SERVERS
from tests.kept_answers import CONTRACT, SUCCESSES, responses_in, uncaptured


@pytest.fixture
def asked() -> Iterator[Run]:
    """Yield a run that got the contract's own examples, for all it knows from the service."""
    allowed = Settings(url=SERVERS[0], is_local=False, token=None, write=False, secrets=())
    run = Run(CONTRACT, allowed)
    for each in SUCCESSES:
        content = json.dumps(each.value).encode()
        run.answers.append(
            examine(
                CONTRACT,
                each.operation,
                status=200,
                content_type=each.content_type,
                content=content,
            )
        )
    yield run
    run.close()


def test_every_answer_that_held_is_counted(asked: Run) -> None:
    ledger = Ledger(CONTRACT)
    asked.answers.append(examine(CONTRACT, "app_news", status=418, content_type="", content=b""))
    report.count(asked, ledger, server="https://mvsep.com", date="2027-01-02")
    filled = {row for row, counts in ledger if counts["live"]}
    assert ledger.live == LiveRun(
        "https://mvsep.com", "2027-01-02", ledger.digest, ["app_news default"], {}
    )
    assert filled == {(operation, "200") for operation in OPERATIONS}


def test_what_held_with_weaker_evidence_is_offered(asked: Run) -> None:
    contract = uncaptured()
    for holder in responses_in(contract, "app_news"):
        holder["x-evidence"] = "captured"
    out = report.told(asked, contract, genuine=True)
    assert (
        "x-evidence of app_queue 200 could be raised from documented to captured: "
        "make live RECORD=dir, then make evidence FROM=dir"
    ) in out
    assert "x-evidence of app_news" not in out  # captured already


@pytest.mark.parametrize(
    ("url", "genuine"),
    [
        *((url, True) for url in SERVERS),
        ("https://sg.mvsep.com", True),
        ("http://mvsep.com", False),
        ("https://notmvsep.com", False),
        ("https://mvsep.com.example", False),
        ("http://127.0.0.1:8000", False),
    ],
)
def test_only_the_services_own_hosts_are_the_service(url: str, genuine: bool) -> None:
    assert is_the_service(url) is genuine
