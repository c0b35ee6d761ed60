"""The port of the flows: calls, waits, files, disk. Each client has its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, ParamSpec, Protocol, TypeVar

from mvsep.settings.client import ClientSettings
from mvsep_api.api import AsyncApi

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")

#: Starts one flow; `Port.workers` runs several at once.
Work = Callable[[], Coroutine[Any, Any, None]]


class Answer(Protocol):
    """A streamed answer to a GET for a file."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by any spelling."""

    @property
    def http_version(self) -> str:
        """The version of HTTP, such as "HTTP/1.1"."""

    async def piece(self) -> bytes | None:
        """Return the next bytes, or None at the end; raise where the connection breaks."""


class Port(Protocol):
    """The work that a flow has done for it: calls, waits, files, disk."""

    @property
    def settings(self) -> ClientSettings:
        """The client's settings."""

    @property
    def api(self) -> AsyncApi:
        """Every operation of the service, typed."""

    def at(self, url: str) -> Port:
        """Return the same port to another of the service's hosts."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""

    async def disk(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function that touches the disk; a cancelled flow lets it end first."""

    async def content(
        self, operation: str, function: Callable[..., Awaitable[Any]], /, **arguments: object
    ) -> bytes:
        """Call a generated async function, and return its 2xx answer as it came."""

    def get(self, url: str, headers: Mapping[str, str]) -> AbstractAsyncContextManager[Answer]:
        """Send a GET for a file; the token does not go along."""

    async def workers(self, work: Work, count: int) -> None:
        """Run `count` flows at once, and wait for all.

        The first error of a flow is raised at the end, with a note for each of another flow. An
        error cancels the other flows of the async port; the threads of the sync port run on.
        Ctrl-C leaves them as daemons.
        """

    def events(
        self, work: Callable[[Callable[[T], None]], Coroutine[Any, Any, R]]
    ) -> AsyncGenerator[T | R, None]:
        """Run one flow in the background and yield what it tells, then its result.

        The flow is started with the function that it tells things to. Once the generator is closed,
        that function raises and the flow ends.
        """


def note_others(first: BaseException, *others: BaseException) -> None:
    """Add a note to the first error of several flows for each other one."""
    for other in others:
        if other is not first:
            first.add_note(f"Another one failed at the same time: {other!r}")
