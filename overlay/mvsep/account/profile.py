"""The account: its credits and switches, and the rest of its plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from mvsep.core.values import digits, filled_text, integer_of
from mvsep.errors import UnexpectedResponse
from mvsep_api.models.queue_answer import QueueAnswer
from mvsep_api.models.user_answer import UserAnswer
from mvsep_api.types import UNSET, Unset


def under_way(account: object) -> int | None:
    """Count the jobs that the `data` of `app.user` has under way; None where that can't be read.

    `current_queue` is not documented. It was seen as a list, as null and as a number.
    """
    queue = account.get("current_queue", UNSET) if isinstance(account, Mapping) else UNSET
    if queue is None:
        return 0
    if isinstance(queue, str):
        return digits(queue.strip())
    if isinstance(queue, int) and not isinstance(queue, bool):
        return max(queue, 0)
    return len(queue) if isinstance(queue, list) else None


@frozen
class Account:
    """The account, as the service describes it.

    Args:
        name: The user's name; not shown in the repr.
        email: The e-mail address; not shown in the repr.
        credits: Credits left. The service calls them `premium_minutes`; they are not minutes.
        premium_enabled: Whether credits may be spent; None where the service did not say.
        long_filenames: Whether new stems get long names; None where the service did not say.
        raw: The answer as it came, without the token; not shown in the repr.
    """

    name: str | None = field(repr=False)
    email: str | None = field(repr=False)
    credits: int | None
    premium_enabled: bool | None
    long_filenames: bool | None
    raw: Mapping[str, Any] = field(repr=False, eq=False)


@frozen
class Quota:
    """The rest of the account's plan.

    Args:
        plan: unregistered, registered, premium, or a word that is not known yet.
        queue: The number of jobs of that plan that wait.
        free_left: Free separations left today; None where the service does not say.
        free_most: Free separations a day. 50 were seen for registered accounts.
        raw: The answer as it came.
    """

    plan: str | None
    queue: int | None
    free_left: int | None
    free_most: int | None
    raw: Mapping[str, Any] = field(repr=False, eq=False)


def read_account(answer: UserAnswer, host: str) -> Account:
    """Read the answer of `app.user`."""
    if isinstance(answer.data, Unset):
        raise UnexpectedResponse("The answer holds no account.", host=host)
    raw = answer.data.to_dict()
    raw.pop("api_token", None)
    return Account(
        name=filled_text(raw.get("name")),
        email=filled_text(raw.get("email")),
        credits=integer_of(raw.get("premium_minutes")),
        premium_enabled=_flag(raw.get("premium_enabled")),
        long_filenames=_flag(raw.get("long_filenames_enabled")),
        raw=raw,
    )


def read_quota(answer: QueueAnswer) -> Quota:
    """Read the answer of `app.queue`."""
    raw = answer.to_dict()
    # The documentation calls it `plan`; a client of September 2026 saw `current`.
    plan = raw.get("current") or raw.get("plan") or {}
    free = raw.get("free_separations") or {}
    return Quota(
        plan=filled_text(plan.get("plan")),
        queue=integer_of(plan.get("queue")),
        free_left=integer_of(free.get("left")),
        free_most=integer_of(free.get("max")),
        raw=raw,
    )


def _flag(value: object) -> bool | None:
    """Read a flag, which comes as 0 and 1, as a boolean or as a word; None for anything else.

    Unlike `truth` this does not guess: a block would put back a switch wrongly read as off.
    """
    words = {"0": False, "1": True, "false": False, "true": True}
    return words.get(str(value).lower()) if isinstance(value, int | str) else None
