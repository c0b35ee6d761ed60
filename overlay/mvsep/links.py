"""What a host name tells."""

from __future__ import annotations


def is_loopback(hostname: str) -> bool:
    """Whether a host name is this machine's own."""
    return hostname in {"127.0.0.1", "localhost", "::1"}
