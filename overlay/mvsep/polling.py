"""How a job is waited for: what a state means, what to ask next, and when.

Nothing here asks, sleeps or reads a clock. `watch` is a generator of steps; the sync and the
async client carry them out, so both take the same decisions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from enum import Enum
from typing import Any, Final
from urllib.parse import unquote

from attrs import evolve, field, frozen

from mvsep.answers import digits, presentable, truth
from mvsep.errors import (
    ConnectionFailed,
    JobFailed,
    JobNotFound,
    JobTimeout,
    MVSepError,
    NoResultFiles,
    RateLimited,
    UnexpectedResponse,
    about,
)
from mvsep_api.models.remote_state import RemoteState
from mvsep_api.models.separation_state import SeparationState


class Default(Enum):
    """The type of `DEFAULT`."""

    DEFAULT = "default"


#: Stands for "not given" where None means "for ever".
DEFAULT: Final = Default.DEFAULT

#: The longest pause that the service can ask for, in seconds: it counts requests by the minute.
_LONGEST_PAUSE: Final = 120.0

# What can be one: characters that go into a URL and a message, and no more than a file name holds.
_HASH: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,1000}")


@frozen
class PollPolicy:
    """When to ask how a job stands.

    Args:
        initial: Seconds between the first question, which is asked at once, and the second.
        factor: By how much the pause grows each time.
        maximum: The longest pause, in seconds. The service's documents ask for 4 to 10.
        timeout: Seconds after which waiting ends, unless a call says otherwise.
        empty_for: Seconds to go on asking when a job is done but lists no files yet; clients
            have seen the list arrive after the state, within a minute.
    """

    initial: float = 2.0
    factor: float = 1.5
    maximum: float = 10.0
    timeout: float = 3600.0
    empty_for: float = 60.0

    @classmethod
    def brisk(cls) -> PollPolicy:
        """A policy for a server on this machine, which nobody else waits for."""
        return cls(initial=0.1, maximum=1.0)


@frozen
class ResultFile:
    """A file the service offers for download.

    Args:
        label: The stem's label, such as "Vocals"; empty where the service gave none.
        url: Where it is.
        name: The name the service suggests; not to be trusted as a path.
        size: Its size in bytes, where the service said so.
    """

    label: str
    url: str
    name: str
    size: int | None = None


@frozen
class JobState:
    """How a job stands.

    Args:
        status: The service's word: waiting, processing, distributing, merging, converting, done,
            failed, not_found, or one that is not known yet. Where it gives none: downloading,
            while it fetches a link, and unknown else.
        message: The service's text about it.
        place: The job's place in its queue, where it waits.
        queue: How many jobs that queue holds.
        chunks_done: Finished chunks of a large job.
        chunks_all: All chunks of a large job.
        files: The result files, when it is done.
        hash: The hash under which the results are, where the answer names one.
    """

    status: str
    message: str | None = None
    place: int | None = None
    queue: int | None = None
    chunks_done: int | None = None
    chunks_all: int | None = None
    files: tuple[ResultFile, ...] = field(default=(), repr=False)
    hash: str | None = None

    def __str__(self) -> str:
        status = presentable(self.status)
        if self.chunks_all:
            return f"{status}, {self.chunks_done or 0} of {self.chunks_all} chunks"
        if self.place is not None:
            return f"{status}, place {self.place} of {self.queue or '?'} in the queue"
        return status


def read_state(answer: SeparationState | RemoteState) -> JobState:
    """Read a state from the answer of `separation.get` or `separation.get_remote`."""
    body = answer.to_dict()
    data = body.get("data")
    data = data if isinstance(data, dict) else {}
    files = data.get("files")
    status = _text(body.get("status"))
    if status is None:
        # The page: success is false when the hash is unknown, removed or expired. For the
        # service's own downloads it is false as well while they go on.
        refused = not truth(body.get("success"))
        gone, going = ("not_found", "downloading") if refused else ("unknown", "unknown")
        status = gone if isinstance(answer, SeparationState) else going
    return JobState(
        status=status,
        message=_text(data.get("message")) or _text(body.get("message")),
        place=_number(data.get("current_order")),
        queue=_number(data.get("queue_count")),
        chunks_done=_number(data.get("finished_chunks")),
        chunks_all=_number(data.get("all_chunks")),
        files=tuple(_files(files)) if isinstance(files, list) else (),
        hash=usable_hash(data.get("hash")),
    )


def usable_hash(value: object) -> str | None:
    """A hash that an answer names, or None where what it names can't be one."""
    text = _text(value)
    return text if text and text.strip() and _HASH.fullmatch(text) else None


def _files(entries: list[Any]) -> Generator[ResultFile]:
    for entry in entries:
        if isinstance(entry, dict) and _text(entry.get("url")):
            url = entry["url"]
            yield ResultFile(
                label=_text(entry.get("type")) or "",
                url=url,
                name=_text(entry.get("download")) or _last_part(url),
                size=_number(entry.get("bytes")),
            )


def _last_part(url: str) -> str:
    # Not with `urlsplit`, which raises for some of what a server can call a link.
    return unquote(re.split("[?#]", url, maxsplit=1)[0].rpartition("/")[2])


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    if isinstance(value, str):
        return digits(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def is_remote(hash: str) -> bool:
    """Whether a hash is that of a download the service makes first.

    Hashes of jobs hold the name of the input and so a dot; those of downloads are short and
    plain. Seen in answers, not documented.
    """
    return "." not in hash and "-" not in hash


@frozen
class Ask:
    """Ask the operation `separation.get`, or `get_remote`, about `hash`."""

    hash: str
    remote: bool


@frozen
class Sleep:
    """Wait for `seconds`."""

    seconds: float


@frozen
class Show:
    """Show the caller how the job stands."""

    state: JobState


Step = Ask | Sleep | Show
Watch = Generator[Step, Any, JobState]

# Transient while waiting: the job goes on at the service, whatever one question meets.
_TRANSIENT = (ConnectionFailed, RateLimited, UnexpectedResponse)


def watch(
    hash: str,
    *,
    policy: PollPolicy,
    timeout: float | None,
    clock: Callable[[], float],
    host: str | None = None,
) -> Watch:
    """The steps of waiting for a job.

    Args:
        hash: The job's hash, or that of the service's own download of a link.
        policy: When to ask.
        timeout: Seconds until waiting ends; None waits for ever.
        clock: Seconds from any fixed moment, never running backwards.
        host: For errors: where the job is.

    Yields:
        What to do next. An `Ask` is answered with the facade's answer, or by throwing its error.

    Returns:
        The state `done`, with files; its `hash` is the one to fetch them by.

    Raises:
        JobFailed: When the service says the separation failed.
        JobNotFound: When it knows no such job.
        JobTimeout: When the time is up; the job itself goes on.
        NoResultFiles: When the job is done and lists no files for a minute.
        MVSepError: When asking is refused for good, such as by an invalid token.
    """
    began, pause = clock(), policy.initial
    remote, doubted = is_remote(hash), False
    first_empty: float | None = None
    last: MVSepError | None = None
    shown: JobState | None = None
    while True:
        wait = pause
        try:
            state = read_state((yield Ask(hash, remote)))
        except _TRANSIENT as error:
            if isinstance(error, UnexpectedResponse) and not error.retryable:
                raise about(error, hash, host) from None
            last = error
            wait = max(pause, min(getattr(error, "retry_after", None) or 0.0, _LONGEST_PAUSE))
        except JobNotFound:
            state = JobState("not_found")
        except MVSepError as error:
            raise about(error, hash, host) from None
        else:
            last = None
        if last is None:
            if state.status == "not_found" and remote and not doubted:
                # A hash that looks like a download's may be a job's after all.
                remote, doubted = False, True
                continue
            if remote and state.status == "done" and state.hash:
                hash, remote, shown = state.hash, False, None
                continue
            if state != shown:
                shown = state
                yield Show(state)
            if state.status == "done" and state.files:
                return evolve(state, hash=hash)
            if state.status == "done":
                first_empty = clock() if first_empty is None else first_empty
                if clock() - first_empty >= policy.empty_for:
                    raise _no_files(hash, host)
            else:
                first_empty = None
            _raise_if_over(state, hash, host)
        if timeout is not None:
            left = timeout - (clock() - began)
            if left <= 0:
                raise _timed_out(hash, host, timeout, shown, last)
            wait = min(wait, left)
        yield Sleep(wait)
        pause = min(policy.maximum, pause * policy.factor)


def _raise_if_over(state: JobState, hash: str, host: str | None) -> None:
    if state.status == "failed":
        raise JobFailed(
            "The separation failed.",
            server_text=_said(state),
            hash=hash,
            host=host,
            next_step="Whether credits came back is not documented: look at the balance. "
            "Another type or format may work.",
        )
    if state.status == "not_found":
        raise JobNotFound(
            "The service knows no such job.",
            server_text=_said(state),
            hash=hash,
            host=host,
            next_step="Check the hash; results are kept for about 72 hours.",
        )


def _said(state: JobState) -> str | None:
    return presentable(state.message) if state.message else None


def _no_files(hash: str, host: str | None) -> NoResultFiles:
    return NoResultFiles(
        "The job is done, but the service lists no files for it.",
        hash=hash,
        host=host,
        charged=True,
        retryable=True,
        next_step="They may still appear: come back to it by its hash. "
        "After about 72 hours they are gone for good.",
    )


def _timed_out(
    hash: str,
    host: str | None,
    timeout: float,
    shown: JobState | None,
    last: MVSepError | None,
) -> JobTimeout:
    stands = f" It was last seen {shown}." if shown else ""
    trouble = f" The last question failed: {last.message}" if last else ""
    return JobTimeout(
        f"The job was not done after {timeout:g} seconds.{stands}{trouble}",
        hash=hash,
        host=host,
        retryable=True,
        next_step="It goes on at the service; come back to it by its hash.",
    )
