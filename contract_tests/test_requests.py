"""The generated client sends what was asked for and what the contract allows.

The cases are Schemathesis' own: the contract's examples, the edges of every schema, and chance.
Those that keep to the contract go through the generated client; those that break it can't be said
through a typed client and go raw. Prism, which knows nothing but the contract, judges them all.
"""

import copy
import json

import attrs
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract_tests.harness.bridge import (
    Callers,
    asked,
    cases,
    check_alive,
    endpoint,
    exchange,
    operation_of,
    prepared,
    secrets_of,
    uploads,
)
from contract_tests.harness.evidence import ContractBroken, Tape, scrub
from contract_tests.harness.facade import COMPLETE
from contract_tests.harness.refusal import faults, is_read_otherwise, kills_prism
from contract_tests.harness.wire import FORM, difference, sent
from contract_tests.mock import Prism, violations
from mvsep_api import types
from mvsep_api.models import SeparationCreateBody
from mvsep_api.operations import OPERATIONS

POSITIVE = cases("positive")
NEGATIVE = cases("negative")
# The async client differs from the sync one in its last step only, so it gets a share.
SHARE = settings(max_examples=max(5, settings().max_examples // 5))
HALF = settings(max_examples=max(5, settings().max_examples // 2))

TOKEN = "EXAMPLEexampleEXAMPLEexample00"  # the contract's own invented one


@pytest.fixture(scope="module")
def callers(prism):
    with Callers(prism.url) as opened:
        yield opened


@pytest.fixture(scope="module")
def raw(prism):
    """Open a client that sends what it is given; return it and its tape."""
    tape = Tape()
    with httpx.Client(base_url=prism.url, trust_env=False, event_hooks=tape.hooks) as client:
        yield client, tape


def hold(prism, callers, ledger, shell, case):
    if is_read_otherwise(asked(case)):
        return
    exchange(prism, callers, shell, case)
    ledger.count("request sent", operation_of(case), 200)
    ledger.count("property cases", operation_of(case), 200)


@POSITIVE.parametrize()
def test_the_client_sends_what_is_asked_and_prism_accepts_it(prism, callers, ledger, case):
    hold(prism, callers, ledger, "sync", case)


@POSITIVE.parametrize()
@SHARE
def test_the_async_client_sends_it_too(prism, callers, ledger, case):
    hold(prism, callers, ledger, "async", case)


@NEGATIVE.parametrize()
@HALF
def test_what_breaks_the_contract_is_refused(prism, raw, contract, ledger, case):
    """Check that Prism looks at every field: else its yes to other cases would mean nothing."""
    client, tape = raw
    tape.clear()
    said = prepared(case)
    request = client.build_request(
        said.method, said.path_url, headers=said.headers, content=said.body
    )
    request.read()
    on_the_wire = sent(request)
    if kills_prism(on_the_wire):
        return
    broken = faults(contract, case.operation.definition.raw, on_the_wire)
    operation = operation_of(case)
    try:
        refusals = violations(client.send(request))
    except httpx.TransportError:
        check_alive(prism, operation)
        raise
    if bool(broken) != bool(refusals):
        what, why = (
            ("accepted what breaks", broken) if broken else ("refused what keeps to", refusals)
        )
        secrets = secrets_of(case)
        raise ContractBroken(
            scrub(f"Prism {what} the contract ({'; '.join(why)})", secrets),
            blame="mock",
            operation=operation,
            status=400,
            evidence=scrub(str(tape), secrets),
        )
    if broken:
        ledger.count("property cases", operation, 400)


# Files: Schemathesis draws mostly pictures and documents

AWKWARD = (b"\r\n--", b"--\r\n", b"\r\n\r\n", b"\x00\xff", b"%zz", b"+++", b"", b"RIFF\x24\x00")
CONTENTS = st.lists(st.sampled_from(AWKWARD) | st.binary(max_size=40), max_size=5).map(b"".join)
REQUIRED = {
    "separation_create": {"sep_type": 40, "api_token": TOKEN},
    "quality_checker_add": {
        "algo_name": "a",
        "main_text": "b",
        "password": "c",
        "api_token": TOKEN,
    },
}


def case_of(operation, *, query=None, **body):
    known = OPERATIONS[operation]
    form = {"body": body, "media_type": FORM} if body else {}
    return POSITIVE[known.path][known.method].Case(query=query or {}, **form)


@pytest.mark.parametrize("operation", sorted(uploads().keys() & COMPLETE))
@given(data=st.data())
@settings(SHARE, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_the_bytes_of_files_arrive(prism, callers, ledger, operation, data):
    files = {name: data.draw(CONTENTS, label=name) for name in uploads()[operation]}
    hold(prism, callers, ledger, "sync", case_of(operation, **REQUIRED[operation], **files))


# The check itself: it sees a client that is broken, and says that it is the client


def create(**more):
    return case_of("separation_create", **more, **REQUIRED["separation_create"])


def assert_blamed(prism, callers, case, blame, what):
    for shell in ("sync", "async"):
        with pytest.raises(ContractBroken) as caught:
            exchange(prism, callers, shell, case)
        broken = caught.value
        assert broken.blame == blame
        assert broken.operation == operation_of(case)
        assert what in broken.what
        was_sent = f"{case.method} {callers.url}{case.path}" in broken.evidence
        assert was_sent != ("sent nothing: " in what)
        assert TOKEN not in str(broken)


def drop(parts):
    return [part for part in parts if part[0] != "is_demo"]


def add(parts):
    return [types.form_field("output_format", 0)[0], *parts]


def spell(parts):
    return [
        (*part[:1], (None, b"True", "text/plain"), *part[2:]) if part[0] == "is_demo" else part
        for part in parts
    ]


def bend(parts):
    for name, (_, payload, *_), *_ in parts:
        if name == "audiofile":
            payload.seek(0)
            payload.write(b"LIST")
            payload.seek(0)
    return parts


SPOILED_FORMS = {
    drop: "form field is_demo: asked for text b'1', sent nothing",
    add: "output_format: asked for nothing, sent text b'0'",
    spell: "asked for text b'1', sent text b'True'",
    bend: "form field audiofile: asked for file",
    (lambda parts: 1 / 0): "sent nothing: ZeroDivisionError",
}


@pytest.mark.parametrize(("change", "what"), SPOILED_FORMS.items())
def test_a_spoiled_form_is_blamed_on_the_client(prism, callers, monkeypatch, change, what):
    whole = SeparationCreateBody.to_multipart
    monkeypatch.setattr(SeparationCreateBody, "to_multipart", lambda self: change(whole(self)))
    assert_blamed(prism, callers, create(is_demo=1, audiofile=b"RIFF"), "client", what)


def test_an_answer_that_the_client_cannot_read_is_blamed_on_it(prism, callers, monkeypatch):
    case = case_of("app_news", query={"lang": "en"})
    monkeypatch.setattr(endpoint(case), "_parse_response", lambda **_: 1 / 0)
    assert_blamed(prism, callers, case, "client", "could not read the answer")


def test_a_request_that_prism_refuses_as_it_was_asked_is_blamed_on_the_contract(prism, callers):
    case = case_of("app_news", query={"limit": 21})
    assert_blamed(prism, callers, case, "contract", "Prism refused what keeps to the contract")


def test_an_answer_outside_its_schema_is_blamed_on_the_contract(tmp_path, contract):
    """Let Prism answer from its own copy, and hold the answer to the contract."""
    changed = copy.deepcopy(contract)
    examples = changed["paths"]["/api/app/news"]["get"]["responses"]["200"]["content"]
    for example in examples["application/json"]["examples"].values():
        for item in example.get("value", ()):
            item["id"] = "seven"
    changed["components"]["schemas"]["NewsItem"]["properties"]["id"] = {"type": "string"}
    path = tmp_path / "contract.json"
    path.write_text(json.dumps(changed), encoding="utf-8")
    case = case_of("app_news", query={"lang": "en"})
    with Prism(path) as other, Callers(other.url) as callers:
        assert_blamed(other, callers, case, "contract", "the answer breaks the contract")


def test_a_dead_mock_is_blamed_on_the_mock_and_started_again(prism, callers):
    case = case_of("app_news", query={"lang": "en"})
    # The name of a form field kills Prism, as quirks.toml says.
    body = b'--B\r\nContent-Disposition: form-data; name="%"\r\n\r\n\r\n--B--\r\n'
    with pytest.raises(httpx.TransportError):
        httpx.post(
            f"{prism.url}/api/app/enable_premium",
            content=body,
            headers={"Content-Type": f"{FORM}; boundary=B"},
            trust_env=False,
        )
    with pytest.raises(ContractBroken, match="Prism crashed") as caught:
        exchange(prism, callers, "sync", case)
    assert caught.value.blame == "mock"
    assert "URI malformed" in caught.value.evidence
    exchange(prism, callers, "sync", case)


@pytest.mark.parametrize("field", ["method", "path", "query", "parts"])
def test_the_comparison_sees_every_difference(field):
    one = asked(create(audiofile=b"RIFF", is_demo=1))
    assert difference(one, one) is None
    other = {"query": (("a", "b"),), "parts": one.parts[1:]}.get(field, "other")
    assert difference(one, attrs.evolve(one, **{field: other})) is not None


def test_the_order_of_fields_is_free_but_for_the_token():
    parts = asked(create(is_demo=1, url="https://example.com/a")).parts
    token = next(part for part in parts if part.name == "api_token")
    others = tuple(part for part in parts if part is not token)
    one = attrs.evolve(asked(create()), parts=(*others, token))
    assert difference(one, attrs.evolve(one, parts=(*others[::-1], token))) is None
    assert "last" in difference(one, attrs.evolve(one, parts=(token, *others)))
