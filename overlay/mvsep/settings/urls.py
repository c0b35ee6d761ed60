"""Addresses: which can be asked, and which are the service's."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import httpx

from mvsep.errors import DownloadError


def usable(url: str) -> bool:
    """Tell whether an address can be asked: http or https, a host, no user."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username


def netloc(url: str) -> str:
    """Return the host of an address, with its port where that is not the usual one."""
    # As httpx writes it in every request: in small letters, without the usual port.
    return httpx.URL(url).netloc.decode()


_SERVICE: Final = "mvsep.com"
_REPORT: Final = "Nothing was fetched. Please report this."


def is_loopback(hostname: str) -> bool:
    """Tell whether a host name is this machine's own."""
    return hostname in {"127.0.0.1", "localhost", "::1"}


def check_link(url: str, host: str, hosts: frozenset[str], *, local: bool, hash: str) -> httpx.URL:
    """Check that a result's link leads to the service, encrypted unless `local`.

    Args:
        url: The link.
        host: The service's host, for the error too.
        hosts: Further hosts that stems may come from.
        local: True for a server on this machine, which needs no encryption.
        hash: The job, for the error.
    """
    try:
        url.encode()
        parts = httpx.URL(url)
        name = parts.host  # decoded when it is asked for, which a bad one does not stand
    except (ValueError, httpx.InvalidURL) as error:
        raise DownloadError(
            f"The service gave a link that is no address: {error}.",
            hash=hash,
            host=host,
            charged=True,
            next_step=_REPORT,
        ) from error
    netloc = parts.netloc.decode()
    service = name == _SERVICE or name.endswith(f".{_SERVICE}")
    allowed = netloc in {host, *hosts}
    if parts.scheme == "https" and (service or allowed):
        return parts
    if parts.scheme == "http" and local and allowed and is_loopback(name):
        return parts
    raise DownloadError(
        f"The service gave a link to {f'{parts.scheme}://{netloc}'!a:.100}, which is not its own.",
        hash=hash,
        host=host,
        charged=True,
        next_step=_REPORT,
    )
