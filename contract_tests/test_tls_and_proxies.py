"""Proxies of the environment, an own certificate authority, and HTTP/2 work, with real ones."""

import contextlib
import gc
import socket
import threading
from pathlib import Path

import pytest
import trustme

from contract_tests.harness.clients import do
from contract_tests.harness.dripping import Dripping
from contract_tests.harness.secure import NAME, Secure, proxy
from mvsep import NO_RETRY, ConnectionFailed, MVSepError, Pace, calling
from mvsep.testing import DEMO_TOKEN, FakeServer, Schedule, render_song

VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    fake = FakeServer(schedule=Schedule.at_once())
    with Secure(fake, tmp_path_factory.mktemp("tls")).run() as running:
        yield running


@pytest.fixture(autouse=True)
def environment(secure, monkeypatch):
    """Trust the server's authority, and know no proxy."""
    secure.versions.clear()
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(secure.authority))
    return monkeypatch


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """Host and port of a proxy that wants a name and a password."""
    with proxy(tmp_path_factory.mktemp("proxy"), "--basic-auth", "me:pass") as address:
        yield address


def separated(shell, out, url, **more):
    settings = {"base_url": url, "pace": Pace(float("inf")), "retry": NO_RETRY, **more}
    act = lambda client: client.separate(render_song(), 40, out=out)  # noqa: E731
    result = do(shell, act, **settings)
    assert [path.stat().st_size > 0 for path in sorted(Path(out).iterdir())] == [True, True]
    return result


# What works


@pytest.mark.parametrize(("http2", "version"), [(True, "2"), (False, "1.1")])
def test_a_song_goes_through_a_callers_client(secure, shell, tmp_path, http2, version):
    own = {"http2": http2, "verify": secure.trusting(), "trust_env": False}
    separated(shell, tmp_path, f"https://localhost:{secure.port}", http=own)

    assert secure.versions == {version}


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_song_goes_through_the_proxy_of_the_environment(
    secure, shell, tmp_path, door, environment, variable
):
    environment.setenv(variable, f"http://me:pass@{door}")
    separated(shell, tmp_path, f"https://{NAME}:{secure.port}")

    assert secure.versions == {"1.1"}


def test_a_song_goes_through_the_proxy_of_a_callers_client(secure, shell, tmp_path, door):
    own = {"proxy": f"http://me:pass@{door}", "verify": secure.trusting(), "http2": True}
    separated(shell, tmp_path, f"https://{NAME}:{secure.port}", http=own)

    assert secure.versions == {"2"}


@pytest.mark.parametrize("as_context", [False, True])
def test_a_song_goes_through_the_proxy_and_authority_of_the_keywords(
    secure, shell, tmp_path, door, environment, as_context
):
    environment.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    environment.delenv("SSL_CERT_FILE")
    trusted = secure.trusting() if as_context else secure.authority
    more = {"proxy": f"http://me:pass@{door}", "verify": trusted}
    separated(shell, tmp_path, f"https://{NAME}:{secure.port}", **more)

    assert secure.versions == {"1.1"}


def test_a_server_that_nobody_vouches_for_is_asked_if_the_caller_says_so(
    secure, shell, tmp_path, environment
):
    environment.delenv("SSL_CERT_FILE")
    separated(shell, tmp_path, f"https://localhost:{secure.port}", verify=False)

    assert secure.versions == {"1.1"}


def test_a_server_on_this_machine_is_not_behind_the_proxy(shell, tmp_path, environment):
    environment.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    environment.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with FakeServer(schedule=Schedule.at_once()).run() as server:
        separated(shell, tmp_path, server.url)


# What does not


def failed(shell, url, **more):
    with pytest.raises(MVSepError) as caught:
        do(
            shell,
            lambda client: client.submit(render_song(), 40),
            **{"base_url": url, "retry": NO_RETRY, **more},
        )
    error = caught.value
    assert isinstance(error, ConnectionFailed)
    assert error.charged is False
    assert error.sent is False
    assert str(error).isprintable()
    assert DEMO_TOKEN not in f"{error} {error!r}"
    assert "pass" not in str(error)
    return error


def test_a_server_that_an_unknown_authority_vouches_for_gets_nothing(
    secure, shell, tmp_path, door, environment
):
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(str(stranger))
    environment.setenv("SSL_CERT_FILE", str(stranger))
    environment.setenv("HTTPS_PROXY", f"http://me:pass@{door}")
    error = failed(shell, f"https://{NAME}:{secure.port}")

    assert "certificate" in str(error).lower()
    assert secure.versions == set()


def test_a_server_of_another_name_gets_nothing(secure, shell, door, environment):
    environment.setenv("HTTPS_PROXY", f"http://me:pass@{door}")
    failed(shell, f"https://other.test:{secure.port}")

    assert secure.versions == set()


def test_a_proxy_that_wants_another_password_is_named(secure, shell, door, environment):
    environment.setenv("HTTPS_PROXY", f"http://me:wrong@{door}")
    error = failed(shell, f"https://{NAME}:{secure.port}")

    assert "proxy" in str(error).lower()
    assert secure.versions == set()


class Saying:
    """A proxy that says one thing, whatever it is asked."""

    def __init__(self, words):
        self._words = words

    def __enter__(self):
        self._listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return f"127.0.0.1:{self._listening.getsockname()[1]}"

    def __exit__(self, *_):
        self._listening.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(65536)
                    connection.sendall(self._words)


EMPTY = b"\r\nContent-Length: 0\r\n\r\n"
WORDS = {
    "nothing": b"",
    "garbage": b"\x00\xff\xfe\x1b[31mNOPE\r\n\r\n",
    "refuses": b"HTTP/1.1 403 Forbidden \x1b[31mX" + EMPTY,
    "wants a password": b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic" + EMPTY,
    "page": b"HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n<html>Please log in</html>",
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://evil.example/" + EMPTY,
    "socks: HTTP": b"HTTP/1.1 400 Bad\r\n\r\n",
    "socks: no method": b"\x05\xff",
    "socks: other version": b"\x04\x00",
    "socks: cut": b"\x05",
    "socks: method that was not offered": b"\x05\x09",
    "socks: no authority": b"\x05\x00\x05\x09\x00\x63garbage",
}


# httpcore leaves the socket of a SOCKS proxy that failed to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_whatever_a_proxy_says_is_a_typed_error(shell, environment, scheme, words):
    with Saying(WORDS[words]) as address:
        environment.setenv("ALL_PROXY", f"{scheme}://{address}")
        failed(shell, f"https://{NAME}:1")
    if scheme == "socks5":
        gc.collect()


def test_garbage_in_place_of_tls_is_a_typed_error(shell):
    with Saying(b"HTTP/1.1 400 Bad Request\r\n\r\n\x1b[31m") as address:
        failed(shell, f"https://{address}")


@pytest.mark.parametrize("piece", [b"X-A: b\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n"])
def test_a_deadline_holds_behind_a_proxy_and_tls(secure, shell, door, environment, piece):
    environment.setenv("HTTPS_PROXY", f"http://me:pass@{door}")
    with Dripping(secure.serving()) as server:
        server.expect(b"HTTP/1.1 200 OK\r\n" if piece.startswith(b"X") else b"", piece)
        url = f"https://{NAME}:{server.port}"
        with pytest.raises(ConnectionFailed), calling(within=4):
            do(shell, lambda client: client.api.app.news(), **server.settings(url))

        assert server.cut.wait(20)
