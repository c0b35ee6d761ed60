"""Rules of sending again: after which answers, how often, and after which pause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from mvsep.settings.policies import RetryPolicy

#: Statuses that pass: the service, or the front end before it, is busy or restarting. 520 to 524
#: and 530 are the front end's own.
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 530})

# Given up by the front end while the request was under way.
_UNDER_WAY: Final = frozenset({408, 425})

#: The longest pause that the service can ask for, in seconds: it counts requests by the minute, so
#: a longer one is an outage.
LONGEST: Final = 120.0


def is_failure(status: int) -> bool:
    """Tell whether the service, or the front end before it, failed."""
    return status >= 500 or status in _UNDER_WAY


def is_clear(status: int) -> bool:
    """Tell whether a status is the service's own yes or no; a redirect or a failure is neither."""
    return 200 <= status < 300 or (status >= 400 and not is_failure(status))


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

    A date counts from the answer's own `Date`, for the clocks of the two machines may differ, or
    else from `now`, in seconds since 1970. Without both it counts as absent.
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
