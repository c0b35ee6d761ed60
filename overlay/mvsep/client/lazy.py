"""Names that the clients use of the rooms below them, each imported when it is first used.

To import all those rooms takes longer than to import httpx. Annotations name their types through
this module, so that `typing.get_type_hints` finds them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

# `as` makes them names of this module, for type checkers that are strict about it.
if TYPE_CHECKING:
    from concurrent.futures import Executor as Executor

    from mvsep.account.profile import Account as Account
    from mvsep.account.profile import Quota as Quota
    from mvsep.account.profile import account as account
    from mvsep.account.profile import login as login
    from mvsep.account.profile import quota as quota
    from mvsep.account.switches import turned as turned
    from mvsep.batch.executor import Workers as Workers
    from mvsep.batch.plan import OnPlan as OnPlan
    from mvsep.batch.queue import OnEvent as OnEvent
    from mvsep.batch.queue import Outcome as Outcome
    from mvsep.batch.run import finish as finish
    from mvsep.batch.run import separate_many as separate_many
    from mvsep.batch.song import Listed as Listed
    from mvsep.catalog.cache import current as current
    from mvsep.catalog.cache import open_store as open_store
    from mvsep.catalog.catalog import Catalog as Catalog
    from mvsep.catalog.goals import Goal as Goal
    from mvsep.downloads.plan import Folder as Folder
    from mvsep.downloads.plan import OnFile as OnFile
    from mvsep.downloads.plan import Result as Result
    from mvsep.files.sources import Progress as Progress
    from mvsep.files.sources import Source as Source
    from mvsep.jobs.base import JobBase as JobBase
    from mvsep.jobs.base import OnState as OnState
    from mvsep.jobs.form import JobOptions as JobOptions
    from mvsep.jobs.goal import with_type as with_type
    from mvsep.jobs.job import AsyncJob as AsyncJob
    from mvsep.jobs.job import Job as Job
    from mvsep.jobs.jobs import Jobs as Jobs
    from mvsep.jobs.reconcile import Reconciled as Reconciled
    from mvsep.journal.request import Callbacks as Callbacks
    from mvsep.journal.request import Delivery as Delivery
    from mvsep.journal.request import SongRequest as SongRequest
    from mvsep.journal.separate import separate as separate
    from mvsep.journal.store import Journal as Journal
    from mvsep.paging import MOST_PURCHASES as MOST_PURCHASES
    from mvsep.paging import AsyncPager as AsyncPager
    from mvsep.paging import Pager as Pager
    from mvsep.paging import Paging as Paging
    from mvsep.pricing.estimate import Estimate as Estimate
    from mvsep.pricing.estimate import estimate as estimate
    from mvsep.pricing.preflight import Preflight as Preflight
    from mvsep.pricing.preflight import ask as ask
    from mvsep.settings.client import Choices as Choices
    from mvsep.settings.client import ClientSettings as ClientSettings
    from mvsep.settings.client import Options as Options
    from mvsep.settings.client import find_settings as find_settings
    from mvsep.settings.connection import Limit as Limit
    from mvsep.settings.connection import Proxy as Proxy
    from mvsep.settings.connection import Trust as Trust
    from mvsep.settings.policies import Clock as Clock
    from mvsep.settings.policies import DownloadPolicy as DownloadPolicy
    from mvsep.settings.policies import Pace as Pace
    from mvsep.settings.policies import PollPolicy as PollPolicy
    from mvsep.settings.policies import RetryPolicy as RetryPolicy
    from mvsep.transport.async_port import AsyncPort as AsyncPort
    from mvsep.transport.async_port import connect_async as connect_async
    from mvsep.transport.port import Port as Port
    from mvsep.transport.sync_port import SyncPort as SyncPort
    from mvsep.transport.sync_port import connect as connect
    from mvsep_api.models import DemoItem as DemoItem
    from mvsep_api.models import HistoryItem as HistoryItem
    from mvsep_api.models import NewsItem as NewsItem
    from mvsep_api.models import QualityEntry as QualityEntry
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
