"""The API token: checked, put into requests, and hidden from everything a person may read.

This module alone decides how a token is checked, masked, found, and put into a query.
`mvsep.transport.calls` puts it into forms. All others ask here.
"""

from __future__ import annotations

import hashlib
import html
import json
import logging
from collections.abc import Callable, Coroutine, Mapping
from functools import lru_cache, wraps
from types import TracebackType
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import quote, quote_plus
from weakref import WeakValueDictionary

from mvsep.core.shell import set_line
from mvsep.core.values import presentable
from mvsep.errors import InvalidInput, InvalidToken, MVSepError
from mvsep.settings.echo import masked, repeats

#: The environment variable that is read when no token is handed over.
TOKEN_VARIABLE = "MVSEP_API_TOKEN"  # noqa: S105  the name of a variable

#: The page of the service that shows a user's token.
TOKEN_PAGE: Final = "https://mvsep.com/user-api"  # noqa: S105  the address of a page

#: Stands for the token in URLs until a request is below everything that logs.
PLACEHOLDER = "TOKEN"

#: Stands for a secret in what is shown.
MASK: Final = "***"

_MARK = f"api_token={PLACEHOLDER}".encode()

# Loggers of the connections, which show at DEBUG what goes over them, and our own.
_LOGGERS: Final = (
    *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")),
    *("hpack.hpack", "hpack.table", "mvsep"),
)
# Packages whose frames hold a request, or what is left of one.
_BELOW: Final = frozenset(
    {"anyio", "asyncio", "concurrent", "h11", "h2", "httpcore", "httpx", "mvsep", "mvsep_api"}
    | {"socket", "ssl", "threading"}
)

Error = TypeVar("Error", bound=BaseException)
P = ParamSpec("P")
R = TypeVar("R")


class Token(str):
    """A token whose repr is a mask."""

    __slots__ = ("__weakref__",)

    def __repr__(self) -> str:
        return "Token('***')"


# Found


def where_to_get_one() -> str:
    """Tell where a token is shown, and where it is put, in the words of this shell."""
    line = set_line(TOKEN_VARIABLE, "...")
    return f"Get your token at {TOKEN_PAGE}. Then run `{line}`, or pass token=."


def check(text: str) -> Token:
    """Check that a text can be an API token; the error never shows the text itself."""
    if not isinstance(text, str):
        is_bytes = isinstance(text, bytes | bytearray)
        step = "Decode it: token.decode()." if is_bytes else where_to_get_one()
        raise _refused(f"The API token is a text, not {type(text).__name__}.", step)
    if not text:
        raise _refused("The API token is empty.", where_to_get_one())
    if not all("!" <= character <= "~" for character in text):
        raise _refused(
            "The API token holds white space, control or non-ASCII characters, so it can't be one. "
            "Was it copied with a line break or a quote around it?",
            where_to_get_one(),
        )
    return Token(text)


def find(token: str | None, environment: Mapping[str, str]) -> Token | None:
    """Return the token handed over, else the environment's, else None.

    An empty environment variable counts as not set, so that public calls work without it.
    """
    if token is not None:
        return check(token)
    found = environment.get(TOKEN_VARIABLE, "")
    return check(found) if found else None


def required(token: Token | None) -> Token:
    """Return the token, or raise InvalidToken before anything is sent."""
    if token is None:
        raise _refused("This call needs an API token.", where_to_get_one())
    return token


def _refused(message: str, next_step: str) -> InvalidToken:
    return InvalidToken(message, charged=False, next_step=next_step, param="token")


def fingerprint(token: Token | None) -> str:
    """Tell one account from another; the token can't be found out from it."""
    return hashlib.blake2b(token.encode(), digest_size=8).hexdigest() if token else ""


# Put in


def reveal(query: bytes, token: Token | None, *, host: str, hosts: frozenset[str]) -> bytes:
    """Put the token into a URL's query in place of the placeholder, for one of `hosts` only."""
    if _MARK not in query.split(b"&"):
        return query
    check_host(host, hosts)
    secret = b"api_token=" + quote(required(token), safe="").encode()
    return b"&".join(secret if part == _MARK else part for part in query.split(b"&"))


def check_host(host: str, hosts: frozenset[str]) -> None:
    """Check that a host may see the token: one of the API's own."""
    if host not in hosts:
        raise InvalidInput(
            f"The API token is sent to the service's own hosts only, not to {host}.", host=host
        )


# Hidden


def hidden(text: str, *secrets: str | None) -> str:
    """Mask secrets in a text, in every form that a page, a URL or a log may repeat them in."""
    forms = [form for secret in secrets if secret for form in _forms(str(secret))]
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, MASK)
    for secret in filter(None, secrets):
        # Of a password or an address, a part may well be a common word.
        in_part = isinstance(secret, Token)
        if repeats(text, secret, in_part=in_part):
            text = masked(text, secret, MASK, in_part=in_part)
    return text


@lru_cache(maxsize=8)  # a client has one token, and asks for each text
def _forms(secret: str) -> frozenset[str]:
    plain = secret.encode(errors="replace")
    coded = {quote(plain, safe=""), quote_plus(plain), html.escape(secret)}
    quoted = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return frozenset({secret, presentable(secret), *coded, *quoted} - {""})


class _Masking(logging.Filter):
    """A filter that masks tokens.

    A redirect may repeat the query it answers, and HTTP/2 logs each header, the path among them.
    A token is masked as long as a client has it: a server that opens one for each of its users
    would search each line for all of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tokens = WeakValueDictionary[int, Token]()

    def add(self, token: Token) -> None:
        """Mask a token from now on."""
        self._tokens[id(token)] = token

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        masked = hidden(text, *set(self._tokens.values()))
        if masked != text:
            record.msg, record.args = masked, ()
        return True


_masking: Final = _Masking()


def mask_in_logs(token: Token | None) -> None:
    """Keep a token out of the log of the connections."""
    if token is not None:
        _masking.add(token)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(_masking)


def without_frames(error: Error) -> Error:
    """Take the frames below a call, and so its causes' frames, from an error.

    Their variables hold the request with its token, and the answer, which may repeat it; what
    shows variables in a traceback would show them. Of what a caller's own function raised, or
    Ctrl-C, the caller's frames stay.
    """
    ours, chain = isinstance(error, MVSepError), list[BaseException]([error])
    for each in chain:
        each.__traceback__ = None if ours else _elsewhere(each.__traceback__)
        further = (each.__cause__, each.__context__)
        chain += [one for one in further if one is not None and one not in chain]
    return error


def secretive(function: Callable[P, R]) -> Callable[P, R]:
    """Keep the arguments of a function out of the traceback of what it raises."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            del args, kwargs
            raise without_frames(error)  # noqa: B904  it keeps its own cause

    return call


def secretive_async(
    function: Callable[P, Coroutine[Any, Any, R]],
) -> Callable[P, Coroutine[Any, Any, R]]:
    """Keep the arguments of an async function out of the traceback; see `secretive`."""

    @wraps(function)
    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await function(*args, **kwargs)
        except BaseException as error:
            del args, kwargs
            raise without_frames(error)  # noqa: B904  it keeps its own cause

    return call


def _elsewhere(traceback: TracebackType | None) -> TracebackType | None:
    frames = []
    while traceback is not None:
        frames.append(traceback)
        traceback = traceback.tb_next
    kept = None
    for each in reversed(frames):
        if str(each.tb_frame.f_globals.get("__name__")).partition(".")[0] not in _BELOW:
            kept = TracebackType(kept, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return kept
