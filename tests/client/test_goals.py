"""A goal in place of a separation type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mvsep import InvalidInput
from mvsep.catalog import Catalog
from tests.jobs.submission.scenes import fields
from tests.scenes import CREATED
from tests.wav_files import song
from tests.wire import Do, Wire, answer

BY_HAND = {"sep_type": 40, "options": {"add_opt1": "171"}}
METHODS = ["submit", "separate", "separate_many", "estimate", "preflight"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    path.write_bytes(song(120))
    return path


def sent(do: Do, path: Path, **given: Any) -> dict[str, bytes]:
    wire = Wire(CREATED)
    do(wire, "submit", path, **given)
    return fields(wire)


@pytest.mark.parametrize("goal", ["vocals", Catalog.bundled().goal("vocals")])
def test_a_goal_is_sent_as_its_type_and_option_by_hand(do: Do, path: Path, goal: Any) -> None:
    assert sent(do, path, best_for=goal) == sent(do, path, **BY_HAND)


def test_options_of_the_caller_count_before_those_of_the_goal(do: Do, path: Path) -> None:
    options = {"Vocal model type": "81", "Overlap": "87.5%"}

    assert sent(do, path, best_for="vocals", options=options) == sent(
        do, path, sep_type=40, options=options
    )


def test_prices_and_checks_are_those_of_the_type(do: Do, path: Path) -> None:
    account = answer({"success": True, "data": {"premium_minutes": 9, "premium_enabled": 1}})

    assert do(Wire(account), "estimate", path, best_for="vocals") == do(
        Wire(account), "estimate", path, **BY_HAND
    )
    assert do(Wire(account), "preflight", path, best_for="vocals") == do(
        Wire(account), "preflight", path, **BY_HAND
    )


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({}, "sep_type"),
        ({"sep_type": 40, "best_for": "vocals"}, "best_for"),
        ({"best_for": "kazoo"}, "best_for"),
        ({"best_for": 3}, "best_for"),
        ({"best_for": "vocals", "options": {"Kazoo": 1}}, "options"),
        ({"best_for": "vocals", "options": 3}, "options"),
    ],
)
def test_what_names_no_type_is_refused_before_anything_is_sent(
    do: Do, path: Path, method: str, given: dict[str, Any], param: str
) -> None:
    wire = Wire(answer({}, 500))

    with pytest.raises(InvalidInput) as refused:
        found = do(wire, method, [path] if method == "separate_many" else path, **given)
        raise found[0].error

    assert (refused.value.param, refused.value.charged) == (param, False)
    assert wire.requests == []
