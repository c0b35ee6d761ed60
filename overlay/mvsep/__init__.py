"""The Python SDK for the MVSEP audio-separation service.

```python
from mvsep import MVSep, SepType

with MVSep() as client:  # the token comes from MVSEP_API_TOKEN
    result = client.separate("song.wav", SepType.BS_ROFORMER, out="stems")
    for stem in result.files:
        print(stem.label, stem.path)
```

Each name is imported when it is first used.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mvsep import catalog, errors, journal, manifest, pricing, testing, webhooks
    from mvsep._version import __version__
    from mvsep.account.profile import Account, Quota
    from mvsep.batch.plan import Plan, PlannedSong
    from mvsep.batch.queue import Outcome
    from mvsep.batch.song import Song
    from mvsep.catalog.catalog import Catalog
    from mvsep.catalog.formats import OutputFormat, RemoteType
    from mvsep.catalog.sep_type import SepType
    from mvsep.client.aio import AsyncMVSep
    from mvsep.client.sync import MVSep
    from mvsep.downloads.plan import Result
    from mvsep.errors import (
        AlreadyUnderWay,
        ConnectionFailed,
        DownloadError,
        DurationUnknown,
        FileTooLarge,
        InsufficientCredits,
        InvalidInput,
        InvalidRequest,
        InvalidToken,
        JobError,
        JobFailed,
        JobNotFound,
        JobTimeout,
        JournalError,
        MVSepError,
        NoResultFiles,
        PremiumRequired,
        PriceUnknown,
        QueueFull,
        QuotaExceeded,
        RateLimited,
        Refused,
        SubmitUncertain,
        TooExpensive,
        UnexpectedResponse,
    )
    from mvsep.files.stem_file import StemFile
    from mvsep.job_state import JobState, ResultFile
    from mvsep.jobs.base import Moved
    from mvsep.jobs.job import AsyncJob, Job
    from mvsep.journal.store import Journal
    from mvsep.paging import AsyncPager, Pager
    from mvsep.pricing.estimate import Estimate
    from mvsep.pricing.preflight import Check, Preflight
    from mvsep.settings.policies import (
        NO_RETRY,
        DownloadPolicy,
        Pace,
        PollPolicy,
        ResponseInfo,
        RetryPolicy,
        calling,
    )
else:
    from mvsep.core.later import importer

    __getattr__ = importer(
        __name__,
        {
            "mvsep._version": "__version__",
            "mvsep.account.profile": "Account Quota",
            "mvsep.batch.plan": "Plan PlannedSong",
            "mvsep.batch.queue": "Outcome",
            "mvsep.batch.song": "Song",
            "mvsep.catalog.catalog": "Catalog",
            "mvsep.catalog.formats": "OutputFormat RemoteType",
            "mvsep.catalog.sep_type": "SepType",
            "mvsep.client.aio": "AsyncMVSep",
            "mvsep.client.sync": "MVSep",
            "mvsep.downloads.plan": "Result",
            "mvsep.errors": (
                "AlreadyUnderWay ConnectionFailed DownloadError DurationUnknown FileTooLarge "
                "InsufficientCredits InvalidInput InvalidRequest InvalidToken JobError JobFailed "
                "JobNotFound JobTimeout JournalError MVSepError NoResultFiles PremiumRequired "
                "PriceUnknown QueueFull QuotaExceeded RateLimited Refused SubmitUncertain "
                "TooExpensive UnexpectedResponse"
            ),
            "mvsep.files.stem_file": "StemFile",
            "mvsep.job_state": "JobState ResultFile",
            "mvsep.jobs.base": "Moved",
            "mvsep.jobs.job": "AsyncJob Job",
            "mvsep.journal.store": "Journal",
            "mvsep.paging": "AsyncPager Pager",
            "mvsep.pricing.estimate": "Estimate",
            "mvsep.pricing.preflight": "Check Preflight",
            "mvsep.settings.policies": (
                "DownloadPolicy NO_RETRY Pace PollPolicy ResponseInfo RetryPolicy calling"
            ),
        },
        modules="catalog errors journal manifest pricing testing webhooks",
    )

__all__ = [
    "NO_RETRY",
    "Account",
    "AlreadyUnderWay",
    "AsyncJob",
    "AsyncMVSep",
    "AsyncPager",
    "Catalog",
    "Check",
    "ConnectionFailed",
    "DownloadError",
    "DownloadPolicy",
    "DurationUnknown",
    "Estimate",
    "FileTooLarge",
    "InsufficientCredits",
    "InvalidInput",
    "InvalidRequest",
    "InvalidToken",
    "Job",
    "JobError",
    "JobFailed",
    "JobNotFound",
    "JobState",
    "JobTimeout",
    "Journal",
    "JournalError",
    "MVSep",
    "MVSepError",
    "Moved",
    "NoResultFiles",
    "Outcome",
    "OutputFormat",
    "Pace",
    "Pager",
    "Plan",
    "PlannedSong",
    "PollPolicy",
    "Preflight",
    "PremiumRequired",
    "PriceUnknown",
    "QueueFull",
    "Quota",
    "QuotaExceeded",
    "RateLimited",
    "Refused",
    "RemoteType",
    "ResponseInfo",
    "Result",
    "ResultFile",
    "RetryPolicy",
    "SepType",
    "Song",
    "StemFile",
    "SubmitUncertain",
    "TooExpensive",
    "UnexpectedResponse",
    "__version__",
    "calling",
    "catalog",
    "errors",
    "journal",
    "manifest",
    "pricing",
    "testing",
    "webhooks",
]


def __dir__() -> list[str]:
    return sorted(__all__)
