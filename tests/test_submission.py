from __future__ import annotations

import asyncio
import contextlib
import io
import re
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from mvsep import AsyncMVSep, MVSep, OutputFormat, RemoteType, RetryPolicy, SepType, errors
from tests.wire import BASE_URL, TOKEN, Wire, answer

HASH = "20250131145833-a0bb276157-song.wav"
CREATED = answer({"success": True, "data": {"hash": HASH, "link": "https://mvsep.com/x"}})
Submit = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def submit(request: pytest.FixtureRequest) -> Submit:
    """Submit through either client; both must behave alike."""

    def with_sync(wire: Wire, *arguments: Any, token: str | None = TOKEN, **more: Any) -> Any:
        with wire.client(token) as mvsep:
            return mvsep.submit(*arguments, **more)

    async def with_async(wire: Wire, *arguments: Any, token: Any = TOKEN, **more: Any) -> Any:
        async with wire.async_client(token) as mvsep:
            return await mvsep.submit(*arguments, **more)

    if request.param == "sync":
        return with_sync
    return lambda *arguments, **more: asyncio.run(with_async(*arguments, **more))


@pytest.fixture(name="song")
def _song(tmp_path: Path) -> Path:
    path = tmp_path / "my song.wav"
    path.write_bytes(b"RIFF" + bytes(range(256)) * 1000)
    return path


def form(wire: Wire) -> list[tuple[str, str | None, bytes]]:
    """The parts of the only form that was sent: name, file name, content."""
    (request,), (body,) = wire.requests, wire.bodies
    head = b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n"
    parts = message_from_bytes(head + body).get_payload()
    assert isinstance(parts, list)
    found = []
    for part in parts:
        disposition = part["Content-Disposition"]
        name = re.search(r' name="([^"]*)"', disposition)
        assert name
        file = part.get_filename()
        found.append((name[1], file, part.get_payload(decode=True)))
    return found


def fields(wire: Wire) -> dict[str, bytes]:
    return {name: content for name, _, content in form(wire)}


def test_a_path_is_sent_whole_with_the_type_and_the_token_last(submit: Submit, song: Path) -> None:
    wire = Wire(CREATED)
    job = submit(wire, song, SepType.BS_ROFORMER)

    assert job.hash == HASH
    assert wire.paths == ["/api/separation/create"]
    marker = next(file for _, file, _ in form(wire) if file).partition("-")[0]
    assert re.fullmatch("mvk[a-z0-9]{9}", marker)
    assert {(name, file) for name, file, _ in form(wire)} == {
        ("audiofile", f"{marker}-my song.wav"),
        ("sep_type", None),
        ("api_token", None),
    }
    assert fields(wire)["audiofile"] == song.read_bytes()
    assert fields(wire)["sep_type"] == b"40"
    assert form(wire)[-1] == ("api_token", None, TOKEN.encode())


def test_everything_that_is_given_is_sent_as_the_service_takes_it(submit: Submit) -> None:
    wire = Wire(CREATED)
    submit(
        wire,
        b"RIFFsong",
        40,
        options={"add_opt1": "81", "add_opt2": 8, "add_opt3": None, "add_opt10": 0.3},
        output_format=OutputFormat.FLAC_16,
        is_demo=False,
        webhook_url="https://example.com/hook",
        preset_id=7,
        send_mail_on_error=True,
        validate=False,
    )

    sent = fields(wire)
    del sent["audiofile"]
    assert sent == {
        "sep_type": b"40",
        "add_opt1": b"81",
        "add_opt2": b"8",
        "add_opt10": b"0.3",
        "output_format": b"2",
        "is_demo": b"0",
        "webhook_url": b"https://example.com/hook",
        "preset_id": b"7",
        "send_mail_on_error": b"1",
        "api_token": TOKEN.encode(),
    }


def test_what_is_none_is_not_sent(submit: Submit) -> None:
    wire = Wire(CREATED)
    submit(wire, None, 62, options=None, output_format=None, is_demo=None, webhook_url=None)

    assert fields(wire) == {"sep_type": b"62", "api_token": TOKEN.encode()}


@pytest.mark.parametrize(
    ("link", "remote_type", "sent"),
    [
        ("https://example.com/a.mp3", None, b"direct"),
        ("https://drive.google.com/file/d/1", None, b"drive"),
        ("https://mega.nz/file/1", None, b"mega"),
        ("https://www.dropbox.com/s/1", None, b"dropbox"),
        ("https://mega.nz.example.com/file/1", None, b"direct"),
        ("https://example.com/a.mp3", RemoteType.MEGA, b"mega"),
        ("https://example.com/a.mp3", "drive", b"drive"),
    ],
)
def test_a_link_is_handed_on_with_where_it_leads(
    submit: Submit, link: str, remote_type: Any, sent: bytes
) -> None:
    wire = Wire(answer({"success": "true", "data": {"hash": "n2AwBjy4KsFZfqqR"}}))
    job = submit(wire, link, 40, remote_type=remote_type)

    assert job.hash == "n2AwBjy4KsFZfqqR"
    assert fields(wire)["url"] == link.encode()
    assert fields(wire)["remote_type"] == sent
    assert "audiofile" not in fields(wire)


def test_matchering_gets_its_two_files(submit: Submit, song: Path) -> None:
    wire = Wire(CREATED)
    submit(wire, song, SepType.MATCHERING, reference=b"reference")

    assert fields(wire)["target_audiofile"] == song.read_bytes()
    assert fields(wire)["reference_audiofile"] == b"reference"
    assert "audiofile" not in fields(wire)


def test_an_open_file_is_sent_from_where_it_stands(submit: Submit) -> None:
    file = io.BytesIO(b"skipped|song")
    file.seek(8)
    wire = Wire(CREATED)
    submit(wire, file, 40)

    assert fields(wire)["audiofile"] == b"song"


def test_the_progress_of_the_upload_counts_the_files_bytes(submit: Submit, song: Path) -> None:
    told: list[tuple[int, int | None]] = []
    submit(Wire(CREATED), song, 40, on_upload=lambda done, size: told.append((done, size)))

    size = song.stat().st_size
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) > 1


class OneWay(io.RawIOBase):
    def readable(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "none.wav", "no file"),
        (lambda folder: folder, "folder"),
        (lambda folder: str(folder / "none.wav"), "no file"),
        (lambda folder: "bad\0name.wav", "can't be opened"),
        (lambda folder: b"", "empty"),
        (lambda folder: io.BytesIO(), "empty"),
        (lambda folder: io.StringIO("text"), "can't be uploaded"),
        (lambda folder: 5, "can't be uploaded"),
        (lambda folder: OneWay(), "rewound"),
    ],
)
def test_nothing_is_sent_when_the_source_can_not_be_used(
    submit: Submit, tmp_path: Path, make: Callable[[Path], Any], words: str
) -> None:
    wire = Wire(CREATED)
    with pytest.raises(errors.InvalidInput, match=words) as caught:
        submit(wire, make(tmp_path), 40)

    assert wire.requests == []
    assert caught.value.charged is False


def test_an_empty_file_is_not_sent(submit: Submit, tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    wire = Wire(CREATED)
    with pytest.raises(errors.InvalidInput, match="empty"):
        submit(wire, tmp_path / "empty.wav", 40)

    assert wire.requests == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"options": {"overlay": "8"}},
        {"options": {"overlap": "90%"}},
        {"options": {"add_opt4": "1"}},
        {"options": {"add_opt3": "1"}},
        {"options": {"add_opt0": "1"}},
        {"options": {"add_opt11": "1"}},
        {"options": {"add_opt1": True}},
        {"options": {"add_opt1": ["1"]}},
        {"output_format": -1},
        {"preset_id": "x"},
        {"remote_type": "mega"},
        {"sep_type": -1},
        {"sep_type": True},
        {"sep_type": "Roformer"},
        {"sep_type": SepType.VIBEVOICE_VOICE_CLONING},
        {"source": None, "reference": b"x"},
        {"source": None},
        {"source": b"song", "reference": b"x"},
        {"sep_type": SepType.MATCHERING},
        {"sep_type": SepType.MATCHERING, "source": "https://example.com/a.wav"},
        {"sep_type": SepType.MATCHERING, "source": None},
        {"sep_type": SepType.STABLE_AUDIO_OPEN_GEN},
        {"sep_type": SepType.STABLE_AUDIO_OPEN_GEN, "source": "https://example.com/a.wav"},
        {"source": "https://example.com/a.wav", "reference": b"x"},
    ],
)
def test_nothing_is_sent_when_an_argument_can_not_be_right(
    submit: Submit, wrong: dict[str, Any]
) -> None:
    wire = Wire(CREATED)
    arguments: dict[str, Any] = {"source": b"song", "sep_type": 40, **wrong}
    with pytest.raises(errors.InvalidInput) as caught:
        submit(wire, arguments.pop("source"), arguments.pop("sep_type"), **arguments)

    assert wire.requests == []
    assert caught.value.charged is False


def test_nothing_is_sent_without_a_token(submit: Submit) -> None:
    wire = Wire(CREATED)
    with pytest.raises(errors.InvalidToken):
        submit(wire, b"song", 40, token=None)

    assert wire.requests == []


UNCERTAIN = [
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.RemoteProtocolError("closed without an answer"),
    httpx.Response(500),
    httpx.Response(502, html="<h1>Bad gateway</h1>"),
    httpx.Response(520, html="<h1>?</h1>"),
    httpx.Response(301, headers={"Location": "https://www.mvsep.com/"}),
    httpx.Response(303, headers={"Location": "/separations"}),
    httpx.Response(304),
    httpx.Response(307, headers={"Location": "/api/separation/create"}),
    httpx.Response(200, html="<h1>Welcome</h1>"),
    httpx.Response(200, content=b'{"success": tr'),
    answer({"success": True}),
    answer({"success": True, "data": {"hash": ""}}),
    answer({"success": True, "data": {}}),
]


@pytest.mark.parametrize("failure", UNCERTAIN)
def test_a_failure_after_the_whole_form_was_sent_is_uncertain_and_not_repeated(
    submit: Submit, failure: Any
) -> None:
    wire = Wire(failure)
    with pytest.raises(errors.SubmitUncertain) as caught:
        submit(wire, io.BytesIO(b"song"), 40)

    assert wire.paths.count("/api/separation/create") == 1
    assert caught.value.host == "127.0.0.1:8000"
    assert caught.value.file_name == "mixture.wav"
    assert caught.value.submitted_at
    assert caught.value.charged is None
    assert not caught.value.retryable
    assert "history" in str(caught.value)


@pytest.mark.parametrize(("source", "kind"), [("https://example.com/a.mp3", 40), (None, 62)])
def test_what_has_no_file_is_not_said_to_be_found_by_reconciling(
    submit: Submit, source: Any, kind: int
) -> None:
    with pytest.raises(errors.SubmitUncertain) as caught:
        submit(Wire(httpx.ReadError("reset")), source, kind)

    assert caught.value.next_step
    assert "reconcile" not in caught.value.next_step
    assert "history yourself" in caught.value.next_step


@pytest.mark.parametrize("kind", [40, 9999])
def test_what_the_catalogue_does_not_know_or_is_not_asked_about_is_sent_as_it_is(
    submit: Submit, kind: int
) -> None:
    wire = Wire(CREATED)
    submit(wire, None, kind, validate=kind == 9999)

    assert fields(wire)["sep_type"] == str(kind).encode()


@pytest.mark.parametrize("name", ["ä" * 125 + ".flac", "x" * 251 + ".wav", "é" * 127])
def test_a_name_as_long_as_can_be_is_sent_no_longer_and_called_so_on_the_disk(
    submit: Submit, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(b"RIFFsong")
    wire = Wire(CREATED)
    job = submit(wire, tmp_path / name, 40)
    (sent,) = re.findall(rb'filename="([^"]*)"', wire.bodies[0])

    assert 250 < len(sent) <= 255
    assert sent.decode().endswith(Path(name).suffix)
    assert job._input == name.rpartition(".")[0] or job._input == name


class Breaking(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A connection that takes some pieces of the body, then fails."""

    def __init__(self, pieces: int, failure: Exception) -> None:
        self.pieces, self.failure, self.requests = pieces, failure, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        for _ in zip(range(self.pieces), cast(httpx.SyncByteStream, request.stream), strict=False):
            pass
        raise self.failure

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        stream = cast(httpx.AsyncByteStream, request.stream).__aiter__()
        for _ in range(self.pieces):
            await anext(stream)
        raise self.failure


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(
    ("pieces", "failure"),
    [
        (0, httpx.ConnectError("refused")),
        (0, httpx.ConnectTimeout("slow")),
        (0, httpx.PoolTimeout("busy")),
        (1, httpx.WriteError("reset")),
        (1, httpx.WriteTimeout("slow")),
    ],
)
def test_a_failure_before_the_last_byte_starts_no_job_and_is_sent_again(
    pieces: int, failure: Exception, asynchronous: bool
) -> None:
    transport = Breaking(pieces, failure)
    song, slept = bytes(3 << 20), list[float]()

    async def waits(seconds: float) -> None:
        slept.append(seconds)

    async def submitted() -> None:
        http = httpx.AsyncClient(transport=transport)
        async with AsyncMVSep(TOKEN, base_url=BASE_URL, http_client=http, sleep=waits) as mvsep:
            await mvsep.submit(song, 40)

    with pytest.raises(errors.ConnectionFailed) as caught:
        if asynchronous:
            asyncio.run(submitted())
        else:
            http = httpx.Client(transport=transport)
            MVSep(TOKEN, base_url=BASE_URL, http_client=http, sleep=slept.append).submit(song, 40)

    assert caught.value.charged is False
    assert caught.value.sent is False
    assert transport.requests == RetryPolicy().attempts
    assert len(slept) == transport.requests - 1


class Hasty(Breaking):
    """A server that answers when some pieces of the body have come, and takes no more of it."""

    def __init__(self, pieces: int, status: int) -> None:
        super().__init__(pieces, httpx.WriteError("reset"))
        self.status = status

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        # As httpcore does: what can't be written is no reason not to read the answer.
        with contextlib.suppress(httpx.WriteError):
            super().handle_request(request)
        return httpx.Response(self.status, html="<h1>nginx</h1>")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with contextlib.suppress(httpx.WriteError):
            await super().handle_async_request(request)
        return httpx.Response(self.status, html="<h1>nginx</h1>")


def hasty(transport: Hasty, *, asynchronous: bool) -> errors.MVSepError:
    async def waits(seconds: float) -> None:
        pass

    async def submitted() -> None:
        http = httpx.AsyncClient(transport=transport)
        async with AsyncMVSep(TOKEN, base_url=BASE_URL, http_client=http, sleep=waits) as mvsep:
            await mvsep.submit(bytes(3 << 20), 40)

    with pytest.raises(errors.MVSepError) as caught:
        if asynchronous:
            asyncio.run(submitted())
        else:
            http = httpx.Client(transport=transport)
            slept = list[float]()
            with MVSep(TOKEN, base_url=BASE_URL, http_client=http, sleep=slept.append) as mvsep:
                mvsep.submit(bytes(3 << 20), 40)
    return caught.value


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize("status", [302, 307, 408, 425, 500, 501, 502, 503, 504, 520, 526])
def test_a_failure_that_is_answered_before_the_last_byte_starts_no_job_and_is_sent_again(
    status: int, asynchronous: bool
) -> None:
    transport = Hasty(1, status)
    error = hasty(transport, asynchronous=asynchronous)

    assert type(error) is errors.ConnectionFailed
    assert error.charged is False
    assert str(status) in error.message
    assert transport.requests == RetryPolicy().attempts


@pytest.mark.parametrize("asynchronous", [False, True])
@pytest.mark.parametrize(
    ("status", "kind"), [(401, errors.InvalidToken), (413, errors.FileTooLarge)]
)
def test_a_refusal_before_the_last_byte_is_a_refusal(
    status: int, kind: type, asynchronous: bool
) -> None:
    transport = Hasty(1, status)
    error = hasty(transport, asynchronous=asynchronous)

    assert type(error) is kind
    assert error.charged is False
    assert transport.requests == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (answer({"success": False, "errors": ["Seperation type is not set"]}, 400),
         errors.InvalidRequest),
        (answer({"success": False, "errors": ["... until you purchase premium membership"]}, 400),
         errors.PremiumRequired),
        (answer({"success": False, "errors": ["You already have unprocessed file in queue."]}, 400),
         errors.QueueFull),
        (answer({"message": "Unauthenticated."}, 401), errors.InvalidToken),
        (httpx.Response(413, html="<h1>413</h1>"), errors.FileTooLarge),
        (answer({}, 429), errors.RateLimited),
        (answer({"success": False, "data": {"message": "no"}}), errors.InvalidRequest),
    ],
)  # fmt: skip
def test_a_refusal_is_typed_charges_nothing_and_is_not_repeated(
    submit: Submit, reply: httpx.Response, kind: type
) -> None:
    wire = Wire(reply)
    with pytest.raises(errors.MVSepError) as caught:
        submit(wire, b"song", 40)

    assert type(caught.value) is kind
    assert caught.value.charged is False
    assert wire.paths.count("/api/separation/create") == 1
