import io
import re
import wave
from array import array

import pytest

from mvsep.testing import FREE_TOKEN, Schedule, audio, render_song
from tests import audio_files, wav_files

WALK = ["waiting", "processing", "waiting", "pondering"]
MESSAGES = {word: f"Your file is {word}." for word in WALK}
MESSAGES |= {"failed": "Separation failed.", "done": None}


def samples(content: bytes) -> array:
    return audio.unpack(content[audio.HEADER_BYTES :], 2)


def test_a_job_waits_is_processed_and_done(call, clock):
    hash_ = call.created()
    seen = []
    for _ in range(6):
        state = call.status(hash_)
        seen.append((state.status, getattr(state, "current_order", None)))
        assert state.success is True
        clock.advance(1)

    waiting = [("waiting", place) for place in (3, 2, 1)]
    assert seen == [*waiting, ("processing", None), ("processing", None), ("done", None)]


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule.by_polls(2), [*["waiting"] * 2, *["processing"] * 2, "done", "done"]),
        (Schedule.walk(*WALK), [*WALK, "done", "done"]),
        (Schedule.walk("failed", "processing"), ["failed", "processing", "done"]),
    ],
)
def test_a_schedule_by_polls_or_words_needs_no_clock(call, server, schedule, words):
    server.state.schedule = schedule
    hash_ = call.created()
    seen = [call.status(hash_) for _ in words]

    assert [state.status for state in seen] == words
    assert all(state.message == MESSAGES[state.status] for state in seen)
    assert len(seen[-1].files) == 2


def test_a_job_has_a_link_and_a_hash_of_its_time_ten_hex_digits_and_a_slug(call):
    answer = call.create(name="Mon Été #1.WAV").json()

    assert answer["success"] is True
    assert re.fullmatch(r"20260101000000-[0-9a-f]{10}-mon-ete-1\.wav", answer["data"]["hash"])
    assert call.send("GET", answer["data"]["link"]).json()["status"] == "waiting"


@pytest.mark.parametrize(
    ("sep_type", "labels"),
    [(40, ["Vocals", "Other"]), (20, ["Vocals", "Drums", "Bass", "Other", "Instrumental"])],
)
def test_stems_add_up_to_the_song_and_all_but_two_are_silent(call, sep_type, labels):
    files = call.done(sep_type=sep_type).files
    stems = [samples(call.send("GET", file["url"]).content) for file in files]

    assert [file["type"] for file in files] == labels
    assert array("h", map(sum, zip(*stems, strict=True))) == samples(render_song())
    assert [any(stem) for stem in stems] == [n < 2 for n in range(len(labels))]


def test_a_type_with_one_stem_gives_the_mixture_back(call):
    (file,) = call.done(sep_type=51).files

    assert file["type"] == "Restored"
    assert call.send("GET", file["url"]).content == render_song()


def test_a_done_job_tells_its_type_options_date_sizes_and_song(call):
    state = call.done(add_opt1="81", add_opt2="8")
    file = state.files[0]

    assert state.algorithm == "BS Roformer (vocals, instrumental)"
    assert "Overlap: 87.5%" in state.algorithm_description
    assert state.date == "2026-01-01 00:00:05"
    assert (file["size"], file["bytes"]) == ("844.14 KB", len(render_song()))
    assert state.input_file["size"] == "844.14 KB"
    assert call.send("GET", state.input_file["url"]).content == render_song()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (0, "wav (uncompressed, 16 bit), the sandbox's stand-in for mp3 (320 kbps)"),
        (1, "wav (uncompressed, 16 bit)"),
        (5, "wav (uncompressed, 16 bit), the sandbox's stand-in for flac (lossless, 24 bit)"),
    ],
)
def test_a_wav_is_never_called_anything_else(call, asked, said):
    state = call.done(name="song.mp3", output_format=asked)

    assert state.output_format == said
    assert all(file["download"].endswith(".wav") for file in state.files)
    assert all(file["url"].endswith(".wav") for file in state.files)


def test_long_filenames_say_more(call):
    short = call.done().files[0]["download"]
    call.post("/api/app/enable_long_filenames")
    file = call.done().files[0]

    assert short == "song_bsroformer_mt_81_vocals.wav"
    named = r"\d{14}-[0-9a-f]{10}-song_bsroformer_mt_81_vocals_\[mvsep\.com\]\.wav"
    assert re.fullmatch(named, file["download"])
    assert call.send("GET", file["url"]).status_code == 200


@pytest.mark.parametrize(
    ("name", "form", "files"),
    [
        (
            "audio.wav",
            {"sep_type": 48, "add_opt1": "11"},
            ["Vocals audio_melroformer_mt_11_vocals", "Other audio_melroformer_mt_11_other"],
        ),
        (
            "mix.flac",
            {"sep_type": 63},
            [
                *(
                    f"{key.capitalize()} mix._bs6stem_mt_0_{key}"
                    for key in ("vocals", "bass", "drums", "guitar", "piano", "other", "instrum")
                )
            ],
        ),
        (
            "My Song.mp3",
            {"sep_type": 49, "add_opt1": "6", "add_opt2": ""},
            [
                "Vocals-lead my-song_roformer_karaoke_mt_6_vocals-lead",
                "Vocals-back my-song_roformer_karaoke_mt_6_vocals-back",
                "Instrum-only my-song_roformer_karaoke_mt_6_instrum-only",
                "Back-instrum my-song_roformer_karaoke_mt_6_back-instrum",
            ],
        ),
        (
            "film.wav",
            {"sep_type": 56},
            [
                f"{key.capitalize()} film_mvsepdnrv3_mt_2_{key}"
                for key in ("speech", "music", "sfx")
            ],
        ),
    ],
)
def test_files_are_named_for_the_models_key_and_their_own(call, name, form, files):
    state = call.done(name=name, **form)
    stem = state.hash.rpartition(".")[0]

    assert [f"{file['type']} {file['download'][:-4]}" for file in state.files] == files
    assert {file["download"][-4:] for file in state.files} == {".wav"}
    slug = files[0].split(" ")[1].partition("_")[0]
    for file in state.files:
        stored = file["url"].rpartition("/")[2]
        assert stored == file["download"].replace(slug, stem + ("." if slug[-1] == "." else ""), 1)


def test_two_uploads_of_one_name_in_one_second_are_two_jobs_with_files_of_their_own(call):
    one, two = call.created(), call.created(5)
    other = call.created(name="other.wav")
    call.done()

    assert one[:14] == two[:14] == other[:14]
    assert len({one, two, other}) == 3
    sizes = [call.status(each).files[0]["bytes"] for each in (one, two)]
    assert sizes[0] == len(render_song()) != sizes[1]


def test_a_hash_follows_the_files_name_and_not_the_audio(call, clock):
    first = call.created()
    clock.advance(60)
    again = call.created(5)
    clock.advance(60)
    other = call.created(name="other.wav")

    assert first[15:25] == again[15:25] != other[15:25]


@pytest.mark.parametrize(("sep_type", "ending"), [(39, ".txt"), (64, ".txt"), (80, ".mid")])
def test_types_of_text_give_text_and_types_of_midi_midi(call, sep_type, ending):
    (file,) = call.done(sep_type=sep_type).files
    answer = call.send("GET", file["url"])

    assert file["download"].endswith(ending)
    assert len(answer.content) == file["bytes"]
    if ending == ".mid":
        assert answer.content[:4] == b"MThd"
    else:
        assert answer.text.strip()


INPUTS = {
    "mp3": (audio_files.mp3(383), 383 * 1152 / 44100),
    "flac": (audio_files.flac(441_000), 10),
    "ogg": (audio_files.ogg(441_000), 10),
    "m4a": (audio_files.m4a(441_000), 10),
    "aiff": (audio_files.aiff(441_000), 10),
    "float": (
        wav_files.riff(
            wav_files.fmt(tag=3, bits=32),
            wav_files.chunk(b"data", bytes(4 * 80_000)),
        ),
        10,
    ),
    "5.1": (
        wav_files.riff(
            wav_files.fmt(channels=6),
            wav_files.chunk(b"data", bytes(12 * 80_000)),
        ),
        10,
    ),
    "RF64": (
        wav_files.rf64(
            wav_files.fmt(),
            wav_files.chunk(b"data", bytes(2 * 80_000), 0xFFFFFFFF),
            data_size=2 * 80_000,
        ),
        10,
    ),
}


@pytest.mark.parametrize("keep", [True, False], ids=["kept", "not kept"])
@pytest.mark.parametrize("kind", INPUTS)
def test_an_input_that_can_not_be_separated_gives_tones_as_long_as_it_plays(
    call, server, kind, keep
):
    server.state.keep_uploads = keep
    content, seconds = INPUTS[kind]
    state = call.done(content, name=f"song.{kind.lower()}")
    stems = [call.send("GET", file["url"]).content for file in state.files]

    assert state.status == "done"
    assert call.credits() == 999
    assert [file["bytes"] for file in state.files] == list(map(len, stems))
    for stem in stems:
        with wave.open(io.BytesIO(stem)) as file:
            played = file.getnframes() / file.getframerate()
        assert played == pytest.approx(seconds, abs=0.001)
    assert len(set(stems)) == len(stems)
    assert all(any(stem[44:]) for stem in stems)


def test_what_has_no_length_fails_and_says_why(call, clock):
    hash_ = call.created(b"ID3 not a wav at all", name="song.mp3")
    first = call.status(hash_).status
    clock.advance(5)
    state = call.status(hash_)

    assert (first, state.status) == ("waiting", "failed")
    assert "The sandbox can't read this file." in state.message


def test_a_large_file_is_worked_on_in_parts(call, server, clock):
    server.state.large_seconds = 59
    hash_ = call.created(60)
    clock.advance(4)
    state = call.status(hash_)
    clock.advance(1)

    assert (state.status, state.finished_chunks, state.all_chunks) == ("distributing", 2, 4)
    assert call.status(hash_).status == "merging"


def test_nobody_cancels_or_deletes_anothers_job(call):
    hash_ = call.created()
    answers = [take(hash_, api_token=FREE_TOKEN) for take in (call.cancel, call.delete)]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert call.status(hash_).status == "waiting"


def test_deleting_removes_the_job_its_files_and_its_credits_in_history(call):
    state = call.done()
    url = state.files[0]["url"]
    before = call.send("GET", url).status_code
    answer = call.delete(state.hash)
    (row,) = call.history()

    assert answer.json()["success"] is True
    assert (before, call.send("GET", url).status_code) == (200, 404)
    assert call.status(state.hash).status == "not_found"
    assert (row["job_exists"], row["credits"]) == (False, None)


def test_the_history_gives_ten_rows_unless_asked_and_twenty_at_most(call):
    for _ in range(22):
        call.created(1)

    asked = ({}, {"limit": 100}, {"limit": 0}, {"limit": "x"})
    assert [len(call.history(**limit)) for limit in asked] == [10, 20, 0, 10]


SONG, NO_TYPE = {"audiofile": ("song.wav", render_song())}, ["Seperation type is not set"]
TARGET = {"target_audiofile": ("t.wav", render_song())}


@pytest.mark.parametrize(
    ("sep_type", "files", "errors"),
    [
        *((no_type, SONG, NO_TYPE) for no_type in (None, "", "999", "-1", "BS Roformer", "1²")),
        (40, None, {"audiofile": ["The audiofile field is required."]}),
        (68, TARGET, {"reference_audiofile": ["The reference audiofile field is required."]}),
    ],
)
def test_a_create_without_a_type_or_a_file_is_refused(call, sep_type, files, errors):
    answer = call.post("/api/separation/create", files, sep_type=sep_type)

    assert answer.status_code == 400
    assert answer.json() == {"success": False, "errors": errors}


def test_matchering_takes_two_files(call):
    both = {**TARGET, "reference_audiofile": ("r.wav", call.silence(60))}
    answer = call.post("/api/separation/create", both, sep_type=68)

    assert answer.json()["data"]["hash"].endswith("-t.wav")


def test_a_type_without_input_makes_its_own(call, clock):
    answer = call.post("/api/separation/create", sep_type=104, add_opt2="Hello")
    clock.advance(5)
    (file,) = call.status(answer.json()["data"]["hash"]).files

    assert call.send("GET", file["url"]).content == render_song()
