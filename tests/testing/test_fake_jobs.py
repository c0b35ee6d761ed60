import re
from array import array

import pytest

from mvsep.testing import FREE_TOKEN, Schedule, audio, render_song

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
