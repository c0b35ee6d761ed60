"""Names of stems on disk (safe, predictable, never the same twice) and of uploads."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import PurePosixPath
from string import Formatter
from typing import Final
from urllib.parse import unquote, urlsplit

from mvsep.core.checks import check_text
from mvsep.errors import InvalidInput

DEFAULT_TEMPLATE: Final = "{input}_{stem}.{ext}"

MAX_NAME_BYTES: Final = 236
"""Bytes of UTF-8 in a name. File systems allow 255; the rest is left for what a download adds to
the name until it is whole."""

#: Stands for `{type}` where nobody knows a job's separation type.
ANY_TYPE: Final = "type"

_FIELDS: Final = ("input", "stem", "type", "n", "ext")
_EXTENSION: Final = re.compile(r"[a-z0-9]{1,8}")
# Path separators, what Windows forbids, control characters, lone surrogates, line separators.
_UNSAFE: Final = r"/\\<>:\"|?*\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029"
_UNSAFE_RUN: Final = re.compile(rf"(?: ?[{_UNSAFE}])+ ?")
_UNSAFE_CHARACTER: Final = re.compile(rf"[{_UNSAFE}]")
# Names of devices, with or without an extension. Source: "Naming Files, Paths, and Namespaces",
# learn.microsoft.com/windows/win32/fileio/naming-a-file.
_RESERVED: Final = re.compile(
    r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])", re.IGNORECASE
)


def stem_filename(
    label: str,
    *,
    input_name: str,
    extension: str,
    taken: Collection[str],
    template: str = DEFAULT_TEMPLATE,
    type_name: str = ANY_TYPE,
) -> str:
    """Make the file name of a stem: it stays below its folder, and no other file has it.

    The name is valid on Linux, macOS and Windows and in Unicode's NFC. A name too long loses the
    end of the input's name first, and keeps its extension. The second stem of one name ends in
    `_2`, the third in `_3`. `taken`, the names in use, is compared without regard to case and
    Unicode form, and is not changed: add each name before asking for the next.
    """
    (name,) = stem_filenames(
        [(label, extension)],
        input_name=input_name,
        template=template,
        taken=taken,
        type_name=type_name,
    )
    return name


def stem_filenames(
    stems: Iterable[tuple[str, str]],
    *,
    input_name: str,
    template: str,
    taken: Iterable[str] = (),
    type_name: str = ANY_TYPE,
) -> list[str]:
    """Make the file names of a job's stems, each given as its label and extension.

    With a template such as `{input}/{stem}.{ext}` they begin with folders, each a safe name.
    """
    _check_fields(template)
    in_use, numbers = set(map(_folded, taken)), Counter[str]()
    made = []
    for label, extension in stems:
        ext = extension.removeprefix(".").lower()
        if not _EXTENSION.fullmatch(ext):
            raise InvalidInput(f"{extension!r:.80} is not a file extension.")
        values = {
            "input": _clean(input_name) or "input",
            "stem": _clean(label) or "stem",
            "type": _clean(type_name) or ANY_TYPE,
            "n": "1",
            "ext": ext,
        }
        *folders, last = template.split("/")
        folder = "".join(
            _cut(_filled(part, dict(values)), MAX_NAME_BYTES) + "/" for part in folders
        )
        first = name = _with_ending(_filled(last, values), "", "." + ext)
        # Of many stems with one name, none tries the numbers of those before it.
        while _folded(folder + name) in in_use:
            numbers[folder + first] += 1
            name = _with_ending(first, f"_{numbers[folder + first] + 1}", "." + ext)
        in_use.add(_folded(folder + name))
        made.append(folder + name)
    return made


def _filled(template: str, values: dict[str, str]) -> str:
    uses = [name for _, name, _, _ in Formatter().parse(template)].count("input")
    excess = len(template.format(**values).encode()) - MAX_NAME_BYTES
    if excess > 0 and uses:  # the input's name is cut so that the label need not be
        room = len(values["input"].encode()) - -(-excess // uses)
        values["input"] = _cut(values["input"], room) or values["input"][0]
    name = _clean(template.format(**values))
    if not name:
        raise InvalidInput(f"The template {template!r:.80} gives no file name.", param="template")
    if _RESERVED.fullmatch(name.partition(".")[0].rstrip()):
        name = "_" + name
    return name


def numbered(name: str, number: int) -> str:
    """Put a number at the end of a file name, before its extension: `song_Vocals_2.wav`."""
    return _with_ending(name, f"_{number}", name[len(input_stem(name)) :].lower())


def is_numbered(name: str, other: str) -> bool:
    """Tell whether another name is this one with a number; see `numbered`."""
    found = re.search(r"_(\d{1,9})$", input_stem(other), re.ASCII)
    return found is not None and numbered(name, int(found[1])) == other


def is_file_name(name: str) -> bool:
    """Check that a name leads to a file of its own folder, on any system."""
    return name not in {"", ".", ".."} and not set(name) & set("/\\:\0")


def check_template(template: str) -> None:
    """Check that a template gives file names, before anything is paid for."""
    stem_filename("Vocals", input_name="song", extension="wav", taken=(), template=template)


def tells_apart(template: str) -> bool:
    """Tell whether a template names the stems of each song of a list differently."""
    return any(name in ("input", "n") for _, name, _, _ in Formatter().parse(template))


def with_number(template: str, number: int, count: int) -> str:
    """Put the number of a song in a list into its template: 07 of 18 for {n}."""
    text = str(number).rjust(len(str(count)), "0")
    return re.sub(r"\{\{|\{n\}", lambda found: text if found[0] == "{n}" else found[0], template)


def input_stem(source_name: str) -> str:
    """Cut a file name, a path of any system, or a URL to its name without folder and extension."""
    name = _last_part(source_name)
    base, dot, suffix = name.rpartition(".")
    return base if dot and base and _EXTENSION.fullmatch(suffix.lower()) else name


def distinct(names: Iterable[str]) -> list[str]:
    """Tell inputs apart whose stems would have one name, such as song.wav and song.flac.

    The second of a name ends in `_2`, the third in `_3`.
    """
    given: list[str] = []
    taken: set[str] = set()
    numbers = Counter[str]()
    for name in names:
        base = input_stem(name)
        extension = name[len(base) :] if name.startswith(base) else ""
        candidate = base
        while _folded(_clean(candidate)) in taken:
            numbers[base] += 1
            candidate = f"{base}_{numbers[base] + 1}"
        taken.add(_folded(_clean(candidate)))
        given.append(candidate + extension)
    return given


def extension_of(download_name: str | None, url: str | None, default: str) -> str:
    """Return a stem's extension without a dot: of its name, else of its URL, else `default`."""
    for source in (download_name, url):
        _, dot, suffix = _last_part(source or "").rpartition(".")
        if dot and _EXTENSION.fullmatch(suffix.lower()):
            return suffix.lower()
    return default.removeprefix(".").lower()


def _last_part(source_name: str) -> str:
    if source_name.lower().startswith(("http://", "https://")):
        with suppress(ValueError):  # not a URL after all: read it as a path
            source_name = unquote(urlsplit(source_name).path)
    return PurePosixPath(source_name.replace("\\", "/")).name


def _check_fields(template: str) -> None:
    check_text("template", template)
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise InvalidInput(
            f"The template {template!r:.80} can't be read: {error}.", param="template"
        ) from error
    for text, name, spec, conversion in parts:
        if name is not None and (name not in _FIELDS or spec or conversion):
            raise InvalidInput(
                f"The template {template!r:.80} has a field {name!r} that can't be filled.",
                param="template",
                next_step="Use {input}, {stem}, {type}, {n} and {ext}, as they stand.",
            )
        if unsafe := _UNSAFE_CHARACTER.search(text.replace("/", "")):
            raise InvalidInput(
                f"The template {template!r:.80} has {unsafe[0]!r}, which a file name can't have.",
                param="template",
                next_step="Folders are set apart by /, as in {input}/{stem}.{ext}.",
            )
    if not all(part.strip(". ") for part in template.split("/")):
        raise InvalidInput(
            f"The template {template!r:.80} leads out of the folder for the stems.",
            param="template",
            next_step="Choose that folder apart from the template.",
        )


def _with_ending(name: str, ending: str, suffix: str) -> str:
    """Put an ending before a name's suffix; a name too long is cut before both."""
    base = name
    if name.lower().endswith(suffix):
        base = name[: len(name) - len(suffix)]
        ending += name[len(base) :]
    return _cut(base, MAX_NAME_BYTES - len(ending.encode())) + ending


def _clean(text: str) -> str:
    # Format characters are invisible, and some turn the reading direction round.
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    text = _UNSAFE_RUN.sub("_", text).strip(". ")
    return text if text.strip("_. ") else ""


def _cut(text: str, size: int) -> str:
    return text.encode()[: max(size, 0)].decode(errors="ignore").rstrip(". ")


def _folded(name: str) -> str:
    # Two names that a file system may take for one become the same.
    folded = unicodedata.normalize("NFD", name).casefold()
    return unicodedata.normalize("NFC", folded)


# Small letters and digits, which the service's simplifying of names keeps; the first letters show
# that it is a marker.
_MARKER: Final = re.compile(r"mvk[a-z0-9]{9}")
_ALPHABET: Final = string.ascii_lowercase + string.digits
_LONGEST_NAME: Final = 255  # bytes, on most file systems
_LONGEST_EXTENSION: Final = 10  # characters


def new_marker(chance: Callable[[], float]) -> str:
    """Make a marker for one upload's name: twelve small letters and digits, never given twice."""
    return "mvk" + "".join(_ALPHABET[int(chance() * len(_ALPHABET))] for _ in range(9))


def is_marker(text: object) -> bool:
    """Tell whether a text is a marker."""
    return isinstance(text, str) and bool(_MARKER.fullmatch(text))


def sendable(name: str) -> str:
    """Replace the bytes of a file's name that are no UTF-8 and so can't be sent."""
    return name.encode(errors="replace").decode()


def marked(name: str, marker: str) -> str:
    """Put a marker in front of an upload's name; a long name loses its end, not its extension."""
    name = sendable(name)
    base, dot, extension = name.rpartition(".")
    if not base or len(extension) > _LONGEST_EXTENSION:
        base, dot, extension = name, "", ""
    ending = dot + extension
    room = _LONGEST_NAME - len(f"{marker}-") - len(ending.encode())
    return f"{marker}-{base.encode()[:room].decode(errors='ignore')}{ending}"


def unmarked(name: str) -> str:
    """Cut the marker off an upload's name, or off the part of a hash that repeats it."""
    found = _MARKER.match(name)
    return name[found.end() :].lstrip("-_") or name if found else name
