"""Answers that can be read and are dangerous or untrue: hashes, links, redirects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from mvsep.testing.faults.fault import ANY, API, Fault, Kind, Phase
from mvsep.testing.faults.garbage import shaped
from mvsep.testing.faults.scene import Answer, Scene
from mvsep.testing.faults.statuses import Play, nginx

_SUBMIT: Final[frozenset[Phase]] = frozenset({"submit"})
_REMOTE: Final[frozenset[Phase]] = frozenset({"remote"})

# --- what a create or get-remote says of the job ----------------------------------------------


def _data(**change: Callable[[Any], Any] | None) -> Play:
    """Change values of `data`; None takes one away."""

    def shape(answer: Answer) -> Answer:
        body = answer.data
        data = body.get("data")
        if not isinstance(data, dict) or "hash" not in data:
            return answer
        data = {name: each for name, each in data.items() if change.get(name, name) is not None}
        new = {name: how(data[name]) for name, how in change.items() if how and name in data}
        return answer.says({**body, "data": data | new})

    return shaped(shape)


def _be(value: object) -> Callable[[Any], Any]:
    return lambda _: value


def _whole_data(value: object) -> Play:
    return shaped(lambda answer: answer.says({**answer.data, "data": value}))


def _link(change: Callable[[Scene, str], str]) -> Play:
    async def play(scene: Scene) -> None:
        await _data(link=lambda link: change(scene, link))(scene)

    return play


def elsewhere(scene: Scene, url: str) -> str:
    """The same address on another host."""
    path = url.split("://", 1)[-1].partition("/")[2]
    return f"{scene.elsewhere}/{path}"


# --- redirects --------------------------------------------------------------------------------


def _redirect(status: int, where: Callable[[Scene], str | None], *, acting: bool = False) -> Play:
    async def play(scene: Scene) -> None:
        if acting:
            await scene.act()
        else:
            await scene.drain()
        answer = Answer(status, {"content-type": "text/html"}, nginx(status, "Moved"))
        await scene.say(answer.with_headers(location=where(scene)))

    return play


def _away(scene: Scene) -> str:
    return scene.elsewhere + scene.target


# --- the table --------------------------------------------------------------------------------


def _fault(
    name: str,
    about: str,
    play: Play,
    phases: frozenset[Phase],
    *,
    kind: Kind = "hostile",
    acts: bool = True,
) -> Fault:
    return Fault(name, about, kind, play, phases, acts=acts)


_CREATED: Final = _SUBMIT | _REMOTE

TABLE: Final[tuple[Fault, ...]] = (
    _fault("hash-missing", "The answer names no hash.", _data(hash=None), _CREATED),
    _fault(
        "hash-and-link-missing",
        "The answer names neither a hash nor a link.",
        _data(hash=None, link=None),
        _CREATED,
    ),
    _fault("hash-empty", "The hash is empty.", _data(hash=_be("")), _CREATED),
    _fault("hash-null", "The hash is null.", _data(hash=_be(None)), _CREATED),
    _fault("hash-number", "The hash is a number.", _data(hash=_be(7)), _CREATED),
    _fault(
        "hash-traversal",
        "The hash is a path that leads out of its folder.",
        _data(hash=_be("../../../etc/passwd")),
        _CREATED,
    ),
    _fault(
        "hash-newline",
        "The hash holds a line break and a header.",
        _data(hash=lambda text: f"{text}\r\nX-Evil: 1"),
        _CREATED,
    ),
    _fault(
        "hash-endless",
        "The hash is a hundred thousand characters long.",
        _data(hash=_be("a" * 100_000)),
        _CREATED,
    ),
    _fault(
        "hash-query",
        "The hash holds what a query is made of.",
        _data(hash=lambda text: f"{text}&mirror=1#"),
        _CREATED,
    ),
    _fault(
        "hash-of-nobody",
        "The hash is of a job that there is not.",
        _data(hash=_be("20200101000000-0123456789-nobody.wav")),
        _CREATED,
    ),
    _fault("link-missing", "The answer names no link.", _data(link=None), _CREATED, kind="quirk"),
    _fault("link-elsewhere", "The link leads to another host.", _link(elsewhere), _CREATED),
    _fault(
        "link-to-a-file",
        "The link leads to a file of the caller's own machine.",
        _link(lambda scene, link: "file:///etc/passwd"),
        _CREATED,
    ),
    _fault("link-odd", "The link is none.", _link(lambda scene, link: "http://[:::"), _CREATED),
    _fault(
        "data-is-missing",
        "The answer says yes and no more.",
        shaped(lambda answer: answer.says({"success": True})),
        _SUBMIT,
    ),
    _fault("data-is-null", "The data of a yes is null.", _whole_data(None), _SUBMIT),
    _fault("data-is-a-list", "The data of a yes is a list.", _whole_data([]), _SUBMIT),
    _fault("redirect-elsewhere", "302 to another host.", _redirect(302, _away), ANY, acts=False),
    _fault(
        "redirect-301-elsewhere", "301 to another host.", _redirect(301, _away), ANY, acts=False
    ),
    _fault(
        "redirect-303-elsewhere", "303 to another host.", _redirect(303, _away), ANY, acts=False
    ),
    _fault(
        "redirect-307-elsewhere",
        "307 to another host: the body would be sent there too.",
        _redirect(307, _away),
        ANY,
        acts=False,
    ),
    _fault(
        "redirect-308-elsewhere",
        "308 to another host: the body would be sent there too.",
        _redirect(308, _away),
        ANY,
        acts=False,
    ),
    _fault(
        "redirect-to-itself",
        "302 to the same address.",
        _redirect(302, lambda scene: scene.target),
        ANY,
        acts=False,
    ),
    _fault(
        "redirect-307-to-itself",
        "307 to the same address: whoever follows sends the body again.",
        _redirect(307, lambda scene: scene.target),
        ANY,
        acts=False,
    ),
    _fault(
        "redirect-nowhere",
        "302 without a Location.",
        _redirect(302, lambda scene: None),
        ANY,
        acts=False,
    ),
    _fault(
        "redirect-to-a-file",
        "302 to a file of the caller's own machine.",
        _redirect(302, lambda scene: "file:///etc/passwd"),
        ANY,
        acts=False,
    ),
    _fault(
        "redirect-odd",
        "302 to what is no address.",
        _redirect(302, lambda scene: "http://[:::"),
        ANY,
        acts=False,
    ),
    _fault(
        "redirect-to-login",
        "302 to a login page.",
        _redirect(302, lambda scene: "/login"),
        API,
        acts=False,
    ),
    _fault(
        "redirect-303-after",
        "303 to a page, as a form on a site answers, though the request was carried out.",
        _redirect(303, lambda scene: "/separations", acting=True),
        _SUBMIT,
    ),
    _fault(
        "redirect-307-after",
        "307 to the same address, though the request was carried out.",
        _redirect(307, lambda scene: scene.target, acting=True),
        _SUBMIT,
    ),
)
