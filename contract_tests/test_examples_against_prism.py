"""The examples of the contract, answered by Prism to the generated client.

It shows that the client and the contract agree, in both directions: Prism accepts what the client
sends, and the client reads every answer. It says nothing of the service itself.
"""

import json
import re

import attrs
import pytest

from contract_tests.harness.answers import texts
from contract_tests.harness.facade import ADOPTED, OF_THE_PROFILE, USUAL
from contract_tests.mock import prefer, violations
from mvsep import errors
from mvsep_api.operations import OPERATIONS
from tools.examples import difference, endpoint_module, examples, parse, plain
from tools.regenerate import Project

CONTRACT = json.loads(Project().contract.read_text(encoding="utf-8"))
EXAMPLES = [each for each in examples(CONTRACT) if each.operation in USUAL]
STATES = {name for name, operation in OPERATIONS.items() if operation.is_state}


def status_of(example):
    """Return the status to ask for; a `default` answer names its own, or is an odd one."""
    if example.response != "default":
        return int(example.response)
    named = re.search(r"\d+", example.name)
    return int(named[0]) if named else {"server_error": 500, "success_false": 520}[example.name]


def is_success(example):
    if status_of(example) != 200:
        return False
    if example.operation in STATES or isinstance(example.value, list):
        return True
    return example.value.get("success", True) in {True, "true"}


def kind_of(example):
    """Return the error that an example stands for."""
    status = status_of(example)
    if example.operation in STATES and not example.is_json and status != 429:
        # A page says nothing of a job; only the API's own refusal does.
        return errors.UnexpectedResponse
    if status == 401 or (status == 400 and example.operation in OF_THE_PROFILE):
        return errors.InvalidToken
    by_name = {
        "premium_required": errors.PremiumRequired,
        "queue_full": errors.QueueFull,
        "quota_used_up": errors.QuotaExceeded,
    }
    # What was too large of a question without a body, nobody knows.
    too_large = errors.FileTooLarge if example.method == "post" else errors.InvalidRequest
    by_status = {413: too_large, 429: errors.RateLimited}
    if status >= 500:
        return errors.UnexpectedResponse
    return by_name.get(example.name) or by_status.get(status) or errors.InvalidRequest


def exchange(talk, shell, example, arguments):
    """Let Prism answer with an example; return the value, or the error."""
    talk.wish = {
        **prefer(status_of(example), example.name),
        "Accept": example.content_type,
    }
    try:
        outcome = talk.call(shell, example.operation, **arguments)
    except errors.MVSepError as error:
        outcome = error
    response = talk.response
    assert response is not None, outcome
    assert violations(response) == []
    assert response.status_code == status_of(example)
    assert response.headers["content-type"].partition(";")[0] == example.content_type
    return outcome


def check_outcome(example, outcome):
    if is_success(example):
        assert difference(example.value, plain(outcome)) is None
        return
    assert type(outcome) is kind_of(example)
    assert outcome.status == status_of(example)
    said = "; ".join(texts(example.value)) if example.is_json else example.value
    assert outcome.server_text == " ".join(said.split())[:200]
    assert outcome.server_text in str(outcome)


def check_model(example, response):
    """Check that an example becomes its model, and itself again."""
    model = parse(endpoint_module(example.operation, example.tag), response)
    assert difference(example.value, plain(model)) is None
    assert isinstance(model, list) == isinstance(example.value, list)
    assert not isinstance(model, dict) or example.operation in ADOPTED
    assert unread(model) == []


def unread(model):
    """Return the keys that a model, or one inside it, knows and yet did not read."""
    if isinstance(model, list):
        return [name for inner in model for name in unread(inner)]
    if not attrs.has(type(model)):
        return []
    own = attrs.asdict(model, recurse=False)
    more = own.pop("additional_properties", {})
    known = {name.rstrip("_") for name in own}
    found = [f"{type(model).__name__}.{name}" for name in more if name in known]
    return found + [name for inner in [*own.values(), *more.values()] for name in unread(inner)]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_is_asked_for_rightly_and_means_what_it_says(talk, arguments, ledger, example):
    outcome = exchange(talk, "sync", example, arguments(example.operation))
    check_outcome(example, outcome)
    if example.is_json:
        check_model(example, talk.response)
    for column in ("request sent", "response parsed"):
        ledger.count(column, example.operation, example.response)


def test_the_time_to_wait_is_read_from_the_header_that_the_contract_shows(
    talk, arguments, operation, contract, shell
):
    shown = contract["components"]["headers"]["RetryAfter"]["example"]
    talk.wish = prefer(429)
    with pytest.raises(errors.RateLimited) as caught:
        talk.call(shell, operation, **arguments(operation))
    assert talk.response.headers["retry-after"] == str(shown)
    assert caught.value.retry_after == shown


def test_a_wrong_argument_is_refused_by_prism(talk, arguments):
    """Check that Prism looks at what it is sent: the other tests rest on this."""
    with pytest.raises(errors.MVSepError):
        talk.call("sync", "app_news", limit=21)
    assert violations(talk.response)
    with pytest.raises(errors.MVSepError):
        talk.call("sync", "separation_create", **arguments("separation_create"), is_demo=2)
    assert violations(talk.response)


def test_every_operation_has_an_example_of_success_and_of_each_error():
    for operation in USUAL:
        of_it = [example for example in EXAMPLES if example.operation == operation]
        assert any(map(is_success, of_it)), operation
        assert {status_of(example) for example in of_it} >= {400, 401, 413, 429, 500, 502, 520}
