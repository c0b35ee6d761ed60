"""What a client is set up with: the token, the service's address, and how to wait."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import httpx
from attrs import field, frozen

from mvsep import tokens
from mvsep._version import __version__
from mvsep.errors import InvalidInput
from mvsep.polling import PollPolicy
from mvsep.tokens import Token
from mvsep_api.operations import SERVERS

#: The environment variable that is read when no base_url is handed over.
BASE_URL_VARIABLE = "MVSEP_BASE_URL"

HEADERS = {
    "User-Agent": f"mvsep-python/{__version__}",
    "Accept": "application/json, */*",
}


@frozen
class Session:
    """The settings of a client, checked.

    Args:
        base_url: Scheme and host of the service, without a path.
        token: The API token, or None.
        polling: When jobs are asked about.
        clock: Seconds from any fixed moment, never running backwards.
    """

    base_url: str
    token: Token | None
    polling: PollPolicy
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)

    @property
    def host(self) -> str:
        """The host of the service, with its port where the address names one."""
        return _netloc(self.base_url)

    @property
    def is_local(self) -> bool:
        """Whether the service is a server on this machine."""
        return is_loopback(urlsplit(self.base_url).hostname or "")

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that may see the token."""
        return frozenset({self.host, *map(_netloc, SERVERS)})


def open_session(
    token: str | None,
    base_url: str | None,
    polling: PollPolicy | None,
    environment: Mapping[str, str],
) -> Session:
    """Find and check the settings of a client.

    Args:
        token: The API token, else that of the environment's MVSEP_API_TOKEN.
        base_url: The service's address, else that of MVSEP_BASE_URL, else the public one.
        polling: When jobs are asked about; else what suits the host.
        environment: The process's environment variables.

    Raises:
        InvalidToken: When the token can't be one.
        InvalidInput: When the address can't be one, or would send the token in the clear.
    """
    address = (base_url or environment.get(BASE_URL_VARIABLE) or SERVERS[0]).rstrip("/")
    try:
        parts = urlsplit(address)
        named = parts.scheme in {"http", "https"} and bool(parts.hostname)
        _ = parts.port  # raises where it is no number
    except ValueError:
        named = False
    if not named or parts.path or parts.query or parts.fragment or parts.username:
        raise InvalidInput(
            f"{address!r:.80} can't be the service's address.",
            charged=False,
            next_step="It is scheme and host only, such as https://mvsep.com.",
        )
    local = is_loopback(parts.hostname or "")
    if parts.scheme == "http" and not local:
        raise InvalidInput(
            f"{address!r:.80} would send the token and the song unencrypted.",
            charged=False,
            next_step="Use https://; plain http is for servers on this machine.",
        )
    return Session(
        base_url=address,
        token=tokens.find(token, environment),
        polling=polling or (PollPolicy.brisk() if local else PollPolicy()),
    )


def _netloc(url: str) -> str:
    # As httpx writes it in every request: in small letters, without a port that goes by itself.
    return httpx.URL(url).netloc.decode()


def is_loopback(hostname: str) -> bool:
    """Whether a host name is this machine's own."""
    return hostname in {"127.0.0.1", "localhost", "::1"}
