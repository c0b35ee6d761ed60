"""Opening what a caller names: one place, and one wording for what can go wrong."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Final

from mvsep.errors import InvalidInput

_PIECE: Final = 1 << 20


def open_to_read(path: Path) -> BinaryIO:
    """Open a regular file for reading.

    Raises:
        InvalidInput: When it is not there, is a folder or a pipe, or can't be opened.
    """
    try:
        if path.is_dir():
            raise InvalidInput(
                f"{path} is a folder, not an audio file.",
                charged=False,
                next_step="Hand over one file at a time.",
            )
        if path.exists() and not path.is_file():
            raise InvalidInput(
                f"{path} is not a regular file, so its length can't be known.",
                charged=False,
                next_step="Copy it to a file first.",
            )
        return path.open("rb")
    except FileNotFoundError as error:
        raise InvalidInput(
            f"There is no file {path}.", charged=False, next_step="Check the path."
        ) from error
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"{path} can't be opened: {error}.", charged=False, next_step="Check its permissions."
        ) from error


class Rest:
    """What is left of an open file from a place on, as a file of its own.

    Args:
        file: The file.
        start: Where it begins, in bytes from the file's own beginning.
    """

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file, self._start = file, start

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        return self._file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move, and say where to, from the place on."""
        base = self._start if whence == os.SEEK_SET else 0
        return self._file.seek(base + offset, whence) - self._start

    def tell(self) -> int:
        """How far it is, from the place on."""
        return self._file.tell() - self._start


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
