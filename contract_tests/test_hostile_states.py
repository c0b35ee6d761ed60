"""Waiting for a job ends with its stems or a typed error, whatever is answered meanwhile."""

import math
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.harness.answers import HEADERS, JSON, PAGE, SHELLS, Answer, hostile, texts
from contract_tests.harness.survival import GOOD, HASH, REMOTE, attempt, done, in_turn, stem
from contract_tests.shells import written_once
from mvsep.errors import JobFailed, JobNotFound, JobTimeout, MVSepError, NoResultFiles
from mvsep.job_state import JobState

PATIENCE = 600.0
"""Seconds on the pretended clock until waiting ends."""


STATES = st.sampled_from(
    [
        *GOOD["separation_get"],
        *GOOD["separation_get_remote"],
        done(stem()),
        done(stem(bytes="6"), stem("https://mvsep.com/a.wav", type="Other")),
    ]
)


def watching(shell, hash_, timeout, seen):
    """Return what `run` takes, to watch a job to its end and keep each state it shows."""

    async def watch(client):
        job = client.job(hash_)
        async for state in job.events(timeout=timeout):
            seen.append(state)
        return job

    return written_once(shell, watch)


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
            assert not isinstance(outcome, JobFailed) or any(
                word.strip().lower() == "failed" for word in texts(given[-1].body())
            )
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
    busy = Answer(b"{}", 429, (("retry-after", wait),))
    for shell in SHELLS:
        far_end.answer, _ = in_turn([busy, Answer.of(done(stem()))])
        job = attempt(far_end, shell, lambda client: client.job(HASH).wait(timeout=None))
        assert job.state.files
        (pause,) = far_end.waits
        assert 0 < pause <= 3600


def test_a_wait_that_is_asked_for_is_kept(far_end):
    busy = Answer(b"{}", 429, (("retry-after", "30"),))
    for shell in SHELLS:
        far_end.answer, _ = in_turn([busy, Answer.of(done(stem()))])
        attempt(far_end, shell, lambda client: client.job(HASH).wait())
        assert far_end.waits == [30.0]


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
