"""The states of a job, one after the other, as the contract's examples tell them.

Prism has no state of its own: the test says which example comes next, and Prism whether the
contract has it and whether the question keeps to the contract.
"""

import httpx
import pytest

from contract_tests.harness.clients import do, hook
from contract_tests.harness.inprocess import POLLING, in_virtual_time
from contract_tests.mock import Script, prefer, violations
from contract_tests.shells import written_once
from mvsep import NO_RETRY
from mvsep.errors import DownloadError, JobFailed, JobNotFound, MVSepError
from mvsep.testing import ManualClock
from mvsep_api.operations import OPERATIONS

TOKEN = "EXAMPLEexampleEXAMPLEexample00"  # the contract's own invented one
HASH = "20260819101500-0f1e2d3c4b-mixture.wav"
REMOTE = "EXAMPLEremote001"
LINK = "https://example.com/mixture.wav"
#: What a wait asks on the side, where the queue is long.
SUMMARY = OPERATIONS["app_queue_summary"].path
BY_PATH = {(known.method, known.path): known.id for known in OPERATIONS.values()}


class Walk:
    """A client that is answered with the examples named, in their order; the last one stays.

    Attributes:
        asked: the operations it called.
        elsewhere: the hosts that it wanted something of, and did not get it.
    """

    def __init__(self, shell, url, ledger, names):
        self.asked = []
        self.elsewhere = []
        self.clock = ManualClock()
        self._shell, self._url, self._ledger = shell, url, ledger
        self._script = Script(*(prefer(200, name) for name in names))

    def __call__(self, block):
        """Return what comes of `block(client)`, or the SDK's error; and the states it saw."""
        states = []
        ask, look = hook(self._shell, self._ask), hook(self._shell, self._look)
        try:
            outcome = do(
                self._shell,
                written_once(self._shell, lambda client: block(client, states)),
                token=TOKEN,
                http={"trust_env": False, "event_hooks": {"request": [ask], "response": [look]}},
                sleep=self.clock.advance,
                base_url=self._url,
                polling=POLLING,
                retry=NO_RETRY,
                timing=in_virtual_time(self.clock),
            )
        except MVSepError as error:
            return error, states
        return outcome, states

    @property
    def seconds(self):
        """The seconds that were waited."""
        return self.clock.now - ManualClock().now

    def _ask(self, request):
        if request.url.host != "127.0.0.1":
            # The examples' links lead to the service itself; nothing may go there.
            self.elsewhere.append(request.url.host)
            raise httpx.ConnectError("blocked", request=request)
        if request.url.path != SUMMARY:
            self._script.hook(request)

    def _look(self, response):
        response.read()
        assert violations(response) == []
        assert response.status_code == 200
        if response.request.url.path == SUMMARY:
            return
        operation = BY_PATH[response.request.method, response.request.url.path]
        self.asked.append(operation)
        self._ledger.count("life cycle", operation, 200)


@pytest.fixture
def walk(prism, ledger, shell):
    """Return a function that makes a client, which is answered with these examples."""
    if not prism.alive():
        prism.restart()
    return lambda *names: Walk(shell, prism.url, ledger, names)


def through(hash_):
    """Return a block that goes through a job's events."""

    async def block(client, states):
        job = client.job(hash_)
        async for state in job.events():
            states.append(state)
        return job

    return block


def submitted(source, **more):
    """Return a block that submits, then waits."""

    async def block(client, states):
        job = await client.submit(source, 40)
        return await job.wait(on_state=states.append, **more)

    return block


def words(states):
    return [state.status for state in states]


STAGES = ("waiting", "processing", "distributing", "merging", "converting", "done")


def test_a_job_goes_through_every_state_to_its_files(walk):
    step = walk(*STAGES)
    job, states = step(through(HASH))

    assert words(states) == list(STAGES)
    assert (states[0].place, states[0].queue) == (7, 40)
    assert (states[2].chunks_done, states[2].chunks_all) == (3, 8)
    assert job.hash == HASH
    assert [file.label for file in job.state.files] == ["Vocals", "Other"]
    assert step.asked == ["separation_get"] * len(STAGES)
    # The queue's example says 210 s; merging and converting come right before the end.
    pauses = POLLING.far + 2 * POLLING.initial + 2 * POLLING.near
    assert 0.9 * pauses <= step.seconds <= 1.1 * pauses


@pytest.mark.parametrize("downloading", ["downloading", "downloading_top_level"])
def test_a_link_is_downloaded_and_then_is_a_job(walk, downloading):
    step = walk("created_from_url", downloading, "waiting", "processing", "done", "waiting", "done")
    job, states = step(submitted(LINK))

    assert words(states) == ["downloading", "waiting", "processing", "waiting", "done"]
    assert job.hash == HASH
    asked = {"separation_create": 1, "separation_get_remote": 4, "separation_get": 2}
    assert step.asked == [name for name, count in asked.items() for _ in range(count)]


def test_a_link_may_be_a_job_at_once(walk):
    step = walk("created_from_url_long_hash", "done")
    job, _ = step(submitted(LINK))

    assert job.hash == HASH
    assert step.asked == ["separation_create", "separation_get"]


ENDS = {
    "fails": (HASH, ["waiting", "failed"], JobFailed, "The file could not be decoded"),
    "is unknown": (HASH, ["not_found"], JobNotFound, "File or File Hash not found"),
    "was a dead link": (REMOTE, ["downloading", "failed"], JobFailed, "The link could not be read"),
}


@pytest.mark.parametrize(("hash_", "names", "kind", "text"), ENDS.values(), ids=ENDS)
def test_a_job_that_fails_says_why(walk, hash_, names, kind, text):
    step = walk(*names)
    error, states = step(through(hash_))

    assert words(states) == names
    assert (type(error), error.hash, error.server_text) == (kind, hash_, text)
    assert len(step.asked) == len(names)


def test_a_short_hash_nobody_knows_as_a_link_is_asked_for_as_a_job(walk):
    step = walk("not_found", "done")
    job, _ = step(through(REMOTE))

    assert job.state.status == "done"
    assert step.asked == ["separation_get_remote", "separation_get"]

    error, _ = walk("not_found", "not_found")(through(REMOTE))

    assert (type(error), error.hash) == (JobNotFound, REMOTE)


def test_files_may_come_a_little_after_the_state(walk):
    step = walk("done_without_files", "done_without_files", "done")
    job, _ = step(through(HASH))

    assert len(job.state.files) == 2
    assert len(step.asked) == 3


def test_nothing_is_fetched_from_the_service_itself(walk, tmp_path):
    step = walk("done")
    error, _ = step(lambda client, _: client.job(HASH).download(tmp_path / "out"))

    assert (type(error), error.hash) == (DownloadError, HASH)
    assert set(step.elsewhere) == {"de2.mvsep.com"}
    assert list((tmp_path / "out").iterdir()) == []
