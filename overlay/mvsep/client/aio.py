"""The async client."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Self

import httpx

from mvsep.catalog.formats import OutputFormat, RemoteType
from mvsep.catalog.sep_type import SepType
from mvsep.client import lazy
from mvsep.client.base import ClientBase
from mvsep.client.lists import AsyncLists
from mvsep.core.defaults import MAX_AGE, PARALLEL
from mvsep.core.values import DEFAULT, Number, Timeout, from_arguments
from mvsep.errors import SubmitUncertain
from mvsep.files.names import DEFAULT_TEMPLATE
from mvsep.settings.token import Token, secretive, secretive_async


class AsyncMVSep(ClientBase["lazy.AsyncJob"], AsyncLists):
    """The MVSEP service, with `await`; otherwise as `MVSep`.

    The parameters are those of `MVSep`, with an `httpx.AsyncClient` and an async `sleep`.

    Attributes:
        api: Every operation of the service, typed: `await client.api.app.news(lang="en")`.
        settings: The checked settings.

    Raises:
        InvalidToken: When the token can't be one.
        InvalidInput: When the address can't be one.
    """

    _port: lazy.AsyncPort

    @secretive
    def __init__(
        self,
        token: str | None = None,
        *,
        base_url: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        polling: lazy.PollPolicy | None = None,
        retry: lazy.RetryPolicy | None = None,
        max_retries: int | None = None,
        timeout: lazy.Limit | None = None,
        proxy: lazy.Proxy | None = None,
        verify: lazy.Trust | None = None,
        pace: lazy.Pace | None = None,
        regions: Sequence[str] | None = None,
        result_hosts: Sequence[str] | None = None,
        timing: lazy.Clock | None = None,
        downloads: lazy.DownloadPolicy | None = None,
    ) -> None:
        settings = lazy.find_settings(
            token, base_url, os.environ, from_arguments(lazy.Choices, locals())
        )
        port = lazy.connect_async(settings, http_client, sleep)
        self._elsewhere = time.sleep, http_client is not None  # workers have no event loop
        self._begin(port)

    def _begin(self, port: lazy.AsyncPort) -> None:
        self.api = port.api
        self._begin_with(port, lazy.AsyncJob, self.reconcile)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._port.aclose()

    async def submit(
        self,
        source: lazy.Source | None,
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        reference: lazy.Source | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        on_upload: lazy.Progress | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> lazy.AsyncJob:
        """Create a separation. This spends credits, and is never sent twice; see `MVSep.submit`."""
        return await self._submit(source, sep_type, locals())

    async def separate(
        self,
        source: lazy.Source | None,
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        out: lazy.Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        on_state: lazy.OnState | None = None,
        on_file: lazy.OnFile | None = None,
        parallel: int = PARALLEL,
        manifest: bool = False,
        journal: lazy.Journal | None = None,
        again: bool = False,
        reference: lazy.Source | None = None,
        remote_type: RemoteType | str | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        is_demo: bool | None = None,
        webhook_url: str | None = None,
        preset_id: int | None = None,
        send_mail_on_error: bool | None = None,
        wait_for_place: float | None = None,
        on_upload: lazy.Progress | None = None,
        max_credits: Number | None = None,
        seconds: Number | None = None,
        allow_unknown_price: bool = False,
        preflight: bool | None = None,
    ) -> lazy.Result:
        """Separate a song: submit it, wait for it, and fetch its stems; see `MVSep.separate`."""
        return await self._separate(source, sep_type, journal, locals())

    async def separate_many(
        self,
        sources: Iterable[lazy.Listed],
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        journal: lazy.Journal | None = None,
        out: lazy.Folder = ".",
        timeout: Timeout = DEFAULT,
        template: str = DEFAULT_TEMPLATE,
        overwrite: bool = False,
        at_once: int | None = None,
        manifest: bool = False,
        again: bool = False,
        on_event: lazy.OnEvent | None = None,
        on_plan: lazy.OnPlan | None = None,
        executor: lazy.Executor | None = None,
        reference: lazy.Source | None = None,
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
    ) -> list[lazy.Outcome]:
        """See `MVSep.separate_many`."""
        return await self._separate_many(sources, sep_type, journal, at_once, executor, locals())

    async def finish(
        self,
        journal: lazy.Journal,
        *,
        hash: str | None = None,
        out: lazy.Folder | None = None,
        template: str | None = None,
        overwrite: bool | None = None,
        timeout: Timeout = DEFAULT,
        manifest: bool = False,
        on_event: lazy.OnEvent | None = None,
        submit: bool | lazy.OnPlan = True,
    ) -> list[lazy.Outcome]:
        """See `MVSep.finish`."""
        chosen = {"out": out, "template": template, "overwrite": overwrite}
        more = {"timeout": timeout, "manifest": manifest}
        return await lazy.finish(self._jobs, journal, hash, chosen, on_event, submit, **more)

    async def reconcile(
        self, uncertain: SubmitUncertain | str, *, host: str | None = None
    ) -> lazy.Reconciled[lazy.AsyncJob]:
        """See `MVSep.reconcile`."""
        return await self._jobs.reconcile(uncertain, host)

    async def estimate(
        self,
        source: lazy.Source | Number | None,
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        options: Mapping[str, object] | None = None,
        seconds: Number | None = None,
        validate: bool = True,
    ) -> lazy.Estimate:
        """See `MVSep.estimate`."""
        return await self._estimate(source, sep_type, locals())

    async def preflight(
        self,
        source: lazy.Source | None,
        sep_type: SepType | int | str | None = None,
        *,
        best_for: str | lazy.Goal | None = None,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | str | None = None,
        seconds: Number | None = None,
    ) -> lazy.Preflight:
        """See `MVSep.preflight`."""
        return await self._preflight(source, sep_type, locals())

    async def catalog(self, *, refresh: bool = False, max_age: float = MAX_AGE) -> lazy.Catalog:
        """See `MVSep.catalog`."""
        return await lazy.current(self._port, self._jobs.catalogs, refresh=refresh, max_age=max_age)

    @secretive_async
    async def login(self, email: str, password: str) -> Token:
        """Get the account's API token for a new client; see `MVSep.login`."""
        return await lazy.login(self._port, email, password)

    async def account(self) -> lazy.Account:
        """Return the account: credits left, and how its switches stand; see `MVSep.account`."""
        return await lazy.account(self._port)

    async def quota(self) -> lazy.Quota:
        """See `MVSep.quota`."""
        return await lazy.quota(self._port)

    def premium(self, on: bool = True) -> AbstractAsyncContextManager[None]:
        """Let credits be spent, or not, for a block; see `MVSep.premium`."""
        return lazy.turned(self._port, "premium", on)

    def long_filenames(self, on: bool = True) -> AbstractAsyncContextManager[None]:
        """Have new stems named at length, or not, for a block; see `MVSep.long_filenames`."""
        return lazy.turned(self._port, "long_filenames", on)
