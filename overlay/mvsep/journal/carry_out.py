"""What carries out the steps of `mvsep.journal.separate`, for the sync and for the async client."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from mvsep.core.checks import check_plain, check_seconds
from mvsep.core.steps import Steps
from mvsep.core.values import DEFAULT, Timeout
from mvsep.downloads.plan import check_place
from mvsep.downloads.result import PARALLEL, OnFile, Result
from mvsep.downloads.workers import in_thread
from mvsep.errors import MVSepError
from mvsep.jobs.base import OnState
from mvsep.jobs.job import AsyncJob, Job
from mvsep.journal.separate import (
    Create,
    Fetch,
    Find,
    Look,
    Planned,
    SongRequest,
    Step,
    Tell,
    Wait,
    separate,
)
from mvsep.journal.store import Journal
from mvsep.settings.policies import calling

if TYPE_CHECKING:
    from mvsep.client.aio import AsyncMVSep
    from mvsep.client.sync import MVSep


# Seconds for one question while a job is looked for; who does not answer can't tell.
_LOOK: Final = 60.0


@frozen
class Manner:
    """How a song is followed, and who is told: plain functions.

    Args:
        timeout: Seconds of waiting for the job; None waits for ever.
        on_state: Called with each change of the job's state.
        on_file: Called while stems arrive.
        parallel: How many stems are fetched at once.
        manifest: Whether a manifest is written.
        on_event: Called with what is planned, and with the job once there is one.
    """

    timeout: Timeout = DEFAULT
    on_state: OnState | None = None
    on_file: OnFile | None = None
    parallel: int = PARALLEL
    manifest: bool = False
    on_event: Callable[[Planned | Job | AsyncJob], object] | None = None

    def __attrs_post_init__(self) -> None:
        check_seconds(timeout=self.timeout)
        check_plain(on_state=self.on_state, on_file=self.on_file, on_event=self.on_event)

    def tell(self, step: Tell) -> None:
        """Tell the caller."""
        if self.on_event:
            self.on_event(step.event)

    def fetching(self, step: Fetch) -> dict[str, Any]:
        """What a download is told besides its folder."""
        return {
            "template": step.errand.template,
            "overwrite": step.errand.overwrite,
            "on_file": self.on_file,
            "parallel": self.parallel,
            "manifest": self.manifest,
            "record": step.record,
        }


def carry_out(
    client: MVSep, errand: SongRequest, journal: Journal | None, manner: Manner
) -> Result:
    """Separate a song; see `mvsep.journal.separate.separate` for what is raised."""
    check_place(errand.out, errand.template, manner.parallel)
    steps = Steps(separate(errand, journal, client.session))
    try:
        step = steps.next()
        while step is not None:
            answer: Any
            try:
                answer = _do(client, step, manner)
            except MVSepError as error:
                answer = error
            step = steps.next(answer)
    finally:
        steps.close()
    return steps.result


def _do(client: MVSep, step: Step, manner: Manner) -> Any:
    if isinstance(step, Create):
        return client.create(step.submission)
    if isinstance(step, Look):
        with calling(within=_LOOK):
            return client.reconcile(step.uncertain)
    if isinstance(step, Find):
        job = client.job(step.hash, host=step.address, input_name=step.input_name, known=True)
        job.about.update(step.about)
        return job
    if isinstance(step, Tell):
        return manner.tell(step)
    assert isinstance(step.job, Job)  # noqa: S101  made by this client
    if isinstance(step, Wait):
        return step.job.wait(timeout=manner.timeout, on_state=manner.on_state)
    return step.job.download(step.errand.out, **manner.fetching(step))


async def carry_out_async(
    client: AsyncMVSep, errand: SongRequest, journal: Journal | None, manner: Manner
) -> Result:
    """The same with `await`; the journal and the disk are read in threads."""
    check_place(errand.out, errand.template, manner.parallel)
    steps = Steps(separate(errand, journal, client.session))
    try:
        step = await in_thread(steps.next)
        while step is not None:
            answer: Any
            try:
                answer = await _do_async(client, step, manner)
            except MVSepError as error:
                answer = error
            step = await in_thread(partial(steps.next, answer))
    finally:
        steps.close()
    return steps.result


async def _do_async(client: AsyncMVSep, step: Step, manner: Manner) -> Any:
    if isinstance(step, Create):
        return await client.create(step.submission)
    if isinstance(step, Look):
        with calling(within=_LOOK):
            return await client.reconcile(step.uncertain)
    if isinstance(step, Find):
        job = client.job(step.hash, host=step.address, input_name=step.input_name, known=True)
        job.about.update(step.about)
        return job
    if isinstance(step, Tell):
        return manner.tell(step)
    assert isinstance(step.job, AsyncJob)  # noqa: S101  made by this client
    if isinstance(step, Wait):
        return await step.job.wait(timeout=manner.timeout, on_state=manner.on_state)
    return await step.job.download(step.errand.out, **manner.fetching(step))
