"""With `preflight=True` the account is asked before the song is uploaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from mvsep import errors
from tests.scenes import CREATED, HASH
from tests.wire import Do, Wire, answer

SONG = b"RIFF\0\0\0\0WAVE"
USER, CREATE = "/api/app/user", "/api/separation/create"


def account(**data: Any) -> httpx.Response:
    return answer({"success": True, "data": data})


RICH = account(premium_enabled=1, premium_minutes=100)
POOR = account(premium_enabled=1, premium_minutes=1)
FREE = account(premium_enabled=0, premium_minutes=100)
REFUSED = answer({"success": False, "message": "Unauthenticated."}, 401)


@pytest.mark.parametrize(
    ("said", "more", "kind"),
    [
        (REFUSED, {}, errors.InvalidToken),
        (FREE, {"output_format": "flac24"}, errors.PremiumRequired),
        (
            account(premium_enabled=1, premium_minutes=1),
            {"seconds": 600},
            errors.InsufficientCredits,
        ),
    ],
)
def test_what_the_account_can_not_have_is_not_uploaded(
    do: Do, said: httpx.Response, more: dict[str, Any], kind: type[errors.MVSepError]
) -> None:
    wire = Wire(said)
    with pytest.raises(kind) as caught:
        do(wire, "submit", SONG, 40, preflight=True, **more)

    assert wire.paths == [USER]
    assert caught.value.charged is False


@pytest.mark.parametrize("said", [RICH, httpx.ReadError("reset"), httpx.Response(503)])
def test_what_it_may_have_or_can_not_be_asked_about_is_uploaded(do: Do, said: Any) -> None:
    wire = Wire(said, CREATED)

    assert do(wire, "submit", SONG, 40, preflight=True).hash == HASH
    assert wire.paths == [USER, CREATE]


def test_nobody_is_asked_otherwise(do: Do) -> None:
    wire = Wire(CREATED)
    do(wire, "submit", SONG, 40)

    assert wire.paths == [CREATE]


def test_a_batch_takes_it_too(do: Do, tmp_path: Path) -> None:
    wire = Wire(REFUSED)
    (outcome,) = do(wire, "separate_many", [SONG], 40, out=tmp_path, preflight=True)

    assert isinstance(outcome.error, errors.InvalidToken)
    assert CREATE not in wire.paths
