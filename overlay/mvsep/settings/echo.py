"""Echoes of a secret in a text: quoted in any way, split by what is not read, or most of it."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

# How pages, URLs, mails and programs write a character: %41, =41, \x41, \u0041, \101, &#65;, &amp;.
# Backslashes count from their first, else many of them would take minutes.
_QUOTED: Final = re.compile(
    r"(?<!\\)\\+u(d[89ab][0-9a-f]{2})\\+u(d[c-f][0-9a-f]{2})|(?:[%=]|(?<!\\)\\+x)([0-9a-f]{2})"
    r"|(?<!\\)\\+u([0-9a-f]{4})|(?<!\\)\\+u\{([0-9a-f]{1,6})\}"
    r"|(?<!\\)\\+([0-7]{3})|&(?:#x?[0-9a-f]{1,8};?|[a-z]{2,8};)",
    re.IGNORECASE,
)
# What each of these begins with. Every answer is searched, and most hold none: that takes a tenth.
_QUOTES: Final = re.compile(r"[%=\\&]")
# What stands between two letters and is not read: tags, and line ends as JSON writes them.
_BETWEEN: Final = re.compile(r"<[^<>]*>|(?<!\\)\\+[bfnrt]")
# One may stand in another: %2541.
_DEEPEST: Final = 4
# Letters and digits in a row that are no coincidence, of a secret that has twice as many.
_RUN: Final = 8

# Of ASCII, what is neither a letter nor a digit.
_NEITHER: Final = bytes(code for code in range(128) if not chr(code).isalnum())


class _Character(NamedTuple):
    text: str
    start: int
    end: int


def repeats(text: str, secret: str, *, in_part: bool = True) -> bool:
    """Tell whether a text repeats a secret, or with `in_part` a good part of it."""
    found, runs = text, _runs(str(secret), in_part)
    for _ in range(_DEEPEST):
        if not _QUOTES.search(found):
            break
        found, quotes = _QUOTED.subn(_plain, found)
        if not quotes:
            break
    readings = [_folded(found)]
    if "<" in found or "\\" in found:
        readings.append(_folded(_BETWEEN.sub("", found)))
    return any(any(map(each.__contains__, runs)) for each in readings)


def masked(text: str, secret: str, mask: str, *, in_part: bool = True) -> str:
    """Put a mask in place of what repeats a secret."""
    for is_between_read in (True, False):
        characters = _characters(text, is_between_read=is_between_read)
        text = _masked(text, characters, _runs(str(secret), in_part), mask)
    return text


def _masked(text: str, characters: list[_Character], runs: frozenset[str], mask: str) -> str:
    folded = "".join(each.text for each in characters)
    hit = [False] * len(folded)
    for run in runs:
        at = folded.find(run)
        while at >= 0:
            hit[at : at + len(run)] = [True] * len(run)
            at = folded.find(run, at + 1)
    parts, end, was_hit = [], 0, False
    for each, is_hit in zip(characters, hit, strict=True):
        if is_hit and not was_hit:
            parts += [text[end : each.start], mask]
        if is_hit:
            end = max(end, each.end)
        was_hit = is_hit
    return "".join(parts) + text[end:]


@lru_cache(maxsize=8)  # a client has one token, and asks for each answer
def _runs(secret: str, in_part: bool) -> frozenset[str]:
    """Return what gives a secret away: all of it, and of a long one each part of some length."""
    folded = _folded(secret)
    if len(folded) < _RUN:
        return frozenset()
    if not in_part or len(folded) < 2 * _RUN:
        return frozenset({folded})
    return frozenset(folded[at : at + _RUN] for at in range(len(folded) - _RUN + 1))


def _characters(text: str, *, is_between_read: bool) -> list[_Character]:
    """Return the letters and digits that a reader would see, and where each is written."""
    found = [_Character(each, at, at + 1) for at, each in enumerate(text)]
    for _ in range(_DEEPEST):
        written = "".join(each.text for each in found)
        plain, end = list[_Character](), 0
        for match in _QUOTED.finditer(written):
            plain += found[end : match.start()]
            start, end = match.span()
            # More than one letter can be a character's plain form; all are written here.
            plain += [
                _Character(each, found[start].start, found[end - 1].end) for each in _plain(match)
            ]
        if not end:
            break
        found = plain + found[end:]
    if not is_between_read:
        written = "".join(each.text for each in found)
        kept, end = list[_Character](), 0
        for match in _BETWEEN.finditer(written):
            kept += found[end : match.start()]
            end = match.end()
        found = kept + found[end:]
    return [
        _Character(letter, each.start, each.end) for each in found for letter in _folded(each.text)
    ]


def _plain(match: re.Match[str]) -> str:
    high, low, *hexadecimal, octal = match.groups()
    if high:
        return bytes.fromhex(high + low).decode("utf-16-be")
    if not (octal or any(hexadecimal)):
        return html.unescape(match[0])
    code = int(octal, 8) if octal else int("".join(filter(None, hexadecimal)), 16)
    return chr(code) if code < 0x110000 else ""


def _folded(text: str) -> str:
    if text.isascii():  # the same, and much faster
        return text.encode().lower().translate(None, _NEITHER).decode()
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^a-z0-9]+", "", plain)
