"""Both clients live through whole lives of jobs, in front of the fake server.

It shows that the clients survive what the fake does, sync and async alike, and says nothing of the
service itself.
"""

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from contract_tests.harness.facade import COMPLETE, OF_THE_PROFILE, method
from contract_tests.harness.inprocess import AsyncSide, Fault, SyncSide, attempted
from contract_tests.harness.machine import LifeCycle
from contract_tests.harness.twins import POOR_TOKEN, TOKENS, WRONG_TOKEN, accounts
from contract_tests.harness.witness import Witness
from mvsep import errors
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, Schedule, render_song
from mvsep_api.operations import OPERATIONS

UNKNOWN = "20260101000000-0123456789-nothing.wav"
NEW = {
    "name": "New",
    "email": "new@example.com",
    "password": "new-password",
    "password_confirmation": "new-password",
}


@pytest.fixture
def witness(contract, ledger):
    return Witness(contract, ledger, "life cycle", TOKENS.values())


def test_both_clients_lose_no_job_no_credit_and_no_file(witness, seed):
    def machine():
        return LifeCycle(witness)

    # Explaining a failure takes minutes here, and says less than its steps.
    phases = set(hypothesis.Phase) - {hypothesis.Phase.explain}
    settings = hypothesis.settings(stateful_step_count=25, phases=phases)
    seeded = machine if seed is None else hypothesis.seed(seed)(machine)
    run_state_machine_as_test(seeded, settings=settings)


# Every operation


@pytest.fixture(params=[SyncSide, AsyncSide], ids=lambda side: side.name)
def side(request, witness, tmp_path):
    """Return a client in front of its server; jobs wait for a second of virtual time."""
    side = request.param(witness, tmp_path, accounts(), Schedule(1, 0, downloading=1))
    yield side
    side.close()


def call(side, operation, /, *, token=DEMO_TOKEN, **arguments):
    """Call an operation through the facade; its value or its error, and the status it had."""
    outcome = attempted(side, method(side.client(token), operation), **arguments)
    return outcome, side.server.state.requests[-1].status


def job(side, token=DEMO_TOKEN, source=None):
    client = side.client(token)
    return side.call(client.submit, source or render_song(), 40, is_demo=True)


def arguments(side, operation, upload):
    """Return arguments with which an operation succeeds."""
    match operation:
        case "separation_create":
            return {"sep_type": 40, "audiofile": upload(render_song())}
        case "separation_get" | "separation_cancel" | "separation_delete":
            return {"hash": job(side).hash}
        case "separation_get_remote":
            return {"hash": job(side, source="https://songs.example/song.wav").hash}
        case "app_demo":
            job(side)
            side.clock.advance(1)
        case "app_login":
            return {"email": "demo@example.com", "password": "demo-password"}
        case "app_register":
            return NEW
        case "account_set_credit_alert":
            return {"credit_threshold": 5}
        case "quality_checker_entry":
            return {"id": 7675}
        case "quality_checker_add":
            return entry(upload)
        case "quality_checker_delete":
            added, _ = call(side, "quality_checker_add", **entry(upload))
            return {"id": added.data.id, "password": "entry-password"}
        case "app_separation_history":
            job(side)
    return {}


def entry(upload, **other):
    return {
        "zipfile": upload(b"PK"),
        "algo_name": "A model",
        "main_text": "Of ours",
        "password": "entry-password",
        **other,
    }


@pytest.mark.parametrize("operation", sorted(COMPLETE))
def test_every_operation_succeeds(side, operation, upload):
    outcome, status = call(side, operation, **arguments(side, operation, upload))

    assert status == 200, outcome
    assert not isinstance(outcome, Exception)


REFUSED = [
    ("separation_create", {"token": WRONG_TOKEN, "sep_type": 40}, 401, errors.InvalidToken),
    ("separation_create", {"sep_type": 9999}, 400, errors.InvalidRequest),
    ("separation_create", {"token": FREE_TOKEN, "sep_type": 26}, 400, errors.PremiumRequired),
    ("separation_cancel", {"token": WRONG_TOKEN, "hash": UNKNOWN}, 401, errors.InvalidToken),
    ("separation_cancel", {"hash": UNKNOWN}, 400, errors.InvalidRequest),
    ("separation_delete", {"token": WRONG_TOKEN, "hash": UNKNOWN}, 401, errors.InvalidToken),
    ("separation_delete", {"hash": UNKNOWN}, 400, errors.InvalidRequest),
    ("app_login", {"email": "demo@example.com", "password": "wrong"}, 400, errors.InvalidRequest),
    ("app_register", {**NEW, "password_confirmation": "other"}, 400, errors.InvalidRequest),
    ("app_register", {**NEW, "email": "demo@example.com"}, 400, errors.InvalidRequest),
    *(
        (operation, {"token": WRONG_TOKEN}, 400, errors.InvalidToken)
        for operation in sorted(OF_THE_PROFILE)
    ),
    ("quality_checker_entry", {"id": 1}, 400, errors.InvalidRequest),
    ("quality_checker_delete", {"id": 7675, "password": "wrong"}, 400, errors.InvalidRequest),
    # Nobody recorded how these refuse a token: the fake's 400 says no more than "no".
    *(
        (operation, {"token": WRONG_TOKEN, **more}, 400, errors.InvalidRequest)
        for operation, more in {
            "account_purchases": {},
            "account_credit_alert": {},
            "account_set_credit_alert": {"credit_threshold": 5},
        }.items()
    ),
]


@pytest.mark.parametrize(("operation", "wrong", "status", "kind"), REFUSED)
def test_what_is_refused_is_told_and_changes_nothing(side, operation, wrong, status, kind):
    outcome, found = call(side, operation, **wrong)

    assert (type(outcome), found) == (kind, status)
    assert outcome.server_text
    state = side.server.state
    assert (state.jobs_created, state.credits_charged) == (0, 0)


@pytest.mark.parametrize(("token", "status"), [(WRONG_TOKEN, 401), (DEMO_TOKEN, 400)])
def test_an_entry_that_is_refused_is_not_added(side, upload, token, status):
    outcome, found = call(
        side, "quality_checker_add", token=token, **entry(upload, dataset_type="x")
    )
    entries, _ = call(side, "quality_checker_queue")

    assert found == status
    assert isinstance(outcome, Exception)
    assert len(entries) == 2


@pytest.mark.parametrize("operation", sorted(COMPLETE))
def test_too_many_requests_are_told_with_the_time_to_wait(side, operation, upload):
    given = arguments(side, operation, upload)
    side.server.state.enforce_rate_limit = True
    side.server.state.rate_limit = 0
    created = side.server.state.jobs_created
    outcome, status = call(side, operation, **given)

    assert (type(outcome), status) == (errors.RateLimited, 429)
    assert 0 < outcome.retry_after <= 60
    assert side.server.state.jobs_created == created


@pytest.mark.parametrize("operation", sorted(COMPLETE))
def test_a_front_end_that_fails_is_told_and_nothing_is_done_twice(side, operation, upload, ledger):
    given, state, known = (
        arguments(side, operation, upload),
        side.server.state,
        OPERATIONS[operation],
    )
    created, before = state.jobs_created, len(state.requests)
    side.line.set(Fault("front end fails"))
    outcome, _ = call(side, operation, **given)
    asked = [each for each in state.requests[before:] if each.path == known.path]

    assert (type(outcome), outcome.status) == (errors.UnexpectedResponse, 502)
    assert outcome.server_text.startswith("<html>")
    assert len(asked) == 1 or known.idempotent
    assert operation != "separation_create" or state.jobs_created == created + 1
    ledger.count("life cycle", operation, 502)


def test_a_free_account_has_one_job_at_a_time(side):
    first = job(side, FREE_TOKEN)
    with pytest.raises(errors.QueueFull):
        job(side, FREE_TOKEN)
    side.call(first.wait)
    job(side, FREE_TOKEN)

    assert side.server.state.jobs_created == 2
    assert side.server.state.credits_charged == 0


def test_a_mirror_costs_a_credit_and_a_refused_one_none(side):
    hash_ = job(side).hash
    charged = side.server.state.credits_charged
    statuses = [
        call(side, "separation_get", token=token, hash=hash_, mirror=1)[1]
        for token in (POOR_TOKEN, POOR_TOKEN, POOR_TOKEN, POOR_TOKEN, WRONG_TOKEN)
    ]

    assert statuses == [200, 200, 200, 400, 401]
    assert side.server.state.credits_charged == charged + 3
    assert side.server.state.accounts.find(POOR_TOKEN).credits == 0


def test_every_state_of_a_job_is_shown_with_what_belongs_to_it(side):
    # Each lasts longer than the longest pause between two questions.
    side.server.state.schedule = Schedule(12, 0, distributing=12, merging=12, converting=12)
    seen = []
    side.watch(job(side), None, seen)

    words = ["waiting", "distributing", "merging", "converting", "done"]
    assert list(dict.fromkeys(state.status for state in seen)) == words
    for state in seen:
        assert (state.place is not None) == (state.status in {"waiting", "distributing"})
        assert state.chunks_all == (4 if state.status == "distributing" else None)
    chunks = [state.chunks_done for state in seen if state.status == "distributing"]
    assert chunks == sorted(set(chunks))


def test_files_are_kept_for_72_hours_and_the_history_tells_the_hours_left(side):
    made = side.call(job(side).wait)  # which takes a little: whole hours are rounded down
    for hours, left, there in ((1, 70, True), (70, 0, True), (2, -2, False)):
        side.clock.advance(3600 * hours)
        state, _ = call(side, "separation_get", hash=made.hash)
        history, _ = call(side, "app_separation_history")

        assert [row.time_left for row in history.data] == [left]
        assert bool(state.data.files) == there


def test_a_threshold_is_kept(side):
    call(side, "account_set_credit_alert", credit_threshold=7)
    answer, _ = call(side, "account_credit_alert")

    assert answer.to_dict()["data"] == {"credit_threshold": 7}
