"""Clients that work with the service work with the fake: another program, and requests of more."""

import json
import os
import re
import socket
import subprocess
import sys

import httpx
import pytest

from contract_tests.harness.others import CREATES, LINKS, SWITCHES, Request
from mvsep import InvalidRequest, MVSep, QuotaExceeded
from mvsep.job_state import read_state
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, FakeServer, ManualClock, Schedule, render_song

SONG = render_song()[:40_000]


def send(server, request, token=DEMO_TOKEN):
    """Send a request as it stands; return the status and the JSON of the answer."""
    address = httpx.URL(server.url)
    with socket.create_connection((address.host, address.port), timeout=60) as connection:
        connection.sendall(request.raw(address.netloc.decode(), token, SONG))
        with connection.makefile("rb") as file:
            head, _, body = file.read().partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), json.loads(body)


@pytest.mark.parametrize("name", CREATES)
def test_what_another_client_sends_is_taken(fake, name):
    status, answer = send(fake, CREATES[name])
    assert (status, answer["success"]) == (200, True)
    (job,) = fake.state.jobs.values()
    assert (job.source, job.credits) == ("song.wav", 1)
    assert job.input_path.read_bytes() == SONG
    assert answer["data"]["hash"] == job.hash
    assert job.order.algorithm.sep_type == 40
    assert ("add_opt1", "81") in job.order.options  # by choice, by default, and for an empty text

    with MVSep(DEMO_TOKEN, base_url=fake.url) as client:
        found = client.job(job.hash).wait()
        assert [file.label for file in found.state.files] == ["Vocals", "Other"]


@pytest.mark.parametrize("name", LINKS)
def test_a_link_is_taken_in_any_form(fake, name):
    status, answer = send(fake, LINKS[name])
    assert (status, answer["success"]) == (200, "true")
    assert re.fullmatch("[A-Za-z0-9]{16}", answer["data"]["hash"])
    fake.state.settle()
    assert [job.source for job in fake.state.jobs.values()] == ["song.wav"]


@pytest.mark.parametrize("name", SWITCHES)
def test_a_form_without_a_file_is_taken_in_any_writing(fake, name):
    answer = {"success": True, "message": "successfully enabled"}
    assert send(fake, SWITCHES[name]) == (200, answer)
    assert send(fake, SWITCHES[name], token="x" * 30)[0] == 400


@pytest.mark.parametrize(
    "query",
    ["hash={}", "hash={}&mirror=0", "hash={}&_=1764360000000", "hash={}&api_token=TOKEN&mirror="],
)
def test_a_state_is_asked_for_in_any_way(fake, query):
    _, answer = send(fake, CREATES["curl"])
    line = f"GET /api/separation/get?{query.format(answer['data']['hash'])}"
    status, answer = send(fake, Request(line, "Cache-Control: no-cache\r\n", b""))
    assert (status, answer["status"]) == (200, "done")
    assert fake.state.credits_charged == 1


# mvsep-cli 1.2.0, whose command is called mvsep too: it is started as a module


@pytest.fixture
def cli(fake, tmp_path):
    """Return a function that runs it; nothing but the address is not as it comes."""
    start = (
        "import sys; from mvsep_cli import config, __main__;"
        "config.Config.MIRRORS['main'] = sys.argv.pop(1); sys.exit(__main__.main())"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    environment |= {"MVSEP_API_TOKEN": DEMO_TOKEN, "NO_PROXY": "127.0.0.1"}

    def run(*words):
        return subprocess.run(
            [sys.executable, "-c", start, fake.url, *map(str, words)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def test_mvsep_cli_separates_a_song(cli, fake, song, tmp_path):
    ended = cli("run", song, "-t", "48", "--add-opt1", "11", "-i", "0", "-o", tmp_path / "out")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Separation completed!" in ended.stdout
    written = {path.name: path.stat().st_size for path in (tmp_path / "out").iterdir()}
    assert set(written) == {"song_vocals.wav", "song_other.wav"}
    assert set(written.values()) == {song.stat().st_size}
    assert fake.state.tally("song.wav").credits == 1


def test_mvsep_cli_goes_step_by_step(cli, fake, song, tmp_path):
    uploaded = cli("upload", song, "-t", "63", "-f", "2", "--demo")
    hash_ = re.search(r"Hash: (\S+)", uploaded.stdout)[1]
    assert hash_ in fake.state.jobs

    shown, waited = cli("status", hash_), cli("wait", hash_, "-i", "0")
    assert (shown.returncode, waited.returncode) == (0, 0)
    assert "Algorithm: BS Roformer SW" in shown.stdout
    assert "Output files: 7" in waited.stdout

    fetched = cli("download", hash_, "-o", tmp_path)
    assert (fetched.returncode, fetched.stderr) == (0, "")
    keys = ("vocals", "bass", "drums", "guitar", "piano", "other", "instrum")
    assert all((tmp_path / f"song_{key}.wav").stat().st_size for key in keys)


def test_mvsep_cli_lists_types_and_options(cli):
    found, options = cli("list", "-s", "karaoke"), cli("list", "--models", "40")
    assert "49: MVSep Karaoke (lead/back vocals)" in found.stdout
    assert "8: 87.5%" in options.stdout
    assert cli("algorithms").returncode == 0


# What such clients rely on


@pytest.mark.parametrize(
    ("sep_type", "options", "names"),
    [
        (48, {"add_opt1": "11"}, ["Vocals song_melroformer_mt_11_vocals.wav"]),
        (63, {}, ["Vocals song_bs6stem_mt_0_vocals.wav", "Instrum song_bs6stem_mt_0_instrum.wav"]),
        (49, {"add_opt1": "6"}, ["Vocals-lead song_roformer_karaoke_mt_6_vocals-lead.wav"]),
        (56, {}, ["Sfx song_mvsepdnrv3_mt_2_sfx.wav"]),
        (39, {}, ["Text song_whisper_mt_1_text.txt"]),
        (113, {}, ["Midi song_transkun_mt_0_midi.mid"]),
    ],
)
def test_files_come_by_the_names_that_were_seen(fake, sep_type, options, names):
    form = {"api_token": DEMO_TOKEN, "sep_type": str(sep_type), **options}
    files = {"audiofile": ("song.wav", SONG)}
    made = httpx.post(f"{fake.url}/api/separation/create", data=form, files=files).json()["data"]
    files = httpx.get(made["link"]).json()["data"]["files"]

    assert set(names) <= {f"{file['type']} {file['download']}" for file in files}
    for file in files:
        stored = f"{made['hash'].removesuffix('.wav')}{file['download'].removeprefix('song')}"
        assert file["url"] == f"{fake.url}/storage/processed/{stored}"
        assert len(httpx.get(file["url"]).content) == file["bytes"]


def test_types_come_as_the_service_lists_them(fake):
    rows = httpx.get(f"{fake.url}/api/app/algorithms").json()
    order = [(-row["algorithm_group_id"], row["order_id"]) for row in rows]
    assert order == sorted(order)
    assert [row["render_id"] for row in rows[:5]] == [26, 28, 30, 63, 20]
    assert rows[-1]["algorithm_group"]["name"] == "Old Models"

    turned = [
        row["render_id"]
        for row in rows
        if [field["name"] for field in row["algorithm_fields"]] == ["add_opt2", "add_opt1"]
    ]
    assert sorted(turned) == [26, 28, 30, 67, 111]
    assert [row["created_at"] for row in rows].count(None) == 13


def test_no_answer_has_a_date_of_another_form(fake):
    send(fake, CREATES["curl"])
    paths = ("user", "separation_history", "news", "demo", "algorithms")
    texts = [
        httpx.get(f"{fake.url}/api/app/{path}", params={"api_token": DEMO_TOKEN}).text
        for path in paths
    ]
    dates = [date for text in texts for date in re.findall(r'"(\d{4}-\d\d-\d\d[^"]*)"', text)]
    assert len(dates) > 500
    assert {date for date in dates if not re.fullmatch(r"\S{10} \d\d:\d\d(:\d\d)?", date)} == set()


def test_a_free_account_meets_the_limit_of_the_day_in_the_services_words(call, song, fake):
    fake.state.clock = clock = ManualClock()
    for _ in range(50):
        clock.advance(1)
        call("submit", song, 40, token=FREE_TOKEN)
    clock.advance(86_300)
    with pytest.raises(QuotaExceeded, match="limit of separations for today") as caught:
        call("submit", song, 40, token=FREE_TOKEN)
    assert caught.value.charged is False

    clock.advance(100)
    call("submit", song, 40, token=FREE_TOKEN)


def test_a_job_is_cancelled_while_it_waits_and_not_after_that():
    clock = ManualClock()
    server = FakeServer(schedule=Schedule(10, 20), clock=clock)
    with server.run(), MVSep(DEMO_TOKEN, base_url=server.url) as client:
        waits, works = client.submit(SONG, 40), client.submit(SONG, 40)
        waits.cancel()
        clock.advance(15)
        with pytest.raises(InvalidRequest):
            works.cancel()
        assert client.api.separation.get(hash=works.hash).status == "processing"
        assert client.account().credits == 999


def test_the_history_shows_a_job_whose_download_seems_to_hang():
    server = FakeServer(schedule=Schedule.by_polls(1))
    server.faults.add("being-downloaded", "separation_get_remote", times=None)
    with server.run(), MVSep(DEMO_TOKEN, base_url=server.url) as client:
        short = client.submit("https://example.com/music/song.wav", 40).hash
        answers = [client.api.separation.get_remote(hash=short).to_dict() for _ in range(3)]
        (row,) = client.api.app.separation_history().data
        state = read_state(client.api.separation.get(hash=row.hash_))

    message = "Your audio file is being downloaded, please wait a while..."
    assert answers == [{"success": False, "data": {"message": message}}] * 3
    assert row.hash_.endswith("-song.wav")
    assert state.status in {"waiting", "processing"}
