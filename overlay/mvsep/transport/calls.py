"""Calls: the way from a method of the facade to the generated function and back."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from attrs import fields, frozen

from mvsep.core.flow import run
from mvsep.errors import InvalidInput
from mvsep.settings.token import (
    PLACEHOLDER,
    Token,
    required,
    secretive,
    secretive_async,
    without_frames,
)
from mvsep.transport.connection import failure
from mvsep.transport.httpx_transport import check_open
from mvsep.transport.odd_rows import without_odd_rows
from mvsep.transport.responses import ApiAnswer
from mvsep.transport.threads import running_loop
from mvsep_api import Client
from mvsep_api.errors import UnreadableAnswer
from mvsep_api.operations import OPERATIONS
from mvsep_api.types import UNSET, Response


@frozen
class AsyncCalls:
    """The calls of the async client."""

    _client: Client
    _token: Token | None
    _host: str
    _wall: Callable[[], float]

    def token(self, operation: str) -> Any:
        """Return what goes into an operation's `api_token`.

        In a form the token itself; in a query a placeholder, which the transport replaces
        below everything that logs URLs.
        """
        known = OPERATIONS[operation]
        if self._token is None:
            return required(None) if known.token_required else UNSET
        return PLACEHOLDER if known.token == "query" else self._token  # noqa: S105

    @secretive_async
    async def __call__(
        self, operation: str, function: Callable[..., Awaitable[Any]], /, **arguments: Any
    ) -> Any:
        """Call one operation and return the model of its 2xx answer."""
        return (await self._answer(operation, function, arguments)).read()

    @secretive_async
    async def content(
        self, operation: str, function: Callable[..., Awaitable[Any]], /, **arguments: Any
    ) -> bytes:
        """Call one operation and return its 2xx answer as it came, readable or not."""
        return (await self._answer(operation, function, arguments)).as_it_came()

    async def _send(
        self, function: Callable[..., Awaitable[Any]], arguments: dict[str, Any]
    ) -> Response[Any]:
        running_loop()  # httpx 0.27 wants to know which one it is, before our transport can ask
        check_open(self._client.get_async_httpx_client())
        reply: Response[Any] = await function(client=self._client, **arguments)
        return reply

    async def _answer(
        self, operation: str, function: Callable[..., Awaitable[Any]], arguments: dict[str, Any]
    ) -> ApiAnswer:
        if "mirror" in arguments and not arguments["mirror"]:
            # A state is told without it; results from another mirror need it, and cost a credit.
            arguments["api_token"] = UNSET
        try:
            reply: Response[Any] | UnreadableAnswer = await self._send(function, arguments)
        except UnreadableAnswer as unreadable:
            # Its frames hold what was parsed, this one holds it, and so it would stay for long.
            without_frames(unreadable)
            reply = _row_by_row(unreadable, sys.modules[function.__module__]) or unreadable
        except UnicodeEncodeError as error:  # found before anything is sent
            error.object, error.args = "", ()  # the text may be a password
            raise InvalidInput(f"A text can't be sent as UTF-8: {error.reason}.") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise failure(error, host=self._host, token=self._token) from error
        return ApiAnswer(
            OPERATIONS[operation],
            reply.status_code,
            reply.content,
            reply.headers,
            None if isinstance(reply, UnreadableAnswer) else reply.parsed,
            host=self._host,
            token=self._token,
            secrets=_secrets(arguments.get("body")),
            now=self._wall(),
        )


def _secrets(body: Any) -> tuple[str, ...]:
    """Return the texts of a form that its repr does not show."""
    hidden = (field.name for field in fields(type(body)) if not field.repr) if body else ()
    return tuple(text for name in hidden if isinstance(text := getattr(body, name), str))


def _row_by_row(answer: UnreadableAnswer, module: Any) -> Response[Any] | None:
    """Read a success without the rows that can't be read; None where that does not help."""

    def read(content: bytes) -> Any:
        response = httpx.Response(200, content=content)
        return module._build_response(client=None, response=response).parsed

    parsed = without_odd_rows(answer.content, read) if answer.status_code == 200 else None
    return None if parsed is None else Response(200, answer.content, dict(answer.headers), parsed)


class CallsAtOnce(AsyncCalls):
    """The calls of the sync client, made at once, for its flows."""

    async def _send(
        self, function: Callable[..., Awaitable[Any]], arguments: dict[str, Any]
    ) -> Response[Any]:
        check_open(self._client.get_httpx_client())
        twin = sys.modules[function.__module__].sync_detailed
        reply: Response[Any] = twin(client=self._client, **arguments)
        return reply


class SyncCalls:
    """The calls of the sync client, for its facade."""

    def __init__(self, calls: CallsAtOnce) -> None:
        self._calls = calls

    def token(self, operation: str) -> Any:
        """Return what goes into an operation's `api_token`; see `AsyncCalls.token`."""
        return self._calls.token(operation)

    @secretive
    def __call__(self, operation: str, function: Callable[..., Any], /, **arguments: Any) -> Any:
        """Call one operation and return the model of its 2xx answer."""
        return run(self._calls(operation, function, **arguments))
