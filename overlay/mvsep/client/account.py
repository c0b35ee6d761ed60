"""What a client tells of the account and of the service's lists; sync and async."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Any, Unpack

from mvsep.account import login, switches
from mvsep.account.profile import Account, Quota
from mvsep.catalog.cache import MAX_AGE, SCOPES
from mvsep.catalog.catalog import Catalog
from mvsep.catalog.formats import OutputFormat
from mvsep.catalog.sep_type import SepType
from mvsep.client.base import Prepared
from mvsep.core.steps import AskAccount, AskPlan, Steps
from mvsep.core.values import Number
from mvsep.errors import MVSepError
from mvsep.files.sources import Source
from mvsep.paging import MOST_PURCHASES, AsyncPager, Pager, Paging
from mvsep.pricing import preflight
from mvsep.pricing.preflight import Preflight
from mvsep.settings.token import Token
from mvsep.transport.connection import AsyncConnection, Connection
from mvsep_api.api import Api, AsyncApi
from mvsep_api.api.app import app_algorithms
from mvsep_api.models.demo_item import DemoItem
from mvsep_api.models.history_item import HistoryItem
from mvsep_api.models.news_item import NewsItem
from mvsep_api.models.quality_entry import QualityEntry
from mvsep_api.models.queue_answer import QueueAnswer
from mvsep_api.models.user_answer import UserAnswer


class Belongings(Prepared):
    """What `MVSep` has besides jobs."""

    api: Api
    _connection: Connection

    def catalog(self, *, refresh: bool = False, max_age: float = MAX_AGE) -> Catalog:
        """The service's separation types as they are now; no token is needed.

        The list is kept on disk. When the service can't be asked, an older list or that of this
        release is given, with a warning in its `warnings`; `source` and `captured` say which.

        Args:
            refresh: Whether to ask even where the list kept is fresh.
            max_age: Seconds for which a list counts as fresh.

        Raises:
            InvalidInput: When `max_age` is negative or no number.
        """
        if catalog := self._catalogs.fresh(refresh=refresh, max_age=max_age):
            return catalog
        ask = self._connection.calls.content
        try:
            content = ask("app_algorithms", app_algorithms.sync_detailed, scopes=SCOPES)
        except MVSepError as error:
            return self._catalogs.instead(error)
        return self._catalogs.keep(content, self.session.host)

    def login(self, email: str, password: str) -> Token:
        """Get the account's API token for a new client; see `mvsep.account.login`."""
        return login.login(self, email, password)

    def account(self) -> Account:
        """Look at the account: credits left, and how its switches stand."""
        return login.account(self)

    def quota(self) -> Quota:
        """See what the account's plan has left; see `mvsep.account.quota`."""
        return login.quota(self)

    def preflight(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | None = None,
        seconds: Number | None = None,
    ) -> Preflight:
        """Find out whether the account may have a job, and pay for it; nothing is uploaded.

        The account and its queue are asked once each.

        Args:
            source: The mixture, as for `submit`; its header is read.
            sep_type: The separation type, by number or name.
            options: The type's options, as for `submit`.
            validate: False to take options that the catalogue does not know.
            output_format: The format of the stems.
            seconds: How long the mixture plays, where the file does not tell for sure.

        Returns:
            Each check with its reason and the way out; printed, it reads as a text.

        Raises:
            InvalidInput: When the source or an option can't be used; nothing was sent.
            MVSepError: When the service can't be asked, or does not accept the token.
        """
        wanted = self.prepare(
            source,
            sep_type,
            options=options,
            validate=validate,
            output_format=output_format,
            seconds=seconds,
        ).wanted()
        steps = Steps(preflight.ask(wanted, self.session.host))
        step = steps.next()
        while step is not None:
            answer: Any
            try:
                answer = self._asked(step)
            except MVSepError as error:
                answer = error
            step = steps.next(answer)
        return steps.result

    def _asked(self, step: AskAccount | AskPlan) -> UserAnswer | QueueAnswer:
        with login.discreet():
            app = self.api.app
            return app.user() if isinstance(step, AskAccount) else app.queue()

    def premium(self, on: bool = True) -> AbstractContextManager[None]:
        """Let credits be spent, or not, for a block; see `mvsep.account.switches.turned`."""
        return switches.turned(self, switches.PREMIUM, on)

    def long_filenames(self, on: bool = True) -> AbstractContextManager[None]:
        """Have new stems named at length, or not, for a block; otherwise as `premium`."""
        return switches.turned(self, switches.LONG_FILENAMES, on)

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


class AsyncBelongings(Prepared):
    """What `AsyncMVSep` has besides jobs."""

    api: AsyncApi
    _connection: AsyncConnection

    async def catalog(self, *, refresh: bool = False, max_age: float = MAX_AGE) -> Catalog:
        """The service's separation types as they are now; see `MVSep.catalog`."""
        store, in_thread = self._catalogs, asyncio.to_thread
        if catalog := await in_thread(store.fresh, refresh=refresh, max_age=max_age):
            return catalog
        ask = self._connection.calls.content
        try:
            content = await ask("app_algorithms", app_algorithms.asyncio_detailed, scopes=SCOPES)
        except MVSepError as error:
            return await in_thread(store.instead, error)
        return await in_thread(store.keep, content, self.session.host)

    async def login(self, email: str, password: str) -> Token:
        """Get the account's API token; see `MVSep.login`."""
        return await login.login_async(self, email, password)

    async def account(self) -> Account:
        """Look at the account; see `MVSep.account`."""
        return await login.account_async(self)

    async def quota(self) -> Quota:
        """See what the account's plan has left; see `MVSep.quota`."""
        return await login.quota_async(self)

    async def preflight(
        self,
        source: Source | None,
        sep_type: SepType | int | str,
        *,
        options: Mapping[str, object] | None = None,
        validate: bool = True,
        output_format: OutputFormat | int | None = None,
        seconds: Number | None = None,
    ) -> Preflight:
        """Find out whether the account may have a job; see `MVSep.preflight`."""
        wanted = self.prepare(
            source,
            sep_type,
            options=options,
            validate=validate,
            output_format=output_format,
            seconds=seconds,
        ).wanted()
        steps = Steps(preflight.ask(wanted, self.session.host))
        step = steps.next()
        while step is not None:
            answer: Any
            try:
                answer = await self._asked(step)
            except MVSepError as error:
                answer = error
            step = steps.next(answer)
        return steps.result

    async def _asked(self, step: AskAccount | AskPlan) -> UserAnswer | QueueAnswer:
        with login.discreet():
            app = self.api.app
            return await (app.user() if isinstance(step, AskAccount) else app.queue())

    def premium(self, on: bool = True) -> AbstractAsyncContextManager[None]:
        """Let credits be spent, or not, for a block; see `MVSep.premium`."""
        return switches.turned_async(self, switches.PREMIUM, on)

    def long_filenames(self, on: bool = True) -> AbstractAsyncContextManager[None]:
        """Have new stems named at length, or not, for a block; see `MVSep.long_filenames`."""
        return switches.turned_async(self, switches.LONG_FILENAMES, on)

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
