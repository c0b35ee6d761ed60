"""What the failure of a submit means: refused, uncertain, or not sent."""

from __future__ import annotations

import io
from typing import Any, cast

import httpx
import pytest

from mvsep import RetryPolicy, errors
from tests.jobs.submission.scenes import Submit
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
