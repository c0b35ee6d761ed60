"""What the results are encoded as, and where the service fetches a mixture from."""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from mvsep.core.enums import TolerantIntEnum, TolerantStrEnum
from mvsep.errors import InvalidInput


class _Facts(NamedTuple):
    cli_name: str
    extension: str
    bit_depth: int | None
    premium_only: bool


class OutputFormat(TolerantIntEnum):
    """How the stems are encoded; the number is what the service takes as `output_format`.

    Source: the service's API page, and its plans page for what is premium only. Of a number that
    this release does not know every property is None.
    """

    MP3_320 = 0
    """mp3, 320 kbit/s."""
    WAV_16 = 1
    """wav, uncompressed, 16 bit."""
    FLAC_16 = 2
    """flac, lossless, 16 bit."""
    M4A = 3
    """m4a, lossy."""
    WAV_32 = 4
    """wav, uncompressed, 32 bit; the service does not say whether integer or float."""
    FLAC_24 = 5
    """flac, lossless, 24 bit."""

    @property
    def cli_name(self) -> str | None:
        """The name on the command line: mp3, wav, flac, m4a, wav32 or flac24."""
        facts = _FACTS.get(self._value_)
        return facts and facts.cli_name

    @property
    def extension(self) -> str | None:
        """The file extension, without a dot."""
        facts = _FACTS.get(self._value_)
        return facts and facts.extension

    @property
    def lossless(self) -> bool | None:
        """Whether decoding gives back every sample at the format's bit depth."""
        facts = _FACTS.get(self._value_)
        return facts and facts.bit_depth is not None

    @property
    def bit_depth(self) -> int | None:
        """Bits per sample; None for the lossy formats, which have none."""
        facts = _FACTS.get(self._value_)
        return facts and facts.bit_depth

    @property
    def premium_only(self) -> bool | None:
        """Whether only premium accounts may ask for it."""
        facts = _FACTS.get(self._value_)
        return facts and facts.premium_only

    @classmethod
    def from_name(cls, name: str) -> OutputFormat:
        """The format of a command-line name such as `flac24`, or of a member name.

        Args:
            name: Upper or lower case; `_`, `-` and spaces do not count.

        Raises:
            InvalidInput: When no format has that name.
        """
        wanted = _plain(name)
        for member in cls:
            if wanted in (_plain(member.name), _FACTS[member].cli_name):
                return member
        offered = ", ".join(facts.cli_name for facts in _FACTS.values())
        raise InvalidInput(
            f"There is no output format {name!r}.", next_step=f"Use one of {offered}."
        )


_FACTS: Final[dict[int, _Facts]] = {
    OutputFormat.MP3_320: _Facts("mp3", "mp3", None, False),
    OutputFormat.WAV_16: _Facts("wav", "wav", 16, False),
    OutputFormat.FLAC_16: _Facts("flac", "flac", 16, False),
    OutputFormat.M4A: _Facts("m4a", "m4a", None, False),
    OutputFormat.WAV_32: _Facts("wav32", "wav", 32, True),
    OutputFormat.FLAC_24: _Facts("flac24", "flac", 24, True),
}


def _plain(name: str) -> str:
    return name.strip().lower().replace("_", "").replace("-", "").replace(" ", "")


class RemoteType(TolerantStrEnum):
    """Where the service fetches a mixture from that is given as a URL: its `remote_type`.

    Source: the service's API page, which lists these four.
    """

    DIRECT = "direct"
    """A URL whose answer is the file itself."""
    MEGA = "mega"
    """A page of mega.nz."""
    DRIVE = "drive"
    """A page of Google Drive."""
    DROPBOX = "dropbox"
    """A page of Dropbox."""

    @classmethod
    def of_url(cls, url: str) -> RemoteType:
        """The remote type of a URL, told by its host alone; DIRECT for any other host.

        Args:
            url: An `http://` or `https://` URL. What can't be read as one is DIRECT: whether a
                URL is usable is not decided here.
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
