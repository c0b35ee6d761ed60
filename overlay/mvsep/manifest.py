"""A job's manifest: a small JSON file beside its stems that says what they are.

It tells later what was made from what, and whether the files are still as they were written.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from mvsep._version import __version__
from mvsep.errors import InvalidInput
from mvsep.files import names
from mvsep.files.digest import Written, hashed, settle

#: The version of the form; a reader takes this one only.
SCHEMA: Final = 1

_TEMPLATE: Final = "{input}.mvsep.{ext}"


@frozen
class File:
    """A file that a manifest tells of.

    Args:
        label: What it is, in the service's words, such as "Vocals".
        name: Its name, in the manifest's folder.
        size: Its size in bytes.
        sha256: The SHA-256 of its bytes, in hex digits.
    """

    label: str
    name: str
    size: int
    sha256: str


@frozen
class Manifest:
    """What a job left in a folder.

    Args:
        hash: The job's hash.
        host: The host it is at.
        input: The mixture's name, without folder and extension.
        files: The stems, in the service's order.
        about: What else was known of the job, such as sep_type, options and credits.
        date: When it was written, as ISO 8601 with its zone.
        version: The version of this package that wrote it.
    """

    hash: str
    host: str
    input: str
    files: tuple[File, ...]
    about: Mapping[str, Any] = field(factory=dict)
    date: str = field(factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    version: str = __version__

    def file(self, name: str, label: str) -> Written | None:
        """What it tells of a file."""
        found = (file for file in self.files if (file.name, file.label) == (name, label))
        return next((Written(file.size, file.sha256) for file in found), None)


@frozen
class Problem:
    """Why a file is not as its manifest tells.

    Args:
        name: The file's name.
        what: missing, size, sha256, or unreadable.
        message: The same as a sentence.
    """

    name: str
    what: str
    message: str

    def __str__(self) -> str:
        return self.message


def name_for(input_name: str, taken: set[str] | None = None) -> str:
    """What the manifest of a mixture is called: `song.mvsep.json`."""
    return names.stem_filename(
        "", input_name=input_name, extension="json", taken=taken or (), template=_TEMPLATE
    )


def place_for(folder: Path, input_name: str, hash: str, *, overwrite: bool) -> Path:
    """Where a job's manifest goes: where it is already, or to the first name that is free.

    Args:
        folder: The folder of the stems.
        input_name: The mixture's name, without folder and extension.
        hash: The job's hash.
        overwrite: Whether a file that is there may be replaced.
    """
    taken = set[str]()
    while True:
        path = folder / name_for(input_name, taken)
        if overwrite or not os.path.lexists(path) or found(path, hash):
            return path
        taken.add(path.name)


def found(path: Path, hash: str) -> Manifest | None:
    """The manifest at `path`, where there is one and it is the job's."""
    try:
        manifest = read(path)
    except InvalidInput:
        return None
    return manifest if manifest.hash == hash else None


def write(path: Path, manifest: Manifest) -> None:
    """Write a manifest, whole or not at all; one that is there is replaced.

    Args:
        path: Where it goes.
        manifest: What it tells.

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
            {"label": file.label, "name": file.name, "size": file.size, "sha256": file.sha256}
            for file in manifest.files
        ],
        "date": manifest.date,
        "version": manifest.version,
    }
    text = json.dumps(body, indent=2, ensure_ascii=False, default=str) + "\n"
    part = path.with_name(f".{path.name}.{secrets.token_hex(2)}.part")
    try:
        with part.open("xb") as file:
            # What is no UTF-8 of a file's name is escaped, which in JSON stands for the same.
            file.write(text.encode(errors="backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    settle(path.parent)


def read(path: str | os.PathLike[str]) -> Manifest:
    """Read a manifest.

    Args:
        path: Where it is.

    Raises:
        InvalidInput: When it can't be read, or is none, or one of a later version.
    """
    try:
        body: Any = json.loads(Path(path).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(f"{path} can't be read as a manifest: {error}.") from error
    if not isinstance(body, dict) or "schema" not in body:
        raise InvalidInput(f"{path} is not a manifest.")
    if body["schema"] != SCHEMA:
        raise InvalidInput(
            f"{path} is a manifest of version {body['schema']!r:.20}, which is not known.",
            next_step="Use the version of this package that wrote it.",
        )
    try:
        return _manifest(body)
    except (KeyError, TypeError) as error:
        raise InvalidInput(f"{path} is a manifest with a fault: {error}.") from error


def verify(path: str | os.PathLike[str]) -> list[Problem]:
    """Compare a manifest with the files beside it.

    Args:
        path: Where the manifest is.

    Returns:
        What is wrong, in the files' order; nothing when all are as they were written.

    Raises:
        InvalidInput: When the manifest can't be read.
    """
    folder = Path(path).parent
    problems = (_problem(folder, file) for file in read(path).files)
    return [problem for problem in problems if problem is not None]


def _problem(folder: Path, file: File) -> Problem | None:
    try:
        written = hashed(folder / file.name)
    except OSError as error:
        return Problem(file.name, "unreadable", f"{file.name} can't be read: {error}.")
    if written is None:
        return Problem(file.name, "missing", f"{file.name} is missing.")
    if written.size != file.size:
        return Problem(
            file.name, "size", f"{file.name} has {written.size} bytes, and had {file.size}."
        )
    if written.sha256 != file.sha256:
        return Problem(file.name, "sha256", f"{file.name} has other bytes than were written.")
    return None


def _manifest(body: dict[str, Any]) -> Manifest:
    known = {name: _text(body[name]) for name in ("hash", "host", "input", "date", "version")}
    if not isinstance(body["about"], dict):
        raise TypeError("what it tells about the job is no object")
    return Manifest(**known, files=tuple(map(_file, body["files"])), about=body["about"])


def _file(entry: Any) -> File:
    name, size = _text(entry["name"]), entry["size"]
    # A manifest speaks of its own folder only, whoever wrote it.
    if name in {"", ".", ".."} or any(mark in name for mark in "/\\:\0"):
        raise TypeError(f"{name!r:.80} is not a file name")
    if type(size) is not int:
        raise TypeError("a size is not a number")
    return File(_text(entry["label"]), name, size, _text(entry["sha256"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is not a text")
    return value
