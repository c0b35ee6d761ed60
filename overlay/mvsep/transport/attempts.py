"""One request to the API: its time, its repetitions, and the size of its answer."""

from __future__ import annotations

from typing import Final

import httpx
from attrs import define, field

from mvsep.settings.client import ClientSettings
from mvsep.settings.policies import CALLING, RetryPolicy
from mvsep.transport.body import BODY_SENT, Handover
from mvsep.transport.retry import PASSING, is_clear, may_repeat, pause, retry_after
from mvsep.transport.unpack import ACCEPTED, too_long, unpacked

# The key in `request.extensions` for the end of a call's time: a call may take several requests.
_ENDS: Final = "mvsep.ends"


@define
class Attempts:
    """One request on its way, and the decisions about sending it again."""

    settings: ClientSettings
    request: httpx.Request
    attempt: int = 1
    spent: float = 0.0
    size: int = 0
    policy: RetryPolicy = field(init=False)
    ends: float | None = field(init=False)
    way: Handover = field(init=False)

    def __attrs_post_init__(self) -> None:
        wish = CALLING.get()
        self.policy = wish.retry or self.settings.retry
        ends = None if wish.within is None else self.settings.timing.clock() + wish.within
        self.ends = self.request.extensions.setdefault(_ENDS, ends)
        self.request.headers["Accept-Encoding"] = ACCEPTED
        if self.request.method == "GET":
            # A cache on the way would tell how a job stood, not how it stands.
            self.request.headers.setdefault("Cache-Control", "no-cache")

    def turn(self) -> float:
        """Take a turn, and return the seconds to wait for it; a timeout where it comes too late."""
        pace = self.settings.pace
        wait = pace.reserve(self.settings.timing.clock()) if pace else 0.0
        left = self.left()
        if left is not None and wait >= left:
            raise httpx.PoolTimeout("Its turn comes after its time.", request=self.request)
        return wait

    def sending(self) -> httpx.Request:
        """Return the request, as it may be sent now; a timeout where the time for it is up."""
        self.request.extensions.pop(BODY_SENT, None)
        self.way = Handover(self.request.extensions)
        self.size = 0
        left = self.left()
        if left is not None:
            limits = dict(self.request.extensions.get("timeout", {}))
            for name in ("connect", "read", "write", "pool"):
                limit = limits.get(name)
                limits[name] = left if limit is None else min(limit, left)
            self.request.extensions["timeout"] = limits
        return self.request

    def heard(self, piece: bytes) -> bytes:
        """Check that the answer does not take too long, nor has too many bytes."""
        self.left()
        self.size += len(piece)
        if self.size > self.settings.longest_answer:
            raise too_long()
        return piece

    def left(self) -> float | None:
        """Return the seconds that are left, None for any number; a timeout where there are none."""
        if self.ends is None:
            return None
        left = self.ends - self.settings.timing.clock()
        if left <= 0:
            raise httpx.ReadTimeout("The time for the call is up.", request=self.request)
        return left

    def after_answer(self, response: httpx.Response) -> float | None:
        """Return the seconds until it is sent again, or None where the answer stands.

        An answer that is neither yes nor no, to a body that was not taken to its end, is a
        WriteError once patience has ended.
        """
        pace, timing = self.settings.pace, self.settings.timing
        if pace:
            pace.told(response.headers, timing.clock())
        status = response.status_code
        if 200 <= status < 300:
            return None
        repeatable = self.is_repeatable
        cut_short = not (repeatable or self._is_sent or is_clear(status))
        if not (cut_short or (repeatable and status in PASSING)):
            return None
        wait = self._pause(retry_after(response.headers, timing.wall()))
        if wait is None and cut_short:
            why = f"status {status} before the end of the request was sent"
            raise httpx.WriteError(why, request=self.request)
        return wait

    def after_failure(self) -> float | None:
        """Return the seconds until it is sent again, or None where the failure stands."""
        return self._pause(None) if self.is_repeatable or not self._is_sent else None

    def whole(self, response: httpx.Response, content: bytes) -> httpx.Response:
        """Make the answer that stands: read to its end, and unpacked.

        Of one that is no success the status tells enough, if the rest can't be read.
        """
        coding = response.headers.pop("content-encoding", "")
        try:
            content = unpacked(content, coding, self.settings.longest_answer)
        except httpx.DecodingError as error:
            if 200 <= response.status_code < 300:
                error.request = self.request
                raise
            content = b""
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=httpx.ByteStream(content),
            extensions=response.extensions,
        )

    @property
    def is_repeatable(self) -> bool:
        """True where it may be sent again after it reached the service."""
        url = self.request.url
        return may_repeat(self.request.method, url.path, mirror=url.params.get("mirror", "0"))

    @property
    def _is_sent(self) -> bool:
        """True once the end of the request was about to be handed over.

        Before that the service can't have acted on it: its front end passes on whole bodies
        only. (Inferred, not confirmed by the service.)
        """
        return bool(self.request.extensions.get(BODY_SENT, False))

    def _pause(self, asked: float | None) -> float | None:
        wait = pause(self.policy, self.attempt, self.spent, asked, self.settings.timing.chance())
        if wait is None:
            return None
        if self.ends is not None and self.settings.timing.clock() + wait >= self.ends:
            return None
        self.attempt += 1
        self.spent += wait
        return wait
