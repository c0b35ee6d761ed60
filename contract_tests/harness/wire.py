"""Requests as read back from the wire, and the difference of two."""

from __future__ import annotations

import email.parser
import re
from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import httpx
from attrs import frozen

FORM: Final = "multipart/form-data"


@frozen
class Part:
    """One part of a form."""

    name: str
    kind: str | None  # None where it is a text
    content: bytes
    file_name: str | None = None

    def __str__(self) -> str:
        what = f"file of {self.kind}" if self.kind is not None else "text"
        return f"{what} {self.content!r}"


@frozen
class Sent:
    """A request, as far as the contract says anything about it."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]


def sent(request: httpx.Request) -> Sent:
    """Take a request of httpx apart."""
    kind = request.headers.get("Content-Type", "")
    return read(request.method, str(request.url), kind, request.content)


def read(method: str, url: str, kind: str, body: bytes) -> Sent:
    """Take a request apart; a body that is no well-formed form has no parts."""
    address = urlsplit(url)
    return Sent(
        method.upper(),
        address.path,
        tuple(parse_qsl(address.query, keep_blank_values=True)),
        tuple(_parts(kind, body)),
    )


def _parts(kind: str, body: bytes) -> list[Part]:
    form, _, boundary = kind.partition("; boundary=")
    line = b"--" + boundary.strip('"').encode()
    if form != FORM or not body.startswith(line + b"\r\n"):
        return []
    *pieces, end = (b"\r\n" + body).split(b"\r\n" + line)[1:]
    return [_part(piece) for piece in pieces] if end.rstrip() == b"--" else []


def _part(piece: bytes) -> Part:
    head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = email.parser.HeaderParser().parsestr(head.decode("utf-8", errors="replace"))
    place = headers.get("content-disposition", "")
    said = dict(re.findall(r'\b(name|filename)="([^"]*)"', place))
    kind = headers.get("content-type", "") if "filename" in place else None
    return Part(said.get("name", ""), kind, content, said.get("filename"))


def difference(asked: Sent, sent: Sent) -> str | None:
    """Return how the sent request differs from the one asked for, or None.

    Parts and query values may come in any order, but the token is the last part: then a
    server knows all of a request before it can be charged to anyone.
    """
    if (asked.method, asked.path) != (sent.method, sent.path):
        return f"asked for {asked.method} {asked.path}, sent {sent.method} {sent.path}"
    for what, before, after in (
        ("query value", asked.query, sent.query),
        ("form field", _named(asked.parts), _named(sent.parts)),
    ):
        names = sorted({name for name, _ in (*before, *after)})
        for name in names:
            one = sorted(str(value) for key, value in before if key == name)
            two = sorted(str(value) for key, value in after if key == name)
            if one != two:
                return f"{what} {name}: asked for {_list(one)}, sent {_list(two)}"
    tokens = [index for index, part in enumerate(sent.parts) if part.name == "api_token"]
    if tokens and tokens != [len(sent.parts) - 1]:
        return "form field api_token: it is not the last part"
    return None


def _named(parts: Collection[Part]) -> list[tuple[str, Part]]:
    return [(part.name, part) for part in parts]


def _list(values: list[str]) -> str:
    return ", ".join(values) or "nothing"
