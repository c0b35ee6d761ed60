"""Deadlines hold over a real connection, whatever bytes come, and the connection is cut."""

import gc

import pytest

from contract_tests.harness.clients import do
from contract_tests.harness.dripping import Dripping
from mvsep import ConnectionFailed, JobTimeout, MVSepError, PollPolicy, calling

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


@pytest.fixture(scope="module")
def server():
    with Dripping() as server:
        yield server


@pytest.mark.parametrize("drip", DRIPS)
def test_a_call_within_seconds_ends_in_time_and_its_connection_too(server, shell, drip):
    server.expect(*DRIPS[drip])
    with pytest.raises(MVSepError) as caught, calling(within=4):
        do(shell, lambda client: client.api.app.news(), **server.settings())

    assert isinstance(caught.value, ConnectionFailed)
    assert server.cut.wait(20)


# anyio leaves the socket of a handshake that was cancelled to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_call_ends_in_time_though_the_handshake_of_tls_does_not(server, shell):
    server.expect(b"\x16\x03\x03\x3f\xff", b"\0")
    url = f"https://127.0.0.1:{server.port}"
    with pytest.raises(ConnectionFailed), calling(within=4):
        do(shell, lambda client: client.api.app.news(), **server.settings(url))
    gc.collect()


@pytest.mark.parametrize("drip", ["headers", "103 Early Hints", "body"])
def test_a_wait_ends_in_time_and_keeps_the_hash(server, shell, drip):
    server.expect(*DRIPS[drip])
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
    assert server.cut.wait(20)


def test_calls_that_end_in_time_share_a_connection(server, shell, monkeypatch):
    accepted = []

    def serve(connection):
        accepted.append(True)
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
