"""The disk: the user's folders, names made durable, and files that one holder at a time has open.

filelock locks the open file, so a lock ends with its process, however that ends. Its `FileLock`
would not do: it hands out no file to write to, leaves the file behind on Unix, and falls back to
a lock that outlives a killed process. So opening and removing a locked file stay here.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import BinaryIO, Final, Literal

from mvsep.core.values import shown
from mvsep.errors import InvalidInput

_ATTEMPTS: Final = 10
# Never through a link that somebody put there: the names can be guessed.
_FLAGS: Final = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def path_of(given: str | os.PathLike[str], name: str = "path") -> Path:
    """Return a path, with `~` and `~name` at its start for a user's home, as shells read them.

    Raises:
        InvalidInput: When what was given as the argument `name` is no path.
    """
    if not isinstance(given, str | os.PathLike) or isinstance(os.fspath(given), bytes):
        raise InvalidInput(
            f"{name} can't be {shown(given)}.", next_step="Hand over a text or a Path.", param=name
        )
    if "\0" in os.fspath(given):
        raise InvalidInput(f"{name} has a NUL, which no path has.", param=name)
    path = Path(given)
    try:
        return path.expanduser()
    except (RuntimeError, ValueError):  # no such user: it is the name of a file
        return path


class Busy(Exception):
    """Another holder has this file."""


class CannotLock(Exception):
    """The file system knows no locks."""


def opened(path: Path, flags: int = 0) -> BinaryIO:
    """Open a file to read and write, but not through a link."""
    # Unbuffered: the bytes written are in the file, also when the process is killed.
    return os.fdopen(os.open(path, _FLAGS | flags, 0o666), "r+b", buffering=0)


def read_whole(path: Path, most: int) -> bytes:
    """Read a regular file of at most so many bytes: a pipe or a device might never end.

    Raises:
        OSError: When it is none, or has more.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise OSError(f"{path} is no file of at most {most} bytes")
        return file.read(most)


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can read, whatever the umask, unless it exists."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)


def locked(
    path: Path, create: int = os.O_CREAT, *, wait: bool = False, private: bool = False
) -> BinaryIO:
    """Open a file and lock it; `create=0` for one that must exist.

    With `wait` it waits for the holder; for files that are held for a moment only. With `private`
    only its owner can read it, whatever the umask.

    Raises:
        Busy: When another holder has it.
        CannotLock: When the file system knows no locks; the file is gone again.
    """
    import filelock  # takes as long as httpx

    for _ in range(_ATTEMPTS):
        with contextlib.ExitStack() as stack:
            file = stack.enter_context(opened(path, create))
            if private and hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), 0o600)
            try:
                is_free = filelock.lock_descriptor(file.fileno(), blocking=wait)
            except OSError as error:
                file.close()
                with contextlib.suppress(OSError):
                    path.unlink()
                raise CannotLock from error
            if not is_free:
                raise Busy
            # Its last holder may have removed it between our opening and locking it.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(file.fileno()), path.lstat()):
                    stack.pop_all()
                    return file
    raise Busy


def release(file: BinaryIO, path: Path, *, remove: bool) -> None:
    """Close a locked file, and with `remove` delete it."""
    if remove:
        with contextlib.suppress(OSError):
            path.unlink()
            remove = False
    with contextlib.suppress(OSError):
        file.close()
    if remove:
        # Windows removes closed files only; whoever has opened it since keeps it.
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def user_folder(kind: Literal["cache", "config", "data", "state"]) -> Path | None:
    """Return this user's folder for mvsep; None where the user has no home.

    XDG_CACHE_HOME, XDG_CONFIG_HOME and the like count on Linux and macOS.
    """
    from platformdirs import PlatformDirs

    folders = PlatformDirs("mvsep", appauthor=False, opinion=False)
    try:
        folder: Path = getattr(folders, f"user_{kind}_path")
    except (RuntimeError, ValueError, KeyError):  # as its versions and systems differ
        return None
    return folder if folder.is_absolute() else None


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file, whole or not at all; an existing one is replaced.

    With `private` only its owner can read it, whatever the umask.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(2)}.part")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(part, flags, 0o600 if private else 0o666), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    settle(path.parent)


def settle(folder: Path) -> None:
    """Have the disk confirm the names in a folder, where the system can do that."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
