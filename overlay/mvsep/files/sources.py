"""Sources to upload: their names, sizes and lengths, and opening them."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import BinaryIO, Final, cast
from urllib.parse import urlsplit

from mvsep.core.disk import path_of
from mvsep.core.flow import call_back
from mvsep.errors import InvalidInput
from mvsep.files.audio import is_audio, length
from mvsep.files.duration import Duration, unknown
from mvsep.files.kinds import HEAD, not_audio
from mvsep.files.names import sendable
from mvsep_api.types import File

_LONGEST_PATH: Final = 4096
_ASKED: Final = 1 << 16  # bytes of an upload that httpx asks for at a time
# Bytes that are read at a time, for a digest and for an upload. Measured: an upload in pieces of
# 64 KiB takes 1.4 times the processor's time; one in pieces of 512 KiB as much as in these, and a
# megabyte of memory more.
_PIECE: Final = 1 << 18


def open_to_read(path: Path) -> BinaryIO:
    """Open a regular file for reading."""
    try:
        if path.is_dir():
            raise InvalidInput(
                f"{path} is a folder, not an audio file.",
                next_step="Hand over one file at a time.",
            )
        if path.exists() and not path.is_file():
            raise InvalidInput(
                f"{path} is not a regular file, so its size can't be known.",
                next_step="Copy it to a file first.",
            )
        return path.open("rb")
    except FileNotFoundError as error:
        raise InvalidInput(f"There is no file {path}.", next_step="Check the path.") from error
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"{path} can't be opened: {error}.", next_step="Check its permissions."
        ) from error


class Rest:
    """The rest of an open file from a place on, as a file of its own."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file, self._start = file, start

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        return self._file.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move, and return the new position."""
        base = self._start if whence == os.SEEK_SET else 0
        self._file.seek(base + offset, whence)  # which returns None for an mmap
        return self.tell()

    def tell(self) -> int:
        """Return the position."""
        return self._file.tell() - self._start


#: A song: a path, bytes, an open binary file or an http(s) link.
Source = str | os.PathLike[str] | bytes | BinaryIO

#: Called after each piece: bytes moved so far, and bytes in all where that is known.
Progress = Callable[[int, int | None], None]

_FALLBACK_NAME = "mixture.wav"


def is_link(source: object) -> bool:
    """Tell if a source is a link that the service fetches itself."""
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def name_of(source: Source | None) -> str:
    """Return the file name of a source without its folder; `mixture.wav` where it has none."""
    if source is None:
        return "text"
    if isinstance(source, str) and is_link(source):
        with suppress(ValueError):  # what is no address is refused when its job is prepared
            return PurePath(urlsplit(source).path).name or _FALLBACK_NAME
        return _FALLBACK_NAME
    if isinstance(source, str | os.PathLike):
        return Path(source).name
    name = getattr(source, "name", None)
    return Path(name).name if isinstance(name, str) and Path(name).name else _FALLBACK_NAME


class _Payload(Rest):
    """A file as httpx reads it, of a size that is known, with progress.

    With a digest it is broken off before its last piece where it has other bytes.
    """

    def __init__(
        self, file: BinaryIO, size: int, progress: Progress | None, digest: str | None
    ) -> None:
        super().__init__(file, file.tell())
        self.size = size
        self._progress, self._digest = progress, digest
        self._sum = hashlib.sha256()

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        here = super().seek(offset, whence)
        if here == 0:  # from the start, such as for another try
            self._sum = hashlib.sha256()
        return here

    def read(self, size: int = -1) -> bytes:
        try:
            piece = super().read(_PIECE if size == _ASKED else size)
        except (OSError, ValueError) as error:
            raise InvalidInput(
                f"The file could not be read on: {error}.",
                next_step="The upload was broken off before its end, so no job was started.",
            ) from error
        sent = self.tell()
        if sent > self.size or (sent < self.size and size and not piece):
            raise _changed(
                f"The file changed its size while it was sent: it had {self.size} bytes."
            )
        if self._digest:
            self._sum.update(piece)
            if sent == self.size and self._sum.hexdigest() != self._digest:
                raise _changed("The file changed while it was sent.")
        if self._progress and piece:
            call_back(self._progress, sent, self.size)
        return piece


def _changed(what: str) -> InvalidInput:
    return InvalidInput(
        what,
        next_step="The upload was broken off before its end, so no job was started. "
        "Send it again when nothing writes to it any more.",
    )


@contextmanager
def opened(
    source: Source, progress: Progress | None = None, digest: str | None = None
) -> Iterator[File]:
    """Open a source, no link, for upload; InvalidInput comes before anything is sent.

    Args:
        source: A path, bytes or an open binary file.
        progress: Called with the bytes sent and the bytes in all.
        digest: The SHA-256 that its bytes must have; other ones are not sent to their end.
    """
    with contextlib.ExitStack() as stack:
        if isinstance(source, bytes):
            file = _in_memory(source)
        elif isinstance(source, str | os.PathLike):
            file = stack.enter_context(open_to_read(path_of(source)))
        else:
            file = _checked(source)
        size = _size_of(file)
        # The next one to open it, for another try or to measure it, finds it as it was.
        stack.callback(_put_back, file, file.tell())
        if size <= 0:  # an open file can stand at its end, or beyond
            raise InvalidInput(
                f"{name_of(source)} is empty.",
                next_step="Nothing was sent. An open file is read from where it stands.",
            )
        payload = cast(BinaryIO, _Payload(file, size, progress, digest))
        yield File(payload=payload, file_name=sendable(name_of(source)))


def check_audio(source: Source, *, known: bool = False) -> None:
    """Check that a file may be audio of some kind; a few kilobytes of it are read.

    Args:
        source: The file.
        known: True to refuse audio of a kind that is not known, too.

    Raises:
        InvalidInput: When it can't be, or can't be read.
    """
    with opened(source) as file:
        kind = not_audio(file.payload.read(HEAD))
    reason = f"{kind}, and can't be audio" if kind else ""
    if known and not kind:
        with _seekable(source) as whole:
            reason = "" if is_audio(whole) else "no audio of a known kind"
    if reason:
        raise InvalidInput(
            f"{name_of(source)} is {reason}.",
            next_step="With validate=False it is sent as it is.",
            param="validate",
        )


def _in_memory(content: bytes) -> BinaryIO:
    short = len(content) <= _LONGEST_PATH and b"\0" not in content
    if short and os.path.exists(content):  # noqa: PTH110  a Path raises for a long name
        raise InvalidInput(
            f"{os.fsdecode(content)!r:.200} is the path of a file, given as bytes.",
            next_step="Hand over a path as a str or a Path; bytes are the song itself.",
            param="source",
        )
    return io.BytesIO(content)


def size_of(source: Source | None) -> int | None:
    """Return the bytes to upload; None where nothing is uploaded."""
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
            next_step="Hand over a path, bytes, a file opened in binary mode, or a link.",
        )
    return cast(BinaryIO, source)


def _size_of(file: BinaryIO) -> int:
    try:
        here = file.tell()
        file.seek(0, os.SEEK_END)
        size = file.tell() - here
        file.seek(here)
    except (OSError, AttributeError, ValueError) as error:
        raise InvalidInput(
            "The file can't be rewound, so it can't be sent with its length.",
            next_step="Read it into bytes, or write it to a file first.",
        ) from error
    return size


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


def measure(source: Source) -> Duration:
    """Measure how long an audio file plays; 16 megabytes of a large file are read at most.

    The service's answer to a wrong header is not known, so a length that the header and what is
    there do not settle is not `sure`. A binary file is measured from where it stands, as it is
    uploaded from there, and put back.
    """
    with _seekable(source) as file:
        try:
            total = file.seek(0, io.SEEK_END)
            if total <= 0:
                raise InvalidInput(
                    "The file is empty.",
                    next_step="An open file is read from where it stands.",
                )
            file.seek(0)
            return length(file)
        except (OSError, ValueError) as error:
            raise unknown(f"the file can't be read ({error})") from error


@contextmanager
def _seekable(source: Source) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield _in_memory(source)
    elif isinstance(source, str | os.PathLike):
        with open_to_read(path_of(source)) as file:
            yield file
    else:
        try:
            position = source.tell()
            source.seek(position)  # a file that is not seekable fails here
        except (OSError, ValueError, AttributeError) as error:
            raise unknown("it is not an open file that can be moved in") from error
        try:
            yield cast(BinaryIO, Rest(source, position))
        finally:
            source.seek(position)
