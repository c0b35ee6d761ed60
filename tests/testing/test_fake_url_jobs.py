import re

from mvsep.testing import FREE_TOKEN, Schedule, audio

SILENT_MINUTE = audio.wav_header(1, 1, 100, 6000) + b"\x80" * 6000  # one minute in 6 kB


def silence(seconds: int) -> bytes:
    return audio.wav_header(1, 1, 100, 100 * seconds) + b"\x80" * (100 * seconds)


def test_a_url_job_has_a_short_hash_then_a_long_one(call, clock):
    url = "https://example.com/music/My%20Song.wav?x=1"
    answer = call.post("/api/separation/create", sep_type=40, url=url).json()
    short = answer["data"]["hash"]
    early = call.get("/api/separation/get-remote", hash=short).json()
    as_job = call.status(short).status
    clock.advance(5)
    late = call.send("GET", answer["data"]["link"]).json()

    assert answer["success"] == "true"
    assert re.fullmatch(r"[A-Za-z0-9]{16}", short)
    assert early == {
        "success": False,
        "data": {"message": "Your audio file is being downloaded, please wait a while..."},
    }
    assert as_job == "not_found"
    assert (late["success"], late["status"]) == (True, "done")
    assert late["data"]["hash"].endswith("-my-song.wav")
    assert call.send("GET", late["data"]["link"]).json()["status"] == "waiting"


def test_a_url_job_goes_on_and_is_charged_though_nobody_asks(call, clock):
    call.post("/api/separation/create", sep_type=40, url="https://example.com/song.wav")
    before = call.credits()
    clock.advance(10)
    (row,) = call.get("/api/app/separation_history").json()["data"]

    assert (before, call.credits()) == (1000, 999)
    assert row["created_at"] == "2026-01-01T00:00:05.000000Z"
    assert call.status(row["hash"]).status == "done"


def test_a_url_job_separates_what_the_test_laid_there(call, clock, server):
    server.state.remote_files["https://example.com/long.wav"] = silence(300)
    call.post("/api/separation/create", sep_type=40, url="https://example.com/long.wav")
    clock.advance(5)

    assert call.get("/api/app/user").json()["data"]["current_queue"]
    assert call.credits() == 995


def test_a_url_that_cannot_be_reached_fails_and_costs_nothing(call, clock, server):
    server.state.remote_files["https://example.com/gone.wav"] = None
    answer = call.post(
        "/api/separation/create", sep_type=40, url="https://example.com/gone.wav"
    ).json()
    clock.advance(5)
    state = call.get("/api/separation/get-remote", hash=answer["data"]["hash"]).json()

    assert state["status"] == "failed"
    assert state["data"]["message"]
    assert call.credits() == 1000


def test_a_url_being_fetched_blocks_a_free_account_too(call):
    call.post(
        "/api/separation/create", sep_type=40, api_token=FREE_TOKEN, url="https://example.com/a"
    )

    assert call.create(api_token=FREE_TOKEN).status_code == 400


def test_get_remote_of_an_unknown_hash_is_not_found(call):
    assert call.get("/api/separation/get-remote", hash="nope").json()["status"] == "not_found"


def test_a_walk_of_a_link_begins_when_it_was_fetched(call, server):
    server.state.schedule = Schedule.walk("waiting")
    link = call.post("/api/separation/create", sep_type=40, url="https://songs.example/a.wav")
    found = call.get("/api/separation/get-remote", hash=link.json()["data"]["hash"]).json()
    hash_ = found["data"]["hash"]

    assert [call.status(hash_).status for _ in range(2)] == ["waiting", "done"]
