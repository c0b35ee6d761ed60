"""Digests of files."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Final

from attrs import frozen

from mvsep.errors import InvalidInput

_PIECE: Final = 1 << 20


def digest_of(file: BinaryIO) -> str:
    """The SHA-256 of an open file in hex digits; the file is put back to where it stood.

    Raises:
        InvalidInput: When it can't be read on, or not be put back.
    """
    try:
        start, digest = file.tell(), hashlib.sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
        file.seek(start)
    except (OSError, ValueError, AttributeError) as error:
        raise InvalidInput(f"The file can't be read: {error}.", charged=False) from error
    return digest.hexdigest()


@frozen
class Written:
    """A file that was written whole: its size in bytes and its SHA-256 in hex digits."""

    size: int
    sha256: str


def hashed(path: Path) -> Written | None:
    """The size and SHA-256 of a file, or None where there is no regular file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Written(file.tell(), digest.hexdigest())


def settle(folder: Path) -> None:
    """Have the disk confirm the names in a folder, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
