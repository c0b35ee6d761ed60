"""Files on their way: what is uploaded, and what lands on the disk."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import BinaryIO, Self, cast
from urllib.parse import urlsplit

import httpx
from attrs import frozen

from mvsep.answers import retry_after
from mvsep.errors import DownloadError, InvalidInput
from mvsep_api.types import File

#: What can be handed over as a mixture: a path, bytes, an open binary file or an http(s) link.
Source = str | os.PathLike[str] | bytes | BinaryIO

#: Told after each piece: bytes moved so far, and bytes in all where that is known.
Progress = Callable[[int, int | None], None]

#: Bytes taken from the network at a time.
PIECE = 1 << 18

_FALLBACK_NAME = "mixture.wav"
_SERVICE = "mvsep.com"


def is_link(source: object) -> bool:
    """Whether a source is a link that the service is to fetch itself."""
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))


def name_of(source: Source | None) -> str:
    """The file name a source goes by, without its folder.

    Args:
        source: What is uploaded; bytes and files without a name get a plain one.
    """
    if isinstance(source, str) and is_link(source):
        return PurePath(urlsplit(source).path).name or _FALLBACK_NAME
    if isinstance(source, str | os.PathLike):
        return Path(source).name
    name = getattr(source, "name", None)
    return Path(name).name if isinstance(name, str) and Path(name).name else _FALLBACK_NAME


class _Payload:
    """A file as httpx reads it: it knows its length, can be rewound, and counts what left it."""

    def __init__(self, file: BinaryIO, size: int, progress: Progress | None) -> None:
        self._file = file
        self._start = file.tell()
        self._size = size
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        try:
            piece = self._file.read(size)
        except (OSError, ValueError) as error:
            raise InvalidInput(
                f"The file could not be read on: {error}.",
                charged=False,
                next_step="The upload was broken off before its end, so no job was started.",
            ) from error
        if self._progress and piece:
            self._progress(self._file.tell() - self._start, self._size)
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = self._start if whence == os.SEEK_SET else 0
        return self._file.seek(base + offset, whence) - self._start

    def tell(self) -> int:
        return self._file.tell() - self._start


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
            file = stack.enter_context(_open(Path(source)))
        else:
            file = _checked(source)
        size = _size_of(file)
        if not size:
            raise InvalidInput(
                f"{name_of(source)} is empty.", charged=False, next_step="Nothing was sent."
            )
        payload = cast(BinaryIO, _Payload(file, size, progress))
        yield File(payload=payload, file_name=name_of(source))


def _open(path: Path) -> BinaryIO:
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


def check_link(url: str, host: str, *, hash: str) -> None:
    """Check that a result's link leads to the service.

    Args:
        url: The link, as the service gave it.
        host: The host the job was asked for at, with its port where it has one.
        hash: The job, for the error.

    Raises:
        DownloadError: When it leads elsewhere, or is not encrypted.
    """
    parts = urlsplit(url)
    name = parts.hostname or ""
    service = name == _SERVICE or name.endswith(f".{_SERVICE}")
    if parts.netloc == host or (service and parts.scheme == "https"):
        return
    raise DownloadError(
        f"The service gave a link to {parts.scheme}://{parts.netloc}, which is not its own.",
        hash=hash,
        host=host,
        charged=True,
        next_step="Nothing was fetched. Please report this.",
    )


def check_download(response: httpx.Response, url: str, *, hash: str) -> int | None:
    """Check the head of a download's answer.

    Args:
        response: The answer, its body not read yet.
        url: What was asked for.
        hash: The job, for the error.

    Returns:
        The number of bytes that will come, where the server says so.

    Raises:
        DownloadError: When it is not the file.
    """
    host = urlsplit(url).netloc
    if response.status_code != 200:
        gone = response.status_code in {403, 404, 410}
        raise DownloadError(
            f"The file can't be fetched: status {response.status_code}.",
            status=response.status_code,
            hash=hash,
            host=host,
            charged=True,
            retryable=not gone,
            next_step="The link may have expired: results are kept for about 72 hours."
            if gone
            else f"Try the download again{_when(response)}; the job itself is not touched.",
        )
    # With a content coding the length is that of the coded bytes, which we do not see.
    length = response.headers.get("content-length", "")
    plain = "content-encoding" not in response.headers
    return int(length) if plain and length.isascii() and length.isdigit() else None


def _when(response: httpx.Response) -> str:
    seconds = retry_after(response.headers)
    return f" in {seconds:.0f} seconds" if seconds else ""


@frozen
class Written:
    """A file that was written whole: its size in bytes and its SHA-256 in hex digits."""

    size: int
    sha256: str


class Sink:
    """A file being written: under its own name only when it is whole.

    Bytes go to a temporary name beside the target. `finish` checks the length, has the disk
    confirm, and gives the file its name; leaving the block without it removes what came.

    Args:
        target: The file to be. Its folder must exist.
        expected: Lengths in bytes that were promised; each must hold.
        overwrite: Whether an existing file may be replaced.
        progress: Told after each piece.
    """

    def __init__(
        self,
        target: Path,
        *,
        expected: tuple[int | None, ...] = (),
        overwrite: bool = False,
        progress: Progress | None = None,
    ) -> None:
        self._target = target
        self._expected = tuple(size for size in expected if size is not None)
        self._overwrite = overwrite
        self._progress = progress
        self._digest = hashlib.sha256()
        self._size = 0
        self._part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")

    def __enter__(self) -> Self:
        try:
            self._file = self._part.open("xb")
        except OSError as error:
            raise DownloadError(
                f"{self._target.parent} can't be written to: {error}.",
                charged=True,
                next_step="Choose another folder and download again; the job is not touched.",
            ) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def write(self, piece: bytes) -> None:
        """Add a piece.

        Raises:
            DownloadError: When the disk does not take it.
        """
        try:
            self._file.write(piece)
        except OSError as error:
            raise self._lost(f"could not be written: {error}") from error
        self._digest.update(piece)
        self._size += len(piece)
        if self._progress:
            self._progress(self._size, self._expected[0] if self._expected else None)

    def finish(self) -> Written:
        """Check that all came, and put the file in its place.

        Raises:
            DownloadError: When it is not whole, or the place is taken.
        """
        for size in self._expected:
            if self._size != size:
                raise self._lost(f"has {self._size} bytes where {size} were promised")
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._name()
        except FileExistsError as error:
            raise DownloadError(
                f"{self._target} is there already, and it was not asked to overwrite it.",
                charged=True,
                next_step="Choose another folder, or ask to overwrite; the job is not touched.",
            ) from error
        except OSError as error:
            raise self._lost(f"could not be written: {error}") from error
        return Written(self._size, self._digest.hexdigest())

    def _name(self) -> None:
        if self._overwrite:
            self._part.replace(self._target)
            return
        try:
            # A hard link fails where the name is taken; a rename would replace what is there.
            os.link(self._part, self._target)
        except FileExistsError:
            raise
        except OSError:
            # A file system without hard links.
            if self._target.exists():
                raise FileExistsError(self._target) from None
            self._part.replace(self._target)

    def _lost(self, what: str) -> DownloadError:
        return DownloadError(
            f"{self._target.name} {what}.",
            charged=True,
            retryable=True,
            next_step="Nothing stands under that name; download again, the job is not touched.",
        )
