"""How long until the next question about a job: rarely while its end is far, soon when near."""

from __future__ import annotations

from attrs import define, field

from mvsep.job_state import JobState
from mvsep.settings.policies import PollPolicy

# Pauses differ by a tenth either way, so that many who began together don't ask together.
_JITTER = 0.2


@define
class PollSchedule:
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
