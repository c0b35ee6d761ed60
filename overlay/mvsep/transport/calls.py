"""The one way to the wire: how the facade's methods call the generated functions."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Final

import httpx

from mvsep.errors import InvalidInput, MVSepError
from mvsep.settings.token import PLACEHOLDER, Token, required
from mvsep.transport import responses
from mvsep.transport.token_transport import failure
from mvsep_api import Client
from mvsep_api.errors import UnreadableAnswer
from mvsep_api.operations import OPERATIONS
from mvsep_api.types import UNSET, Response

# What a generated function raises; the last is text that UTF-8 can't hold, found before sending.
_RAISED = (httpx.HTTPError, httpx.InvalidURL, UnicodeEncodeError)

Reply = Response[Any] | UnreadableAnswer

# Whose frames hold a request, or what is left of one.
_BELOW: Final = frozenset(
    {"anyio", "asyncio", "concurrent", "h11", "h2", "httpcore", "httpx", "mvsep", "mvsep_api"}
    | {"socket", "ssl", "threading"}
)


def sync_twin(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the generated sync function beside an async one."""
    twin: Callable[..., Any] = sys.modules[function.__module__].sync_detailed
    return twin


def _elsewhere(traceback: TracebackType | None) -> TracebackType | None:
    """A traceback without the frames that hold a request."""
    frames = []
    while traceback is not None:
        frames.append(traceback)
        traceback = traceback.tb_next
    kept = None
    for each in reversed(frames):
        if str(each.tb_frame.f_globals.get("__name__")).partition(".")[0] not in _BELOW:
            kept = TracebackType(kept, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return kept


class _Calls:
    """What the sync and the async caller decide alike."""

    def __init__(
        self, client: Client, token: Token | None, host: str, wall: Callable[[], float]
    ) -> None:
        self._client = client
        self._token = token
        self._host = host
        self._wall = wall

    def token(self, operation: str) -> Any:
        """What goes into an operation's `api_token`.

        In a form the token itself; in a query a placeholder, which the transport replaces
        below everything that logs URLs.

        Raises:
            InvalidToken: When the operation needs a token and there is none.
        """
        known = OPERATIONS[operation]
        if self._token is None and not known.token_required:
            return UNSET
        token = required(self._token)
        return PLACEHOLDER if known.token == "query" else token  # noqa: S105

    def _content(self, operation: str, reply: Reply) -> bytes:
        if not 200 <= reply.status_code < 300:
            self._value(operation, reply)  # which raises
        return reply.content

    def _value(self, operation: str, reply: Reply) -> Any:
        return responses.read(
            OPERATIONS[operation],
            status=reply.status_code,
            content=reply.content,
            headers=reply.headers,
            parsed=None if isinstance(reply, UnreadableAnswer) else reply.parsed,
            host=self._host,
            token=self._token,
            now=self._wall(),
        )

    @staticmethod
    def _bare(error: BaseException) -> BaseException:
        """The same error without the frames below, and so its causes.

        Their variables hold the request with its token, and the answer, which may repeat it; what
        shows variables in a traceback would show them. Of what a caller's own function raised, or
        Ctrl-C, the caller's frames stay.
        """
        ours, chain = isinstance(error, MVSepError), [error]
        for each in chain:
            each.__traceback__ = None if ours else _elsewhere(each.__traceback__)
            further = (each.__cause__, each.__context__)
            chain += [one for one in further if one is not None and one not in chain]
        return error

    def _fault(self, error: Exception) -> MVSepError:
        if isinstance(error, UnicodeEncodeError):
            return InvalidInput(f"A text can't be sent as UTF-8: {error.reason}.", charged=False)
        assert isinstance(error, httpx.HTTPError | httpx.InvalidURL)  # noqa: S101  for the type checker
        return failure(error, host=self._host)


class SyncCalls(_Calls):
    """Calls generated functions with the sync client."""

    def __call__(self, operation: str, function: Callable[..., Any], **arguments: Any) -> Any:
        """Call one operation and give back the model of its 2xx answer."""
        try:
            return self._value(operation, self._reply(function, arguments))
        except BaseException as error:
            raise self._bare(error)  # noqa: B904  it keeps its own cause

    def content(self, operation: str, function: Callable[..., Any], **arguments: Any) -> bytes:
        """Call one operation and give back its 2xx answer as it came, whatever is in it."""
        try:
            return self._content(operation, self._reply(function, arguments))
        except BaseException as error:
            raise self._bare(error)  # noqa: B904  it keeps its own cause

    def _reply(self, function: Callable[..., Any], arguments: dict[str, Any]) -> Reply:
        try:
            reply: Response[Any] = function(client=self._client, **arguments)
        except UnreadableAnswer as answer:
            return answer
        except _RAISED as error:
            raise self._fault(error) from error
        return reply


class AsyncCalls(_Calls):
    """The same with `await`."""

    async def __call__(
        self, operation: str, function: Callable[..., Awaitable[Any]], **arguments: Any
    ) -> Any:
        """Call one operation and give back the model of its 2xx answer."""
        try:
            return self._value(operation, await self._reply(function, arguments))
        except BaseException as error:
            raise self._bare(error)  # noqa: B904  it keeps its own cause

    async def content(
        self, operation: str, function: Callable[..., Awaitable[Any]], **arguments: Any
    ) -> bytes:
        """Call one operation and give back its 2xx answer as it came; see `SyncCalls.content`."""
        try:
            return self._content(operation, await self._reply(function, arguments))
        except BaseException as error:
            raise self._bare(error)  # noqa: B904  it keeps its own cause

    async def _reply(
        self, function: Callable[..., Awaitable[Any]], arguments: dict[str, Any]
    ) -> Reply:
        try:
            reply: Response[Any] = await function(client=self._client, **arguments)
        except UnreadableAnswer as answer:
            return answer
        except _RAISED as error:
            raise self._fault(error) from error
        return reply
