"""Logging in, and reading the account."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mvsep import (
    Account,
    ConnectionFailed,
    InvalidInput,
    InvalidRequest,
    InvalidToken,
    MVSepError,
    Quota,
    RateLimited,
    UnexpectedResponse,
)
from mvsep.core.values import presentable
from tests.profiles import EMAIL, PASSWORD, PROFILE, calls, everything, profile
from tests.wire import TOKEN, Do, Wire, answer

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
    ("status", "said", "words"),
    [
        (400, {"message": "These do not match."}, "These do not match."),
        (401, {"message": "Unauthorized."}, "Unauthorized."),
        (200, {"errors": ["Wrong."]}, "Wrong."),
        (422, {"message": {"email": ["Required."], "password": ["No."]}}, "Required.; No."),
    ],
)
def test_wrong_credentials_are_refused_in_the_services_words(
    do: Do, status: int, said: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidRequest, match="password") as caught:
        do(Wire(answer({"success": False, **said}, status)), "login", EMAIL, PASSWORD)

    assert type(caught.value) is InvalidRequest
    assert caught.value.server_text == words
    assert caught.value.status == status
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
    with pytest.raises(MVSepError) as caught, Wire(answer(said, 400)).client() as client:
        client.login(EMAIL, password)

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
    ("meaning", "flags"),
    [
        (False, (0, False, "0", "false")),
        (True, (1, True, "1", "True")),
        (None, (None, 2, "yes", [], {}, 1.0)),
    ],
)
def test_flags_come_in_many_forms_and_what_is_no_flag_is_not_guessed(
    do: Do, meaning: bool | None, flags: tuple[Any, ...]
) -> None:
    for flag in flags:
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
    found = do(Wire(answer({"free_separations": []})), "quota")
    assert (found.plan, found.queue, found.free_left, found.free_most) == (None,) * 4
