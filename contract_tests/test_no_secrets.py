"""No token gets into what a run leaves behind; and where one did, the scan finds it."""

import base64
import gzip
import json
import os
import secrets as chance
import sqlite3
import string
import subprocess
import sys
import textwrap
import zipfile
from contextlib import closing
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import HTMLResponse

from contract_tests.harness import secrets
from contract_tests.harness.secrets import SHORTEST, Finding, scan
from contract_tests.live.trial import Between
from mvsep.testing import FakeServer, Schedule, demo_account
from tools.regenerate import Project

ROOT = Project().root

# Never a literal: Hypothesis copies the constants of test modules into its folder.
LETTERS = string.ascii_letters + string.digits
TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=40)


def drawn():
    return "".join(chance.choice(LETTERS) for _ in range(30))


@pytest.fixture(scope="module")
def token():
    """A token of this run only."""
    return drawn()


# The scan finds what is there


def plain(token, _):
    return f"a log line with {token} in it".encode()


def in_url(token, _):
    return f"GET /api/app/user?api_token={quote(token, safe='')}&x=1".encode()


def percent(token, _):
    return "".join(f"%{byte:02x}" for byte in token.encode()).encode()


def in_json(token, _):
    return json.dumps({"token": token}).encode()


def in_base64(token, before):
    return base64.b64encode(before + token.encode() + b"and more after it" * 9)


def in_broken_base64(token, before):
    return base64.encodebytes(before * 9 + token.encode() + b"and more after it" * 9)


def in_urlsafe_base64(token, before):
    return base64.urlsafe_b64encode(before + token.encode())


def in_hex(token, _):
    return token.encode().hex().encode()


def in_hex_dump(token, _):
    return token.encode().hex(" ", 2).upper().encode()


def in_utf_16(token, _):
    return token.encode("utf-16")


FORMS = [plain, in_url, percent, in_json, in_base64, in_broken_base64, in_urlsafe_base64]
FORMS += [in_hex, in_hex_dump, in_utf_16]


def as_text(path, content):
    path.write_bytes(b"before\n" + content + b"\nafter")


def as_binary(path, content):
    path.write_bytes(os.urandom(300) + content + os.urandom(300))


def as_gzip(path, content):
    path.write_bytes(gzip.compress(content * 3))


def as_cut_gzip(path, content):
    path.write_bytes(gzip.compress(content + os.urandom(3000))[:-1000])


def as_zip(path, content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/report.html", content * 3)


def as_gzip_in_a_zip(path, content):
    as_zip(path, gzip.compress(content))


def as_database(path, content, *statements):
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
        connection.execute('CREATE TABLE "a ""table" (id INTEGER, body BLOB)')
        connection.execute('INSERT INTO "a ""table" VALUES (1, ?)', (content,))


def as_database_written_ahead(path, content):
    as_database(path, content, "PRAGMA journal_mode = WAL")


FILES = [as_text, as_binary, as_gzip, as_cut_gzip, as_zip, as_gzip_in_a_zip]
FILES += [as_database, as_database_written_ahead]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("file", FILES)
def test_a_planted_token_is_found_in_every_kind_of_file_and_form(tmp_path, token, file, form):
    folder = tmp_path / "reports" / "deep"
    folder.mkdir(parents=True)
    for length in range(4):
        file(folder / f"planted-{length}", form(token, b"z" * length))
    (folder / "harmless").write_text(drawn())
    found = scan([tmp_path / "reports"], [token])
    assert {finding.path.name for finding in found} == {f"planted-{n}" for n in range(4)}
    assert token not in str(found) + "".join(map(str, found))


@pytest.mark.parametrize("database", [as_database, as_database_written_ahead])
def test_a_token_that_a_database_cut_between_two_pages_is_found(tmp_path, token, database):
    for after in range(4000, 4200, 5):  # about as much as a page holds
        path = tmp_path / f"before-{after}"
        database(path, b"x" * 5000 + token.encode() + b"x" * after)
        if token.encode() not in path.read_bytes():
            break
        path.unlink()
    assert token.encode() not in path.read_bytes()
    assert [finding.path for finding in scan([tmp_path], [token])] == [path]


@pytest.mark.parametrize("place", [".hypothesis/examples/ab/cd", ".pytest_cache/v/lastfailed"])
def test_a_planted_token_is_found_in_the_tools_own_folders(tmp_path, token, place):
    path = tmp_path / place
    path.mkdir(parents=True)
    (path / "entry").write_bytes(b"\x00\x81" + token.encode() + b"\xff")
    assert scan([tmp_path], [token]) == [Finding(path / "entry", "plain")]


def test_a_token_in_the_name_of_a_file_is_found(tmp_path, token):
    (tmp_path / f"test_it[{token}].txt").write_text("harmless")
    assert [finding.inside for finding in scan([tmp_path], [token])] == ["name"]


@given(TOKENS, st.binary(max_size=5), st.binary(max_size=5), st.sampled_from(FORMS))
def test_any_token_is_found_between_any_bytes(tmp_path_factory, token, before, after, form):
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(before + form(token, before) + after)
    assert scan([path], [token])


@pytest.mark.parametrize("form", FORMS)
def test_a_token_of_signs_that_have_to_be_escaped_is_found(tmp_path, form):
    token = f'"{drawn()}\\&+/<'
    (tmp_path / "file").write_bytes(form(token, b"zz"))
    assert scan([tmp_path], [token])
    (tmp_path / "file").write_bytes(form(token, b"zz").replace(b"/", b"\\/"))  # as PHP writes it
    assert form is not in_json or scan([tmp_path], [token])


@given(TOKENS, TOKENS)
def test_another_token_is_not_taken_for_it(tmp_path_factory, token, other):
    path = tmp_path_factory.mktemp("other") / "file"
    path.write_bytes(b"".join(form(other, b"") for form in FORMS))
    assert bool(scan([path], [token])) == (token in other or token in path.read_text("latin-1"))


def test_what_is_not_there_is_passed_over(tmp_path, token):
    assert scan([tmp_path / "none"], [token]) == []
    assert scan([tmp_path], ["", token]) == []


def test_a_secret_too_short_to_look_for_is_refused(tmp_path):
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
            cwd=ROOT,
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
        assert number < 1, repr(mvsep.session)
        mvsep.api.app.separation_history(start=number)
"""


def test_a_contract_run_that_fails_in_every_way_leaves_none(pytest_run, fake, tmp_path, token):
    test = tmp_path / "test_failing.py"
    test.write_text(textwrap.dedent(FAILING))
    echo(fake, "/api/app/queue/summary", 500)
    echo(fake, "/api/app/separation_history", 200)
    masking = ("-p", "contract_tests.harness.secrets")
    ended = pytest_run(*masking, "-c", ROOT / "pyproject.toml", test, FAKE=fake.url)
    left = tmp_path / "left"
    assert "6 failed" in ended.stdout, ended.stdout
    assert [path for path, query in fake.between.queries if token in query]  # it was really used
    assert "on purpose" in (left / "junit.xml").read_text()
    assert "GET " in (left / "junit.xml").read_text()  # the wire evidence is there
    assert list((left / ".pytest_cache").rglob("lastfailed"))
    assert list((left / ".hypothesis").rglob("*"))
    assert list((left / "reports").iterdir())
    assert scan([left], [token]) == []


def test_a_contract_run_that_leaks_is_found_out(pytest_run, tmp_path, token):
    test = tmp_path / "test_leaking.py"
    test.write_text("import os\ndef test_it():\n    assert not os.environ['MVSEP_API_TOKEN']\n")
    pytest_run("-p", "no:contract_tests.harness.secrets", "-c", ROOT / "pyproject.toml", test)
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
