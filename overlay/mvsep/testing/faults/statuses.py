"""Statuses that a front end, a cache or a crash puts in the place of an answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import formatdate
from typing import Final

from mvsep.testing.answers import php_json
from mvsep.testing.faults.exchange import Answer, Exchange, raw_head
from mvsep.testing.faults.fault import ANY, SUBMIT, Fault, Handler, Rows, group
from mvsep.testing.faults.handlers import HTML, JSON, instead, nginx

RETRY_SECONDS: Final = 2

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
    **_CLOUDFLARE,
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
_REASONS: Final = _PASSING | _FINAL


def _page(status: int, **headers: str) -> Answer:
    reason = _REASONS[status]
    title = f"mvsep.com | {status}: {reason}"
    body = nginx(status, reason)
    if status in _CLOUDFLARE:
        body = f"<!DOCTYPE html>\n<html>\n<head><title>{title}</title></head>\n</html>\n".encode()
    return Answer(status, HTML, body).with_headers(**headers)


def _in_two_seconds(exchange: Exchange) -> Answer:
    # By the real clock, as the Date header of every answer is.
    return _page(429, retry_after=formatdate(time.time() + RETRY_SECONDS, usegmt=True))


def _json(status: int, text: str, **headers: str) -> Answer:
    return Answer(status, JSON, php_json({"message": text})).with_headers(**headers)


def _at_once(status: int) -> Handler:
    """Answer before the body was read, and close the connection."""
    body = nginx(status, _REASONS[status])
    head = {**HTML, "content-length": str(len(body)), "connection": "close"}

    async def handle(exchange: Exchange) -> None:
        await exchange.wire.write(raw_head(status, head) + body)
        await exchange.close()

    return handle


_TOO_MANY: Final = {
    "retry_after": str(RETRY_SECONDS),
    "x_ratelimit_limit": "120",
    "x_ratelimit_remaining": "0",
}


def _pages(reasons: Mapping[int, str]) -> Rows:
    return {
        f"http-{status}": (f"{status} {reason}, a page of the front end.", instead(_page(status)))
        for status, reason in reasons.items()
    }


_PAGES_AFTER: Final[Rows] = {
    f"http-{status}-after": (
        f"{status} {reason}, a page of the front end, though the request was carried out.",
        instead(_page(status), acts=True),
    )
    for status, reason in _PASSING.items()
    if status not in {408, 425, 429, 501, 521, 523, 525, 526}  # they never reach it
}
_OUTAGES: Final[Rows] = {
    "http-429-seconds": (
        f"429 with Retry-After: {RETRY_SECONDS}.",
        instead(_json(429, "Too Many Attempts.", **_TOO_MANY)),
    ),
    "http-429-date": (
        "429 with a date in Retry-After, two seconds ahead.",
        instead(_in_two_seconds),
    ),
    "http-429-words": (
        "429 with words in Retry-After that are neither.",
        instead(_page(429, retry_after="soon")),
    ),
    "http-429-ages": (
        "429 with a Retry-After of eleven days.",
        instead(_page(429, retry_after="1000000")),
    ),
    "http-503-seconds": (
        f"503 with Retry-After: {RETRY_SECONDS}.",
        instead(_page(503, retry_after=str(RETRY_SECONDS))),
    ),
    "http-503-maintenance": (
        "503 in JSON: the service is being worked on.",
        instead(_json(503, "Service Unavailable")),
    ),
    "http-500-json": (
        "500 in JSON, as Laravel reports a crash.",
        instead(_json(500, "Server Error")),
    ),
    "http-502-empty": ("502 without a body.", instead(Answer(502, {}, b""))),
}
_CRASH_AFTER: Final[Rows] = {
    "http-500-json-after": (
        "500 in JSON: a crash when the request was carried out.",
        instead(_json(500, "Server Error"), acts=True),
    )
}
_TOO_LARGE_AT_ONCE: Final[Rows] = {
    "http-413-at-once": (
        "413 before the body was read, and the connection is closed.",
        _at_once(413),
    )
}
_OUTAGE_AT_ONCE: Final[Rows] = {
    "http-502-at-once": (
        "502 before the body was read, and the connection is closed.",
        _at_once(502),
    )
}

TABLE: Final[tuple[Fault, ...]] = (
    *group("outage", ANY, {**_pages(_PASSING), **_OUTAGES}),
    *group("outage", SUBMIT, {**_PAGES_AFTER, **_CRASH_AFTER}, acts=True),
    *group("refusal", ANY, _pages(_FINAL)),
    *group("refusal", SUBMIT, _TOO_LARGE_AT_ONCE, needs_socket=True),
    *group("outage", SUBMIT, _OUTAGE_AT_ONCE, needs_socket=True),
)
