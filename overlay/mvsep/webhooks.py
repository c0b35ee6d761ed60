"""Webhooks: read what the service posts, ask the service whether it is true, and reply.

What exactly the service sends is not confirmed: the contract's webhook is `x-evidence: inferred`.
Other clients read it as the answer of `separation.get`, with the hash in `data` or beside it. They
report that a test ping may be a GET, or a body that is not JSON. A delivery carries no token and no
signature, so anyone who knows your address can send one. Hence:

- put a secret into the address you give the service: `https://you.example/mvsep?secret=...`;
- believe nothing in a delivery but the hash, and ask the service about that: `confirm` does.

`handle` does both, in any web framework, and `handle_async` in an ASGI application; see
docs/webhooks.md. Stop reading a body that is longer than `MAX_BODY`.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

from attrs import evolve, field, frozen

from mvsep.client.aio import AsyncMVSep
from mvsep.client.sync import MVSep
from mvsep.core.flow import run
from mvsep.core.objects import Brief
from mvsep.errors import InvalidInput, MVSepError
from mvsep.job_state import JobState, read_state, usable_hash
from mvsep.jobs.ask import ask
from mvsep.transport.port import Port
from mvsep.transport.unpack import has_too_many_values
from mvsep_api.errors import UNREADABLE
from mvsep_api.models.separation_state import SeparationState

#: The longest body that is read, in bytes. Our own bound: an answer of `separation.get`, whose
#: lists of peaks are long, stays far below it.
MAX_BODY: Final = 4 << 20

#: The key of the secret in the query of your webhook's address.
SECRET_KEY: Final = "secret"  # noqa: S105  the name of a field

_MAX_STATUS = 64  # characters; longer is no word
_MAX_FIELDS = 200
_INNER = re.compile(r"data\[(\w+)\]")


@frozen(repr=False)
class Delivery(Brief):
    """A delivery as it came. Believe none of it before `confirm` has asked.

    Args:
        hash: The hash of the job it is about.
        status: The job's status, by the sender's word.
        state: The same in full, where the body has the form of an answer of `separation.get`.
            The links in it are the sender's: don't fetch them.
        kind: "job" where it names a job, "ping" where it is empty or plain words, else "unknown".
        raw: The JSON value, or the fields of a form; not shown in the repr.
    """

    hash: str | None
    status: str | None
    state: JobState | None = field(repr=False)
    kind: Literal["job", "ping", "unknown"]
    raw: Any = field(default=None, repr=False, eq=False)


@frozen(repr=False)
class Reply(Brief):
    """The answer to a delivery, and the job's confirmed state.

    Args:
        status: The HTTP status code.
        body: The body, a plain text; nothing of the delivery is in it.
        state: The job's state by the service's own word; None where nothing was confirmed.
            Its `hash` is the one to fetch the stems by, with `client.job(state.hash)`.
        error: The error, where the service could not be asked.
    """

    status: int
    body: bytes
    state: JobState | None = None
    error: MVSepError | None = None


# Reading


def parse(
    body: bytes, content_type: str | None = None, query: str | bytes | None = None
) -> Delivery:
    """Read a delivery, in any form it may take.

    The forms are JSON like an answer of `separation.get`, with the hash as `data.hash` or `hash`;
    the same as the fields of a form, `data[hash]` included; the hash in the address's query;
    nothing at all; and plain words.

    Args:
        body: The body as it came.
        content_type: The header `Content-Type`. JSON is read whatever it says.
        query: The query of the address, without the question mark.

    Raises:
        InvalidInput: When the body is longer than `MAX_BODY`, is broken or too deeply nested JSON
            or has too many values, or is no text. The message repeats nothing of it.
    """
    if not isinstance(body, bytes | bytearray):
        raise InvalidInput("The body of a delivery is bytes.", param="body")
    if len(body) > MAX_BODY:
        raise InvalidInput(f"The delivery is longer than {MAX_BODY} bytes.")
    raw = _read(bytes(body), content_type)
    fields = raw if isinstance(raw, dict) else {}
    asked = _fields(query)
    data = fields.get("data")
    data = data if isinstance(data, dict) else {}
    places = (data.get("hash"), fields.get("hash"), asked.get("hash"))
    hash = next(filter(None, map(usable_hash, places)), None)
    status = _word(fields.get("status")) or _word(asked.get("status"))
    if hash:
        return Delivery(hash, status, _state(fields, hash, status), "job", raw)
    # Words, or nothing; what is JSON or a form and names no job is something else.
    return Delivery(None, status, None, "ping" if raw is None else "unknown", raw)


def _read(body: bytes, content_type: str | None) -> Any:
    """Return the JSON value, the fields of a form, or None for plain words."""
    if has_too_many_values(body):
        raise InvalidInput("The delivery has too many values.")
    try:
        return json.loads(body)
    except RecursionError:
        raise InvalidInput("The delivery is too deeply nested.") from None
    except ValueError:
        pass
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise InvalidInput("The delivery is neither JSON nor text.") from None
    if "\0" in text or text[:1] in {"{", "["}:
        raise InvalidInput("The delivery is neither JSON nor text.")
    kind = (content_type or "").partition(";")[0].strip().lower()
    if "=" in text and kind in {"", "application/x-www-form-urlencoded"}:
        return _form(text)
    return None


def _form(text: str) -> dict[str, Any]:
    fields: dict[str, Any] = _fields(text)
    # PHP writes `data: {hash: ...}` into a form like this.
    inner = {found[1]: text for name, text in fields.items() if (found := _INNER.fullmatch(name))}
    return {**fields, "data": inner} if inner else fields


def _fields(query: str | bytes | None) -> dict[str, Any]:
    try:
        text = query.decode() if isinstance(query, bytes) else query or ""
        return dict(parse_qsl(text, max_num_fields=_MAX_FIELDS))
    except ValueError:
        return {}


def _word(value: object) -> str | None:
    if isinstance(value, str) and 0 < len(value) <= _MAX_STATUS and value.isprintable():
        return value
    return None


def _state(fields: dict[str, Any], hash: str, status: str | None) -> JobState | None:
    if status is None:
        return None
    try:
        answer = SeparationState.from_dict({"success": True, **fields, "status": status})
        return evolve(read_state(answer), hash=hash)
    except UNREADABLE:
        return None


# Asking the service


def confirm(client: MVSep, hash: str) -> JobState:
    """Ask the service for a job's state, once.

    Args:
        client: The client.
        hash: The hash, from a delivery.

    Returns:
        The state by the service's own word; `not_found` where it knows no such job. Its `hash` is
        the one the service keeps the stems under.

    Raises:
        InvalidInput: When the hash can't be one; nothing was sent.
        MVSepError: As `api.separation.get`.
    """
    return run(ask(client._port, hash))


async def confirm_async(client: AsyncMVSep, hash: str) -> JobState:
    """Ask the service for a job's state, once; see `confirm`."""
    return await ask(client._port, hash)


# Replying


def handle(
    method: str,
    headers: Mapping[str, str],
    body: bytes,
    query: str | bytes,
    *,
    client: MVSep,
    secret: str | None = None,
) -> Reply:
    """Take a delivery: check the secret, read it, and ask the service whether it is true.

    The reply's status is

    - 200 for a ping, for a delivery that names no job, and for one that names a job, whether the
      service knows it or not: a sender may give up a webhook that answers with an error, and a
      stranger is not to learn which jobs there are;
    - 403 without the right secret, and 405 for a method that nobody sends;
    - 400 for what `parse` can't read;
    - 503 when the service could not be asked, so that the delivery may be sent again. Whether
      the service does that is not known: look at `error`, and poll.

    The same delivery may come twice, and late; the reply's state is always the current one.

    Args:
        method: The HTTP method.
        headers: The request's headers, whatever their case.
        body: The body as it came; don't read more than a little over `MAX_BODY`.
        query: The query of the address, without the question mark.
        client: What asks the service.
        secret: What has to stand as `secret` in the query; best in characters that a URL need
            not escape. Without one, anybody can have you ask the service.

    Raises:
        InvalidInput: When `secret` is empty: that would be none.
    """
    return run(_handle(client._port, method, headers, body, query, secret))


async def handle_async(
    method: str,
    headers: Mapping[str, str],
    body: bytes,
    query: str | bytes,
    *,
    client: AsyncMVSep,
    secret: str | None = None,
) -> Reply:
    """Take a delivery; see `handle`."""
    return await _handle(client._port, method, headers, body, query, secret)


_OK = Reply(200, b"ok")


async def _handle(
    port: Port,
    method: str,
    headers: Mapping[str, str],
    body: bytes,
    query: str | bytes,
    secret: str | None,
) -> Reply:
    if not _is_let_in(query, secret):
        return Reply(403, b"forbidden")
    if method.upper() not in {"POST", "PUT", "GET", "HEAD"}:
        return Reply(405, b"method not allowed")
    kind = next((text for name, text in headers.items() if name.lower() == "content-type"), None)
    try:
        delivery = parse(body, kind, query)
    except InvalidInput:
        return Reply(400, b"bad request")
    if delivery.hash is None:
        return _OK
    try:
        state = await ask(port, delivery.hash)
    except MVSepError as error:
        return Reply(503, b"try again later", error=error)
    return _OK if state.status == "not_found" else evolve(_OK, state=state)


def _is_let_in(query: str | bytes, secret: str | None) -> bool:
    if secret is None:
        return True
    if not secret:
        raise InvalidInput("The webhook's secret is empty.", param="secret")
    given = _fields(query).get(SECRET_KEY, "")
    return hmac.compare_digest(
        given.encode(errors="surrogatepass"), secret.encode(errors="surrogatepass")
    )
