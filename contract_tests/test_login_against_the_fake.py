"""A token that is kept: used by every command, and sent to its own service only."""

import io
import sys

import pytest

from mvsep.cli.app import run
from mvsep.cli.input.tokens import tokens_file
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, FakeServer


@pytest.fixture
def logged_in(fake, monkeypatch, capsys):
    """Keep the demo account's token, for the fake."""
    monkeypatch.setenv("MVSEP_BASE_URL", fake.url)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{DEMO_TOKEN}\n"))
    assert run(["login", "--with-token"]) == 0
    assert DEMO_TOKEN not in "".join(capsys.readouterr())
    fake.state.requests.clear()


@pytest.mark.usefixtures("logged_in")
def test_a_command_uses_the_token_that_is_kept(fake, capsys):
    assert run(["account"]) == 0
    out = capsys.readouterr().out

    assert "Credits left: 1000\n" in out
    assert f"Token from: the file {tokens_file()}\n" in out
    assert DEMO_TOKEN not in out


@pytest.mark.usefixtures("logged_in")
def test_the_variable_goes_before_it(monkeypatch, capsys):
    monkeypatch.setenv("MVSEP_API_TOKEN", FREE_TOKEN)

    assert run(["account"]) == 0
    out = capsys.readouterr().out

    assert "Credits left: 0\n" in out
    assert "Token from: the variable MVSEP_API_TOKEN\n" in out


@pytest.mark.usefixtures("logged_in")
@pytest.mark.parametrize("way", ["option", "variable"])
def test_another_service_never_sees_it(monkeypatch, capsys, way):
    with FakeServer().run() as other:
        if way == "variable":
            monkeypatch.setenv("MVSEP_BASE_URL", other.url)
        code = run(["account", *(["--base-url", other.url] if way == "option" else [])])
        seen = [*other.state.requests]

    assert code == 3
    assert "`mvsep login`" in capsys.readouterr().err
    assert seen == []


@pytest.mark.usefixtures("logged_in")
def test_after_a_logout_no_command_has_it(fake, capsys):
    assert run(["logout"]) == 0
    assert run(["account"]) == 3
    assert fake.state.requests == []


@pytest.mark.parametrize(("state", "shown"), [("off", "Premium: off"), ("on", "Premium: on")])
@pytest.mark.usefixtures("logged_in")
def test_a_switch_stays_as_it_was_turned(capsys, state, shown):
    assert run(["account", "premium", state]) == 0
    assert run(["account"]) == 0
    assert capsys.readouterr().out.count(f"{shown}\n") == 2


@pytest.mark.usefixtures("logged_in")
def test_the_other_package_called_mvsep_is_mentioned_to_a_person_only(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    run(["account", "--json"])
    assert capsys.readouterr().err == ""

    run(["account"])
    run(["account"])
    assert capsys.readouterr().err.count("`mvsep-sdk`") == 1
