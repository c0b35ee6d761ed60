"""What the failure of a submit means: refused, uncertain, or not sent."""

from __future__ import annotations

import asyncio
import contextlib
import io
from typing import Any, cast

import httpx
import pytest

from mvsep import AsyncMVSep, MVSep, RetryPolicy, errors
from tests.jobs.submission.scenes import Submit
from tests.wire import BASE_URL, TOKEN, Wire, answer

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
