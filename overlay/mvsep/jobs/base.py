"""The flows of a job that exists: wait, download, follow, cancel, delete; and its events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any

from attrs import asdict, frozen

from mvsep.catalog import Catalog, Prediction
from mvsep.core.checks import check_plain, check_seconds
from mvsep.core.defaults import PARALLEL
from mvsep.core.flow import call_back
from mvsep.core.objects import Brief, one_line, plain
from mvsep.core.values import DEFAULT, Timeout
from mvsep.downloads.fetch import download as download_stems
from mvsep.downloads.plan import Folder, OnFile, Place, Record, Result, check_place
from mvsep.errors import InvalidInput, JobTimeout, MVSepError
from mvsep.files import names
from mvsep.files.names import DEFAULT_TEMPLATE, unmarked
from mvsep.job_state import JobState, ResultFile, usable_hash
from mvsep.jobs.ask import ask
from mvsep.jobs.lookup import Lookup, named
from mvsep.jobs.poll import Poll
from mvsep.jobs.reconcile import Sought
from mvsep.transport.port import Port
from mvsep_api.models.action_answer import ActionAnswer

#: Told of each change of a job's state.
OnState = Callable[[JobState], object]


@frozen(repr=False)
class Moved(Brief):
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


class JobBase:
    """A job as both clients know it.

    Args:
        port: The host that has the job.
        hash: The job's hash.
        input_name: The name that stems are called after; found from the hash when absent.
        about: Facts about the job for its manifest, such as its separation type.
        created: Whether the job surely existed: then one "not found" is asked again.
        expected: The stems to expect; None where nobody knows what was asked for.
        warnings: What could not be checked of its options when it was created.
        plausible: The bytes that a stem can have, where the length of the song tells.
        sought: The facts to find it by in the history, where the service's fetching of a link
            hangs; None where they are not known.

    Attributes:
        at_least: Seconds from now before which no such job was done yet, where one knows.

    Raises:
        InvalidInput: When the hash can't be one.
    """

    def __init__(
        self,
        port: Port,
        hash: str,
        *,
        input_name: str | None = None,
        about: Mapping[str, Any] | None = None,
        created: bool = False,
        expected: Prediction | None = None,
        warnings: tuple[str, ...] = (),
        plausible: int | None = None,
        sought: Sought | None = None,
    ) -> None:
        if usable_hash(hash) is None:
            raise InvalidInput(
                f"{hash!r:.60} can't be the hash of a job.",
                next_step="The service gives a job its hash when it is created, such as "
                "20250131145833-a0bb276157-mixture.wav.",
            )
        self.hash = hash
        self.about = dict(about or {})
        self.expected = expected
        self.warnings = warnings
        self.plausible = plausible
        self.sought = sought
        self.at_least = 0.0
        self.host = port.settings.host
        self.address = port.settings.base_url
        self.state: JobState | None = None
        self._port = port
        self._created = created
        # A hash ends in the upload's name: `20250131145833-a0bb276157-mixture.wav`.
        self._input = names.input_stem(input_name or unmarked(hash.split("-", 2)[-1]))

    def __repr__(self) -> str:
        return one_line(type(self), repr(self.hash), str(self.state or "not asked yet"))

    def to_dict(self) -> dict[str, Any]:
        """Return what leads back to it, and its last known state, in JSON types."""
        return {"hash": self.hash, "host": self.host, "state": plain(self.state)}

    @property
    def lookup(self) -> Lookup:
        """The facts that find it again."""
        return Lookup(self._port.settings, hash=self.hash)


async def refresh(job: JobBase) -> JobState:
    """Ask for a job's state once; see `Job.refresh`."""
    with named(job):
        job.state = await ask(job._port, job.hash)
    job.hash = job.state.hash or job.hash
    return job.state


async def states(
    job: JobBase, timeout: Timeout, *, cancel_on_timeout: bool
) -> AsyncGenerator[JobState, None]:
    """Wait for a job, and yield its state whenever it changes; see `Job.events`."""
    with named(job):
        poll = _polled(job, timeout, cancel_on_timeout)
        while state := await poll.next():
            yield state


def _polled(job: JobBase, timeout: Timeout, cancel_on_timeout: bool) -> Poll:
    check_seconds("timeout", timeout)
    timeout = job._port.settings.polling.timeout if timeout is DEFAULT else timeout
    return Poll(job._port, job, timeout, job._created, cancel_on_timeout)


async def wait(
    job: JobBase,
    timeout: Timeout = DEFAULT,
    on_state: OnState | None = None,
    *,
    cancel_on_timeout: bool = False,
) -> None:
    """Wait until a job is done; see `Job.wait`."""
    with named(job):
        check_plain("on_state", on_state)
        poll = _polled(job, timeout, cancel_on_timeout)
        # Not with `states`: its generator is what weighs most on a job that waits.
        while state := await poll.next():
            if on_state:
                call_back(on_state, state)


async def download(
    job: JobBase,
    out: Folder,
    *,
    template: str = DEFAULT_TEMPLATE,
    overwrite: bool = False,
    on_file: OnFile | None = None,
    parallel: int = PARALLEL,
    manifest: bool = False,
    record: Record | None = None,
) -> Result:
    """Fetch the stems of a job, and wait for it first where need be; see `Job.download`."""
    with named(job):
        check_plain("on_file", on_file)
        await job._port.disk(check_place, out, template, parallel)
        if job.state is None or not job.state.files:
            await wait(job)
        assert job.state is not None  # noqa: S101  waiting gives one
        if "{type}" in template and "sep_type" not in job.about:
            job.about.update(_told_type(job.state))
        place = Place(
            job.hash,
            job._input,
            out,
            template,
            overwrite,
            job.about,
            job.expected,
            job.warnings,
            job.plausible,
        )
        return await download_stems(
            job._port,
            job.state,
            place,
            parallel=parallel,
            on_file=on_file,
            manifest=manifest,
            record=record,
        )


def _told_type(state: JobState) -> dict[str, int]:
    with suppress(InvalidInput):  # it may be newer than this release
        return {"sep_type": int(Catalog.bundled().by_name(state.algorithm or "").sep_type)}
    return {}


@frozen
class Fetching:
    """The keywords of `Job.events` that go with `out` only."""

    template: str = DEFAULT_TEMPLATE
    overwrite: bool = False
    parallel: int = PARALLEL
    manifest: bool = False


def events(
    job: JobBase,
    out: Folder | None,
    timeout: Timeout,
    cancel_on_timeout: bool,
    fetching: Fetching,
) -> AsyncGenerator[Event, None]:
    """Return everything that happens to a job; see `Job.events`.

    Raises:
        InvalidInput: When it is said how stems are fetched, and they are not.
    """
    changes = states(job, timeout, cancel_on_timeout=cancel_on_timeout)
    if out is not None:
        return _to_the_end(job, changes, out, fetching)
    if fetching != Fetching():
        given = [
            name for name, value in asdict(fetching).items() if value != getattr(Fetching(), name)
        ]
        with named(job):
            raise InvalidInput(f"{', '.join(given)}: stems are fetched with out= only.")
    return changes


async def _to_the_end(
    job: JobBase, changes: AsyncGenerator[JobState, None], out: Folder, fetching: Fetching
) -> AsyncGenerator[Event, None]:
    async def work(tell: Callable[[Moved], None]) -> Result:
        def on_file(file: ResultFile, done: int, total: int | None) -> None:
            tell(Moved(file, done, total))

        return await download(job, out, on_file=on_file, **asdict(fetching))

    with named(job):
        await job._port.disk(check_place, out, fetching.template, fetching.parallel)
        async with aclosing(changes):
            async for state in changes:
                yield state
        async with aclosing(job._port.events(work)) as moves:
            async for event in moves:
                yield event


async def cancel(job: JobBase) -> ActionAnswer:
    """Cancel a job; see `Job.cancel`."""
    job._created = False  # from now on "not found" is no surprise
    with named(job):
        return await job._port.api.separation.cancel(hash=job.hash)


async def delete(job: JobBase) -> ActionAnswer:
    """Delete a job and its result files; see `Job.delete`."""
    job._created = False
    with named(job):
        return await job._port.api.separation.delete(hash=job.hash)


async def leave_block(job: JobBase, error: BaseException | None) -> None:
    """Cancel the job of a block that ends by an error before the job is over.

    Ctrl-C, a task that is cancelled and a wait that ran out leave the job at the service.
    """
    if error is None:
        return
    if not isinstance(error, Exception) or isinstance(error, JobTimeout):
        job.lookup.put_on(error)
        return
    if job.state is not None and job.state.status in {"done", "failed", "not_found"}:
        return
    try:
        await cancel(job)
        error.add_note(f"The job {job.hash} was cancelled.")
    except MVSepError as failed:
        error.add_note(f"The job {job.hash} could not be cancelled: {failed}")
