"""A job at the service, sync and async: wait for it, watch it, fetch its stems."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Self

import httpx
from attrs import frozen

from mvsep import naming, polling
from mvsep.connection import AsyncConnection, Connection
from mvsep.errors import DownloadError, InvalidInput, MVSepError, about
from mvsep.polling import DEFAULT, Default, JobState, ResultFile
from mvsep.session import Session
from mvsep.transfer import PIECE, Sink, Written, check_download, check_link
from mvsep.transport import failure
from mvsep_api.models.action_answer import ActionAnswer
from mvsep_api.models.remote_state import RemoteState
from mvsep_api.models.separation_state import SeparationState

Folder = str | os.PathLike[str]
OnState = Callable[[JobState], object]
OnFile = Callable[[ResultFile, int, int | None], None]
Timeout = float | None | Default


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


@frozen
class Result:
    """What a finished job left on the disk.

    Args:
        hash: The job's hash.
        files: The stems, in the service's order.
    """

    hash: str
    files: tuple[StemFile, ...]


@frozen
class _Plan:
    """One stem to be fetched: what the service offers, and where it goes."""

    file: ResultFile
    target: Path

    def sink(
        self,
        response: httpx.Response,
        hash: str,
        overwrite: bool,
        on_file: OnFile | None,
    ) -> Sink:
        """Where the body of the answer goes, once its head was found good."""
        length = check_download(response, self.file.url, hash=hash)
        return Sink(
            self.target,
            expected=(length, self.file.size),
            overwrite=overwrite,
            progress=partial(on_file, self.file) if on_file else None,
        )

    def stem(self, written: Written) -> StemFile:
        """The stem, once it is written."""
        label = self.file.label or self.target.stem
        return StemFile(label, self.target, written.size, written.sha256)


def _folder(out: Folder) -> Path:
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"The folder {folder} can't be made: {error}.", next_step="Choose another one."
        ) from error
    return folder


def check_place(out: Folder, template: str) -> None:
    """Check, before a job is paid for, that its stems will have a place.

    Args:
        out: The folder for the stems; made when it is not there.
        template: What the files are to be called.

    Raises:
        InvalidInput: When the folder can't be made, or the template gives no file names.
    """
    naming.check_template(template)
    _folder(out)


class _Job:
    """What both kinds of job know and decide alike."""

    def __init__(self, session: Session, hash: str, input_name: str | None) -> None:
        self.hash = hash
        self.host = session.host
        self.state: JobState | None = None
        self._session = session
        # A hash ends in the upload's name: `20250131145833-a0bb276157-mixture.wav`.
        self._input = naming.input_stem(input_name or hash.split("-", 2)[-1])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.hash!r}, {self.state or 'not asked yet'})"

    @property
    def _has_files(self) -> bool:
        return self.state is not None and bool(self.state.files)

    def _watch(self, timeout: Timeout) -> polling.Watch:
        policy = self._session.polling
        seconds = policy.timeout if timeout is DEFAULT else timeout
        return polling.watch(
            self.hash, policy=policy, timeout=seconds, clock=self._session.clock, host=self.host
        )

    def _next(self, steps: polling.Watch, answer: Any) -> polling.Step | None:
        try:
            failed = isinstance(answer, MVSepError)
            step = steps.throw(answer) if failed else steps.send(answer)
        except StopIteration as finished:
            self.state = finished.value
            return None
        if isinstance(step, polling.Ask):
            # A link's job has two hashes; the second one is the one to keep.
            self.hash = step.hash
        return step

    def _plans(self, out: Folder, template: str) -> list[_Plan]:
        assert self.state is not None  # noqa: S101  called when files are known
        folder, taken, plans = _folder(out), set[str](), []
        for file in self.state.files:
            check_link(file.url, self.host, hash=self.hash)
            name = naming.stem_filename(
                file.label or naming.input_stem(file.name),
                input_name=self._input,
                extension=naming.extension_of(file.name, file.url, "bin"),
                taken=taken,
                template=template,
            )
            taken.add(name)
            plans.append(_Plan(file, folder / name))
        return plans

    def _broken(self, error: httpx.HTTPError | httpx.InvalidURL, plan: _Plan) -> DownloadError:
        reason = failure(error, host=self.host)
        return DownloadError(
            f"{plan.target.name} did not arrive whole. {reason.message}",
            hash=self.hash,
            host=self.host,
            charged=True,
            retryable=True,
            next_step="Nothing stands under that name; download again, the job is not touched.",
        )


class Job(_Job):
    """A job at the service.

    Get one from `MVSep.submit`, or from its hash with `MVSep.job` at any later time.

    Attributes:
        hash: The service's name for it; enough to come back from any process.
        host: The host it is asked for at.
        state: How it stood when it was last asked for, or None.
    """

    def __init__(self, connection: Connection, hash: str, *, input_name: str | None = None) -> None:
        super().__init__(connection.session, hash, input_name)
        self._connection = connection

    def events(self, *, timeout: Timeout = DEFAULT) -> Iterator[JobState]:
        """Wait for the job, giving each change of its state.

        Args:
            timeout: Seconds until waiting ends; None waits for ever.

        Yields:
            How the job stands, whenever that differs from the time before.

        Raises:
            JobFailed: When the separation failed.
            JobNotFound: When the service knows no such job.
            JobTimeout: When the time is up; the job goes on at the service.
            NoResultFiles: When it is done and lists no files.
        """
        steps = self._watch(timeout)
        step = self._next(steps, None)
        while step is not None:
            answer = None
            if isinstance(step, polling.Show):
                self.state = step.state
                yield step.state
            elif isinstance(step, polling.Sleep):
                self._connection.sleep(step.seconds)
            else:
                answer = self._ask(step)
            step = self._next(steps, answer)

    def wait(self, *, timeout: Timeout = DEFAULT, on_state: OnState | None = None) -> Self:
        """Wait until the job is done.

        Args:
            timeout: Seconds until waiting ends; None waits for ever.
            on_state: Called with each change of the state.

        Raises:
            MVSepError: As `events`.
        """
        for state in self.events(timeout=timeout):
            if on_state:
                on_state(state)
        return self

    def download(
        self,
        out: Folder = ".",
        *,
        template: str = naming.DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_file: OnFile | None = None,
    ) -> Result:
        """Fetch the stems, waiting for the job first where it is not known to be done.

        Args:
            out: The folder to write to; made when it is not there.
            template: What the files are called, of {input}, {stem} and {ext}.
            overwrite: Whether files that are there may be replaced.
            on_file: Called after each piece with the file, bytes so far, and bytes in all
                where that is known.

        Raises:
            DownloadError: When a file did not arrive whole; nothing stands under its name then.
            InvalidInput: When the folder can't be made, or the template gives no file names.
            MVSepError: As `events`.
        """
        if not self._has_files:
            self.wait()
        try:
            plans = self._plans(out, template)
            files = tuple(self._fetch(plan, overwrite, on_file) for plan in plans)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__
        return Result(self.hash, files)

    def cancel(self) -> ActionAnswer:
        """Cancel the job; credits come back if it is not being processed yet."""
        return self._connection.api.separation.cancel(hash=self.hash)

    def delete(self) -> ActionAnswer:
        """Delete the job and its result files at the service."""
        return self._connection.api.separation.delete(hash=self.hash)

    def _ask(self, step: polling.Ask) -> SeparationState | RemoteState | MVSepError:
        api = self._connection.api.separation
        try:
            return api.get_remote(hash=step.hash) if step.remote else api.get(hash=step.hash)
        except MVSepError as error:
            return error

    def _fetch(self, plan: _Plan, overwrite: bool, on_file: OnFile | None) -> StemFile:
        try:
            with (
                self._connection.http.stream("GET", plan.file.url) as response,
                plan.sink(response, self.hash, overwrite, on_file) as sink,
            ):
                for piece in response.iter_bytes(PIECE):
                    sink.write(piece)
                return plan.stem(sink.finish())
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._broken(error, plan) from error


class AsyncJob(_Job):
    """A job at the service, with `await`; otherwise as `Job`."""

    def __init__(
        self, connection: AsyncConnection, hash: str, *, input_name: str | None = None
    ) -> None:
        super().__init__(connection.session, hash, input_name)
        self._connection = connection

    async def events(self, *, timeout: Timeout = DEFAULT) -> AsyncIterator[JobState]:
        """Wait for the job, giving each change of its state; see `Job.events`."""
        steps = self._watch(timeout)
        step = self._next(steps, None)
        while step is not None:
            answer = None
            if isinstance(step, polling.Show):
                self.state = step.state
                yield step.state
            elif isinstance(step, polling.Sleep):
                await self._connection.sleep(step.seconds)
            else:
                answer = await self._ask(step)
            step = self._next(steps, answer)

    async def wait(self, *, timeout: Timeout = DEFAULT, on_state: OnState | None = None) -> Self:
        """Wait until the job is done; see `Job.wait`."""
        async for state in self.events(timeout=timeout):
            if on_state:
                on_state(state)
        return self

    async def download(
        self,
        out: Folder = ".",
        *,
        template: str = naming.DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_file: OnFile | None = None,
    ) -> Result:
        """Fetch the stems, waiting for the job first where need be; see `Job.download`."""
        if not self._has_files:
            await self.wait()
        try:
            plans = self._plans(out, template)
            files = tuple([await self._fetch(plan, overwrite, on_file) for plan in plans])
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__
        return Result(self.hash, files)

    async def cancel(self) -> ActionAnswer:
        """Cancel the job; credits come back if it is not being processed yet."""
        return await self._connection.api.separation.cancel(hash=self.hash)

    async def delete(self) -> ActionAnswer:
        """Delete the job and its result files at the service."""
        return await self._connection.api.separation.delete(hash=self.hash)

    async def _ask(self, step: polling.Ask) -> SeparationState | RemoteState | MVSepError:
        api = self._connection.api.separation
        try:
            if step.remote:
                return await api.get_remote(hash=step.hash)
            return await api.get(hash=step.hash)
        except MVSepError as error:
            return error

    async def _fetch(self, plan: _Plan, overwrite: bool, on_file: OnFile | None) -> StemFile:
        try:
            async with self._connection.http.stream("GET", plan.file.url) as response:
                with plan.sink(response, self.hash, overwrite, on_file) as sink:
                    async for piece in response.aiter_bytes(PIECE):
                        # A slow disk must not hold up the event loop.
                        await asyncio.to_thread(sink.write, piece)
                    return plan.stem(await asyncio.to_thread(sink.finish))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._broken(error, plan) from error
