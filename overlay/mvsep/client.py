"""The two clients: what a caller opens, sync and async."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Self, Unpack

import httpx

from mvsep import account, estimates, naming
from mvsep.account import Account
from mvsep.connection import connect, connect_async
from mvsep.downloads import OnFile
from mvsep.errors import MVSepError
from mvsep.estimates import Estimate
from mvsep.jobs import (
    PARALLEL,
    AsyncJob,
    Folder,
    Job,
    OnState,
    Result,
    Timeout,
    check_place,
)
from mvsep.paging import MOST_PURCHASES, AsyncPager, Pager, Paging
from mvsep.polling import DEFAULT, PollPolicy
from mvsep.pricing import Number
from mvsep.sep_types import SepType
from mvsep.session import open_session
from mvsep.submission import Submission, Submitting
from mvsep.tokens import Token
from mvsep.transfer import Source
from mvsep_api.models.demo_item import DemoItem
from mvsep_api.models.history_item import HistoryItem
from mvsep_api.models.news_item import NewsItem
from mvsep_api.models.quality_entry import QualityEntry


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
        return Job(self._connection, hash_, input_name=submission.name, about=submission.about)

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
        parallel: int = PARALLEL,
        manifest: bool = False,
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
            parallel: How many stems are fetched at once.
            manifest: Whether a manifest is written beside the stems; see `mvsep.manifest`.
            submitting: What `submit` takes besides.

        Raises:
            MVSepError: As `submit`, `Job.wait` and `Job.download`. Once the job exists, the error
                carries its hash.
        """
        check_place(out, template, parallel)
        job = self.submit(source, sep_type, **submitting)
        job.wait(timeout=timeout, on_state=on_state)
        return job.download(
            out,
            template=template,
            overwrite=overwrite,
            on_file=on_file,
            parallel=parallel,
            manifest=manifest,
        )

    def job(self, hash: str) -> Job:
        """A job by its hash, from any process and at any time. Nothing is sent."""
        return Job(self._connection, hash)

    def login(self, email: str, password: str) -> Token:
        """Get the account's API token for a new client; see `mvsep.account.login`."""
        return account.login(self, email, password)

    def account(self) -> Account:
        """Look at the account: credits left, and how its switches stand."""
        return account.account(self)

    def premium(self, on: bool = True) -> AbstractContextManager[None]:
        """Let credits be spent, or not, for a block; see `mvsep.account.turned`."""
        return account.turned(self, account.PREMIUM, on)

    def long_filenames(self, on: bool = True) -> AbstractContextManager[None]:
        """Have new stems named at length, or not, for a block; otherwise as `premium`."""
        return account.turned(self, account.LONG_FILENAMES, on)

    def history(self, **paging: Unpack[Paging]) -> Pager[HistoryItem]:
        """The account's jobs, newest first, page by page; see `mvsep.paging.Pager`."""
        return Pager(self.api.app.separation_history, paging, self.session.host)

    def news(self, *, lang: str | None = None, **paging: Unpack[Paging]) -> Pager[NewsItem]:
        """The service's news, newest first, in one language (en, ru) or all; as `history`."""
        return Pager(self.api.app.news, paging, self.session.host, lang=lang)

    def demo(self, *, algorithm_id: int | None = None, **paging: Unpack[Paging]) -> Pager[DemoItem]:
        """Published separations, of one type by its `id` (not `render_id`) or all; as `history`."""
        return Pager(self.api.app.demo, paging, self.session.host, algorithm_id=algorithm_id)

    def quality_queue(self, **paging: Unpack[Paging]) -> Pager[QualityEntry]:
        """The quality checker's entries, newest first; as `history`."""
        return Pager(self.api.quality_checker.queue, paging, self.session.host)

    def leaderboard(
        self, *, dataset_type: str | None = None, sort: str | None = None, **paging: Unpack[Paging]
    ) -> Pager[QualityEntry]:
        """The best entries of a data set, by one of its `sortables`; as `history`."""
        ask = self.api.quality_checker.leaderboard
        return Pager(ask, paging, self.session.host, dataset_type=dataset_type, sort=sort)

    def purchases(
        self, *, status: str | None = None, **paging: Unpack[Paging]
    ) -> Pager[dict[str, object]]:
        """The account's purchases; what a row holds is unknown; otherwise as `history`."""
        ask = self.api.account.purchases
        return Pager(
            ask, paging, self.session.host, most=MOST_PURCHASES, start="offset", status=status
        )


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
        return AsyncJob(self._connection, hash_, input_name=submission.name, about=submission.about)

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
        parallel: int = PARALLEL,
        manifest: bool = False,
        **submitting: Unpack[Submitting],
    ) -> Result:
        """Separate a song: submit it, wait for it, and fetch its stems; see `MVSep.separate`."""
        check_place(out, template, parallel)
        job = await self.submit(source, sep_type, **submitting)
        await job.wait(timeout=timeout, on_state=on_state)
        return await job.download(
            out,
            template=template,
            overwrite=overwrite,
            on_file=on_file,
            parallel=parallel,
            manifest=manifest,
        )

    def job(self, hash: str) -> AsyncJob:
        """A job by its hash, from any process and at any time. Nothing is sent."""
        return AsyncJob(self._connection, hash)

    async def login(self, email: str, password: str) -> Token:
        """Get the account's API token; see `MVSep.login`."""
        return await account.login_async(self, email, password)

    async def account(self) -> Account:
        """Look at the account; see `MVSep.account`."""
        return await account.account_async(self)

    def premium(self, on: bool = True) -> AbstractAsyncContextManager[None]:
        """Let credits be spent, or not, for a block; see `MVSep.premium`."""
        return account.turned_async(self, account.PREMIUM, on)

    def long_filenames(self, on: bool = True) -> AbstractAsyncContextManager[None]:
        """Have new stems named at length, or not, for a block; see `MVSep.long_filenames`."""
        return account.turned_async(self, account.LONG_FILENAMES, on)

    def history(self, **paging: Unpack[Paging]) -> AsyncPager[HistoryItem]:
        """The account's jobs; see `MVSep.history`."""
        return AsyncPager(self.api.app.separation_history, paging, self.session.host)

    def news(self, *, lang: str | None = None, **paging: Unpack[Paging]) -> AsyncPager[NewsItem]:
        """The service's news; see `MVSep.news`."""
        return AsyncPager(self.api.app.news, paging, self.session.host, lang=lang)

    def demo(
        self, *, algorithm_id: int | None = None, **paging: Unpack[Paging]
    ) -> AsyncPager[DemoItem]:
        """Published separations; see `MVSep.demo`."""
        return AsyncPager(self.api.app.demo, paging, self.session.host, algorithm_id=algorithm_id)

    def quality_queue(self, **paging: Unpack[Paging]) -> AsyncPager[QualityEntry]:
        """The quality checker's entries; see `MVSep.quality_queue`."""
        return AsyncPager(self.api.quality_checker.queue, paging, self.session.host)

    def leaderboard(
        self, *, dataset_type: str | None = None, sort: str | None = None, **paging: Unpack[Paging]
    ) -> AsyncPager[QualityEntry]:
        """The best entries of a data set; see `MVSep.leaderboard`."""
        ask = self.api.quality_checker.leaderboard
        return AsyncPager(ask, paging, self.session.host, dataset_type=dataset_type, sort=sort)

    def purchases(
        self, *, status: str | None = None, **paging: Unpack[Paging]
    ) -> AsyncPager[dict[str, object]]:
        """The account's purchases; see `MVSep.purchases`."""
        ask = self.api.account.purchases
        return AsyncPager(
            ask, paging, self.session.host, most=MOST_PURCHASES, start="offset", status=status
        )
