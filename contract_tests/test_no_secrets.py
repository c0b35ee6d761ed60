"""No token gets into what a run leaves behind; and where one did, the run says so."""

import os
import subprocess
import sys
import textwrap

import pytest
from starlette.responses import HTMLResponse

from contract_tests.harness import secrets
from contract_tests.harness.secrets import scan
from contract_tests.live.trial import Between
from mvsep.testing import FakeServer, Schedule, demo_account
from tools.regenerate import Project

# Runs leave none


@pytest.fixture
def run(tmp_path, token):
    """A function: run a module in a process that has the token everywhere; its end and output.

    All that tools leave behind goes below `tmp_path`.
    """

    def start(*arguments, **environment):
        tokens = dict.fromkeys(secrets.VARIABLES, token)
        places = {"HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path / "left" / ".hypothesis")}
        ended = subprocess.run(
            [sys.executable, "-m", *map(str, arguments)],
            env={**os.environ, **tokens, **places, **environment},
            cwd=Project().root,
            capture_output=True,
            text=True,
            timeout=300,
        )
        left = tmp_path / "left"
        left.mkdir(exist_ok=True)
        (left / "output").write_text(ended.stdout + ended.stderr)
        return ended

    return start


@pytest.fixture
def pytest_run(run, tmp_path):
    """A function: run tests with every report there is."""
    left = tmp_path / "left"

    def start(*arguments, **environment):
        return run(
            *("pytest", "-q", "-o", f"cache_dir={left / '.pytest_cache'}", "--log-level=DEBUG"),
            *(f"--contract-report={left / 'reports'}", f"--junitxml={left / 'junit.xml'}"),
            *arguments,
            **environment,
        )

    return start


@pytest.fixture
def fake(token):
    """A fake that knows the token, and repeats whole requests in its error pages."""
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


def test_a_contract_run_leaves_none(pytest_run, tmp_path, token):
    ended = pytest_run("contract_tests/test_facade.py", "-k", "token_arrives or methods")
    assert ended.returncode == 0, ended.stdout
    assert (tmp_path / "left" / "junit.xml").exists()
    assert list((tmp_path / "left" / "reports").iterdir())
    assert scan([tmp_path / "left"], [token]) == []


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


def test_a_contract_run_that_fails_in_every_way_leaves_none(pytest_run, fake, tmp_path, token):
    test = tmp_path / "test_failing.py"
    test.write_text(textwrap.dedent(FAILING))
    echo(fake, "/api/app/queue/summary", 500)
    echo(fake, "/api/app/separation_history", 200)
    masking = ("-p", "contract_tests.harness.secrets")
    ended = pytest_run(*masking, "-c", Project().root / "pyproject.toml", test, FAKE=fake.url)
    left = tmp_path / "left"
    assert "6 failed" in ended.stdout, ended.stdout
    assert [path for path, query in fake.between.queries if token in query]  # it was really used
    assert "on purpose" in (left / "junit.xml").read_text()
    assert "GET " in (left / "junit.xml").read_text()  # the wire evidence is there
    assert list((left / ".pytest_cache").rglob("lastfailed"))
    assert not list((left / ".hypothesis").rglob("*"))  # examples are kept nowhere
    assert list((left / "reports").iterdir())
    assert scan([left], [token]) == []


def test_a_contract_run_that_leaks_is_found_out(pytest_run, tmp_path, token):
    test = tmp_path / "test_leaking.py"
    test.write_text("import os\ndef test_it():\n    assert not os.environ['MVSEP_API_TOKEN']\n")
    pytest_run(
        "-p", "no:contract_tests.harness.secrets", "-c", Project().root / "pyproject.toml", test
    )
    found = {finding.path.name for finding in scan([tmp_path / "left"], [token])}
    assert found >= {"junit.xml", "output"}


def live(run, fake, tmp_path, **environment):
    settings = {"MVSEP_LIVE": "1", "MVSEP_LIVE_URL": fake.url, "MVSEP_LIVE_WRITE": "1"}
    kept = tmp_path / "left" / "kept"
    return run("contract_tests.live", "--record", kept, **{**settings, **environment})


def test_a_live_run_leaves_none(run, fake, tmp_path, token):
    ended = live(run, fake, tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert list((tmp_path / "left" / "kept").iterdir())
    assert [path for path, query in fake.between.queries if token in query]
    assert scan([tmp_path / "left"], [token]) == []


def test_a_live_run_that_fails_leaves_none(run, fake, tmp_path, token):
    echo(fake, "/api/app/user", 418)
    echo(fake, "/api/app/queue/summary", 200)
    echo(fake, "/api/purchases", 500)
    fake.between.spoilt["/api/credit_alert"] = lambda _: {"success": [token], token: [token]}
    fake.between.spoilt["/api/app/queue"] = lambda _: {"queue": token}
    ended = live(run, fake, tmp_path)
    kept = tmp_path / "left" / "kept"
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "BROKEN" in ended.stdout
    assert "Can't do" in (kept / "app_user-418.json").read_text()
    assert scan([tmp_path / "left"], [token]) == []


def test_a_live_run_that_wrote_a_token_says_so(fake, tmp_path, token, monkeypatch, capsys):
    from contract_tests.live import redact
    from contract_tests.live.__main__ import main

    for name, value in {"LIVE": "1", "LIVE_URL": fake.url, "LIVE_TOKEN": token}.items():
        monkeypatch.setenv(f"MVSEP_{name}", value)
    monkeypatch.setattr(redact.Redactor, "body", lambda self, operation, value: value)
    assert main(["--record", str(tmp_path / "kept")]) == 2
    said = capsys.readouterr()
    assert "app_user-200.json (plain)" in said.err
    assert token not in said.out + said.err
