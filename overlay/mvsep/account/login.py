"""What belongs to the account: log in, look at it, and see what is left.

Each function takes the client, `MVSep` or for the `_async` twins `AsyncMVSep`. No message and no
repr here shows a token, a password or an e-mail address.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from mvsep.account.profile import Account, Quota, read_account, read_quota
from mvsep.core.values import presentable
from mvsep.errors import InvalidInput, InvalidRequest, InvalidToken, MVSepError, Refused
from mvsep.settings import token
from mvsep.settings.token import Token
from mvsep_api.models.user_answer import UserAnswer
from mvsep_api.types import Unset

if TYPE_CHECKING:
    from mvsep.client.account import AsyncBelongings, Belongings


# Excerpts of an answer are cut to this many characters, and what is cut can't be masked for sure.
_CUT = 200


def login(client: Belongings, email: str, password: str) -> Token:
    """Get the account's API token for its e-mail address and password.

    Args:
        client: The client; it needs no token, and does not take on the one it gets.
        email: The e-mail address.
        password: The password. It is sent, and kept nowhere.

    Returns:
        The token: a text whose repr is a mask. Printing it shows it.

    Raises:
        InvalidInput: When one of the two is no text or empty; nothing was sent.
        InvalidRequest: When the service does not accept the two.
        InvalidToken: When the account has no token, as answers with a null have shown.
        MVSepError: Or another kind, as every call.
    """
    _check_text(email=email, password=password)
    with discreet(password, email):
        answer = client.api.app.login(email=email, password=password)
        return _token(answer, client.session.host)


async def login_async(client: AsyncBelongings, email: str, password: str) -> Token:
    """Get the account's API token; see `login`."""
    _check_text(email=email, password=password)
    with discreet(password, email):
        answer = await client.api.app.login(email=email, password=password)
        return _token(answer, client.session.host)


def account(client: Belongings) -> Account:
    """Look at the account.

    Raises:
        InvalidToken: When there is no token, or the service does not accept it.
        MVSepError: Or another kind, as every call.
    """
    with discreet():
        return read_account(client.api.app.user(), client.session.host)


async def account_async(client: AsyncBelongings) -> Account:
    """Look at the account; see `account`."""
    with discreet():
        return read_account(await client.api.app.user(), client.session.host)


def quota(client: Belongings) -> Quota:
    """See what the account's plan has left. Without a token this is the plan of a guest.

    Raises:
        MVSepError: As every call.
    """
    return read_quota(client.api.app.queue())


async def quota_async(client: AsyncBelongings) -> Quota:
    """See what the account's plan has left; see `quota`."""
    return read_quota(await client.api.app.queue())


# Reading the answers


def _check_text(**texts: object) -> None:
    for name, text in texts.items():
        if not isinstance(text, str) or not text:
            raise InvalidInput(f"{name} is a text that is not empty.", charged=False)


def _token(answer: UserAnswer, host: str) -> Token:
    found = None if isinstance(answer.data, Unset) else answer.data.api_token
    if isinstance(found, str) and found:
        return token.check(found)
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
    """Keep an error from telling of the account, and of what was handed over to log in.

    The answer may be the account itself in a form that could not be read, with e-mail address
    and token, so its raw text is not repeated; what the service said in words is, masked. What
    caused the error goes too: an exception of httpx holds the request.
    """
    try:
        yield
    except MVSepError as error:
        text = re.sub("[\0\ufffd]", "", error.server_text or "")
        words = isinstance(error, Refused) and len(text) < _CUT and '":' not in text
        error.server_text = (_hidden(text, secrets) or None) if words else None
        error.message = _hidden(error.message, secrets)
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


def _hidden(text: str, secrets: tuple[str, ...]) -> str:
    forms = {form for secret in secrets for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "***")
    return text


def _forms(secret: str) -> set[str]:
    """How a page may repeat a text."""
    safe = secret.encode(errors="replace")
    coded = {quote(safe, safe=""), quote_plus(safe), html.escape(secret)}
    quoted = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return {secret, presentable(secret), *coded, *quoted} - {""}
