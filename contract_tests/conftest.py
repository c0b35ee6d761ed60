"""Fixtures of the contract tests: the contract, and both clients in front of Prism or of nothing.

A test that calls a client through `shell` runs twice: what holds for the sync client has to hold
for the async one.
"""

import contextlib
import io
import json
import re
import secrets
import string
from types import SimpleNamespace

import httpx
import pytest

from contract_tests.harness.answers import FarEnd
from contract_tests.harness.clients import do, hook
from contract_tests.harness.facade import USUAL, in_python, method
from contract_tests.harness.wire import sent
from contract_tests.live import steps
from contract_tests.live.__main__ import main
from contract_tests.live.trial import Between
from contract_tests.mock import Prism
from mvsep import NO_RETRY, MVSep
from mvsep.journal import Journal
from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, ServerState, render_song
from mvsep.testing.algorithms import rows
from mvsep.testing.app import create_app
from mvsep_api.types import File
from tests.own_folders import isolate
from tests.postgres import needs_postgres, postgres
from tools.operations import form_schema, operations, resolve
from tools.regenerate import Project

__all__ = ["postgres"]

#: A test with a journal of each kind.
BOTH_JOURNALS = pytest.mark.parametrize(
    "journal", ["sqlite", pytest.param("postgres", marks=needs_postgres())], indirect=True
)
#: A test with each client and a journal of each kind, but not with each pair: both clients run the
#: same flow, and no journal knows which.
CLIENT_AND_JOURNAL = pytest.mark.parametrize(
    ("shell", "journal"),
    [("sync", "sqlite"), pytest.param("async", "postgres", marks=needs_postgres())],
    indirect=True,
)
_TOKEN = "EXAMPLEexampleEXAMPLEexample00"  # the contract's own invented one


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch, tmp_path):
    # Nothing of the user's own, and nothing left there: made by what writes to it.
    monkeypatch.setenv("MVSEP_CACHE_DIR", str(tmp_path / "no-cache"))
    isolate(monkeypatch, tmp_path / "own")
    for name in ("MVSEP_API_TOKEN", "MVSEP_BASE_URL", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    # The servers of the tests are on this machine, whatever proxy leads out of it.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")


@pytest.fixture(scope="session")
def contract():
    return json.loads(Project().contract.read_text(encoding="utf-8"))


@pytest.fixture(params=["sync", "async"])
def shell(request):
    return request.param


# What goes out


class Wire:
    """The far end of a client: keeps every request as it is below the token's transport.

    Attributes:
        requests: the requests, their bodies read.
        answer: what is answered: a response, an exception, or a function of the request.
    """

    token = _TOKEN

    def __init__(self):
        self.requests = []
        self.answer = httpx.Response(200, json={"success": True, "data": {}})

    def __call__(self, request):
        self.requests.append(request)
        answer = self.answer(request) if callable(self.answer) else self.answer
        if isinstance(answer, Exception):
            raise answer
        # A response is used up by its first reader.
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def only(self):
        """The one request there was."""
        (request,) = self.requests
        return request

    def parts(self, request=None):
        """Return the parts of a form: the name, the name of the file, and the content of each."""
        request = request or self.only
        found = sent(request).parts
        assert found or request.content == b""
        return [(part.name, part.file_name, part.content) for part in found]

    @contextlib.contextmanager
    def opened(self, token=_TOKEN, **settings):
        """Return the sync client in front of this."""
        client = httpx.Client(transport=httpx.MockTransport(self), **settings)
        with client, MVSep(token, http_client=client, retry=NO_RETRY) as mvsep:
            yield mvsep

    def call(self, shell, operation, /, *, token=_TOKEN, settings=None, **arguments):
        """Call an operation through the facade; `settings` are those of the caller's own client."""
        return do(
            shell,
            lambda client: method(client, operation)(**arguments),
            token=token,
            http={"transport": httpx.MockTransport(self), **(settings or {})},
            retry=NO_RETRY,
        )


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture(scope="module")
def far_end():
    """Return a pretended service with both clients before it, that says what it is told to."""
    with FarEnd() as end:
        yield end


# What to say


@pytest.fixture(scope="session")
def upload():
    """Return a function: a small file for an upload; its bytes are no text."""

    def make(content=b"RIFF\x00\xff", name="a.wav"):
        return File(payload=io.BytesIO(content), file_name=name)

    return make


@pytest.fixture(scope="session")
def arguments(contract, upload):
    """Return a function: an operation's arguments for the facade, from the contract, few or all."""
    asked = {found["operationId"]: found for _, _, found in operations(contract)}

    def value(field, schema):
        if "example" in field:
            return field["example"]
        if schema["type"] == "integer":
            return schema.get("minimum", 0)
        if schema.get("format") == "binary":
            return upload()
        known = ("text", "user@example.com", "https://example.com/a", "7", "direct")
        return next(text for text in known if re.search(schema.get("pattern", ""), text))

    def make(operation, *, everything=False):
        form = form_schema(contract, asked[operation])
        fields = [
            {"name": name, "required": name in form["required"], "schema": schema}
            for name, schema in form.get("properties", {}).items()
        ]
        fields += [resolve(contract, each) for each in asked[operation].get("parameters", [])]
        return {
            in_python(field["name"]): value(field, resolve(contract, field["schema"]))
            for field in fields
            if field["name"] != "api_token" and (everything or field.get("required"))
        }

    return make


# Prism


class Talk:
    """Both clients in front of Prism, and what it answered.

    Attributes:
        wish: headers to add to each request: the status and the example wanted.
        response: the last answer as it came, or None.
    """

    def __init__(self, url):
        self.wish = {}
        self.response = None
        self._url = url

    def call(self, shell, operation, /, **arguments):
        """Call an operation through the facade."""
        hooks = {"request": [hook(shell, self._ask)], "response": [hook(shell, self._keep)]}
        return do(
            shell,
            lambda client: method(client, operation)(**arguments),
            token=_TOKEN,
            http={"trust_env": False, "event_hooks": hooks},
            base_url=self._url,
            retry=NO_RETRY,
        )

    def _ask(self, request):
        request.headers.update(self.wish)

    def _keep(self, response):
        response.read()
        self.response = response


@pytest.fixture(scope="session")
def prism():
    """Prism with the project's contract; it lives to the end of the session."""
    with Prism(Project().contract) as running:
        yield running
        running.check()


@pytest.fixture
def talk(prism):
    """Yield both clients in front of Prism; its death is told apart from a fault of theirs."""
    if not prism.alive():
        prism.restart()
    talk = Talk(prism.url)
    yield talk
    if talk.response is None:
        prism.check()


@pytest.fixture(params=sorted(USUAL))
def operation(request):
    """Each operation of the contract that answers as usual, in turn."""
    return request.param


# The fake server


@pytest.fixture
def call(shell, fake):
    """Return a function: call a method of either client before the fake; pauses are skipped."""

    def call(method, *arguments, token=DEMO_TOKEN, **more):
        def act(client):
            return getattr(client, method)(*arguments, **more)

        return do(shell, act, token=token, sleep=[].append, base_url=fake.url)

    return call


@pytest.fixture
def fake():
    """Run a fake on a port, whose jobs are done at once."""
    with FakeServer(schedule=Schedule.at_once()).run() as server:
        yield server


@pytest.fixture
def journal(request, tmp_path):
    """Return a journal; a test may ask for one that is shared, by `BOTH_JOURNALS`."""
    place = tmp_path / "data/journal.sqlite3"
    if getattr(request, "param", "sqlite") == "postgres":
        place = request.getfixturevalue("postgres").clear()
    with Journal(place) as journal:
        yield journal


@pytest.fixture
def song(tmp_path):
    path = tmp_path / "song.wav"
    path.write_bytes(render_song())
    return path


# The live run on a fake server


@pytest.fixture(scope="module")
def port():
    """Yield a port, behind which each test puts a fake of its own."""

    async def current(scope, receive, send):
        await server.between(scope, receive, send)

    server = FakeServer()
    server.app = current
    with server.run():
        yield server


@pytest.fixture
def service(port):
    """Return a fake behind the port, with one finished job in the demo account's history."""
    state = ServerState(schedule=Schedule.by_polls(0))
    port.between = Between(create_app(state))
    with MVSep(DEMO_TOKEN, base_url=port.url) as mvsep:
        known = mvsep.submit(render_song(), 63).hash
    # The whole list is long; two rows of it do for all tests but one.
    few = [row for row in rows(steps.EVERYTHING) if row["render_id"] in {63, steps.SEP_TYPE}]
    port.between.said["/api/app/algorithms"] = few
    state.requests.clear()
    port.between.queries.clear()
    yield SimpleNamespace(url=port.url, state=state, between=port.between, known=known)
    state.close()


@pytest.fixture
def live(monkeypatch, capsys):
    """Return a function that runs it with an environment: the exit code and what it wrote."""
    for name in ("MVSEP_LIVE", "MVSEP_LIVE_TOKEN", "MVSEP_LIVE_URL", "MVSEP_LIVE_WRITE"):
        monkeypatch.delenv(name, raising=False)

    def run(url, *arguments, **environment):
        for name, value in {"LIVE": "1", "LIVE_URL": url, **environment}.items():
            monkeypatch.setenv(f"MVSEP_{name}", value)
        code = main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return run


# Secrets


@pytest.fixture(scope="module")
def token():
    """Return a token of this run; a literal Hypothesis would copy to its folder."""
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(30))
