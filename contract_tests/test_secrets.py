"""No token gets into what a run leaves behind; and where one does, it is found."""

import base64
import html
import json
import os
import subprocess
import sys
import textwrap
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import HTMLResponse

from contract_tests.harness import secrets
from contract_tests.harness.secrets import SHORTEST, scan
from contract_tests.live import redact
from contract_tests.live.__main__ import main as live_run
from contract_tests.live.trial import Between
from mvsep.testing import FakeServer, Schedule, demo_account
from tools.regenerate import Project

# The search

WRITTEN = {
    "plain": lambda token: f"a log line with {token} in it",
    "url": lambda token: f"GET /api/app/user?api_token={quote(token, safe='')}&x=1",
    "json": lambda token: json.dumps({"token": token}),
    "html": lambda token: f"<td>{html.escape(token)}</td>",
    "base64": lambda token: base64.b64encode(f"user:{token}:pass".encode()).decode(),
    "base64 in lines": lambda token: base64.encodebytes(f"{token} {'x' * 99}".encode()).decode(),
}
TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=40)


@pytest.mark.parametrize("form", WRITTEN)
@given(token=TOKENS, before=st.binary(max_size=5), after=st.binary(max_size=5))
def test_a_planted_token_is_found_in_every_form(tmp_path_factory, form, token, before, after):
    path = tmp_path_factory.mktemp("planted") / "file"
    path.write_bytes(before + b"\n" + WRITTEN[form](token).encode() + b"\n" + after)
    assert scan([path.parent], [token])
    assert token not in "".join(scan([path], [token])).replace(str(path), "")


@given(TOKENS, TOKENS)
def test_another_token_is_not_taken_for_it(tmp_path_factory, token, other):
    path = tmp_path_factory.mktemp("other") / "file"
    path.write_text("\n".join(write(other) for write in WRITTEN.values()))
    assert not scan([path], [token]) or token in path.read_text()


@pytest.mark.parametrize("folder", secrets.FOLDERS)
def test_a_token_in_a_tool_s_own_folder_or_in_a_name_is_found(
    tmp_path, monkeypatch, token, folder, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MVSEP_API_TOKEN", token)
    deep = tmp_path / folder / "deep"
    deep.mkdir(parents=True)
    (deep / "harmless").write_text(token[::-1])
    assert secrets.main([]) == 0
    (deep / "entry").write_bytes(b"\x00\x81" + token.encode() + b"\xff")
    (deep / f"test_it[{token}].txt").touch()
    assert secrets.main([]) == 1
    assert capsys.readouterr().out.count("(plain)") == 2


def test_what_is_not_there_is_passed_over_and_too_short_a_secret_refused(tmp_path, token):
    assert scan([tmp_path / "none"], ["", token]) == []
    with pytest.raises(ValueError, match=str(SHORTEST)):
        scan([tmp_path], ["x" * (SHORTEST - 1)])


@pytest.mark.parametrize("name", secrets.VARIABLES)
def test_the_command_looks_for_the_environments_tokens(tmp_path, token, name, monkeypatch, capsys):
    for each in secrets.VARIABLES:
        monkeypatch.delenv(each, raising=False)
    (tmp_path / "log").write_text(f"> {token}")
    assert secrets.main([str(tmp_path)]) == 0
    assert "no token in the environment" in capsys.readouterr().out
    monkeypatch.setenv(name, token)
    assert secrets.main([str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert str(tmp_path / "log") in out
    assert token not in out


# Runs leave none


@pytest.fixture
def left(tmp_path):
    """Return the folder for all that a run leaves behind."""
    folder = tmp_path / "left"
    folder.mkdir()
    return folder


@pytest.fixture
def run(left, token):
    """Return a function: run a module in a process that has the token everywhere."""

    def start(*arguments, **environment):
        tokens = dict.fromkeys(secrets.VARIABLES, token)
        places = {"HYPOTHESIS_STORAGE_DIRECTORY": str(left / ".hypothesis")}
        ended = subprocess.run(
            [sys.executable, "-m", *map(str, arguments)],
            env={**os.environ, **tokens, **places, **environment},
            cwd=Project().root,
            capture_output=True,
            text=True,
            timeout=300,
        )
        (left / "output").write_text(ended.stdout + ended.stderr)
        return ended

    return start


@pytest.fixture
def pytest_run(run, left, tmp_path):
    """Return a function: run a test file of this text with every report there is."""

    def start(text, *options, **environment):
        test = tmp_path / "test_it.py"
        test.write_text(textwrap.dedent(text))
        return run(
            *("pytest", "-q", "-o", f"cache_dir={left / '.pytest_cache'}", "--log-level=DEBUG"),
            *(f"--contract-report={left / 'reports'}", f"--junitxml={left / 'junit.xml'}"),
            *("-c", Project().root / "pyproject.toml", *options, test),
            **environment,
        )

    return start


@pytest.fixture
def fake(token):
    """Return a fake that knows the token, and repeats whole requests in its error pages."""
    server = FakeServer([demo_account(token)], schedule=Schedule.by_polls(0))
    server.app = server.between = Between(server.app)
    with server.run():
        yield server
    server.state.close()


def echo(server, path, status):
    """Answer with a page that repeats the query, the token in it."""
    server.between.spoilt[path] = lambda _: HTMLResponse(
        f"<p>Can't do {server.between.queries[-1]}</p>", status
    )


#: Fails in every way that there is, each time with the token in its hands.
FAILING = """
    import os

    import httpx
    import pytest
    from hypothesis import given, strategies as st

    from contract_tests.harness.evidence import ContractBroken, Tape
    from mvsep import MVSep

    TOKEN = os.environ["MVSEP_LIVE_TOKEN"]


    @pytest.fixture(scope="module")
    def tape():
        return Tape([TOKEN])


    @pytest.fixture(scope="module")
    def mvsep(tape):
        with httpx.Client(event_hooks=tape.hooks, trust_env=False) as http:
            yield MVSep(TOKEN, base_url=os.environ["FAKE"], http_client=http)


    def test_evidence(mvsep, tape):
        mvsep.api.app.user()
        raise ContractBroken("on purpose", blame="server", operation="app_user", evidence=tape)


    def test_form(mvsep, tape):
        try:
            mvsep.api.separation.cancel(hash="none.wav")
        except Exception as error:
            raise ContractBroken(
                str(error), blame="client", operation="separation_cancel", evidence=tape
            ) from error


    def test_page_that_repeats_the_request(mvsep):
        mvsep.api.app.queue_summary()


    def test_connection():
        MVSep(TOKEN, base_url="http://127.0.0.1:1").api.app.user()


    def test_output():
        print(TOKEN)
        assert not TOKEN


    @given(st.integers(0, 5))
    def test_property(mvsep, number):
        assert number < 1, repr(mvsep.settings)
        mvsep.api.app.separation_history(start=number)
"""


def test_a_contract_run_that_fails_in_every_way_leaves_none(pytest_run, fake, left, token):
    echo(fake, "/api/app/queue/summary", 500)
    echo(fake, "/api/app/separation_history", 200)
    ended = pytest_run(FAILING, FAKE=fake.url)
    assert "6 failed" in ended.stdout, ended.stdout
    assert [path for path, query in fake.between.queries if token in query]  # it was really used
    assert "on purpose" in (left / "junit.xml").read_text()
    assert "GET " in (left / "junit.xml").read_text()  # the wire evidence is there
    assert list((left / ".pytest_cache").rglob("lastfailed"))
    assert not list((left / ".hypothesis").rglob("*"))  # examples are kept nowhere
    assert list((left / "reports").iterdir())
    assert scan([left], [token]) == []


def test_a_contract_run_that_leaks_is_found_out(pytest_run, left, token):
    leaking = "import os\ndef test_it():\n    assert not os.environ['MVSEP_API_TOKEN']\n"
    pytest_run(leaking, "-p", "no:contract_tests.harness.secrets")
    found = " ".join(scan([left], [token]))
    assert "junit.xml" in found
    assert "output" in found


def live(run, fake, left, **environment):
    settings = {"MVSEP_LIVE": "1", "MVSEP_LIVE_URL": fake.url, "MVSEP_LIVE_WRITE": "1"}
    return run("contract_tests.live", "--record", left / "kept", **{**settings, **environment})


def test_a_live_run_leaves_none(run, fake, left, token):
    ended = live(run, fake, left)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert list((left / "kept").iterdir())
    assert [path for path, query in fake.between.queries if token in query]
    assert scan([left], [token]) == []


def test_a_live_run_that_fails_leaves_none(run, fake, left, token):
    echo(fake, "/api/app/user", 418)
    echo(fake, "/api/app/queue/summary", 200)
    echo(fake, "/api/purchases", 500)
    fake.between.spoilt["/api/credit_alert"] = lambda _: {"success": [token], token: [token]}
    fake.between.spoilt["/api/app/queue"] = lambda _: {"queue": token}
    ended = live(run, fake, left)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "BROKEN" in ended.stdout
    assert "Can't do" in (left / "kept" / "app_user-418.json").read_text()
    assert scan([left], [token]) == []


def test_a_live_run_that_wrote_a_token_says_so(fake, tmp_path, token, monkeypatch, capsys):
    for name, value in {"LIVE": "1", "LIVE_URL": fake.url, "LIVE_TOKEN": token}.items():
        monkeypatch.setenv(f"MVSEP_{name}", value)
    monkeypatch.setattr(redact.Redactor, "body", lambda self, operation, value: value)
    assert live_run(["--record", str(tmp_path / "kept")]) == 2
    said = capsys.readouterr()
    assert "app_user-200.json (plain)" in said.err
    assert token not in said.out + said.err
