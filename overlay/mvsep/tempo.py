"""How long until the next question about a job: rarely while its end is far, soon when near."""

from __future__ import annotations

from attrs import define, field, frozen

from mvsep.retrying import RetryPolicy
from mvsep.states import JobState

# Pauses differ by a tenth either way, so that many who began together don't ask together.
_JITTER = 0.2


@frozen
class PollPolicy:
    """When to ask how a job stands.

    Three things are told apart: the pauses between questions, how one question that fails is
    asked again, and how long waiting goes on in all.

    Args:
        initial: Seconds between the first question, which is asked at once, and the second; and
            after each change of the state.
        factor: By how much the pause grows each time.
        maximum: The longest pause, in seconds, while nobody knows how long it takes. The
            service's documents ask for 4 to 10.
        far: The longest pause, in seconds, while the end is known to be farther than that: by
            the service's estimate, or by how fast the queue or the chunks have moved.
        timeout: Seconds after which waiting ends, unless a call says otherwise.
        empty_for: Seconds to go on asking when a job is done but lists no files yet; clients
            have seen the list arrive after the state, within a minute.
        retry: How one question is asked again when it gets no answer.
        within: Seconds for one question, its repetitions included.
    """

    initial: float = 2.0
    factor: float = 1.5
    maximum: float = 10.0
    far: float = 30.0
    timeout: float = 3600.0
    empty_for: float = 60.0
    retry: RetryPolicy = field(factory=lambda: RetryPolicy(attempts=3))
    within: float = 60.0

    @classmethod
    def brisk(cls) -> PollPolicy:
        """A policy for a server on this machine, which nobody else waits for."""
        return cls(initial=0.1, maximum=1.0, far=1.0, retry=RetryPolicy(attempts=3, initial=0.05))


@define
class Tempo:
    """Follows a job and finds the pauses.

    Args:
        policy: What was asked for.
    """

    policy: PollPolicy
    _pause: float = field(init=False)
    _stage: str | None = field(default=None, init=False)
    _began: tuple[float, int] | None = field(default=None, init=False)
    _ready_at: float | None = field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        self._pause = self.policy.initial

    @property
    def estimated(self) -> bool:
        """Whether there is an idea of how long it takes."""
        return self._ready_at is not None

    def heard(self, state: JobState, now: float) -> None:
        """Take note of how the job stands.

        Args:
            state: The state.
            now: Seconds on the clock.
        """
        if state.status != self._stage:
            self._stage, self._began, self._ready_at = state.status, None, None
            self._pause = self.policy.initial
        left = _left(state)
        if left is None:
            return
        if self._began is None or left > self._began[1]:
            self._began = (now, left)
            return
        since, before = self._began
        if left < before:
            self._ready_at = now + (now - since) / (before - left) * left

    def told(self, seconds: float, now: float) -> None:
        """Take note of the service's own estimate."""
        self._ready_at = now + seconds

    def pause(self, now: float, chance: float) -> float:
        """Seconds until the next question.

        Args:
            now: Seconds on the clock.
            chance: A random number from 0 to 1.
        """
        policy = self.policy
        pause = self._pause
        self._pause = min(policy.maximum, pause * policy.factor)
        if self._ready_at is not None:
            # Half of what is left each time: few questions while it is far, close ones at the end.
            half = (self._ready_at - now) / 2
            if half > policy.maximum:
                pause = min(half, max(policy.far, policy.maximum))
            elif half > 0:
                pause = min(max(half, policy.initial), policy.maximum)
        return pause * (1 - _JITTER / 2 + _JITTER * chance)


def _left(state: JobState) -> int | None:
    """How many steps a job has before it, where it tells; only their getting fewer matters."""
    if state.chunks_all:
        return max(0, state.chunks_all - (state.chunks_done or 0))
    return state.place
