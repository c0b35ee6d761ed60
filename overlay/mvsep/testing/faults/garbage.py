"""Answers with a good status that can't be read."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Final

from mvsep.testing.faults.exchange import Answer
from mvsep.testing.faults.fault import ANY, API, SUBMIT, Fault, Handler, Rows, group
from mvsep.testing.faults.handlers import JSON, instead, reshaped

_PORTAL: Final = Answer(
    200,
    {"content-type": "text/html; charset=utf-8"},
    b"<!doctype html>\n<html><head><title>Sign in to the network</title></head></html>\n",
)
_EMPTY: Final = Answer(200, JSON, b"")
_DEPTH: Final = 100_000


def _body(change: Callable[[bytes], bytes], **headers: str) -> Handler:
    """Change the body of the right answer, and headers with it."""
    return reshaped(lambda answer: answer.with_body(change(answer.body), **headers))


def _is(body: bytes) -> Handler:
    return _body(lambda _: body)


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


_UNHEEDED: Final[Rows] = {
    "html-200": ("A web page with status 200: a network that wants a login.", instead(_PORTAL)),
    "empty-body": ("Status 200 and nothing in it.", instead(_EMPTY)),
}
_CREATED: Final[Rows] = {
    "html-200-after": (
        "A web page with status 200, though the request was carried out.",
        instead(_PORTAL, acts=True),
    ),
    "empty-body-after": (
        "Status 200 and nothing in it, though the request was carried out.",
        instead(_EMPTY, acts=True),
    ),
    "json-empty-object": ("The JSON is an object with nothing in it.", _is(b"{}")),
}
_EMPTIED: Final[Rows] = {
    "no-content": ("204 No Content.", instead(Answer(204, {}, b""), acts=True))
}
_UNREADABLE: Final[Rows] = {
    "truncated-json": ("The JSON ends in its middle; the length is right.", _body(_half)),
    "oversized-json": ("More follows the JSON.", _body(lambda b: b + b'{"success":false}')),
    "json-null": ("The JSON is null.", _is(b"null")),
    "json-text": ("The JSON is a text.", _is(b'"OK"')),
    "json-number": ("The JSON is a number.", _is(b"1")),
    "json-in-a-list": (
        "The JSON is a list around the right one.",
        _body(lambda body: b"[" + body + b"]"),
    ),
    "json-deep": (f"The JSON is {_DEPTH:,} lists deep.", _is(b"[" * _DEPTH + b"]" * _DEPTH)),
    "plain-words": ("The body is a word in place of JSON.", _is(b"OK")),
    "bytes-of-nothing": ("The body is neither text nor JSON.", _is(bytes(range(256)))),
    "php-warning": (
        "A warning of PHP stands before the JSON.",
        _body(lambda body: b"<br />\n<b>Warning</b>: Undefined index\n" + body),
    ),
    "not-gzip": (
        "Content-Encoding says gzip, and it is not.",
        _body(bytes, content_encoding="gzip"),
    ),
    "gzip-cut": (
        "The body is gzip that ends in its middle.",
        _body(lambda body: _half(gzip.compress(body, mtime=0)), content_encoding="gzip"),
    ),
}

TABLE: Final[tuple[Fault, ...]] = (
    *group("garbage", ANY, _UNHEEDED),
    *group("garbage", SUBMIT, _CREATED, acts=True),
    *group("garbage", ANY, _EMPTIED, acts=True),
    *group("garbage", API, _UNREADABLE, acts=True),
)
