"""The form that a submit sends."""

from __future__ import annotations

import re
from collections.abc import Callable
from email import message_from_bytes
from typing import Any

from tests.wire import Wire

Submit = Callable[..., Any]


def form(wire: Wire) -> list[tuple[str, str | None, bytes]]:
    """The parts of the only form that was sent: name, file name, content."""
    (request,), (body,) = wire.requests, wire.bodies
    head = b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n"
    parts = message_from_bytes(head + body).get_payload()
    assert isinstance(parts, list)
    found = []
    for part in parts:
        disposition = part["Content-Disposition"]
        name = re.search(r' name="([^"]*)"', disposition)
        assert name
        file = part.get_filename()
        found.append((name[1], file, part.get_payload(decode=True)))
    return found


def fields(wire: Wire) -> dict[str, bytes]:
    return {name: content for name, _, content in form(wire)}
