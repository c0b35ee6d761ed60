"""The jobs that callers hold: `Job` of the sync client, `AsyncJob` of the async one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from mvsep.core.defaults import PARALLEL
from mvsep.core.flow import iterate, run
from mvsep.core.values import DEFAULT, Timeout
from mvsep.downloads.plan import Folder, OnFile, Result
from mvsep.errors import InvalidInput
from mvsep.files.names import DEFAULT_TEMPLATE
from mvsep.job_state import JobState
from mvsep.jobs import base
from mvsep.jobs.base import Event, JobBase, OnState
from mvsep.transport.port import Port
from mvsep_api.models.action_answer import ActionAnswer

J = TypeVar("J", bound=JobBase)


class _Travelling(JobBase):
    """A job that can be pickled. It leaves its client behind, and so the token."""

    def __getstate__(self) -> dict[str, Any]:
        """Return all that is known of it."""
        return {name: value for name, value in vars(self).items() if name != "_port"}

    def __getattr__(self, name: str) -> Any:
        """Refuse what takes a client, in a process that it came to.

        Raises:
            InvalidInput: When its client stayed behind.
        """
        if name != "_port":
            raise AttributeError(name)
        raise InvalidInput(
            "This job no longer knows its client.",
            charged=None,
            hash=self.hash,
            host=self.host,
            next_step="Use client.job(job.hash, host=job.address).",
        )


class Job(_Travelling):
    """A job at the service.

    Get one from `MVSep.submit`, or from its hash with `MVSep.job` at any later time. As a context
    manager it belongs to its block: when the block ends by an exception before the job is over,
    the job is cancelled. Ctrl-C, the cancelling of a task and a `JobTimeout` leave it running.
    Without `with`, nothing is cancelled unless asked.

    Attributes:
        hash: The service's name for it; enough to come back from any process.
        host: The host it is asked for at, and stays at.
        address: The same as an address, for `MVSep.job(hash, host=address)`.
        state: The state it was last seen in, or None.
        about: Facts about it, such as its separation type; for the manifest.
        expected: The stems to expect of it, or None where nobody knows what was asked for.
        warnings: What could not be checked of its options when it was created, in sentences.

    Raises:
        InvalidInput: When the hash can't be one.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        run(base.leave_block(self, error))

    @overload
    def events(
        self, out: None = None, *, timeout: Timeout = DEFAULT, cancel_on_timeout: bool = False
    ) -> Iterator[JobState]: ...
    @overload
    def events(
        self,
        out: Folder,
        *,
        timeout: Timeout = DEFAULT,
        cancel_on_timeout: bool = False,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        parallel: int = PARALLEL,
        manifest: bool = False,
    ) -> Iterator[Event]: ...
    def events(
        self,
        out: Folder | None = None,
        *,
        timeout: Timeout = DEFAULT,
        cancel_on_timeout: bool = False,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        parallel: int = PARALLEL,
        manifest: bool = False,
    ) -> Iterator[Any]:
        """Wait for the job, and yield everything that happens; with `out` up to the last byte.

        Leaving the loop early leaves the job running, and keeps the bytes of its stems.

        Args:
            out: The folder for the stems; without it they are not fetched.
            timeout: Seconds until waiting ends, by default an hour; None waits for ever.
            cancel_on_timeout: Whether the job is cancelled then; otherwise it goes on at the
                service.
            template: With `out`, the names of the files, of {input}, {stem}, {type} and {ext}.
            overwrite: With `out`, whether existing files may be replaced.
            parallel: With `out`, the number of stems fetched at once.
            manifest: With `out`, whether a manifest is written beside the stems.

        Yields:
            `JobState` whenever it differs from the time before: queue place, chunks, status. With
            `out` then `Moved` with the bytes of a stem, and at last the `Result`.

        Raises:
            JobFailed: When the separation failed.
            JobNotFound: When the service knows no such job.
            JobTimeout: When the time is up.
            NoResultFiles: When it is done and lists no files.
            MVSepError: With `out`, as `download`.
        """
        fetching = base.Fetching(template, overwrite, parallel, manifest)
        return iterate(base.events(self, out, timeout, cancel_on_timeout, fetching))

    def refresh(self) -> JobState:
        """Ask for the job's state once, and return it; `not_found` for a job nobody knows.

        Raises:
            MVSepError: When the service can't be asked.
        """
        return run(base.refresh(self))

    def wait(
        self,
        *,
        timeout: Timeout = DEFAULT,
        on_state: OnState | None = None,
        cancel_on_timeout: bool = False,
    ) -> Self:
        """Wait until the job is done.

        Args:
            timeout: Seconds until waiting ends, by default an hour; None waits for ever.
            on_state: Called with each change of the state; a plain function, as all callbacks are.
            cancel_on_timeout: Whether the job is cancelled when the time is up.

        Raises:
            MVSepError: As `events`.
        """
        run(base.wait(self, timeout, on_state, cancel_on_timeout=cancel_on_timeout))
        return self

    def download(
        self,
        out: Folder = ".",
        *,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_file: OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
    ) -> Result:
        """Fetch the stems, and wait for the job first where it is not known to be done.

        The bytes of a download that breaks off are kept. The next call, from any process, goes on
        with them.

        Args:
            out: The folder to write to; made when it is not there.
            template: The names of the files, of {input}, {stem}, {type} and {ext}.
            overwrite: Whether existing files may be replaced.
            on_file: Called after each piece with the file, bytes so far, and bytes in all
                where that is known; from one thread at a time.
            parallel: The number of stems fetched at once.
            manifest: Whether a manifest is written beside the stems; see `mvsep.manifest`.

        Raises:
            DownloadError: When a file did not arrive whole; nothing stands under its name then.
                Its `finished` has the stems that did, and the next call takes them as they are.
            InvalidInput: When the folder can't be made, or the template gives no file names.
            MVSepError: As `events`.
        """
        return run(
            base.download(
                self,
                out,
                template=template,
                overwrite=overwrite,
                on_file=on_file,
                parallel=parallel,
                manifest=manifest,
            )
        )

    def cancel(self) -> ActionAnswer:
        """Cancel the job while it waits, and get its credits back; later it is refused."""
        return run(base.cancel(self))

    def delete(self) -> ActionAnswer:
        """Delete the job and its result files at the service."""
        return run(base.delete(self))


class AsyncJob(_Travelling):
    """A job at the service, with `await`; otherwise as `Job`."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        await base.leave_block(self, error)

    @overload
    def events(
        self, out: None = None, *, timeout: Timeout = DEFAULT, cancel_on_timeout: bool = False
    ) -> AsyncIterator[JobState]: ...
    @overload
    def events(
        self,
        out: Folder,
        *,
        timeout: Timeout = DEFAULT,
        cancel_on_timeout: bool = False,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        parallel: int = PARALLEL,
        manifest: bool = False,
    ) -> AsyncIterator[Event]: ...
    def events(
        self,
        out: Folder | None = None,
        *,
        timeout: Timeout = DEFAULT,
        cancel_on_timeout: bool = False,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        parallel: int = PARALLEL,
        manifest: bool = False,
    ) -> AsyncIterator[Any]:
        """Wait for the job, and yield everything that happens; see `Job.events`."""
        fetching = base.Fetching(template, overwrite, parallel, manifest)
        return base.events(self, out, timeout, cancel_on_timeout, fetching)

    async def refresh(self) -> JobState:
        """Ask for the job's state once, and return it; see `Job.refresh`."""
        return await base.refresh(self)

    async def wait(
        self,
        *,
        timeout: Timeout = DEFAULT,
        on_state: OnState | None = None,
        cancel_on_timeout: bool = False,
    ) -> Self:
        """Wait until the job is done; see `Job.wait`."""
        await base.wait(self, timeout, on_state, cancel_on_timeout=cancel_on_timeout)
        return self

    async def download(
        self,
        out: Folder = ".",
        *,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_file: OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
    ) -> Result:
        """Fetch the stems, and wait for the job first where need be; see `Job.download`.

        `on_file` is called in the event loop.
        """
        return await base.download(
            self,
            out,
            template=template,
            overwrite=overwrite,
            on_file=on_file,
            parallel=parallel,
            manifest=manifest,
        )

    async def cancel(self) -> ActionAnswer:
        """Cancel the job while it waits, and get its credits back; later it is refused."""
        return await base.cancel(self)

    async def delete(self) -> ActionAnswer:
        """Delete the job and its result files at the service."""
        return await base.delete(self)


def adopted(job: Job | AsyncJob, kind: type[J], port: Port) -> J:
    """Return a job that came from another process as one of a client here.

    Args:
        job: The job.
        kind: The class of the client's jobs.
        port: The client's port.
    """
    own = kind(port.at(job.address), job.hash)
    vars(own).update(job.__getstate__())
    return own
