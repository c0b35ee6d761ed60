"""Questions for a job's state, against fixed pauses, in virtual time.

Two figures for each kind of job: questions at the same mean delay between a job's end and the
answer that tells of it, and that delay at the same number of questions.

The peer knows what a caller can't: its pause is the best one for this kind of job, found out
afterwards. Against it a pause that grows always loses, whatever its rule, for it asks most while
the end is least likely: 1.1 to 1.6 times the questions for a growth of 1.5 or in proportion to
the time waited (measured with lognormal times of 20 to 600 s). The SDK's is the same for all.
"""

from __future__ import annotations

import itertools
import math
import random
import statistics
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, cast

from attrs import frozen

from benchmarks.calls import FOREVER
from benchmarks.measure import Lab, Pair, Row
from mvsep.core.flow import run
from mvsep.jobs.base import JobBase, wait
from mvsep.settings.client import Choices, find_settings
from mvsep.settings.policies import Clock
from mvsep.testing import DEMO_TOKEN
from mvsep.transport.port import Port
from mvsep_api.api import AsyncApi
from mvsep_api.models import QueueSummaryAnswer, SeparationState

_JOBS: Final = 150
# Jobs that a journal looks back at.
_SEEN: Final = 20


@frozen
class Course:
    """The course of one job.

    Args:
        seconds: Seconds from its creation until it is done.
        tell: Returns status and data of the answer at a moment before its end.
    """

    seconds: float
    tell: Callable[[float], tuple[str, dict[str, Any]]]


def silent(seconds: float) -> Course:
    """Make a job that says only that it is processing."""
    return Course(seconds, lambda now: ("processing", {}))


def _lognormal(median: float, sigma: float = 0.5) -> Callable[[random.Random], Course]:
    return lambda chance: silent(chance.lognormvariate(math.log(median), sigma))


def _places(chance: random.Random) -> Course:
    places, each = chance.randint(2, 20), chance.uniform(20, 90)
    work = chance.lognormvariate(math.log(120), 0.4)

    def tell(now: float) -> tuple[str, dict[str, Any]]:
        left = places - int(now / each)
        if left <= 0:
            return "processing", {}
        return "waiting", {"queue_count": 30, "current_order": left}

    return Course(places * each + work, tell)


def _chunks(chance: random.Random) -> Course:
    chunks, each = chance.randint(5, 40), chance.uniform(10, 60)

    def tell(now: float) -> tuple[str, dict[str, Any]]:
        done = min(int(now / each), chunks)
        return "distributing", {"finished_chunks": done, "all_chunks": chunks}

    return Course(chunks * each * chance.uniform(0.97, 1.03), tell)


def _mix(chance: random.Random) -> Course:
    kind = chance.choice([_places, _chunks, _lognormal(600)])
    return kind(chance)


@frozen
class Asked:
    """The questions and the mean delay, in seconds, of many jobs."""

    questions: float
    delay: float


class _Service:
    """The service that has one job, as a port in virtual time.

    Args:
        course: The job's course.
        chance: What pauses vary by.
    """

    def __init__(self, course: Course, chance: random.Random) -> None:
        self.now, self.questions = 0.0, 0
        self._course = course
        clock = Clock(clock=lambda: self.now, wall=lambda: self.now, chance=chance.random)
        # A host of the service, so not the brisk pauses that a server on this machine gets.
        self.settings = find_settings(DEMO_TOKEN, None, {}, Choices(timing=clock))
        self.api = AsyncApi(self)

    def token(self, _: str) -> str:
        return DEMO_TOKEN

    async def __call__(self, operation: str, _: object, /, **__: object) -> Any:
        self.questions += 1
        if operation != "separation_get":
            return QueueSummaryAnswer.from_dict({"success": True, "data": {}})
        status, data = self._course.tell(self.now)
        if self.now >= self._course.seconds:
            status, data = "done", {"files": [{"url": "http://localhost/a.wav", "type": "Vocals"}]}
        return SeparationState.from_dict({"success": True, "status": status, "data": data})

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@cache
def ours(kind: str, jobs: int, number: int, *, known: bool) -> tuple[list[Course], Asked]:
    """Wait for the jobs of one round with the SDK, and count.

    Args:
        kind: The kind of jobs.
        jobs: How many.
        number: The round's number.
        known: Whether it looks back at other such jobs.
    """
    chance, draw = random.Random(number), _KINDS[kind][1]
    courses = [draw(chance) for _ in range(jobs)]
    seen = [draw(chance).seconds for _ in range(_SEEN)] if known else [0.0]
    counted = [_waited(course, chance, min(seen)) for course in courses]
    questions, delays = zip(*counted, strict=True)
    return courses, Asked(statistics.mean(questions), statistics.mean(delays))


def _waited(course: Course, chance: random.Random, at_least: float) -> tuple[int, float]:
    """Wait for one job, and return the questions and the delay in seconds."""
    service = _Service(course, chance)
    job = JobBase(cast(Port, service), FOREVER)
    job.at_least = at_least
    run(wait(job, timeout=None))
    return service.questions, service.now - course.seconds


def fixed(courses: Sequence[Course], pause: float) -> Asked:
    """Count the questions at a fixed pause."""
    asked = [math.ceil(course.seconds / pause) for course in courses]
    delays = [n * pause - course.seconds for n, course in zip(asked, courses, strict=True)]
    return Asked(statistics.mean(asked) + 1, statistics.mean(delays))


def _pause_for(fits: Callable[[float], bool]) -> float:
    """Find the longest pause that fits, between a fiftieth of a second and an hour."""
    low, high = 0.02, 3600.0
    for _ in range(60):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _compared(by: str, kind: str, *, known: bool) -> Callable[[Lab], Pair]:
    def pair(lab: Lab) -> Pair:
        rounds = {True: itertools.count(1), False: itertools.count(1)}

        def side(*, is_ours: bool) -> float:
            number = next(rounds[is_ours])
            courses, mine = ours(kind, lab.size(_JOBS, 3), number, known=known)
            if by == "questions":
                pause = _pause_for(lambda p: fixed(courses, p).delay <= mine.delay)
                return (mine if is_ours else fixed(courses, pause)).questions
            pause = _pause_for(lambda p: fixed(courses, p).questions >= mine.questions)
            return (mine if is_ours else fixed(courses, pause)).delay

        return Pair(lambda: side(is_ours=True), lambda: side(is_ours=False))

    return pair


_KINDS: Final = {
    "long mix": (0.8, _mix),
    "places": (1.0, _places),
    "chunks": (1.0, _chunks),
    "silent, median 600 s": (1.0, _lognormal(600)),
    "silent, median 100 s": (1.0, _lognormal(100)),
    "silent, median 60 s": (1.0, _lognormal(60)),
    "silent, median 20 s": (1.0, _lognormal(20)),
}
# The kinds of which others are in a journal, too.
_KNOWN: Final = ("silent, median 600 s", "silent, median 60 s")

_UNITS: Final = {"questions": "", "delay": "s"}

ROWS: Final = tuple(
    Row(
        f"{by}: {kind}",
        "a fixed pause",
        "cost",
        target,
        _compared(by, kind, known=False),
        unit=_UNITS[by],
    )
    for kind, (target, _) in _KINDS.items()
    for by in ("questions", "delay")
) + tuple(
    Row(
        f"{by}: {kind}, {_SEEN} others known",
        "a fixed pause",
        "cost",
        1.0,
        _compared(by, kind, known=True),
        unit=_UNITS[by],
    )
    for kind in _KNOWN
    for by in ("questions", "delay")
)
