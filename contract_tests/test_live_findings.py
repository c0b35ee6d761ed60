"""`make live`, tried on the fake server: what it finds, and what it keeps."""

import json
import re

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from contract_tests.live import steps
from contract_tests.live.check import evidence_of
from contract_tests.live.trial import ACCOUNT, PUBLIC, held
from mvsep.testing import DEMO_TOKEN
from mvsep.transport import responses
from mvsep_api.operations import OPERATIONS
from tools.evidence import PREFIX, turn
from tools.examples import examples, round_trip
from tools.regenerate import Project, read_contract

# The path whose answer is spoilt, what is told of it, and what is to be changed.
SPOILT = {
    "a missing key": (
        "/api/app/queue/summary",
        lambda body: {name: value for name, value in body.items() if name != "success"},
        "$.success: is missing, contract requires it",
        'take "success" out of the required keys of components/schemas/QueueSummaryAnswer',
    ),
    "a state never seen before": (
        "/api/separation/get",
        lambda body: {**body, "status": "paused"},
        '$.status: is "paused", contract says waiting, ',
        'add "paused" to the known values of components/schemas/SeparationStatus',
    ),
    "an undocumented status": (
        "/api/app/queue",
        lambda body: JSONResponse(body, 418),
        "the status: is 418, contract says 200, 400, 401, 429, default",
        'give app_queue a response "418" in the contract',
    ),
    "a page": (
        "/api/quality_checker/queue",
        lambda _: HTMLResponse("<html>hello</html>"),
        "the content type: is text/html, contract says application/json",
        'add "text/html" to the content of quality_checker_queue 200',
    ),
    "a body that can't be unpacked": (
        "/api/app/news",
        lambda _: Response(b"??", headers={"Content-Encoding": "gzip"}),
        "the body: The answer could not be read",
        "report it to the service",
    ),
}


@pytest.mark.parametrize(("path", "spoil", "what", "change"), SPOILT.values(), ids=SPOILT)
def test_an_answer_against_the_contract_is_told_with_its_place_and_what_to_change(
    service, live, path, spoil, what, change
):
    service.between.spoilt[path] = spoil
    code, out, _ = live(service.url, LIVE_TOKEN=DEMO_TOKEN)
    (operation,) = [name for name, each in OPERATIONS.items() if each[1:3] == ("GET", path)]
    assert code == 1
    assert what in out
    assert change in out
    assert re.search(rf"^{operation} +\S+ +BROKEN", out, re.MULTILINE)
    assert f"the contract is broken in {operation}." in out
    others = PUBLIC | ACCOUNT - {operation}
    assert held(out) >= others - {operation, "quality_checker_entry"}


def test_a_client_that_refuses_what_the_contract_allows_is_told(service, live, monkeypatch):
    monkeypatch.setattr(responses, "_of_its_kind", lambda parsed, content: not parsed)
    code, out, _ = live(service.url)
    assert code == 1
    assert "$: is refused by the client: " in out
    assert "to do (client): nothing in the contract" in out


def test_a_new_key_is_told_with_its_shape_and_breaks_nothing(service, live):
    badge = {"id": 1, "of": "mine@example.org"}
    service.between.spoilt["/api/app/user"] = lambda body: {
        **body,
        "data": {**body["data"], "badges": [badge]},
    }
    code, out, _ = live(service.url, LIVE_TOKEN=DEMO_TOKEN)
    assert code == 0
    assert (
        "new key $.data.badges (array of object {id: integer, of: string}): "
        "could be a property of components/schemas/UserData"
    ) in out
    assert "mine@" not in out


def test_a_fault_of_its_own_is_no_finding_and_shows_no_token(service, live, monkeypatch):
    def broken(run, allowed):
        raise KeyError(f"nothing for {allowed.token}")

    monkeypatch.setattr(steps, "carry_out", broken)
    code, _, err = live(service.url, LIVE_TOKEN=DEMO_TOKEN)
    assert code == 2
    assert "broke off by a fault of its own" in err
    assert "KeyError: 'nothing for ***'" in err
    assert DEMO_TOKEN not in err


# What it keeps


def test_what_was_kept_becomes_captured_examples_without_a_secret(service, live, tmp_path):
    kept, copy = tmp_path / "kept", tmp_path / "contract.json"
    copy.write_bytes(Project().contract.read_bytes())
    code, out, _ = live(service.url, "--record", kept, LIVE_TOKEN=DEMO_TOKEN, LIVE_WRITE="1")
    turn(copy, kept, any_server=True)
    contract = read_contract(copy)
    captured = [each for each in examples(contract) if each.name.startswith(PREFIX)]
    written = "".join(path.read_text(encoding="utf-8") for path in (copy, *kept.iterdir()))

    assert code == 0
    assert {each.operation for each in captured} == held(out)
    assert [round_trip(each) for each in captured] == [None] * len(captured)
    assert {evidence_of(contract, each.operation, "200") for each in captured} == {"captured"}
    (made,) = [hash_ for hash_ in service.state.jobs if hash_ != service.known]
    for secret in (DEMO_TOKEN, "demo@example.com", service.known, made, "127.0.0.1/"):
        assert secret not in written
    assert turn(copy, kept, any_server=True) == []
    assert turn(copy, kept, any_server=True) == []
    text = copy.read_text(encoding="utf-8")
    assert text == json.dumps(contract, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("place", "told"),
    [("", "not empty"), ("file", "can't be made a folder"), ("file/below", "can't be made a f")],
)
def test_what_can_be_no_new_folder_is_told_and_nothing_is_asked(
    service, live, tmp_path, place, told
):
    (tmp_path / "file").write_text("{}")
    wrong = tmp_path / place
    code, out, err = live(service.url, "--record", wrong)
    assert (code, out) == (2, "")
    assert err.startswith(f"make live could not run: {wrong} ")
    assert told in err
    assert service.between.queries == []


def test_what_another_server_says_is_neither_counted_nor_offered(service, live, tmp_path):
    _, out, _ = live(service.url, "--ledger", tmp_path / "live.json", LIVE_TOKEN=DEMO_TOKEN)
    assert "x-evidence" not in out
    assert "not the service" in out
    assert list(tmp_path.iterdir()) == []
