"""A file on its way to the disk: under its own name only when it is whole.

Beside the target `song.wav` stand, while it is on its way, `.song.wav.part` with the bytes that
came, and `.song.wav.part.json` with what they belong to. The second one is locked by whoever
writes; the lock goes with its process, so that another one can go on after a crash.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
import stat
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

from attrs import asdict, evolve, frozen

from mvsep.core.locks import Busy, CannotLock, locked, opened, release
from mvsep.files.digest import Written, hashed, settle

_PIECE: Final = 1 << 20


@frozen
class Origin:
    """What the bytes of a part belong to.

    Args:
        job: The job's hash.
        url: Where they come from.
        validator: What to send as `If-Range`; without it they can't be added to later.
        total: The size of the whole in bytes, where it is known.
        sha256: The SHA-256 of the whole, once it is whole.
    """

    job: str
    url: str
    validator: str | None = None
    total: int | None = None
    sha256: str | None = None

    def is_of(self, job: str, url: str) -> bool:
        """Whether a file at `url` is the same result; an expired link is renewed as another."""
        return self.job == job and _last_part(self.url) == _last_part(url)


def _last_part(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].rpartition("/")[2]


class PartFile:
    """A file being written, by one writer at a time.

    Use it as a context manager. What came stays on the disk where it can be added to later, and
    goes away where it can't.

    Args:
        target: The file to be. Its folder must exist.
        job: The job's hash.
        url: Where the bytes come from.

    Attributes:
        size: How many bytes are there.
        origin: What they belong to.

    Raises:
        Busy: When somebody else is writing it.
        OSError: When the disk does not take it.
    """

    def __init__(self, target: Path, *, job: str, url: str) -> None:
        self.target = target
        self.size = 0
        self.origin = Origin(job, url)
        self._part = part_of(target)
        self._side: BinaryIO | None = None
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self._placed = False

    def __enter__(self) -> Self:
        try:
            self._side = locked(side_of(self.target))
        except CannotLock:
            # Nobody can be kept out, so nobody else may know the name.
            self._part = self.target.with_name(f".{self.target.name}.{secrets.token_hex(4)}.part")
        try:
            self._take_over()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        keep = self._side is not None and self.size > 0 and self._can_go_on
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
                if self._placed or not keep:
                    self._part.unlink(missing_ok=True)
        if self._side is not None:
            release(self._side, side_of(self.target), remove=not self._placed and not keep)

    @property
    def is_whole(self) -> bool:
        """Whether all bytes are there."""
        return self.size == self.origin.total and (self.size > 0 or self._file is not None)

    @property
    def _can_go_on(self) -> bool:
        return self.origin.validator is not None or self.is_whole

    def is_written(self, known: Written | None) -> Written | None:
        """What stands under the name, where this job wrote it and it is unchanged.

        Args:
            known: What a record of this job says of it; else that of the part is taken.
        """
        own = _whole(self.origin)
        records = [record for record in (own, known) if record is not None]
        if not self.target.is_file() or self.target.stat().st_size not in {r.size for r in records}:
            return None
        found = hashed(self.target)
        self._placed = own is not None and found == own
        return found if found in records else None

    def begin(self, url: str, *, validator: str | None, total: int | None) -> None:
        """Start from nothing.

        Args:
            url: Where the bytes will come from.
            validator: What to send as `If-Range` later.
            total: The size of the whole in bytes, where it is known.
        """
        if self._file is None:
            self._file = opened(self._part, os.O_CREAT | os.O_EXCL)
        if self.size:
            # The record must not speak of bytes that a crash brings back.
            self._file.truncate(0)
            os.fsync(self._file.fileno())
        self._file.seek(0)
        self.size, self._digest = 0, hashlib.sha256()
        self._record(Origin(self.origin.job, url, validator, total))

    def write(self, piece: bytes) -> None:
        """Add a piece."""
        assert self._file is not None  # noqa: S101  begun, or taken over
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]
        self._digest.update(piece)
        self.size += len(piece)

    def place(self, *, overwrite: bool) -> Written:
        """Give the file its name, once the disk has it.

        Args:
            overwrite: Whether an existing file may be replaced.

        Raises:
            FileExistsError: When the name is taken; the part stays.
        """
        assert self._file is not None  # noqa: S101  begun, or taken over
        os.fsync(self._file.fileno())
        # Before the name: a crash in between must not make our own file a stranger's.
        self._record(
            evolve(self.origin, total=self.size, sha256=self._digest.hexdigest()), sync=True
        )
        self._file.close()
        if overwrite:
            self._part.replace(self.target)
        else:
            _named(self._part, self.target)
        self._placed = True
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)
        settle(self.target.parent)
        return Written(self.size, self._digest.hexdigest())

    def _take_over(self) -> None:
        """Go on with what an earlier writer left, where it can be gone on with."""
        if self._side is None:
            return
        found = _read(self._side)
        ours = found is not None and found.is_of(self.origin.job, self.origin.url)
        if ours and found is not None:
            self.origin = found
        try:
            file = opened(self._part)
        except FileNotFoundError:
            return
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            self._part.unlink()
            return
        status = os.fstat(file.fileno())
        # With a second name it may be a whole file already, under whatever name.
        if not ours or not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            file.close()
            self._part.unlink()
            return
        self._file = file
        while piece := file.read(_PIECE):
            self._digest.update(piece)
            self.size += len(piece)
        whole, total = _whole(self.origin), self.origin.total
        spoilt = whole is not None and whole != Written(self.size, self._digest.hexdigest())
        too_long = total is not None and self.size > total
        if spoilt or too_long or not self._can_go_on:
            self.begin(self.origin.url, validator=None, total=None)

    def _record(self, origin: Origin, *, sync: bool = False) -> None:
        self.origin = origin
        if self._side is None:
            return
        self._side.seek(0)
        self._side.truncate()
        self._side.write(json.dumps(asdict(origin), indent=1).encode())
        if sync:
            os.fsync(self._side.fileno())


def _whole(origin: Origin) -> Written | None:
    if origin.total is None or origin.sha256 is None:
        return None
    return Written(origin.total, origin.sha256)


def part_of(target: Path) -> Path:
    """Where the bytes of a file on its way stand."""
    return target.with_name(f".{target.name}.part")


def side_of(target: Path) -> Path:
    """Where it is written what those bytes belong to."""
    return target.with_name(f".{target.name}.part.json")


def forget(target: Path, job: str) -> None:
    """Remove what tells that `job` wrote `target`; the file itself stays."""
    with contextlib.suppress(OSError, Busy, CannotLock):
        side = locked(side_of(target), create=0)
        origin = _read(side)
        ours = origin is not None and origin.job == job and origin.sha256 is not None
        release(side, side_of(target), remove=ours)


def _named(part: Path, target: Path) -> None:
    try:
        # A hard link fails where the name is taken; a rename would replace what is there.
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links.
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        part.rename(target)


def _read(side: BinaryIO) -> Origin | None:
    side.seek(0)
    try:
        found: Any = json.loads(side.read())
        origin = Origin(**found)
    except (ValueError, TypeError, RecursionError):
        return None
    texts = (origin.job, origin.url, origin.validator or "", origin.sha256 or "")
    size = 0 if origin.total is None else origin.total
    good = all(isinstance(text, str) for text in texts) and type(size) is int and size >= 0
    return origin if good else None
