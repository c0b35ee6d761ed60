"""Handlers that several kinds of faults use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mvsep.testing.answers import php_json
from mvsep.testing.faults.exchange import Answer, Exchange
from mvsep.testing.faults.fault import Handler

HTML: Final = {"content-type": "text/html"}
JSON: Final = {"content-type": "application/json"}


def instead(answer: Answer | Callable[[Exchange], Answer], *, acts: bool = False) -> Handler:
    """Give another answer.

    Args:
        answer: The answer, or a function that makes it.
        acts: Whether the request is carried out first.
    """

    async def handle(exchange: Exchange) -> None:
        await exchange.take(acts=acts)
        await exchange.respond(answer(exchange) if callable(answer) else answer)

    return handle


def instead_json(http: int, /, **body: object) -> Handler:
    """Give this JSON under this HTTP status, and do not carry the request out."""
    return instead(Answer(http, JSON, php_json(body)))


def reshaped(change: Callable[[Answer], Answer]) -> Handler:
    """Change the right answer; a refusal stays as it is."""

    async def handle(exchange: Exchange) -> None:
        answer = await exchange.perform()
        await exchange.respond(change(answer) if answer.status < 300 else answer)

    return handle


def with_headers(**headers: str | None) -> Handler:
    """Give the right answer with some headers replaced, as `exchange.changed` does."""

    async def handle(exchange: Exchange) -> None:
        async with exchange.stream() as stream:
            await exchange.forward(stream, headers)

    return handle


def nginx(status: int, reason: str) -> bytes:
    """Write nginx's page for a status."""
    title = f"{status} {reason}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1>"
        "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    ).encode()
