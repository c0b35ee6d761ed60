"""The settings of a run, from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from attrs import field, frozen

from contract_tests.harness.secrets import SHORTEST
from mvsep.errors import MVSepError
from mvsep.settings import token as tokens
from mvsep.settings.client import find_settings
from mvsep.settings.token import TOKEN_VARIABLE, Token
from mvsep_api.operations import SERVERS

OPT_IN: Final = "MVSEP_LIVE"
WRITE: Final = "MVSEP_LIVE_WRITE"
LIVE_TOKEN: Final = "MVSEP_LIVE_TOKEN"
URL: Final = "MVSEP_LIVE_URL"

OFF: Final = f"make live is off, and nothing was sent: set {OPT_IN}=1 to ask {SERVERS[0]} itself."


class CannotRunError(Exception):
    """The run can't begin, or can't be trusted; the message says why, in a sentence."""


@frozen
class Settings:
    """The permissions of a run."""

    url: str  # scheme and host of the service
    is_local: bool  # whether that is a server on this machine
    # token of the account to read with, or None for public calls only
    token: Token | None = field(repr=False)
    write: bool  # whether one small job may be made
    # every token of the environment, the ones that are not used too
    secrets: tuple[str, ...] = field(repr=False)


def is_the_service(url: str) -> bool:
    """Return whether an address is the service's own: what another server says is no evidence."""
    parts, domain = urlsplit(url), urlsplit(SERVERS[0]).hostname or ""
    host = parts.hostname or ""
    return parts.scheme == "https" and (host == domain or host.endswith(f".{domain}"))


def read(environment: Mapping[str, str]) -> Settings | None:
    """Read the settings, or None when the run was not asked for.

    The everyday MVSEP_API_TOKEN is never used, only hidden.
    """
    if environment.get(OPT_IN) != "1":
        return None
    live = environment.get(LIVE_TOKEN) or None
    write = environment.get(WRITE) == "1"
    try:
        token = None if live is None else tokens.check(live)
        # Not the caller's own environment: neither its address nor its token is meant here.
        session = find_settings(None, environment.get(URL) or SERVERS[0], {})
    except MVSepError as error:
        raise CannotRunError(f"{LIVE_TOKEN} or {URL} can't be used. {error}") from error
    if write and token is None:
        raise CannotRunError(f"{WRITE}=1 makes a job, and that needs {LIVE_TOKEN}.")
    named = {name: environment.get(name) for name in (LIVE_TOKEN, TOKEN_VARIABLE)}
    secrets = {name: secret for name, secret in named.items() if secret}
    for name, secret in secrets.items():
        if len(secret) < SHORTEST:
            raise CannotRunError(f"{name} is too short to be searched for in what is written.")
    return Settings(
        url=session.base_url,
        is_local=session.is_local,
        token=token,
        write=write,
        secrets=tuple(secrets.values()),
    )
