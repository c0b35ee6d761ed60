"""A fake server on a port with a job in each phase, and ways to ask it down to the bytes."""

import socket
from typing import NamedTuple

import httpx
import pytest

from mvsep.testing import DEMO_TOKEN, FAULTS, PHASES, FakeServer, Schedule, demo_account, faults_of
from mvsep.testing.audio import wav_header

HOST = "127.0.0.1"
SECONDS = 2
SONG = wav_header(2, 2, 8000, 8000 * SECONDS) + bytes(range(256)) * (125 * SECONDS)
PLACES = {**PHASES, "other": "app_user"}
_BOUNDARY = "mvsepmvsep"


def recorded(names):
    """Return a mark that runs a test for faults in each of their phases, and notes it."""

    def cases(*wanted):
        names.update(wanted)
        found = [(name, phase) for name in wanted for phase in PLACES if name in faults_of(phase)]
        return pytest.mark.parametrize(("name", "phase"), found)

    return cases


def staged():
    """Two fixtures: a stage for the tests of a module, and the same without faults for each."""

    @pytest.fixture(scope="module")
    def standing():
        with Stage() as stage:
            yield stage

    @pytest.fixture
    def stage(standing):
        standing.faults.fired.clear()
        yield standing
        standing.faults.clear()

    return standing, stage


class Heard(NamedTuple):
    """Bytes that came down a connection, and its end: closed, or reset."""

    data: bytes
    end: str

    @property
    def head(self):
        return self.data.partition(b"\r\n\r\n")[0]

    @property
    def body(self):
        return self.data.partition(b"\r\n\r\n")[2]

    @property
    def status(self):
        return int(self.data.split(b" ", 2)[1])

    @property
    def lines(self):
        """The lines of its headers."""
        return self.head.split(b"\r\n")[1:]

    def values(self, name):
        """Each value of a header."""
        lines = (line.partition(b":") for line in self.lines)
        return [v.strip().decode() for n, _, v in lines if n.decode().lower() == name]


class Stage:
    """A server, a job that is done, a link that was fetched, and a stem.

    Attributes:
        server: The server; jobs of its own are done at once. One song costs one credit.
        job, remote: The hashes of the job and of the link.
        stem: The address of the job's first stem.
    """

    def __init__(self, server=None):
        rich = demo_account()
        rich.credits = 1_000_000
        at_once = Schedule.at_once()
        self.server = server or FakeServer([rich], schedule=at_once, rate_limit=100_000)
        self._running = self.server.run()
        self.job = self.remote = self.stem = ""

    def __enter__(self):
        self._running.__enter__()
        self.job = self.create().json()["data"]["hash"]
        link = {"api_token": DEMO_TOKEN, "sep_type": "40", "url": "https://songs.example/a.wav"}
        answer = httpx.post(f"{self.server.url}/api/separation/create", data=link)
        self.remote = answer.json()["data"]["hash"]
        if files := self.ask("poll").json()["data"].get("files"):
            self.stem = files[0]["url"]
        return self

    def __exit__(self, *error):
        self._running.__exit__(*error)
        self.server.state.close()

    @property
    def faults(self):
        return self.server.faults

    @property
    def jobs(self):
        return self.server.state.jobs_created

    def create(self, **more):
        return httpx.post(
            f"{self.server.url}/api/separation/create",
            data={"api_token": DEMO_TOKEN, "sep_type": "40"},
            files={"audiofile": ("song.wav", SONG)},
            **more,
        )

    def address(self, phase):
        """Return the address that a phase asks, but for submit."""
        return {
            "poll": f"{self.server.url}/api/separation/get?hash={self.job}",
            "remote": f"{self.server.url}/api/separation/get-remote?hash={self.remote}",
            "download": self.stem,
            "other": f"{self.server.url}/api/app/user?api_token={DEMO_TOKEN}",
        }[phase]

    def struck(self, name, phase, *headers):
        """All that comes to a request that meets a fault, and whose act is as the fault says."""
        before = self.jobs
        self.faults.script(PLACES[phase], [name])
        heard = self.heard(phase, *headers)
        assert self.faults.fired[-1].name == name
        assert self.jobs - before == (phase == "submit" and FAULTS[name].acts)
        return heard

    def ask(self, phase, **more):
        """Return the answer of a phase, through httpx; redirects are not followed."""
        return self.create(**more) if phase == "submit" else httpx.get(self.address(phase), **more)

    def request(self, phase, *headers):
        """Return the bytes of a request of a phase, after which the connection is to close."""
        host = httpx.URL(self.server.url).netloc.decode()
        more = "".join(
            f"{header}\r\n" for header in (f"Host: {host}", "Connection: close", *headers)
        )
        if phase != "submit":
            target = httpx.URL(self.address(phase)).raw_path.decode()
            return f"GET {target} HTTP/1.1\r\n{more}\r\n".encode()
        body = b"".join(
            b'--%s\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
            % (_BOUNDARY.encode(), name, file, text)
            for name, file, text in (
                (b"api_token", b"", DEMO_TOKEN.encode()),
                (b"sep_type", b"", b"40"),
                (b"audiofile", b'; filename="song.wav"', SONG),
            )
        )
        body += f"--{_BOUNDARY}--\r\n".encode()
        kind = f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\n"
        length = f"Content-Length: {len(body)}\r\n"
        return f"POST /api/separation/create HTTP/1.1\r\n{more}{kind}{length}\r\n".encode() + body

    def connect(self):
        return socket.create_connection((HOST, httpx.URL(self.server.url).port), timeout=60)

    def heard(self, phase, *headers):
        """All that comes to a request of a phase."""
        with self.connect() as connection:
            connection.sendall(self.request(phase, *headers))
            return hear(connection)


def hear(connection):
    """All that comes until the connection ends."""
    data = bytearray()
    while True:
        try:
            piece = connection.recv(1 << 16)
        except ConnectionError:
            return Heard(bytes(data), "reset")
        if not piece:
            return Heard(bytes(data), "closed")
        data += piece
