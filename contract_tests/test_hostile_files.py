"""Hostile servers of files, on raw sockets: each ends as a typed error, with memory and disk flat.

The clock is the test's own: it goes on by a second each time it is looked at.
"""

import gzip
import itertools
import json
import socket
import threading
import tracemalloc

import pytest

from contract_tests.harness.clients import do
from mvsep import NO_RETRY, DownloadError, DownloadPolicy
from mvsep.settings.policies import Clock

HASH = "20250131145833-a0bb276157-song.wav"
MIB = 1 << 20


class Hostile:
    """A server of one job that is done, whose one file it sends as told."""

    def __init__(self, send, **file):
        self.asked = []
        self._send, self._file = send, file
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._listener.close()

    def _serve(self):
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line):
        with line:
            try:
                head = b""
                while b"\r\n\r\n" not in head:
                    if not (more := line.recv(1 << 16)):
                        return
                    head += more
                path = head.split(b" ")[1]
                self.asked.append(path)
                if path.startswith(b"/api/"):
                    line.sendall(self._state())
                else:
                    self._send(line)
            except OSError:
                pass  # the client has gone

    def _state(self):
        file = {"type": "Vocals", "url": f"{self.url}/v.wav", "download": "v.wav", **self._file}
        body = json.dumps({"success": True, "status": "done", "data": {"files": [file]}}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
        return f"{head}\r\nConnection: close\r\n\r\n".encode() + body


@pytest.fixture
def attack(shell, tmp_path, request):
    """Fetch the file of a hostile server; its error, the server, and the memory it took."""

    def run(send, policy=None, **file):
        server = Hostile(send, **file)
        request.addfinalizer(server.close)
        clock = Clock(clock=map(float, itertools.count()).__next__)
        settings = {"base_url": server.url, "retry": NO_RETRY, "timing": clock}
        tracemalloc.start()
        try:
            with pytest.raises(DownloadError) as caught:
                do(
                    shell,
                    lambda client: client.job(HASH).download(tmp_path),
                    sleep=lambda _: None,
                    downloads=policy,
                    **settings,
                )
            memory = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert caught.value.hash == HASH
        assert caught.value.charged
        assert memory < 16 * MIB
        left = [path for path in tmp_path.iterdir() if not path.name.startswith(".")]
        assert left == []
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 4 * MIB
        return caught.value, server

    return run


def head(*lines, status=b"200 OK"):
    return b"\r\n".join((b"HTTP/1.1 " + status, b"Content-Type: audio/x-wav", *lines, b"", b""))


def ever(start, piece):
    """Send without an end, as far as anybody should ever listen."""

    def send(line):
        line.sendall(start)
        for _ in range(16 * MIB // len(piece)):
            line.sendall(piece)

    return send


def once(answer):
    return lambda line: line.sendall(answer)


def test_a_coded_stem_takes_no_more_than_it_is_said_to_have(attack):
    bomb, coded = gzip.compress(bytes(256 * MIB), mtime=0), b"Content-Encoding: gzip"
    whole = once(head(coded, b"Content-Length: %d" % len(bomb)) + bomb)
    chunk = b"%x\r\n%s\r\n" % (len(bomb), bomb)
    endless = ever(head(coded, b"Transfer-Encoding: chunked"), chunk)
    for send in (whole, endless):
        error, server = attack(send, bytes=3244)
        assert "more bytes than the 3244" in error.message
        assert server.asked.count(b"/v.wav") == 1


@pytest.mark.parametrize(
    "start",
    [
        head(b"Transfer-Encoding: chunked"),
        head(b"Content-Length: 999999999999999"),
    ],
    ids=["chunked", "length"],
)
def test_a_stem_of_no_known_size_ends_at_the_limit(attack, start):
    piece = b"10000\r\n" + bytes(1 << 16) + b"\r\n"
    error, server = attack(ever(start, piece), DownloadPolicy(largest=MIB))
    assert "plausible" in error.message
    assert server.asked.count(b"/v.wav") == 1


@pytest.mark.parametrize("size", [{}, {"bytes": 10**9}], ids=["no size", "a size"])
@pytest.mark.parametrize("etag", [b'ETag: "a"', b"Server: x"], ids=["resumable", "not"])
def test_a_stem_that_makes_no_progress_is_given_up(attack, size, etag):
    drip = ever(head(etag, b"Transfer-Encoding: chunked"), b"1\r\nx\r\n" * 999)
    error, server = attack(drip, DownloadPolicy(slowest=10**6), **size)
    assert "makes no progress" in error.message
    assert error.retryable
    assert server.asked.count(b"/v.wav") == 5


@pytest.mark.parametrize(
    "location",
    [
        *(b"https://xn--.mvsep.com/v", b"https://\xed\xa0\x80.mvsep.com/v", b"https://\xff\xfe/v"),
        *(
            b"https://mvsep.com:99999/v",
            b"https://mvsep.com:0/v",
            b"https://[/v",
            b"//\xe2\x84\x80",
        ),
    ],
)
def test_a_redirect_to_no_address_is_a_download_error(attack, location):
    away = head(b"Location: " + location, b"Content-Length: 0", status=b"302 Found")
    _, server = attack(once(away))
    assert all(path == b"/v.wav" or path.startswith(b"/api/") for path in server.asked)
