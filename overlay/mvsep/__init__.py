"""The Python SDK for the MVSEP audio-separation service.

```python
from mvsep import MVSep, SepType

with MVSep() as mvsep:  # the token comes from MVSEP_API_TOKEN
    result = mvsep.separate("song.wav", SepType.BS_ROFORMER, out="stems")
    for stem in result.files:
        print(stem.label, stem.path)
```
"""

from mvsep import webhooks
from mvsep._version import __version__
from mvsep.account.profile import Account, Quota
from mvsep.batch.queue import Outcome
from mvsep.batch.run import finish, finish_async, separate_many, separate_many_async
from mvsep.catalog import Catalog
from mvsep.catalog.formats import OutputFormat, RemoteType
from mvsep.catalog.sep_type import SepType
from mvsep.client.aio import AsyncMVSep
from mvsep.client.sync import MVSep
from mvsep.downloads.result import Result, StemFile
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
from mvsep.job_state import JobState, ResultFile
from mvsep.jobs.events import Moved
from mvsep.jobs.job import AsyncJob, Job
from mvsep.journal import Journal
from mvsep.paging import AsyncPager, Pager
from mvsep.pricing.estimate import Estimate
from mvsep.pricing.preflight import Check, Preflight
from mvsep.settings.policies import NO_RETRY, Pace, PollPolicy, RetryPolicy, calling

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
    "Result",
    "ResultFile",
    "RetryPolicy",
    "SepType",
    "StemFile",
    "SubmitUncertain",
    "TooExpensive",
    "UnexpectedResponse",
    "__version__",
    "calling",
    "finish",
    "finish_async",
    "separate_many",
    "separate_many_async",
    "webhooks",
]
