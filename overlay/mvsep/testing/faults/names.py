"""Result files that a state lists: hostile names, labels, sizes and links."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any, Final

from mvsep.testing.faults.exchange import Answer, Exchange
from mvsep.testing.faults.fault import POLL, Fault, Handler, Rows, group
from mvsep.testing.faults.handlers import reshaped
from mvsep.testing.faults.hostile import NO_ADDRESS, OWN_FILE, elsewhere, path_of

_LONG: Final = 300
_MANY: Final = 300

Entry = dict[str, Any]


def _files(change: Callable[[list[Entry]], object]) -> Handler:
    def shape(answer: Answer) -> Answer:
        body = answer.data
        files = (body.get("data") or {}).get("files") if isinstance(body, dict) else None
        if not files:
            return answer
        return answer.with_data({**body, "data": {**body["data"], "files": change(files)}})

    return reshaped(shape)


def _each(**values: object) -> Handler:
    """Give every file these values; None takes one away, a function makes it from the old one."""

    def changed(entry: Entry) -> Entry:
        kept = {name: each for name, each in entry.items() if values.get(name, "") is not None}
        new = {name: each for name, each in values.items() if each is not None}
        return kept | {n: each(entry[n]) if callable(each) else each for n, each in new.items()}

    return _files(lambda files: [changed(entry) for entry in files])


def _in_turn(key: str, *values: str) -> Handler:
    def change(files: list[Entry]) -> list[Entry]:
        return [{**entry, key: value} for entry, value in zip(files, cycle(values), strict=False)]

    return _files(change)


def _names(*values: str) -> Handler:
    return _in_turn("download", *values)


def _labels(*values: str) -> Handler:
    return _in_turn("type", *values)


def _url(change: Callable[[str], str]) -> Handler:
    return _each(url=change)


async def _url_elsewhere(exchange: Exchange) -> None:
    await _url(lambda url: elsewhere(exchange, url))(exchange)


def _more_bytes(count: int) -> Handler:
    return _each(bytes=lambda size: size + count)


def _many(files: list[Entry]) -> list[Entry]:
    return [{**files[0], "type": f"Stem {n}", "download": f"stem-{n}.wav"} for n in range(_MANY)]


def _as_object(files: list[Entry]) -> dict[str, Entry]:
    return {str(n): entry for n, entry in enumerate(files)}


_HOSTILE: Final[Rows] = {
    "name-traversal": (
        "The files' names lead out of the folder.",
        _names("../../x.wav", "../../../y.wav"),
    ),
    "name-backslash": (
        "The files' names lead out of the folder on Windows.",
        _names("..\\..\\x.wav", "C:\\x.wav"),
    ),
    "name-absolute": (
        "The files' names are absolute paths.",
        _names("/etc/mvsep-x.wav", "//host/share/x.wav"),
    ),
    "name-device": ("The files' names are devices of Windows.", _names("CON", "nul.wav")),
    "name-nul": ("The files' names hold a NUL.", _names("a\x00.wav", "b\x00.wav")),
    "name-controls": (
        "The files' names hold control characters of a terminal.",
        _names("a\x1b[2J.wav", "b\r\n.wav"),
    ),
    "name-long": (
        f"The files' names are {_LONG} characters long.",
        _names("x" * (_LONG - 4) + ".wav", "y" * (_LONG - 4) + ".wav"),
    ),
    "name-wide": (
        "The files' names are 200 characters of four bytes each.",
        _names("\U0001d11e" * 200 + ".wav", "\U0001d122" * 200 + ".wav"),
    ),
    "name-twins": ("All files have one name.", _names("stem.wav")),
    "name-near-twins": ("The files' names differ in case only.", _names("Stem.wav", "stem.WAV")),
    "name-empty": ("The files' names are empty.", _each(download="")),
    "name-missing": ("The files have no names.", _each(download=None)),
    "name-dots": ("The files' names are dots.", _names(".", "..")),
    "name-hidden": ("The files' names begin with a dot.", _names(".bashrc", ".ssh")),
    "name-trailing": ("The files' names end in dots and blanks.", _names("a.wav. .", "b.wav ")),
    "name-surrogate": (
        "The files' names hold half a surrogate pair.",
        _names("a\ud800.wav", "b\udfff.wav"),
    ),
    "name-overridden": (
        "The files' names turn their reading around.",
        _names("a\u202evaw.exe", "b\u202evaw.exe"),
    ),
    "name-number": ("The files' names are numbers.", _each(download=7)),
    "label-twins": ("All stems have one label.", _labels("Vocals")),
    "label-empty": ("The stems' labels are empty.", _each(type="")),
    "label-traversal": ("The stems' labels lead out of the folder.", _labels("../../x", "..\\y")),
    "label-device": ("The stems' labels are devices of Windows.", _labels("CON", "AUX")),
    "label-long": (
        f"The stems' labels are {_LONG} characters long.",
        _labels("x" * _LONG, "y" * _LONG),
    ),
    "bytes-too-many": ("The files' sizes are a thousand too high.", _more_bytes(1000)),
    "bytes-too-few": ("The files' sizes are a thousand too low.", _more_bytes(-1000)),
    "bytes-negative": ("The files' sizes are negative.", _each(bytes=-1)),
    "bytes-words": ("The files' sizes are words.", _each(bytes="5.84 MB")),
    "url-elsewhere": ("The files are on another host.", _url_elsewhere),
    "url-to-a-file": ("The links lead to files of the caller's machine.", _each(url=OWN_FILE)),
    "url-missing": ("The files have no links.", _each(url=None)),
    "url-empty": ("The files' links are empty.", _each(url="")),
    "url-odd": ("The files' links are none.", _each(url=NO_ADDRESS)),
    "url-with-a-login": (
        "The files' links hold a name and a password.",
        _url(lambda url: url.replace("://", "://user:pass@", 1)),
    ),
    "url-relative": ("The files' links have no host.", _url(lambda url: "/" + path_of(url))),
    "files-null": ("One of the files is null.", _files(lambda files: [None, *files[1:]])),
    "files-as-object": ("The files are an object in place of a list.", _files(_as_object)),
    "files-too-many": (f"There are {_MANY:,} files.", _files(_many)),
}
_ODD: Final[Rows] = {
    "label-missing": ("The stems have no labels.", _each(type=None)),
    "bytes-as-text": ("The files' sizes are texts.", _each(bytes=str)),
    "bytes-missing": ("The files' sizes are missing.", _each(bytes=None)),
}

TABLE: Final[tuple[Fault, ...]] = (
    *group("hostile", POLL, _HOSTILE, acts=True),
    *group("quirk", POLL, _ODD, acts=True),
)
