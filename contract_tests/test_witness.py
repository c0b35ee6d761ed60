"""The witness, on whom the tests against the fake server rest, can say no."""

import json

import httpx
import pytest

from contract_tests.harness.evidence import ContractBroken
from contract_tests.harness.ledger import Ledger
from contract_tests.harness.witness import Witness
from tools.examples import examples
from tools.regenerate import Project, read_contract

CONTRACT = read_contract(Project().contract)
HASH = "20260101000000-0123456789-a.wav"
CREATED = {"success": True, "data": {"hash": HASH, "link": "https://mvsep.com/x"}}
BROKEN = {
    "success is yes": (200, {**CREATED, "success": "yes"}, "does not match"),
    "no success": (200, {"data": CREATED["data"]}, "'success' is a required property"),
    "no hash": (200, {"success": True, "data": {"link": "x"}}, r"\$.data.hash is missing"),
    "no data": (200, {"success": True}, r"\$.data is missing"),
    "the hash is a number": (200, {"success": True, "data": {"hash": 7, "link": "x"}}, "hash"),
    "a list": (200, [CREATED], "is not of type 'object'"),
    "a page": (200, "<html></html>", "has no text/html here"),
    "half of it": (200, b'{"success": true', "not JSON"),
    "not a number": (200, b'{"success": NaN}', "NaN is not in JSON"),
    "another success": (201, CREATED, "no such status"),
    "the server failed": (500, {"message": "Server Error"}, "the server failed"),
    "a new shape of error": (400, {"success": False, "reason": "no"}, "of a shape nobody"),
    "an error that succeeds": (400, {"success": True, "errors": ["no"]}, "of a shape nobody"),
    "numbers for texts": (400, {"success": False, "errors": [7]}, "of a shape nobody"),
}


def answer_with(status, body, **headers):
    kind = "text/html" if isinstance(body, str) else "application/json"
    content = json.dumps(body).encode() if isinstance(body, dict | list) else body
    return httpx.Response(status, content=content, headers={"content-type": kind, **headers})


@pytest.mark.parametrize("name", BROKEN)
def test_the_witness_sees_what_breaks_the_contract(name):
    status, body, what = BROKEN[name]
    ledger = Ledger(CONTRACT)
    witness = Witness(CONTRACT, ledger, "property cases")
    with pytest.raises(ContractBroken, match=what) as caught:
        witness.see("POST", "/api/separation/create", answer_with(status, body))

    assert (caught.value.blame, caught.value.operation) == ("server", "separation_create")
    assert witness.broken == [caught.value]
    assert not any(counts for _, counts in ledger)


def test_the_witness_looks_at_the_headers_and_shows_no_secret():
    witness = Witness(CONTRACT, Ledger(CONTRACT), "property cases", [HASH])
    answer = answer_with(200, CREATED, **{"X-RateLimit-Limit": "many"})
    with pytest.raises(ContractBroken, match="no whole number") as caught:
        witness.see("POST", "/api/separation/create", answer)

    assert HASH not in str(caught.value)


@pytest.mark.parametrize("date", ["2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01 00:00"])
def test_the_witness_knows_how_the_service_writes_a_date(date):
    witness = Witness(CONTRACT, Ledger(CONTRACT), "property cases")
    (done,) = [e for e in examples(CONTRACT) if (e.operation, e.name) == ("separation_get", "done")]
    body = {**done.value, "data": {**done.value["data"], "date": date}}
    with pytest.raises(ContractBroken, match=r"\$\.data\.date is a date like 9999-99-99"):
        witness.see("GET", "/api/separation/get", answer_with(200, body))


def test_the_witness_counts_what_keeps_the_contract_and_lets_files_pass():
    ledger = Ledger(CONTRACT)
    witness = Witness(CONTRACT, ledger, "property cases")
    for _ in range(2):
        witness.see("POST", "/api/separation/create", answer_with(200, CREATED))
    witness.see("GET", "/storage/processed/a.wav", httpx.Response(404))

    counts = {row: found["property cases"] for row, found in ledger if found["property cases"]}
    assert counts == {("separation_create", "200"): 2}


@pytest.mark.parametrize(
    "example", [e for e in examples(CONTRACT) if e.response != "default"], ids=str
)
def test_the_witness_takes_every_example_of_the_contract(example):
    witness = Witness(CONTRACT, Ledger(CONTRACT), "property cases")
    answer = example.http_response()
    witness.see(example.method.upper(), example.path, answer)

    assert witness.broken == []
