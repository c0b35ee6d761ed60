"""A cell that was not checked says why, and the live run is never passed off as another one."""

import copy
import json

import pytest

from contract_tests.harness import reach
from contract_tests.harness.facade import COMPLETE, USUAL
from contract_tests.harness.ledger import COLUMNS, Ledger, LiveRun, UnusableLedgerError
from contract_tests.harness.page import page
from contract_tests.harness.reach import gaps, reason
from contract_tests.harness.report import write_reports
from contract_tests.harness.table import Table

SERVER = "https://mvsep.com"


@pytest.fixture
def whole(contract):
    """Return the record of a whole run: every answer is checked in every way that can be."""
    ledger = Ledger(contract)
    for (operation, status), _ in list(ledger):
        for column in COLUMNS:
            if reason(ledger, column, operation, status) is None:
                ledger.count(column, operation, status)
    return ledger


def lived(ledger, **more):
    ledger.live = LiveRun(SERVER, "2027-01-02", more.pop("contract", ledger.digest), **more)
    return ledger


def test_a_whole_run_has_no_gaps(whole):
    assert list(gaps(whole)) == []


def test_nothing_but_a_life_cycle_and_the_service_may_be_out_of_reach(contract):
    ledger = Ledger(contract)
    for (operation, status), _ in ledger:
        for column in COLUMNS[:3]:
            assert (reason(ledger, column, operation, status) is None) == (operation in USUAL)
        if operation in COMPLETE and status in {"200", "429", "default"}:
            assert reason(ledger, "life cycle", operation, status) is None


@pytest.mark.parametrize("column", COLUMNS[:4])
def test_what_was_not_checked_without_a_reason_is_a_gap(contract, column):
    ledger = Ledger(contract)
    assert f"app_user 200: no {column}, and nothing says why." in list(gaps(ledger))


def test_a_reason_that_no_longer_holds_is_told(whole):
    whole.count("life cycle", "app_news", "401")
    (told,) = gaps(whole)
    assert told.startswith("app_news 401: life cycle is reached, although the call takes no token")


def test_an_adopted_operation_is_out_of_the_fake_server_s_reach(contract):
    contract = copy.deepcopy(contract)
    contract["paths"]["/api/app/news"]["get"]["x-adopted"] = "2.0"
    ledger = Ledger(contract)
    assert reason(ledger, "life cycle", "app_news", "200") == reach.NOT_THERE
    assert reason(ledger, "property cases", "app_news", "200") is None


def test_each_reason_has_one_letter_and_each_letter_one_reason(whole):
    marks = Table(lived(whole, not_called={name: name for name in whole.operations}), []).reasons
    assert len(set(marks.values())) == len(marks) > 26
    assert list(marks.values())[:2] == ["a", "b"]


def test_the_record_of_a_run_is_looked_through_by_command(whole, tmp_path, capsys):
    record = tmp_path / "contract.json"
    whole.save(record)
    assert reach.main([str(record)]) == 0
    Ledger(whole.contract).save(record)
    assert reach.main([str(record)]) == 1
    assert "app_user 200: no request sent, and nothing says why." in capsys.readouterr().out
    record.write_text("[]")
    assert reach.main([str(record)]) == 2
    assert str(record) in capsys.readouterr().err


# The live run


@pytest.fixture
def reports(tmp_path, contract):
    """Return a function: the text and the page of a run, after what `make live` left."""

    def write(live):
        live.save(tmp_path / "live.json")
        text = write_reports(tmp_path, Ledger(contract), [])
        return text, (tmp_path / "contract.html").read_text(encoding="utf-8")

    return write


def test_what_make_live_saved_is_the_column_live_with_its_date(contract, reports):
    live = lived(Ledger(contract), not_called={"app_login": "it takes a password"})
    live.count("live", "app_news", 200, 3)
    text, shown = reports(live)
    assert "run at https://mvsep.com on 2027-01-02." in " ".join(text.split())
    assert "run at https://mvsep.com on 2027-01-02." in shown
    assert 'title="app_news &gt; 200, live: 3 (filled)"' in shown
    assert "not called in the live run: it takes a password" in text
    assert reach.NOT_PROVOKED in text
    assert "has changed since" not in text + shown


def test_a_run_that_held_another_contract_says_so(contract, reports):
    for told in reports(lived(Ledger(contract), contract="another")):
        assert "The contract has changed since: run it again." in " ".join(told.split())


def test_what_the_service_broke_is_broken_in_the_table(contract, reports):
    text, shown = reports(lived(Ledger(contract), broken=["app_news 200"]))
    (row,) = [
        line for line in text.splitlines() if line.startswith("app_news   ") and " 200 " in line
    ]
    assert row.endswith("broken")
    assert 'title="app_news &gt; 200, live: 0 (failed)"' in shown


def test_without_a_live_run_the_report_says_so(contract, tmp_path):
    text = write_reports(tmp_path, Ledger(contract), [])
    assert "There was no live run." in " ".join(text.split())
    assert reach.NOT_RUN in text
    assert "There was no live run." in page(Ledger(contract), [])


@pytest.mark.parametrize(
    "content", ["", "[]", "null", '{"rows": [{}], "live": null}', '{"live": {}}']
)
def test_a_file_that_is_no_record_is_left_out_and_told(contract, tmp_path, content):
    (tmp_path / "live.json").write_text(content)
    text = write_reports(tmp_path, Ledger(contract), [])
    assert "The last live run is left out." in text
    with pytest.raises(UnusableLedgerError, match=r"live\.json"):
        Ledger(contract).add(tmp_path / "live.json")


def test_an_operation_that_the_contract_has_no_more_is_left_out(contract, tmp_path):
    live = lived(Ledger(contract))
    live.count("live", "app_news", 200)
    live.save(tmp_path / "live.json")
    smaller = copy.deepcopy(contract)
    del smaller["paths"]["/api/app/news"]
    ledger = Ledger(smaller)
    ledger.add(tmp_path / "live.json")
    assert "app_news" not in json.dumps([row for row, _ in ledger])
