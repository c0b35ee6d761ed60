"""A job at the service, sync and async: wait for it, watch it, fetch its stems."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, Unpack, overload

from mvsep.catalog.stems import Prediction
from mvsep.core.checks import check_plain
from mvsep.core.steps import Sleep
from mvsep.core.values import DEFAULT, Timeout
from mvsep.downloads.plan import check_place
from mvsep.downloads.result import PARALLEL, Fetching, Folder, OnFile, Record, Result
from mvsep.downloads.workers import fetch_all, fetch_all_async
from mvsep.errors import MVSepError, about
from mvsep.files import names
from mvsep.job_state import JobState
from mvsep.jobs import poll
from mvsep.jobs.base import OnState, Watched
from mvsep.jobs.events import Event, follow, follow_async, only_with_out
from mvsep.settings.policies import calling
from mvsep.transport.connection import AsyncConnection, Connection
from mvsep_api.models.action_answer import ActionAnswer


class Job(Watched):
    """A job at the service.

    Get one from `MVSep.submit`, or from its hash with `MVSep.job` at any later time. As a context
    manager it belongs to its block: when the block ends by an exception before the job is over,
    the job is cancelled. Ctrl-C, the cancelling of a task and a `JobTimeout` leave it running.
    Without `with`, nothing is cancelled unless asked.

    Attributes:
        hash: The service's name for it; enough to come back from any process.
        host: The host it is asked for at, and stays at.
        address: The same as an address, for `MVSep.job(hash, host=address)`.
        state: How it stood when it was last asked for, or None.
        about: What else is known of it, such as its separation type; for the manifest.
        expected: The stems to expect of it, or None where nobody knows what was asked for.
        warnings: What could not be checked of its options when it was created, in sentences.

    Raises:
        InvalidInput: When the hash can't be one.
    """

    def __init__(
        self,
        connection: Connection,
        hash: str,
        *,
        input_name: str | None = None,
        about: Mapping[str, Any] | None = None,
        created: bool = False,
        expected: Prediction | None = None,
        warnings: tuple[str, ...] = (),
    ) -> None:
        super().__init__(connection.session, hash, input_name, about, created, expected, warnings)
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is not None and self._to_cancel(error):
            try:
                self.cancel()
                error.add_note(f"The job {self.hash} was cancelled.")
            except MVSepError as failed:
                error.add_note(f"The job {self.hash} could not be cancelled: {failed}")

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
        **fetching: Unpack[Fetching],
    ) -> Iterator[Event]: ...
    def events(
        self,
        out: Folder | None = None,
        *,
        timeout: Timeout = DEFAULT,
        cancel_on_timeout: bool = False,
        **fetching: Unpack[Fetching],
    ) -> Iterator[Event]:
        """Wait for the job, giving all that happens on the way; with `out` up to the last byte.

        Leaving the loop early leaves the job running, and keeps what came of its stems.

        Args:
            out: The folder for the stems; without it they are not fetched.
            timeout: Seconds until waiting ends; None waits for ever.
            cancel_on_timeout: Whether the job is cancelled then; otherwise it goes on at the
                service.
            fetching: With `out`, as for `download`: template, overwrite, parallel, manifest.

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
        states = self._states(timeout, cancel_on_timeout)
        if out is None:
            only_with_out(fetching)
            return states
        return follow(self, states, out, fetching)

    def _states(self, timeout: Timeout, cancel_on_timeout: bool) -> Iterator[JobState]:
        steps = self._watch(timeout, cancel_on_timeout)
        step = self._next(steps)
        while step is not None:
            if isinstance(step, poll.Show):
                yield step.state
                answer = None
            elif isinstance(step, Sleep):
                answer = self._connection.sleep(step.seconds)
            else:
                answer = self._ask(step)
            step = self._next(steps, answer)

    def wait(
        self,
        *,
        timeout: Timeout = DEFAULT,
        on_state: OnState | None = None,
        cancel_on_timeout: bool = False,
    ) -> Self:
        """Wait until the job is done.

        Args:
            timeout: Seconds until waiting ends; None waits for ever.
            on_state: Called with each change of the state; a plain function, as all callbacks are.
            cancel_on_timeout: Whether the job is cancelled when the time is up.

        Raises:
            MVSepError: As `events`.
        """
        check_plain(on_state=on_state)
        for state in self.events(timeout=timeout, cancel_on_timeout=cancel_on_timeout):
            if on_state:
                on_state(state)
        return self

    def download(
        self,
        out: Folder = ".",
        *,
        template: str = names.DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_file: OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
        record: Record | None = None,
    ) -> Result:
        """Fetch the stems, waiting for the job first where it is not known to be done.

        Args:
            out: The folder to write to; made when it is not there.
            template: What the files are called, of {input}, {stem} and {ext}.
            overwrite: Whether files that are there may be replaced.
            on_file: Called after each piece with the file, bytes so far, and bytes in all
                where that is known; from one thread at a time.
            parallel: How many stems are fetched at once.
            manifest: Whether a manifest is written beside the stems; see `mvsep.manifest`.
            record: What is kept elsewhere of the stems, and keeps them.

        What came of a stem is kept when its download breaks off, and is gone on with by the next
        call, from any process.

        Raises:
            DownloadError: When a file did not arrive whole; nothing stands under its name then.
                Its `finished` has the stems that did, and the next call takes them as they are.
            InvalidInput: When the folder can't be made, or the template gives no file names.
            MVSepError: As `events`.
        """
        check_plain(on_file=on_file)
        check_place(out, template, parallel)
        if not self._has_files:
            self.wait()
        try:
            assert self.state is not None  # noqa: S101  waiting gives one
            place = self._place(out, template, overwrite)
            order = place.order(self.state, self._session, record)
            files = fetch_all(self._connection, order, parallel=parallel, on_file=on_file)
            return place.landed(order, files, manifest=manifest, record=record)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    def cancel(self) -> ActionAnswer:
        """Cancel the job; credits come back if it is not being processed yet."""
        self._created = False  # from now on "not found" is no surprise
        try:
            return self._connection.api.separation.cancel(hash=self.hash)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    def delete(self) -> ActionAnswer:
        """Delete the job and its result files at the service."""
        self._created = False
        try:
            return self._connection.api.separation.delete(hash=self.hash)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    def _ask(self, step: poll.Ask | poll.AskSummary | poll.Cancel) -> Any:
        api = self._connection.api
        try:
            if isinstance(step, poll.Cancel):
                return api.separation.cancel(hash=step.hash)
            with calling(retry=self._session.polling.retry, within=step.within):
                if isinstance(step, poll.AskSummary):
                    return api.app.queue_summary()
                get = api.separation.get_remote if step.remote else api.separation.get
                return get(hash=step.hash)
        except MVSepError as error:
            return error


class AsyncJob(Watched):
    """A job at the service, with `await`; otherwise as `Job`."""

    def __init__(
        self,
        connection: AsyncConnection,
        hash: str,
        *,
        input_name: str | None = None,
        about: Mapping[str, Any] | None = None,
        created: bool = False,
        expected: Prediction | None = None,
        warnings: tuple[str, ...] = (),
    ) -> None:
        super().__init__(connection.session, hash, input_name, about, created, expected, warnings)
        self._connection = connection

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is not None and self._to_cancel(error):
            try:
                await self.cancel()
                error.add_note(f"The job {self.hash} was cancelled.")
            except MVSepError as failed:
                error.add_note(f"The job {self.hash} could not be cancelled: {failed}")

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
        **fetching: Unpack[Fetching],
    ) -> AsyncIterator[Event]: ...
    def events(
        self,
        out: Folder | None = None,
        *,
        timeout: Timeout = DEFAULT,
        cancel_on_timeout: bool = False,
        **fetching: Unpack[Fetching],
    ) -> AsyncIterator[Event]:
        """Wait for the job, giving all that happens on the way; see `Job.events`."""
        states = self._states(timeout, cancel_on_timeout)
        if out is None:
            only_with_out(fetching)
            return states
        return follow_async(self, states, out, fetching)

    async def _states(self, timeout: Timeout, cancel_on_timeout: bool) -> AsyncIterator[JobState]:
        steps = self._watch(timeout, cancel_on_timeout)
        step = self._next(steps)
        while step is not None:
            if isinstance(step, poll.Show):
                yield step.state
                answer = None
            elif isinstance(step, Sleep):
                answer = await self._connection.sleep(step.seconds)
            else:
                answer = await self._ask(step)
            step = self._next(steps, answer)

    async def wait(
        self,
        *,
        timeout: Timeout = DEFAULT,
        on_state: OnState | None = None,
        cancel_on_timeout: bool = False,
    ) -> Self:
        """Wait until the job is done; see `Job.wait`."""
        check_plain(on_state=on_state)
        async for state in self.events(timeout=timeout, cancel_on_timeout=cancel_on_timeout):
            if on_state:
                on_state(state)
        return self

    async def download(
        self,
        out: Folder = ".",
        *,
        template: str = names.DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_file: OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
        record: Record | None = None,
    ) -> Result:
        """Fetch the stems, waiting for the job first where need be; see `Job.download`.

        `on_file` is called in the event loop.
        """
        check_plain(on_file=on_file)
        check_place(out, template, parallel)
        if not self._has_files:
            await self.wait()
        try:
            assert self.state is not None  # noqa: S101  waiting gives one
            place = self._place(out, template, overwrite)
            order = place.order(self.state, self._session, record)
            files = await fetch_all_async(
                self._connection, order, parallel=parallel, on_file=on_file
            )
            return await asyncio.to_thread(
                place.landed, order, files, manifest=manifest, record=record
            )
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    async def cancel(self) -> ActionAnswer:
        """Cancel the job; credits come back if it is not being processed yet."""
        self._created = False
        try:
            return await self._connection.api.separation.cancel(hash=self.hash)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    async def delete(self) -> ActionAnswer:
        """Delete the job and its result files at the service."""
        self._created = False
        try:
            return await self._connection.api.separation.delete(hash=self.hash)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    async def _ask(self, step: poll.Ask | poll.AskSummary | poll.Cancel) -> Any:
        api = self._connection.api
        try:
            if isinstance(step, poll.Cancel):
                return await api.separation.cancel(hash=step.hash)
            with calling(retry=self._session.polling.retry, within=step.within):
                if isinstance(step, poll.AskSummary):
                    return await api.app.queue_summary()
                get = api.separation.get_remote if step.remote else api.separation.get
                return await get(hash=step.hash)
        except MVSepError as error:
            return error
