"""The system's key ring, through the package keyring, which is imported when it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE: Final = "mvsep"
# What keyring itself calls recommended. Below are its stand-ins that fail or forget, and those of
# keyrings.alt that write a plain file.
_LEAST_PRIORITY: Final = 1


class Unusable(Exception):
    """The key ring can't be used; the text says why."""


def keep(host: str, token: str) -> None:
    """Put the token of a host into the key ring.

    Raises:
        Unusable: When there is no key ring, or it refuses.
    """
    with _ring() as ring:
        ring.set_password(_SERVICE, host, token)
        if ring.get_password(_SERVICE, host) != token:
            raise Unusable("it did not keep the token")


def read(host: str) -> str | None:
    """Return the token of a host, or None if the key ring has none.

    Raises:
        Unusable: When there is no key ring, or it refuses.
    """
    with _ring() as ring:
        return ring.get_password(_SERVICE, host)


def remove(host: str) -> bool:
    """Remove the token of a host, and tell whether there was one.

    Raises:
        Unusable: When there is no key ring, or it refuses.
    """
    with _ring() as ring:
        found = ring.get_password(_SERVICE, host) is not None
        if found:
            ring.delete_password(_SERVICE, host)
    return found


@contextmanager
def _ring() -> Iterator[KeyringBackend]:
    """Yield the key ring, and make whatever it raises an `Unusable`."""
    try:
        yield _safe_ring()
    except Unusable:
        raise
    except Exception as error:  # backends raise what they like, with who knows what in the text
        raise Unusable(f"it answered with {type(error).__name__}") from None


def _safe_ring() -> KeyringBackend:
    try:
        import keyring
    except ImportError:
        raise Unusable("the package keyring is not installed") from None
    ring = keyring.get_keyring()
    # A chain would go on to one that is not safe.
    first: KeyringBackend = next(iter(getattr(ring, "backends", ())), ring)
    if first.priority < _LEAST_PRIORITY:
        raise Unusable("the system has none that is safe")
    return first
