"""`make live`, tried on the fake server: what it asks, and what it never does."""

import itertools
import os
import re
import socket
import subprocess
import sys

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from contract_tests.live import steps
from contract_tests.live.run import INTERVAL, Run
from contract_tests.live.settings import LIVE_TOKEN, OFF, CannotRunError, Settings
from contract_tests.live.trial import ACCOUNT, PUBLIC, WRITTEN, held, not_called
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, ManualClock, Schedule
from mvsep_api.operations import OPERATIONS
from tools.regenerate import Project


@pytest.mark.parametrize("word", [None, "0", "true"])
def test_without_the_opt_in_it_is_green_says_so_in_one_line_and_sends_nothing(service, word):
    environment = {name: text for name, text in os.environ.items() if name != "MVSEP_LIVE"}
    environment |= {"MVSEP_LIVE_URL": service.url, "MVSEP_LIVE_TOKEN": DEMO_TOKEN}
    if word is not None:
        environment["MVSEP_LIVE"] = word
    ended = subprocess.run(
        [sys.executable, "-m", "contract_tests.live"],
        env={**environment, "MVSEP_LIVE_WRITE": "1"},
        cwd=Project().root,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"{OFF}\n", "")
    assert service.state.requests == []


# What it asks


def test_with_an_account_it_holds_every_read_against_the_contract(service, live):
    service.between.said.clear()
    code, out, err = live(service.url, LIVE_TOKEN=DEMO_TOKEN)
    assert (code, err) == (0, "")
    assert held(out) == PUBLIC | ACCOUNT | {"separation_get"}
    assert set(not_called(out)) == set(OPERATIONS) - held(out)
    assert not_called(out)["app_login"] == "it takes a password"
    assert not_called(out)["separation_create"] == "MVSEP_LIVE_WRITE=1 is not set"
    assert DEMO_TOKEN not in out


def test_without_a_token_it_holds_the_public_reads(service, live):
    code, out, _ = live(service.url)
    assert code == 0
    assert held(out) == PUBLIC
    assert {not_called(out)[name] for name in ACCOUNT} == {f"{LIVE_TOKEN} is not set"}


@pytest.mark.parametrize("more", [{}, {"LIVE_TOKEN": FREE_TOKEN}])
def test_the_everyday_token_and_address_are_never_used(service, live, more):
    _, out, _ = live(service.url, API_TOKEN=DEMO_TOKEN, BASE_URL="http://127.0.0.1:9", **more)
    assert held(out) >= PUBLIC
    sent = {query for _, query in service.between.queries if "api_token" in query}
    assert bool(sent) == bool(more)
    assert DEMO_TOKEN not in str(sent)


def test_public_calls_carry_no_token_where_there_is_one(service, live):
    live(service.url, LIVE_TOKEN=DEMO_TOKEN)
    with_token = {path for path, query in service.between.queries if "api_token" in query}
    without = {path for path, query in service.between.queries if "api_token" not in query}
    paths = {name: known.path for name, known in OPERATIONS.items()}
    assert with_token == {paths[name] for name in ACCOUNT | {"app_queue"}}
    assert without == {paths[name] for name in PUBLIC | {"separation_get"}}


def test_it_asks_little_and_nothing_that_costs_or_changes(service, live):
    live(service.url, LIVE_TOKEN=DEMO_TOKEN)
    assert len(service.state.requests) <= 15
    assert {request.method for request in service.state.requests} == {"GET"}
    assert not [request for request in service.state.requests if "mirror" in request.fields]
    assert service.state.jobs_created == 1  # the one of the history


def test_a_history_without_jobs_is_told(service, live):
    code, out, _ = live(service.url, LIVE_TOKEN=FREE_TOKEN)
    assert code == 0
    assert not_called(out)["separation_get"] == "the history named no job"


def test_requests_to_the_service_are_a_second_apart(service, contract, monkeypatch):
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    clock, began = ManualClock(0.0), []
    app = service.between.app

    async def noting(scope, receive, send):
        began.append(clock.now)
        await app(scope, receive, send)

    service.between.said.clear()
    service.between.app = noting
    allowed = Settings(url=service.url, is_local=False, token=None, write=False, secrets=())
    run = Run(contract, allowed, clock=clock, sleep=clock.advance)
    steps.carry_out(run, allowed)
    run.close()
    gaps = [after - before for before, after in itertools.pairwise(began)]
    assert len(gaps) == len(PUBLIC) - 1
    assert min(gaps) >= INTERVAL


def test_a_client_that_took_a_token_from_elsewhere_is_not_used(service, contract, monkeypatch):
    monkeypatch.setenv("MVSEP_API_TOKEN", DEMO_TOKEN)
    allowed = Settings(url=service.url, is_local=True, token=None, write=False, secrets=())
    with pytest.raises(CannotRunError):
        Run(contract, allowed)


# The one job


def test_with_leave_to_write_it_makes_one_job_fetches_it_and_deletes_it(service, live):
    code, out, _ = live(service.url, LIVE_TOKEN=DEMO_TOKEN, LIVE_WRITE="1")
    made = [job for job in service.state.jobs.values() if job.hash != service.known]
    assert code == 0
    assert held(out) >= WRITTEN
    assert [job.gone for job in made] == [True]
    assert made[0].wav.seconds == steps.JOB_SECONDS
    assert service.state.credits_charged == 2  # one of them for the job of the history
    posts = [r.path for r in service.state.requests if r.method == "POST"]
    assert posts == ["/api/separation/create", "/api/separation/delete"]
    assert len([r for r in service.state.requests if r.path.startswith("/storage/")]) == 2


def test_a_job_of_which_the_answer_is_lost_is_found_and_deleted(service, live):
    service.between.spoilt["/api/separation/create"] = lambda _: Response("Bad Gateway", 502)
    code, out, _ = live(service.url, LIVE_TOKEN=DEMO_TOKEN, LIVE_WRITE="1")
    made = [job for job in service.state.jobs.values() if job.hash != service.known]
    assert code == 2
    assert "It is not known whether the job" in out
    assert "It is in the account's" in out
    assert [job.gone for job in made] == [True]


@pytest.mark.parametrize("word", ["", "0", "yes"])
def test_without_leave_to_write_no_job_is_made(service, live, word):
    live(service.url, LIVE_TOKEN=DEMO_TOKEN, LIVE_WRITE=word)
    assert service.state.jobs_created == 1


def job_fails(service):
    service.state.schedule = Schedule.by_polls(0, failure="out of memory")


def stems_do_not_arrive(service):
    files = [{"url": f"{service.url}/storage/processed/none.wav"}]
    service.between.spoilt["/api/separation/get"] = lambda body: {
        **body,
        "data": {**body["data"], "files": files},
    }


@pytest.mark.parametrize(
    ("spoil", "told"), [(job_fails, "out of memory"), (stems_do_not_arrive, "NOT CHECKED")]
)
def test_a_job_that_comes_to_nothing_is_deleted_all_the_same(service, live, spoil, told):
    spoil(service)
    code, out, _ = live(service.url, LIVE_TOKEN=DEMO_TOKEN, LIVE_WRITE="1")
    assert code == 2
    assert told in out
    assert [job.gone for job in service.state.jobs.values()] == [False, True]


def test_a_job_that_can_not_be_deleted_is_named(service, live):
    service.between.spoilt["/api/separation/delete"] = lambda _: HTMLResponse("down", 503)
    code, out, _ = live(service.url, LIVE_TOKEN=DEMO_TOKEN, LIVE_WRITE="1")
    (made,) = [hash_ for hash_ in service.state.jobs if hash_ != service.known]
    assert code == 2
    assert f"Delete it by hand: {made}" in out


@pytest.mark.parametrize(
    "change", [{"price_coefficient": 2}, {"orientation": 2}, {"is_active": 0}, {"render_id": 999}]
)
def test_a_type_that_became_dear_or_went_away_makes_no_job(service, live, change):
    few = service.between.said["/api/app/algorithms"]
    service.between.said["/api/app/algorithms"] = [
        {**row, **change} for row in few if row["render_id"] == steps.SEP_TYPE
    ]
    code, out, _ = live(service.url, LIVE_TOKEN=DEMO_TOKEN, LIVE_WRITE="1")
    assert code == 2
    assert "not known to be cheap" in out
    assert service.state.jobs_created == 1


# When it can't be told


def test_a_server_that_is_not_there_is_no_verdict_and_is_asked_once(live):
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    code, out, _ = live(url, LIVE_TOKEN=DEMO_TOKEN, LIVE_WRITE="1")
    assert code == 2
    assert out.count("NOT CHECKED") == 1
    assert set(not_called(out)) == set(OPERATIONS) - {"app_algorithms"}
    for operation in ("app_user", "quality_checker_entry", "separation_get"):
        assert "ended early" in not_called(out)[operation]
    assert out.endswith("No operation answered: this run says nothing of the contract.\n")


def test_a_token_that_is_not_accepted_is_no_verdict(service, live):
    code, out, _ = live(service.url, LIVE_TOKEN="x" * 30, LIVE_WRITE="1")
    assert code == 2
    assert held(out) == PUBLIC | {"app_user"}  # its 400 is as documented
    assert "the token was not accepted" in not_called(out)["separation_create"]
    assert service.state.jobs_created == 1


@pytest.mark.parametrize("response", [HTMLResponse("Busy", 502), Response(status_code=503)])
def test_a_service_that_fails_is_no_verdict_and_the_rest_is_asked(service, live, response):
    service.between.spoilt["/api/app/news"] = lambda _: response
    code, out, _ = live(service.url)
    assert code == 2
    failed = f"The service failed with status {response.status_code}"
    assert re.search(f"^app_news .*NOT CHECKED: {failed}", out, re.M)
    assert "BROKEN" not in out
    assert "to do" not in out
    assert held(out) >= PUBLIC - {"app_news"}
    assert len(service.between.queries) == len(PUBLIC)  # it is not asked again


def test_a_service_that_asks_for_a_pause_is_left_alone(service, live):
    service.between.spoilt["/api/app/news"] = lambda _: JSONResponse({"message": "Too Many"}, 429)
    code, out, _ = live(service.url, LIVE_TOKEN=DEMO_TOKEN)
    assert code == 2
    assert [path for path, _ in service.between.queries] == ["/api/app/algorithms", "/api/app/news"]
    assert "ended early" in not_called(out)["app_user"]


@pytest.mark.parametrize(
    "environment",
    [
        {"LIVE_URL": "http://mvsep.example"},
        {"LIVE_URL": "ftp://127.0.0.1"},
        {"LIVE_TOKEN": "with a blank and a newline\n"},
        {"LIVE_TOKEN": "abcdefg"},
        {"LIVE_WRITE": "1"},
    ],
)
def test_settings_that_can_not_be_used_are_told_and_nothing_is_sent(service, live, environment):
    url = environment.pop("LIVE_URL", service.url)
    code, out, err = live(url, **environment)
    assert (code, out) == (2, "")
    assert err.startswith("make live could not run: ")
    assert not any(value in err for name, value in environment.items() if name == "LIVE_TOKEN")
    assert service.between.queries == []
