"""The fake server's calls beside the service's own; and uploads that it does not keep."""

import asyncio
import hashlib
import json
import tracemalloc

import httpx
import pytest

from contract_tests.faulty import SONG, Stage
from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, Tally
from mvsep.testing.audio import HEADER_BYTES, wav_header


@pytest.fixture
def stage():
    with Stage() as stage:
        yield stage


def told(stage):
    return httpx.get(f"{stage.server.url}/__fake__/state").json()


def created(stage, name, song):
    """Return the hash of a new job."""
    url = f"{stage.server.url}/api/separation/create"
    form = {"api_token": DEMO_TOKEN, "sep_type": "40"}
    return httpx.post(url, data=form, files={"audiofile": (name, song)}).json()["data"]["hash"]


def test_it_tells_what_was_created_charged_and_asked(stage):
    before = told(stage)
    stage.create()
    stage.faults.add("http-502")  # which is not for the call that tells
    assert told(stage)["fired"] == []
    stage.ask("poll")
    after = told(stage)

    assert before["names"]["song.wav"] == {"jobs": 1, "credits": 1}
    assert after["names"] == {
        "song.wav": {"jobs": 2, "credits": 2},
        "a.wav": {"jobs": 1, "credits": 1},
    }
    assert (after["jobs_created"], after["credits_charged"], after["credits_refunded"]) == (3, 3, 0)
    assert after["seen"] == {"separation_create": 3, "separation_get": 2}
    assert [each["name"] for each in after["fired"]] == ["http-502"]
    job = after["jobs"][0]
    assert job["hash"] == stage.job
    assert (job["source"], job["sep_type"], job["credits"]) == ("song.wav", 40, 1)
    assert (job["status"], job["polls"], job["gone"]) == ("done", 1, False)
    assert after["remotes"][0]["hash"] == stage.remote
    assert after["remotes"][0]["job"] in {each["hash"] for each in after["jobs"]}
    assert after == json.loads(json.dumps(stage.server.report()))


def test_it_tells_no_token(stage):
    stage.faults.add("http-502", "app_user")
    stage.ask("other")
    said = httpx.get(f"{stage.server.url}/__fake__/state").text
    assert "/api/app/user?api_token=***" in said
    assert DEMO_TOKEN not in said


def test_jobs_and_credits_can_be_told_apart_by_file_name(stage):
    state = stage.server.state

    assert state.tally("song.wav") == Tally(jobs=1, credits=1)
    created(stage, "mvk012345678-marked.wav", SONG)
    for name in ("marked.wav", "mvk012345678-marked.wav"):
        assert state.tally(name) == Tally(jobs=1, credits=1)
    assert state.tally("other.wav") == Tally(jobs=0, credits=0)


def test_it_takes_faults_and_forgets_them(stage):
    url = f"{stage.server.url}/__fake__/faults"
    fault = {"name": "http-502", "on": "separation_get", "times": None}
    assert httpx.post(url, json=fault).status_code == 204
    struck = stage.ask("poll").status_code
    assert httpx.delete(url).status_code == 204

    assert (struck, stage.ask("poll").status_code) == (502, 200)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"name": "nothing"}', b'{"name": "http-502", "on": "x"}', b'{"x": 1}'],
)
def test_what_is_no_fault_is_refused_from_outside(stage, body):
    answer = httpx.post(f"{stage.server.url}/__fake__/faults", content=body)

    assert answer.status_code == 400
    assert answer.json()["message"]


@pytest.mark.parametrize(
    ("address", "headers"),
    [("127.0.0.1", {"Origin": "https://example.com"}), ("192.0.2.1", {})],
    ids=["a page in a browser", "another machine"],
)
def test_a_stranger_is_told_nothing(stage, address, headers):
    async def ask():
        transport = httpx.ASGITransport(stage.server.app, client=(address, 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return [
                (await client.get("/__fake__/state", headers=more)).status_code
                for more in (headers, {})
            ]

    assert asyncio.run(ask()) == [403, 403 if address == "192.0.2.1" else 200]


# Uploads that are not kept


@pytest.fixture
def lean():
    with Stage(FakeServer(schedule=Schedule.at_once(), keep_uploads=False)) as stage:
        yield stage


def checksums(stage, hash_):
    return httpx.get(f"{stage.server.url}/__fake__/stems/{hash_}").json()


def test_stems_of_what_is_not_kept_have_the_right_length_and_a_known_checksum(lean):
    files = lean.ask("poll").json()["data"]["files"]
    known = checksums(lean, lean.job)

    assert [each["label"] for each in known] == [file["type"] for file in files]
    assert len({each["sha256"] for each in known}) == len(files) == 2
    other = lean.create().json()["data"]["hash"]
    assert checksums(lean, other)[0] != known[0]
    for file, each in zip(files, known, strict=True):
        content = httpx.get(file["url"]).content
        assert len(content) == each["bytes"] == file["bytes"] == len(SONG)
        assert hashlib.sha256(content).hexdigest() == each["sha256"]
        assert content.startswith(SONG[:HEADER_BYTES])


def test_what_is_not_kept_costs_what_it_costs(lean, stage):
    song = wav_header(2, 2, 8000, 8000 * 600) + bytes(4 * 8000 * 600)
    charged = []
    for each in (lean, stage):
        before = each.server.state.credits_charged
        created(each, "long.wav", song)
        charged.append(each.server.state.credits_charged - before)

    assert charged[0] == charged[1] == 10


def test_a_mixture_that_is_not_kept_leaves_its_beginning_and_its_length(lean):
    frames = 1 << 20
    song = wav_header(2, 2, 44100, frames) + b"\xff" * (4 * frames)
    kept = lean.server.state.jobs[created(lean, "big.wav", song)].input_path

    assert kept.stat().st_size == len(song)
    assert kept.read_bytes().rstrip(b"\0") == song[: 1 << 16]


SIZE = 64_044
PARTS = {
    "bytes=0-0": (206, 0, 1),
    "bytes=1000-": (206, 1000, SIZE),
    "bytes=1000-1999": (206, 1000, 2000),
    "bytes=60000-99999999": (206, 60_000, SIZE),
    "bytes=-5": (206, SIZE - 5, SIZE),
    "bytes=-99999999": (206, 0, SIZE),
    "bytes=64044-": (416, 0, 0),
    "bytes=5-4": (416, 0, 0),
    "bytes=-0": (416, 0, 0),
    "bytes=-": (200, 0, SIZE),
    "pages=1-2": (200, 0, SIZE),
}


@pytest.mark.parametrize("asked", PARTS)
def test_parts_of_noise_are_the_right_bytes_as_those_of_a_file_are(lean, stage, asked):
    whole = lean.ask("download")
    status, start, stop = PARTS[asked]
    part, of_file = (each.ask("download", headers={"Range": asked}) for each in (lean, stage))

    assert part.status_code == status
    if status == 416:
        assert part.headers["content-range"] == f"bytes */{SIZE}"
        return
    assert part.content == whole.content[start:stop]
    assert int(part.headers["content-length"]) == stop - start
    if status == 206:
        assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    if of_file.status_code == 206:
        assert part.headers["content-range"] == of_file.headers["content-range"]


@pytest.mark.parametrize("same", [True, False])
def test_a_part_of_noise_comes_only_of_the_same_version(lean, same):
    etag = lean.ask("download").headers["etag"] if same else '"another"'
    answer = lean.ask("download", headers={"Range": "bytes=5-", "If-Range": etag})

    assert answer.status_code == (206 if same else 200)


def test_gigabytes_of_noise_take_no_memory(lean):
    noise = lean.server.state.jobs[lean.job].noise(lean.server.state.jobs[lean.job].stems[0])
    pieces = type(noise)("seed", b"RIFF", 1 << 40).pieces((1 << 40) - 5_000_000)
    tracemalloc.start()
    try:
        assert sum(map(len, pieces)) == 5_000_000
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_who_keeps_uploads_has_files_in_the_place_of_checksums(stage):
    answer = httpx.get(f"{stage.server.url}/__fake__/stems/{stage.job}")

    assert answer.status_code == 409
    assert httpx.get(f"{stage.server.url}/__fake__/stems/nothing").status_code == 404
