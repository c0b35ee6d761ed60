"""Answers that are right and come oddly: each has to be read as usual."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any, Final

from mvsep.testing.faults.exchange import Answer, Exchange
from mvsep.testing.faults.fault import (
    ANY,
    API,
    OTHER,
    POLL,
    REMOTE,
    SUBMIT,
    Fault,
    Handler,
    Rows,
    group,
)
from mvsep.testing.faults.handlers import reshaped, with_headers

_PIECES: Final = 16
_FILLER: Final = 1 << 20


def _json(change: Callable[[Any], Any]) -> Handler:
    return reshaped(lambda answer: answer.with_data(change(answer.data)))


def _body(change: Callable[[Answer], bytes], **headers: str) -> Handler:
    return reshaped(lambda answer: answer.with_body(change(answer), **headers))


def _success(value: object) -> Handler:
    return _json(lambda data: {**data, "success": value} if _says_yes(data) else data)


def _says_yes(data: Any) -> bool:
    return isinstance(data, dict) and data.get("success") in (True, "true")


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _with_more(value: Any) -> Any:
    if isinstance(value, dict):
        more = {"new_in_2027": {"a": [1, None]}}
        return {name: _with_more(each) for name, each in value.items()} | more
    return [_with_more(each) for each in value] if isinstance(value, list) else value


def _with_filler(value: Any) -> Any:
    return {**value, "filler": "x" * _FILLER} if isinstance(value, dict) else value


def _without_success(value: Any) -> Any:
    # Without it, and without a status, get-remote's refusal while it downloads would be a yes.
    if not _says_yes(value):
        return value
    return {name: each for name, each in value.items() if name != "success"}


def _pretty(answer: Answer) -> bytes:
    return json.dumps(answer.data, indent=4, ensure_ascii=False).encode()


async def _slow(exchange: Exchange) -> None:
    async with exchange.stream() as stream:
        await exchange.send_head(stream.status, stream.headers)
        size = max(1, stream.length // _PIECES)
        async for data in stream.pieces:
            for start in range(0, len(data), size):
                await exchange.through_gate()
                await exchange.send_piece(data[start : start + size])
        await exchange.send_end()


async def _held(exchange: Exchange) -> None:
    async with exchange.stream() as stream:
        await exchange.through_gate()
        await exchange.forward(stream)


_SUCCESS: Final[Rows] = {
    "success-as-text": ('success is the text "true".', _success("true")),
    "success-as-number": ("success is 1.", _success(1)),
}
_NO_SUCCESS: Final[Rows] = {"success-missing": ("There is no success.", _json(_without_success))}
_NUMBERS: Final[Rows] = {"numbers-as-text": ("Every number is a text.", _json(_as_text))}
_JSON: Final[Rows] = {
    "more-keys": ("Every object has a key that nobody knows.", _json(_with_more)),
    "megabyte-of-filler": ("The answer has an unknown text of 1 MB.", _json(_with_filler)),
    "type-html": (
        "JSON under Content-Type text/html.",
        with_headers(content_type="text/html; charset=UTF-8"),
    ),
    "type-missing": ("JSON without a Content-Type.", with_headers(content_type=None)),
    "byte-order-mark": (
        "A byte order mark stands before the JSON.",
        _body(lambda answer: b"\xef\xbb\xbf" + answer.body),
    ),
    "blank-lines": (
        "Blank lines stand around the JSON.",
        _body(lambda answer: b"\r\n\n" + answer.body + b"\n\n"),
    ),
    "pretty-json": ("The JSON is indented and not in ASCII.", _body(_pretty)),
    "gzip-always": (
        "The answer is gzip, however short.",
        _body(lambda answer: gzip.compress(answer.body, mtime=0), content_encoding="gzip"),
    ),
    "rate-limit-missing": (
        "There are no rate-limit headers.",
        with_headers(x_ratelimit_limit=None, x_ratelimit_remaining=None),
    ),
    "rate-limit-used-up": (
        "X-RateLimit-Remaining is 0: the next request would be one too many.",
        with_headers(x_ratelimit_limit="120", x_ratelimit_remaining="0"),
    ),
    "rate-limit-words": (
        "The rate-limit headers are words.",
        with_headers(x_ratelimit_limit="many", x_ratelimit_remaining="-5"),
    ),
}
_ANY_ANSWER: Final[Rows] = {
    "set-cookie": (
        "The answer sets cookies.",
        with_headers(set_cookie="mvsep_session=abc; Path=/; HttpOnly"),
    ),
    "hangs-up-after": (
        "The connection is closed after the answer.",
        with_headers(connection="close"),
    ),
    "length-missing": ("There is no Content-Length.", with_headers(content_length=None)),
    "slow-drip": (
        f"The body comes in about {_PIECES} pieces, each when the gate lets it pass.",
        _slow,
    ),
    "held-answer": ("The answer waits at the gate as a whole.", _held),
}

TABLE: Final[tuple[Fault, ...]] = (
    *group("quirk", SUBMIT | POLL | REMOTE, _SUCCESS, acts=True),
    *group("quirk", POLL | REMOTE, _NO_SUCCESS, acts=True),
    *group("quirk", POLL | OTHER, _NUMBERS, acts=True),
    *group("quirk", API, _JSON, acts=True),
    *group("quirk", ANY, _ANY_ANSWER, acts=True),
)
