from __future__ import annotations

import asyncio
import contextlib
import html
import logging
import pickle
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mvsep import (
    Account,
    AsyncMVSep,
    ConnectionFailed,
    InvalidInput,
    InvalidRequest,
    InvalidToken,
    JobFailed,
    MVSep,
    MVSepError,
    Quota,
    RateLimited,
    UnexpectedResponse,
    account,
    switches,
)
from mvsep.answers import presentable
from tests.wire import BASE_URL, TOKEN, Wire, answer

EMAIL, PASSWORD = "ada@example.com", 'pass "word" & more'
PROFILE: dict[str, Any] = {
    "name": "Ada",
    "email": EMAIL,
    "api_token": TOKEN,
    "created_at": "2026-01-01 00:00:00",
    "premium_minutes": 12,
    "premium_enabled": 0,
    "long_filenames_enabled": 1,
    "current_queue": None,
    "shoe_size": 38,
}
FINE = answer({"success": True, "message": "successfully enabled"})
Do = Callable[..., Any]


def profile(**change: Any) -> httpx.Response:
    return answer({"success": True, "data": {**PROFILE, **change}})


@pytest.fixture(name="do", params=["sync", "async"])
def _do(request: pytest.FixtureRequest) -> Do:
    """Call a method of either client; both must behave alike."""

    def with_sync(wire: Wire, method: str, *arguments: Any) -> Any:
        with wire.client() as mvsep:
            if method == "quota":
                return account.quota(mvsep)
            return getattr(mvsep, method)(*arguments)

    async def with_async(wire: Wire, method: str, *arguments: Any) -> Any:
        async with wire.async_client() as mvsep:
            if method == "quota":
                return await account.quota_async(mvsep)
            return await getattr(mvsep, method)(*arguments)

    if request.param == "sync":
        return with_sync
    return lambda *arguments, **more: asyncio.run(with_async(*arguments, **more))


@pytest.fixture(name="within", params=["sync", "async"])
def _within(request: pytest.FixtureRequest) -> Do:
    """Run a block under a switch of either client; both must behave alike."""

    def with_sync(wire: Wire, method: str, block: Callable[[], object], *arguments: Any) -> None:
        with wire.client() as mvsep, getattr(mvsep, method)(*arguments):
            block()

    async def with_async(
        wire: Wire, method: str, block: Callable[[], object], *arguments: Any
    ) -> None:
        async with wire.async_client() as mvsep, getattr(mvsep, method)(*arguments):
            block()

    if request.param == "sync":
        return with_sync
    return lambda *arguments, **more: asyncio.run(with_async(*arguments, **more))


def calls(wire: Wire) -> list[str]:
    return [path.removeprefix("/api/app/") for path in wire.paths]


def everything(error: BaseException) -> str:
    """All that a person or a log may get to see of an error."""
    seen: list[BaseException] = [error]
    for each in seen:
        seen += [link for link in (each.__cause__, each.__context__) if link and link not in seen]
    texts = [f"{each} {each!r} {vars(each)} {each.args}" for each in seen]
    lines = traceback.TracebackException.from_exception(error).format()
    return "".join([*texts, *lines, repr(pickle.dumps(error))])


# Logging in


def test_a_login_gives_the_token_and_keeps_it_from_view(
    do: Do, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wire = Wire(profile())
    token = do(wire, "login", EMAIL, PASSWORD)

    assert token == TOKEN
    assert "SECRET" not in repr(token)
    assert calls(wire) == ["login"]
    assert b"pass" in wire.bodies[0]
    printed = "".join(capsys.readouterr()) + caplog.text
    assert not [secret for secret in (TOKEN, EMAIL, PASSWORD) if secret in printed]


def test_an_account_without_a_token_is_told_where_to_find_it(do: Do) -> None:
    for wrong in (None, ""):
        with pytest.raises(InvalidToken, match="no API token") as caught:
            do(Wire(profile(api_token=wrong)), "login", EMAIL, PASSWORD)
        assert "API page" in str(caught.value)


def test_a_token_that_can_not_be_one_is_not_shown(do: Do) -> None:
    with pytest.raises(InvalidToken) as caught:
        do(Wire(profile(api_token=f"{TOKEN}\n{TOKEN}")), "login", EMAIL, PASSWORD)
    assert "SECRET" not in everything(caught.value)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (answer({"success": False, "message": "These do not match."}, 400), "These do not match."),
        (answer({"message": "Unauthorized."}, 401), "Unauthorized."),
        (answer({"success": False, "errors": ["Wrong."]}), "Wrong."),
        (
            answer(
                {"success": False, "message": {"email": ["Required."], "password": ["No."]}}, 422
            ),
            "Required.; No.",
        ),
    ],
)
def test_wrong_credentials_are_refused_in_the_services_words(
    do: Do, reply: httpx.Response, words: str
) -> None:
    with pytest.raises(InvalidRequest, match="password") as caught:
        do(Wire(reply), "login", EMAIL, PASSWORD)

    assert type(caught.value) is InvalidRequest
    assert caught.value.server_text == words
    assert caught.value.status == reply.status_code
    assert caught.value.host == "127.0.0.1:8000"


def test_other_refusals_of_a_login_stay_what_they_are(do: Do) -> None:
    with pytest.raises(RateLimited) as limited:
        do(Wire(answer({"message": "Slow"}, 429, **{"Retry-After": "7"})), "login", EMAIL, PASSWORD)
    assert (limited.value.retry_after, limited.value.server_text) == (7, "Slow")
    with pytest.raises(ConnectionFailed, match="was lost"):
        do(Wire(httpx.ReadError("reset")), "login", EMAIL, PASSWORD)


def repeating(text: str) -> list[Any]:
    """Answers that tell what they should not; the last ones cut it, or a fresh token, in half."""
    body = httpx.Response(200, content=b'{"api_token": "SECRETfresh", "email": "' + EMAIL.encode())
    return [
        answer({"success": False, "message": f"{text} is wrong for {EMAIL}"}, 400),
        answer({"message": text}, 401),
        answer({"errors": {text: [text]}}, 422),
        answer({"success": False, "debug": {"password": text}}, 400),
        httpx.Response(500, text=f"<p>password={text}</p>"),
        httpx.Response(403, text="x" * 193 + " " + text),
        httpx.ReadError(f"peer said {text}"),
        httpx.RemoteProtocolError(f"illegal header line: {text}"),
        body,
        httpx.Response(400, content=body.content),
        httpx.Response(200, content=body.content.decode().encode("utf-16")),
        answer({"success": True, "data": [{**PROFILE, "api_token": "SECRETfresh"}]}),
        answer([PROFILE]),
    ]


@pytest.mark.parametrize("form", [str, quote, quote_plus, html.escape])
@pytest.mark.parametrize("number", range(len(repeating(""))))
def test_no_error_of_a_login_tells_the_password_the_address_or_a_token(
    do: Do, number: int, form: Callable[[str], str]
) -> None:
    with pytest.raises(MVSepError) as caught:
        do(Wire(repeating(form(PASSWORD))[number]), "login", EMAIL, PASSWORD)

    told = everything(caught.value)
    for secret in ("SECRET", "ada@", "pass ", "pass%20", "pass+"):
        assert secret not in told


@given(password=st.text(min_size=3), around=st.text())
@example(password="a\x07b  c", around="")
def test_no_words_of_the_service_give_the_password_back(password: str, around: str) -> None:
    said = {"success": False, "message": f"{around}{password}{around}"}
    with pytest.raises(MVSepError) as caught, Wire(answer(said, 400)).client() as mvsep:
        mvsep.login(EMAIL, password)

    told = (caught.value.server_text or "").replace("***", "")
    assert password not in told
    assert (presentable(password) or "nothing") not in told


@pytest.mark.parametrize("wrong", ["", None, 5, b"x"])
def test_credentials_that_can_not_be_are_not_sent(do: Do, wrong: Any) -> None:
    for arguments in ((wrong, PASSWORD), (EMAIL, wrong)):
        wire = Wire(profile())
        with pytest.raises(InvalidInput):
            do(wire, "login", *arguments)
        assert wire.requests == []


def test_a_password_that_no_form_can_hold_is_not_shown(do: Do) -> None:
    with pytest.raises(InvalidInput, match="UTF-8") as caught:
        do(Wire(profile()), "login", EMAIL, f"{PASSWORD}\udc80")
    assert "pass " not in everything(caught.value)


# Looking


def test_the_account_is_read_and_its_owner_is_not_in_the_repr(do: Do) -> None:
    found: Account = do(Wire(profile()), "account")

    assert (found.name, found.email, found.credits) == ("Ada", EMAIL, 12)
    assert (found.premium_enabled, found.long_filenames) == (False, True)
    assert found.raw["shoe_size"] == 38
    assert TOKEN not in str(dict(found.raw))
    assert not [secret for secret in ("SECRET", EMAIL, "Ada") if secret in repr(found)]


@pytest.mark.parametrize(
    ("flag", "meaning"),
    [
        (0, False),
        (1, True),
        (False, False),
        (True, True),
        ("0", False),
        ("1", True),
        ("false", False),
        ("True", True),
        (None, None),
        (2, None),
        ("yes", None),
        ([], None),
        ({}, None),
        (1.0, None),
    ],
)
def test_flags_come_in_many_forms_and_what_is_no_flag_is_not_guessed(
    do: Do, flag: Any, meaning: bool | None
) -> None:
    found = do(Wire(profile(premium_enabled=flag, long_filenames_enabled=flag)), "account")
    assert (found.premium_enabled, found.long_filenames) == (meaning, meaning)


def test_an_account_may_say_little(do: Do) -> None:
    found = do(Wire(answer({"success": True, "data": {"premium_minutes": "7"}})), "account")
    assert found == Account(None, None, 7, None, None, {})
    with pytest.raises(UnexpectedResponse, match="no account"):
        do(Wire(answer({"success": True})), "account")


def test_an_account_that_can_not_be_read_is_not_repeated(do: Do) -> None:
    for reply in (
        answer({"success": True, "data": [PROFILE]}),
        answer([PROFILE]),
        httpx.Response(200, html=f"<p>Welcome back, {EMAIL}</p>"),
    ):
        with pytest.raises(UnexpectedResponse) as caught:
            do(Wire(reply), "account")
        told = everything(caught.value)
        assert EMAIL not in told
        assert TOKEN not in told


def test_a_token_that_is_not_accepted_is_said_in_the_services_words(do: Do) -> None:
    with pytest.raises(InvalidToken) as caught:
        do(Wire(answer({"success": False, "message": "Invalid API key"}, 400)), "account")
    assert caught.value.server_text == "Invalid API key"


@pytest.mark.parametrize("key", ["current", "plan"])
def test_the_quota_is_read_under_either_name(do: Do, key: str) -> None:
    body = {
        "queue": {"in_process": 3},
        key: {"plan": "registered", "queue": 40},
        "free_separations": {"left": 49, "max": "50"},
    }
    found: Quota = do(Wire(answer(body)), "quota")

    assert (found.plan, found.queue, found.free_left, found.free_most) == ("registered", 40, 49, 50)
    assert found.raw["queue"] == {"in_process": 3}


def test_a_quota_may_say_nothing(do: Do) -> None:
    found = do(Wire(answer({"free_separations": []})), "quota")
    assert (found.plan, found.queue, found.free_left, found.free_most) == (None,) * 4


# Switches


@pytest.mark.parametrize(
    ("method", "name", "flag"),
    [
        ("premium", "premium", "premium_enabled"),
        ("long_filenames", "long_filenames", "long_filenames_enabled"),
    ],
)
@pytest.mark.parametrize("on", [True, False])
def test_a_switch_is_turned_for_a_block_and_put_back(
    within: Do, method: str, name: str, flag: str, on: bool
) -> None:
    wire = Wire(profile(**{flag: int(not on)}), FINE)
    seen: list[str] = []
    within(wire, method, lambda: seen.extend(calls(wire)), on)

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
    wire = Wire(profile(), FINE)
    failing = end("the block")

    def block() -> None:
        raise failing

    with pytest.raises(end) as caught:
        within(wire, "premium", block)

    if end is not asyncio.CancelledError:  # asyncio makes a new one of it
        assert caught.value is failing
    assert calls(wire) == ["user", "enable_premium", "disable_premium"]


def test_blocks_can_be_nested(within: Do) -> None:
    wire = Wire(profile(), FINE, profile(premium_enabled=1), FINE)

    def inner() -> None:
        with wire.client() as mvsep, mvsep.premium():
            assert calls(wire) == ["user", "enable_premium", "user"]

    within(wire, "premium", inner)
    assert calls(wire) == ["user", "enable_premium", "user", "disable_premium"]


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
    def switched(request: httpx.Request) -> httpx.Response:
        if "disable" in request.url.path:
            return httpx.Response(200, content=FINE.content)
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply.status_code, content=reply.content)

    wire = Wire(profile(), switched)
    with pytest.raises(MVSepError):
        within(wire, "premium", pytest.fail)
    # However often each was tried.
    assert list(dict.fromkeys(calls(wire))) == [
        "user",
        "enable_premium",
        *["disable_premium"] * acted,
    ]


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


def test_a_switch_that_could_not_be_asked_for_is_not_put_back() -> None:
    transport = Unplugged()
    with (
        httpx.Client(transport=transport) as http,
        MVSep(TOKEN, base_url=BASE_URL, http_client=http) as mvsep,
        pytest.raises(ConnectionFailed),
        mvsep.premium(),
    ):
        pytest.fail("the block was entered")
    assert set(transport.tried) == {"user", "enable_premium"}

    async def asked() -> None:
        async with (
            httpx.AsyncClient(transport=transport) as http,
            AsyncMVSep(TOKEN, base_url=BASE_URL, http_client=http) as mvsep,
        ):
            with pytest.raises(ConnectionFailed):
                async with mvsep.premium():
                    pytest.fail("the block was entered")

    asyncio.run(asked())
    assert set(transport.tried) == {"user", "enable_premium"}


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


@pytest.mark.parametrize("reply", LOST)
def test_what_the_block_had_raised_is_not_lost_over_it(within: Do, reply: Any) -> None:
    failed = JobFailed("It failed.", hash="h", charged=True, next_step="Look at the balance.")
    for ended in (failed, ValueError("the block")):

        def block(ended: Exception = ended) -> None:
            raise ended

        with pytest.raises(MVSepError, match="Premium may still be on") as caught:
            within(Wire(profile(), FINE, reply), "premium", block)
        assert caught.value.__cause__ is ended

        if ended is failed:
            assert (caught.value.hash, caught.value.charged) == ("h", True)
            assert "It failed." in str(caught.value)
            assert "Look at the balance." in str(caught.value)
            assert "disable_premium" in str(caught.value)


@pytest.mark.parametrize("reply", LOST)
def test_an_interruption_goes_on_and_says_so_along_the_way(within: Do, reply: Any) -> None:
    stop = KeyboardInterrupt()

    def block() -> None:
        raise stop

    with pytest.raises(KeyboardInterrupt) as caught:
        within(Wire(profile(), FINE, reply), "premium", block)

    assert caught.value is stop
    (note,) = stop.__notes__
    assert "Premium may still be on" in note
    assert "disable_premium" in note


def test_an_interruption_while_putting_back_says_so_too(within: Do) -> None:
    def interrupted(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        within(Wire(profile(), FINE, interrupted), "premium", lambda: None)
    assert "Premium may still be on" in caught.value.__notes__[0]


def test_a_cancelled_task_puts_the_switch_back() -> None:
    wire = Wire(profile(), FINE)

    async def cancelled() -> None:
        async with wire.async_client() as mvsep:
            entered = asyncio.Event()

            async def block() -> None:
                async with mvsep.premium():
                    entered.set()
                    await asyncio.Event().wait()

            task = asyncio.create_task(block())
            await entered.wait()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            assert task.cancelled()

    asyncio.run(cancelled())
    assert calls(wire) == ["user", "enable_premium", "disable_premium"]


def test_switches_can_be_turned_for_good() -> None:
    wire = Wire(FINE)
    with wire.client() as mvsep:
        switches.turn(mvsep, switches.LONG_FILENAMES, True)

    async def off() -> None:
        async with wire.async_client() as mvsep:
            await switches.turn_async(mvsep, switches.LONG_FILENAMES, False)

    asyncio.run(off())
    assert calls(wire) == ["enable_long_filenames", "disable_long_filenames"]
