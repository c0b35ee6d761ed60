"""The tokens that `mvsep login` keeps: in the system's key ring, else in a file of the user's.

The file names each service whose token is kept, and where. The key ring is asked only for those:
it may be locked, and takes a while to import. Nothing here needs click.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

from mvsep.cli.input import key_ring
from mvsep.cli.output.text import printable
from mvsep.core.defaults import BASE_URL_VARIABLE
from mvsep.core.disk import make_private, read_whole, user_folder, write_whole
from mvsep.core.shell import set_line
from mvsep.errors import InvalidToken
from mvsep.settings.token import TOKEN_PAGE, TOKEN_VARIABLE, Token, check

#: Where a token is found: in the environment, the key ring, or the file of `tokens_file`.
Place = Literal["variable", "key ring", "file"]

#: The sentence of a command's help about the token.
TOKEN_HELP: Final = f"The token is that of {TOKEN_VARIABLE}, else that of `mvsep login`."

_LARGEST: Final = 1 << 20


def token_step(environment: Mapping[str, str] | None = None) -> str:
    """Return the next step of a person whose token is missing or no good.

    Args:
        environment: The environment variables; by default those of the process.
    """
    environment = os.environ if environment is None else environment
    # A variable that is set goes before what a login keeps.
    first = f"Unset {TOKEN_VARIABLE} and run" if environment.get(TOKEN_VARIABLE) else "Run"
    line = set_line(TOKEN_VARIABLE, "...", environment)
    return f"{first} `mvsep login`. Or get your token at {TOKEN_PAGE}, and run: {line}"


def tokens_file() -> Path:
    """Return the path of the file, whether it is there or not.

    Raises:
        InvalidToken: When the user has no folder of their own.
    """
    folder = user_folder("config")
    if folder is None:
        raise _trouble("There is no folder for a token: the user has no home.")
    return folder / "tokens.json"


def stored_token(base_url: str | None = None) -> Token | None:
    """Return the token that `mvsep login` keeps for a service, or None.

    A token is bound to its service: those of other addresses are never returned.

    Args:
        base_url: Scheme and host of the service; else MVSEP_BASE_URL; else https://mvsep.com.

    Raises:
        InvalidInput: When the address can't be one.
        InvalidToken: When the key ring or the file can't be read.
    """
    kept = _kept()
    record = kept.get(_service_of(base_url)) if kept else None  # the address needs httpx
    if record is None:
        return None
    service, token = _service_of(base_url), record.get("token")
    if record["place"] == "key ring":
        try:
            token = key_ring.read(service)
        except key_ring.Unusable as reason:
            raise _locked(service, reason) from None
    return check(token) if token else None


def token_place(service: str) -> Place | None:
    """Return where the token for a service is found, as `ClientSettings.service` names it.

    Raises:
        InvalidToken: When the file can't be read.
    """
    if os.environ.get(TOKEN_VARIABLE):
        return "variable"
    record = _kept().get(service)
    return record["place"] if record else None


def place_words(place: Place | None) -> str:
    """Return a place in words, fit for a terminal."""
    match place:
        case "variable":
            return f"the variable {TOKEN_VARIABLE}"
        case "key ring":
            return "the system's key ring"
        case "file":
            return f"the file {printable(tokens_file())}"
        case None:
            return "unknown"


def keep_token(service: str, token: Token, warn: Callable[[str], None]) -> Place:
    """Keep a token in the key ring, else in the file.

    Args:
        service: The service it is of, as `ClientSettings.service` names it.
        token: The token.
        warn: Takes each sentence about the file, before that is written.

    Returns:
        Where it is kept.

    Raises:
        InvalidToken: When neither can be written.
    """
    path, kept = tokens_file(), _kept()
    try:
        key_ring.keep(service, token)
    except key_ring.Unusable as reason:
        with suppress(key_ring.Unusable):  # an older one must not stay behind
            key_ring.remove(service)
        warn(f"The key ring can't be used: {reason}. So a file keeps the token: {printable(path)}")
        warn(_guard())
        kept[service] = {"place": "file", "token": str(token)}
    else:
        kept[service] = {"place": "key ring"}
    _write(path, kept)
    place: Place = kept[service]["place"]
    return place


def forget_token(service: str) -> Place | None:
    """Remove the token of a service from wherever it is kept.

    Returns:
        Where it was; None if none was kept.

    Raises:
        InvalidToken: When the key ring or the file refuses; the token is still there.
    """
    path, kept = tokens_file(), _kept()
    record = kept.pop(service, None)
    place: Place | None = record["place"] if record else None
    try:
        if key_ring.remove(service):
            place = place or "key ring"
    except key_ring.Unusable as reason:
        if place == "key ring":
            raise _locked(service, reason) from None
    if record is not None:
        _write(path, kept)
    return place


def _service_of(base_url: str | None) -> str:
    from mvsep.settings.client import find_settings  # with it comes httpx

    # Without the token's variable: it may be no good, and is not asked for.
    address = {BASE_URL_VARIABLE: os.environ.get(BASE_URL_VARIABLE, "")}
    return find_settings(None, base_url, address).service


def _guard() -> str:
    if os.name == "nt":
        return "It lies in your profile, which Windows keeps from other users but administrators."
    return "Only you can read it."


# The file


def _kept() -> dict[str, dict[str, Any]]:
    """Return each service's place, and its token if that is the file."""
    path = tokens_file()
    try:
        content = read_whole(path, _LARGEST)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _trouble(f"{path} can't be read: {error.strerror or error}.") from None
    with suppress(ValueError):
        kept = json.loads(content)
        if isinstance(kept, dict) and all(map(_is_record, kept.values())):
            return kept
    raise _trouble(f"{path}, in which `mvsep login` keeps tokens, is damaged.", f"Delete {path}.")


def _is_record(found: object) -> bool:
    if not isinstance(found, dict):
        return False
    in_file = found.get("place") == "file" and isinstance(found.get("token"), str)
    return in_file or found == {"place": "key ring"}


def _write(path: Path, kept: Mapping[str, Mapping[str, Any]]) -> None:
    try:
        make_private(path.parent)
        write_whole(path, json.dumps(kept, indent=1).encode(), private=True)
    except OSError as error:
        raise _trouble(f"{path} can't be written: {error.strerror or error}.") from None


def _locked(service: str, reason: Exception) -> InvalidToken:
    return _trouble(
        f"The token for {service} is in the key ring, which can't be used: {reason}.",
        "Unlock the key ring.",
    )


def _trouble(message: str, step: str | None = None) -> InvalidToken:
    variable = f"get your token at {TOKEN_PAGE}, and run: {set_line(TOKEN_VARIABLE, '...')}"
    step = f"{step} Or {variable}" if step else f"{variable[0].upper()}{variable[1:]}"
    return InvalidToken(message, charged=False, next_step=step)
