"""The API token: what can be one, and how it is kept out of everything a person may read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from mvsep.errors import InvalidInput, InvalidToken

#: The environment variable that is read when no token is handed over.
TOKEN_VARIABLE = "MVSEP_API_TOKEN"  # noqa: S105  the name of a variable

#: Stands for the token in URLs until a request is below everything that logs.
PLACEHOLDER = "TOKEN"

_MARK = f"api_token={PLACEHOLDER}".encode()
_WHERE = f"Your token stands on the service's API page; hand it over as token= or {TOKEN_VARIABLE}."


class Token(str):
    """A token that shows itself to no one who only looks: its repr is a mask."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Token('***')"


def check(text: str) -> Token:
    """Check that a text can be an API token.

    Args:
        text: What was handed over.

    Returns:
        The same text, masked in every repr.

    Raises:
        InvalidToken: When it is empty or holds white space, control or non-ASCII characters.
            The message never shows the text itself.
    """
    if not text:
        raise InvalidToken("The API token is empty.", charged=False, next_step=_WHERE)
    if not all("!" <= character <= "~" for character in text):
        raise InvalidToken(
            "The API token holds white space, control or non-ASCII characters, so it can't be one.",
            charged=False,
            next_step="Was it copied with a line break or a quote around it? " + _WHERE,
        )
    return Token(text)


def find(token: str | None, environment: Mapping[str, str]) -> Token | None:
    """The token to use: the one handed over, else the environment's, else none.

    An empty environment variable counts as not set, so that public calls work without it.

    Raises:
        InvalidToken: When what was found can't be a token.
    """
    if token is not None:
        return check(token)
    found = environment.get(TOKEN_VARIABLE, "")
    return check(found) if found else None


def required(token: Token | None) -> Token:
    """The token, where a call can't do without it.

    Raises:
        InvalidToken: When there is none; raised before anything is sent.
    """
    if token is None:
        raise InvalidToken("This call needs an API token.", charged=False, next_step=_WHERE)
    return token


def fingerprint(token: Token | None) -> str:
    """What tells one account from another; the token can't be found out from it."""
    return hashlib.blake2b(token.encode(), digest_size=8).hexdigest() if token else ""


def elsewhere(host: str) -> InvalidInput:
    """The error for a request that would carry the token to another host."""
    return InvalidInput(
        f"The API token is sent to the service's own hosts only, not to {host}.",
        host=host,
        charged=False,
    )


def hidden(text: str, token: Token | None) -> str:
    """A text with the token masked, as it is and as it stands in URLs."""
    for form in {token, quote(token, safe="")} if token else ():
        text = text.replace(form, "***")
    return text


def reveal(query: bytes, token: Token | None, *, host: str, hosts: frozenset[str]) -> bytes:
    """Put the token into a URL's query in place of the placeholder.

    Args:
        query: The query as httpx encoded it.
        token: The token.
        host: The host the request goes to.
        hosts: The API's own hosts, the only ones that may see the token.

    Raises:
        InvalidInput: When the request would carry the token to another host.
    """
    if _MARK not in query.split(b"&"):
        return query
    if host not in hosts:
        raise elsewhere(host)
    secret = b"api_token=" + quote(required(token), safe="").encode()
    return b"&".join(secret if part == _MARK else part for part in query.split(b"&"))
