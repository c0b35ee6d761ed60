"""An answer of the service that a test may change."""

import copy

import pytest

from tests.catalog.test_parse import ANSWER


@pytest.fixture
def answer():
    return copy.deepcopy(ANSWER)


@pytest.fixture
def row(answer):
    """Its row of type 40."""
    return next(row for row in answer if row["render_id"] == 40)
