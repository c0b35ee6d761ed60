"""Policies of a client: its clock, and when it asks, waits and sends again."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from attrs import field, frozen

from mvsep.core.checks import (
    by,
    check_count,
    check_is,
    check_number,
    check_pause,
    check_plain,
    check_positive,
)
from mvsep.core.objects import Brief, one_line

# Of the system: the state of another is the same in a copy of a process or a machine, and so
# were the names by which uploads are told apart.
_SYSTEM: Final = random.SystemRandom()


def chance() -> float:
    """Return a random number from 0 to 1; 1 is never reached."""
    return _SYSTEM.random()


@frozen(repr=False)
class Clock(Brief):
    """The clocks, and the chance that keeps many clients from acting at the same moment.

    Args:
        clock: Seconds from any fixed moment, never running backwards.
        wall: Seconds since 1970.
        chance: A random number from 0 to 1; 1 is never reached.
    """

    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    chance: Callable[[], float] = chance


@frozen(repr=False)
class RetryPolicy(Brief):
    """The patience with a request that is sent again.

    Args:
        attempts: Sendings in all; 1 means never again.
        initial: Seconds before the second one.
        factor: The growth of the pause, each time.
        maximum: The longest pause of our own, in seconds.
        budget: Seconds of pauses in all.
    """

    attempts: int = field(default=4, validator=by(check_count))
    initial: float = field(default=0.5, validator=by(check_number))
    factor: float = field(default=2.0, validator=by(check_positive))
    maximum: float = field(default=20.0, validator=by(check_number))
    budget: float = field(default=60.0, validator=by(check_number))


#: Never send anything twice.
NO_RETRY: Final = RetryPolicy(attempts=1)


@frozen(repr=False)
class ResponseInfo(Brief):
    """An answer of the service, or of a host that has a stem: its status and its headers.

    Args:
        method: The method of the request, such as "GET".
        host: The host that answered, with its port where that is not the usual one.
        path: The path, without the query.
        status: The HTTP status code.
        headers: The headers, by any spelling; a token in them is masked.
        seconds: The time from the sending to the end of the answer; of a stem, to its beginning.
        attempt: The number of the sending, from 1.
    """

    method: str
    host: str
    path: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    seconds: float
    attempt: int


#: Called with each answer; see `calling`.
OnResponse = Callable[[ResponseInfo], object]


@frozen
class Calling:
    """The way to carry out the calls of a block, as `calling` says it; None is the client's."""

    retry: RetryPolicy | None = field(default=None, validator=by(check_is(RetryPolicy)))
    within: float | None = field(default=None, validator=by(check_positive))
    on_response: OnResponse | None = field(default=None, validator=by(check_plain))


_BY_THE_CLIENT: Final = Calling()
#: The way to carry out the calls of this place.
CALLING: Final[ContextVar[Calling]] = ContextVar("mvsep_calling", default=_BY_THE_CLIENT)


@contextmanager
def calling(
    *,
    retry: RetryPolicy | None = None,
    within: float | None = None,
    on_response: OnResponse | None = None,
) -> Iterator[None]:
    """Carry out the calls of a block in another way than the client's.

    `with mvsep.calling(retry=NO_RETRY, within=10): client.api.app.news()`. It holds for calls of
    the same thread or task only. What may be sent again does not change: creating a separation
    never is after it may have reached the service.

    Args:
        retry: The patience; None leaves it as it is.
        within: Seconds for each call, its repetitions included; None leaves it as it is.
        on_response: Called with a `mvsep.ResponseInfo` for each answer, also one after which the
            call is sent again; a plain function. Its errors are logged, and end no call.
    """
    outer = CALLING.get()
    inner = Calling(
        retry or outer.retry,
        outer.within if within is None else within,
        on_response or outer.on_response,
    )
    token = CALLING.set(inner)
    try:
        yield
    finally:
        CALLING.reset(token)


class Pace:
    """Spreads requests so that the service's limit is not reached; shared by threads and tasks.

    The service allows 120 requests a minute (seen in the headers of its answers) and says in each
    answer how many are left.

    Args:
        per_minute: Requests a minute, at most.
        burst: Requests that may go out at once after a rest.
    """

    def __init__(self, per_minute: float = 100.0, burst: int = 20) -> None:
        check_positive("per_minute", per_minute)
        check_count("burst", burst)
        self._chosen = per_minute, burst
        self._gap = 60.0 / per_minute
        self._slack = self._gap * (burst - 1)
        self._due = float("-inf")
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return one_line(type(self), "{:g} a minute, burst={}".format(*self._chosen))

    def __reduce__(self) -> tuple[object, ...]:
        """Begin anew in another process, by the clock there."""
        return Pace, self._chosen

    def reserve(self, now: float) -> float:
        """Take the next place and return the seconds to wait; `now` is of any steady clock."""
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


@frozen(repr=False)
class DownloadPolicy(Brief):
    """The limits of a stem on its way to the disk.

    Args:
        largest: Bytes of a stem, at most, where neither the service says its size nor the length
            of the song tells what is plausible. A plain WAV file has no more than 4 GiB.
        slowest: Bytes a second, at least, over the seconds of `patience`. A slower stem makes no
            progress: its connection is given up, and it is tried again as after a failure.
        patience: See `slowest`.
    """

    largest: int = field(default=1 << 32, validator=by(check_count))
    slowest: float = field(default=1000.0, validator=by(check_number))
    patience: float = field(default=60.0, validator=by(check_positive))


@frozen(repr=False)
class PollPolicy(Brief):
    """The pauses of a wait, the patience with one question, and the time of the whole.

    Args:
        initial: Seconds between the first question, which is asked at once, and the second; and
            after each change of the status. Hardly a job is done sooner, so it may be longer.
        regular: Seconds of every other pause. The service's documents ask for 4 to 10. It does
            not grow: of the same number of questions, even ones tell soonest of an end that may
            come at any time.
        near: The shortest pause, in seconds: when the end is near.
        far: The longest pause, in seconds, while the end is known to be farther than that: by
            the service's estimate, by how fast the queue or the chunks have moved, or by how
            long such jobs took before.
        timeout: Seconds after which waiting ends, unless a call says otherwise.
        empty_for: Seconds to go on asking when a job is done but lists no files yet; clients
            have seen the list arrive after the state, within a minute.
        retry: The patience with one question that gets no answer.
        within: Seconds for one question, its repetitions included.
    """

    initial: float = field(default=12.0, validator=by(check_pause))
    regular: float = field(default=8.0, validator=by(check_pause))
    near: float = field(default=4.0, validator=by(check_pause))
    far: float = field(default=30.0, validator=by(check_pause))
    timeout: float = field(default=3600.0, validator=by(check_number))
    empty_for: float = field(default=60.0, validator=by(check_number))
    retry: RetryPolicy = field(factory=lambda: RetryPolicy(attempts=3))
    within: float = field(default=60.0, validator=by(check_positive))

    @classmethod
    def brisk(cls) -> PollPolicy:
        """Make a policy for a server on this machine, which nobody else waits for."""
        retry = RetryPolicy(attempts=3, initial=0.05)
        return cls(initial=0.1, regular=0.3, near=0.1, far=1.0, retry=retry)
