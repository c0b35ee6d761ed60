"""The async client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self, Unpack

import httpx

from mvsep.catalog.sep_type import SepType
from mvsep.client.account import AsyncBelongings
from mvsep.core.steps import Sleep, Steps
from mvsep.core.values import DEFAULT, Timeout
from mvsep.downloads.result import PARALLEL, Folder, OnFile, Result
from mvsep.errors import MVSepError, SubmitUncertain
from mvsep.files import names
from mvsep.files.sources import Source
from mvsep.jobs.base import OnState
from mvsep.jobs.create import Send
from mvsep.jobs.job import AsyncJob
from mvsep.jobs.reconcile import PAGE, LookAtQueue, Reconciled, search
from mvsep.jobs.submission import Submission, Submitting
from mvsep.journal.carry_out import Manner, carry_out_async
from mvsep.journal.separate import SongRequest
from mvsep.journal.store import Journal
from mvsep.settings.client import Settings
from mvsep.transport.connection import connect_async


class AsyncMVSep(AsyncBelongings):
    """The MVSEP service, with `await`; otherwise as `MVSep`.

    Args:
        token: As for `MVSep`.
        base_url: As for `MVSep`.
        http_client: An `httpx.AsyncClient` of your own.
        sleep: What waits, in seconds; for tests.
        settings: As for `MVSep`.

    Raises:
        InvalidToken: When the token can't be one.
        InvalidInput: When the address can't be one.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        **settings: Unpack[Settings],
    ) -> None:
        super().__init__(token, base_url, settings)
        self._connection = connect_async(self.session, http_client, sleep)
        self.api = self._connection.api

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.http.aclose()

    async def submit(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        **submitting: Unpack[Submitting],
    ) -> AsyncJob:
        """Create a separation; see `MVSep.submit`."""
        return await self.create(self.prepare(source, sep_type, **submitting))

    async def create(self, submission: Submission) -> AsyncJob:
        """Create the job of a submission; see `MVSep.create`."""
        steps = self._creating(submission)
        step = steps.next()
        while step is not None:
            answer: Any
            try:
                if isinstance(step, Send):
                    connection = self._connection.at(step.url)
                    with submission.form() as form:
                        answer = await connection.api.separation.create(**form)
                elif isinstance(step, Sleep):
                    answer = await self._connection.sleep(step.seconds)
                else:
                    answer = await self._asked(step)
            except MVSepError as error:
                answer = error
            try:
                step = steps.next(answer)
            except SubmitUncertain as error:
                raise error.found_by(self.reconcile) from error.__cause__
        return AsyncJob(
            self._connection.at(steps.result.url),
            steps.result.hash,
            input_name=submission.input_name,
            about=submission.about,
            created=True,
            expected=submission.resolved.prediction,
            warnings=submission.resolved.warnings,
        )

    async def reconcile(self, uncertain: SubmitUncertain) -> Reconciled[AsyncJob]:
        """Find out whether a job was created after all; see `MVSep.reconcile`."""
        steps = Steps(search(uncertain.marker, submitted_at=uncertain.submitted_at))
        step = steps.next()
        while step is not None:
            answer: Any
            try:
                if isinstance(step, Sleep):
                    answer = await self._connection.sleep(step.seconds)
                elif isinstance(step, LookAtQueue):
                    answer = (await self.api.app.user()).to_dict()
                else:
                    history = self.api.app.separation_history
                    answer = (await history(start=step.start, limit=PAGE)).to_dict()
            except MVSepError as error:
                answer = error
            step = steps.next(answer)
        found = steps.result
        job = None
        if found.hash:
            connection = self._connection.at(self.session.where(uncertain.host))
            job = AsyncJob(connection, found.hash, input_name=uncertain.file_name, created=True)
        return Reconciled(found.verdict, job, found.reason)

    async def separate(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        out: Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = names.DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_state: OnState | None = None,
        on_file: OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
        journal: Journal | None = None,
        again: bool = False,
        **submitting: Unpack[Submitting],
    ) -> Result:
        """Separate a song: submit it, wait for it, and fetch its stems; see `MVSep.separate`."""
        errand = SongRequest(
            self.prepare(source, sep_type, **submitting),
            Path(out),
            template,
            overwrite,
            again,
        )
        manner = Manner(timeout, on_state, on_file, parallel, manifest)
        return await carry_out_async(self, errand, journal, manner)

    def job(
        self,
        hash: str,
        *,
        host: str | None = None,
        input_name: str | None = None,
        known: bool = False,
    ) -> AsyncJob:
        """A job by its hash, from any process and at any time; see `MVSep.job`."""
        address, hash = self._named(hash, host)
        connection = self._connection.at(address)
        return AsyncJob(connection, hash, input_name=input_name, created=known)
