"""When a request may be sent again, and after how long; when the next one may go out at all.

Pure: nothing here sends, sleeps or reads a clock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from attrs import frozen

from mvsep_api.operations import OPERATIONS

#: Statuses that pass: the service, or the front end before it, is busy or restarting. 520 to 524
#: and 530 are the front end's own.
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530})

# Given up by the front end while the request was under way.
_UNDER_WAY: Final = frozenset({408, 425})

#: The longest pause that the service can ask for, in seconds: it counts requests by the minute, so
#: a longer one is an outage.
LONGEST: Final = 120.0

_REPEATABLE: Final = frozenset(
    (operation.method, operation.path) for operation in OPERATIONS.values() if operation.idempotent
)


def is_failure(status: int) -> bool:
    """Whether a status says that the service, or the front end before it, failed."""
    return status >= 500 or status in _UNDER_WAY


def is_clear(status: int) -> bool:
    """Whether a status is the service's own yes or no; a redirect or a failure is neither."""
    return 200 <= status < 300 or (status >= 400 and not is_failure(status))


@frozen
class RetryPolicy:
    """How often, and how patiently, a request is sent again.

    Args:
        attempts: Sendings in all; 1 means never again.
        initial: Seconds before the second one.
        factor: By how much the pause grows.
        maximum: The longest pause of our own, in seconds.
        budget: Seconds of pauses in all.
    """

    attempts: int = 4
    initial: float = 0.5
    factor: float = 2.0
    maximum: float = 20.0
    budget: float = 60.0


#: Never send anything twice.
NO_RETRY: Final = RetryPolicy(attempts=1)


def may_repeat(method: str, path: str, *, mirror: str = "0") -> bool:
    """Whether a request may be sent again after it reached the service.

    Reading may; of the rest only what the contract marks with `x-idempotent`. Creating a
    separation is not among them.

    Args:
        method: The HTTP method.
        path: The path of the URL.
        mirror: What the query says of `mirror`: results from another mirror cost a credit each
            time (by the service's page).
    """
    if method in {"GET", "HEAD"}:
        return mirror == "0"
    return (method, path) in _REPEATABLE


@frozen
class Calling:
    """How the calls of a block are carried out; see `mvsep.calling`.

    Args:
        retry: How often, and how patiently, a request is sent again; None leaves it to the client.
        within: Seconds for a call, its repetitions included; None sets no limit.
    """

    retry: RetryPolicy | None = None
    within: float | None = None


_AS_THE_CLIENT_SAYS: Final = Calling()
_CALLING: Final[ContextVar[Calling]] = ContextVar("mvsep_calling", default=_AS_THE_CLIENT_SAYS)


@contextmanager
def calling(*, retry: RetryPolicy | None = None, within: float | None = None) -> Iterator[None]:
    """Carry out the calls of a block in another way than the client's.

    `with mvsep.calling(retry=NO_RETRY, within=10): client.api.app.news()`. It holds for calls of
    the same thread or task only. What may be sent again does not change: creating a separation
    never is after it may have reached the service.

    Args:
        retry: How often, and how patiently, a request is sent again; None leaves it as it is.
        within: Seconds for each call, its repetitions included; None leaves it as it is.
    """
    outer = _CALLING.get()
    inner = Calling(retry or outer.retry, outer.within if within is None else within)
    token = _CALLING.set(inner)
    try:
        yield
    finally:
        _CALLING.reset(token)


def called() -> Calling:
    """How the calls of this place are to be carried out."""
    return _CALLING.get()


def pause(
    policy: RetryPolicy, attempt: int, spent: float, asked: float | None, chance: float
) -> float | None:
    """How long to wait before sending again, or None to give up.

    Args:
        policy: How patient to be.
        attempt: How often it was sent so far, from 1.
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
    """The seconds that `Retry-After` asks to wait, where it is there and can be read.

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


class Pace:
    """Spreads requests so that the service's limit is not reached; shared by threads and tasks.

    The service allows 120 requests a minute (seen in the headers of its answers) and says in each
    answer how many are left.

    Args:
        per_minute: Requests a minute, at most.
        burst: How many may go out at once after a rest.
    """

    def __init__(self, per_minute: float = 100.0, burst: int = 20) -> None:
        self._gap = 60.0 / per_minute
        self._slack = self._gap * (burst - 1)
        self._due = float("-inf")
        self._lock = threading.Lock()

    def reserve(self, now: float) -> float:
        """Take the next place.

        Args:
            now: Seconds from any fixed moment.

        Returns:
            Seconds to wait before sending.
        """
        with self._lock:
            due = max(self._due, now)
            self._due = due + self._gap
            return max(0.0, due - now - self._slack)

    def told(self, headers: Mapping[str, str], now: float) -> None:
        """Heed what an answer says is left; with nothing left, the next half minute is quiet."""
        left = headers.get("x-ratelimit-remaining", "")
        if left.isascii() and left.isdigit() and int(left) == 0:
            with self._lock:
                self._due = max(self._due, now + self._slack + 30.0)
