"""`mvsep login` and `mvsep logout`."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from mvsep.cli.input.tokens import stored_token, tokens_file
from tests.cli.scenes import Run
from tests.wire import BASE_URL, TOKEN, Wire, answer

ACCOUNT = answer({"success": True, "data": {"api_token": TOKEN, "premium_minutes": 12}})
REFUSED = answer({"success": False, "message": f"Bad token {TOKEN}"}, 401)
PASSWORD = "correct horse"
Typed = Callable[..., list[str]]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Sit at a terminal, and type; what is hidden goes past standard input."""

    def typing(text: str = "", *, hidden: str = "") -> list[str]:
        asked: list[str] = []

        def ask(prompt: str = "", stream: object = None) -> str:
            asked.append(prompt)
            return hidden

        stdin = io.StringIO(text)
        monkeypatch.setattr(stdin, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", stdin)
        monkeypatch.setattr("getpass.getpass", ask)
        return asked

    return typing


def pipe(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_login_asks_tries_the_token_and_keeps_it(mvsep: Run, typed: Typed) -> None:
    hidden = typed("me@example.com\n", hidden=PASSWORD)
    wire = Wire(ACCOUNT)
    code, out, err = mvsep(wire, "login", token=None)

    assert code == 0
    assert wire.paths == ["/api/app/login", "/api/app/user"]
    assert out.startswith("Logged in to 127.0.0.1:8000; credits left: 12\nThe token is in the file")
    assert [each.partition(" (")[0] for each in hidden] == ["Password"]
    assert str(tokens_file()) in err
    assert stored_token(BASE_URL) == TOKEN
    assert TOKEN not in out + err
    assert PASSWORD not in out + err + tokens_file().read_text()


def test_a_token_is_asked_for_hidden_at_a_terminal(mvsep: Run, typed: Typed) -> None:
    hidden = typed(hidden=f" {TOKEN} ")
    wire = Wire(ACCOUNT)
    code, out, err = mvsep(wire, "login", "--with-token", token=None)

    assert (code, wire.paths, len(hidden)) == (0, ["/api/app/user"], 1)
    assert "https://mvsep.com/user-api" in err
    assert stored_token(BASE_URL) == TOKEN
    assert TOKEN not in out + err


def test_a_token_comes_from_standard_input_where_that_is_no_terminal(
    mvsep: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, f"{TOKEN}\n")
    wire = Wire(ACCOUNT)

    assert mvsep(wire, "login", "--with-token", token=None)[0] == 0
    assert stored_token(BASE_URL) == TOKEN


def test_a_token_that_the_service_refuses_is_not_kept(
    mvsep: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, TOKEN)
    code, out, err = mvsep(Wire(REFUSED), "login", "--with-token", token=None)

    assert (code, out) == (3, "")
    assert "The token was not kept." in err
    assert TOKEN not in err
    assert stored_token(BASE_URL) is None


@pytest.mark.parametrize("text", ["", "\n", "two words", "tok\u00e9n", f"{TOKEN}\n{TOKEN}"])
def test_what_can_be_no_token_is_not_sent(
    mvsep: Run, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    pipe(monkeypatch, text)
    wire = Wire(ACCOUNT)
    code, out, err = mvsep(wire, "login", "--with-token", token=None)

    assert (code, wire.requests) == (3, [])
    assert not text.strip() or text.strip() not in out + err


def test_a_password_that_is_wrong_is_not_shown_and_nothing_is_kept(
    mvsep: Run, typed: Typed
) -> None:
    typed("me@example.com\n", hidden=PASSWORD)
    said = answer({"success": False, "message": f"No such password: {PASSWORD}"}, 400)
    code, out, err = mvsep(Wire(said), "login", token=None)

    assert code == 4
    assert PASSWORD not in out + err
    assert stored_token(BASE_URL) is None


def test_where_nobody_can_be_asked_the_way_is_named(
    mvsep: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, "me@example.com\npassword\n")
    wire = Wire(ACCOUNT)
    code, _, err = mvsep(wire, "login", token=None)

    assert (code, wire.requests) == (2, [])
    assert "--with-token" in err


@pytest.mark.parametrize("words", [(TOKEN,), ("--with-token", TOKEN), (f"--with-token={TOKEN}",)])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_token_that_is_an_argument_is_neither_taken_nor_shown(
    mvsep: Run, typed: Typed, words: tuple[str, ...], more: tuple[str, ...]
) -> None:
    typed(hidden=TOKEN)
    wire = Wire(ACCOUNT)
    code, out, err = mvsep(wire, "login", *words, *more)

    assert (code, wire.requests) == (2, [])
    assert TOKEN not in out + err


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_a_login_that_is_broken_off_costs_and_keeps_nothing(
    mvsep: Run, typed: Typed, monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    def leave(*_: object, **__: object) -> str:
        raise end

    typed("me@example.com\n")
    monkeypatch.setattr("getpass.getpass", leave)
    code, out, err = mvsep(Wire(ACCOUNT), "login", token=None)

    assert (code, out) == (130, "")
    assert "No token was kept.\n  Nothing was charged.\n" in err


def test_a_variable_that_goes_before_the_kept_token_is_named(
    mvsep: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MVSEP_API_TOKEN", "another")
    pipe(monkeypatch, TOKEN)

    assert "MVSEP_API_TOKEN is set" in mvsep(Wire(ACCOUNT), "login", "--with-token")[2]
    assert "MVSEP_API_TOKEN is set" in mvsep(Wire(ACCOUNT), "logout")[2]
    assert stored_token(BASE_URL) is None


def test_a_logout_says_what_it_did_and_sends_nothing(
    mvsep: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe(monkeypatch, TOKEN)
    mvsep(Wire(ACCOUNT), "login", "--with-token")
    wire = Wire(ACCOUNT)
    code, out, _ = mvsep(wire, "logout")
    _, again, _ = mvsep(wire, "logout")

    assert (code, wire.requests) == (0, [])
    assert f"Removed the token for 127.0.0.1:8000 from the file {tokens_file()}." in out
    assert "The service still accepts it" in out
    assert again == "No token for 127.0.0.1:8000 is kept here.\n"
    assert stored_token(BASE_URL) is None
