"""The evidence of a failure: who is to blame, and what went over the wire, without secrets."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Collection
from typing import Any, Final, Literal

import httpx

from contract_tests.harness.clients import hook

Blame = Literal["contract", "client", "mock", "server", "harness"]

_SHOWN: Final = 2000
_MASK: Final = "***"


def scrub(text: str, secrets: Collection[str]) -> str:
    """Mask every secret in a text."""
    for secret in filter(None, secrets):
        text = text.replace(secret, _MASK)
    return text


class Tape:
    """The last exchanges of an httpx client; put its hooks into `event_hooks`."""

    def __init__(self, secrets: Collection[str] = (), length: int = 3) -> None:
        self._secrets = tuple(secrets)
        self._kept: deque[str] = deque(maxlen=length)
        self.response: httpx.Response | None = None
        self.hooks: dict[str, list[Any]] = {
            "request": [httpx.Request.read],
            "response": [self._keep],
        }
        self.async_hooks: dict[str, list[Any]] = {
            "request": [httpx.Request.aread],
            "response": [hook("async", self._keep)],
        }

    def __str__(self) -> str:
        return "\n".join(self._kept) or "nothing was sent"

    def clear(self) -> None:
        """Forget all exchanges."""
        self._kept.clear()
        self.response = None

    def _keep(self, response: httpx.Response) -> None:
        response.read()
        request = response.request
        asked, said = (each.headers.get("content-type", "") for each in (request, response))
        sent = self._shown(f"> {request.method} {request.url} {asked}", request.content)
        received = self._shown(f"< {response.status_code} {said}", response.content)
        self.response = response
        self._kept.append(f"{sent}\n{received}")

    def _shown(self, head: str, body: bytes) -> str:
        # Masked before it is cut: half a secret must not be left either.
        text = scrub(body.decode("utf-8", errors="backslashreplace"), self._secrets)
        cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ... ({len(body)} bytes)"
        return f"{scrub(head, self._secrets).strip()}\n{cut}".strip()


class Calls(logging.Filter):
    """The last lines that httpx logs of its requests; the token stands in none of them.

    As a filter of httpx's logger it lets through only what the root's level asks for.
    """

    def __init__(self, length: int = 5) -> None:
        super().__init__()
        self._kept: deque[str] = deque(maxlen=length)

    def __str__(self) -> str:
        return "\n".join(self._kept)

    def clear(self) -> None:
        """Forget all lines."""
        self._kept.clear()

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep a line."""
        self._kept.append(record.getMessage().removeprefix("HTTP Request: "))
        return logging.getLogger().isEnabledFor(record.levelno)


class ContractBroken(AssertionError):
    """A disagreement of client, contract and server, with what went over the wire as evidence."""

    def __init__(
        self,
        what: str,
        *,
        blame: Blame,
        operation: str,
        status: str | int | None = None,
        evidence: object = "",
    ) -> None:
        place = f"{operation} > {status}" if status is not None else operation
        super().__init__(f"[{blame}] {place}: {what}\n{evidence}".strip())
        self.what = what
        self.blame = blame
        self.operation = operation
        self.status = None if status is None else str(status)
        self.evidence = str(evidence)
