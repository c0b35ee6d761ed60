"""Statuses that a front end, a cache or a crash puts in the place of an answer."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Final

from mvsep.testing.answers import php_json
from mvsep.testing.faults.fault import Fault, Phase
from mvsep.testing.faults.scene import Answer, Scene, raw_head

Play = Callable[[Scene], Awaitable[None]]

HTML: Final = {"content-type": "text/html"}
JSON: Final = {"content-type": "application/json"}
RETRY_SECONDS: Final = 2

_SUBMIT: Final[frozenset[Phase]] = frozenset({"submit"})
_CLOUDFLARE: Final = {
    520: "Web server is returning an unknown error",
    521: "Web server is down",
    522: "Connection timed out",
    523: "Origin is unreachable",
    524: "A timeout occurred",
    525: "SSL handshake failed",
    526: "Invalid SSL certificate",
    527: "Railgun error",
    528: "Unknown error",
    529: "Site is overloaded",
    530: "Origin DNS error",
}
_PASSING: Final = {
    408: "Request Time-out",
    425: "Too Early",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
_FINAL: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Not Allowed",
    410: "Gone",
    413: "Request Entity Too Large",
    414: "Request-URI Too Large",
    415: "Unsupported Media Type",
    431: "Request Header Fields Too Large",
    451: "Unavailable For Legal Reasons",
}


def nginx(status: int, reason: str) -> bytes:
    """The page that nginx makes for a status."""
    title = f"{status} {reason}"
    return (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1>"
        "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    ).encode()


def _cloudflare(status: int, reason: str) -> bytes:
    title = f"mvsep.com | {status}: {reason}"
    return f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n</html>\n".encode()


def instead(answer: Answer | Callable[[], Answer], *, acting: bool = False) -> Play:
    """Give another answer: when the request is read, or when it was carried out.

    Args:
        answer: The answer, or what makes it.
        acting: Whether the request is carried out first.
    """

    async def play(scene: Scene) -> None:
        if acting:
            await scene.act()
        else:
            await scene.drain()
        await scene.say(answer() if callable(answer) else answer)

    return play


def _page(status: int, reason: str, **more: str) -> Answer:
    make = _cloudflare if status >= 520 else nginx
    return Answer(status, HTML, make(status, reason)).with_headers(**more)


def _dated() -> Answer:
    # By the real clock, as the Date header of every answer is.
    until = formatdate(time.time() + RETRY_SECONDS, usegmt=True)
    return _page(429, _PASSING[429], retry_after=until)


def _json(status: int, text: str, **more: str) -> Answer:
    return Answer(status, JSON, php_json({"message": text})).with_headers(**more)


def _at_once(status: int, reason: str) -> Play:
    body = nginx(status, reason)
    head = {**HTML, "content-length": str(len(body)), "connection": "close"}

    async def play(scene: Scene) -> None:
        await scene.wire.write(raw_head(status, head) + body)
        await scene.hang_up()

    return play


_REFUSED: Final = "refusal"
_OUT: Final = "outage"

TABLE: Final[tuple[Fault, ...]] = (
    *(
        Fault(
            f"http-{status}",
            f"{status} {reason}, a page of the front end.",
            _OUT,
            instead(_page(status, reason)),
        )
        for status, reason in (_PASSING | _CLOUDFLARE).items()
    ),
    *(
        Fault(
            f"http-{status}-after",
            f"{status} {reason}, a page of the front end, though the request was carried out.",
            _OUT,
            instead(_page(status, reason), acting=True),
            _SUBMIT,
            acts=True,
        )
        for status, reason in (_PASSING | _CLOUDFLARE).items()
        if status not in {408, 425, 429, 501, 521, 523, 525, 526}  # they never reach it
    ),
    Fault(
        "http-429-seconds",
        f"429 with Retry-After: {RETRY_SECONDS}.",
        _OUT,
        instead(
            _json(
                429,
                "Too Many Attempts.",
                retry_after=str(RETRY_SECONDS),
                x_ratelimit_limit="120",
                x_ratelimit_remaining="0",
            )
        ),
    ),
    Fault(
        "http-429-date", "429 with a date in Retry-After, two seconds ahead.", _OUT, instead(_dated)
    ),
    Fault(
        "http-429-words",
        "429 with words in Retry-After that are neither.",
        _OUT,
        instead(_page(429, _PASSING[429], retry_after="soon")),
    ),
    Fault(
        "http-429-ages",
        "429 with a Retry-After of eleven days.",
        _OUT,
        instead(_page(429, _PASSING[429], retry_after="1000000")),
    ),
    Fault(
        "http-503-seconds",
        f"503 with Retry-After: {RETRY_SECONDS}.",
        _OUT,
        instead(_page(503, _PASSING[503], retry_after=str(RETRY_SECONDS))),
    ),
    Fault(
        "http-503-maintenance",
        "503 in JSON: the service is being worked on.",
        _OUT,
        instead(_json(503, "Service Unavailable")),
    ),
    Fault(
        "http-500-json",
        "500 in JSON, as Laravel reports a crash.",
        _OUT,
        instead(_json(500, "Server Error")),
    ),
    Fault(
        "http-500-json-after",
        "500 in JSON: a crash when the request was carried out.",
        _OUT,
        instead(_json(500, "Server Error"), acting=True),
        _SUBMIT,
        acts=True,
    ),
    Fault("http-502-empty", "502 without a body.", _OUT, instead(Answer(502, {}, b""))),
    *(
        Fault(
            f"http-{status}",
            f"{status} {reason}, a page of the front end.",
            _REFUSED,
            instead(_page(status, reason)),
        )
        for status, reason in _FINAL.items()
    ),
    Fault(
        "http-413-at-once",
        "413 before the body was read, and the connection is closed.",
        _REFUSED,
        _at_once(413, _FINAL[413]),
        _SUBMIT,
        needs_socket=True,
    ),
    Fault(
        "http-502-at-once",
        "502 before the body was read, and the connection is closed.",
        _OUT,
        _at_once(502, _PASSING[502]),
        _SUBMIT,
        needs_socket=True,
    ),
)
