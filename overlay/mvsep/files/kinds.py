"""Files that can't be audio of any kind: text, and other files that are known by their start."""

from __future__ import annotations

import codecs
from typing import Final

#: The bytes of a file that tell.
HEAD: Final = 4096

# Fewer bytes than this tell nothing.
_LEAST: Final = 9
# The least bytes, and the least share of spaces, of a text that is no UTF-8: hardly any audio has
# so many of them and no control character.
_SURE: Final = 64
_WORDS: Final = 0.05
_PRINTABLE: Final = 0.95
_SPACES: Final = frozenset("\t\n\r\f\v\b\x1b")

_STARTS: Final = {
    "a PNG image": (b"\x89PNG\r\n\x1a\n",),
    "a JPEG image": (b"\xff\xd8\xff",),
    "a GIF image": (b"GIF87a", b"GIF89a"),
    "a TIFF image": (b"II*\0", b"MM\0*"),
    "a BMP image": (b"BM",),
    "a Photoshop image": (b"8BPS",),
    "a PDF document": (b"%PDF-",),
    "an Office document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    "an archive": (
        *(b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0"),
        *(b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd"),
    ),
    "a program": (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\0asm"),
    "an SQLite database": (b"SQLite format 3\0",),
}
# By the brand of an MP4's box, and by the place of the word in a tar's header.
_STILL: Final = frozenset({b"heic", b"heix", b"mif1", b"avif"})


def not_audio(head: bytes) -> str | None:
    """Return what a file is that can't be audio, by its first bytes; None where it may be."""
    if len(head) < _LEAST:
        return None
    for kind, starts in _STARTS.items():
        if head.startswith(starts):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a WebP image"
    if head[4:8] == b"ftyp" and head[8:12] in _STILL:
        return "a HEIF image"
    if head[257:262] == b"ustar":
        return "an archive"
    return "text" if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _reads_as(head, "utf-16")
    if b"\0" in head:
        return False
    if _reads_as(head, "utf-8"):
        return True
    # Some other code for letters; the control characters are the same in all.
    plain = all(byte >= 0x20 or chr(byte) in _SPACES for byte in head)
    return plain and len(head) >= _SURE and head.count(b" ") >= _WORDS * len(head)


def _reads_as(head: bytes, code: str) -> bool:
    try:
        text = codecs.getincrementaldecoder(code)().decode(head)  # it may be cut in a character
    except UnicodeDecodeError:
        return False
    readable = sum(each.isprintable() or each in _SPACES for each in text)
    return readable >= _PRINTABLE * len(text) > 0
