"""Deadlines hold over a real connection, whatever bytes come, and the connection is cut."""

import contextlib
import itertools
import socket
import threading

import pytest

from contract_tests.harness.clients import do
from mvsep import ConnectionFailed, JobTimeout, MVSepError, PollPolicy, calling
from mvsep.settings.policies import Clock

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
# What is sent at once, and what again and again, a second of the made-up clock each time.
DRIPS = {
    "status line": (b"HTTP/1.1 200 ", b"O"),
    "name of a header": (HEAD + b"X-", b"a"),
    "value of a header": (HEAD + b"X-Long: ", b"a"),
    "headers": (HEAD, b"X-A: b\r\n"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "102 Processing": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "103 Early Hints": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "body": (HEAD + b"Content-Length: 9999999\r\n\r\n", b" "),
    "chunks": (CHUNKED, b"1\r\n \r\n"),
    "length of a chunk": (CHUNKED, b"0"),
    "extension of a chunk": (CHUNKED + b"1;a=", b"b"),
    "trailers": (CHUNKED + b"0\r\n", b"X-A: b\r\n"),
}
#: A deadline that does not hold ends with the server's patience.
MOST = 4000


class Dripping:
    """A server that never ends an answer, and counts a second for each piece of it."""

    def __init__(self):
        self.now = 1000.0
        self.cut = []
        self.first, self.piece = b"", b""
        self.over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self._listening.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            try:
                connection.recv(65536)
                connection.sendall(self.first)
                for _ in itertools.repeat(None, MOST):
                    self.now += 1
                    if self.over.wait(0.005):
                        return
                    connection.sendall(self.piece)
            except OSError:
                self.cut.append(True)
                self.ended.set()

    def expect(self, drip):
        self.first, self.piece = DRIPS[drip]
        self.ended = threading.Event()
        self.cut.clear()

    def settings(self):
        return {"base_url": self.url, "timing": Clock(clock=lambda: self.now)}


@pytest.fixture(scope="module")
def server():
    with Dripping() as server:
        yield server


@pytest.mark.parametrize("drip", DRIPS)
def test_a_call_within_seconds_ends_in_time_and_its_connection_too(server, shell, drip):
    server.expect(drip)
    with pytest.raises(MVSepError) as caught, calling(within=4):
        do(shell, lambda client: client.api.app.news(), **server.settings())

    assert isinstance(caught.value, ConnectionFailed)
    assert server.ended.wait(60)
    assert server.cut


@pytest.mark.parametrize("drip", ["headers", "103 Early Hints", "body"])
def test_a_wait_ends_in_time_and_keeps_the_hash(server, shell, drip):
    server.expect(drip)
    polling = PollPolicy(initial=0.1)
    with pytest.raises(JobTimeout) as caught:
        do(
            shell,
            lambda client: client.job("1-song.wav").wait(timeout=5),
            sleep=lambda seconds: None,
            polling=polling,
            **server.settings(),
        )

    assert caught.value.hash == "1-song.wav"
    assert server.ended.wait(60)


def test_calls_that_end_in_time_share_a_connection(server, shell, monkeypatch):
    accepted = []

    def serve(connection):
        accepted.append(True)
        with connection:
            while connection.recv(65536):
                connection.sendall(HEAD + b"Content-Length: 2\r\n\r\n[]")

    async def ask_async(client):
        return [await client.api.app.news() for _ in range(3)]

    def ask(client):
        return [client.api.app.news() for _ in range(3)]

    monkeypatch.setattr(server, "serve", serve)
    with calling(within=60):
        answers = do(shell, ask if shell == "sync" else ask_async, **server.settings())

    assert answers == [[], [], []]
    assert len(accepted) == 1
