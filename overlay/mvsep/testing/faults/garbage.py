"""Answers with a good status that can't be read."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Final

from attrs import evolve

from mvsep.testing.faults.fault import ANY, API, Fault, Phase
from mvsep.testing.faults.scene import Answer, Scene
from mvsep.testing.faults.statuses import JSON, Play, instead

_SUBMIT: Final[frozenset[Phase]] = frozenset({"submit"})
_PORTAL: Final = Answer(
    200,
    {"content-type": "text/html; charset=utf-8"},
    b"<!doctype html>\n<html><head><title>Sign in to the network</title></head></html>\n",
)
_EMPTY: Final = Answer(200, JSON, b"")
_DEPTH: Final = 100_000


def shaped(shape: Callable[[Answer], Answer]) -> Play:
    """Carry the request out and give its answer in another shape; a refusal stays as it is."""

    async def play(scene: Scene) -> None:
        answer = await scene.act()
        await scene.say(shape(answer) if answer.status < 300 else answer)

    return play


def _body(change: Callable[[bytes], bytes]) -> Play:
    return shaped(lambda answer: evolve(answer, body=change(answer.body)))


def _with(body: bytes) -> Play:
    return _body(lambda _: body)


def _broken_gzip(answer: Answer) -> Answer:
    packed = gzip.compress(answer.body, mtime=0)
    return evolve(answer, body=packed[: len(packed) // 2]).with_headers(content_encoding="gzip")


def _fault(
    name: str, about: str, play: Play, phases: frozenset[Phase] = API, *, acts: bool = True
) -> Fault:
    return Fault(name, about, "garbage", play, phases, acts=acts)


TABLE: Final[tuple[Fault, ...]] = (
    _fault(
        "html-200",
        "A web page with status 200: a network that wants a login.",
        instead(_PORTAL),
        ANY,
        acts=False,
    ),
    _fault(
        "html-200-after",
        "A web page with status 200, though the request was carried out.",
        instead(_PORTAL, acting=True),
        _SUBMIT,
    ),
    _fault("empty-body", "Status 200 and nothing in it.", instead(_EMPTY), ANY, acts=False),
    _fault(
        "empty-body-after",
        "Status 200 and nothing in it, though the request was carried out.",
        instead(_EMPTY, acting=True),
        _SUBMIT,
    ),
    _fault("no-content", "204 No Content.", instead(Answer(204, {}, b""), acting=True), ANY),
    _fault(
        "truncated-json",
        "The JSON ends in its middle; the length is right.",
        _body(lambda body: body[: len(body) // 2]),
    ),
    _fault(
        "oversized-json",
        "More follows behind the JSON.",
        _body(lambda body: body + b'{"success":false}'),
    ),
    _fault("json-null", "The JSON is null.", _with(b"null")),
    _fault("json-text", "The JSON is a text.", _with(b'"OK"')),
    _fault("json-number", "The JSON is a number.", _with(b"1")),
    _fault(
        "json-empty-object",
        "The JSON is an object with nothing in it.",
        _with(b"{}"),
        frozenset({"submit"}),
    ),
    _fault(
        "json-in-a-list",
        "The JSON is a list around the right one.",
        _body(lambda body: b"[" + body + b"]"),
    ),
    _fault(
        "json-deep", f"The JSON is {_DEPTH:,} lists deep.", _with(b"[" * _DEPTH + b"]" * _DEPTH)
    ),
    _fault("plain-words", "The body is a word in place of JSON.", _with(b"OK")),
    _fault(
        "bytes-of-nothing",
        "The body is bytes that are neither text nor JSON.",
        _with(bytes(range(256))),
    ),
    _fault(
        "php-warning",
        "A warning of PHP stands before the JSON.",
        _body(lambda body: b"<br />\n<b>Warning</b>: Undefined index\n" + body),
    ),
    _fault(
        "not-gzip",
        "Content-Encoding says gzip, and it is not.",
        shaped(lambda answer: answer.with_headers(content_encoding="gzip")),
    ),
    _fault("gzip-cut", "The body is gzip that ends in its middle.", shaped(_broken_gzip)),
)
