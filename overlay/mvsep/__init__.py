"""The Python SDK for the MVSEP audio-separation service.

from mvsep import MVSep, SepType

with MVSep() as mvsep:  # the token comes from MVSEP_API_TOKEN
result = mvsep.separate("song.wav", SepType.BS_ROFORMER, out="stems")
for stem in result.files:
print(stem.label, stem.path)
"""

from mvsep._version import __version__
from mvsep.client import AsyncMVSep, MVSep
from mvsep.errors import (
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
    MVSepError,
    NoResultFiles,
    PremiumRequired,
    PriceUnknown,
    QueueFull,
    QuotaExceeded,
    RateLimited,
    Refused,
    SubmitUncertain,
    UnexpectedResponse,
)
from mvsep.estimates import Estimate
from mvsep.formats import OutputFormat, RemoteType
from mvsep.jobs import AsyncJob, Job, Result, StemFile
from mvsep.polling import JobState, PollPolicy, ResultFile
from mvsep.sep_types import SepType

__all__ = [
    "AsyncJob",
    "AsyncMVSep",
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
    "MVSep",
    "MVSepError",
    "NoResultFiles",
    "OutputFormat",
    "PollPolicy",
    "PremiumRequired",
    "PriceUnknown",
    "QueueFull",
    "QuotaExceeded",
    "RateLimited",
    "Refused",
    "RemoteType",
    "Result",
    "ResultFile",
    "SepType",
    "StemFile",
    "SubmitUncertain",
    "UnexpectedResponse",
    "__version__",
]
