"""The middleware between the requests and the application: it lets requests meet faults."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from mvsep.testing.faults.active import Faults
from mvsep.testing.faults.exchange import Answer, Exchange, target_of
from mvsep.testing.faults.fault import RequestHead
from mvsep_api.operations import OPERATIONS

_OPERATIONS: Final = {(known.method, known.path): known.id for known in OPERATIONS.values()}
_FOLDERS: Final = {"/storage/processed/": "download", "/storage/temp/": "mixture"}
_REMEMBERED: Final = frozenset({"separation_get", "separation_get_remote"})
_MOST_REMEMBERED: Final = 1000


class FaultyApp:
    """An application whose answers meet faults.

    Args:
        app: The application.
        faults: The faults of the server.
        seen: Counts the requests, by operation's id, `download` or `mixture`.
    """

    def __init__(self, app: ASGIApp, faults: Faults, seen: Counter[str]) -> None:
        self._app = app
        self._faults = faults
        self._seen = seen
        self._answers: dict[str, list[Answer]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        on = place_of(scope)
        if on is None:
            await self._app(scope, receive, send)
            return
        self._seen[on] += 1
        target = target_of(scope)
        earlier = self._earlier(target)
        request = RequestHead(on, target, "range" in Headers(scope=scope), earlier is not None)
        fault = self._faults.next(request)
        if fault is None and on not in _REMEMBERED:
            await self._app(scope, receive, send)
            return
        exchange = Exchange(
            "none" if fault is None else fault.name,
            self._app,
            scope,
            receive,
            send,
            gate=self._faults.gate,
            ended=self._faults.ended,
            elsewhere=self._faults.elsewhere or _other_name(scope),
            earlier=earlier,
        )
        if fault is None:
            await self._remember(exchange, target)
            return
        if fault.needs_socket:
            exchange.wire.narrow()  # in process this says that it needs a connection
        await fault.handle(exchange)

    async def _remember(self, exchange: Exchange, target: str) -> None:
        """Give the right answer, and keep it as a cache would."""
        async with exchange.stream() as stream:
            body = b"".join([piece async for piece in stream.pieces])
            answer = Answer(stream.status, stream.headers, body)
        known = self._answers.setdefault(target, [])
        if not known or known[-1].body != answer.body:
            known[:] = [*known[-1:], answer]
        while len(self._answers) > _MOST_REMEMBERED:
            del self._answers[next(iter(self._answers))]
        await exchange.respond(answer)

    def _earlier(self, target: str) -> Answer | None:
        """Return the state before the last one; the last one where there is no other."""
        known = self._answers.get(target)
        return known[0] if known else None


def place_of(scope: Scope) -> str | None:
    """Return the place of a request, as in `PLACES`; None for anything else."""
    if scope["type"] != "http":
        return None
    path: str = scope["path"]
    for folder, place in _FOLDERS.items():
        if path.startswith(folder):
            return place
    return _OPERATIONS.get((scope["method"], path))


def _other_name(scope: Scope) -> str:
    server: Any = scope.get("server")
    port = f":{server[1]}" if server and server[1] else ""
    return f"{scope['scheme']}://localhost{port}"
