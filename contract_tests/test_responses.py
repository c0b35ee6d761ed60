"""Any answer that the contract's schemas allow, read whole by the client.

The generated models read it and write it again unchanged; the facade of both clients turns it into
a value or into the typed error it stands for. The contract's own examples are those of
test_examples_against_prism.py.
"""

import json
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.harness.answers import SHELLS, Answer, allowed
from contract_tests.harness.evidence import ContractBroken
from contract_tests.harness.survival import ASKED
from mvsep import errors
from mvsep_api.models import SeparationState, WebhookPayload
from mvsep_api.operations import OPERATIONS
from tools.examples import difference, endpoint_module, parse, plain
from tools.operations import resolve
from tools.regenerate import Project

CONTRACT = json.loads(Project().contract.read_text(encoding="utf-8"))
ALLOWED = allowed(CONTRACT)
# What the contract knows as "default" only.
OTHERS = (201, 202, 302, 403, 404, 405, 409, 413, 419, 422, 500, 502, 503, 504, 520, 524, 599, 999)


def shared():
    """Yield the responses of each operation that have one schema: (operationId, their keys)."""
    for operation in ASKED:
        same = defaultdict(list)
        for (name, key), strategy in ALLOWED.items():
            if name == operation:
                same[id(strategy)].append(key)
        yield from ((operation, tuple(keys)) for keys in same.values())


def schema_of(operation, key):
    response = resolve(CONTRACT, ASKED[operation]["responses"][key])
    return response["content"]["application/json"]["schema"]


def name_of(value):
    """Return the kind of a value as the contract names it: `Model`, or `[Model]` for a list."""
    if isinstance(value, list):
        return f"[{', '.join(sorted({name_of(item) for item in value}))}]"
    return type(value).__name__


def is_promised(schema, value):
    """Tell if a value is of a kind that a schema promises; an empty one promises nothing."""
    name = schema.get("items", schema).get("$ref", "").rpartition("/")[2]
    return schema == {} or name_of(value) in ({f"[{name}]", "[]"} if "items" in schema else {name})


def meaning(operation, status, value):
    """Return the kinds of error that an answer may stand for; none for a success."""
    if status == 200:
        if not isinstance(value, dict | list):
            return (errors.UnexpectedResponse,)
        no = isinstance(value, dict) and value.get("success", True) in (False, "false")
        return (errors.Refused,) if no and not OPERATIONS[operation].is_state else ()
    if not 400 <= status < 500:
        return (errors.UnexpectedResponse,)
    right = {
        401: (errors.InvalidToken,),
        413: (errors.FileTooLarge, errors.InvalidRequest),
        429: (errors.RateLimited,),
    }
    kinds = right.get(status, (errors.Refused, errors.JobNotFound))
    # Of a job's state what does not say whether it is a success may come from somebody between.
    between = OPERATIONS[operation].is_state and not (
        isinstance(value, dict) and "success" in value
    )
    return (*kinds, errors.UnexpectedResponse) if between else kinds


def check_parsed(operation, key, answer):
    """Check that the generated client reads a JSON answer and gives it back as it was."""
    value = json.loads(answer.content)
    response = answer.response()
    response.read()
    parsed = parse(endpoint_module(operation, ASKED[operation]["tags"][0]), response)
    lost = difference(value, plain(parsed))
    if lost or not is_promised(schema_of(operation, key), parsed):
        what = lost or f"read as {name_of(parsed)}"
        raise ContractBroken(what, blame="client", operation=operation, status=key, evidence=answer)


def check_facade(far_end, operation, key, answer, arguments):
    """Check that both clients give a success's value, and else the error that it stands for."""
    value = answer.body()
    kinds = meaning(operation, answer.status, value)
    far_end.answer = answer
    for shell in SHELLS:
        try:
            outcome = far_end.run(shell, far_end.method(operation, arguments))
        except errors.MVSepError as error:
            outcome = error
        if kinds:
            right = isinstance(outcome, kinds) and outcome.status == answer.status
        else:
            right = not isinstance(outcome, Exception) and (
                is_promised(schema_of(operation, key), outcome)
                and difference(value, plain(outcome)) is None
            )
        if not right:
            raise ContractBroken(
                f"the {shell} client made {outcome!r:.200} of it",
                blame="client",
                operation=operation,
                status=key,
                evidence=answer,
            )


@pytest.mark.parametrize(
    ("operation", "keys"),
    list(shared()),
    ids=lambda value: value if type(value) is str else "-".join(value),
)
@given(data=st.data())
def test_any_answer_of_a_schema_is_read_whole(far_end, ledger, arguments, operation, keys, data):
    value = data.draw(ALLOWED[operation, keys[0]], label="answer")
    for key in keys:
        status = data.draw(st.sampled_from(OTHERS)) if key == "default" else int(key)
        answer = Answer.of(value, status)
        check_parsed(operation, key, answer)
        check_facade(far_end, operation, key, answer, arguments(operation))
        ledger.count("response parsed", operation, key)
        ledger.count("property cases", operation, key)


# The places where the service has its words, the first ones first.
PLACES = [
    {"errors": ["first"]},
    {"data": {"message": "second"}},
    {"message": {"email": ["third"]}},
    {"error": "fourth"},
]


@pytest.mark.parametrize("first", range(len(PLACES)))
def test_of_several_words_the_same_are_always_told(far_end, arguments, first):
    body = {name: words for place in PLACES[:first:-1] for name, words in place.items()}
    far_end.answer = Answer.of({"success": False, **body, **PLACES[first]}, 400)
    for shell in SHELLS:
        with pytest.raises(errors.Refused) as caught:
            far_end.run(shell, far_end.method("app_login", arguments("app_login")))
        assert caught.value.server_text == ("first", "second", "third", "fourth")[first]


# Beside the answers


def check_payload(value):
    assert difference(value, WebhookPayload.from_dict(value).to_dict()) is None


@given(value=ALLOWED["separation", "webhook"])
def test_any_payload_of_a_webhook_is_read_whole(value):
    check_payload(json.loads(json.dumps(value)))


def test_every_example_of_a_webhook_is_read_whole():
    body = CONTRACT["webhooks"]["separation"]["post"]["requestBody"]
    named = body["content"]["application/json"]["examples"]
    assert named
    for example in named.values():
        check_payload(resolve(CONTRACT, example)["value"])


@given(status=st.text())
def test_a_status_that_the_contract_does_not_know_is_kept(far_end, status):
    value = {"success": True, "status": status, "data": {}}
    far_end.answer = Answer.of(value)
    for shell in SHELLS:
        state = far_end.run(shell, far_end.method("separation_get", {"hash": "a"}))
        assert isinstance(state, SeparationState)
        assert difference(value, state.to_dict()) is None
