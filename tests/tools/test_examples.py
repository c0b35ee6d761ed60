import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.environment import ROOT
from tools.examples import difference, examples, round_trip
from tools.operations import operations, resolve

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
CONTRACT = json.loads((ROOT / "spec/mvsep-openapi-spec.json").read_text(encoding="utf-8"))
EXAMPLES = [example for example in examples(CONTRACT) if example.is_json]


@given(JSON)
def test_a_value_does_not_differ_from_its_copy(value):
    assert difference(value, copy.deepcopy(value)) is None


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (True, 1, "$"),
        (1, 1.0, "$"),
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": 0}]}, "$.a[1].b"),
        ({"a": 1}, {}, "$"),
        ({}, {"a": None}, "$"),
        ([1, 2], [1], "$"),
        ("true", True, "$"),
    ],
)
def test_a_difference_is_found_and_placed(before, after, place):
    found = difference(before, after)

    assert found is not None
    assert found.startswith(f"{place}:")


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_generated_client_gives_every_example_back(example):
    assert round_trip(example) is None


def test_every_operation_has_examples_of_success_and_of_refusal():
    complete = (each for _, _, each in operations(CONTRACT) if "x-adopted" not in each)
    for operation in complete:
        responses = {e.response for e in EXAMPLES if e.operation == operation["operationId"]}
        assert responses == {"200", "400", "401", "429", "default"}


def test_a_reference_is_followed_to_what_it_names():
    document = {"a": {"b/c": {"$ref": "#/d"}}, "d": {"x": 1}}

    assert resolve(document, {"$ref": "#/a/b~1c"}) == {"x": 1}
