"""The record of a stem on the disk. It imports only the core, so all rooms may use it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from attrs import field, frozen

from mvsep.core.objects import Brief


@frozen(repr=False)
class StemFile(Brief):
    """A stem on the disk.

    Args:
        label: The stem's name in the service's words, such as "Vocals".
        path: The file.
        size: Its size in bytes.
        sha256: The SHA-256 of its bytes, in hex digits.
    """

    label: str
    path: Path
    size: int
    sha256: str = field(repr=False)

    def is_there(self, *, glance: bool = False) -> bool:
        """Check that the file is still as it was written.

        Args:
            glance: Compare the size only, which takes no time.
        """
        try:
            if not self.path.is_file() or self.path.stat().st_size != self.size:
                return False
            return glance or sha256_of(self.path) == self.sha256
        except OSError:
            return False


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
