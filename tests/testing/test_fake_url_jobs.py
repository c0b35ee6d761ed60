import re

from mvsep.testing import FREE_TOKEN, Schedule


def test_a_url_job_has_a_short_hash_then_a_long_one(call, clock):
    made = call.link("https://example.com/music/My%20Song.wav?x=1")
    early = call.remote(made.hash)
    as_job = call.status(made.hash).status
    clock.advance(5)
    late = call.send("GET", made.link).json()

    assert made.success == "true"
    assert re.fullmatch(r"[A-Za-z0-9]{16}", made.hash)
    assert early == {
        "success": False,
        "data": {"message": "Your audio file is being downloaded, please wait a while..."},
    }
    assert as_job == "not_found"
    assert (late["success"], late["status"]) == (True, "done")
    assert late["data"]["hash"].endswith("-my-song.wav")
    assert call.send("GET", late["data"]["link"]).json()["status"] == "waiting"


def test_a_url_job_goes_on_and_is_charged_though_nobody_asks(call, clock):
    call.link()
    before = call.credits()
    clock.advance(10)
    (row,) = call.history()

    assert (before, call.credits()) == (1000, 999)
    assert row["created_at"] == "2026-01-01 00:00:05"
    assert call.status(row["hash"]).status == "done"


def test_a_url_job_separates_what_the_test_laid_there(call, clock, server):
    server.state.remote_files["https://example.com/long.wav"] = call.silence(300)
    call.link("https://example.com/long.wav")
    clock.advance(5)

    assert call.data("/api/app/user")["current_queue"]
    assert call.credits() == 995


def test_a_url_that_cannot_be_reached_fails_and_costs_nothing(call, clock, server):
    server.state.remote_files["https://example.com/gone.wav"] = None
    made = call.link("https://example.com/gone.wav")
    clock.advance(5)
    state = call.remote(made.hash)

    assert state["status"] == "failed"
    assert state["data"]["message"]
    assert call.credits() == 1000


def test_a_url_being_fetched_blocks_a_free_account_too(call):
    call.link(api_token=FREE_TOKEN)

    assert call.create(api_token=FREE_TOKEN).status_code == 400


def test_a_walk_of_a_link_begins_when_it_was_fetched(call, server):
    server.state.schedule = Schedule.walk("waiting")
    hash_ = call.remote(call.link().hash)["data"]["hash"]

    assert call.statuses(hash_, 2) == ["waiting", "done"]
