"""The async client."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Self, Unpack

import httpx

from mvsep.account import profile, switches
from mvsep.account.profile import Account, Quota
from mvsep.batch import run as batch
from mvsep.batch.queue import OnEvent, Outcome
from mvsep.catalog import Catalog
from mvsep.catalog.cache import MAX_AGE, current
from mvsep.catalog.formats import OutputFormat, RemoteType
from mvsep.catalog.sep_type import SepType
from mvsep.client.base import ClientBase
from mvsep.core.values import DEFAULT, Number, Timeout, from_arguments
from mvsep.downloads.plan import PARALLEL, Folder, OnFile, Result
from mvsep.errors import SubmitUncertain
from mvsep.files.names import DEFAULT_TEMPLATE
from mvsep.files.sources import Progress, Source
from mvsep.jobs.base import OnState
from mvsep.jobs.form import JobOptions
from mvsep.jobs.job import AsyncJob
from mvsep.jobs.reconcile import Reconciled
from mvsep.journal.store import Journal
from mvsep.paging import MOST_PURCHASES, AsyncPager, Paging
from mvsep.pricing.estimate import Estimate
from mvsep.pricing.preflight import Preflight
from mvsep.settings.client import Choices, find_settings
from mvsep.settings.policies import Clock, DownloadPolicy, Pace, PollPolicy, RetryPolicy
from mvsep.settings.token import Token, secretive, secretive_async
from mvsep.transport.async_port import AsyncPort, connect_async
from mvsep_api.models.demo_item import DemoItem
from mvsep_api.models.history_item import HistoryItem
from mvsep_api.models.news_item import NewsItem
from mvsep_api.models.quality_entry import QualityEntry


class AsyncMVSep(ClientBase[AsyncJob]):
    """The MVSEP service, with `await`; otherwise as `MVSep`.

    The parameters are those of `MVSep`, with an `httpx.AsyncClient` and an async `sleep`.

    Attributes:
        api: Every operation of the service, typed: `await client.api.app.news(lang="en")`.
        settings: The checked settings.

    Raises:
        InvalidToken: When the token can't be one.
        InvalidInput: When the address can't be one.
    """

    _port: AsyncPort

    @secretive
    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        polling: PollPolicy | None = None,
        retry: RetryPolicy | None = None,
        pace: Pace | None = None,
        regions: Sequence[str] | None = None,
        result_hosts: Sequence[str] | None = None,
        timing: Clock | None = None,
        downloads: DownloadPolicy | None = None,
    ) -> None:
        settings = find_settings(token, base_url, os.environ, from_arguments(Choices, locals()))
        port = connect_async(settings, http_client, sleep)
        self.api = port.api
        super().__init__(port, AsyncJob, self.reconcile)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._port.aclose()

    async def submit(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        reference: Source | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        on_upload: Progress | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> AsyncJob:
        """Create a separation. This spends credits, and is never sent twice; see `MVSep.submit`."""
        return await self._jobs.submit(source, sep_type, from_arguments(JobOptions, locals()))

    async def separate(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        out: Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_state: OnState | None = None,
        on_file: OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
        journal: Journal | None = None,
        again: bool = False,
        reference: Source | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        on_upload: Progress | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> Result:
        """Separate a song: submit it, wait for it, and fetch its stems; see `MVSep.separate`."""
        return await self._separate(source, sep_type, journal, locals())

    async def separate_many(
        self,
        sources: Iterable[Source | None],
        sep_type: SepType | int | str,
        *,
        journal: Journal | None = None,
        out: Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        at_once: int | None = None,
        manifest: bool = False,
        again: bool = False,
        on_event: OnEvent | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> list[Outcome]:
        """See `MVSep.separate_many`."""
        return await self._separate_many(sources, sep_type, journal, at_once, on_event, locals())

    async def finish(
        self,
        journal: Journal,
        *,
        hash: str | None = None,
        out: Folder | None = None,
        template: str | None = None,
        overwrite: bool | None = None,
        timeout: Timeout = DEFAULT,
        manifest: bool = False,
        on_event: OnEvent | None = None,
    ) -> list[Outcome]:
        """See `MVSep.finish`."""
        chosen = {"out": out, "template": template, "overwrite": overwrite}
        more = {"timeout": timeout, "manifest": manifest}
        return await batch.finish(self._jobs, journal, hash, chosen, on_event, **more)

    async def reconcile(
        self, uncertain: SubmitUncertain | str, *, host: str | None = None
    ) -> Reconciled[AsyncJob]:
        """See `MVSep.reconcile`."""
        return await self._jobs.reconcile(uncertain, host)

    async def estimate(
        self,
        source: Source | Number | None,
        sep_type: SepType | int | str,
        *,
        options: Mapping[str, object] | None = None,
        seconds: Number | None = None,
        validate: bool = True,
    ) -> Estimate:
        """See `MVSep.estimate`."""
        return await self._estimate(source, sep_type, from_arguments(JobOptions, locals()))

    async def preflight(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        seconds: Number | None = None,
    ) -> Preflight:
        """See `MVSep.preflight`."""
        return await self._preflight(source, sep_type, from_arguments(JobOptions, locals()))

    async def catalog(self, *, refresh: bool = False, max_age: float = MAX_AGE) -> Catalog:
        """See `MVSep.catalog`."""
        return await current(self._port, self._jobs.catalogs, refresh=refresh, max_age=max_age)

    @secretive_async
    async def login(self, email: str, password: str) -> Token:
        """Get the account's API token for a new client; see `MVSep.login`."""
        return await profile.login(self._port, email, password)

    async def account(self) -> Account:
        """Return the account: credits left, and how its switches stand; see `MVSep.account`."""
        return await profile.account(self._port)

    async def quota(self) -> Quota:
        """See `MVSep.quota`."""
        return await profile.quota(self._port)

    def premium(self, on: bool = True) -> AbstractAsyncContextManager[None]:
        """Let credits be spent, or not, for a block; see `MVSep.premium`."""
        return switches.turned(self._port, "premium", on)

    def long_filenames(self, on: bool = True) -> AbstractAsyncContextManager[None]:
        """Have new stems named at length, or not, for a block; see `MVSep.long_filenames`."""
        return switches.turned(self._port, "long_filenames", on)

    def history(self, **paging: Unpack[Paging]) -> AsyncPager[HistoryItem]:
        """Return the account's jobs, newest first, page by page; see `MVSep.history`."""
        return AsyncPager(self._port.api.app.separation_history, paging, self.settings.host)

    def news(self, *, lang: str | None = None, **paging: Unpack[Paging]) -> AsyncPager[NewsItem]:
        """Return the service's news in one language (en, ru) or all; see `MVSep.news`."""
        return AsyncPager(self._port.api.app.news, paging, self.settings.host, lang=lang)

    def demo(
        self, *, algorithm_id: int | None = None, **paging: Unpack[Paging]
    ) -> AsyncPager[DemoItem]:
        """Return published separations, of one type by its `id` or all; see `MVSep.demo`."""
        ask = self._port.api.app.demo
        return AsyncPager(ask, paging, self.settings.host, algorithm_id=algorithm_id)

    def quality_queue(self, **paging: Unpack[Paging]) -> AsyncPager[QualityEntry]:
        """Return the quality checker's entries, newest first; see `MVSep.quality_queue`."""
        return AsyncPager(self._port.api.quality_checker.queue, paging, self.settings.host)

    def leaderboard(
        self, *, dataset_type: str | None = None, sort: str | None = None, **paging: Unpack[Paging]
    ) -> AsyncPager[QualityEntry]:
        """See `MVSep.leaderboard`."""
        ask = self._port.api.quality_checker.leaderboard
        return AsyncPager(ask, paging, self.settings.host, dataset_type=dataset_type, sort=sort)

    def purchases(
        self, *, status: str | None = None, **paging: Unpack[Paging]
    ) -> AsyncPager[dict[str, object]]:
        """See `MVSep.purchases`."""
        ask, host = self._port.api.account.purchases, self.settings.host
        return AsyncPager(ask, paging, host, most=MOST_PURCHASES, start="offset", status=status)
