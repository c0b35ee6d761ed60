"""Readable answers that are dangerous or untrue: hashes, links, redirects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from mvsep.testing.faults.exchange import Answer, Exchange
from mvsep.testing.faults.fault import ANY, API, REMOTE, SUBMIT, Fault, Handler, Rows, group
from mvsep.testing.faults.handlers import HTML, instead, nginx, reshaped

NO_ADDRESS: Final = "http://[:::"
OWN_FILE: Final = "file:///etc/passwd"


def elsewhere(exchange: Exchange, url: str) -> str:
    """Return the same address on another host."""
    return f"{exchange.elsewhere}/{path_of(url)}"


def path_of(url: str) -> str:
    """Return a URL's path and query, without the slash before them."""
    return url.split("://", 1)[-1].partition("/")[2]


# --- what a create or get-remote says of the job ----------------------------------------------


def _data(**change: Callable[[Any], Any] | None) -> Handler:
    """Change values of `data`; None takes one away."""

    def shape(answer: Answer) -> Answer:
        body = answer.data
        data = body.get("data")
        if not isinstance(data, dict) or "hash" not in data:
            return answer
        data = {name: each for name, each in data.items() if change.get(name, name) is not None}
        new = {name: how(data[name]) for name, how in change.items() if how and name in data}
        return answer.with_data({**body, "data": data | new})

    return reshaped(shape)


def _hash(value: object) -> Handler:
    return _data(hash=lambda _: value)


def _link(url: str) -> Handler:
    return _data(link=lambda _: url)


async def _link_elsewhere(exchange: Exchange) -> None:
    await _data(link=lambda link: elsewhere(exchange, link))(exchange)


def _whole_data(value: object) -> Handler:
    return reshaped(lambda answer: answer.with_data({**answer.data, "data": value}))


# --- redirects --------------------------------------------------------------------------------


def _redirect(
    status: int, where: str | Callable[[Exchange], str] | None, *, acts: bool = False
) -> Handler:
    def answer(exchange: Exchange) -> Answer:
        location = where(exchange) if callable(where) else where
        return Answer(status, HTML, nginx(status, "Moved")).with_headers(location=location)

    return instead(answer, acts=acts)


def _away(exchange: Exchange) -> str:
    return exchange.elsewhere + exchange.target


def _itself(exchange: Exchange) -> str:
    return exchange.target


# --- the table --------------------------------------------------------------------------------

_HASHES_AND_LINKS: Final[Rows] = {
    "hash-missing": ("The answer names no hash.", _data(hash=None)),
    "hash-and-link-missing": (
        "The answer names neither a hash nor a link.",
        _data(hash=None, link=None),
    ),
    "hash-empty": ("The hash is empty.", _hash("")),
    "hash-null": ("The hash is null.", _hash(None)),
    "hash-number": ("The hash is a number.", _hash(7)),
    "hash-traversal": ("The hash leads out of its folder.", _hash("../../../etc/passwd")),
    "hash-newline": (
        "The hash holds a line break and a header.",
        _data(hash=lambda text: f"{text}\r\nX-Evil: 1"),
    ),
    "hash-endless": ("The hash is a hundred thousand characters long.", _hash("a" * 100_000)),
    "hash-query": (
        "The hash holds characters of a query.",
        _data(hash=lambda text: f"{text}&mirror=1#"),
    ),
    "hash-of-nobody": ("The hash is of no job.", _hash("20200101000000-0123456789-nobody.wav")),
    "link-elsewhere": ("The link leads to another host.", _link_elsewhere),
    "link-to-a-file": ("The link leads to a file of the caller's machine.", _link(OWN_FILE)),
    "link-odd": ("The link is none.", _link(NO_ADDRESS)),
}
_NO_LINK: Final[Rows] = {"link-missing": ("The answer names no link.", _data(link=None))}
_CREATED: Final[Rows] = {
    "data-is-missing": (
        "The answer says yes and no more.",
        reshaped(lambda answer: answer.with_data({"success": True})),
    ),
    "data-is-null": ("The data of a yes is null.", _whole_data(None)),
    "data-is-a-list": ("The data of a yes is a list.", _whole_data([])),
    "redirect-303-after": (
        "303 to a page, as a form on a site answers, though the request was carried out.",
        _redirect(303, "/separations", acts=True),
    ),
    "redirect-307-after": (
        "307 to the same address, though the request was carried out.",
        _redirect(307, _itself, acts=True),
    ),
}
_REDIRECTS: Final[Rows] = {
    "redirect-elsewhere": ("302 to another host.", _redirect(302, _away)),
    "redirect-301-elsewhere": ("301 to another host.", _redirect(301, _away)),
    "redirect-303-elsewhere": ("303 to another host.", _redirect(303, _away)),
    "redirect-307-elsewhere": (
        "307 to another host: the body would be sent there too.",
        _redirect(307, _away),
    ),
    "redirect-308-elsewhere": (
        "308 to another host: the body would be sent there too.",
        _redirect(308, _away),
    ),
    "redirect-to-itself": ("302 to the same address.", _redirect(302, _itself)),
    "redirect-307-to-itself": (
        "307 to the same address: whoever follows sends the body again.",
        _redirect(307, _itself),
    ),
    "redirect-nowhere": ("302 without a Location.", _redirect(302, None)),
    "redirect-to-a-file": ("302 to a file of the caller's machine.", _redirect(302, OWN_FILE)),
    "redirect-odd": ("302 to what is no address.", _redirect(302, NO_ADDRESS)),
}
_LOGIN: Final[Rows] = {"redirect-to-login": ("302 to a login page.", _redirect(302, "/login"))}

TABLE: Final[tuple[Fault, ...]] = (
    *group("hostile", SUBMIT | REMOTE, _HASHES_AND_LINKS, acts=True),
    *group("quirk", SUBMIT | REMOTE, _NO_LINK, acts=True),
    *group("hostile", SUBMIT, _CREATED, acts=True),
    *group("hostile", ANY, _REDIRECTS),
    *group("hostile", API, _LOGIN),
)
