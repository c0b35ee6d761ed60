"""The fake server keeps the contract: every answer, to whatever it is asked.

The answers that it gives to both clients are held to the contract in test_life_cycles.py.
Whether the contract is true of the service itself is another question.
"""

import asyncio
import zlib

import httpx
import pytest
from hypothesis import settings

from contract_tests.harness.answers import texts
from contract_tests.harness.bridge import cases, operation_of, prepared
from contract_tests.harness.evidence import ContractBroken
from contract_tests.harness.facade import COMPLETE
from contract_tests.harness.model import Song
from contract_tests.harness.twins import POOR_TOKEN, TOKENS, accounts
from contract_tests.harness.witness import Witness
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, FakeServer, ManualClock, Schedule
from mvsep.testing import operations as served
from mvsep_api.operations import OPERATIONS
from tools.examples import examples
from tools.operations import form_schema, operations, resolve
from tools.regenerate import Project, read_contract

CONTRACT = read_contract(Project().contract)
SERVED = [OPERATIONS[name] for name in sorted(COMPLETE)]
BY_ID = {found["operationId"]: found for _, _, found in operations(CONTRACT)}
SONG = Song("song.wav", 30).content
LINK, DEAD_LINK = "https://songs.example/song.wav", "https://songs.example/gone.wav"
BASE_URL = "http://127.0.0.1:8000"
# Jobs wait for 3 seconds and take 2; links are fetched for 5.
SCHEDULE = Schedule(3, 2, downloading=5)


class Stage:
    """A fake server with a job in each state, asked without any client of ours.

    Attributes:
        hashes: those of its jobs and links.
        entry: the number of an entry in the quality checker.
    """

    def __init__(self, witness):
        self._witness = witness
        self._runner = asyncio.Runner()
        self.state = None

    def begin(self):
        """Set the scene anew."""
        self.close_server()
        self.clock = ManualClock()
        server = FakeServer(accounts(), schedule=SCHEDULE, clock=self.clock)
        self.state = server.state
        self.state.remote_files = {LINK: SONG, DEAD_LINK: None}
        self._transport = server.asgi_transport()
        self.hashes = self._jobs()
        self.entry = self.post("quality_checker_add", zipfile=b"PK", **ENTRY).json()["data"]["id"]

    def close_server(self):
        if self.state is not None:
            self.state.close()

    def close(self):
        self.close_server()
        self._runner.close()

    def pay_in(self):
        """Give the accounts what they had at the beginning."""
        for account in accounts():
            found = self.state.accounts.find(account.token)
            found.credits, found.premium_enabled = account.credits, account.premium_enabled

    def send(self, request):
        """Send a request as it is; the answer, once it was held to the contract."""

        async def sent():
            answer = await self._transport.handle_async_request(request)
            content = b"".join([piece async for piece in answer.stream])
            return httpx.Response(answer.status_code, headers=answer.headers, content=content)

        answer = self._runner.run(sent())
        self._witness.see(request.method, request.url.path, answer)
        return answer

    def ask(self, operation, **fields):
        """Call an operation with these fields."""
        known = OPERATIONS[operation]
        url = BASE_URL + known.path
        if known.method == "GET":
            return self.send(httpx.Request("GET", url, params=fields))
        parts = {
            name: ("a.wav", value) if isinstance(value, bytes) else (None, str(value))
            for name, value in fields.items()
        }
        return self.send(httpx.Request("POST", url, files=parts or {"": (None, "")}))

    def post(self, operation, **fields):
        return self.ask(operation, api_token=DEMO_TOKEN, **fields)

    def _jobs(self):
        """Return the hashes of jobs: done, failed, gone, links, worked on, waiting, and a link."""
        done = self._created(audiofile=SONG, is_demo=1)
        failed = self._created(audiofile=b"noise")
        gone = self._created(audiofile=SONG)
        self.post("separation_delete", hash=gone)
        links = [self._created(url=LINK), self._created(url=DEAD_LINK)]
        self.clock.advance(6)
        self.state.large_seconds = 20
        large = self._created(audiofile=SONG)
        self.state.large_seconds = 600
        self.clock.advance(4)
        working = self._created(audiofile=SONG)
        self.clock.advance(3)
        waiting = self._created(audiofile=SONG)
        fetching = self._created(url=LINK)
        return [done, failed, gone, *links, large, working, waiting, fetching]

    def _created(self, **fields):
        answer = self.post("separation_create", sep_type=40, **fields)
        return answer.json()["data"]["hash"]


ENTRY = {"algo_name": "A model", "main_text": "Of ours", "password": "entry-password"}


@pytest.fixture(scope="module")
def witness(ledger):
    return Witness(CONTRACT, ledger, "property cases", TOKENS.values())


@pytest.fixture(scope="module")
def standing(witness):
    """Return one stage for many cases."""
    stage = Stage(witness)
    stage.begin()
    yield stage
    stage.close()


@pytest.fixture
def stage(standing):
    """Return the stage as it is in the beginning."""
    standing.begin()
    return standing


# Whatever is asked

POSITIVE = cases("positive")
NEGATIVE = cases("negative")
SHARE = settings(max_examples=max(5, settings().max_examples // 5))
KNOWN = {
    "api_token": [DEMO_TOKEN, DEMO_TOKEN, DEMO_TOKEN, FREE_TOKEN, POOR_TOKEN],
    "sep_type": [40, 20, 26, 68, 115],
    "output_format": [0, 1, 5],
    "email": ["demo@example.com"],
    "password": ["demo-password", "entry-password"],
    "url": [LINK, DEAD_LINK],
    "audiofile": [SONG],
    "algorithm_id": [39],
}


# After these something is missing on the stage.
RUINOUS = {"separation_cancel", "separation_delete", "quality_checker_delete"}


def to_the_point(case, stage):
    """Let most fields name what the server knows: else nearly every answer would be a no."""
    known = {**KNOWN, "hash": stage.hashes, "id": [7675, stage.entry]}
    for fields in (case.query, case.body):
        if not isinstance(fields, dict):
            continue
        for name, value in fields.items():
            # The choice hangs on the case alone, so that it can be repeated.
            pick = zlib.crc32(f"{name} {value!r} {sorted(fields)}".encode())
            choices = [*known.get(name, []), value]
            fields[name] = choices[pick % len(choices)]


def put(stage, case, *, apt):
    """Send a case to the stage."""
    operation = operation_of(case)
    if operation not in COMPLETE:
        return
    stage.pay_in()
    if apt:
        to_the_point(case, stage)
    said = prepared(case)
    body = said.body.encode() if isinstance(said.body, str) else said.body
    url = httpx.URL(BASE_URL).join(said.path_url)
    try:
        answer = stage.send(
            httpx.Request(said.method, url, headers=dict(said.headers), content=body)
        )
    except ContractBroken:
        raise
    except Exception as error:
        raise ContractBroken(
            f"the server failed: {error!r}", blame="server", operation=operation
        ) from error
    if operation in RUINOUS and answer.status_code == 200:
        stage.begin()


@POSITIVE.parametrize()
def test_every_answer_to_what_keeps_the_contract_keeps_it(standing, case):
    put(standing, case, apt=True)


@NEGATIVE.parametrize()
@SHARE
def test_every_answer_to_what_breaks_the_contract_keeps_it_too(standing, case):
    put(standing, case, apt=False)


def test_it_has_every_operation_and_no_other():
    found = {(method, path) for method, path, _ in served.OPERATIONS}

    assert found == {(known.method, known.path) for known in SERVED}


# What is missing or wrong


def required(operation):
    """Return the fields without which an operation can't be called, but for the token."""
    fields = form_schema(CONTRACT, BY_ID[operation]).get("required", [])
    parameters = [resolve(CONTRACT, each) for each in BY_ID[operation].get("parameters", [])]
    names = [*fields, *(each["name"] for each in parameters if each.get("required"))]
    return [name for name in names if name != "api_token"]


def enough(operation, stage):
    """Return fields with which an operation succeeds, but for the token."""
    return {
        "separation_create": {"sep_type": 40, "audiofile": SONG},
        "separation_get": {"hash": stage.hashes[0]},
        "separation_get_remote": {"hash": stage.hashes[3]},
        "separation_cancel": {"hash": stage.hashes[-2]},
        "separation_delete": {"hash": stage.hashes[0]},
        "app_login": {"email": "demo@example.com", "password": "demo-password"},
        "app_register": {
            "name": "New",
            "email": "new@example.com",
            "password": "new-password",
            "password_confirmation": "new-password",
        },
        "quality_checker_entry": {"id": 7675},
        "quality_checker_add": {"zipfile": b"PK", **ENTRY},
        "quality_checker_delete": {"id": stage.entry, "password": ENTRY["password"]},
        "account_set_credit_alert": {"credit_threshold": 5},
    }.get(operation, {})


@pytest.mark.parametrize("operation", sorted(COMPLETE))
def test_what_is_enough_is_enough(stage, operation):
    """Call every operation once with good fields: the tests below rest on this."""
    answer = stage.post(operation, **enough(operation, stage))

    assert answer.status_code == 200
    assert isinstance(answer.json(), list) or answer.json().get("success", True) in {True, "true"}


MISSING = [(operation, name) for operation in sorted(COMPLETE) for name in required(operation)]


@pytest.mark.parametrize("empty", [False, True], ids=["absent", "empty"])
@pytest.mark.parametrize(("operation", "name"), MISSING)
def test_a_missing_field_is_refused(stage, operation, name, empty):
    fields = enough(operation, stage)
    del fields[name]
    if empty:
        fields[name] = ""

    answer = stage.post(operation, **fields)

    # Of a hash nobody knows the service says so with status 200.
    assert answer.status_code >= 400 or answer.json()["success"] is False


# Words that the service was heard to say; clients look for some of them
FREE = {"api_token": FREE_TOKEN, "audiofile": SONG}
HEARD = [
    ("separation_create", {"sep_type": 9999}, "Seperation type is not set"),
    (
        "separation_create",
        {"sep_type": 26, **FREE},
        "Seperation type is unavailable until you purchase premium membership",
    ),
    (
        "separation_create",
        {"sep_type": 40, **FREE},
        "You already have unprocessed file in queue. Please wait before adding new file!",
    ),
    ("separation_get", {"hash": "x"}, "File or File Hash not found"),
    (
        "separation_get_remote",
        {"hash": "the last link"},
        "Your audio file is being downloaded, please wait a while...",
    ),
    ("app_login", {}, "The email field is required."),
    ("app_login", {}, "The password field is required."),
    ("app_enable_premium", {}, "successfully enabled"),
    ("app_disable_long_filenames", {}, "successfully disabled"),
    ("quality_checker_entry", {"id": 1}, "Job not found"),
]


@pytest.mark.parametrize(("operation", "fields", "words"), HEARD)
def test_it_says_what_the_service_was_heard_to_say(stage, operation, fields, words):
    if "audiofile" in fields:
        stage.ask("separation_create", sep_type=40, **FREE)
    if fields.get("hash") == "the last link":
        fields = {"hash": stage.hashes[-1]}
    answer = stage.ask(operation, **{"api_token": DEMO_TOKEN, **fields})

    assert words in texts(answer.json())
    known = [each.value for each in examples(CONTRACT) if each.operation == operation]
    assert words in texts(known)
