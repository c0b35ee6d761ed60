"""A job at the service, sync and async: wait for it, watch it, fetch its stems."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Self

from attrs import frozen

from mvsep import manifest as manifests
from mvsep import naming, polling
from mvsep.connection import AsyncConnection, Connection
from mvsep.downloads import OnFile, Order, StemFile, Wanted, check_link
from mvsep.errors import InvalidInput, MVSepError, about
from mvsep.fetching import fetch_all, fetch_all_async
from mvsep.partfile import forget
from mvsep.polling import DEFAULT, Default, JobState
from mvsep.session import Session
from mvsep_api.models.action_answer import ActionAnswer
from mvsep_api.models.remote_state import RemoteState
from mvsep_api.models.separation_state import SeparationState

Folder = str | os.PathLike[str]
OnState = Callable[[JobState], object]
Timeout = float | None | Default

#: How many stems are fetched at once.
PARALLEL: Final = 4


@frozen
class Result:
    """What a finished job left on the disk.

    Args:
        hash: The job's hash.
        files: The stems, in the service's order.
        manifest: Where the manifest is, when one was asked for; see `mvsep.manifest`.
    """

    hash: str
    files: tuple[StemFile, ...]
    manifest: Path | None = None


def _folder(out: Folder) -> Path:
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"The folder {folder} can't be made: {error}.", next_step="Choose another one."
        ) from error
    return folder


def check_place(out: Folder, template: str, parallel: int = PARALLEL) -> None:
    """Check, before a job is paid for, that its stems will have a place.

    Args:
        out: The folder for the stems; made when it is not there.
        template: What the files are to be called.
        parallel: How many are to be fetched at once.

    Raises:
        InvalidInput: When the folder can't be made, the template gives no file names, or none
            would be fetched at once.
    """
    if isinstance(parallel, bool) or not isinstance(parallel, int) or parallel < 1:
        raise InvalidInput(
            f"parallel is how many stems are fetched at once, and can't be {parallel!r:.40}."
        )
    naming.check_template(template)
    _folder(out)


class _Job:
    """What both kinds of job know and decide alike."""

    def __init__(
        self,
        session: Session,
        hash: str,
        input_name: str | None,
        about: Mapping[str, Any] | None,
    ) -> None:
        self.hash = hash
        self.about = dict(about or {})
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

    def _order(self, out: Folder, template: str, overwrite: bool) -> Order:
        assert self.state is not None  # noqa: S101  called when files are known
        local, wanted = self._session.is_local, []
        folder, taken = _folder(out), {manifests.name_for(self._input)}
        for file in self.state.files:
            check_link(file.url, self.host, local=local, hash=self.hash)
            name = naming.stem_filename(
                file.label or naming.input_stem(file.name),
                input_name=self._input,
                extension=naming.extension_of(file.name, file.url, "bin"),
                taken=taken,
                template=template,
            )
            taken.add(name)
            wanted.append(Wanted(file, folder / name))
        earlier = manifests.found(
            manifests.place_for(folder, self._input, self.hash, overwrite=False), self.hash
        )
        known = {
            each.path.name: written
            for each in wanted
            if earlier and (written := earlier.file(each.path.name, each.label))
        }
        return Order(self.hash, self.host, local, tuple(wanted), overwrite, known)

    def _landed(
        self, out: Folder, order: Order, files: tuple[StemFile, ...], manifest: bool
    ) -> Result:
        path = None
        if manifest:
            stems = tuple(
                manifests.File(stem.label, stem.path.name, stem.size, stem.sha256) for stem in files
            )
            told = manifests.Manifest(self.hash, self.host, self._input, stems, self.about)
            path = manifests.place_for(Path(out), self._input, self.hash, overwrite=order.overwrite)
            try:
                manifests.write(path, told)
            except OSError as error:
                raise order.error(
                    f"The stems are whole, and {path.name} could not be written: {error}.",
                    "Download again; no stem is fetched twice.",
                    finished=files,
                    retryable=True,
                ) from error
        for stem in files:
            forget(stem.path, self.hash)
        return Result(self.hash, files, path)


class Job(_Job):
    """A job at the service.

    Get one from `MVSep.submit`, or from its hash with `MVSep.job` at any later time.

    Attributes:
        hash: The service's name for it; enough to come back from any process.
        host: The host it is asked for at.
        state: How it stood when it was last asked for, or None.
        about: What else is known of it, such as its separation type; for the manifest.
    """

    def __init__(
        self,
        connection: Connection,
        hash: str,
        *,
        input_name: str | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(connection.session, hash, input_name, about)
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
        parallel: int = PARALLEL,
        manifest: bool = False,
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

        What came of a stem is kept when its download breaks off, and is gone on with by the next
        call, from any process.

        Raises:
            DownloadError: When a file did not arrive whole; nothing stands under its name then.
                Its `finished` has the stems that did, and the next call takes them as they are.
            InvalidInput: When the folder can't be made, or the template gives no file names.
            MVSepError: As `events`.
        """
        check_place(out, template, parallel)
        if not self._has_files:
            self.wait()
        try:
            order = self._order(out, template, overwrite)
            files = fetch_all(self._connection, order, parallel=parallel, on_file=on_file)
            return self._landed(out, order, files, manifest)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    def cancel(self) -> ActionAnswer:
        """Cancel the job; credits come back if it is not being processed yet."""
        try:
            return self._connection.api.separation.cancel(hash=self.hash)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    def delete(self) -> ActionAnswer:
        """Delete the job and its result files at the service."""
        try:
            return self._connection.api.separation.delete(hash=self.hash)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    def _ask(self, step: polling.Ask) -> SeparationState | RemoteState | MVSepError:
        api = self._connection.api.separation
        try:
            return api.get_remote(hash=step.hash) if step.remote else api.get(hash=step.hash)
        except MVSepError as error:
            return error


class AsyncJob(_Job):
    """A job at the service, with `await`; otherwise as `Job`."""

    def __init__(
        self,
        connection: AsyncConnection,
        hash: str,
        *,
        input_name: str | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(connection.session, hash, input_name, about)
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
        parallel: int = PARALLEL,
        manifest: bool = False,
    ) -> Result:
        """Fetch the stems, waiting for the job first where need be; see `Job.download`.

        `on_file` is called in the event loop.
        """
        check_place(out, template, parallel)
        if not self._has_files:
            await self.wait()
        try:
            order = self._order(out, template, overwrite)
            files = await fetch_all_async(
                self._connection, order, parallel=parallel, on_file=on_file
            )
            return await asyncio.to_thread(self._landed, out, order, files, manifest)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    async def cancel(self) -> ActionAnswer:
        """Cancel the job; credits come back if it is not being processed yet."""
        try:
            return await self._connection.api.separation.cancel(hash=self.hash)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    async def delete(self) -> ActionAnswer:
        """Delete the job and its result files at the service."""
        try:
            return await self._connection.api.separation.delete(hash=self.hash)
        except MVSepError as error:
            raise about(error, self.hash, self.host) from error.__cause__

    async def _ask(self, step: polling.Ask) -> SeparationState | RemoteState | MVSepError:
        api = self._connection.api.separation
        try:
            if step.remote:
                return await api.get_remote(hash=step.hash)
            return await api.get(hash=step.hash)
        except MVSepError as error:
            return error
