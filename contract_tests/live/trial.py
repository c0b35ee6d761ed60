"""The live run tried on a fake server: what stands before it, what is called, what is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Spoil = Callable[[Any], Any]
"""From the fake's body, JSON data or bytes, to another JSON body or a whole response."""


#: What a live run calls without an account, with one, and with leave to write.
PUBLIC: Final = {
    "app_algorithms",
    "app_demo",
    "app_news",
    "app_queue",
    "quality_checker_entry",
    "quality_checker_leaderboard",
    "quality_checker_queue",
}
ACCOUNT: Final = {
    "account_credit_alert",
    "account_purchases",
    "app_queue_summary",
    "app_separation_history",
    "app_user",
}
WRITTEN: Final = {"separation_create", "separation_delete"}


def held(out: str) -> set[str]:
    """Return the operations of which a run said that the contract held."""
    return set(re.findall(r"^(\w+) +\d+ +held", out, re.MULTILINE))


def not_called(out: str) -> dict[str, str]:
    """Return the operations that a run said it did not call, each with the reason."""
    listed = out.partition("Not called:")[2]
    return dict(re.findall(r"^    (\w+) {2,}(\S.*)$", listed, re.MULTILINE))


class Between:
    """A middleman that keeps what was asked, and changes what is answered.

    Attributes:
        app: Who really answers.
        queries: Path and raw query of every request.
        said: Path to a body that is answered without asking `app`.
        spoilt: Path to what is made of the answer of `app`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.queries: list[tuple[str, str]] = []
        self.said: dict[str, Any] = {}
        self.spoilt: dict[str, Spoil] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        self.queries.append((path, scope["query_string"].decode()))
        if path in self.said:
            await JSONResponse(self.said[path])(scope, receive, send)
        elif path in self.spoilt:
            await self._spoil(self.spoilt[path], scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _spoil(self, spoil: Spoil, scope: Scope, receive: Receive, send: Send) -> None:
        sent = []

        async def keep(message: Message) -> None:
            sent.append(message)

        # The body is to be read here, so it must not be compressed.
        plain = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, keep)
        body = b"".join(message.get("body", b"") for message in sent)
        answer = spoil(json.loads(body) if body[:1] in {b"{", b"["} else body)
        response = answer if isinstance(answer, Response) else JSONResponse(answer)
        await response(scope, receive, send)
