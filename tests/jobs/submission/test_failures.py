"""What the failure of a submit means: refused, uncertain, or not sent."""

from __future__ import annotations

import io
from typing import Any, cast

import httpx
import pytest

from mvsep import RetryPolicy, errors
from tests.jobs.submission.scenes import Submit
from tests.scenes import CREATED
from tests.wire import Wire, answer

UNCERTAIN = [
    httpx.ReadTimeout("slow"),
    httpx.ReadError("reset"),
    httpx.RemoteProtocolError("closed without an answer"),
    httpx.Response(500),
    httpx.Response(502, html="<h1>Bad gateway</h1>"),
    httpx.Response(520, html="<h1>?</h1>"),
    httpx.Response(301, headers={"Location": "https://www.mvsep.com/"}),
    httpx.Response(301, headers={"Location": "javascript:alert(1)"}),
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
        submit(wire, io.BytesIO(b"song"), 40, settings={"retry": RetryPolicy()})

    assert wire.paths == ["/api/separation/create"]
    assert caught.value.host == "127.0.0.1:8000"
    assert caught.value.marker
    assert caught.value.marker.encode() in wire.bodies[0]
    assert caught.value.file_name == "mixture.wav"
    assert caught.value.submitted_at
    assert caught.value.charged is None
    assert not caught.value.retryable
    assert "history" in str(caught.value)


class Fault(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A connection that takes the body, or none of it, and then meets an error of any kind."""

    def __init__(self, error: Exception, *, takes: bool) -> None:
        self.error, self.takes = error, takes

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.takes:
            request.read()
        raise self.error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.takes:
            await request.aread()
        raise self.error


FAULTS = [
    MemoryError(),
    RuntimeError("Event loop is closed"),
    OSError(28, "No space left on device"),
    RecursionError("too deep"),
    TimeoutError(),
    UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    UnicodeError("label too long"),
    httpx.InvalidURL("Invalid port: '99999'"),
    httpx.ReadError("no request is named"),
    errors.InvalidInput("a hook's own"),
    errors.MVSepError("a hook's own"),
]


def met(asynchronous: bool, source: Any, fault: Fault) -> BaseException:
    """Return what a submit raises over this connection."""
    kind = httpx.AsyncClient if asynchronous else httpx.Client
    settings: Any = {"http_client": kind(transport=fault), "retry": RetryPolicy()}
    with pytest.raises(Exception) as caught:
        Wire().act(asynchronous, lambda client: client.submit(source, 40), **settings)
    return caught.value


@pytest.mark.parametrize("fault", FAULTS, ids=repr)
@pytest.mark.parametrize(
    "source", [bytes(100), "https://example.com/song.wav"], ids=["file", "link"]
)
def test_whatever_is_no_answer_after_the_body_left_is_uncertain(
    asynchronous: bool, source: Any, fault: Exception
) -> None:
    error = met(asynchronous, source, Fault(fault, takes=True))

    assert type(error) is errors.SubmitUncertain
    assert error.charged is None
    assert error.host == "127.0.0.1:8000"
    assert (error.marker is None) == isinstance(source, str)
    causes = [error]
    while causes[-1].__cause__:
        causes.append(causes[-1].__cause__)
    assert fault in causes


@pytest.mark.parametrize("fault", [MemoryError(), RuntimeError("closed"), errors.InvalidInput("x")])
@pytest.mark.parametrize(
    "source", [bytes(100), "https://example.com/song.wav"], ids=["file", "link"]
)
def test_what_comes_before_the_body_left_stays_what_it_is(
    asynchronous: bool, source: Any, fault: Exception
) -> None:
    assert met(asynchronous, source, Fault(fault, takes=False)) is fault


def test_a_hook_that_fails_on_the_answer_leaves_the_job_uncertain(asynchronous: bool) -> None:
    def hook(_: httpx.Response) -> None:
        raise ZeroDivisionError

    async def async_hook(_: httpx.Response) -> None:
        raise ZeroDivisionError

    wire = Wire(CREATED)
    http: Any = httpx.Client(transport=httpx.MockTransport(wire), event_hooks={"response": [hook]})
    if asynchronous:
        http = httpx.AsyncClient(
            transport=httpx.MockTransport(wire.asked), event_hooks={"response": [async_hook]}
        )
    with pytest.raises(errors.SubmitUncertain, match="ZeroDivisionError") as caught:
        wire.act(asynchronous, lambda client: client.submit(b"\0song", 40), http_client=http)

    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_what_has_neither_file_nor_link_is_not_said_to_be_found_by_reconciling(
    submit: Submit,
) -> None:
    with pytest.raises(errors.SubmitUncertain) as caught:
        submit(Wire(httpx.ReadError("reset")), None, 62)

    assert caught.value.next_step
    assert "reconcile" not in caught.value.next_step
    assert "history yourself" in caught.value.next_step


class Breaking(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A connection that takes some pieces of the body, and then fails or answers."""

    def __init__(self, pieces: int, end: Exception | int) -> None:
        self.pieces, self.end, self.requests = pieces, end, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for _ in zip(range(self.pieces), cast(httpx.SyncByteStream, request.stream), strict=False):
            pass
        return self.finish()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        stream = cast(httpx.AsyncByteStream, request.stream).__aiter__()
        for _ in range(self.pieces):
            await anext(stream)
        return self.finish()

    def finish(self) -> httpx.Response:
        self.requests += 1
        if isinstance(self.end, Exception):
            raise self.end
        return httpx.Response(self.end, html="<h1>nginx</h1>")


def broken(asynchronous: bool, transport: Breaking) -> errors.MVSepError:
    """Return the error of a submit over this connection."""
    settings: dict[str, Any] = {"retry": RetryPolicy()}
    kind = httpx.AsyncClient if asynchronous else httpx.Client
    settings["http_client"] = kind(transport=transport)
    wire = Wire()
    with pytest.raises(errors.MVSepError) as caught:
        wire.act(asynchronous, lambda client: client.submit(bytes(3 << 20), 40), **settings)
    assert caught.value.charged is False
    assert len(wire.slept) == transport.requests - 1
    return caught.value


@pytest.mark.parametrize(
    ("pieces", "end"),
    [
        (0, httpx.ConnectError("refused")),
        (0, httpx.ConnectTimeout("slow")),
        (0, httpx.PoolTimeout("busy")),
        (1, httpx.WriteError("reset")),
        (1, httpx.WriteTimeout("slow")),
        *((1, status) for status in (302, 307, 408, 425, 500, 501, 502, 503, 504, 520, 526)),
    ],
)
def test_a_failure_before_the_last_byte_starts_no_job_and_is_sent_again(
    asynchronous: bool, pieces: int, end: Any
) -> None:
    transport = Breaking(pieces, end)
    error = broken(asynchronous, transport)

    assert type(error) is errors.ConnectionFailed
    assert error.sent is False
    assert isinstance(end, Exception) or str(end) in error.message
    assert transport.requests == RetryPolicy().attempts


@pytest.mark.parametrize(
    ("status", "kind"), [(401, errors.InvalidToken), (413, errors.FileTooLarge)]
)
def test_a_refusal_before_the_last_byte_is_a_refusal(
    asynchronous: bool, status: int, kind: type
) -> None:
    transport = Breaking(1, status)

    assert type(broken(asynchronous, transport)) is kind
    assert transport.requests == 1
