"""Stems on the disk in HTML: a row each, with a player and a waveform."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from mvsep.errors import InvalidInput
from mvsep.files.sources import measure
from mvsep.files.stem_file import StemFile
from mvsep.notebook.table import Markup, table_html
from mvsep.notebook.waveform import peaks

#: The formats that browsers play, by the ends of files' names.
PLAYED: Final = {
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
}
#: Bytes of all stems of a result that go into the notebook, at most; a larger one is linked.
MOST_EMBEDDED: Final = 24 << 20
_HEADS: Final = ("Stem", "File", "Size", "Length", "Waveform", "Listen")
_WIDTH, _HEIGHT = 240, 40


def stems_html(hash: str, files: Sequence[StemFile], warnings: Iterable[str] = ()) -> str:
    """Return a job's stems as a table: label, file, size, length, waveform, player.

    Args:
        hash: The job's hash.
        files: The stems. A small one is put into the page whole, so that it plays wherever the
            notebook is opened; a large one below the working folder is linked.
        warnings: Lines below the table.
    """
    left, rows = MOST_EMBEDDED, []
    for stem in files:
        there = stem.is_there(glance=True)
        player, took = _player(stem, left) if there else ("not there any more", 0)
        left -= took
        seconds = _length(stem.path) if there else None
        cells = (stem.label, stem.path, _size(stem.size), _clock(seconds))
        rows.append((*cells, _waveform(stem.path) if there else "", player))
    count = f"{len(files)} stem{'' if len(files) == 1 else 's'}"
    return table_html(f"{count} of the job {hash}", _HEADS, rows, warnings)


def _player(stem: StemFile, left: int) -> tuple[str, int]:
    """Return a stem's player, and the bytes that it puts into the page."""
    kind = PLAYED.get(stem.path.suffix.lower())
    if kind is None:
        return "", 0
    if stem.size > left:
        link = _link(stem.path)
        return (_audio(link), 0) if link else ("", 0)
    try:
        with stem.path.open("rb") as file:
            content = file.read(stem.size)
    except OSError:
        return "", 0
    return _audio(f"data:{kind};base64,{b64encode(content).decode()}"), stem.size


def _audio(source: str) -> Markup:
    return Markup(f"<audio controls preload='metadata' src=\"{escape(source)}\"></audio>")


def _link(path: Path) -> str | None:
    """Return the address of a file for Jupyter, which serves what is below the working folder."""
    try:
        return quote(path.absolute().relative_to(Path.cwd()).as_posix(), errors="replace")
    except (OSError, ValueError):
        return None


def _length(path: Path) -> Fraction | None:
    try:
        return measure(path).seconds
    except (InvalidInput, OSError):
        return None


def _clock(seconds: Fraction | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{size / 1e3:.1f} kB"


def _waveform(path: Path) -> str:
    """Draw a WAV file's loudness; nothing for other files."""
    found = peaks(path, _WIDTH)
    if not found:
        return ""
    middle = _HEIGHT / 2
    lines = "".join(
        f"M{x} {middle - peak * middle:.1f}V{middle + peak * middle:.1f}"
        for x, peak in enumerate(found)
    )
    return Markup(
        f"<svg width='{_WIDTH}' height='{_HEIGHT}' viewBox='0 0 {_WIDTH} {_HEIGHT}' "
        f"role='img' aria-label='waveform'><path d='{lines}' stroke='currentColor'/></svg>"
    )
