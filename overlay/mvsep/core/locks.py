"""Files that one holder at a time has open; a process that dies lets go of its own.

The lock belongs to the open file, and so ends with the process that opened it, however it ends.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import BinaryIO, Final

if sys.platform == "win32":
    import msvcrt

    # Windows locks bytes, and for everybody: one that is never read.
    _FAR: Final = 1 << 30

    def _lock(handle: int, wait: bool) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(handle: int, wait: bool) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


_ATTEMPTS: Final = 10
# Never through a link that somebody put there: the names can be guessed.
_FLAGS: Final = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_BUSY: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})


class Busy(Exception):
    """Somebody else holds this file just now."""


class CannotLock(Exception):
    """The file system knows no locks."""


def opened(path: Path, flags: int = 0) -> BinaryIO:
    """Open a file to read and write, and not through a link.

    Args:
        path: The file.
        flags: What `os.open` is told besides, such as O_CREAT.
    """
    # Unbuffered: what was written is in the file, also when the process is killed.
    return os.fdopen(os.open(path, _FLAGS | flags, 0o666), "r+b", buffering=0)


def locked(path: Path, create: int = os.O_CREAT, *, wait: bool = False) -> BinaryIO:
    """Open a file and hold it.

    Args:
        path: The file.
        create: 0 for a file that must be there already.
        wait: Whether to wait for whoever holds it; for what is held for a moment only.

    Raises:
        Busy: When somebody else holds it.
        CannotLock: When the file system knows no locks; the file is gone again.
        OSError: When it can't be opened.
    """
    for _ in range(_ATTEMPTS):
        file = opened(path, create)
        try:
            _lock(file.fileno(), wait)
            # Its last holder may have removed it between our opening and locking it.
            if os.path.samestat(os.fstat(file.fileno()), path.lstat()):
                return file
        except FileNotFoundError:
            pass
        except OSError as error:
            file.close()
            if error.errno in _BUSY:
                raise Busy from error
            with contextlib.suppress(OSError):
                path.unlink()
            raise CannotLock from error
        except BaseException:
            file.close()
            raise
        file.close()
    raise Busy


def release(file: BinaryIO, path: Path, *, remove: bool) -> None:
    """Let go of a file.

    Args:
        file: What `locked` gave.
        path: Where it is.
        remove: Whether it goes away.
    """
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
