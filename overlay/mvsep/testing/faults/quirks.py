"""Answers that are right and come oddly: each has to be read as if nothing was."""

from __future__ import annotations

import gzip
import json
from typing import Any, Final

from attrs import evolve

from mvsep.testing.faults.fault import ANY, API, Fault, Phase
from mvsep.testing.faults.garbage import shaped
from mvsep.testing.faults.scene import Answer, Scene
from mvsep.testing.faults.statuses import Play

_STATES: Final[frozenset[Phase]] = frozenset({"poll", "remote"})
_JOB: Final[frozenset[Phase]] = frozenset({"submit", "poll", "remote"})
_NUMBERS: Final[frozenset[Phase]] = frozenset({"poll", "other"})
_PIECES: Final = 16
_FILLER: Final = 1 << 20


def _data(change: Any) -> Play:
    """Change the JSON."""
    return shaped(lambda answer: answer.says(change(answer.data)))


def _success(value: object) -> Play:
    def change(data: Any) -> Any:
        return {**data, "success": value} if _says_yes(data) else data

    return _data(change)


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
    if not isinstance(value, dict) or not _says_yes(value):
        return value
    return {name: each for name, each in value.items() if name != "success"}


def _gzipped(answer: Answer) -> Answer:
    packed = gzip.compress(answer.body, mtime=0)
    return evolve(answer, body=packed).with_headers(content_encoding="gzip")


def _headers(**headers: str | None) -> Play:
    async def play(scene: Scene) -> None:
        async with scene.flow() as flow:
            await scene.relay(flow, headers)

    return play


async def _slow(scene: Scene) -> None:
    async with scene.flow() as flow:
        await scene.begin(flow.status, flow.headers)
        size = max(1, flow.length // _PIECES)
        async for data in flow.pieces:
            for start in range(0, len(data), size):
                await scene.through_gate()
                await scene.piece(data[start : start + size])
        await scene.end()


async def _held(scene: Scene) -> None:
    async with scene.flow() as flow:
        await scene.through_gate()
        await scene.relay(flow)


def _fault(name: str, about: str, play: Play, phases: frozenset[Phase] = API) -> Fault:
    return Fault(name, about, "quirk", play, phases, acts=True)


TABLE: Final[tuple[Fault, ...]] = (
    _fault("success-as-text", 'success is the text "true".', _success("true"), _JOB),
    _fault("success-as-number", "success is 1.", _success(1), _JOB),
    _fault("success-missing", "There is no success.", _data(_without_success), _STATES),
    _fault("numbers-as-text", "Every number is a text.", _data(_as_text), _NUMBERS),
    _fault("more-keys", "Every object has a key that nobody knows.", _data(_with_more)),
    _fault(
        "megabyte-of-filler",
        "The answer has a text of a megabyte that nobody asked for.",
        _data(_with_filler),
    ),
    _fault(
        "type-html",
        "JSON under Content-Type text/html.",
        _headers(content_type="text/html; charset=UTF-8"),
    ),
    _fault("type-missing", "JSON without a Content-Type.", _headers(content_type=None)),
    _fault(
        "byte-order-mark",
        "A byte order mark stands before the JSON.",
        shaped(lambda answer: evolve(answer, body=b"\xef\xbb\xbf" + answer.body)),
    ),
    _fault(
        "blank-lines",
        "Blank lines stand around the JSON.",
        shaped(lambda answer: evolve(answer, body=b"\r\n\n" + answer.body + b"\n\n")),
    ),
    _fault(
        "pretty-json",
        "The JSON is written over many lines, its characters as they are.",
        shaped(
            lambda answer: evolve(
                answer, body=json.dumps(answer.data, indent=4, ensure_ascii=False).encode()
            )
        ),
    ),
    _fault("gzip-always", "The answer is gzip, however short.", shaped(_gzipped)),
    _fault(
        "rate-limit-missing",
        "There are no rate-limit headers.",
        _headers(x_ratelimit_limit=None, x_ratelimit_remaining=None),
    ),
    _fault(
        "rate-limit-used-up",
        "X-RateLimit-Remaining is 0: the next request would be one too many.",
        _headers(x_ratelimit_limit="120", x_ratelimit_remaining="0"),
    ),
    _fault(
        "rate-limit-words",
        "The rate-limit headers are words.",
        _headers(x_ratelimit_limit="many", x_ratelimit_remaining="-5"),
    ),
    _fault(
        "set-cookie",
        "The answer sets cookies.",
        _headers(set_cookie="mvsep_session=abc; Path=/; HttpOnly"),
        ANY,
    ),
    _fault(
        "hangs-up-after",
        "The connection is closed after the answer.",
        _headers(connection="close"),
        ANY,
    ),
    _fault(
        "length-missing", "The answer has no Content-Length.", _headers(content_length=None), ANY
    ),
    _fault(
        "slow-drip",
        f"The body comes in about {_PIECES} pieces, each when the gate lets it pass.",
        _slow,
        ANY,
    ),
    _fault("held-answer", "The answer waits at the gate as a whole.", _held, ANY),
)
