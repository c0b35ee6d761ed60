"""Digests of open files, and the disk's word that a file name is kept."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Final

from mvsep.errors import InvalidInput

_PIECE: Final = 1 << 20


def digest_of(file: BinaryIO) -> str:
    """Return the SHA-256 of the rest of an open file in hex digits, and seek back."""
    try:
        start, digest = file.tell(), hashlib.sha256()
        while piece := file.read(_PIECE):
            digest.update(piece)
        file.seek(start)
    except (OSError, ValueError, AttributeError) as error:
        raise InvalidInput(f"The file can't be read: {error}.") from error
    return digest.hexdigest()


def settle(folder: Path) -> None:
    """Have the disk confirm the names in a folder, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
