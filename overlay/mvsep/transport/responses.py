"""Answers of the service: the value of a call, or the error that fits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

from attrs import field, fields, frozen, has

from mvsep.core.values import LONGEST_TEXT, presentable
from mvsep.errors import (
    FileTooLarge,
    InvalidRequest,
    InvalidToken,
    JobNotFound,
    Known,
    MVSepError,
    PremiumRequired,
    QueueFull,
    QuotaExceeded,
    RateLimited,
    UnexpectedResponse,
)
from mvsep.settings.echo import repeats
from mvsep.settings.token import TOKEN_PAGE, Token, hidden
from mvsep.transport.retry import is_clear, is_failure, retry_after
from mvsep_api.models.error_answer import ErrorAnswer
from mvsep_api.operations import Operation
from mvsep_api.types import UNSET, File

_IS_IT_THERE = "Is that the service's own address?"
# What the generated client makes of a success that is neither a JSON object nor a list.
_PLAIN: dict[str, tuple[type, ...]] = {
    "value": (bool, int, float, str),
    "text": (str,),
    "file": (File,),
    "nothing": (type(None),),
}
#: Characters of an answer that an error repeats where it has no words for it.
EXCERPT = 200
# Masking takes its time, and less is shown.
_MOST_READ = 8 * LONGEST_TEXT
_DEEPEST_TEXT = 8
# Bytes of an answer that are searched for the token at a time, and that two have in common: more
# than a token takes, however it is quoted.
_BLOCK, _OVERLAP = 1 << 16, 1 << 12

# The only texts known word for word, from saved answers of the service.
_PREMIUM = "until you purchase premium"
_QUEUE = "unprocessed file in queue"
_QUOTA = "reached the limit of separations"
_NOT_FOUND = "hash not found"

# The service's page gives 400 just one meaning for the profile's calls: a wrong token.
_PROFILE = frozenset(
    {
        "app_disable_long_filenames",
        "app_disable_premium",
        "app_enable_long_filenames",
        "app_enable_premium",
        "app_queue_summary",
        "app_separation_history",
        "app_user",
    }
)


class _Meaning(NamedTuple):
    kind: type[MVSepError]
    message: str
    next_step: str | None = None
    retryable: bool = False
    param: str | None = None


_TOKEN_REFUSED = _Meaning(
    InvalidToken,
    "The service did not accept the API token.",
    f"Compare it with the one at {TOKEN_PAGE}.",
    param="token",
)
_TOO_LARGE = _Meaning(
    FileTooLarge,
    "The service does not take a file of this size.",
    "Send a shorter or compressed file, or a link to it.",
)
_NO_SUCH_JOB = _Meaning(
    JobNotFound,
    "The service knows no such job.",
    "Check the hash; results are kept for about 72 hours.",
)
_PREMIUM_ONLY = _Meaning(
    PremiumRequired,
    "This separation type is for premium accounts.",
    "Choose another type, or switch premium on for the account.",
)
_QUEUE_FULL = _Meaning(
    QueueFull,
    "A job of this account is waiting, and its plan allows one at a time.",
    "Wait for its place with wait_for_place=600, or use a premium account.",
    retryable=True,
    param="wait_for_place",
)
_QUOTA_USED_UP = _Meaning(
    QuotaExceeded,
    "The plan's free separations for the day are used up.",
    "Try again tomorrow, or use a premium account.",
)
_REFUSED = _Meaning(InvalidRequest, "The service refused the request.")


@frozen
class ApiAnswer:
    """An answer of the service, of `host` at the moment `now`, in seconds since 1970.

    `parsed` is the generated client's reading of the body, where it could. The token is not to be
    repeated from the answer, nor are other `secrets`: an error page may quote the request.
    """

    operation: Operation
    status: int
    content: bytes
    headers: Mapping[str, str]
    parsed: Any = None
    host: str | None = None
    token: Token | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    now: float | None = None

    def check_status(self) -> None:
        """Raise the error that a status other than 2xx stands for."""
        if not 200 <= self.status < 300:
            raise self.refusal()

    def read(self) -> Any:
        """Return the value of the call.

        Raises:
            MVSepError: The kind that fits, with the server's own text.
        """
        self.check_status()
        kind = self.operation.answers.get(self.status, "json")
        if kind in _PLAIN:
            return self._plain(_PLAIN[kind])
        if kind == "any" and not self.content:
            return None
        yes = True if self.operation.is_state else _says(self.parsed)
        if yes is None or not _of_its_kind(self.parsed, self.content):
            raise self._unexpected()
        if not yes:
            raise self.refusal()
        return self.parsed if not self._repeats_token else _discreet(self.parsed, self.token)

    def as_it_came(self) -> bytes:
        """Return the content of a success; what repeats the token is masked in it, too."""
        self.check_status()
        if not self._repeats_token:
            return self.content
        return hidden(self.content.decode("utf-8", errors="replace"), self.token).encode()

    @property
    def _repeats_token(self) -> bool:
        token, content = self.token, self.content
        if token is None:
            return False
        for at in range(0, len(content), _BLOCK - _OVERLAP):
            if repeats(content[at : at + _BLOCK].decode(errors="replace"), token):
                return True
        return False

    def _plain(self, held: tuple[type, ...]) -> Any:
        """Return the value of an answer that is promised to be no JSON object."""
        is_json = "json" in self.headers.get("content-type", "")
        if is_json and _says(_object(self.content)) is False:
            raise self.refusal()
        if not isinstance(self.parsed, held) or (is_json and _first(self.content) == b"{"):
            raise self._unexpected()
        return self.parsed

    def _unexpected(self) -> MVSepError:
        return UnexpectedResponse(
            f"The answer to {self.operation.path} is not of the shape the contract promises.",
            server_text=self._excerpt(),
            status=self.status,
            host=self.host,
            retryable=self.operation.idempotent,
            next_step=f"{_IS_IT_THERE} If so, please report this answer.",
            param="base_url",
        )

    def refusal(self) -> MVSepError:
        """Make the error that an answer other than a success stands for."""
        body = _object(self.content)
        said = presentable(self._hidden((server_text(body) or "")[:_MOST_READ]))
        text = said or self._excerpt()
        wait = retry_after(self.headers, self.now)
        meaning = self._meaning(body, (text or "").lower(), wait)
        created = self.operation.id == "separation_create"
        known: Known = {
            "server_text": text,
            "status": self.status,
            "host": self.host,
            "charged": False if created and is_clear(self.status) else None,
            "retryable": meaning.retryable,
            "retry_after": wait,
            "next_step": meaning.next_step,
            "param": meaning.param,
        }
        return meaning.kind(meaning.message, **known)

    def _meaning(self, body: Mapping[str, Any], said: str, wait: float | None) -> _Meaning:
        operation, status = self.operation, self.status
        # Of a job's state the API says no in its own form. Anything else comes from what stands
        # between, such as the page of a hotel's network, and tells nothing of the job.
        page = operation.is_state and not ("success" in body or server_text(body))
        if (status == 401 and not page) or (status == 400 and operation.id in _PROFILE):
            return _TOKEN_REFUSED
        if status == 429:
            when = f"in {wait:.0f} seconds" if wait else "in a minute"
            message = "Too many requests in a short time."
            return _Meaning(RateLimited, message, f"Try again {when}.", retryable=True)
        if status == 413 and operation.method == "POST":
            return _TOO_LARGE
        if is_failure(status):
            message = f"The service failed with status {status}."
            again = operation.idempotent
            then = "Try again later." if again else None
            return _Meaning(UnexpectedResponse, message, then, retryable=again)
        if 300 <= status < 400 or status < 200:
            message = f"The service answered with status {status} in place of an answer."
            again = operation.is_state
            return _Meaning(UnexpectedResponse, message, _IS_IT_THERE, again, "base_url")
        gone = status == 404 or _NOT_FOUND in said or body.get("status") == "not_found"
        if operation.is_state and gone:
            return _NO_SUCH_JOB
        if page:
            message = f"The service answered with a page of status {status} in place of an answer."
            return _Meaning(UnexpectedResponse, message, _IS_IT_THERE, True, "base_url")
        if _PREMIUM in said:
            return _PREMIUM_ONLY
        if _QUOTA in said:
            return _QUOTA_USED_UP
        return _QUEUE_FULL if _QUEUE in said else _REFUSED

    def _excerpt(self) -> str | None:
        text = self.content[: 8 * EXCERPT].decode("utf-8", errors="replace")
        # Masked before it is cut: half a token must not be left either.
        return presentable(self._hidden(text))[:EXCERPT] or None

    def _hidden(self, text: str) -> str:
        return hidden(text, self.token, *self.secrets)


def server_text(body: Any) -> str | None:
    """Find the service's own words in an answer.

    The places, in order: `errors` (list, text, or lists by field), `data.message`, `message`
    (text, or lists by field), `error`.
    """
    if not isinstance(body, dict):
        return None
    data = body.get("data")
    places = (
        body.get("errors"),
        data.get("message") if isinstance(data, dict) else None,
        body.get("message"),
        body.get("error"),
    )
    return next(filter(None, map(_flat, places)), None)


def _flat(value: Any, depth: int = 0) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list) and depth < _DEEPEST_TEXT:
        return "; ".join(filter(None, (_flat(each, depth + 1) for each in value)))
    return ""


def _discreet(value: Any, token: Token | None) -> Any:
    """Mask what repeats the token in a value, but where the contract has the token itself."""
    if isinstance(value, Enum):  # the kinds of the contract take words that are not known
        return type(value)(_discreet(value.value, token))
    if isinstance(value, str):
        return hidden(value, token)
    if isinstance(value, list):
        value[:] = [_discreet(each, token) for each in value]  # it may know what was left out
        return value
    if isinstance(value, dict):
        return {
            hidden(key, token): each if key == "api_token" else _discreet(each, token)
            for key, each in value.items()
        }
    if has(type(value)):
        for each in fields(type(value)):
            if each.name != "api_token":
                setattr(value, each.name, _discreet(getattr(value, each.name), token))
    return value


def _says(parsed: Any) -> bool | None:
    """Tell a yes from a no; None is neither.

    Some answers have no `success` in the contract. They mean yes, and may say no all the same.
    """
    success = getattr(parsed, "success", UNSET)
    if success is UNSET:
        # Where the contract knows nothing of the answer, it is plain JSON.
        plain = parsed if isinstance(parsed, dict) else None
        success = (plain or getattr(parsed, "additional_properties", {})).get("success", True)
    # White space alone says nothing, neither yes nor no.
    word = success.strip().lower() or success if isinstance(success, str) else success
    if word in ("false", "0", "", 0):
        return False
    return True if word in ("true", "1", 1) else None


def _of_its_kind(parsed: Any, content: bytes) -> bool:
    # The generated models take an empty list for an object, and an empty object for a list.
    # They read any success that the contract does not list as the answer to an error.
    if parsed is None or isinstance(parsed, ErrorAnswer):
        return False
    return _first(content) == (b"[" if isinstance(parsed, list) else b"{")


def _first(content: bytes) -> bytes:
    return content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]


def _object(content: bytes) -> dict[str, Any]:
    """Read a JSON object; anything else is an empty one."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}
