"""A port for flows in virtual time, which answers as a test says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import pytest
from attrs import evolve

from mvsep.settings.client import Choices, ClientSettings, find_settings
from mvsep.settings.policies import CALLING, Clock
from mvsep_api.api import AsyncApi

T = TypeVar("T")


class Call(NamedTuple):
    """A call of an operation: its name, its arguments, its host, and the seconds it may take."""

    operation: str
    arguments: dict[str, Any]
    host: str
    within: float | None


class End:
    """The end of a flow that would go on for ever in virtual time.

    Args:
        most: More steps than any flow of a test takes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._steps = 0

    def step(self) -> None:
        """Count a step; no flow catches what is raised after too many."""
        self._steps += 1
        if self._steps > self._most:
            pytest.fail(f"The flow goes on after {self._most} steps.")


class ScriptedPort:
    """A port that makes no requests.

    Args:
        reply: Gives the answer to a call; an exception is raised.
        settings: What `find_settings` takes besides the token and the clock.
    """

    def __init__(self, reply: Callable[[Call], Any], **settings: Any) -> None:
        self.reply = reply
        self.now = 1000.0
        self.calls: list[Call] = []
        self.slept: list[float] = []
        clock = Clock(clock=lambda: self.now, wall=lambda: self.now, chance=lambda: 0.5)
        token = settings.pop("token", "t")
        self._settings = find_settings(token, None, {}, Choices(timing=clock, **settings))
        self.end = End(20_000)

    @property
    def settings(self) -> ClientSettings:
        return self._settings

    @property
    def api(self) -> AsyncApi:
        return AsyncApi(_Caller(self, self.settings.host))

    def at(self, url: str) -> Any:
        return _Elsewhere(self, self.settings.at(url))

    async def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.end.step()
        self.slept.append(seconds)
        self.now += seconds

    async def disk(self, work: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        return work(*args, **kwargs)

    def count(self, operation: str) -> int:
        return sum(call.operation == operation for call in self.calls)


class _Elsewhere:
    """The same port at another host."""

    def __init__(self, port: ScriptedPort, settings: ClientSettings) -> None:
        self.settings = evolve(settings)
        self.api = AsyncApi(_Caller(port, settings.host))


class _Caller:
    def __init__(self, port: ScriptedPort, host: str) -> None:
        self._port, self._host = port, host

    def token(self, operation: str) -> Any:
        return "t"

    async def __call__(self, operation: str, function: Any, /, **arguments: Any) -> Any:
        arguments.pop("api_token", None)
        self._port.end.step()
        call = Call(operation, arguments, self._host, CALLING.get().within)
        self._port.calls.append(call)
        given = self._port.reply(call)
        if isinstance(given, Exception):
            raise given
        return given


def one_after_the_other(*answers: Any) -> Callable[[Call], Any]:
    """Reply with one answer after the other; the last one stays."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]
