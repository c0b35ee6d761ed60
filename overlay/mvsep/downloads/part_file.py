"""A stem on its way to the disk: it gets its final name only once it is complete.

Until then two files stand beside the target `song.wav`: `.song.wav.part` with the bytes, and
`.song.wav.part.json` with their origin. The writer locks the second one. The lock ends with its
process, so that another one can go on after a crash.
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
from mvsep.files.digest import settle
from mvsep.files.stem_file import StemFile

_PIECE: Final = 1 << 20


@frozen
class Origin:
    """The origin of a part's bytes.

    Args:
        job: The job's hash.
        url: The link they come from.
        validator: The value for `If-Range`; without it nothing can be added to them later.
        total: The size of the whole file in bytes, where known.
        sha256: The SHA-256 of the whole file, once it is whole.
    """

    job: str
    url: str
    validator: str | None = None
    total: int | None = None
    sha256: str | None = None

    def is_of(self, job: str, url: str) -> bool:
        """Check whether a link leads to the same result; a renewed link differs in its query."""
        return self.job == job and _last_part(self.url) == _last_part(url)


def _last_part(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].rpartition("/")[2]


class PartFile:
    """A stem being written, by one writer at a time.

    Use it as a context manager. At its end the bytes stay on the disk where they can be added to
    later; otherwise they are removed.

    Attributes:
        target: The file to be; its folder must exist.
        size: The number of bytes so far.
        origin: Their origin.

    Raises:
        Busy: When another writer has it.
        OSError: When the disk does not take it.
    """

    def __init__(self, target: Path, *, label: str = "", job: str, url: str) -> None:
        self.target = target
        self.size = 0
        self.origin = Origin(job, url)
        self._label = label
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
        """True once all bytes have come."""
        return self.size == self.origin.total and (self.size > 0 or self._file is not None)

    @property
    def _can_go_on(self) -> bool:
        return self.origin.validator is not None or self.is_whole

    def found(self, known: StemFile | None = None, *, overwrite: bool = False) -> StemFile | None:
        """Return the stem under the target's name, if the job wrote it and it is unchanged.

        Args:
            known: A record of it; the part's own record counts as well.
            overwrite: Whether another file of that name may be replaced.

        Raises:
            FileExistsError: When another file has the name.
        """
        own = self._stem(self.origin.total, self.origin.sha256)
        if own and own.is_there():
            self._placed = True
            return own
        stem = self._stem(known.size, known.sha256) if known else None
        if stem and stem.is_there():
            return stem
        if not overwrite and os.path.lexists(self.target):
            raise FileExistsError(self.target)
        return None

    def begin(self, url: str, *, validator: str | None, total: int | None) -> None:
        """Start from nothing, with bytes of a new origin; see `Origin`."""
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

    def place(self, *, overwrite: bool) -> StemFile:
        """Give the file its name, once the disk has it.

        Raises:
            FileExistsError: When the name is taken; the part stays.
        """
        assert self._file is not None  # noqa: S101  begun, or taken over
        os.fsync(self._file.fileno())
        # Before the name: a crash in between must not make our own file a stranger's.
        sha256 = self._digest.hexdigest()
        self._record(evolve(self.origin, total=self.size, sha256=sha256), sync=True)
        self._file.close()
        if overwrite:
            self._part.replace(self.target)
        else:
            _named(self._part, self.target)
        self._placed = True
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)
        settle(self.target.parent)
        return StemFile(self._label, self.target, self.size, sha256)

    def _stem(self, size: int | None, sha256: str | None) -> StemFile | None:
        if size is None or sha256 is None:
            return None
        return StemFile(self._label, self.target, size, sha256)

    def _take_over(self) -> None:
        """Go on with the bytes of an earlier writer, where they can be added to."""
        if self._side is None:
            return
        found = _read(self._side)
        ours = found is not None and found.is_of(self.origin.job, self.origin.url)
        self.origin = found if found and ours else self.origin
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
        if self._is_spoilt or not self._can_go_on:
            self.begin(self.origin.url, validator=None, total=None)

    @property
    def _is_spoilt(self) -> bool:
        total, sha256 = self.origin.total, self.origin.sha256
        if total is None or sha256 is None:
            return total is not None and self.size > total
        return (self.size, self._digest.hexdigest()) != (total, sha256)

    def _record(self, origin: Origin, *, sync: bool = False) -> None:
        self.origin = origin
        if self._side is None:
            return
        self._side.seek(0)
        self._side.truncate()
        self._side.write(json.dumps(asdict(origin), indent=1).encode())
        if sync:
            os.fsync(self._side.fileno())


def part_of(target: Path) -> Path:
    """Return the path of the bytes of a file on its way."""
    return target.with_name(f".{target.name}.part")


def side_of(target: Path) -> Path:
    """Return the path of the record of those bytes."""
    return target.with_name(f".{target.name}.part.json")


def forget(target: Path, job: str) -> None:
    """Remove the record that a job wrote a file; the file itself stays."""
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
