"""How a job is created: where, what a refusal means, and when it may be asked for again.

Pure, like `mvsep.jobs.poll`: a rule made of steps, which both clients carry out. The form is sent
to one host after the other only while it is sure that no job can have come of it.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from typing import Any, Final

from attrs import frozen

from mvsep.account.profile import read_account, read_quota, under_way
from mvsep.core.steps import AskAccount, AskPlan, Sleep
from mvsep.errors import (
    ConnectionFailed,
    InsufficientCredits,
    InvalidRequest,
    MVSepError,
    QueueFull,
    QuotaExceeded,
    Refused,
)
from mvsep.jobs.submission import Submission
from mvsep.pricing import limit, preflight
from mvsep.settings.client import ClientSettings
from mvsep.settings.urls import netloc
from mvsep_api.models.separation_created_data import SeparationCreatedData

# A job takes a minute or more, so a place is not free sooner than that; seconds.
_FIRST_LOOK: Final = 10.0
_LONGEST_LOOK: Final = 60.0
# Seconds between two uploads of a song where nobody can tell whether there is a place.
_BLIND: Final = 600.0


@frozen
class Send:
    """Send the form to the host of `url`."""

    url: str


@frozen
class Created:
    """A job that was created.

    Args:
        hash: Its hash.
        url: An address at the host that has it.
    """

    hash: str
    url: str


Step = Send | AskPlan | AskAccount | Sleep
Creating = Generator[Step, Any, Created]


def create(
    submission: Submission,
    *,
    session: ClientSettings,
) -> Creating:
    """The steps of creating a job.

    Args:
        submission: What to send.
        session: Where to: the next of its regions when one can't be reached.

    Yields:
        What to do next. A question is answered with the facade's answer, or by throwing its error.

    Raises:
        MVSepError: As `MVSep.submit`.
    """
    submission.check_inputs()
    if submission.max_credits is not None:
        yield from _afford(submission, session)
    clock = session.timing.clock
    began, pause = clock(), _FIRST_LOOK
    while True:
        try:
            return (yield from _send(submission, session))
        except QueueFull as full:
            refused = clock()
            while True:
                left = (submission.wait_for_place or 0.0) - (clock() - began)
                if left <= 0:
                    raise full from None
                yield Sleep(min(pause, left))
                pause = min(pause * 1.5, _LONGEST_LOOK)
                # Asking costs less than uploading the song again.
                busy = yield from _under_way()
                if busy == 0 or (busy is None and clock() - refused >= _BLIND):
                    break
        except InvalidRequest as error:
            raise (yield from _explained(error, submission)) from error.__cause__


def _afford(submission: Submission, session: ClientSettings) -> Generator[Step, Any, None]:
    """Hold the job to its spending limit, and see whether the account may have it."""
    wanted = submission.wanted()
    limit.within(submission.max_credits, wanted, allow_unknown=submission.allow_unknown_price)
    try:
        found = yield from preflight.ask(wanted, session.host)
    except MVSepError as error:
        error.charged = False
        raise
    found.check()


def _send(submission: Submission, session: ClientSettings) -> Creating:
    unreached: tuple[MVSepError, str] | None = None
    for url in session.regions:
        host = netloc(url)
        try:
            answer = yield Send(url)
        except ConnectionFailed as error:
            if error.sent:
                raise submission.failed(error, host=host) from error
            unreached = (error, host)
            continue
        except MVSepError as error:
            raise submission.failed(error, host=host) from error
        hash_ = submission.hash_of(answer, host=host)
        link = answer.data.link if isinstance(answer.data, SeparationCreatedData) else None
        return Created(hash_, session.at(url).home(link))
    assert unreached is not None  # noqa: S101  there is one region at least
    raise submission.failed(unreached[0], host=unreached[1]) from unreached[0]


def _under_way() -> Generator[Step, Any, int | None]:
    """How many jobs the account has under way; None where that can't be told."""
    try:
        return under_way((yield AskAccount()).to_dict().get("data"))
    except MVSepError:
        return None


def _explained(refused: InvalidRequest, submission: Submission) -> Generator[Step, Any, MVSepError]:
    """A refusal whose text nobody knows, told apart by what the account has left."""
    account, quota = None, None
    # Either may tell by itself when the other does not answer.
    with suppress(MVSepError):
        account = read_account((yield AskAccount()), refused.host or "")
    with suppress(MVSepError):
        quota = read_quota((yield AskPlan()))
    pays = account.premium_enabled if account else quota and quota.plan == "premium"
    if quota and quota.free_left == 0 and not pays:
        return _as(
            QuotaExceeded,
            refused,
            "The plan's free separations for the day are used up.",
            "Try again tomorrow, or buy credits and switch premium on.",
        )
    price = submission.price()
    if account and pays and account.credits is not None and account.credits < price:
        return _as(
            InsufficientCredits,
            refused,
            f"The balance of {account.credits} credits does not cover the job, "
            f"which costs {price} or more.",
            "Buy credits, or choose a cheaper separation type.",
        )
    return refused


def _as(kind: type[Refused], refused: Refused, message: str, next_step: str) -> Refused:
    return kind(
        message,
        server_text=refused.server_text,
        status=refused.status,
        host=refused.host,
        charged=False,
        next_step=next_step,
    )
