"""`finish` sends songs without a job only where it may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import Journal, Plan
from mvsep.errors import InvalidInput
from mvsep.journal.entry import State
from tests.cli.scenes import CREATED, DONE, FETCHED, created, user
from tests.wav_files import song
from tests.wire import BOTH, Wire


def broken_off(_: object) -> httpx.Response:
    raise KeyboardInterrupt


@pytest.fixture
def unsent(journal: Journal, tmp_path: Path) -> Journal:
    (tmp_path / "song.wav").write_bytes(song(60))
    with Wire(broken_off).client() as client, pytest.raises(KeyboardInterrupt):
        client.separate(tmp_path / "song.wav", 40, out=tmp_path, journal=journal)
    assert [entry.state for entry in journal.entries()] == [State.INTENT]
    return journal


@BOTH
@pytest.mark.parametrize("agrees", [True, False])
def test_a_function_sees_the_plan_of_songs_without_a_job_and_decides(
    unsent: Journal, asynchronous: bool, agrees: bool
) -> None:
    plans: list[Plan] = []

    def submit(plan: Plan) -> bool:
        assert created(wire) == 0
        plans.append(plan)
        return agrees

    wire = Wire(user(7), CREATED, DONE, FETCHED)
    ended = wire.act(asynchronous, lambda client: client.finish(unsent, submit=submit))

    assert [(plan.credits, plan.account.credits) for plan in plans if plan.account] == [(1, 7)]
    assert (len(ended), created(wire)) == ((1, 1) if agrees else (0, 0))


def test_without_leave_an_unsent_song_stays_and_asks_nobody(unsent: Journal) -> None:
    wire = Wire(user(7), CREATED)
    with wire.client() as client:
        assert client.finish(unsent, submit=False) == []

    assert wire.paths == []
    assert [entry.state for entry in unsent.entries()] == [State.INTENT]


async def never(plan: Plan) -> bool:
    return True


@pytest.mark.parametrize("odd", ["no", None, never])
def test_leave_is_true_false_or_a_plain_function(unsent: Journal, odd: Any) -> None:
    with Wire(user(7)).client() as client, pytest.raises(InvalidInput) as caught:
        client.finish(unsent, submit=odd)

    assert caught.value.param == "submit"
