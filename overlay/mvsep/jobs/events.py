"""The events of a job, from the queue to the last byte."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from mvsep.downloads.plan import Result
from mvsep.job_state import JobState, ResultFile

#: Told of each change of a job's state.
OnState = Callable[[JobState], object]


@frozen
class Moved:
    """Bytes of a stem that are on the disk.

    Args:
        file: The stem, as the service lists it.
        done: Bytes so far.
        total: Bytes in all, where that is known.
    """

    file: ResultFile
    done: int
    total: int | None


#: `Job.events` gives these: the job's state, how far a stem is, and at last the result.
Event = JobState | Moved | Result
