"""Switches of the account are turned for a block and put back, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from mvsep import ConnectionFailed, JobFailed, MVSepError, SubmitUncertain, UnexpectedResponse
from tests.profiles import FINE, calls, profile
from tests.wire import Do, Wire, answer


@pytest.fixture
def within(asynchronous: bool) -> Do:
    """Run a block under a switch of either client."""

    def run(wire: Wire, method: str, block: Callable[[], object], *on: bool, **more: Any) -> None:
        def sync(client: Any) -> None:
            with getattr(client, method)(*on):
                block()

        async def with_await(client: Any) -> None:
            async with getattr(client, method)(*on):
                block()

        wire.act(asynchronous, with_await if asynchronous else sync, **more)

    return run


def raising(error: BaseException) -> Callable[[], None]:
    def block() -> None:
        raise error

    return block


@pytest.mark.parametrize("name", ["premium", "long_filenames"])
@pytest.mark.parametrize("on", [True, False])
def test_a_switch_is_turned_for_a_block_and_put_back(within: Do, name: str, on: bool) -> None:
    wire = Wire(profile(**{f"{name}_enabled": int(not on)}), FINE)
    seen: list[str] = []
    within(wire, name, lambda: seen.extend(calls(wire)), on)

    turned, back = ("enable", "disable") if on else ("disable", "enable")
    assert seen == ["user", f"{turned}_{name}"]
    assert calls(wire) == [*seen, f"{back}_{name}"]


@pytest.mark.parametrize("on", [True, False])
def test_a_switch_that_stands_right_is_left_alone(within: Do, on: bool) -> None:
    wire = Wire(profile(premium_enabled=on))
    within(wire, "premium", lambda: None, on)
    assert calls(wire) == ["user"]


@pytest.mark.parametrize("end", [ValueError, JobFailed, KeyboardInterrupt, asyncio.CancelledError])
def test_a_switch_is_put_back_when_the_block_raises(within: Do, end: type[BaseException]) -> None:
    wire, failing = Wire(profile(), FINE), end("the block")
    with pytest.raises(end) as caught:
        within(wire, "premium", raising(failing))

    if end is not asyncio.CancelledError:  # asyncio makes a new one of it
        assert caught.value is failing
    assert calls(wire) == ["user", "enable_premium", "disable_premium"]


def test_a_switch_of_which_nothing_is_known_is_not_touched(within: Do) -> None:
    wire = Wire(profile(premium_enabled="perhaps"), FINE)
    with pytest.raises(UnexpectedResponse, match="left as it is"):
        within(wire, "premium", pytest.fail)
    assert calls(wire) == ["user"]


@pytest.mark.parametrize(
    ("reply", "acted"),
    [
        (answer({"success": False, "message": "no"}, 400), False),
        (answer({}, 429), False),
        (httpx.ReadTimeout("slow"), True),
        (answer({}, 502), True),
        (answer([]), True),
    ],
)
def test_a_switch_that_may_have_been_turned_is_put_back(
    within: Do, reply: Any, acted: bool
) -> None:
    wire = Wire(profile(), reply, FINE)
    with pytest.raises(MVSepError):
        within(wire, "premium", pytest.fail)
    assert calls(wire) == ["user", "enable_premium", *["disable_premium"] * acted]


class Unplugged(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers GETs, and has no connection left for anything else: not a byte of it is read."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.tried.append(request.url.path.rpartition("/")[2])
        if request.method == "GET":
            return profile()
        raise httpx.ConnectError("no route")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)


def test_a_switch_that_could_not_be_asked_for_is_not_put_back(
    within: Do, asynchronous: bool
) -> None:
    transport, kind = Unplugged(), httpx.AsyncClient if asynchronous else httpx.Client
    http = kind(transport=transport)
    with pytest.raises(ConnectionFailed):
        within(Wire(), "premium", pytest.fail, http_client=http)

    assert transport.tried == ["user", "enable_premium"]


LOST = [httpx.ReadTimeout("slow"), answer({}, 502), answer({"success": False}, 400)]


@pytest.mark.parametrize("reply", LOST)
def test_a_switch_that_can_not_be_put_back_is_said_clearly(within: Do, reply: Any) -> None:
    with pytest.raises(MVSepError, match="Premium may still be on") as caught:
        within(Wire(profile(), FINE, reply), "premium", lambda: None)

    assert "api.app.disable_premium()" in str(caught.value)
    assert not caught.value.retryable
    with pytest.raises(MVSepError, match="Long filenames may still be off") as caught:
        within(Wire(profile(), FINE, reply), "long_filenames", lambda: None, False)
    assert "api.app.enable_long_filenames()" in str(caught.value)


def interrupted(request: httpx.Request) -> httpx.Response:
    raise KeyboardInterrupt


def cancelled(request: httpx.Request) -> httpx.Response:
    raise asyncio.CancelledError


@pytest.mark.parametrize("reply", [*LOST, interrupted, cancelled])
@pytest.mark.parametrize(
    "ended",
    [
        lambda: SubmitUncertain("Unknown.", marker="mvk123456789", next_step="Look for it."),
        lambda: JobFailed("It failed.", hash="h", charged=True),
        lambda: ValueError("the block"),
    ],
)
def test_what_the_block_raised_stays_what_is_raised(
    within: Do, reply: Any, ended: Callable[[], Exception]
) -> None:
    failing, cause = ended(), OSError("reset")
    failing.__cause__ = cause
    said = str(failing)
    with pytest.raises(type(failing)) as caught:
        within(Wire(profile(), FINE, reply), "premium", raising(failing))

    assert caught.value is failing
    assert failing.__cause__ is cause
    (note,) = failing.__notes__
    assert "Premium may still be on" in note
    assert "api.app.disable_premium()" in note
    if isinstance(failing, MVSepError):
        assert str(failing) == f"{said} {note}"


@pytest.mark.parametrize(
    ("reply", "stop"), [*((reply, KeyboardInterrupt()) for reply in LOST), (interrupted, None)]
)
def test_an_interruption_goes_on_and_says_so_along_the_way(
    within: Do, reply: Any, stop: BaseException | None
) -> None:
    block = raising(stop) if stop else lambda: None
    with pytest.raises(KeyboardInterrupt) as caught:
        within(Wire(profile(), FINE, reply), "premium", block)

    assert stop in (None, caught.value)
    note = caught.value.__notes__[-1]
    assert "Premium may still be on" in note
    assert "disable_premium" in note
