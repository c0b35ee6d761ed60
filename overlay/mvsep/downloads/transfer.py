"""Transfer of one file into its part: requests, what to do with each answer, and retries."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Final

import httpx

from mvsep.downloads.part_file import PartFile
from mvsep.downloads.plan import Order, Wanted
from mvsep.downloads.progress import Progress, Speed
from mvsep.downloads.response import (
    Complete,
    Decision,
    Follow,
    Head,
    Refuse,
    Renew,
    Retry,
    Take,
    judge,
)
from mvsep.errors import ConnectionFailed, DownloadError, JobNotFound, MVSepError
from mvsep.job_state import read_state
from mvsep.settings.policies import RetryPolicy
from mvsep.transport import retry
from mvsep.transport.port import BATCH, Answer, Port
from mvsep.transport.unpack import Spoilt, Unpacker

#: Patience of a download. Attempts count anew when the file got further than ever before.
POLICY: Final = RetryPolicy(attempts=5, budget=180.0)

#: Redirects in a row.
MOST_REDIRECTS: Final = 3

_GONE: Final = "The link may have expired: results are kept for about 72 hours."


class _TooMany(Exception):
    """More bytes came than a file may have."""


class Transfer:
    """A file on its way into its part."""

    def __init__(
        self, port: Port, order: Order, wanted: Wanted, part: PartFile, progress: Progress
    ) -> None:
        self._port, self._order, self._wanted = port, order, wanted
        self._part, self._progress = part, progress
        self._shown: int | None = None
        self._link = wanted.file.url
        self._renewed = False
        # The link, or the place that redirects from it lead to.
        self._url, self._redirects = self._link, 0
        self._failures, self._paused, self._best = 0, 0.0, part.size
        self._speed = Speed(port.settings, part.size)

    async def run(self) -> int | None:
        """Bring all bytes into the part, and return the number that was shown last."""
        part, promised = self._part, self._wanted.file.size
        if part.size and promised is not None and promised != part.origin.total:
            await self._begin()
        while not part.is_whole:
            self._progress.check()
            match await self._ask():
                case Complete():
                    break
                case Follow(location, status):
                    self._follow(location, status)
                case Renew(status):
                    await self._renew(status)
                case Refuse(why, status, retryable):
                    raise self._error(f"{why}.", status=status, retryable=retryable)
                case Retry() as failure if not part.is_whole:
                    await self._try_later(failure)
        return self._shown

    async def _ask(self) -> Decision:
        """Send one request, and take the bytes that come."""
        part = self._part
        try:
            async with self._port.get(self._url, self._headers()) as answer:
                now = self._port.settings.timing.wall()
                head = Head(answer.status, answer.headers, answer.http_version, now)
                decision = judge(
                    head,
                    offset=self._offset,
                    validator=part.origin.validator,
                    total=part.origin.total,
                    promised=self._wanted.file.size,
                )
                if isinstance(decision, Take):
                    return await self._take(answer, decision, head.coding)
                return decision
        except Spoilt as error:
            await self._begin()  # as many bytes as were promised may have come, and be wrong
            return Retry(f"it can't be unpacked ({error})")
        except DownloadError:
            raise
        except MVSepError as error:
            if not error.retryable:
                raise self._error(f"can't be fetched. {error.message}") from error
            return Retry(error.message.rstrip("."), cause=error)

    @property
    def _offset(self) -> int:
        return self._part.size if self._part.origin.validator is not None else 0

    def _headers(self) -> dict[str, str]:
        # Plain bytes: lengths and parts are those of the coded bytes otherwise.
        headers = {"Accept-Encoding": "identity"}
        if self._offset:
            headers["Range"] = f"bytes={self._offset}-"
            headers["If-Range"] = self._part.origin.validator or ""
        return headers

    async def _take(self, answer: Answer, take: Take, coding: str) -> Complete | Retry:
        """Write the bytes of an answer to the part."""
        part, promised = self._part, take.limit
        most = self._most if promised is None else promised
        if self._wanted.file.size is None and most > self._most:
            raise self._implausible()
        unpacker = Unpacker(coding) if coding else None
        try:
            if stalled := await self._write_all(answer, unpacker, most, take):
                return stalled
        except _TooMany as error:
            await self._begin()
            if promised is None:
                raise self._implausible() from error
            raise self._error(
                f"has more bytes than the {most} that were promised.", retryable=True
            ) from error
        if unpacker and not unpacker.is_over:
            await self._begin()
            return Retry("its coded bytes have no end")
        if part.size == take.total or (take.total is None and take.end is None):
            return Complete()
        return Retry(f"the connection ended after {part.size} bytes of it")

    async def _write_all(
        self, answer: Answer, unpacker: Unpacker | None, most: int, take: Take
    ) -> Retry | None:
        """Write the bytes of an answer while the next ones come; Retry where they come too slowly.

        The last ones and slow ones are waited for, so that nothing is read for long in vain.
        """
        part, disk, start = self._part, self._port.disk, None if take.start else take
        async with self._port.behind() as behind:
            while came := await answer.batch():
                await behind.end()
                plain = chain.from_iterable(map(unpacker.unpack, came)) if unpacker else came
                written = 0 if start else part.size
                if sum(map(len, came)) >= BATCH and written + 2 * BATCH <= most:
                    behind.begin(self._write, plain, most, start)
                else:
                    await disk(self._write, plain, most, start)
                    written = part.size
                start = None
                if written:
                    self._shown = written
                    self._progress.show(self._wanted.file, written, take.total)
                if self._speed.note(written) and written != take.total:
                    return Retry("it makes no progress")
            await behind.end()
        if start:  # it has no bytes
            await self._begin(validator=take.validator, total=take.total)
        return None

    def _write(self, pieces: Iterable[bytes], most: int, start: Take | None) -> None:
        """Write pieces to the part, which gets no more than `most` bytes.

        The first ones of an answer with the whole file start it from nothing.
        """
        part = self._part
        with self._progress.writing():
            if start:
                self._speed.begin()
                part.begin(self._link, validator=start.validator, total=start.total)
            for piece in pieces:
                if part.size + len(piece) > most:
                    raise _TooMany
                part.write(piece)

    @property
    def _most(self) -> int:
        """Bytes of a file, at most, of which the service does not say how many it has."""
        return self._order.place.plausible or self._port.settings.downloads.largest

    def _implausible(self) -> DownloadError:
        return self._error(
            f"has more bytes than the {self._most} that are plausible.",
            "If that is right, set MVSep(downloads=DownloadPolicy(largest=...)), and fetch it by "
            "the job's hash: client.job(hash).download().",
        )

    async def _begin(self, *, validator: str | None = None, total: int | None = None) -> None:
        self._speed.begin()
        await self._port.disk(self._part.begin, self._link, validator=validator, total=total)

    def _follow(self, location: str, status: int) -> None:
        if self._redirects == MOST_REDIRECTS:
            raise self._error(
                f"is nowhere: more than {MOST_REDIRECTS} redirects.", status=status, retryable=True
            )
        try:
            there = str(httpx.URL(self._url).join(location))
        except (ValueError, httpx.InvalidURL):
            there = location
        self._url = str(self._order.check_link(there))
        self._redirects += 1

    async def _renew(self, status: int) -> None:
        """Ask the service for a fresh link, once."""
        if self._renewed:
            raise self._expired(status)
        part, hash = self._part, self._order.place.hash
        self._link, self._renewed = await self._fresh_link(status), True
        self._url, self._redirects = self._link, 0
        if part.size and not part.origin.is_of(hash, self._link):
            await self._begin()

    async def _fresh_link(self, status: int) -> str:
        offered = self._wanted.file
        try:
            answer = await self._port.api.separation.get(hash=self._order.place.hash)
        except JobNotFound as error:
            raise self._expired(status) from error
        except MVSepError as error:
            raise self._error(
                f"has a new link, and the service did not tell it. {error.message}",
                retryable=isinstance(error, ConnectionFailed) or error.retryable,
            ) from error
        labelled = [file for file in read_state(answer).files if file.label == offered.label]
        named = [file for file in labelled if file.name == offered.name]
        same = named if len(named) == 1 else labelled
        if len(same) != 1:
            raise self._expired(status)
        return str(self._order.check_link(same[0].url))

    async def _try_later(self, failure: Retry) -> None:
        """Wait before the next attempt, or raise when there were too many."""
        part = self._part
        if failure.afresh and part.size:
            await self._begin()
        self._speed.note(part.size)  # a stretch that ended with a failure counts too
        self._failures = 1 if part.size > self._best else self._failures + 1
        self._failures = max(self._failures, self._speed.stalls)
        self._best = max(self._best, part.size)
        # The whole pause, not a part of it by chance.
        pause = retry.pause(POLICY, self._failures, self._paused, failure.after, chance=1.0)
        if pause is None:
            when = f" in {failure.after:.0f} seconds" if failure.after else ""
            raise self._error(
                f"did not arrive whole: {failure.why}.",
                f"Download again{when}; the job is not affected.",
                status=failure.status,
                retryable=True,
            ) from failure.cause
        self._paused += pause
        await self._port.sleep(pause)
        self._speed.leave_out(pause)
        self._url, self._redirects = self._link, 0

    def _expired(self, status: int) -> DownloadError:
        return self._error(f"can't be fetched: status {status}.", _GONE, status=status)

    def _error(
        self,
        what: str,
        next_step: str = "Download again; the job is not affected.",
        *,
        status: int | None = None,
        retryable: bool = False,
    ) -> DownloadError:
        name = self._wanted.path.name
        return self._order.error(f"{name} {what}", next_step, status=status, retryable=retryable)
