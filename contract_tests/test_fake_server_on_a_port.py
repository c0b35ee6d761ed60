"""The fake server over real sockets of 127.0.0.1: in a thread, and as a process of its own."""

import re
import signal
import socket
import subprocess
import sys
import threading

import httpx
import pytest

from mvsep.testing import DEMO_TOKEN, FakeServer, ManualClock, Schedule, render_song
from mvsep.testing.server import HOST

LINE = re.compile(r"MVSEP_BASE_URL=(http://127\.0\.0\.1:\d+) MVSEP_API_TOKEN=(\w+)\n")


def threads():
    return {thread.name for thread in threading.enumerate() if thread.name == "mvsep-fake"}


def create(url: str, token: str = DEMO_TOKEN, **more) -> httpx.Response:
    return httpx.post(
        f"{url}/api/separation/create",
        data={"api_token": token, "sep_type": "40", "output_format": "1"},
        files={"audiofile": ("song.wav", render_song())},
        **more,
    )


def accepts(url: str) -> bool:
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


def test_it_stops_though_a_client_keeps_its_connection_open():
    with httpx.Client() as client:
        with FakeServer().run() as server:
            client.get(f"{server.url}/api/app/queue")

        assert not threads()


def test_it_stops_when_the_block_fails():
    server = FakeServer()
    with pytest.raises(ZeroDivisionError), server.run():
        _ = 1 / 0

    assert not threads()


def test_it_can_be_started_again_and_still_knows_its_jobs():
    server = FakeServer(schedule=Schedule.at_once())
    with server.run():
        hash_ = create(server.url).json()["data"]["hash"]
    with server.run():
        again = httpx.get(f"{server.url}/api/separation/get", params={"hash": hash_}).json()

    assert again["status"] == "done"


def test_two_at_once_know_nothing_of_each_other():
    with FakeServer().run() as one, FakeServer().run() as two:
        hash_ = create(one.url).json()["data"]["hash"]
        states = [
            httpx.get(f"{server.url}/api/separation/get", params={"hash": hash_}).json()["status"]
            for server in (one, two)
        ]

        assert one.url != two.url
        assert states[1] == "not_found"
        assert (one.state.jobs_created, two.state.jobs_created) == (1, 0)


def test_a_port_that_is_taken_is_an_error_and_starts_no_thread():
    with FakeServer().run() as server:
        with pytest.raises(OSError), FakeServer().run(port=httpx.URL(server.url).port):
            pass

        assert len([t for t in threading.enumerate() if t.name == "mvsep-fake"]) == 1


def test_a_job_goes_its_whole_way_over_the_wire_in_virtual_time():
    clock = ManualClock()
    with FakeServer(schedule=Schedule(2, 2), clock=clock).run() as server:
        link = create(server.url).json()["data"]["link"]
        seen = []
        for _ in range(3):
            answer = httpx.get(link).json()
            seen.append(answer["status"])
            clock.advance(2)
        file = answer["data"]["files"][0]
        stem = httpx.get(file["url"])

    assert link.startswith(server_of(link))
    assert seen == ["waiting", "processing", "done"]
    assert int(stem.headers["content-length"]) == len(stem.content) == file["bytes"]


def server_of(link: str) -> str:
    url = httpx.URL(link)
    return f"http://{HOST}:{url.port}/"


def test_a_download_goes_on_where_it_was_cut():
    with FakeServer(schedule=Schedule.at_once()).run() as server:
        link = create(server.url).json()["data"]["link"]
        url = httpx.get(link).json()["data"]["files"][1]["url"]
        with httpx.stream("GET", url) as cut:
            first = next(cut.iter_bytes(100_000))
            etag = cut.headers["etag"]
        rest = httpx.get(url, headers={"Range": f"bytes={len(first)}-", "If-Range": etag})
        whole = httpx.get(url).content

    assert rest.status_code == 206
    assert first + rest.content == whole


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


@pytest.fixture
def process():
    """Start `python -m mvsep.testing` and make sure that it has ended."""
    started = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "mvsep.testing", *arguments]
        one = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()
        one.communicate()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_on_its_own_it_tells_its_url_in_one_line_and_ends_cleanly(process, stop):
    running = process("--speed", "1000")
    url, token = LINE.fullmatch(running.stdout.readline()).groups()
    answer = create(url, token)
    running.send_signal(stop)
    out, err = running.communicate(timeout=30)

    assert answer.json()["success"] is True
    assert (out, err, running.returncode) == ("", "", 0)


def test_on_its_own_it_takes_a_token_and_a_port(process):
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    running = process("--port", str(port), "--token", "ab" * 15)
    url, token = LINE.fullmatch(running.stdout.readline()).groups()
    user = httpx.get(f"{url}/api/app/user", params={"api_token": token}).json()["data"]

    assert (url, token) == (f"http://{HOST}:{port}", "ab" * 15)
    assert user["premium_minutes"] == 1000
    assert create(url).status_code == 401


@pytest.mark.parametrize("speed", ["0", "-1", "inf", "nan", "fast"])
def test_a_speed_that_is_none_is_refused(process, speed):
    running = process("--speed", speed)
    _, err = running.communicate(timeout=30)

    assert running.returncode == 2
    assert "--speed" in err


def test_a_taken_port_is_told_in_a_sentence(process):
    with socket.create_server((HOST, 0)) as taken:
        running = process("--port", str(taken.getsockname()[1]))
        _, err = running.communicate(timeout=30)

    assert running.returncode == 1
    assert "can't be used" in err
    assert "Traceback" not in err
