"""The lists of the service, page by page: methods of both clients."""

from __future__ import annotations

from typing import Unpack

from mvsep.client import lazy


class Lists:
    """Lists of `MVSep`."""

    _port: lazy.SyncPort
    settings: lazy.ClientSettings

    def history(self, **paging: Unpack[lazy.Paging]) -> lazy.Pager[lazy.HistoryItem]:
        """Return the account's jobs, newest first, page by page; see `mvsep.paging.Pager`."""
        return lazy.Pager(self._port.api.app.separation_history, paging, self.settings.host)

    def news(
        self, *, lang: str | None = None, **paging: Unpack[lazy.Paging]
    ) -> lazy.Pager[lazy.NewsItem]:
        """Return the service's news in one language (en, ru) or all; as `history`."""
        return lazy.Pager(self._port.api.app.news, paging, self.settings.host, lang=lang)

    def demo(
        self, *, algorithm_id: int | None = None, **paging: Unpack[lazy.Paging]
    ) -> lazy.Pager[lazy.DemoItem]:
        """Return published separations, of one type by its `id` or all; as `history`."""
        ask = self._port.api.app.demo
        return lazy.Pager(ask, paging, self.settings.host, algorithm_id=algorithm_id)

    def quality_queue(self, **paging: Unpack[lazy.Paging]) -> lazy.Pager[lazy.QualityEntry]:
        """Return the quality checker's entries, newest first; as `history`."""
        return lazy.Pager(self._port.api.quality_checker.queue, paging, self.settings.host)

    def leaderboard(
        self,
        *,
        dataset_type: str | None = None,
        sort: str | None = None,
        **paging: Unpack[lazy.Paging],
    ) -> lazy.Pager[lazy.QualityEntry]:
        """Return the best entries of a data set by a column of its `sortables`; as `history`."""
        ask = self._port.api.quality_checker.leaderboard
        return lazy.Pager(ask, paging, self.settings.host, dataset_type=dataset_type, sort=sort)

    def purchases(
        self, *, status: str | None = None, **paging: Unpack[lazy.Paging]
    ) -> lazy.Pager[dict[str, object]]:
        """Return the account's purchases; the fields of a row are unknown; as `history`."""
        ask, host = self._port.api.account.purchases, self.settings.host
        return lazy.Pager(
            ask, paging, host, most=lazy.MOST_PURCHASES, start="offset", status=status
        )


class AsyncLists:
    """Lists of `AsyncMVSep`."""

    _port: lazy.AsyncPort
    settings: lazy.ClientSettings

    def history(self, **paging: Unpack[lazy.Paging]) -> lazy.AsyncPager[lazy.HistoryItem]:
        """Return the account's jobs, newest first, page by page; see `MVSep.history`."""
        return lazy.AsyncPager(self._port.api.app.separation_history, paging, self.settings.host)

    def news(
        self, *, lang: str | None = None, **paging: Unpack[lazy.Paging]
    ) -> lazy.AsyncPager[lazy.NewsItem]:
        """Return the service's news in one language (en, ru) or all; see `MVSep.news`."""
        return lazy.AsyncPager(self._port.api.app.news, paging, self.settings.host, lang=lang)

    def demo(
        self, *, algorithm_id: int | None = None, **paging: Unpack[lazy.Paging]
    ) -> lazy.AsyncPager[lazy.DemoItem]:
        """Return published separations, of one type by its `id` or all; see `MVSep.demo`."""
        ask = self._port.api.app.demo
        return lazy.AsyncPager(ask, paging, self.settings.host, algorithm_id=algorithm_id)

    def quality_queue(self, **paging: Unpack[lazy.Paging]) -> lazy.AsyncPager[lazy.QualityEntry]:
        """Return the quality checker's entries, newest first; see `MVSep.quality_queue`."""
        return lazy.AsyncPager(self._port.api.quality_checker.queue, paging, self.settings.host)

    def leaderboard(
        self,
        *,
        dataset_type: str | None = None,
        sort: str | None = None,
        **paging: Unpack[lazy.Paging],
    ) -> lazy.AsyncPager[lazy.QualityEntry]:
        """See `MVSep.leaderboard`."""
        ask = self._port.api.quality_checker.leaderboard
        return lazy.AsyncPager(
            ask, paging, self.settings.host, dataset_type=dataset_type, sort=sort
        )

    def purchases(
        self, *, status: str | None = None, **paging: Unpack[lazy.Paging]
    ) -> lazy.AsyncPager[dict[str, object]]:
        """See `MVSep.purchases`."""
        ask, host = self._port.api.account.purchases, self.settings.host
        return lazy.AsyncPager(
            ask, paging, host, most=lazy.MOST_PURCHASES, start="offset", status=status
        )
