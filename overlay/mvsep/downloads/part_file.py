"""A stem on its way to the disk: it gets its final name only once it is complete.

Until then two files stand beside the target `song.wav`: `.song.wav.1f3870.part` with the bytes,
and `.song.wav.1f3870.part.json` with their origin; the digits are of the job, so that two jobs
never share them. The writer locks the second one. The lock ends with its process, so that another
one can go on after a crash.

Where the target's name is taken, the stem gets the next free one: `song_2.wav`.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Collection, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

from attrs import asdict, evolve, frozen

from mvsep.core.disk import Busy, CannotLock, locked, opened, release, settle
from mvsep.files.names import is_file_name, numbered
from mvsep.files.stem_file import StemFile

_PIECE: Final = 1 << 20


@frozen
class Origin:
    """The origin of a part's bytes: a job's hash, the link, and what was told of the whole file.

    Nothing can be added to the bytes later without `validator`, the value for `If-Range`. `name` is
    the one that the whole file has, or was about to get.
    """

    job: str
    url: str
    validator: str | None = None
    total: int | None = None
    sha256: str | None = None
    name: str | None = None

    def is_of(self, job: str, url: str) -> bool:
        """Check whether a link leads to the same result; a renewed link differs in its query."""
        return self.job == job and _last_part(self.url) == _last_part(url)


def _last_part(url: str) -> str:
    return url.partition("#")[0].partition("?")[0].rpartition("/")[2]


class PartFile:
    """A stem being written, by one writer at a time; Busy is raised for a second one.

    Use it as a context manager. At its end the bytes stay on the disk where they can be added to
    later; otherwise they are removed. The target's folder must exist.

    Attributes:
        size: The bytes so far.
        origin: Their origin.
        stem: The file under its name, once it is found or placed.
    """

    def __init__(self, target: Path, *, label: str = "", job: str, url: str) -> None:
        self.target = target
        self.size = 0
        self.origin = Origin(job, url)
        self.stem: StemFile | None = None
        self._label = label
        self._part = part_of(target, job)
        self._side_path = side_of(target, job)
        self._side: BinaryIO | None = None
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self._placed = False

    def __enter__(self) -> Self:
        try:
            self._side = locked(self._side_path)
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
            release(self._side, self._side_path, remove=not self._placed and not keep)

    @property
    def is_whole(self) -> bool:
        """True once all bytes have come."""
        return self.size == self.origin.total and (self.size > 0 or self._file is not None)

    @property
    def _can_go_on(self) -> bool:
        return self.origin.validator is not None or self.is_whole

    def find(self, known: StemFile | None = None, *, overwrite: bool = False) -> StemFile | None:
        """Look for the stem: the job wrote it, and it is unchanged.

        Both the part's own record and `known`, another one, tell. FileExistsError is raised when
        the file of `known` was changed and may not be replaced.
        """
        own = self._stem()
        if own and own.is_there():
            self._placed, self.stem = True, own
        elif known and known.is_there():
            self.stem = known
        if self.stem:
            return self.stem
        if known and not overwrite and os.path.lexists(known.path):
            raise FileExistsError(known.path)
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

    def place(self, *, overwrite: bool = False, reserved: Collection[str] = ()) -> StemFile:
        """Give the file its name, once the disk has it.

        A name that another file has is passed over, except with `overwrite`; so are the `reserved`
        ones, of other stems. A file with the same bytes is the stem, and stays as it is.
        """
        assert self._file is not None  # noqa: S101  begun, or taken over
        os.fsync(self._file.fileno())
        self._file.close()
        sha256 = self._digest.hexdigest()
        replace = overwrite and not self.target.is_dir()
        for path in _free_names(self.target, reserved):
            stem = StemFile(self._label, path, self.size, sha256)
            # Before the name: a crash in between must not make our own file a stranger's.
            record = evolve(self.origin, total=self.size, sha256=sha256, name=path.name)
            if replace or not os.path.lexists(path):
                self._record(record, sync=True)
                with contextlib.suppress(FileExistsError):
                    _named(self._part, path, replace=replace)
                    break
            if stem.is_there():
                self._record(record, sync=True)
                break
        self._placed, self.stem = True, stem
        with contextlib.suppress(OSError):
            self._part.unlink(missing_ok=True)
        settle(self.target.parent)
        return stem

    def _stem(self) -> StemFile | None:
        """Return the stem that the part's record tells of."""
        size, sha256, name = self.origin.total, self.origin.sha256, self.origin.name
        if size is None or sha256 is None or name is None:
            return None
        return StemFile(self._label, self.target.with_name(name), size, sha256)

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


def part_of(target: Path, job: str) -> Path:
    """Return the path of the bytes of a job's file on its way."""
    return target.with_name(f".{target.name}{_ending(job)}")


def side_of(target: Path, job: str) -> Path:
    """Return the path of the record of those bytes."""
    return target.with_name(f".{target.name}{_ending(job)}.json")


def forget(targets: Iterable[Path], job: str) -> None:
    """Remove the records that a job wrote these files; the files themselves stay."""
    # By their names: to look through the folder takes longer with each song that is in it.
    for path in (side_of(target, job) for target in targets):
        with contextlib.suppress(OSError, Busy, CannotLock):
            side = locked(path, create=0)
            origin = _read(side)
            ours = origin is not None and origin.job == job and origin.sha256 is not None
            release(side, path, remove=ours)


def _ending(job: str) -> str:
    digits = hashlib.sha256(job.encode(errors="surrogatepass")).hexdigest()[:6]
    return f".{digits}.part"


def _free_names(target: Path, reserved: Collection[str]) -> Iterator[Path]:
    yield target
    for number in count(2):
        if (name := numbered(target.name, number)) not in reserved:
            yield target.with_name(name)


def _named(part: Path, target: Path, *, replace: bool) -> None:
    if replace:
        part.replace(target)
        return
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
    texts = (origin.job, origin.url, origin.validator or "", origin.sha256 or "", origin.name or "")
    size = 0 if origin.total is None else origin.total
    good = all(isinstance(text, str) for text in texts) and type(size) is int and size >= 0
    good = good and (origin.name is None or is_file_name(origin.name))
    return origin if good else None
