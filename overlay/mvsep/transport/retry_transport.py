"""httpx transports that send again what may be sent again, and not too fast.

They stand in the transport so that every call has them: the overlay's, the facade's and those of
the generated functions. Result files are not theirs:
`mvsep.downloads.workers` goes on where it was.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final

import httpx
from attrs import define, field, frozen

from mvsep.settings.policies import Clock, Pace, RetryPolicy, called
from mvsep.transport.retry import PASSING, is_clear, may_repeat, pause, retry_after
from mvsep.transport.token_transport import BODY_SENT, LINK

_API: Final = "/api/"
# What a connection can do to a request; one that can't be sent at all is no such thing.
_BROKEN: Final = (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError)
# The longest answers, lists of all separation types, have about a megabyte.
_LONGEST_ANSWER: Final = 64 << 20


@frozen
class Resilience:
    """What the sync and the async transport are set up with alike.

    Args:
        policy: How patiently a request is sent again.
        pace: Spreads the requests; None where nobody counts them.
        hosts: The API's own hosts.
        timing: The clocks and the chance.
    """

    policy: RetryPolicy
    pace: Pace | None
    hosts: frozenset[str]
    timing: Clock

    def concerns(self, request: httpx.Request) -> bool:
        """Whether a request is a call of the API."""
        ours = request.url.netloc.decode() in self.hosts
        link = request.extensions.get(LINK, False)
        return ours and not link and request.url.path.startswith(_API)

    def turn(self) -> float:
        """Seconds to wait before a request may go out."""
        return self.pace.reserve(self.timing.clock()) if self.pace else 0.0


@define
class _Course:
    """One request on its way, and what is decided about sending it again."""

    by: Resilience
    request: httpx.Request
    attempt: int = 1
    spent: float = 0.0
    size: int = 0
    policy: RetryPolicy = field(init=False)
    ends: float | None = field(init=False)
    repeatable: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        wish = called()
        self.policy = wish.retry or self.by.policy
        self.ends = None if wish.within is None else self.by.timing.clock() + wish.within
        if self.request.method == "GET":
            # A cache on the way would tell how a job stood, not how it stands.
            self.request.headers.setdefault("Cache-Control", "no-cache")
        url = self.request.url
        self.repeatable = may_repeat(
            self.request.method, url.path, mirror=url.params.get("mirror", "0")
        )

    def sending(self) -> httpx.Request:
        """The request, as it may be sent now.

        Raises:
            httpx.TimeoutException: When the time for it is up.
        """
        self.request.extensions.pop(BODY_SENT, None)
        self.size = 0
        left = self._left()
        if left is not None:
            limits = dict(self.request.extensions.get("timeout", {}))
            for name in ("connect", "read", "write", "pool"):
                limit = limits.get(name)
                limits[name] = left if limit is None else min(limit, left)
            self.request.extensions["timeout"] = limits
        return self.request

    def heard(self, piece: bytes) -> bytes:
        """Look at a piece of the answer as it comes.

        Raises:
            httpx.HTTPError: When the answer takes too long, or has too many bytes.
        """
        self._left()
        self.size += len(piece)
        if self.size > _LONGEST_ANSWER:
            raise httpx.DecodingError("The answer is too long to be one.", request=self.request)
        return piece

    def after_answer(self, response: httpx.Response) -> float | None:
        """Seconds until it is sent again, or None where the answer stands.

        Raises:
            httpx.WriteError: When the body was not taken to its end, the answer is neither yes
                nor no, and patience has ended.
        """
        if self.by.pace:
            self.by.pace.told(response.headers, self.by.timing.clock())
        status = response.status_code
        cut_short = not (self.repeatable or self._is_sent or is_clear(status))
        if not (cut_short or (self.repeatable and status in PASSING)):
            return None
        wait = self._pause(retry_after(response.headers, self.by.timing.wall()))
        if wait is None and cut_short:
            why = f"status {status} before the end of the request was sent"
            raise httpx.WriteError(why, request=self.request)
        return wait

    def after_failure(self) -> float | None:
        """Seconds until it is sent again, or None where the failure stands."""
        return self._pause(None) if self.repeatable or not self._is_sent else None

    @property
    def _is_sent(self) -> bool:
        """Whether the end of the request was about to be handed over.

        Before that the service can't have acted on it: its front end passes on whole bodies
        only. (Inferred, not confirmed by the service.)
        """
        return bool(self.request.extensions.get(BODY_SENT, False))

    def _left(self) -> float | None:
        if self.ends is None:
            return None
        left = self.ends - self.by.timing.clock()
        if left <= 0:
            raise httpx.ReadTimeout("The time for the call is up.", request=self.request)
        return left

    def _pause(self, asked: float | None) -> float | None:
        wait = pause(self.policy, self.attempt, self.spent, asked, self.by.timing.chance())
        if wait is None:
            return None
        if self.ends is not None and self.by.timing.clock() + wait >= self.ends:
            return None
        self.attempt += 1
        self.spent += wait
        return wait


def _whole(response: httpx.Response, pieces: list[bytes]) -> httpx.Response:
    """An answer that is here as a whole: what breaks it off is met where it can be mended."""
    return httpx.Response(
        response.status_code,
        headers=response.headers,
        stream=httpx.ByteStream(b"".join(pieces)),
        extensions=response.extensions,
    )


class RetryTransport(httpx.BaseTransport):
    """Waits for its turn, and sends again what may be sent again.

    Args:
        inner: What sends.
        by: The settings.
        sleep: What waits, in seconds.
    """

    def __init__(
        self, inner: httpx.BaseTransport, by: Resilience, sleep: Callable[[float], object]
    ) -> None:
        self._inner = inner
        self._by = by
        self._sleep = sleep

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until it is answered for good."""
        if not self._by.concerns(request):
            return self._inner.handle_request(request)
        course = _Course(self._by, request)
        while True:
            if turn := self._by.turn():
                self._sleep(turn)
            try:
                response = self._read(course)
            except _BROKEN:
                wait = course.after_failure()
                if wait is None:
                    raise
            else:
                wait = course.after_answer(response)
                if wait is None:
                    return response
            self._sleep(wait)

    def _read(self, course: _Course) -> httpx.Response:
        response = self._inner.handle_request(course.sending())
        try:
            pieces = [course.heard(piece) for piece in _sync(response)]
        finally:
            response.close()
        return _whole(response, pieces)

    def close(self) -> None:
        """Close what sends."""
        self._inner.close()


class AsyncRetryTransport(httpx.AsyncBaseTransport):
    """The same with `await`."""

    def __init__(
        self,
        inner: httpx.AsyncBaseTransport,
        by: Resilience,
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._inner = inner
        self._by = by
        self._sleep = sleep

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until it is answered for good."""
        if not self._by.concerns(request):
            return await self._inner.handle_async_request(request)
        course = _Course(self._by, request)
        while True:
            if turn := self._by.turn():
                await self._sleep(turn)
            try:
                response = await self._read(course)
            except _BROKEN:
                wait = course.after_failure()
                if wait is None:
                    raise
            else:
                wait = course.after_answer(response)
                if wait is None:
                    return response
            await self._sleep(wait)

    async def _read(self, course: _Course) -> httpx.Response:
        response = await self._inner.handle_async_request(course.sending())
        try:
            pieces = [course.heard(piece) async for piece in _async(response)]
        finally:
            await response.aclose()
        return _whole(response, pieces)

    async def aclose(self) -> None:
        """Close what sends."""
        await self._inner.aclose()


def _sync(response: httpx.Response) -> Iterator[bytes]:
    if not isinstance(response.stream, httpx.SyncByteStream):
        raise TypeError("a sync client needs an answer that can be read synchronously")
    return iter(response.stream)


def _async(response: httpx.Response) -> AsyncIterator[bytes]:
    if not isinstance(response.stream, httpx.AsyncByteStream):
        raise TypeError("an async client needs an answer that can be read asynchronously")
    return aiter(response.stream)
