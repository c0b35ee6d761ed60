"""Key rings in memory, as keyring's own backends."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class Ring(KeyringBackend):
    """A key ring that works."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


class PlainFile(Ring):
    """A stand-in that keyring does not recommend, such as keyrings.alt's file without a cipher."""

    priority = 0.5  # type: ignore[assignment]


class Forgetful(Ring):
    """A key ring that takes a token and has none."""

    def get_password(self, service: str, username: str) -> str | None:
        return None


class Locked(Ring):
    """A key ring that its user keeps locked."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("secret words")

    set_password = delete_password = get_password  # type: ignore[assignment]


class Chain(Ring):
    """A chain, which goes on to the next where one does not work."""

    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()
        self.backends = backends
