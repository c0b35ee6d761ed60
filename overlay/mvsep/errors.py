"""Every error the SDK raises, in one tree.

MVSepError
 ├─ InvalidInput            what the caller handed over; nothing was sent
 │   ├─ DurationUnknown     how long a file plays could not be read from it
 │   ├─ PriceUnknown        a spending limit was set and the price can't be known
 │   └─ TooExpensive        the price is above the spending limit that was set
 ├─ Refused                 the service answered no; no job was created
 │   ├─ InvalidToken        also raised before sending, when the token can't be one
 │   ├─ InvalidRequest
 │   ├─ PremiumRequired
 │   ├─ QueueFull
 │   ├─ QuotaExceeded
 │   ├─ InsufficientCredits
 │   ├─ FileTooLarge
 │   └─ RateLimited
 ├─ SubmitUncertain         the job may or may not exist; never sent again by itself
 ├─ JobError                a job that exists
 │   ├─ JobFailed
 │   ├─ JobNotFound
 │   ├─ JobTimeout          the wait ran out; the job goes on
 │   └─ NoResultFiles
 ├─ DownloadError           a stem did not arrive whole; nothing stands under its name
 ├─ AlreadyUnderWay         another process has the same song in work
 ├─ JournalError            the journal can't be read or written
 ├─ ConnectionFailed        the service was not reached, or stopped answering
 └─ UnexpectedResponse      an answer that the contract does not know
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol, Self, TypedDict, Unpack

# The most characters of a message in a repr.
_LONGEST_REPR: Final = 160


class Known(TypedDict, total=False):
    """Details of an error besides its message; see `MVSepError` for the meaning of each."""

    server_text: str | None
    status: int | None
    hash: str | None
    host: str | None
    marker: str | None
    charged: bool | None
    retryable: bool
    retry_after: float | None
    next_step: str | None
    param: str | None


class FinishedStem(Protocol):
    """A stem that is whole on the disk; `mvsep.StemFile` is one."""

    @property
    def label(self) -> str:
        """The stem's label, such as "Vocals"."""

    @property
    def path(self) -> Path:
        """The path of its file."""

    @property
    def size(self) -> int:
        """Its size in bytes."""

    @property
    def sha256(self) -> str:
        """Its SHA-256, in hexadecimal."""


class MVSepError(Exception):
    """The root of all errors of the SDK.

    Args:
        message: What happened, in a sentence for a person.
        server_text: The service's own words, where it gave any.
        status: The HTTP status code of the answer, where there was one.
        hash: The hash of the job concerned.
        host: The host that was talked to.
        marker: The start of the upload's name, which the service keeps in the job's hash; for
            `reconcile`, where it is not known whether there is a job.
        charged: Whether credits were spent: yes, no, or None where it can't be known.
        retryable: Whether the same call may succeed later without a change.
        retry_after: Seconds the service asked to wait, where it said so.
        next_step: What to do next, in a sentence for a person.
        param: The parameter that the error is about, by its name in Python.
    """

    def __init__(
        self,
        message: str,
        *,
        server_text: str | None = None,
        status: int | None = None,
        hash: str | None = None,
        host: str | None = None,
        marker: str | None = None,
        charged: bool | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
        next_step: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.server_text = server_text
        self.status = status
        self.hash = hash
        self.host = host
        self.marker = marker
        self.charged = charged
        self.retryable = retryable
        self.retry_after = retry_after
        self.next_step = next_step
        self.param = param

    def __repr__(self) -> str:
        text = repr(self.message)
        text = text if len(text) <= _LONGEST_REPR else f"{text[: _LONGEST_REPR - 3]}..."
        return f"{type(self).__name__}({text})"

    def __str__(self) -> str:
        """Join the message, the service's words, what was charged, and the next step."""
        parts = [self.message]
        if self.server_text:
            parts.append(f'The service said: "{self.server_text}".')
        if self.hash:
            parts.append(f"Job: {self.hash}{f' on {self.host}' if self.host else ''}.")
        elif self.marker:
            parts.append(f"Upload: {self.marker}{f' to {self.host}' if self.host else ''}.")
        if self.charged is not None:
            parts.append("Credits were spent." if self.charged else "Nothing was charged.")
        if self.next_step:
            parts.append(self.next_step)
        return " ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling, so that an error can cross a process boundary whole."""
        return (_rebuild, (type(self), self.message, self.__dict__))


def _rebuild(cls: type[MVSepError], message: str, state: dict[str, object]) -> MVSepError:
    error = cls.__new__(cls, message)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


def add_job_facts(
    error: MVSepError, hash: str | None, host: str | None, marker: str | None = None
) -> MVSepError:
    """Tell an error the job it is about, where it does not know one.

    The job exists, or may exist, so its credits may be spent: "nothing was charged" becomes "not
    known".
    """
    error.hash, error.host = error.hash or hash, error.host or host
    error.marker = error.marker or marker
    error.charged = error.charged or None
    return error


def own_fault(error: Exception) -> MVSepError:
    """Wrap an error that is none of the SDK's: a fault in its code."""
    fault = MVSepError(
        f"A fault of mvsep itself: {type(error).__name__}: {error}.",
        next_step="Please report it.",
    )
    fault.__cause__ = error
    return fault


class InvalidInput(MVSepError):
    """An argument can't be used; nothing was sent, and so nothing was charged."""

    def __init__(self, message: str, **known: Unpack[Known]) -> None:
        known.setdefault("charged", False)
        super().__init__(message, **known)


class DurationUnknown(InvalidInput):
    """A file does not say how long it plays; hand over `seconds=` instead."""


class PriceUnknown(InvalidInput):
    """A spending limit was set, and what the job would cost can't be known."""


class TooExpensive(InvalidInput):
    """The job would cost more than the spending limit that was set."""


class Refused(MVSepError):
    """The service answered no; no job was created."""


class InvalidToken(Refused):
    """The API token is missing, can't be one, or was not accepted."""


class InvalidRequest(Refused):
    """The service did not accept the request as it was."""


class PremiumRequired(Refused):
    """The separation type or format is for premium accounts."""


class QueueFull(Refused):
    """The account has a job waiting and its plan allows no second one."""


class QuotaExceeded(Refused):
    """The plan's separations for the day are used up."""


class InsufficientCredits(Refused):
    """The balance does not cover the job."""


class FileTooLarge(Refused):
    """The service does not take a file of that size."""


class RateLimited(Refused):
    """Too many requests in a short time."""


class SubmitUncertain(MVSepError):
    """The connection broke after the whole job was sent, so it may or may not exist.

    Args:
        file_name: The name of the mixture.
        submitted_at: When the upload began, in seconds since the epoch.
    """

    _look: Callable[[SubmitUncertain], Any] | None = None

    def __init__(
        self,
        message: str,
        *,
        file_name: str | None = None,
        submitted_at: float | None = None,
        **known: Unpack[Known],
    ) -> None:
        super().__init__(message, **known)
        self.file_name = file_name
        self.submitted_at = submitted_at

    def reconcile(self) -> Any:
        """Look for the job with the client that raised this, as its `reconcile(error)` does.

        Await it where an `AsyncMVSep` raised it.

        Raises:
            InvalidInput: When it comes from another process; use `client.reconcile` then.
            MVSepError: As `client.reconcile`.
        """
        if self._look is None:
            raise InvalidInput(
                "This error no longer knows its client.",
                charged=None,
                next_step="Hand it to the reconcile() of a client.",
            )
        return self._look(self)

    def found_by(self, look: Callable[[SubmitUncertain], Any]) -> Self:
        """Set what `reconcile` does."""
        self._look = look
        return self

    def __reduce__(self) -> tuple[object, ...]:
        """Survive pickling, without the client."""
        state = {name: value for name, value in self.__dict__.items() if name != "_look"}
        return (_rebuild, (type(self), self.message, state))


class JobError(MVSepError):
    """Something about a job that exists."""


class JobFailed(JobError):
    """The service reports that the separation failed."""


class JobNotFound(JobError):
    """The service knows no such job: a wrong hash, a deleted job, or one long expired."""


class JobTimeout(JobError):
    """The wait ran out; the job itself goes on."""


class NoResultFiles(JobError):
    """The job is done and its list of files stays empty."""


class DownloadError(MVSepError):
    """A result file did not arrive whole; nothing was left under its name.

    Args:
        finished: The job's stems that are whole on the disk; downloading again does not fetch
            them again.
    """

    def __init__(
        self, message: str, *, finished: tuple[FinishedStem, ...] = (), **known: Unpack[Known]
    ) -> None:
        super().__init__(message, **known)
        self.finished = finished


class JournalError(MVSepError):
    """The journal can't be read or written."""


class AlreadyUnderWay(MVSepError):
    """Another process, thread or task has this song in work."""


class ConnectionFailed(MVSepError):
    """The service was not reached, or stopped answering.

    Args:
        sent: Whether the whole request had been handed over, so that the service may have acted
            on it.
    """

    def __init__(self, message: str, *, sent: bool = False, **known: Unpack[Known]) -> None:
        super().__init__(message, **known)
        self.sent = sent


class UnexpectedResponse(MVSepError):
    """An answer that the contract does not know: not JSON, or not of the shape promised."""
