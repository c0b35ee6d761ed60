"""The fake server over real sockets of 127.0.0.1: in a thread, and as a process of its own."""

import re
import signal
import socket
import subprocess
import sys
import threading

import httpx
import pytest

from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, render_song
from mvsep.testing.server import HOST


def threads():
    return [each for each in threading.enumerate() if each.name == "mvsep-fake"]


def create(url, token=DEMO_TOKEN):
    return httpx.post(
        f"{url}/api/separation/create",
        data={"api_token": token, "sep_type": "40", "output_format": "1"},
        files={"audiofile": ("song.wav", render_song())},
    )


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
        again = httpx.get(f"{server.url}/api/separation/get", params={"hash": hash_}).json()

    assert again["status"] == "done"


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


# As a process of its own

LINE = re.compile(r"MVSEP_BASE_URL=(http://127\.0\.0\.1:\d+) MVSEP_API_TOKEN=(\w+)\n")


@pytest.fixture
def process():
    """Start `python -m mvsep.testing` and make sure that it has ended."""
    started = []

    def start(*arguments):
        command = [sys.executable, "-m", "mvsep.testing", *arguments]
        one = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()
        one.communicate()


def told(running):
    """Return the URL and the token that a process tells in its first line."""
    return LINE.fullmatch(running.stdout.readline()).groups()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_on_its_own_it_tells_its_url_in_one_line_and_ends_cleanly(process, stop):
    running = process("--speed", "1000")
    answer = create(*told(running))
    running.send_signal(stop)
    out, err = running.communicate(timeout=30)

    assert answer.json()["success"] is True
    assert (out, err, running.returncode) == ("", "", 0)


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
