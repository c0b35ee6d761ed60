"""Flows of the account: log in, look at it, and see what is left.

No message and no repr here shows a token, a password or an e-mail address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from mvsep.account.profile import Account, Quota, read_account, read_quota
from mvsep.errors import InvalidInput, InvalidRequest, InvalidToken, MVSepError, Refused
from mvsep.settings.token import Token, check, hidden
from mvsep.transport.port import Port
from mvsep.transport.responses import EXCERPT
from mvsep_api.models.user_answer import UserAnswer
from mvsep_api.types import Unset


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
