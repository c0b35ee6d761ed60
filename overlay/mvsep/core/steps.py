"""Rules that ask questions: generators of steps, which both clients carry out in their own way.

A rule yields what to do next. It is answered with what came of it, or by throwing the error that
came instead, and returns its result. So it decides everything and does nothing itself.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Generic, TypeVar

from attrs import frozen

from mvsep.errors import MVSepError

Step = TypeVar("Step")
Result = TypeVar("Result")


@frozen
class Sleep:
    """The step that every rule may ask for: wait for `seconds`."""

    seconds: float


@frozen
class AskPlan:
    """Ask the operation `app.queue`."""


@frozen
class AskAccount:
    """Ask the operation `app.user`."""


class Steps(Generic[Step, Result]):
    """A rule on its way.

    Args:
        rule: The generator of steps.

    Attributes:
        result: What the rule returned, once `next` has given None.
    """

    result: Result

    def __init__(self, rule: Generator[Step, Any, Result]) -> None:
        self._rule = rule

    def close(self) -> None:
        """End the rule where it stands."""
        self._rule.close()

    def next(self, answer: Any = None) -> Step | None:
        """The next step, or None when the rule has come to its end.

        Args:
            answer: What came of the step before, or the error that did.
        """
        try:
            if isinstance(answer, MVSepError):
                return self._rule.throw(answer)
            return self._rule.send(answer)
        except StopIteration as finished:
            self.result = finished.value
            return None
