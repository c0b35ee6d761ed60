"""The address of a database, read so that its password is shown nowhere."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from mvsep.journal.port import Unusable

#: A server that vanished is noticed within half a minute; libpq would wait for hours.
CONNECTING: Final = {
    "client_encoding": "utf8",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def parsed(url: str) -> sa.URL:
    """Read an address.

    Raises:
        Unusable: When it can't be read for sure.
    """
    before, at, after = url.partition("@")
    found = None
    # A password with a plain @ or / in it would be taken for a part of the host, and shown; one
    # after a semicolon for a part of the word before it.
    odd = "@" in after or ";" in after or (at and "/" in before.partition("://")[2])
    if not odd:
        with suppress(ArgumentError, ValueError):
            found = sa.make_url(url)
    if found is None:
        # Not shown: it may have a password in it.
        raise Unusable(
            "its address can't be read",
            "postgresql://user@host:5432/database is one. In a password write @ as %40, / as %2F "
            "and : as %3A.",
        )
    return found.set(drivername="postgresql+psycopg")
