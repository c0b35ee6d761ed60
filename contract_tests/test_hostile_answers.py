"""Answers that break the contract end in a value or in a typed error, and never in a wrong success.

A broken server, a front end or a stranger gives them: spoiled JSON, pages, odd encodings, any
status, headers that lie. Both clients have to survive them, here in the facade and where a job is
created. Faults of the connection below HTTP need a real socket and stand elsewhere.
"""

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.harness.answers import (
    HEADERS,
    JSON,
    PAGE,
    SHELLS,
    STATUSES,
    Answer,
    FarEnd,
    hostile,
)
from contract_tests.harness.evidence import ContractBroken
from contract_tests.harness.survival import ASKED, CONTRACT, GOOD, HASH, attempt, done, stem
from mvsep import RetryPolicy, errors
from mvsep.errors import MVSepError, Refused, SubmitUncertain
from mvsep_api.operations import OPERATIONS, SERVERS
from tools.operations import resolve

NO = (False, "false", 0, "0", "")


def kind_of(operation):
    """Return what a success is: "list", the name of its model, or None for anything."""
    response = resolve(CONTRACT, ASKED[operation]["responses"]["200"])
    schema = response["content"]["application/json"]["schema"]
    if schema == {}:
        return None
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else "list"


def check_outcome(operation, answer, outcome):
    """Check that a value comes from a success of the right shape, and the status of an error."""
    if isinstance(outcome, MVSepError):
        assert outcome.status in {answer.status, None}
        return
    assert answer.status == 200
    kind = kind_of(operation)
    # A list without the rows that can't be read is one.
    assert kind in {"list" if isinstance(outcome, list) else type(outcome).__name__, None}
    body = answer.body()
    assert isinstance(body, {"list": list, None: list | dict}.get(kind, dict))
    if isinstance(body, dict) and not OPERATIONS[operation].is_state:
        said = body.get("success", True)
        assert said in (True, 1, "1") or (isinstance(said, str) and said.strip().lower() == "true")


# The facade


@pytest.mark.parametrize("operation", sorted(ASKED))
@given(data=st.data())
def test_a_spoiled_answer_is_a_value_or_a_typed_error(far_end, ledger, arguments, operation, data):
    good = data.draw(st.sampled_from(GOOD[operation]), label="good")
    answer = far_end.answer = data.draw(hostile(good), label="answer")
    wanted = arguments(operation)
    for shell in SHELLS:
        try:
            outcome = attempt(far_end, shell, far_end.method(operation, wanted))
            check_outcome(operation, answer, outcome)
            again = OPERATIONS[operation].idempotent
            assert len(far_end.requests) == 1 or (again and 1 < len(far_end.requests) < 10)
        except Exception as broken:
            raise ContractBroken(
                f"the {shell} client: {type(broken).__name__}: {broken!s:.300}",
                blame="client",
                operation=operation,
                status=answer.status,
                evidence=answer,
            ) from broken
    ledger.count("property cases", operation, answer.status)


@pytest.mark.parametrize("operation", sorted(ASKED))
def test_no_status_but_200_is_a_success(far_end, ledger, arguments, operation):
    # Every status from 100 to 999 is some operation's turn; one with a meaning is everyone's.
    turn = sorted(ASKED).index(operation)
    statuses = {*STATUSES, *range(100 + turn, 1000, len(ASKED))} - {200}
    wanted = arguments(operation)
    for status in sorted(statuses):
        for content in (json.dumps(GOOD[operation][0]).encode(), PAGE, b""):
            answer = far_end.answer = Answer(content, status)
            for shell in SHELLS:
                outcome = attempt(far_end, shell, far_end.method(operation, wanted))
                assert isinstance(outcome, MVSepError), answer
                assert outcome.status == status
        ledger.count("property cases", operation, status, cases=3)


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: f"{header[0]}: {header[1]!a:.20}")
def test_a_header_that_lies_breaks_nothing(far_end, arguments, header):
    for operation in ("separation_create", "separation_get", "app_news"):
        for status in (200, 302, 429, 503):
            content = json.dumps(GOOD[operation][0]).encode()
            answer = Answer(content, status, (JSON, header))
            for shell in SHELLS:
                far_end.answer = answer
                do = far_end.method(operation, arguments(operation))
                check_outcome(operation, answer, attempt(far_end, shell, do))
                # Nor does it stay with the client.
                far_end.answer = Answer.of(GOOD[operation][0])
                assert not isinstance(attempt(far_end, shell, do, anew=False), MVSepError)


@pytest.mark.parametrize("depth", [1, 7, 100, 400, 900, 100_000])
@pytest.mark.parametrize("status", [200, 400])
def test_a_refusal_may_nest_its_words_however_deep(far_end, arguments, status, depth):
    words = b"[" * depth + b'"no"' + b"]" * depth
    far_end.answer = Answer(b'{"success": false, "errors": ' + words + b"}", status)
    for shell in SHELLS:
        do = far_end.method("separation_create", arguments("separation_create"))
        outcome = attempt(far_end, shell, do)
        assert outcome.status == status
        assert depth > 7 or outcome.server_text == "no"


# Creating a job


@pytest.fixture(scope="module", params=["impatient", "patient"])
def service(request):
    """Return a service before clients that never send again, or do so at every region."""
    how = {"retry": RetryPolicy(), "regions": SERVERS} if request.param == "patient" else {}
    with FarEnd(**how) as end:
        yield end


def real_hash(body):
    """Return the hash that a success of `separation_create` names, or None."""
    data = body.get("data") if isinstance(body, dict) else None
    found = data.get("hash") if isinstance(data, dict) else None
    return found if isinstance(found, str) and found.strip() else None


def check_submit(far_end, shell, answer):
    """Check that one job is asked for, and is one only with the hash of a success."""
    outcome = attempt(far_end, shell, lambda client: client.submit(b"song", 40, output_format=1))
    paths = [request.url.path for request in far_end.requests]
    assert paths.count("/api/separation/create") == 1
    # After a refusal in words that nobody knows, the account is asked what is left.
    assert set(paths[1:]) <= {"/api/app/user", "/api/app/queue"}
    if isinstance(answer, Exception):
        assert isinstance(outcome, SubmitUncertain | errors.ConnectionFailed)
        return
    said = body.get("success") if isinstance(body := answer.body(), dict) else None
    if not isinstance(outcome, MVSepError):
        assert answer.status == 200
        assert said in (True, 1, "1") or str(said).strip().lower() == "true"
        assert outcome.hash == real_hash(body)
        outcome.hash.encode("utf-8")
    elif answer.status == 200 and not isinstance(outcome, SubmitUncertain):
        # Only a clear no is a no: whatever else comes with 200, a job may have been paid for.
        assert isinstance(outcome, Refused)
        assert isinstance(body, dict)
        assert said in NO or str(said).strip().lower() == "false"
    elif answer.status < 400 or answer.status >= 500 or answer.status in {408, 425}:
        assert isinstance(outcome, SubmitUncertain)
        assert outcome.charged is None
    else:
        assert outcome.charged is False or outcome.status is None


CREATED = st.sampled_from(GOOD["separation_create"])


@given(data=st.data())
def test_a_job_is_created_once_and_only_with_a_hash_is_it_a_success(service, ledger, data):
    answer = service.answer = data.draw(hostile(data.draw(CREATED)), label="answer")
    for shell in SHELLS:
        check_submit(service, shell, answer)
    ledger.count("property cases", "separation_create", answer.status)


ODD_HASHES = (
    *(None, "", " ", "\t\n", 1, 1.5, True, [], {}, ["a"], {"a": "b"}, "\ud800", "a\ud83d", "\x00"),
    *("a\x1b[2J", "x" * 70_000, "a/../b", "a b", "a&b=c#d", "é", "\U0001f3b5"),
)


@pytest.mark.parametrize("hash_", ODD_HASHES, ids=lambda hash_: f"{hash_!a:.20}")
def test_a_hash_is_usable_or_the_job_is_uncertain(far_end, hash_):
    answer = Answer.of({"success": True, "data": {"hash": hash_}})
    for shell in SHELLS:
        far_end.answer = answer
        check_submit(far_end, shell, answer)
        job = attempt(far_end, shell, lambda client: client.submit(b"song", 40))
        if isinstance(job, MVSepError):
            continue
        far_end.answer = Answer.of(done(stem()))
        attempt(far_end, shell, lambda _: job.wait())  # noqa: B023  run at once
        assert [request.url.params["hash"] for request in far_end.requests] == [hash_]


@pytest.mark.parametrize(
    "success", [None, [], {}, "", " ", "\n", "yes", "no", -1, 2, 0.5, [True], "TRUE", " true "]
)
def test_an_unclear_success_is_no_refusal(far_end, success):
    answer = far_end.answer = Answer.of({"success": success, "data": {"hash": HASH}})
    for shell in SHELLS:
        check_submit(far_end, shell, answer)


@pytest.mark.parametrize("status", range(100, 1000, 9))
def test_no_status_makes_a_second_job(service, status):
    for content in (json.dumps(GOOD["separation_create"][0]).encode(), PAGE):
        answer = service.answer = Answer(content, status)
        for shell in SHELLS:
            check_submit(service, shell, answer)


BREAKS = (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.DecodingError)


@pytest.mark.parametrize("kind", [*BREAKS, httpx.ConnectError, httpx.PoolTimeout, httpx.WriteError])
def test_no_broken_connection_makes_a_second_job(service, kind):
    broken = service.answer = kind("broken")
    for shell in SHELLS:
        check_submit(service, shell, broken)
