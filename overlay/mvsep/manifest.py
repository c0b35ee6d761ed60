"""A job's manifest: a small JSON file beside its stems that describes them.

It says later from which input and options they come, and whether they are still unchanged.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from mvsep._version import __version__
from mvsep.core.disk import path_of, read_whole, write_whole
from mvsep.core.objects import Brief
from mvsep.errors import InvalidInput
from mvsep.files import names
from mvsep.files.stem_file import StemFile, sha256_of

#: The version of the form; a reader takes this one only.
SCHEMA: Final = 1

_TEMPLATE: Final = "{input}.mvsep.{ext}"
# Bytes of a manifest, at most; one of a thousand stems has less than one million.
_LARGEST: Final = 16 << 20


@frozen(repr=False)
class Manifest(Brief):
    """A job's stems in a folder.

    Args:
        hash: The job's hash.
        host: The job's host.
        input: The song's name, without folder and extension.
        files: The stems, in the service's order.
        about: Further facts about the job, such as sep_type, options and credits.
        date: When it was written, as ISO 8601 with its zone.
        version: The version of this package that wrote it.
    """

    hash: str
    host: str
    input: str
    files: tuple[StemFile, ...]
    about: Mapping[str, Any] = field(factory=dict)
    date: str = field(factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    version: str = __version__


@frozen(repr=False)
class Problem(Brief):
    """A difference between a file and its manifest.

    Args:
        name: The file's name, after the folders of its template.
        what: missing, size, sha256, or unreadable.
        message: The same as a sentence.
    """

    name: str
    what: str
    message: str

    def __str__(self) -> str:
        return self.message


def name_for(input_name: str, taken: set[str] | None = None) -> str:
    """Return the file name of a song's manifest: `song.mvsep.json`."""
    return names.stem_filename(
        "", input_name=input_name, extension="json", taken=taken or (), template=_TEMPLATE
    )


def place_for(folder: Path, input_name: str, hash: str, *, overwrite: bool) -> Path:
    """Return the job's present manifest, or the first free name; with `overwrite` the usual one."""
    taken = set[str]()
    while True:
        path = folder / name_for(input_name, taken)
        if overwrite or not os.path.lexists(path) or found(path, hash):
            return path
        taken.add(path.name)


def found(path: Path, hash: str) -> Manifest | None:
    """Return the manifest at a path, where there is one and it is the job's."""
    try:
        manifest = read(path)
    except InvalidInput:
        return None
    return manifest if manifest.hash == hash else None


def write(path: Path, manifest: Manifest) -> None:
    """Write a manifest, whole or not at all; an existing one is replaced.

    Raises:
        OSError: When the disk does not take it.
    """
    body = {
        "schema": SCHEMA,
        "hash": manifest.hash,
        "host": manifest.host,
        "input": manifest.input,
        "about": dict(manifest.about),
        "files": [
            {
                "label": f.label,
                "name": _name_below(path.parent, f.path),
                "size": f.size,
                "sha256": f.sha256,
            }
            for f in manifest.files
        ],
        "date": manifest.date,
        "version": manifest.version,
    }
    text = json.dumps(body, indent=2, ensure_ascii=False, default=str) + "\n"
    # What is no UTF-8 of a file's name is escaped, which in JSON stands for the same.
    write_whole(path, text.encode(errors="backslashreplace"))


def read(path: str | os.PathLike[str]) -> Manifest:
    """Read a manifest; the paths of its files are in its folder.

    Raises:
        InvalidInput: When it can't be read, is no manifest, or has a later version.
    """
    try:
        body: Any = json.loads(read_whole(path_of(path), _LARGEST))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(f"{path} can't be read as a manifest: {error}.") from error
    if not isinstance(body, dict) or "schema" not in body:
        raise InvalidInput(f"{path} is not a manifest.")
    if body["schema"] != SCHEMA:
        raise InvalidInput(
            f"{path} is a manifest of version {body['schema']!r:.20}; this release reads {SCHEMA}.",
            next_step="Use the release that wrote it.",
        )
    try:
        return _manifest(body, path_of(path).parent)
    except (KeyError, TypeError) as error:
        raise InvalidInput(f"{path} is not a valid manifest: {error}.") from error


def verify(path: str | os.PathLike[str]) -> list[Problem]:
    """Compare a manifest with the files beside it.

    Returns:
        The differences, in the files' order; none when all files are as they were written.

    Raises:
        InvalidInput: When the manifest can't be read.
    """
    problems = map(_problem, read(path).files)
    return [problem for problem in problems if problem is not None]


def _problem(file: StemFile) -> Problem | None:
    name, path = file.path.name, file.path
    try:
        if not path.is_file():
            return Problem(name, "missing", f"{name} is missing.")
        size = path.stat().st_size
        if size != file.size:
            return Problem(name, "size", f"{name} has {size} bytes instead of {file.size}.")
        if sha256_of(path) != file.sha256:
            return Problem(name, "sha256", f"{name} has other bytes than were written.")
    except OSError as error:
        return Problem(name, "unreadable", f"{name} can't be read: {error}.")
    return None


def _manifest(body: dict[str, Any], folder: Path) -> Manifest:
    known = {name: _text(body[name]) for name in ("hash", "host", "input", "date", "version")}
    if not isinstance(body["about"], dict):
        raise TypeError("about is not an object")
    files = tuple(_file(entry, folder) for entry in body["files"])
    return Manifest(**known, files=files, about=body["about"])


def _file(entry: Any, folder: Path) -> StemFile:
    name, size = _text(entry["name"]), entry["size"]
    # A manifest describes its own folder only, whoever wrote it.
    if not all(map(names.is_file_name, name.split("/"))):
        raise TypeError(f"{name!r:.80} is not a file name")
    if type(size) is not int:
        raise TypeError(f"the size {size!r:.40} is not a number")
    return StemFile(_text(entry["label"]), folder / name, size, _text(entry["sha256"]))


def _name_below(folder: Path, path: Path) -> str:
    """Return the name of a stem as seen from its manifest: with the template's folders."""
    whole, folder = path.absolute(), folder.absolute()
    return whole.relative_to(folder).as_posix() if whole.is_relative_to(folder) else path.name


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is not a string")
    return value
