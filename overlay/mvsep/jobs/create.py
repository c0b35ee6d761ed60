"""Creating a job: where to send the form, and what a refusal means.

A create is never repeated once it may have made a job: the transport sends it again only before
its end left (`ApiRequest.after_failure` in `transport/request.py`), and the form goes to the next
region only then. After a clear no for a full queue a new one is sent, where the caller waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Final

from mvsep.account.profile import read_account, read_quota, under_way
from mvsep.core.flow import on_disk
from mvsep.errors import ConnectionFailed, InvalidRequest, MVSepError, QueueFull
from mvsep.jobs.lookup import Lookup
from mvsep.jobs.submission import Submission
from mvsep.pricing import preflight
from mvsep.transport.port import Port, before_end

# A job takes a minute or more, so a place is not free sooner than that; seconds.
_FIRST_LOOK: Final = 10.0
_LONGEST_LOOK: Final = 60.0
# Seconds between two uploads of a song where nobody can tell whether there is a place.
_BLIND: Final = 600.0


async def create(port: Port, submission: Submission) -> Lookup:
    """Create a job, and return where it is found.

    Raises:
        MVSepError: As `MVSep.submit`.
    """
    began, pauses = port.settings.timing.clock(), _pauses()
    while True:
        await submission.turn.to_send()
        try:
            return await _send(port, submission)
        except QueueFull as full:
            await _wait_for_place(port, submission, full, began, pauses)
        except InvalidRequest as error:
            raise await _explained(port, error, submission) from error.__cause__


async def _send(port: Port, submission: Submission) -> Lookup:
    unreached: Exception | None = None
    for url in port.settings.regions:
        there = port.at(url)
        try:
            async with on_disk(port, submission.opened()) as form:
                with before_end(partial(submission.note_end_leaving, there.settings)):
                    answer = await there.api.separation.create(**form)
                # At once: whatever ends the call from now on knows the job.
                return submission.created(answer, there.settings)
        except Exception as error:
            failed = submission.error_to_raise(error, host=there.settings.host)
            if failed is not error:
                raise failed from error
            if not isinstance(error, ConnectionFailed):
                raise
            unreached = error
    assert unreached is not None  # noqa: S101  there is one region at least
    raise unreached


def _pauses() -> Iterator[float]:
    pause = _FIRST_LOOK
    while True:
        yield pause
        pause = min(pause * 1.5, _LONGEST_LOOK)


async def _wait_for_place(
    port: Port, submission: Submission, full: QueueFull, began: float, pauses: Iterator[float]
) -> None:
    """Wait until the account's queue may have a place, or another song's job ends.

    Raises:
        QueueFull: When the time for it is up.
    """
    clock = port.settings.timing.clock
    refused = clock()
    others_end = await submission.turn.refused()
    while True:
        left = (submission.asked.wait_for_place or 0.0) - (clock() - began)
        if left <= 0:
            raise full from None
        if others_end:
            return
        await port.sleep(min(next(pauses), left))
        # Asking costs less than uploading the song again.
        busy = await _under_way(port)
        if busy == 0 or (busy is None and clock() - refused >= _BLIND):
            return


async def _under_way(port: Port) -> int | None:
    """Return how many jobs the account has under way; None where that can't be told."""
    try:
        return under_way((await port.api.app.user()).to_dict().get("data"))
    except MVSepError:
        return None


async def _explained(port: Port, refused: InvalidRequest, submission: Submission) -> MVSepError:
    """Tell apart a refusal whose text nobody knows, by what the account has left."""
    known, quota = None, None
    # Either may tell by itself when the other does not answer.
    with suppress(MVSepError):
        known = read_account(await port.api.app.user(), refused.host or "")
    with suppress(MVSepError):
        quota = read_quota(await port.api.app.queue())
    return preflight.explained(refused, await port.disk(submission.quote_or_less), known, quota)
