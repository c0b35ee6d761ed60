"""Names that the clients use of the rooms below them, each imported when it is first used.

To import all those rooms takes longer than to import httpx. Annotations name their types through
this module, so that `typing.get_type_hints` finds them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from mvsep.account.profile import Account, Quota, account, login, quota
    from mvsep.account.switches import turned
    from mvsep.batch.executor import Workers
    from mvsep.batch.plan import OnPlan
    from mvsep.batch.queue import OnEvent, Outcome
    from mvsep.batch.run import finish, separate_many
    from mvsep.batch.song import Listed
    from mvsep.catalog.cache import current, open_store
    from mvsep.catalog.catalog import Catalog
    from mvsep.catalog.goals import Goal
    from mvsep.downloads.plan import Folder, OnFile, Result
    from mvsep.files.sources import Progress, Source
    from mvsep.jobs.base import JobBase, OnState
    from mvsep.jobs.form import JobOptions
    from mvsep.jobs.goal import with_type
    from mvsep.jobs.job import AsyncJob, Job
    from mvsep.jobs.jobs import Jobs
    from mvsep.jobs.reconcile import Reconciled
    from mvsep.journal.request import Callbacks, Delivery, SongRequest
    from mvsep.journal.separate import separate
    from mvsep.journal.store import Journal
    from mvsep.paging import MOST_PURCHASES, AsyncPager, Pager, Paging
    from mvsep.pricing.estimate import Estimate, estimate
    from mvsep.pricing.preflight import Preflight, ask
    from mvsep.settings.client import Choices, ClientSettings, Options, find_settings
    from mvsep.settings.connection import Limit, Proxy, Trust
    from mvsep.settings.policies import Clock, DownloadPolicy, Pace, PollPolicy, RetryPolicy
    from mvsep.transport.async_port import AsyncPort, connect_async
    from mvsep.transport.port import Port
    from mvsep.transport.sync_port import SyncPort, connect
    from mvsep_api.models import DemoItem, HistoryItem, NewsItem, QualityEntry
else:
    from mvsep.core.later import importer

    __getattr__ = importer(
        __name__,
        {
            "mvsep.account.profile": "Account Quota account login quota",
            "mvsep.account.switches": "turned",
            "concurrent.futures": "Executor",
            "mvsep.batch.executor": "Workers",
            "mvsep.batch.plan": "OnPlan",
            "mvsep.batch.queue": "OnEvent Outcome",
            "mvsep.batch.run": "finish separate_many",
            "mvsep.batch.song": "Listed",
            "mvsep.catalog.cache": "current open_store",
            "mvsep.catalog.catalog": "Catalog",
            "mvsep.catalog.goals": "Goal",
            "mvsep.downloads.plan": "Folder OnFile Result",
            "mvsep.files.sources": "Progress Source",
            "mvsep.jobs.base": "JobBase OnState",
            "mvsep.jobs.form": "JobOptions",
            "mvsep.jobs.goal": "with_type",
            "mvsep.jobs.job": "AsyncJob Job",
            "mvsep.jobs.jobs": "Jobs",
            "mvsep.jobs.reconcile": "Reconciled",
            "mvsep.journal.request": "Callbacks Delivery SongRequest",
            "mvsep.journal.separate": "separate",
            "mvsep.journal.store": "Journal",
            "mvsep.paging": "AsyncPager MOST_PURCHASES Pager Paging",
            "mvsep.pricing.estimate": "Estimate estimate",
            "mvsep.pricing.preflight": "Preflight ask",
            "mvsep.settings.client": "Choices ClientSettings Options find_settings",
            "mvsep.settings.connection": "Limit Proxy Trust",
            "mvsep.settings.policies": "Clock DownloadPolicy Pace PollPolicy RetryPolicy",
            "mvsep.transport.async_port": "AsyncPort connect_async",
            "mvsep.transport.port": "Port",
            "mvsep.transport.sync_port": "SyncPort connect",
            "mvsep_api.models": "DemoItem HistoryItem NewsItem QualityEntry",
        },
    )
