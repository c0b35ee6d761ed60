"""The end of a job, posted by the fake to the address in its form: our own invention."""

import http.server
import json
import queue
import socket
import threading

import httpx
import pytest

from mvsep import MVSep, webhooks
from mvsep.testing import DEMO_TOKEN, FakeServer, ManualClock, Schedule, render_song

SECRET = "cobalt-otter-37"
SONG = render_song()[:40_000]


@pytest.fixture
def receiver():
    """Yield the address of a server that takes what is posted to it, and the queue of that."""
    taken = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.put((self.path, dict(self.headers), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/mvsep?secret={SECRET}", taken
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("input", "failure", "status"),
    [
        (SONG, None, "done"),
        (SONG, "No luck.", "failed"),
        ("https://example.com/song.wav", None, "done"),
    ],
    ids=["done", "failed", "link"],
)
def test_the_end_of_a_job_is_posted_once_and_can_be_confirmed(receiver, input, failure, status):
    address, taken = receiver
    server = FakeServer(schedule=Schedule(0, 0, downloading=0, failure=failure))
    with server.run(), MVSep(DEMO_TOKEN, base_url=server.url) as client:
        client.submit(input, 40, webhook_url=address)
        path, headers, body = taken.get(timeout=60)
        query = path.partition("?")[2]
        reply = webhooks.handle("POST", headers, body, query, client=client, secret=SECRET)
        client.submit(SONG, 40, webhook_url=address)
        taken.get(timeout=60)

    (hash_, *_) = server.state.jobs
    told = json.loads(body)
    assert (told["hash"], told["status"]) == (hash_, status)
    assert DEMO_TOKEN not in f"{headers}{body!r}"
    assert (reply.state.hash, reply.state.status) == (hash_, status)
    assert taken.empty()
    assert [each.body["hash"] for each in server.deliveries.posted] == list(server.state.jobs)


def test_nothing_is_posted_before_the_end(receiver):
    address, taken = receiver
    clock = ManualClock()
    server = FakeServer(schedule=Schedule(3, 2), clock=clock)
    with server.run(), MVSep(DEMO_TOKEN, base_url=server.url) as client:
        client.submit(SONG, 40, webhook_url=address)
        assert server.deliveries.due() == []
        clock.advance(4)
        assert server.deliveries.due() == []
        clock.advance(1)
        assert json.loads(taken.get(timeout=60)[2])["status"] == "done"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/hook",
        "http://192.0.2.1/hook",
        "http://127.0.0.1.example.com/hook",
        "http://[::1",
        "ftp://127.0.0.1/hook",
    ],
)
def test_nothing_is_posted_to_another_machine(url):
    server = FakeServer(schedule=Schedule.at_once())
    form = {"api_token": DEMO_TOKEN, "sep_type": "40", "webhook_url": url}
    with server.run():
        files = {"audiofile": ("song.wav", SONG)}
        made = httpx.post(f"{server.url}/api/separation/create", data=form, files=files)
        assert made.status_code == 200
        assert server.deliveries.due() == []
    assert server.deliveries.posted == []


def test_a_receiver_that_is_not_there_is_no_matter(receiver):
    address, taken = receiver
    server = FakeServer(schedule=Schedule.at_once())
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with server.run(), MVSep(DEMO_TOKEN, base_url=server.url) as client:
        client.submit(SONG, 40, webhook_url=f"http://127.0.0.1:{port}/closed")
        job = client.submit(SONG, 40, webhook_url=address)
        assert json.loads(taken.get(timeout=60)[2])["hash"] == job.hash
    assert server.deliveries.posted[0].status is None
