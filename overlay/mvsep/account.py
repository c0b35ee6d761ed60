"""What belongs to the account: log in, look at it, turn its switches, and see what is left.

Each function takes the client, `MVSep` or for the `_async` twins `AsyncMVSep`. No message and no
repr here shows a token, a password or an e-mail address.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote, quote_plus

from attrs import field, frozen

from mvsep import tokens
from mvsep.answers import digits, presentable
from mvsep.errors import (
    ConnectionFailed,
    InvalidInput,
    InvalidRequest,
    InvalidToken,
    MVSepError,
    Refused,
    UnexpectedResponse,
)
from mvsep.tokens import Token
from mvsep_api.models.queue_answer import QueueAnswer
from mvsep_api.models.user_answer import UserAnswer
from mvsep_api.types import Unset

if TYPE_CHECKING:
    from mvsep.client import AsyncMVSep, MVSep

# Excerpts of an answer are cut to this many characters, and what is cut can't be masked for sure.
_CUT = 200


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
    """What the account's plan has left.

    Args:
        plan: unregistered, registered, premium, or a word that is not known yet.
        queue: How many jobs of that plan wait.
        free_left: Free separations left today; None where the service does not say.
        free_most: Free separations a day. 50 were seen for registered accounts.
        raw: The answer as it came.
    """

    plan: str | None
    queue: int | None
    free_left: int | None
    free_most: int | None
    raw: Mapping[str, Any] = field(repr=False, eq=False)


def login(client: MVSep, email: str, password: str) -> Token:
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
    with _discreet(password, email):
        answer = client.api.app.login(email=email, password=password)
        return _token(answer, client.session.host)


async def login_async(client: AsyncMVSep, email: str, password: str) -> Token:
    """Get the account's API token; see `login`."""
    _check_text(email=email, password=password)
    with _discreet(password, email):
        answer = await client.api.app.login(email=email, password=password)
        return _token(answer, client.session.host)


def account(client: MVSep) -> Account:
    """Look at the account.

    Raises:
        InvalidToken: When there is no token, or the service does not accept it.
        MVSepError: Or another kind, as every call.
    """
    with _discreet():
        return _account(client.api.app.user(), client.session.host)


async def account_async(client: AsyncMVSep) -> Account:
    """Look at the account; see `account`."""
    with _discreet():
        return _account(await client.api.app.user(), client.session.host)


def quota(client: MVSep) -> Quota:
    """See what the account's plan has left. Without a token this is the plan of a guest.

    Raises:
        MVSepError: As every call.
    """
    return _quota(client.api.app.queue())


async def quota_async(client: AsyncMVSep) -> Quota:
    """See what the account's plan has left; see `quota`."""
    return _quota(await client.api.app.queue())


# Reading the answers


def _check_text(**texts: object) -> None:
    for name, text in texts.items():
        if not isinstance(text, str) or not text:
            raise InvalidInput(f"{name} is a text that is not empty.", charged=False)


def _token(answer: UserAnswer, host: str) -> Token:
    found = None if isinstance(answer.data, Unset) else answer.data.api_token
    if isinstance(found, str) and found:
        return tokens.check(found)
    raise InvalidToken(
        "The login was accepted, but the account has no API token.",
        host=host,
        next_step="Log in on the service's site and open its API page, where the token stands.",
    )


def _account(answer: UserAnswer, host: str) -> Account:
    if isinstance(answer.data, Unset):
        raise UnexpectedResponse("The answer holds no account.", host=host)
    raw = answer.data.to_dict()
    raw.pop("api_token", None)
    return Account(
        name=_text(raw.get("name")),
        email=_text(raw.get("email")),
        credits=_number(raw.get("premium_minutes")),
        premium_enabled=_flag(raw.get("premium_enabled")),
        long_filenames=_flag(raw.get("long_filenames_enabled")),
        raw=raw,
    )


def _quota(answer: QueueAnswer) -> Quota:
    raw = answer.to_dict()
    # The documentation calls it `plan`; a client of September 2026 saw `current`.
    plan = raw.get("current") or raw.get("plan") or {}
    free = raw.get("free_separations") or {}
    return Quota(
        plan=_text(plan.get("plan")),
        queue=_number(plan.get("queue")),
        free_left=_number(free.get("left")),
        free_most=_number(free.get("max")),
        raw=raw,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    if isinstance(value, str):
        return digits(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _flag(value: object) -> bool | None:
    """A flag, which comes as 0 and 1, as a boolean or as a word; None for anything else.

    Unlike `answers.truth` this does not guess: to take a switch for off that is on would turn it
    off for good after the block.
    """
    words = {"0": False, "1": True, "false": False, "true": True}
    return words.get(str(value).lower()) if isinstance(value, int | str) else None


# Keeping secrets out of errors


# What a login with a wrong password may be answered with. 400 is documented; the others are what
# servers of this kind do.
_WRONG = frozenset({200, 400, 401, 403, 422})


@contextmanager
def _discreet(*secrets: str) -> Iterator[None]:
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


# The switches


@frozen
class Switch:
    """A switch of the account.

    Args:
        name: The service's word for it, as in `enable_<name>`.
        flag: Which attribute of `Account` tells how it stands.
    """

    name: str
    flag: Literal["premium_enabled", "long_filenames"]

    def operation(self, on: bool) -> str:
        """The method of `api.app` that turns it on or off."""
        return f"{'enable' if on else 'disable'}_{self.name}"

    def stands(self, account: Account, host: str) -> bool:
        """How it stands.

        Raises:
            UnexpectedResponse: When the service did not say; nothing was changed.
        """
        state: bool | None = getattr(account, self.flag)
        if state is None:
            raise UnexpectedResponse(
                f"The service does not say whether {self.words} is on, so it was left as it is.",
                host=host,
                next_step=f"Turn it by hand with api.app.{self.operation(True)}().",
            )
        return state

    @property
    def words(self) -> str:
        """Its name for a person."""
        return self.name.replace("_", " ")


#: Whether the account's credits may be spent.
PREMIUM: Final = Switch("premium", "premium_enabled")
#: Whether the names of new stems hold more detail.
LONG_FILENAMES: Final = Switch("long_filenames", "long_filenames")


def turn(client: MVSep, switch: Switch, on: bool) -> None:
    """Turn a switch of the account on or off, and leave it so.

    Raises:
        MVSepError: As every call.
    """
    getattr(client.api.app, switch.operation(on))()


async def turn_async(client: AsyncMVSep, switch: Switch, on: bool) -> None:
    """Turn a switch of the account on or off, and leave it so; see `turn`."""
    await getattr(client.api.app, switch.operation(on))()


@contextmanager
def turned(client: MVSep, switch: Switch, on: bool = True) -> Iterator[None]:
    """Have a switch on, or off, for a block, and put it back as it was.

    The account is asked first; a switch that stands right is not touched, then or afterwards, so
    blocks can be nested. It is put back when the block raises too, and when it is not known
    whether turning it took effect. When the process is killed, it stays as it is.

    The switch is the account's, not the client's: two blocks that overlap, in two clients,
    threads or programs, do not know of each other. The one that found it off puts it back when
    it ends, under the other. What depends on it is decided when a job is created.

    Args:
        client: The client.
        switch: `PREMIUM` or `LONG_FILENAMES`.
        on: What is wanted.

    Raises:
        UnexpectedResponse: When the service does not say how the switch stands.
        MVSepError: As every call. When the switch could not be put back, the message says so,
            and the next step how to do it by hand; what the block had raised is its cause, and
            its hash is kept. An interruption or a cancellation is raised itself, with a note.
    """
    before = switch.stands(account(client), client.session.host)
    if before == on:
        yield
        return
    inside = False
    try:
        turn(client, switch, on)
        inside = True
        yield
    except BaseException as ended:
        if inside or _may_have_acted(ended):
            with _putting_back(switch, before, ended):
                turn(client, switch, before)
        raise
    with _putting_back(switch, before):
        turn(client, switch, before)


@asynccontextmanager
async def turned_async(client: AsyncMVSep, switch: Switch, on: bool = True) -> AsyncIterator[None]:
    """Have a switch on, or off, for a block, and put it back as it was; see `turned`."""
    before = switch.stands(await account_async(client), client.session.host)
    if before == on:
        yield
        return
    inside = False
    try:
        await turn_async(client, switch, on)
        inside = True
        yield
    except BaseException as ended:
        if inside or _may_have_acted(ended):
            with _putting_back(switch, before, ended):
                await turn_async(client, switch, before)
        raise
    with _putting_back(switch, before):
        await turn_async(client, switch, before)


@contextmanager
def _putting_back(switch: Switch, on: bool, ended: BaseException | None = None) -> Iterator[None]:
    """Say it clearly when a switch can't be put back to `on` after the block ended as it did."""
    try:
        yield
    except BaseException as failed:
        trouble = f"{switch.words.capitalize()} may still be {'off' if on else 'on'}"
        by_hand = f"Turn it {'on' if on else 'off'} yourself: api.app.{switch.operation(on)}()."
        if not isinstance(ended, Exception | None):
            ended.add_note(f"{trouble}: it could not be put back. {by_hand}")
            raise ended from failed
        if isinstance(failed, MVSepError):
            failed.message = f"{trouble}: it could not be put back. {failed.message}"
            failed.next_step = by_hand
            failed.retryable = False  # to run the block again would be to pay again
            if isinstance(ended, MVSepError):  # a job paid for in the block is not to be lost
                failed.message += f" Before that: {ended.message}"
                failed.next_step = f"{by_hand} {ended.next_step or ''}".rstrip()
                failed.hash, failed.charged = ended.hash, ended.charged
            failed.args = (failed.message,)
        else:
            failed.add_note(f"{trouble}: it could not be put back. {by_hand}")
        raise failed from ended


def _may_have_acted(error: BaseException) -> bool:
    """Whether the service may have turned the switch although turning it failed."""
    if isinstance(error, ConnectionFailed):
        return error.sent
    return not isinstance(error, Refused | InvalidInput)
