"""An answer is held against the contract: where it differs, and what to change."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.live.check import examine
from mvsep_api.models import QueueAnswer
from mvsep_api.operations import OPERATIONS
from tests.kept_answers import CONTRACT, EXAMPLES, SUCCESSES, judged


def example(operation: str, name: str) -> Any:
    """Return a fresh copy of a named example's value."""
    return copy.deepcopy(
        next(each.value for each in EXAMPLES if (each.operation, each.name) == (operation, name))
    )


def test_the_contracts_own_examples_hold() -> None:
    assert len(EXAMPLES) > len(OPERATIONS)
    assert [str(each) for each in EXAMPLES if judged(each.operation, each.value, each.status)] == []


@pytest.mark.parametrize(
    ("operation", "value", "told"),
    [
        (
            "app_user",
            {"success": True, "data": {"premium_minutes": "12"}},
            "$.data.premium_minutes: is string, contract says integer -> set the type of "
            'components/schemas/UserData/properties/premium_minutes to ["integer", "string"]',
        ),
        (
            "app_user",
            {"success": True, "data": {"premium_minutes": 1.5}},
            "$.data.premium_minutes: is number, contract says integer -> set the type of "
            'components/schemas/UserData/properties/premium_minutes to "number"',
        ),
        (
            "app_news",
            [{"id": 1}, {"id": None}, {"id": None}],
            "$[1].id: is null, contract says integer (and 1 more alike) -> set the type of "
            'components/schemas/NewsItem/properties/id to ["integer", "null"]',
        ),
        (
            "app_demo",
            {"data": []},
            "$: is object, contract says array -> take its type away and name the shapes in its "
            "description (a generated model holds no list or object beside another type): "
            "the schema of app_demo 200",
        ),
        (
            "separation_get",
            {"success": [], "status": "done"},
            "$.success: is array, contract says boolean or string or integer -> take its type "
            "away and name the shapes in its description (a generated model holds no list or "
            "object beside another type): components/schemas/Success",
        ),
        (
            "separation_get",
            {"success": True, "data": {"files": [{"url": "x", "bytes": "many"}]}},
            "$.data.files[0].bytes: does not keep to pattern '^[0-9]+$' -> "
            "loosen pattern of components/schemas/SeparationFile/properties/bytes",
        ),
        (
            "app_news",
            b"[{",
            "$: is no JSON -> report it to the service: no contract can allow for it",
        ),
    ],
)
def test_a_problem_names_its_place_and_what_to_change(
    operation: str, value: Any, told: str
) -> None:
    assert judged(operation, value) == [told]


@given(st.data())
def test_a_value_of_another_type_in_any_named_place_is_found(data: st.DataObject) -> None:
    each = data.draw(st.sampled_from([e for e in SUCCESSES if e.operation == "app_algorithms"]))
    rows = copy.deepcopy(each.value)
    schema = CONTRACT["components"]["schemas"]["Algorithm"]["properties"]
    key = data.draw(st.sampled_from([key for key in rows[0] if "type" in schema[key]]))
    rows[0][key] = {"not": "this"}
    (told,) = judged(each.operation, rows)
    assert told.startswith(f"$[0].{key}: is object, contract says ")


@pytest.mark.parametrize(
    ("name", "fault", "told"),
    [
        ("to_dict", lambda self: {}, "$: does not come out of the client as it went in"),
        (
            "from_dict",
            lambda body: body["none"],
            "$: can't be read by the client: UnreadableAnswer",
        ),
    ],
)
def test_what_the_client_loses_is_the_clients_fault(
    name: str, fault: Any, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QueueAnswer, name, fault)
    content = json.dumps(example("app_queue", "current")).encode()
    verdict = examine(
        CONTRACT, "app_queue", status=200, content_type="application/json", content=content
    )
    assert [(str(problem), problem.blame) for problem in verdict.problems] == [(told, "client")]
