"""Output formats, and the kinds of links that the service fetches."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from mvsep.core.enums import TolerantIntEnum, TolerantStrEnum
from mvsep.core.text import letters
from mvsep.errors import InvalidInput


class _Facts(NamedTuple):
    cli_name: str | None = None
    extension: str | None = None
    bit_depth: int | None = None
    lossless: bool | None = None
    premium_only: bool | None = None


class OutputFormat(TolerantIntEnum):
    """An encoding of the stems; its number is sent as `output_format`.

    Source: the service's API page, and its plans page for what is premium only. Of a number that
    this release does not know every property is None.
    """

    MP3_320 = 0, "mp3, 320 kbit/s."
    WAV_16 = 1, "wav, uncompressed, 16 bit."
    FLAC_16 = 2, "flac, lossless, 16 bit."
    M4A = 3, "m4a, lossy."
    WAV_32 = 4, "wav, uncompressed, 32 bit; the service does not say whether integer or float."
    FLAC_24 = 5, "flac, lossless, 24 bit."

    @property
    def cli_name(self) -> str | None:
        """The name on the command line: mp3, wav, flac, m4a, wav32 or flac24."""
        return self._facts.cli_name

    @property
    def extension(self) -> str | None:
        """The file extension, without a dot."""
        return self._facts.extension

    @property
    def lossless(self) -> bool | None:
        """True where decoding gives back every sample at the format's bit depth."""
        return self._facts.lossless

    @property
    def bit_depth(self) -> int | None:
        """Bits per sample; None for the lossy formats, which have none."""
        return self._facts.bit_depth

    @property
    def premium_only(self) -> bool | None:
        """True for a format of premium accounts only."""
        return self._facts.premium_only

    @property
    def _facts(self) -> _Facts:
        return _FACTS.get(self._value_, _Facts())

    @classmethod
    def from_name(cls, name: str) -> OutputFormat:
        """Return the format of a command-line name such as `flac24`, or of a member name.

        Args:
            name: The name; case, spaces and punctuation do not count.

        Raises:
            InvalidInput: When no format has that name.
        """
        wanted = letters(name)
        for member in cls:
            if wanted in (letters(member.name), member.cli_name):
                return member
        offered = ", ".join(filter(None, (member.cli_name for member in cls)))
        raise InvalidInput(
            f"There is no output format {name!r:.40}.",
            param="output_format",
            next_step=f"Use one of {offered}.",
        )


_FACTS: Final[dict[int, _Facts]] = {
    OutputFormat.MP3_320: _Facts("mp3", "mp3", None, False, False),
    OutputFormat.WAV_16: _Facts("wav", "wav", 16, True, False),
    OutputFormat.FLAC_16: _Facts("flac", "flac", 16, True, False),
    OutputFormat.M4A: _Facts("m4a", "m4a", None, False, False),
    OutputFormat.WAV_32: _Facts("wav32", "wav", 32, True, True),
    OutputFormat.FLAC_24: _Facts("flac24", "flac", 24, True, True),
}


class RemoteType(TolerantStrEnum):
    """A kind of link that the service fetches a song from, sent as `remote_type`.

    Source: the service's API page, which lists these four.
    """

    DIRECT = "direct", "A URL whose answer is the file itself."
    MEGA = "mega", "A page of mega.nz."
    DRIVE = "drive", "A page of Google Drive."
    DROPBOX = "dropbox", "A page of Dropbox."

    @classmethod
    def of_url(cls, url: str) -> RemoteType:
        """Return the remote type of a URL by its host alone; DIRECT for any other host.

        Args:
            url: An `http://` or `https://` URL. Anything else is DIRECT; this is no check.
        """
        try:
            parts = urlsplit(url.strip())
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            return cls.DIRECT
        if parts.scheme not in ("http", "https"):
            return cls.DIRECT
        for domain, remote_type in _REMOTE_HOSTS.items():
            if host == domain or host.endswith("." + domain):
                return remote_type
        return cls.DIRECT


_REMOTE_HOSTS: Final[dict[str, RemoteType]] = {
    "mega.nz": RemoteType.MEGA,
    "mega.co.nz": RemoteType.MEGA,
    "drive.google.com": RemoteType.DRIVE,
    "docs.google.com": RemoteType.DRIVE,
    "dropbox.com": RemoteType.DROPBOX,
}
