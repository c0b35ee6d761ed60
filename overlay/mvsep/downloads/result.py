"""The stems of a job on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypedDict

from attrs import field, frozen

from mvsep.files.digest import Written
from mvsep.job_state import ResultFile

#: Told after each piece of a file: the file, bytes so far, and bytes in all where that is known.
OnFile = Callable[[ResultFile, int, int | None], object]


@frozen
class StemFile:
    """A stem on the disk.

    Args:
        label: What it is, in the service's words, such as "Vocals".
        path: Where it is.
        size: Its size in bytes.
        sha256: The SHA-256 of its bytes, in hex digits.
    """

    label: str
    path: Path
    size: int
    sha256: str


Folder = str | os.PathLike[str]

#: How many stems are fetched at once.
PARALLEL: Final = 4


class Fetching(TypedDict, total=False):
    """How stems are fetched.

    Args:
        template: What the files are called, of {input}, {stem} and {ext}.
        overwrite: Whether files that are there may be replaced.
        parallel: How many stems are fetched at once.
        manifest: Whether a manifest is written beside the stems.
    """

    template: str
    overwrite: bool
    parallel: int
    manifest: bool


@frozen
class Result:
    """What a finished job left on the disk.

    Args:
        hash: The job's hash.
        files: The stems, in the service's order.
        manifest: Where the manifest is, when one was asked for; see `mvsep.manifest`.
        warnings: What could not be checked of the options, what is missing of what the service
            lists, and how the stems differ from those expected of the type and its options.
        already: Whether they were there before, as the journal told.
    """

    hash: str
    files: tuple[StemFile, ...]
    manifest: Path | None = None
    warnings: tuple[str, ...] = ()
    already: bool = False


@frozen
class Record:
    """What is kept elsewhere of a job's stems, such as in a journal.

    Args:
        keep: Called with the stems when all are whole on the disk, before it is forgotten whose
            they are: so there is no moment at which nobody knows.
        written: What it tells of files that the job wrote before, by their absolute paths.
    """

    keep: Callable[[tuple[StemFile, ...]], object]
    written: Mapping[Path, Written] = field(factory=dict)
