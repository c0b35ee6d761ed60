"""Answers that break the contract end in a value or in a typed error, and never in a wrong success.

The answers are those a broken server, a front end or a stranger may give: spoiled JSON, pages,
odd encodings, any status, headers that lie. Both clients have to survive them in the facade and
in a job's whole life, on a clock that only their own pauses move. Faults of the connection below
HTTP need a real socket and stand elsewhere.
"""

import hashlib
import json
import math
import pickle
import tempfile
import unicodedata
from itertools import pairwise
from pathlib import Path

import attrs
import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contract_tests.harness.answers import (
    HEADERS,
    JSON,
    PAGE,
    SHELLS,
    STATUSES,
    Answer,
    FarEnd,
    hostile,
)
from contract_tests.harness.evidence import ContractBroken
from mvsep import errors
from mvsep.errors import (
    DownloadError,
    JobFailed,
    JobNotFound,
    JobTimeout,
    MVSepError,
    NoResultFiles,
    Refused,
    SubmitUncertain,
)
from mvsep.states import JobState
from mvsep_api.operations import OPERATIONS
from tools.examples import examples
from tools.operations import operations, resolve
from tools.regenerate import Project

CONTRACT = json.loads(Project().contract.read_text(encoding="utf-8"))
ASKED = {found["operationId"]: found for _, _, found in operations(CONTRACT)}
GOOD = {
    operation: [
        each.value
        for each in examples(CONTRACT)
        if each.operation == operation and each.response == "200"
    ]
    for operation in ASKED
}
HASH = "20260819101500-0f1e2d3c4b-mixture.wav"
REMOTE = "n2AwBjy4KsFZfqqR"
TYPED = tuple(
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, MVSepError)
)
NO = (False, "false", 0, "0", "")
PATIENCE = 600.0
"""Seconds on the pretended clock until waiting ends."""


@pytest.fixture(scope="module")
def far_end():
    with FarEnd() as end:
        yield end


def attempt(far_end, shell, do, **how):
    """What a client made of it: a value, or the typed error. Anything else is raised on."""
    try:
        return far_end.run(shell, do, **how)
    except MVSepError as error:
        check_error(error)
        return error


def check_error(error):
    """An error is one of the SDK's, can be shown anywhere, and survives a process boundary."""
    assert type(error) in TYPED
    text = str(error)
    assert not any(unicodedata.category(each) in {"Cc", "Cs"} for each in text), ascii(text[:300])
    assert len(text) < 20_000
    assert str(pickle.loads(pickle.dumps(error))) == text
    assert not (isinstance(error, Refused) and error.charged)


def kind_of(operation):
    """What a success of an operation is: "list", the name of its model, or None for anything."""
    response = resolve(CONTRACT, ASKED[operation]["responses"]["200"])
    schema = response["content"]["application/json"]["schema"]
    if schema == {}:
        return None
    return schema["$ref"].rpartition("/")[2] if "$ref" in schema else "list"


def check_outcome(operation, answer, outcome):
    """A value comes from a success of the right shape; an error has the answer's status."""
    if isinstance(outcome, MVSepError):
        assert outcome.status in {answer.status, None}
        return
    assert answer.status == 200
    kind = kind_of(operation)
    assert kind in {type(outcome).__name__, None}
    body = answer.body()
    assert isinstance(body, {"list": list, None: list | dict}.get(kind, dict))
    if isinstance(body, dict) and not OPERATIONS[operation].is_state:
        said = body.get("success", True)
        assert said in (True, 1, "1") or (isinstance(said, str) and said.strip().lower() == "true")


# The facade


@pytest.mark.parametrize("operation", sorted(ASKED))
@given(data=st.data())
def test_a_spoiled_answer_is_a_value_or_a_typed_error(far_end, ledger, arguments, operation, data):
    good = data.draw(st.sampled_from(GOOD[operation]), label="good")
    answer = far_end.answer = data.draw(hostile(good), label="answer")
    wanted = arguments(operation)
    for shell in SHELLS:
        try:
            outcome = attempt(far_end, shell, far_end.method(operation, wanted))
            check_outcome(operation, answer, outcome)
            again = OPERATIONS[operation].idempotent
            assert len(far_end.requests) == 1 or (again and 1 < len(far_end.requests) < 10)
        except Exception as broken:
            raise ContractBroken(
                f"the {shell} client: {type(broken).__name__}: {broken!s:.300}",
                blame="client",
                operation=operation,
                status=answer.status,
                evidence=answer,
            ) from broken
    ledger.count("property cases", operation, answer.status)


@pytest.mark.parametrize("operation", sorted(ASKED))
def test_no_status_but_200_is_a_success(far_end, ledger, arguments, operation):
    # Every status from 100 to 999 is some operation's turn; one with a meaning is everyone's.
    turn = sorted(ASKED).index(operation)
    statuses = {*STATUSES, *range(100 + turn, 1000, len(ASKED))} - {200}
    wanted = arguments(operation)
    for status in sorted(statuses):
        for content in (json.dumps(GOOD[operation][0]).encode(), PAGE, b""):
            answer = far_end.answer = Answer(content, status)
            for shell in SHELLS:
                outcome = attempt(far_end, shell, far_end.method(operation, wanted))
                assert isinstance(outcome, MVSepError), answer
                assert outcome.status == status
        ledger.count("property cases", operation, status, cases=3)


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: f"{header[0]}: {header[1]!a:.20}")
def test_a_header_that_lies_breaks_nothing(far_end, arguments, header):
    for operation in ("separation_create", "separation_get", "app_news"):
        for status in (200, 302, 429, 503):
            content = json.dumps(GOOD[operation][0]).encode()
            answer = Answer(content, status, (JSON, header))
            for shell in SHELLS:
                far_end.answer = answer
                do = far_end.method(operation, arguments(operation))
                check_outcome(operation, answer, attempt(far_end, shell, do))
                # Nor does it stay with the client.
                far_end.answer = Answer.of(GOOD[operation][0])
                assert not isinstance(attempt(far_end, shell, do, anew=False), MVSepError)


@pytest.mark.parametrize("depth", [1, 7, 100, 400, 900, 100_000])
@pytest.mark.parametrize("status", [200, 400])
def test_a_refusal_may_nest_its_words_however_deep(far_end, arguments, status, depth):
    words = b"[" * depth + b'"no"' + b"]" * depth
    far_end.answer = Answer(b'{"success": false, "errors": ' + words + b"}", status)
    for shell in SHELLS:
        do = far_end.method("separation_create", arguments("separation_create"))
        outcome = attempt(far_end, shell, do)
        assert outcome.status == status
        assert depth > 7 or outcome.server_text == "no"


# Creating a job


def real_hash(body):
    """The hash that a success of `separation_create` names, or None."""
    data = body.get("data") if isinstance(body, dict) else None
    found = data.get("hash") if isinstance(data, dict) else None
    return found if isinstance(found, str) and found.strip() else None


def check_submit(far_end, shell, answer):
    """Created once, and a job only with the hash that the service gave for a success."""
    outcome = attempt(far_end, shell, lambda client: client.submit(b"song", 40, output_format=1))
    paths = [request.url.path for request in far_end.requests]
    assert paths.count("/api/separation/create") == 1
    # After a refusal in words that nobody knows, the account is asked what is left.
    assert set(paths[1:]) <= {"/api/app/user", "/api/app/queue"}
    if isinstance(answer, Exception):
        assert isinstance(outcome, SubmitUncertain | errors.ConnectionFailed)
        return
    said = body.get("success") if isinstance(body := answer.body(), dict) else None
    if not isinstance(outcome, MVSepError):
        assert answer.status == 200
        assert said in (True, 1, "1") or str(said).strip().lower() == "true"
        assert outcome.hash == real_hash(body)
        outcome.hash.encode("utf-8")
    elif answer.status == 200 and not isinstance(outcome, SubmitUncertain):
        # Only a clear no is a no: whatever else comes with 200, a job may have been paid for.
        assert isinstance(outcome, Refused)
        assert isinstance(body, dict)
        assert said in NO or str(said).strip().lower() == "false"
    elif answer.status < 300 or answer.status >= 500 or answer.status in {408, 425}:
        assert isinstance(outcome, SubmitUncertain)
        assert outcome.charged is None
    else:
        assert outcome.charged is False or outcome.status is None


CREATED = st.sampled_from(GOOD["separation_create"])


@given(data=st.data())
def test_a_job_is_created_once_and_only_with_a_hash_is_it_a_success(far_end, ledger, data):
    answer = far_end.answer = data.draw(hostile(data.draw(CREATED)), label="answer")
    for shell in SHELLS:
        check_submit(far_end, shell, answer)
    ledger.count("property cases", "separation_create", answer.status)


ODD_HASHES = (
    *(None, "", " ", "\t\n", 1, 1.5, True, [], {}, ["a"], {"a": "b"}, "\ud800", "a\ud83d", "\x00"),
    *("a\x1b[2J", "x" * 70_000, "a/../b", "a b", "a&b=c#d", "é", "\U0001f3b5"),
)


@pytest.mark.parametrize("hash_", ODD_HASHES, ids=lambda hash_: f"{hash_!a:.20}")
def test_a_hash_is_usable_or_the_job_is_uncertain(far_end, hash_):
    answer = Answer.of({"success": True, "data": {"hash": hash_}})
    for shell in SHELLS:
        far_end.answer = answer
        check_submit(far_end, shell, answer)
        job = attempt(far_end, shell, lambda client: client.submit(b"song", 40))
        if isinstance(job, MVSepError):
            continue
        far_end.answer = Answer.of(done(stem()))
        attempt(far_end, shell, lambda _: job.wait())  # noqa: B023  run at once
        assert [request.url.params["hash"] for request in far_end.requests] == [hash_]


@pytest.mark.parametrize(
    "success", [None, [], {}, "", "yes", "no", -1, 2, 0.5, [True], "TRUE", " true "]
)
def test_an_unclear_success_is_no_refusal(far_end, success):
    answer = far_end.answer = Answer.of({"success": success, "data": {"hash": HASH}})
    for shell in SHELLS:
        check_submit(far_end, shell, answer)


@pytest.mark.parametrize("status", range(100, 1000, 9))
def test_no_status_makes_a_second_job(far_end, status):
    for content in (json.dumps(GOOD["separation_create"][0]).encode(), PAGE):
        answer = far_end.answer = Answer(content, status)
        for shell in SHELLS:
            check_submit(far_end, shell, answer)


BREAKS = (httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, httpx.DecodingError)


@pytest.mark.parametrize("kind", [*BREAKS, httpx.ConnectError, httpx.PoolTimeout, httpx.WriteError])
def test_no_broken_connection_makes_a_second_job(far_end, kind):
    broken = far_end.answer = kind("broken")
    for shell in SHELLS:
        check_submit(far_end, shell, broken)


# Waiting for it


def stem(url="https://de2.mvsep.com/storage/vocals.wav", **more):
    return {"type": "Vocals", "url": url, "download": "vocals.wav", **more}


def done(*files, **more):
    return {"success": True, "status": "done", "data": {"files": list(files), **more}}


STATES = st.sampled_from(
    [
        *GOOD["separation_get"],
        *GOOD["separation_get_remote"],
        done(stem()),
        done(stem(bytes="6"), stem("https://mvsep.com/a.wav", type="Other")),
    ]
)


def in_turn(answers):
    """Each answer once, and the last one for ever; a client that asks on and on is stopped."""
    given = []

    def give(request):
        if request.url.path.endswith("/queue/summary"):  # asked on the side; a wait does without
            return Answer(b"", 404)
        given.append(answers[min(len(given), len(answers) - 1)])
        assert len(given) < 1000, "it asks on and on"
        return given[-1]

    return give, given


def watching(shell, hash_, timeout, seen):
    """What `run` takes, to watch a job to its end and keep each state it shows."""

    def watch(client):
        job = client.job(hash_)
        for state in job.events(timeout=timeout):
            seen.append(state)
        return job

    async def watch_with_await(client):
        job = client.job(hash_)
        async for state in job.events(timeout=timeout):
            seen.append(state)
        return job

    return watch if shell == "sync" else watch_with_await


@given(
    data=st.data(),
    hash_=st.sampled_from([HASH, REMOTE]),
    patience=st.sampled_from([0.0, 5.0, PATIENCE]),
)
def test_waiting_survives_any_answers_and_ends(far_end, ledger, data, hash_, patience):
    said = data.draw(st.lists(STATES.flatmap(hostile), min_size=1, max_size=5), label="answers")
    for shell in SHELLS:
        give, given = in_turn(said)
        far_end.answer, seen, began = give, [], far_end.now
        outcome = attempt(far_end, shell, watching(shell, hash_, patience, seen))
        assert far_end.now - began <= patience
        assert all(isinstance(state, JobState) and str(state).isprintable() for state in seen)
        assert all(one != two for one, two in pairwise(seen))
        if isinstance(outcome, MVSepError):
            assert outcome.hash
            assert isinstance(outcome, JobTimeout) or given
            assert not isinstance(outcome, JobFailed) or b"failed" in given[-1].content
        else:
            # A result is one that the service called done, with files, in so many words.
            body = given[-1].body()
            assert given[-1].status == 200
            assert body["status"] == "done"
            urls = {file["url"] for file in body["data"]["files"]}
            assert outcome.state.files
            assert {file.url for file in outcome.state.files} <= urls
            assert seen[-1].status == outcome.state.status == "done"
        for answer in given:
            name = "separation_get" if hash_ == HASH else "separation_get_remote"
            ledger.count("property cases", name, answer.status)


PASSING = {
    "page": Answer(PAGE),
    "nothing": Answer(b""),
    "half": Answer(b'{"success": true, "status": "do'),
    "another kind": Answer(b"[]"),
    "no files yet": Answer.of(done()),
    "no status": Answer.of({"success": True}),
    "not gzip": Answer(b"{}", headers=(JSON, ("content-encoding", "gzip"))),
    "lost": httpx.ReadError("reset"),
    **{str(status): Answer(PAGE, status) for status in (201, 204, 429, 500, 502, 503, 520, 999)},
}


@pytest.mark.parametrize("answer", PASSING.values(), ids=PASSING)
def test_what_passes_does_not_end_a_wait(far_end, answer):
    for shell in SHELLS:
        far_end.answer, _ = in_turn([answer, answer, Answer.of(done(stem()))])
        job = attempt(far_end, shell, lambda client: client.job(HASH).wait())
        assert job.state.files
        assert len(far_end.requests) == 3


@pytest.mark.parametrize("wait", [value for name, value in HEADERS if name == "retry-after"])
def test_no_retry_after_holds_a_wait_for_ever(far_end, wait):
    for shell in SHELLS:
        far_end.answer, _ = in_turn(
            [Answer(b"{}", 429, (("retry-after", wait),)), Answer.of(done(stem()))]
        )
        job = attempt(far_end, shell, lambda client: client.job(HASH).wait(timeout=None))
        assert job.state.files
        (pause,) = far_end.waits
        assert 0 < pause <= 3600


ENDS = {
    "failed": (
        JobFailed,
        {"success": False, "status": "failed", "data": {"message": "\ud800\x1b"}},
    ),
    "not found": (JobNotFound, {"success": False, "status": "not_found"}),
    "no files": (NoResultFiles, done()),
    "files of another kind": (NoResultFiles, done(stem(5), stem(""), stem(None), stem([]))),
    "never": (JobTimeout, {"success": True, "status": "\u202eDone \ud800\x07"}),
    "page": (JobTimeout, []),
}


@pytest.mark.parametrize(("kind", "body"), ENDS.values(), ids=ENDS)
def test_each_end_of_a_job_has_its_own_error_that_can_be_shown(far_end, kind, body):
    far_end.answer = Answer.of(body)
    for shell in SHELLS:
        outcome = attempt(far_end, shell, lambda client: client.job(HASH).wait())
        assert type(outcome) is kind
        assert outcome.hash == HASH


NUMBERS = ("9" * 5000, 10**400, -1, 1.5, math.inf, math.nan, "²", "1e9", True, None, [], "\ud800")


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: f"{number!a:.10}")
def test_an_odd_number_in_a_state_is_a_number_or_nothing(far_end, number):
    names = ("current_order", "queue_count", "finished_chunks", "all_chunks")
    waiting = {"success": True, "status": "waiting", "data": dict.fromkeys(names, number)}
    for shell in SHELLS:
        give, _ = in_turn([Answer.of(waiting), Answer.of(done(stem(bytes=number)))])
        far_end.answer, seen = give, []
        job = attempt(far_end, shell, watching(shell, HASH, None, seen))
        assert [state.status for state in seen] == ["waiting", "done"]
        assert all(type(state.place) in {int, type(None)} and str(state) for state in seen)
        assert type(job.state.files[0].size) in {int, type(None)}


# Fetching what it left

OWN_LINKS = ("https://de2.mvsep.com/a.wav", "https://mvsep.com/b.mid", "https://hk.mvsep.com/c d")
LINKS = (
    *(
        "http://[",
        "http://[::1",
        "https://mvsep.com:99999/a",
        "https://mvsep.com\uff0f@evil.example",
    ),
    *("https://mvsep.com/\ud800", "https://\ud800.mvsep.com/a", "//mvsep.com/a", "/a", "a", ""),
    *(
        "https://evil.example/a",
        "https://mvsep.com.evil.example/a",
        "https://mvsep.com@evil.example",
    ),
    *(
        "ftp://mvsep.com/a",
        "file:///a",
        "https://mvsep.com/\x00",
        "https://mvsep.com/\n",
        "data:,a",
    ),
    *("https://mvsep.com/" + "x" * 70_000, "https://mvsep.com/..%2f..%2fa", "https://mvsep.com/%"),
    *(
        "https://xn--.mvsep.com/",
        "https://\u2100.mvsep.com/",
        "https://*.mvsep.com/",
        "http://mvsep.com",
    ),
)
NAMES = st.text() | st.sampled_from(
    ["../../a.wav", "/etc/passwd", "C:\\a", "nul", "a\x00b", "\ud800", "x" * 300, ".", "..", ""]
)
FILES = st.fixed_dictionaries(
    {"url": st.sampled_from(OWN_LINKS) | st.sampled_from(LINKS)},
    optional={
        "type": NAMES,
        "download": NAMES,
        "bytes": st.sampled_from([6, "6", 0, -1, "9" * 5000, 10**400, 1.5, None, "six"]),
    },
)
BYTES = Answer(b"RIFF\x00\xff", headers=(("content-type", "audio/wav"), ("content-length", "6")))


def storage(state, bodies):
    """What is answered where a job is done: its state, and each file's body under its number."""

    def give(request):
        if request.url.path.startswith("/api/"):
            return Answer.of(state)
        number = request.url.query.decode().rpartition("n=")[2]
        return bodies[int(number)] if number.isdigit() else BYTES

    return give


def fetch(far_end, shell, folder):
    outcome = attempt(far_end, shell, lambda client: client.job(HASH).download(folder))
    hosts = {request.url.host for request in far_end.requests}
    assert all(host == "mvsep.com" or host.endswith(".mvsep.com") for host in hosts)
    return outcome


def visible(folder):
    """What stands under a name; what is on its way has a hidden one."""
    return {path for path in Path(folder).rglob("*") if not path.name.startswith(".")}


def whole(answer):
    """The bytes of a file that was answered in full, or None."""
    if answer.status != 200:
        return None
    try:
        return answer.response().read()
    except httpx.DecodingError:
        return None


@given(files=st.lists(FILES, min_size=1, max_size=3), data=st.data())
def test_a_stem_is_whole_in_its_folder_or_a_typed_error(far_end, ledger, files, data):
    bodies = []
    for number, file in enumerate(files):
        body = data.draw(st.just(BYTES) | hostile(GOOD["app_news"][0]), label="body")
        if data.draw(st.booleans()):
            length = ("content-length", str(len(body.content)))
            body = attrs.evolve(body, headers=(*body.headers, length))
        bodies.append(body)
        if file["url"] in OWN_LINKS:
            file["url"] += f"?n={number}"
    far_end.answer = storage(done(*files), bodies)
    for shell in SHELLS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "stems"
            outcome = fetch(far_end, shell, folder)
            assert set(Path(name).iterdir()) <= {folder}
            if isinstance(outcome, MVSepError):
                assert isinstance(outcome, DownloadError | NoResultFiles)
                assert outcome.hash == HASH
                stems = getattr(outcome, "finished", ())
                assert len(stems) < len(files)
            else:
                stems = outcome.files
                assert len(stems) == len([file for file in files if file["url"]])
            assert visible(folder) == {stem.path for stem in stems}
            for each in stems:
                content = each.path.read_bytes()
                assert content in [whole(body) for body in (*bodies, BYTES)]
                digest = hashlib.sha256(content).hexdigest()
                assert (each.size, each.sha256) == (len(content), digest)
    ledger.count("property cases", "separation_get", 200)


@pytest.mark.parametrize("url", LINKS, ids=lambda url: f"{url!a:.40}")
def test_a_link_that_is_not_the_services_is_refused(far_end, tmp_path, url):
    for named in ({}, {"download": None}):
        far_end.answer = storage(done(stem(url, **named)), [])
        for shell in SHELLS:
            outcome = fetch(far_end, shell, tmp_path)
            schemes = {request.url.scheme for request in far_end.requests}
            assert schemes == {"https"}
            assert isinstance(outcome, MVSepError) or visible(tmp_path)
            for path in visible(tmp_path):
                path.unlink()


@pytest.mark.parametrize("status", sorted({*range(100, 1000, 7), *STATUSES} - {200}))
def test_no_status_but_200_brings_a_stem(far_end, tmp_path, status):
    far_end.answer = storage(
        done(stem(f"{OWN_LINKS[0]}?n=0")), [attrs.evolve(BYTES, status=status)]
    )
    for shell in SHELLS:
        assert isinstance(fetch(far_end, shell, tmp_path), DownloadError)
        assert visible(tmp_path) == set()


@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=UTF-8", "TEXT/HTML"])
def test_a_page_is_never_kept_as_a_stem(far_end, tmp_path, kind):
    page = Answer(PAGE, headers=(("content-type", kind), ("content-length", str(len(PAGE)))))
    far_end.answer = storage(done(stem(f"{OWN_LINKS[0]}?n=0")), [page])
    for shell in SHELLS:
        assert isinstance(fetch(far_end, shell, tmp_path), DownloadError)
        assert visible(tmp_path) == set()


@example(lie="9" * 5000, promised=None)
@example(lie="-6", promised="-6")
@example(lie="\xb2", promised="\xb2")
@given(lie=st.integers(0, 12).map(str), promised=st.none() | st.integers(0, 12))
def test_a_length_that_lies_leaves_nothing(far_end, lie, promised):
    body = Answer(BYTES.content, headers=(*BYTES.headers[:1], ("content-length", lie)))
    far_end.answer = storage(done(stem(f"{OWN_LINKS[0]}?n=0", bytes=promised)), [body])
    for shell in SHELLS:
        with tempfile.TemporaryDirectory() as folder:
            outcome = fetch(far_end, shell, folder)
            kept = [path.read_bytes() for path in visible(folder)]
        if kept:
            assert not isinstance(outcome, MVSepError)
            assert kept == [body.content]
            assert lie == "6" or not lie.isascii() or not lie.isdigit() or len(lie) > 18
            assert promised in (6, None) or isinstance(promised, str)
        else:
            assert isinstance(outcome, DownloadError)
            assert (lie, promised) not in {("6", 6), ("6", None)}
