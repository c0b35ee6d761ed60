"""JSON and YAML documents from a file or the web, read warily: somebody else wrote them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import httpx

from tools import yaml_text

MAX_BYTES = 20 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT = httpx.Timeout(30, connect=10)
#: Seconds for a whole document; a server may send a byte now and then for ever.
DEADLINE = 120.0
_ELSEWHERE = "If this network can't reach it, fetch it elsewhere and name the file."


class Unreadable(Exception):
    """A document that can't be read; the message is a sentence that says which and why."""


def is_address(source: str) -> bool:
    """Return True for a web address; anything else is a file."""
    return source.lower().startswith(("http://", "https://"))


def read(source: str, *, http: httpx.Client | None = None) -> Any:
    """Read a JSON or YAML document.

    Args:
        source: A web address or the path of a file.
        http: The client to fetch with; one of its own if None. No token is ever sent.

    Raises:
        Unreadable: When it can't be reached, is larger than 20 MB, or is neither.
    """
    if not is_address(source):
        if "://" in source:
            raise Unreadable(f"{source} is no address of the kind http:// or https://, nor a file.")
        return parse(_from_file(source), source)
    if http is not None:
        return parse(_from_web(source, http), source)
    with httpx.Client(timeout=TIMEOUT) as own:
        return parse(_from_web(source, own), source)


def parse(content: bytes, source: str) -> Any:
    """Parse the JSON or YAML document that some bytes hold.

    Raises:
        Unreadable: When they hold none, or one that no file could hold again.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{source} is not text in UTF-8.") from error
    if not text.strip():
        raise Unreadable(f"{source} is empty.")
    if text.lstrip().startswith("<"):
        raise Unreadable(f"{source} is an HTML page or XML, not JSON.")
    # YAML could read JSON as well, but slowly, and it would blame something else.
    is_json = text.lstrip()[0] in '{["'
    try:
        document = json.loads(text, parse_constant=_no_constant) if is_json else _from_yaml(text)
        # A lone half of a surrogate pair is JSON, but can't be written or shown.
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, TypeError, RecursionError) as error:
        raise Unreadable(f"{source} is not {'JSON' if is_json else 'YAML'}: {error}.") from error
    return document


def _from_yaml(text: str) -> Any:
    document = yaml_text.parse(text)
    if isinstance(document, str):
        raise ValueError("it is one text, and no JSON")  # noqa: TRY004  a fault of the document
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


def _from_file(source: str) -> bytes:
    try:
        with Path(source).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unreadable(f"The file {source} can't be read: {reason}.") from error
    if len(content) > MAX_BYTES:
        raise _too_large(source)
    return content


def _from_web(source: str, http: httpx.Client) -> bytes:
    _refuse_secrets(source)
    end = time.monotonic() + DEADLINE
    try:
        url = httpx.URL(source)
        for _ in range(MAX_REDIRECTS + 1):
            with http.stream("GET", url, follow_redirects=False) as response:
                if response.next_request is None:
                    return _body(response, source, end)
                url = _onward(url, response.next_request.url, source)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        reason = str(error).rstrip(".") or type(error).__name__
        raise Unreadable(f"{source} could not be fetched: {reason}. {_ELSEWHERE}") from error
    raise Unreadable(f"{source} redirects more than {MAX_REDIRECTS} times.")


def _refuse_secrets(source: str) -> None:
    try:
        parts = urlsplit(source)
    except ValueError as error:
        raise Unreadable(f"{source} is no web address: {error}.") from error
    if "@" in parts.netloc or "api_token" in parse_qs(parts.query, keep_blank_values=True):
        # Not repeated in the message: it would end in a log.
        raise Unreadable("The address holds a password or a token; neither is needed, so leave it.")


def _onward(url: httpx.URL, target: httpx.URL, source: str) -> httpx.URL:
    if target.host != url.host or target.scheme not in ("https", url.scheme):
        raise Unreadable(f"{source} redirects to {target.scheme}://{target.host}, not followed.")
    return target


def _body(response: httpx.Response, source: str, end: float) -> bytes:
    if response.status_code != 200:
        reason = f"{response.status_code} {response.reason_phrase}".strip()
        raise Unreadable(f"{source} answered {reason}.")
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > MAX_BYTES:
            raise _too_large(source)
        if time.monotonic() > end:
            raise Unreadable(f"{source} took longer than {DEADLINE:.0f} seconds.")
    return bytes(content)


def _too_large(source: str) -> Unreadable:
    return Unreadable(f"{source} is larger than {MAX_BYTES // 1024 // 1024} MB.")
