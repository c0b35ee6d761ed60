"""Settings of the connections: time-outs, a proxy, and the certificates that are trusted."""

from __future__ import annotations

import os
import ssl

import httpx
from attrs import field, fields, frozen

from mvsep.core.checks import by, check_pause
from mvsep.core.objects import Brief
from mvsep.core.values import shown
from mvsep.errors import InvalidInput

Limit = float | httpx.Timeout
Proxy = str | httpx.URL | httpx.Proxy
Trust = bool | str | os.PathLike[str] | ssl.SSLContext


def check_timeout(name: str, value: object) -> None:
    """Check that a value is a number of seconds above 0, an httpx.Timeout, or None."""
    if value is not None and not isinstance(value, httpx.Timeout):
        check_pause(name, value)


def check_proxy(name: str, value: object) -> None:
    """Check that a value is of a kind that can be a proxy; it may hold a password."""
    if not isinstance(value, str | httpx.URL | httpx.Proxy | None):
        raise InvalidInput(
            f"{name} is an address or an httpx.Proxy, not {type(value).__name__}.", param=name
        )


def check_trust(name: str, value: object) -> None:
    """Check that a value says which certificates are trusted: a flag, a path, a context."""
    if not isinstance(value, bool | str | os.PathLike | ssl.SSLContext | None):
        raise InvalidInput(
            f"{name} can't be {shown(value)}.",
            param=name,
            next_step="Give False, a file of certificates, or an ssl.SSLContext.",
        )


@frozen(kw_only=True, repr=False)
class Connection(Brief):
    """A caller's settings of the connections; None where nothing was said.

    Args:
        timeout: See `MVSep`.
        proxy: See `MVSep`; it may hold a password, and is not shown in the repr.
        verify: See `MVSep`.
    """

    timeout: Limit | None = field(default=None, validator=by(check_timeout))
    proxy: Proxy | None = field(default=None, validator=by(check_proxy), repr=False)
    verify: Trust | None = field(default=None, validator=by(check_trust))

    def check_none(self) -> None:
        """Check that nothing is said, for a caller's own httpx client has all this.

        Raises:
            InvalidInput: When something is; `param` names it.
        """
        for each in fields(Connection):
            if getattr(self, each.name) is not None:
                raise InvalidInput(
                    f"{each.name} and http_client are both given.",
                    param=each.name,
                    next_step=f"Set {each.name} at the httpx client, or leave out http_client.",
                )
