"""Opening what a caller names: one place, and one wording for what can go wrong."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO, Final, cast
from urllib.parse import urlsplit

from mvsep.errors import InvalidInput
from mvsep.files.names import sendable
from mvsep_api.types import File

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


#: What can be handed over as a mixture: a path, bytes, an open binary file or an http(s) link.
Source = str | os.PathLike[str] | bytes | BinaryIO

#: Told after each piece: bytes moved so far, and bytes in all where that is known.
Progress = Callable[[int, int | None], None]

#: Bytes taken from the network at a time.
PIECE = 1 << 18

_FALLBACK_NAME = "mixture.wav"


def is_link(source: object) -> bool:
    """Whether a source is a link that the service is to fetch itself."""
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def name_of(source: Source | None) -> str:
    """The file name a source goes by, without its folder.

    Args:
        source: What is uploaded; bytes and files without a name get a plain one, and what is
            only text is called so.
    """
    if source is None:
        return "text"
    if isinstance(source, str) and is_link(source):
        return PurePath(urlsplit(source).path).name or _FALLBACK_NAME
    if isinstance(source, str | os.PathLike):
        return Path(source).name
    name = getattr(source, "name", None)
    return Path(name).name if isinstance(name, str) and Path(name).name else _FALLBACK_NAME


class _Payload(Rest):
    """A file as httpx reads it: it knows its length, can be rewound, and counts what left it."""

    def __init__(self, file: BinaryIO, size: int, progress: Progress | None) -> None:
        super().__init__(file, file.tell())
        self.size = size
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        try:
            piece = super().read(size)
        except (OSError, ValueError) as error:
            raise InvalidInput(
                f"The file could not be read on: {error}.",
                charged=False,
                next_step="The upload was broken off before its end, so no job was started.",
            ) from error
        sent = self.tell()
        if sent > self.size or (sent < self.size and size and not piece):
            raise InvalidInput(
                f"The file changed its size while it was sent: it had {self.size} bytes.",
                charged=False,
                next_step="The upload was broken off before its end, so no job was started. "
                "Send it again when nothing writes to it any more.",
            )
        if self._progress and piece:
            self._progress(sent, self.size)
        return piece


@contextmanager
def opened(source: Source, progress: Progress | None = None) -> Iterator[File]:
    """Open a source for upload, after checking that it can be one.

    Args:
        source: A path, bytes or an open binary file; not a link.
        progress: Told how far the upload is, in bytes.

    Yields:
        What the generated client takes as a file.

    Raises:
        InvalidInput: When it is missing, unreadable, empty, a folder, or can't be rewound;
            raised before anything is sent.
    """
    with contextlib.ExitStack() as stack:
        if isinstance(source, bytes):
            file: BinaryIO = io.BytesIO(source)
        elif isinstance(source, str | os.PathLike):
            file = stack.enter_context(open_to_read(Path(source)))
        else:
            file = _checked(source)
        size = _size_of(file)
        # Whoever opens it next, for another try or to measure it, finds it as it was.
        stack.callback(_put_back, file, file.tell())
        if size <= 0:  # an open file can stand at its end, or beyond
            raise InvalidInput(
                f"{name_of(source)} is empty.",
                charged=False,
                next_step="Nothing was sent. An open file is read from where it stands.",
            )
        payload = cast(BinaryIO, _Payload(file, size, progress))
        yield File(payload=payload, file_name=sendable(name_of(source)))


def size_of(source: Source | None) -> int | None:
    """The bytes that would be uploaded; None where nothing is.

    Raises:
        InvalidInput: As `opened`.
    """
    if source is None or is_link(source):
        return None
    with opened(source) as file:
        return cast(_Payload, file.payload).size


def _put_back(file: BinaryIO, start: int) -> None:
    with contextlib.suppress(OSError, ValueError):  # it may be closed by now
        file.seek(start)


def _checked(source: object) -> BinaryIO:
    if not hasattr(source, "read") or isinstance(source, io.TextIOBase):
        raise InvalidInput(
            f"A {type(source).__name__} can't be uploaded.",
            charged=False,
            next_step="Hand over a path, bytes, a file opened in binary mode, or a link.",
        )
    return cast(BinaryIO, source)


def _size_of(file: BinaryIO) -> int:
    try:
        here = file.tell()
        size = file.seek(0, os.SEEK_END) - here
        file.seek(here)
    except (OSError, AttributeError, ValueError) as error:
        raise InvalidInput(
            "The file can't be rewound, so it can't be sent with its length.",
            charged=False,
            next_step="Read it into bytes, or write it to a file first.",
        ) from error
    return size
