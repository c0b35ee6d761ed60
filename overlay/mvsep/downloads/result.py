"""Settings and results of a download."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from attrs import field, frozen

from mvsep.files.stem_file import StemFile
from mvsep.job_state import ResultFile

#: Called after each piece of a file: the file, bytes so far, and bytes in all where known.
OnFile = Callable[[ResultFile, int, int | None], object]

Folder = str | os.PathLike[str]

#: How many stems are fetched at once.
PARALLEL: Final = 4


@frozen
class Result:
    """The stems of a finished job on the disk.

    Args:
        hash: The job's hash.
        files: The stems, in the service's order.
        manifest: The manifest's path, when one was asked for; see `mvsep.manifest`.
        warnings: What could not be checked of the options, what is missing of what the service
            lists, and how the stems differ from those expected of the type and its options.
        already: Whether the stems were saved before, by the journal.
    """

    hash: str
    files: tuple[StemFile, ...]
    manifest: Path | None = None
    warnings: tuple[str, ...] = ()
    already: bool = False


@frozen
class Record:
    """A record of a job's stems that is kept elsewhere, such as in a journal.

    `keep` is called with the stems when all are whole on the disk, before the part files forget
    whose they are: at each moment somebody knows. `written` has those the job wrote before, by
    their absolute paths.
    """

    keep: Callable[[tuple[StemFile, ...]], object]
    written: Mapping[Path, StemFile] = field(factory=dict)
