"""Questions for a job's state, against fixed pauses, in virtual time.

Two figures for each kind of job: questions at the same mean delay between a job's end and the
answer that tells of it, and that delay at the same number of questions.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Sequence
from typing import Any, Final

import httpx
from attrs import define, field, frozen

from benchmarks.calls import FOREVER
from benchmarks.measure import Lab, Pair, Row
from mvsep import MVSep, PollPolicy
from mvsep.settings.policies import Clock
from mvsep.testing import DEMO_TOKEN

_JOBS: Final = 300


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


def ours(courses: Sequence[Course], chance: random.Random) -> Asked:
    """Wait for each job with the SDK, and count."""
    counted = [_waited(course, chance) for course in courses]
    questions, delays = zip(*counted, strict=True)
    return Asked(statistics.mean(questions), statistics.mean(delays))


def _waited(course: Course, chance: random.Random) -> tuple[int, float]:
    """Wait for one job, and return the questions and the delay in seconds."""
    now, questions = 0.0, 0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal questions
        questions += 1
        if not request.url.path.endswith("/separation/get"):
            return httpx.Response(200, json={"success": True, "data": {}})
        status, data = course.tell(now)
        if now >= course.seconds:
            file = {"url": "http://localhost/a.wav", "download": "a.wav", "type": "Vocals"}
            status, data = "done", {"files": [file]}
        return httpx.Response(200, json={"success": True, "status": status, "data": data})

    settings: dict[str, Any] = {
        "http_client": httpx.Client(transport=httpx.MockTransport(answer)),
        # Not the brisk pauses that a server on this machine gets.
        "polling": PollPolicy(),
        "timing": Clock(clock=lambda: now, wall=lambda: 1e9 + now, chance=chance.random),
    }
    with MVSep(DEMO_TOKEN, base_url="http://localhost", sleep=sleep, **settings) as client:
        client.job(FOREVER).wait(timeout=None)
    return questions, now - course.seconds


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


@define
class Comparison:
    """Rounds of the same jobs, waited for in both ways."""

    draw: Callable[[random.Random], Course]
    jobs: int
    by: str
    _rounds: dict[int, tuple[float, float]] = field(factory=dict)
    _turns: dict[bool, int] = field(factory=lambda: {True: 0, False: 0})

    def side(self, *, is_ours: bool) -> float:
        """Return the figure of one side's next round."""
        self._turns[is_ours] += 1
        number = self._turns[is_ours]
        if number not in self._rounds:
            self._rounds[number] = self._round(random.Random(number))
        return self._rounds[number][0 if is_ours else 1]

    def _round(self, chance: random.Random) -> tuple[float, float]:
        courses = [self.draw(chance) for _ in range(self.jobs)]
        mine = ours(courses, chance)
        if self.by == "questions":
            pause = _pause_for(lambda p: fixed(courses, p).delay <= mine.delay)
            return mine.questions, fixed(courses, pause).questions
        pause = _pause_for(lambda p: fixed(courses, p).questions >= mine.questions)
        return mine.delay, fixed(courses, pause).delay


def _compared(by: str, draw: Callable[[random.Random], Course]) -> Callable[[Lab], Pair]:
    def pair(lab: Lab) -> Pair:
        both = Comparison(draw, lab.size(_JOBS, 3), by)
        return Pair(lambda: both.side(is_ours=True), lambda: both.side(is_ours=False))

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

ROWS: Final = tuple(
    Row(f"{by}: {name}", "a fixed pause", "cost", target, _compared(by, draw))
    for name, (target, draw) in _KINDS.items()
    for by in ("questions", "delay")
)
