"""The fake server over real sockets: in a thread, in several regions, and as a process."""

import io
import os
import signal
import socket
import subprocess
import sys
import threading

import httpx
import pytest

from contract_tests.harness.announced import announced
from mvsep.testing import DEMO_TOKEN, FREE_TOKEN, FakeServer, Schedule, render_song
from mvsep.testing.server import HOST


def threads():
    return [each for each in threading.enumerate() if each.name == "mvsep-fake"]


def create(url, /, token=DEMO_TOKEN, **more):
    return httpx.post(
        f"{url}/api/separation/create",
        data={"api_token": token, "sep_type": "40", "output_format": "1", **more},
        files={} if "url" in more else {"audiofile": ("song.wav", render_song())},
    )


def state_of(url, hash_, call="get"):
    return httpx.get(f"{url}/api/separation/{call}", params={"hash": hash_}).json()


def accepts(url):
    try:
        socket.create_connection((HOST, httpx.URL(url).port), timeout=5).close()
    except ConnectionRefusedError:
        return False
    return True


def test_it_answers_as_soon_as_the_block_begins_and_leaves_nothing_behind():
    server = FakeServer()
    with server.run() as running:
        url = running.url
        assert httpx.get(f"{url}/api/app/queue").status_code == 200
        assert threads()

    assert not threads()
    assert not accepts(url)
    with pytest.raises(RuntimeError, match="not on a port"):
        _ = server.url


def test_it_stops_though_a_client_keeps_its_connection_open_and_the_block_fails():
    with httpx.Client() as client:
        with pytest.raises(ZeroDivisionError), FakeServer().run() as server:
            client.get(f"{server.url}/api/app/queue")
            _ = 1 / 0

        assert not threads()


def test_it_can_be_started_again_and_still_knows_its_jobs():
    server = FakeServer(schedule=Schedule.at_once())
    with server.run():
        hash_ = create(server.url).json()["data"]["hash"]
    with server.run():
        assert state_of(server.url, hash_)["status"] == "done"


def test_a_port_that_is_taken_is_an_error_and_starts_no_thread():
    with FakeServer().run() as server:
        with pytest.raises(OSError), FakeServer().run(port=httpx.URL(server.url).port):
            pass

        assert len(threads()) == 1


def test_an_upload_that_breaks_off_is_no_job_and_leaves_no_file():
    with FakeServer().run() as server:
        head = (
            "POST /api/separation/create HTTP/1.1\r\nHost: fake\r\nContent-Length: 9000000\r\n"
            "Content-Type: multipart/form-data; boundary=cut\r\n\r\n"
            '--cut\r\nContent-Disposition: form-data; name="audiofile"; filename="a.wav"\r\n\r\n'
        )
        with socket.create_connection((HOST, httpx.URL(server.url).port)) as connection:
            connection.sendall(head.encode() + b"x" * 2_000_000)
        assert httpx.get(f"{server.url}/api/app/queue").status_code == 200
        state = server.state

    assert state.jobs_created == 0
    assert list(state._folder.iterdir()) == []


# Several servers that are one service


@pytest.fixture
def regions():
    one = FakeServer(schedule=Schedule.at_once())
    two = one.region("de2")
    front = one.front()
    with one.run(), two.run(), front.run():
        yield one, two, front
    for server in (one, two, front):
        server.state.close()


def test_a_job_and_its_files_are_where_it_was_created_and_nowhere_else(regions):
    one, two, front = regions
    made = create(one.url).json()["data"]
    state = state_of(one.url, made["hash"])
    url = state["data"]["files"][0]["url"]

    assert state["status"] == "done"
    assert [state_of(server.url, made["hash"])["status"] for server in (two, front)] == [
        "not_found"
    ] * 2
    assert [server.state.jobs_created for server in regions] == [1, 0, 0]
    assert made["link"].startswith(one.url)
    assert url.startswith(one.url)
    assert httpx.get(url).status_code == 200
    assert httpx.get(url.replace(one.url, two.url)).status_code == 404


def test_regions_charge_one_account_and_never_give_one_hash_twice(regions):
    one, two, _ = regions
    account = one.state.accounts.find(DEMO_TOKEN)
    before = account.credits
    hashes = {create(server.url).json()["data"]["hash"] for server in (one, two)}

    assert len(hashes) == 2
    assert before - account.credits == 2
    assert two.state.accounts.find(DEMO_TOKEN) is account


def test_the_history_has_the_jobs_of_all_regions_newest_first(regions):
    one, two, _ = regions
    hashes = [create(server.url).json()["data"]["hash"] for server in (one, two, one)]
    for server in regions:
        url = f"{server.url}/api/app/separation_history"
        rows = httpx.get(url, params={"api_token": DEMO_TOKEN}).json()["data"]
        assert [row["hash"] for row in rows] == hashes[::-1]
        assert len({row["id"] for row in rows}) == 3


def test_a_free_account_has_one_job_at_a_time_in_all_regions_together():
    one = FakeServer(schedule=Schedule(60))
    two = one.region("de2")
    with one.run(), two.run():
        first, second = create(one.url, FREE_TOKEN), create(two.url, FREE_TOKEN)

    assert (first.status_code, second.status_code) == (200, 400)
    assert "unprocessed file in queue" in second.text


@pytest.mark.parametrize("more", [{}, {"url": "https://songs.example/a.wav"}])
def test_a_front_hands_jobs_on_and_names_the_region(regions, more):
    one, _, front = regions
    answer = create(front.url, **more).json()["data"]
    call = "get-remote" if more else "get"

    assert answer["link"].startswith(f"{one.url}/api/separation/{call}?")
    assert httpx.get(answer["link"]).json()["status"] == "done"
    assert state_of(front.url, answer["hash"], call)["status"] == "not_found"
    assert [server.state.jobs_created for server in regions] == [1, 0, 0]
    assert front.state.seen["separation_create"] == 1


def test_each_region_has_faults_of_its_own(regions):
    one, two, _ = regions
    one.faults.add("http-502", "app_news", times=None)
    statuses = [httpx.get(f"{server.url}/api/app/news").status_code for server in (one, two)]

    assert statuses == [502, 200]


def test_a_front_of_a_server_that_is_on_no_port_says_so():
    front = FakeServer().front()
    with pytest.raises(RuntimeError, match="not on a port"):
        front.state.makes_at()


# As a process of its own


@pytest.fixture
def process():
    """Start `python -m mvsep.testing` and make sure that it has ended."""
    started = []

    def start(*arguments, **environment):
        one = subprocess.Popen(
            [sys.executable, "-m", "mvsep.testing", *arguments],
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()
        one.communicate()


def told(running):
    """Return the URL and the token that a process tells in its first two lines."""
    return announced(running.stdout)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_on_its_own_it_tells_how_to_reach_it_and_ends_cleanly(process, stop):
    running = process("--speed", "1000")
    answer = create(*told(running))
    running.send_signal(stop)
    out, err = running.communicate(timeout=30)

    assert answer.json()["success"] is True
    assert (out, err, running.returncode) == ("", "", 0)


@pytest.mark.parametrize(
    ("environment", "begin"),
    [
        ({"SHELL": "/bin/bash"}, "export MVSEP_BASE_URL=http://127.0.0.1:"),
        ({"SHELL": "/usr/bin/fish"}, "set -gx MVSEP_BASE_URL http://127.0.0.1:"),
        ({"PSModulePath": "a;b;c"}, '$env:MVSEP_BASE_URL = "http://127.0.0.1:'),
    ],
)
def test_on_its_own_it_tells_lines_to_be_pasted_into_the_shell(process, environment, begin):
    running = process(**environment)
    lines = [running.stdout.readline() for _ in range(2)]

    assert lines[0].startswith(begin)
    assert announced(io.StringIO("".join(lines)))[1] == DEMO_TOKEN


def test_on_its_own_it_takes_a_token_and_a_port(process):
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    url, token = told(process("--port", str(port), "--token", "ab" * 15))
    user = httpx.get(f"{url}/api/app/user", params={"api_token": token}).json()["data"]

    assert (url, token) == (f"http://{HOST}:{port}", "ab" * 15)
    assert user["premium_minutes"] == 1000
    assert create(url).status_code == 401


def test_on_its_own_it_takes_faults_credits_and_no_uploads(process):
    more = ["--fault", "http-502:app_news:2", "--fault", "http-503:app_news"]
    url, _ = told(process("--speed", "100000", "--no-keep", "--credits", "7", *more))
    news = [httpx.get(f"{url}/api/app/news").status_code for _ in range(4)]
    user = httpx.get(f"{url}/api/app/user", params={"api_token": DEMO_TOKEN}).json()
    state = httpx.get(f"{url}/__fake__/state").json()

    assert news == [502, 502, 503, 200]
    assert user["data"]["premium_minutes"] == 7
    assert state["seen"] == {"app_news": 4, "app_user": 1}


def test_on_its_own_a_slow_answer_comes_by_and_by(process):
    url, _ = told(process("--drip", "0", "--fault", "slow-drip:app_news"))
    slow, plain = (httpx.get(f"{url}/api/app/news").json() for _ in range(2))

    assert slow == plain


SPEEDS = [("--speed", speed, "--speed") for speed in ("0", "-1", "inf", "nan", "fast")]
FAULTS = [
    ("--fault", "nothing", "'nothing'"),
    ("--fault", "http-502:nowhere", "'nowhere'"),
    ("--fault", "hash-null:app_news", "'hash-null'"),
]


@pytest.mark.parametrize(("option", "value", "named"), SPEEDS + FAULTS)
def test_on_its_own_it_refuses_what_is_no_value_and_names_it(process, option, value, named):
    running = process(option, value)
    _, err = running.communicate(timeout=30)

    assert running.returncode == 2
    assert named in err
    assert "Traceback" not in err


def test_a_taken_port_is_told_in_a_sentence(process):
    with socket.create_server((HOST, 0)) as taken:
        running = process("--port", str(taken.getsockname()[1]))
        _, err = running.communicate(timeout=30)

    assert running.returncode == 1
    assert "can't be used" in err
    assert "Traceback" not in err
