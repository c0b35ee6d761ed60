"""`mvsep account`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.scenes import QUEUE, Run
from tests.wire import TOKEN, Wire, answer

ACCOUNT = {"premium_minutes": 12, "premium_enabled": 1, "long_filenames_enabled": 0}


def told(**data: Any) -> Any:
    return answer({"success": True, "data": {"api_token": TOKEN, **data}})


def test_account_shows_credits_plan_and_switches_and_never_the_token(
    mvsep: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MVSEP_API_TOKEN", TOKEN)
    free = {"queue": {}, "current": {"plan": "a\x1bb", "queue": 40}}
    queue = answer(free | {"free_separations": {"left": 49, "max": 50}})
    code, out, err = mvsep(Wire(told(**ACCOUNT), queue), "account")
    _, json_out, _ = mvsep(Wire(told(**ACCOUNT), queue), "account", "--json")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Service: 127.0.0.1:8000",
        "Credits left: 12",
        "Premium: on",
        "Long names: off",
        "Plan: a\ufffdb",
        "Free separations left today: 49 of 50",
        "Jobs waiting on that plan: 40",
        "Token from: the variable MVSEP_API_TOKEN",
    ]
    assert json.loads(json_out) == {
        "service": "127.0.0.1:8000",
        "credits": 12,
        "premium_enabled": True,
        "long_names": False,
        "plan": "a\x1bb",
        "free_left": 49,
        "free_most": 50,
        "queue": 40,
        "token_from": "variable",
    }
    assert TOKEN not in out + err + json_out


def test_what_the_service_does_not_say_is_unknown(mvsep: Run) -> None:
    _, out, _ = mvsep(Wire(told(), answer({})), "account")
    _, json_out, _ = mvsep(Wire(told(), answer({})), "account", "--json")

    for line in ("Credits left", "Premium", "Long names", "Plan", "Token from"):
        assert f"{line}: unknown\n" in out
    assert set(json.loads(json_out).values()) == {None, "127.0.0.1:8000"}


def test_a_plan_that_can_not_be_read_keeps_no_credits_back(mvsep: Run) -> None:
    wire = Wire(told(**ACCOUNT), answer({"success": False, "message": "Sorry"}, 500))
    code, out, err = mvsep(wire, "account")

    assert code == 0
    assert "Credits left: 12\nPremium: on\n" in out
    assert "Plan: unknown\n" in out
    assert err.startswith("Warning: The plan is not known.")


@pytest.mark.parametrize(
    ("words", "path"),
    [
        (("premium", "on"), "enable_premium"),
        (("premium", "off"), "disable_premium"),
        (("long-names", "on"), "enable_long_filenames"),
        (("long-names", "off"), "disable_long_filenames"),
    ],
)
def test_a_switch_is_turned_and_the_account_shown_as_it_is_then(
    mvsep: Run, words: tuple[str, str], path: str
) -> None:
    turned = answer({"success": True, "message": "successfully enabled"})
    wire = Wire(turned, told(**ACCOUNT), QUEUE)
    code, out, _ = mvsep(wire, "account", *words)
    _, json_out, _ = mvsep(Wire(turned, told(**ACCOUNT), QUEUE), "account", "--json", *words)

    assert code == 0
    assert wire.paths == [f"/api/app/{path}", "/api/app/user", "/api/app/queue"]
    assert "Premium: on\nLong names: off\n" in out
    assert json.loads(json_out)["premium_enabled"] is True


def test_a_switch_that_was_turned_is_told_also_where_the_account_can_not_be_shown(
    mvsep: Run,
) -> None:
    turned = answer({"success": True, "message": "successfully enabled"})
    code, out, err = mvsep(Wire(turned, answer("?", 500)), "account", "premium", "on")

    assert (code, out) == (1, "")
    assert "The service has turned premium on." in err


def test_a_switch_has_two_states_only(mvsep: Run) -> None:
    wire = Wire(told())
    code, _, err = mvsep(wire, "account", "premium", "maybe")

    assert (code, wire.requests) == (2, [])
    assert "'on', 'off'" in err
