"""Sending again: what may be, how often, and after which pause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx
from attrs import define, field

from mvsep.settings.client import ClientSettings
from mvsep.settings.policies import RetryPolicy, called
from mvsep.transport.body import BODY_SENT, is_sent
from mvsep_api.operations import OPERATIONS

#: Statuses that pass: the service, or the front end before it, is busy or restarting. 520 to 524
#: and 530 are the front end's own.
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530})

# Given up by the front end while the request was under way.
_UNDER_WAY: Final = frozenset({408, 425})

#: The longest pause that the service can ask for, in seconds: it counts requests by the minute, so
#: a longer one is an outage.
LONGEST: Final = 120.0

# The longest answers, lists of all separation types, have about a megabyte.
_LONGEST_ANSWER: Final = 64 << 20

_REPEATABLE: Final = frozenset(
    (operation.method, operation.path) for operation in OPERATIONS.values() if operation.idempotent
)


def is_failure(status: int) -> bool:
    """Tell whether the service, or the front end before it, failed."""
    return status >= 500 or status in _UNDER_WAY


def is_clear(status: int) -> bool:
    """Tell whether a status is the service's own yes or no; a redirect or a failure is neither."""
    return 200 <= status < 300 or (status >= 400 and not is_failure(status))


def may_repeat(method: str, path: str, *, mirror: str = "0") -> bool:
    """Tell whether a request may be sent again after it reached the service.

    Reading may; of the rest only what the contract marks with `x-idempotent`. Creating a
    separation is not among them.

    Args:
        method: The HTTP method.
        path: The path of the URL.
        mirror: The query's `mirror`: results from another mirror cost a credit each
            time (by the service's page).
    """
    if method in {"GET", "HEAD"}:
        return mirror == "0"
    return (method, path) in _REPEATABLE


def pause(
    policy: RetryPolicy, attempt: int, spent: float, asked: float | None, chance: float
) -> float | None:
    """Return the seconds to wait before sending again, or None to give up.

    Args:
        policy: The patience.
        attempt: The number of sendings so far, from 1.
        spent: Seconds of pauses so far.
        asked: Seconds that the service asked for in `Retry-After`.
        chance: A random number from 0 to 1; pauses differ, so that many clients that failed
            together do not come back together.
    """
    if attempt >= policy.attempts:
        return None
    own = min(policy.maximum, policy.initial * policy.factor ** (attempt - 1))
    wait = own * (0.5 + chance / 2) if asked is None else asked
    return wait if wait <= LONGEST and spent + wait <= policy.budget else None


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Read the seconds that `Retry-After` asks to wait; None where it names none.

    A date counts from the answer's own `Date`: the clocks of the two machines may differ.

    Args:
        headers: The answer's headers, by any spelling.
        now: Seconds since 1970, for an answer that names a date and has no `Date`; without both
            such a date counts as absent.
    """
    said = {name.lower(): value.strip() for name, value in headers.items()}
    text = said.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text[:9])
    until, since = _moment(text), _moment(said.get("date", ""))
    if since is None and now is not None:
        since = datetime.fromtimestamp(now, UTC)
    if until is None or since is None:
        return None
    return max(0.0, (until - since).total_seconds())


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
    repeatable: bool = field(init=False)

    def __attrs_post_init__(self) -> None:
        wish = called()
        self.policy = wish.retry or self.settings.retry
        self.ends = None if wish.within is None else self.settings.timing.clock() + wish.within
        if self.request.method == "GET":
            # A cache on the way would tell how a job stood, not how it stands.
            self.request.headers.setdefault("Cache-Control", "no-cache")
        url = self.request.url
        self.repeatable = may_repeat(
            self.request.method, url.path, mirror=url.params.get("mirror", "0")
        )

    def turn(self) -> float:
        """Take a turn, and return the seconds to wait for it."""
        pace = self.settings.pace
        return pace.reserve(self.settings.timing.clock()) if pace else 0.0

    def sending(self) -> httpx.Request:
        """Return the request, as it may be sent now.

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
        """Check a piece of the answer as it comes.

        Raises:
            httpx.HTTPError: When the answer takes too long, or has too many bytes.
        """
        self._left()
        self.size += len(piece)
        if self.size > _LONGEST_ANSWER:
            raise httpx.DecodingError("The answer is too long to be one.", request=self.request)
        return piece

    def after_answer(self, response: httpx.Response) -> float | None:
        """Return the seconds until it is sent again, or None where the answer stands.

        Raises:
            httpx.WriteError: When the body was not taken to its end, the answer is neither yes
                nor no, and patience has ended.
        """
        pace, timing = self.settings.pace, self.settings.timing
        if pace:
            pace.told(response.headers, timing.clock())
        status = response.status_code
        cut_short = not (self.repeatable or is_sent(self.request) or is_clear(status))
        if not (cut_short or (self.repeatable and status in PASSING)):
            return None
        wait = self._pause(retry_after(response.headers, timing.wall()))
        if wait is None and cut_short:
            why = f"status {status} before the end of the request was sent"
            raise httpx.WriteError(why, request=self.request)
        return wait

    def after_failure(self) -> float | None:
        """Return the seconds until it is sent again, or None where the failure stands."""
        return self._pause(None) if self.repeatable or not is_sent(self.request) else None

    def _left(self) -> float | None:
        if self.ends is None:
            return None
        left = self.ends - self.settings.timing.clock()
        if left <= 0:
            raise httpx.ReadTimeout("The time for the call is up.", request=self.request)
        return left

    def _pause(self, asked: float | None) -> float | None:
        wait = pause(self.policy, self.attempt, self.spent, asked, self.settings.timing.chance())
        if wait is None:
            return None
        if self.ends is not None and self.settings.timing.clock() + wait >= self.ends:
            return None
        self.attempt += 1
        self.spent += wait
        return wait
