import re
from array import array

import pytest

from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, Schedule, audio, render_song

SILENT_MINUTE = audio.wav_header(1, 1, 100, 6000) + b"\x80" * 6000  # one minute in 6 kB


def silence(seconds: int) -> bytes:
    return audio.wav_header(1, 1, 100, 100 * seconds) + b"\x80" * (100 * seconds)


def samples(content: bytes) -> array:
    return audio.unpack(content[audio.HEADER_BYTES :], 2)


def test_a_job_waits_is_processed_and_done(call, clock):
    hash_ = call.created()
    seen = []
    for _ in range(6):
        state = call.status(hash_)
        seen.append((state.success, state.status, getattr(state, "current_order", None)))
        clock.advance(1)

    assert seen == [
        (True, "waiting", 3),
        (True, "waiting", 2),
        (True, "waiting", 1),
        (True, "processing", None),
        (True, "processing", None),
        (True, "done", None),
    ]


def test_a_schedule_by_polls_needs_no_clock(call, server):
    server.state.schedule = Schedule.by_polls(1)
    hash_ = call.created()

    assert [call.status(hash_).status for _ in range(4)] == [
        "waiting",
        "processing",
        "done",
        "done",
    ]


def test_the_hash_has_the_time_ten_hex_digits_and_a_slug(call):
    hash_ = call.created(name="Mon Été #1.WAV")

    assert re.fullmatch(r"20260101000000-[0-9a-f]{10}-mon-ete-1\.wav", hash_)


def test_the_link_leads_to_the_job(call):
    answer = call.create().json()

    assert answer["success"] is True
    assert call.send("GET", answer["data"]["link"]).json()["status"] == "waiting"


def test_the_downloaded_stems_add_up_to_the_song(call, clock):
    hash_ = call.created()
    clock.advance(5)
    files = call.status(hash_).files

    stems = [samples(call.send("GET", file["url"]).content) for file in files]

    assert [file["type"] for file in files] == ["Vocals", "Other"]
    assert array("h", map(sum, zip(*stems, strict=True))) == samples(render_song())
    assert all(any(stem) for stem in stems)


def test_further_stems_are_silent_so_the_sum_still_holds(call, clock):
    hash_ = call.created(sep_type=20)  # vocals, drums, bass, other and more
    clock.advance(5)
    files = call.status(hash_).files

    stems = [samples(call.send("GET", file["url"]).content) for file in files]

    assert len(stems) >= 4
    assert array("h", map(sum, zip(*stems, strict=True))) == samples(render_song())
    assert not any(stems[2])


def test_a_type_with_one_stem_gives_the_mixture_back(call, clock):
    hash_ = call.created(sep_type=51)
    clock.advance(5)
    (file,) = call.status(hash_).files

    assert file["type"] == "Restored"
    assert call.send("GET", file["url"]).content == render_song()


def test_a_done_job_has_every_key_the_service_sends(call, clock):
    hash_ = call.created(add_opt1="81", add_opt2="8")
    clock.advance(5)
    data = call.get("/api/separation/get", hash=hash_).json()["data"]

    assert list(data) == [
        "hash", "algorithm", "algorithm_description", "output_format", "size", "tags",
        "input_file", "files", "date", "transcription", "message",
    ]  # fmt: skip
    assert data["algorithm"] == "BS Roformer (vocals, instrumental)"
    assert "Overlap: 87.5%" in data["algorithm_description"]
    assert data["date"] == "2026-01-01 00:00:05"
    assert data["files"][0] == {
        "type": "Vocals",
        "url": data["files"][0]["url"],
        "size": "0.82 MB",
        "bytes": len(render_song()),
        "download": "song_sep40_mt_0_vocals.wav",
        "image": None,
        "peaks": [],
    }
    assert call.send("GET", data["input_file"]["url"]).content == render_song()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (0, "wav (uncompressed, 16 bit), the sandbox's stand-in for mp3 (320 kbps)"),
        (1, "wav (uncompressed, 16 bit)"),
        (5, "wav (uncompressed, 16 bit), the sandbox's stand-in for flac (lossless, 24 bit)"),
    ],
)
def test_a_wav_is_never_called_anything_else(call, clock, asked, said):
    hash_ = call.created(name="song.mp3", output_format=asked)
    clock.advance(5)
    state = call.status(hash_)

    assert state.output_format == said
    assert all(file["download"].endswith(".wav") for file in state.files)
    assert all(file["url"].endswith(".wav") for file in state.files)


def test_long_filenames_say_more(call, clock):
    call.post("/api/app/enable_long_filenames")
    hash_ = call.created()
    clock.advance(5)
    file = call.status(hash_).files[0]

    name = "song_sep40_mt_0_vocals_bs-roformer-vocals-instrumental_[mvsep.com].wav"
    assert file["download"] == name
    assert call.send("GET", file["url"]).status_code == 200


def test_what_is_not_wav_fails_and_says_why(call, clock):
    hash_ = call.created(b"ID3 not a wav at all", name="song.mp3")
    first = call.status(hash_).status
    clock.advance(5)
    state = call.status(hash_)

    assert (first, state.status) == ("waiting", "failed")
    assert "The sandbox reads WAV only" in state.message


def test_a_scheduled_failure_gives_its_reason(call, server):
    server.state.schedule = Schedule.by_polls(0, failure="GPU on fire")

    state = call.status(call.created())

    assert (state.status, state.message) == ("failed", "GPU on fire")


def test_a_large_file_is_worked_on_in_parts(call, server, clock):
    server.state.large_seconds = 59
    hash_ = call.created(SILENT_MINUTE)
    clock.advance(4)
    state = call.status(hash_)
    clock.advance(1)

    assert (state.status, state.finished_chunks, state.all_chunks) == ("distributing", 2, 4)
    assert call.status(hash_).status == "merging"


def test_an_unknown_hash_is_not_found_with_status_200(call):
    answer = call.get("/api/separation/get", hash="20260101000000-0123456789-song.wav")

    assert answer.status_code == 200
    assert answer.json() == {
        "success": False,
        "status": "not_found",
        "data": {"message": "File or File Hash not found"},
    }


@pytest.mark.parametrize(
    ("seconds", "options", "price"),
    [
        (10, {}, 1),
        (119, {}, 1),
        (121, {}, 2),
        (180, {"add_opt2": "8"}, 6),
        (180, {"add_opt2": "2"}, 3),
        (180, {"sep_type": 48, "add_opt2": "8"}, 4),
    ],
)
def test_credits_are_taken_at_creation(call, server, seconds, options, price):
    call.created(silence(seconds), **options)

    assert call.credits() == 1000 - price
    assert server.state.credits_charged == price
    assert server.state.jobs_created == 1


def test_a_free_account_pays_nothing(call, server):
    call.created(SILENT_MINUTE, api_token=FREE_TOKEN)

    assert server.state.credits_charged == 0


def test_an_account_without_enough_credits_is_refused_and_keeps_them(call, server):
    server.state.accounts.find(DEMO_TOKEN).credits = 2
    answer = call.create(silence(180))

    assert answer.status_code == 400
    assert call.credits() == 2
    assert server.state.jobs == {}


def test_cancelling_a_waiting_job_gives_the_credits_back(call, server):
    hash_ = call.created(silence(300))
    during = call.credits()
    answer = call.post("/api/separation/cancel", hash=hash_)

    assert answer.json() == {"success": True}
    assert (during, call.credits()) == (995, 1000)
    assert server.state.credits_refunded == 5
    assert call.status(hash_).status == "not_found"


def test_cancelling_a_job_in_work_gives_nothing_back(call, clock):
    hash_ = call.created(silence(300))
    clock.advance(4)
    call.post("/api/separation/cancel", hash=hash_)

    assert call.credits() == 995
    assert call.status(hash_).status == "not_found"


def test_a_finished_job_cannot_be_cancelled(call, clock):
    hash_ = call.created()
    clock.advance(5)
    answer = call.post("/api/separation/cancel", hash=hash_)

    assert answer.status_code == 400
    assert answer.json()["success"] is False
    assert call.status(hash_).status == "done"


def test_nobody_cancels_or_deletes_anothers_job(call):
    hash_ = call.created()

    for operation in ("cancel", "delete"):
        answer = call.post(f"/api/separation/{operation}", hash=hash_, api_token=FREE_TOKEN)
        assert answer.status_code == 400
    assert call.status(hash_).status == "waiting"


def test_deleting_removes_the_job_its_files_and_its_credits_in_history(call, clock):
    hash_ = call.created()
    clock.advance(5)
    url = call.status(hash_).files[0]["url"]
    before = call.send("GET", url).status_code
    answer = call.post("/api/separation/delete", hash=hash_)
    (row,) = call.get("/api/app/separation_history").json()["data"]

    assert answer.json()["success"] is True
    assert (before, call.send("GET", url).status_code) == (200, 404)
    assert call.status(hash_).status == "not_found"
    assert (row["job_exists"], row["credits"]) == (False, None)


def test_files_go_after_72_hours_and_the_job_stays_done_without_them(call, clock):
    hash_ = call.created()
    clock.advance(5)
    url = call.status(hash_).files[0]["url"]
    clock.advance(72 * 3600)

    assert (call.status(hash_).status, call.status(hash_).files) == ("done", [])
    assert call.send("GET", url).status_code == 404


def test_the_history_is_newest_first_and_start_is_an_offset(call, clock):
    hashes = [call.created(name=f"song-{n}.wav") for n in range(3)]
    clock.advance(75 * 3600)
    rows = call.get("/api/app/separation_history", start=1, limit=2).json()["data"]

    assert [row["hash"] for row in rows] == [hashes[1], hashes[0]]
    assert rows[0]["time_left"] == -3
    assert rows[0]["job_exists"] is True
    assert rows[0]["created_at"] == "2026-01-01T00:00:00.000000Z"
    assert rows[0]["algorithm"]["render_id"] == 40
    assert rows[0]["algorithm"]["algorithm_group"]["name"] == "Vocals / Instrumental"


def test_the_history_gives_ten_rows_unless_asked_and_twenty_at_most(call):
    for _ in range(22):
        call.created(silence(1))

    lengths = [
        len(call.get("/api/app/separation_history", **limit).json()["data"])
        for limit in ({}, {"limit": 100}, {"limit": 0}, {"limit": "x"})
    ]

    assert lengths == [10, 20, 0, 10]


def test_a_free_account_has_one_job_at_a_time(call, clock):
    first = call.created(api_token=FREE_TOKEN)
    second = call.create(api_token=FREE_TOKEN)
    clock.advance(5)
    third = call.create(api_token=FREE_TOKEN)

    assert second.status_code == 400
    assert second.json() == {
        "success": False,
        "errors": [
            "You already have unprocessed file in queue. Please wait before adding new file!"
        ],
    }
    assert (call.status(first).status, third.json()["success"]) == ("done", True)


def test_a_premium_account_has_as_many_jobs_as_it_likes(call):
    assert all(call.create().json()["success"] for _ in range(5))


@pytest.mark.parametrize("switch", ["never paid", "switched off", "used up"])
def test_premium_types_need_premium_that_is_on_and_paid(call, server, switch):
    token = FREE_TOKEN if switch == "never paid" else DEMO_TOKEN
    if switch == "switched off":
        call.post("/api/app/disable_premium")
    if switch == "used up":
        server.state.accounts.find(DEMO_TOKEN).credits = 0
    answer = call.create(sep_type=26, api_token=token)

    assert answer.status_code == 400
    assert answer.json() == {
        "success": False,
        "errors": ["Seperation type is unavailable until you purchase premium membership"],
    }


def test_premium_formats_need_premium(call):
    assert call.create(output_format=4, api_token=FREE_TOKEN).status_code == 400
    assert call.create(output_format=3, api_token=FREE_TOKEN).status_code == 200


@pytest.mark.parametrize("sep_type", [None, "", "999", "-1", "BS Roformer", "1²"])
def test_a_missing_or_unknown_sep_type_is_refused(call, sep_type):
    answer = call.create(sep_type=sep_type)

    assert answer.status_code == 400
    assert answer.json() == {"success": False, "errors": ["Seperation type is not set"]}


def test_a_missing_file_is_refused_field_by_field(call):
    answer = call.post("/api/separation/create", sep_type=40)

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"audiofile": ["The audiofile field is required."]}


def test_matchering_takes_two_files(call, clock):
    target, reference = ("t.wav", render_song()), ("r.wav", SILENT_MINUTE)
    one = call.post("/api/separation/create", {"target_audiofile": target}, sep_type=68)
    both = {"target_audiofile": target, "reference_audiofile": reference}
    two = call.post("/api/separation/create", both, sep_type=68)

    assert list(one.json()["errors"]) == ["reference_audiofile"]
    assert two.json()["data"]["hash"].endswith("-t.wav")


def test_a_type_without_input_makes_its_own(call, clock):
    answer = call.post("/api/separation/create", sep_type=104, add_opt2="Hello")
    clock.advance(5)
    (file,) = call.status(answer.json()["data"]["hash"]).files

    assert call.send("GET", file["url"]).content == render_song()


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


def test_another_mirror_needs_a_token_and_costs_a_credit(call, clock):
    hash_ = call.created()
    clock.advance(5)
    without = call.get("/api/separation/get", hash=hash_, mirror=1, api_token=None)
    with_token = call.get("/api/separation/get", hash=hash_, mirror=1)

    assert (without.status_code, with_token.json()["status"]) == (401, "done")
    assert call.credits() == 998


def test_a_job_walks_back_and_forth_as_its_schedule_says(call, server):
    server.state.schedule = Schedule.walk("waiting", "processing", "waiting", "pondering")
    hash_ = call.created()
    seen = [call.status(hash_) for _ in range(6)]

    assert [state.status for state in seen] == [
        "waiting",
        "processing",
        "waiting",
        "pondering",
        "done",
        "done",
    ]
    assert seen[0].current_order == seen[2].current_order == 3
    assert len(seen[-1].files) == 2


def test_a_word_of_failure_on_the_way_has_a_message_and_is_not_the_end(call, server):
    server.state.schedule = Schedule.walk("failed", "processing")
    hash_ = call.created()
    seen = [call.status(hash_) for _ in range(3)]

    assert [state.status for state in seen] == ["failed", "processing", "done"]
    assert seen[0].message == "Separation failed."


def test_a_job_that_is_done_lists_its_files_late(call, clock, server):
    server.state.schedule = Schedule(0, 0, unlisted=20)
    hash_ = call.created()
    early = call.status(hash_)
    clock.advance(20)
    late = call.status(hash_)

    assert (early.status, early.files) == ("done", [])
    assert (late.status, len(late.files)) == ("done", 2)


def test_a_walk_of_a_link_begins_when_it_was_fetched(call, server):
    server.state.schedule = Schedule.walk("waiting")
    link = call.post("/api/separation/create", sep_type=40, url="https://songs.example/a.wav")
    found = call.get("/api/separation/get-remote", hash=link.json()["data"]["hash"]).json()
    hash_ = found["data"]["hash"]

    assert [call.status(hash_).status for _ in range(2)] == ["waiting", "done"]
