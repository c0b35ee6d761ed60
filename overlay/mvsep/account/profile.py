"""The account: login, its credits and switches, and the rest of its plan.

No message and no repr here shows a token, a password or an e-mail address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import field, frozen

from mvsep.core.objects import Plain
from mvsep.core.values import digits, filled_text, integer_of
from mvsep.errors import (
    InvalidInput,
    InvalidRequest,
    InvalidToken,
    MVSepError,
    Refused,
    UnexpectedResponse,
)
from mvsep.settings.token import Token, check, hidden
from mvsep.transport.port import Port
from mvsep.transport.responses import EXCERPT
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


@frozen(repr=False)
class Account(Plain):
    """The account, as the service describes it.

    Args:
        name: The user's name; not shown in the repr.
        email: The e-mail address; not shown in the repr.
        credits: Credits left. The service calls them `premium_minutes`; they are not minutes.
        premium_enabled: Whether credits may be spent; None where the service did not say.
        long_filenames: Whether new stems get long names; None where the service did not say.
        raw: The answer as it came, without the token; not shown in the repr.
    """

    _keys = "name email credits premium_enabled long_filenames"

    name: str | None = field(repr=False)
    email: str | None = field(repr=False)
    credits: int | None
    premium_enabled: bool | None
    long_filenames: bool | None
    raw: Mapping[str, Any] = field(repr=False, eq=False)


@frozen(repr=False)
class Quota(Plain):
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


async def login(port: Port, email: str, password: str) -> Token:
    """Get the account's API token for its e-mail address and password, which is kept nowhere.

    The token's repr is a mask; printing it shows it. The port does not take it on.

    Raises:
        InvalidInput: When one of the two is no text or empty; nothing was sent.
        InvalidRequest: When the service does not accept the two.
        InvalidToken: When the account has no token, as answers with a null have shown.
    """
    for name, text in (("email", email), ("password", password)):
        if not isinstance(text, str) or not text:
            raise InvalidInput(f"{name} is a text that is not empty.", param=name)
    with discreet(password, email):
        return _token(await port.api.app.login(email=email, password=password), port.settings.host)


async def account(port: Port) -> Account:
    """Look at the account."""
    with discreet():
        return read_account(await port.api.app.user(), port.settings.host)


async def quota(port: Port) -> Quota:
    """See what the account's plan has left. Without a token this is the plan of a guest."""
    return read_quota(await port.api.app.queue())


def _token(answer: UserAnswer, host: str) -> Token:
    found = None if isinstance(answer.data, Unset) else answer.data.api_token
    if isinstance(found, str) and found:
        return check(found)
    raise InvalidToken(
        "The login was accepted, but the account has no API token.",
        host=host,
        next_step="Log in on the service's site and open its API page, where the token stands.",
    )


# Keeping secrets out of errors


# What a login with a wrong password may be answered with. 400 is documented; the others are what
# servers of this kind do.
_WRONG = frozenset({200, 400, 401, 403, 422})


@contextmanager
def discreet(*secrets: str) -> Iterator[None]:
    """Keep an error from telling of the account and of the credentials.

    The answer may be the account itself in a form that could not be read, with e-mail address
    and token, so its raw text is not repeated; what the service said in words is, masked. What
    caused the error goes too: an exception of httpx holds the request.
    """
    try:
        yield
    except MVSepError as error:
        # An excerpt may be cut, and what is cut can't be masked for sure.
        text = re.sub("[\0\ufffd]", "", error.server_text or "")
        words = isinstance(error, Refused) and len(text) < EXCERPT and '":' not in text
        error.server_text = (hidden(text, *secrets) or None) if words else None
        error.message = hidden(error.message, *secrets)
        error.args = (error.message,)
        error.__context__ = None
        if secrets and isinstance(error, InvalidRequest | InvalidToken) and error.status in _WRONG:
            raise _wrong_login(error) from None
        raise error from None


def _wrong_login(error: MVSepError) -> InvalidRequest:
    return InvalidRequest(
        "The service did not accept the e-mail address and the password.",
        server_text=error.server_text,
        status=error.status,
        host=error.host,
        next_step="Check that both work on the service's site, and that the account's "
        "e-mail address was confirmed.",
    )
