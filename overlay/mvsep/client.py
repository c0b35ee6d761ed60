"""The two clients: what a caller opens, sync and async."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Self, Unpack

import httpx

from mvsep import estimates, naming
from mvsep.connection import connect, connect_async
from mvsep.errors import MVSepError
from mvsep.estimates import Estimate
from mvsep.jobs import AsyncJob, Folder, Job, OnFile, OnState, Result, Timeout, check_place
from mvsep.polling import DEFAULT, PollPolicy
from mvsep.pricing import Number
from mvsep.sep_types import SepType
from mvsep.session import open_session
from mvsep.submission import Submission, Submitting
from mvsep.transfer import Source


class _Client:
    """What both clients are set up with alike."""

    def __init__(
        self,
        token: str | None,
        base_url: str | None,
        polling: PollPolicy | None,
    ) -> None:
        self.session = open_session(token, base_url, polling, os.environ)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.session.base_url!r})"

    def estimate(
        self,
        source: Source | None,
        sep_type: SepType | int,
        *,
        options: Mapping[str, object] | None = None,
        seconds: Number | None = None,
    ) -> Estimate:
        """Estimate the price of a job; nothing is sent. See `mvsep.estimates.estimate`."""
        return estimates.estimate(source, sep_type, options=options, seconds=seconds)


class MVSep(_Client):
    """The MVSEP service.

    Use it as a context manager, or call `close`. One client can be shared by threads.

    Args:
        token: The API token; else the environment variable MVSEP_API_TOKEN. Public calls work
            without one.
        base_url: Scheme and host of the service; else MVSEP_BASE_URL; else https://mvsep.com.
        http_client: An httpx client of your own, for proxies, certificates, time-outs or hooks.
            Its connections are used; it is not changed and not closed.
        polling: When jobs are asked about.
        sleep: What waits, in seconds; for tests.

    Attributes:
        api: Every operation of the service, typed: `api.app.news(lang="en")`.

    Raises:
        InvalidToken: When the token can't be one.
        InvalidInput: When the address can't be one.
    """

    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        http_client: httpx.Client | None = None,
        polling: PollPolicy | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        super().__init__(token, base_url, polling)
        self._connection = connect(self.session, http_client, sleep)
        self.api = self._connection.api

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._connection.http.close()

    def submit(
        self,
        source: Source | None,
        sep_type: SepType | int,
        **submitting: Unpack[Submitting],
    ) -> Job:
        """Create a separation. This spends credits, and is never sent twice.

        What is None is not sent.

        Args:
            source: The mixture: a path, bytes, a binary file, an http(s) link that the service
                fetches itself, or None for types without a file.
            sep_type: The separation type.
            submitting: What else there is to say, by keyword: reference, remote_type, options,
                output_format, is_demo, webhook_url, preset_id, send_mail_on_error, on_upload;
                see `mvsep.submission.Submitting`.

        Raises:
            InvalidInput: When the source or an option can't be used; nothing was sent.
            Refused: When the service said no: InvalidToken, PremiumRequired, QueueFull,
                FileTooLarge, RateLimited or InvalidRequest.
            ConnectionFailed: When the upload broke off before its end; no job was created.
            SubmitUncertain: When it is not known whether the job was created.
        """
        submission = Submission(source, sep_type, **submitting)
        with submission.form() as form:
            try:
                created = self.api.separation.create(**form)
            except MVSepError as error:
                raise submission.failed(error, host=self.session.host) from error
        hash_ = submission.hash_of(created, host=self.session.host)
        return Job(self._connection, hash_, input_name=submission.name)

    def separate(
        self,
        source: Source | None,
        sep_type: SepType | int,
        *,
        out: Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = naming.DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_state: OnState | None = None,
        on_file: OnFile | None = None,
        **submitting: Unpack[Submitting],
    ) -> Result:
        """Separate a song: submit it, wait for it, and fetch its stems.

        Args:
            source: The mixture, as for `submit`.
            sep_type: The separation type.
            out: The folder for the stems; made when it is not there.
            timeout: Seconds of waiting; None waits for ever. The job goes on when they are over.
            template: What the files are called, of {input}, {stem} and {ext}.
            overwrite: Whether files that are there may be replaced.
            on_state: Called with each change of the job's state.
            on_file: Called while stems arrive, with the file, bytes so far, and bytes in all.
            submitting: What `submit` takes besides.

        Raises:
            MVSepError: As `submit`, `Job.wait` and `Job.download`. Once the job exists, the error
                carries its hash.
        """
        check_place(out, template)
        job = self.submit(source, sep_type, **submitting)
        job.wait(timeout=timeout, on_state=on_state)
        return job.download(out, template=template, overwrite=overwrite, on_file=on_file)

    def job(self, hash: str) -> Job:
        """A job by its hash, from any process and at any time. Nothing is sent."""
        return Job(self._connection, hash)


class AsyncMVSep(_Client):
    """The MVSEP service, with `await`; otherwise as `MVSep`.

    Args:
        token: As for `MVSep`.
        base_url: As for `MVSep`.
        http_client: An `httpx.AsyncClient` of your own.
        polling: As for `MVSep`.
        sleep: What waits, in seconds; for tests.

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
        polling: PollPolicy | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        super().__init__(token, base_url, polling)
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
        sep_type: SepType | int,
        **submitting: Unpack[Submitting],
    ) -> AsyncJob:
        """Create a separation; see `MVSep.submit`."""
        submission = Submission(source, sep_type, **submitting)
        with submission.form() as form:
            try:
                created = await self.api.separation.create(**form)
            except MVSepError as error:
                raise submission.failed(error, host=self.session.host) from error
        hash_ = submission.hash_of(created, host=self.session.host)
        return AsyncJob(self._connection, hash_, input_name=submission.name)

    async def separate(
        self,
        source: Source | None,
        sep_type: SepType | int,
        *,
        out: Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = naming.DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_state: OnState | None = None,
        on_file: OnFile | None = None,
        **submitting: Unpack[Submitting],
    ) -> Result:
        """Separate a song: submit it, wait for it, and fetch its stems; see `MVSep.separate`."""
        check_place(out, template)
        job = await self.submit(source, sep_type, **submitting)
        await job.wait(timeout=timeout, on_state=on_state)
        return await job.download(out, template=template, overwrite=overwrite, on_file=on_file)

    def job(self, hash: str) -> AsyncJob:
        """A job by its hash, from any process and at any time. Nothing is sent."""
        return AsyncJob(self._connection, hash)
