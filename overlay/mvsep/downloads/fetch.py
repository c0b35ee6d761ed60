"""How a result file is fetched: what to ask for, what an answer means, and when to ask again.

Nothing here asks or sleeps. `fetch` is a generator of steps; the sync and the async client carry
them out, so both take the same decisions. It writes to the disk between its steps.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import httpx
from attrs import field, frozen

from mvsep.core.locks import Busy
from mvsep.core.steps import Sleep
from mvsep.downloads.part_file import PartFile
from mvsep.downloads.response import Complete, Follow, Refuse, Renew, Retry, Take, judge
from mvsep.downloads.result import StemFile
from mvsep.errors import ConnectionFailed, DownloadError, JobNotFound, MVSepError
from mvsep.files.digest import Written
from mvsep.job_state import ResultFile, read_state
from mvsep.settings.policies import RetryPolicy
from mvsep.settings.urls import check_link
from mvsep.transport import retry

#: How patient a download is. Attempts count anew when the file got further than ever before.
POLICY: Final = RetryPolicy(attempts=5, budget=180.0)

#: How often in a row an answer may send elsewhere.
MOST_REDIRECTS: Final = 3

_KEPT: Final = "Nothing stands under that name; download again, the job is not touched."
_GONE: Final = "The link may have expired: results are kept for about 72 hours."


@frozen
class Wanted:
    """A file to be fetched: what the service offers, and where it goes."""

    file: ResultFile
    path: Path

    @property
    def label(self) -> str:
        """What the stem is called where the service gives it no label."""
        return self.file.label or self.path.stem


@frozen
class Order:
    """The files of a job that are to be fetched.

    Args:
        hash: The job's hash.
        host: The host it is asked for at.
        local: Whether that is a server on this machine.
        hosts: The hosts that files may come from besides the service's own.
        wanted: The files, in the service's order.
        unreadable: How many files the service lists besides, in a way that can't be read.
        overwrite: Whether files that are there may be replaced.
        known: What a record of this job says of files it wrote before, by file name.
    """

    hash: str
    host: str
    local: bool
    hosts: frozenset[str]
    wanted: tuple[Wanted, ...]
    unreadable: int = 0
    overwrite: bool = False
    known: Mapping[str, Written] = field(factory=dict)

    def check_link(self, url: str) -> httpx.URL:
        """Check that a link leads to where its files may come from; see `check_link`."""
        return check_link(url, self.host, self.hosts, local=self.local, hash=self.hash)

    def error(self, message: str, next_step: str = _KEPT, **more: Any) -> DownloadError:
        """A download error about this job."""
        return DownloadError(
            message, hash=self.hash, host=self.host, charged=True, next_step=next_step, **more
        )


@frozen
class Get:
    """Send a GET, and answer with the `Head`; the body is read by `Read`."""

    url: str
    headers: Mapping[str, str]


@frozen
class Read:
    """Read the next piece of the body; None is its end."""


@frozen
class End:
    """Let go of the answer, whatever of its body is left."""


@frozen
class Ask:
    """Ask the operation `separation.get` about `hash`."""

    hash: str


@frozen
class Show:
    """Tell the caller how many bytes there are."""

    done: int
    total: int | None


Step = Get | Read | End | Ask | Show | Sleep
Fetch = Generator[Step, Any, StemFile]


def fetch(order: Order, wanted: Wanted) -> Fetch:
    """The steps of fetching one file.

    Args:
        order: The job.
        wanted: The file.

    Yields:
        What to do next. What fails on the way to the server is thrown in, as an `MVSepError`.

    Returns:
        The file, on the disk under its name.

    Raises:
        DownloadError: When it could not be fetched whole; nothing stands under its name then,
            or what stood there before.
    """
    name, shown = wanted.path.name, None
    try:
        with PartFile(wanted.path, job=order.hash, url=wanted.file.url) as part:
            written = part.is_written(order.known.get(name))
            if written is None:
                if os.path.lexists(wanted.path) and not order.overwrite:
                    raise FileExistsError(wanted.path)  # noqa: TRY301  said in one place
                shown = yield from _fetch(order, wanted, part)
                written = part.place(overwrite=order.overwrite)
    except Busy as error:
        raise order.error(
            f"{name} is being written by somebody else just now.",
            "Wait for the other download of it to end.",
            retryable=True,
        ) from error
    except FileExistsError as error:
        there = "was changed since it was saved" if name in order.known else "is there already"
        raise order.error(
            f"{wanted.path} {there}, and it was not asked to overwrite it.",
            "Choose another folder, or ask to overwrite; the job is not touched.",
        ) from error
    except OSError as error:
        raise order.error(
            f"{name} could not be written to {wanted.path.parent}: {error.strerror or error}.",
            f"Make room there, or choose another folder. {_KEPT}",
            retryable=True,
        ) from error
    if shown != written.size:
        yield Show(written.size, written.size)
    return StemFile(wanted.label, wanted.path, written.size, written.sha256)


def _fetch(order: Order, wanted: Wanted, part: PartFile) -> Generator[Step, Any, int | None]:
    """Bring all bytes into `part`; returns the number that was shown last."""
    link, renewed, shown = wanted.file.url, False, None
    url, redirects = link, 0
    if part.size and {part.origin.total, wanted.file.size} - {None, part.origin.total}:
        part.begin(link, validator=None, total=None)  # another size is promised now
    failures, paused, best = 0, 0.0, part.size
    while not part.is_whole:
        cause: MVSepError | None = None
        try:
            verdict = judge(
                (yield Get(url, _headers(part))),
                offset=_offset(part),
                validator=part.origin.validator,
                total=part.origin.total,
                promised=wanted.file.size,
            )
            if isinstance(verdict, Complete):
                return shown
            if isinstance(verdict, Take):
                if verdict.start == 0:
                    part.begin(link, validator=verdict.validator, total=verdict.total)
                while (piece := (yield Read())) is not None:
                    _check_room(order, wanted, part, verdict, len(piece))
                    part.write(piece)
                    shown = part.size
                    yield Show(shown, verdict.total)
                if part.size == verdict.total or (verdict.total is None and verdict.end is None):
                    return shown
                verdict = Retry(f"the connection ended after {part.size} bytes of it")
        except MVSepError as error:
            if isinstance(error, DownloadError):
                raise
            if not error.retryable:
                raise order.error(
                    f"{wanted.path.name} can't be fetched. {error.message}"
                ) from error
            verdict, cause = Retry(error.message.rstrip(".")), error
        yield End()
        if isinstance(verdict, Follow) and redirects < MOST_REDIRECTS:
            url, redirects = _next_link(order, url, verdict.location), redirects + 1
            continue
        if isinstance(verdict, Follow):
            verdict = Refuse(f"is nowhere: more than {MOST_REDIRECTS} redirects", 302)
        if isinstance(verdict, Renew) and not renewed:
            link, renewed = (yield from _renew(order, wanted, verdict)), True
            if part.size and not part.origin.is_of(order.hash, link):
                part.begin(link, validator=None, total=None)
            url, redirects = link, 0
            continue
        if isinstance(verdict, Renew):
            raise _expired(order, wanted, verdict)
        if isinstance(verdict, Refuse):
            raise order.error(
                f"{wanted.path.name} {verdict.why}.",
                status=verdict.status,
                retryable=verdict.retryable,
            )
        if part.is_whole:
            break
        if verdict.afresh and part.size:
            part.begin(link, validator=None, total=None)
        failures = 1 if part.size > best else failures + 1
        best = max(best, part.size)
        pause = retry.pause(POLICY, failures, paused, verdict.after, 1.0)
        if pause is None:
            when = f" Try again in {verdict.after:.0f} seconds." if verdict.after else ""
            raise order.error(
                f"{wanted.path.name} did not arrive whole: {verdict.why}.",
                f"{_KEPT}{when}",
                status=verdict.status,
                retryable=True,
            ) from cause
        paused += pause
        yield Sleep(pause)
        url, redirects = link, 0
    return shown


def _offset(part: PartFile) -> int:
    return part.size if part.origin.validator is not None else 0


def _headers(part: PartFile) -> dict[str, str]:
    # Plain bytes: lengths and parts are those of the coded bytes otherwise.
    headers = {"Accept-Encoding": "identity"}
    if offset := _offset(part):
        headers["Range"] = f"bytes={offset}-"
        headers["If-Range"] = part.origin.validator or ""
    return headers


def _check_room(order: Order, wanted: Wanted, part: PartFile, take: Take, more: int) -> None:
    room = min((n for n in (take.end, take.total) if n is not None), default=None)
    if room is not None and part.size + more > room:
        part.begin(part.origin.url, validator=None, total=None)
        raise order.error(
            f"{wanted.path.name} has more bytes than the {room} that were promised.", retryable=True
        )


def _next_link(order: Order, url: str, location: str) -> str:
    try:
        there = str(httpx.URL(url).join(location))
    except (ValueError, httpx.InvalidURL):
        there = location
    return str(order.check_link(there))


def _renew(order: Order, wanted: Wanted, expired: Renew) -> Generator[Step, Any, str]:
    """Where the service has the file now."""
    try:
        files = read_state((yield Ask(order.hash))).files
    except JobNotFound as error:
        raise _expired(order, wanted, expired) from error
    except MVSepError as error:
        what = f"{wanted.path.name} has a new place, and it could not be asked for. {error.message}"
        raise order.error(
            what, retryable=isinstance(error, ConnectionFailed) or error.retryable
        ) from error
    same = [file for file in files if (file.label, file.name) == _name(wanted)]
    if len(same) != 1:
        same = [file for file in files if file.label == wanted.file.label]
    if len(same) != 1:
        raise _expired(order, wanted, expired)
    order.check_link(same[0].url)
    return same[0].url


def _name(wanted: Wanted) -> tuple[str, str]:
    return wanted.file.label, wanted.file.name


def _expired(order: Order, wanted: Wanted, expired: Renew) -> DownloadError:
    return order.error(
        f"{wanted.path.name} can't be fetched: status {expired.status}.",
        _GONE,
        status=expired.status,
    )


def settled(
    order: Order, outcomes: Sequence[StemFile | BaseException | None]
) -> tuple[StemFile, ...]:
    """What became of an order.

    Args:
        order: The order.
        outcomes: For each file the stem, what went wrong, or None where it was not begun.

    Returns:
        The stems, in the service's order.

    Raises:
        DownloadError: When one is missing; its `finished` has the stems that are whole.
    """
    stems = tuple(each for each in outcomes if isinstance(each, StemFile))
    faults = [each for each in outcomes if isinstance(each, BaseException)]
    # What the caller's own functions raise comes before what the network does.
    for fault in sorted(faults, key=lambda each: isinstance(each, MVSepError)):
        if isinstance(fault, DownloadError):
            fault.finished = stems
            if stems:
                whole = f"{len(stems)} of {len(order.wanted)} stems are whole already."
                fault.next_step = f"{fault.next_step} {whole}" if fault.next_step else whole
        raise fault
    if len(stems) < len(order.wanted):
        raise order.error("The download was broken off.", finished=stems, retryable=True)
    return stems
