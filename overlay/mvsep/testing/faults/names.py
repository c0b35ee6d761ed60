"""Result files that a state lists: hostile names, labels, sizes and links."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import Any, Final

from mvsep.testing.faults.fault import Fault, Kind, Phase
from mvsep.testing.faults.garbage import shaped
from mvsep.testing.faults.hostile import elsewhere
from mvsep.testing.faults.scene import Answer, Scene
from mvsep.testing.faults.statuses import Play

_POLL: Final[frozenset[Phase]] = frozenset({"poll"})
_LONG: Final = 300
_MANY: Final = 300

Entry = dict[str, Any]


def _files(change: Callable[[list[Entry]], object]) -> Play:
    def shape(answer: Answer) -> Answer:
        body = answer.data
        files = (body.get("data") or {}).get("files") if isinstance(body, dict) else None
        if not files:
            return answer
        return answer.says({**body, "data": {**body["data"], "files": change(files)}})

    return shaped(shape)


def _each(**values: object) -> Play:
    """Give every file these values; None takes one away, a function makes it from the old one."""

    def changed(entry: Entry) -> Entry:
        kept = {name: each for name, each in entry.items() if values.get(name, "") is not None}
        new = {name: each for name, each in values.items() if each is not None}
        return kept | {n: each(entry[n]) if callable(each) else each for n, each in new.items()}

    return _files(lambda files: [changed(entry) for entry in files])


def _in_turn(name: str, *values: str) -> Play:
    def change(files: list[Entry]) -> list[Entry]:
        return [{**entry, name: value} for entry, value in zip(files, cycle(values), strict=False)]

    return _files(change)


def _file_url(change: Callable[[Scene, str], str]) -> Play:
    async def play(scene: Scene) -> None:
        await _each(url=lambda url: change(scene, url))(scene)

    return play


def _many(files: list[Entry]) -> list[Entry]:
    return [{**files[0], "type": f"Stem {n}", "download": f"stem-{n}.wav"} for n in range(_MANY)]


def _fault(name: str, about: str, play: Play, *, kind: Kind = "hostile") -> Fault:
    return Fault(name, about, kind, play, _POLL, acts=True)


TABLE: Final[tuple[Fault, ...]] = (
    _fault(
        "name-traversal",
        "The files' names lead out of the folder.",
        _in_turn("download", "../../x.wav", "../../../y.wav"),
    ),
    _fault(
        "name-backslash",
        "The files' names lead out of the folder on Windows.",
        _in_turn("download", "..\\..\\x.wav", "C:\\x.wav"),
    ),
    _fault(
        "name-absolute",
        "The files' names are absolute paths.",
        _in_turn("download", "/etc/mvsep-x.wav", "//host/share/x.wav"),
    ),
    _fault(
        "name-device",
        "The files are called like devices of Windows.",
        _in_turn("download", "CON", "nul.wav"),
    ),
    _fault(
        "name-nul",
        "The files' names hold a NUL.",
        _in_turn("download", "a\x00.wav", "b\x00.wav"),
    ),
    _fault(
        "name-controls",
        "The files' names hold control characters of a terminal.",
        _in_turn("download", "a\x1b[2J.wav", "b\r\n.wav"),
    ),
    _fault(
        "name-long",
        f"The files' names are {_LONG} characters long.",
        _in_turn("download", "x" * (_LONG - 4) + ".wav", "y" * (_LONG - 4) + ".wav"),
    ),
    _fault(
        "name-wide",
        "The files' names are 200 characters of four bytes each.",
        _in_turn("download", "\U0001d11e" * 200 + ".wav", "\U0001d122" * 200 + ".wav"),
    ),
    _fault(
        "name-twins",
        "All files have one name.",
        _in_turn("download", "stem.wav"),
    ),
    _fault(
        "name-near-twins",
        "The files' names differ in upper and lower case only.",
        _in_turn("download", "Stem.wav", "stem.WAV"),
    ),
    _fault(
        "name-empty",
        "The files' names are empty.",
        _each(download=""),
    ),
    _fault(
        "name-missing",
        "The files have no names.",
        _each(download=None),
    ),
    _fault(
        "name-dots",
        "The files' names are dots.",
        _in_turn("download", ".", ".."),
    ),
    _fault(
        "name-hidden",
        "The files' names begin with a dot.",
        _in_turn("download", ".bashrc", ".ssh"),
    ),
    _fault(
        "name-trailing",
        "The files' names end in dots and blanks.",
        _in_turn("download", "a.wav. .", "b.wav "),
    ),
    _fault(
        "name-surrogate",
        "The files' names hold half a surrogate pair.",
        _in_turn("download", "a\ud800.wav", "b\udfff.wav"),
    ),
    _fault(
        "name-overridden",
        "The files' names turn their reading around.",
        _in_turn("download", "a\u202evaw.exe", "b\u202evaw.exe"),
    ),
    _fault(
        "name-number",
        "The files' names are numbers.",
        _each(download=7),
    ),
    _fault(
        "label-twins",
        "All stems have one label.",
        _in_turn("type", "Vocals"),
    ),
    _fault(
        "label-empty",
        "The stems' labels are empty.",
        _each(type=""),
    ),
    _fault("label-missing", "The stems have no labels.", _each(type=None), kind="quirk"),
    _fault(
        "label-traversal",
        "The stems' labels lead out of the folder.",
        _in_turn("type", "../../x", "..\\y"),
    ),
    _fault(
        "label-device",
        "The stems are labelled like devices of Windows.",
        _in_turn("type", "CON", "AUX"),
    ),
    _fault(
        "label-long",
        f"The stems' labels are {_LONG} characters long.",
        _in_turn("type", "x" * _LONG, "y" * _LONG),
    ),
    _fault("bytes-as-text", "The files' sizes are texts.", _each(bytes=str), kind="quirk"),
    _fault("bytes-missing", "The files' sizes are missing.", _each(bytes=None), kind="quirk"),
    _fault(
        "bytes-too-many",
        "The files' sizes are a thousand too high.",
        _each(bytes=lambda size: size + 1000),
    ),
    _fault(
        "bytes-too-few",
        "The files' sizes are a thousand too low.",
        _each(bytes=lambda size: size - 1000),
    ),
    _fault(
        "bytes-negative",
        "The files' sizes are negative.",
        _each(bytes=-1),
    ),
    _fault(
        "bytes-words",
        "The files' sizes are words.",
        _each(bytes="5.84 MB"),
    ),
    _fault(
        "url-elsewhere",
        "The files are on another host.",
        _file_url(elsewhere),
    ),
    _fault(
        "url-to-a-file",
        "The files' links lead to files of the caller's own machine.",
        _each(url="file:///etc/passwd"),
    ),
    _fault(
        "url-missing",
        "The files have no links.",
        _each(url=None),
    ),
    _fault(
        "url-empty",
        "The files' links are empty.",
        _each(url=""),
    ),
    _fault(
        "url-odd",
        "The files' links are none.",
        _each(url="http://[:::"),
    ),
    _fault(
        "url-with-a-login",
        "The files' links hold a name and a password.",
        _each(url=lambda url: url.replace("://", "://user:pass@", 1)),
    ),
    _fault(
        "url-relative",
        "The files' links have no host.",
        _each(url=lambda url: "/" + url.split("://", 1)[-1].partition("/")[2]),
    ),
    _fault(
        "files-null",
        "One of the files is null.",
        _files(lambda files: [None, *files[1:]]),
    ),
    _fault(
        "files-as-object",
        "The files are an object in place of a list.",
        _files(lambda files: {str(n): entry for n, entry in enumerate(files)}),
    ),
    _fault(
        "files-too-many",
        f"There are {_MANY:,} files.",
        _files(_many),
    ),
)
